"""What is judged below the given paths."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from checkov_cloudtrail.discover import Survey, discover, excluded
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.options import Options

TRAIL = 'resource "aws_cloudtrail" "main" {\n  name           = "main"\n  s3_bucket_name = "logs"\n}\n'
TEMPLATE = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: true\n"
PLAN = '{"format_version": "1.2", "planned_values": {"root_module": {}}, "x": "aws_cloudtrail"}'
CALLS = 'module "audit" {\n  source = "../modules/audit"\n}\n'


def lay(folder: Path, tree: Mapping[str, str]) -> DiskFiles:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return DiskFiles(folder)


def roots(files: DiskFiles, *paths: str, options: Options | None = None) -> list[str]:
    return [target.root for target in discover(paths or (".",), options or Options(), files).targets]


# name, files, the roots that are judged
SEARCHES: list[tuple[str, dict[str, str], list[str]]] = [
    ("a root", {"infra/main.tf": TRAIL}, ["infra"]),
    ("opentofu and json", {"a/main.tofu": TRAIL, "b/main.tf.json": '{"resource": {"aws_cloudtrail": {}}}'}, ["a", "b"]),
    (
        "templates and plans",
        {"t.yaml": TEMPLATE, "u.template": TEMPLATE, "p.json": PLAN},
        ["p.json", "t.yaml", "u.template"],
    ),
    ("other YAML and JSON", {"ci.yaml": "jobs: cloudtrail\n", "package.json": '{"name": "cloudtrail"}'}, []),
    ("nothing of CloudTrail's", {"main.tf": 'resource "aws_vpc" "main" {}\n'}, []),
    ("what is called is no root", {"prod/main.tf": CALLS, "modules/audit/main.tf": TRAIL}, ["prod"]),
    (
        "unless it is configured as one",
        {"prod/main.tf": CALLS, "modules/audit/main.tf": TRAIL + 'terraform {\n  backend "s3" {}\n}\n'},
        ["modules/audit", "prod"],
    ),
    (
        "unless it has values of its own",
        {"prod/main.tf": CALLS, "modules/audit/main.tf": TRAIL, "modules/audit/x.tfvars": ""},
        ["modules/audit", "prod"],
    ),
    (
        "what is downloaded is not searched",
        {
            f"{folder}/main.tf": TRAIL
            for folder in (".terraform/modules/a", "node_modules/b", ".external_modules/c", "d")
        },
        ["d"],
    ),
]


@pytest.mark.parametrize(("name", "tree", "expected"), SEARCHES, ids=[case[0] for case in SEARCHES])
def test_search(tmp_path: Path, name: str, tree: dict[str, str], expected: list[str]) -> None:
    assert sorted(roots(lay(tmp_path, tree))) == expected


def test_a_named_directory_is_always_a_root(tmp_path: Path) -> None:
    files = lay(tmp_path, {"prod/main.tf": CALLS, "modules/audit/main.tf": TRAIL})
    assert roots(files, "modules/audit") == ["modules/audit"]


def test_a_named_file_is_judged_in_every_root_that_uses_it(tmp_path: Path) -> None:
    tree = {"dev/main.tf": CALLS, "prod/main.tf": CALLS, "other/main.tf": TRAIL, "modules/audit/main.tf": TRAIL}
    found = discover(["modules/audit/main.tf"], Options(), lay(tmp_path, tree))
    assert [target.root for target in found.targets] == ["dev", "prod"]
    assert found.only == {"modules/audit/main.tf"}


def test_a_named_file_that_is_no_template_is_left_out(tmp_path: Path) -> None:
    files = lay(tmp_path, {"values.yaml": "cloudtrail: true\n"})
    assert (roots(files, "values.yaml"), discover(["values.yaml"], Options(), files).errors) == ([], [])


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    found = discover(["gone.tf"], Options(), lay(tmp_path, {}))
    assert [(error.file, error.message) for error in found.errors] == [("gone.tf", "there is no such file")]


def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    tree = {
        ".gitignore": "build/\n*.draft.yaml\n",
        "build/main.tf": TRAIL,
        "a.draft.yaml": TEMPLATE,
        "b.yaml": TEMPLATE,
    }
    files = lay(tmp_path, tree)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert roots(files) == ["b.yaml"]
    assert roots(files, "build") == ["build"]


def test_git_that_would_start_a_program_does_not(tmp_path: Path) -> None:
    files = lay(tmp_path, {"a/b.yaml": TEMPLATE})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    subprocess.run(["git", "-C", str(tmp_path), "config", "core.fsmonitor", str(trap)], check=True)
    assert roots(files) == ["a/b.yaml"]
    assert not (tmp_path / "sprung").exists()


def test_a_loop_of_links_does_no_harm(tmp_path: Path) -> None:
    files = lay(tmp_path, {"infra/main.tf": TRAIL})
    os.symlink(tmp_path, tmp_path / "infra" / "again")
    os.symlink("missing.yaml", tmp_path / "dangling.yaml")
    os.mkfifo(tmp_path / "pipe.json")
    assert roots(files) == ["infra"]


def test_exclude_applies_to_named_paths_only_when_forced(tmp_path: Path) -> None:
    files = lay(tmp_path, {"examples/main.tf": TRAIL, "live/main.tf": TRAIL})
    options = Options(exclude=("examples",))
    assert roots(files, options=options) == ["live"]
    assert roots(files, "examples", options=options) == ["examples"]
    assert roots(files, "examples", options=Options(exclude=("examples",), force_exclude=True)) == []


# pattern, path, whether it is left out
PATTERNS = [
    ("examples", "a/examples/main.tf", True),
    ("examples/", "a/examples", True),
    ("examples/**", "examples/x/y.tf", True),
    ("*.generated.yaml", "a/b.generated.yaml", True),
    ("a/*.yaml", "a/b.yaml", True),
    ("a/*.yaml", "c/a/b.yaml", False),
    ("**/fixtures/**", "fixtures/a", True),
    ("**/fixtures/**", "tests/fixtures/a", True),
    ("./infra", "infra/main.tf", True),
    ("infra", "infrastructure/main.tf", False),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), PATTERNS)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    assert excluded(path, [pattern]) is expected


class Counted(DiskFiles):
    """Files that say what was read of them."""

    def __init__(self, base: Path) -> None:
        super().__init__(base)
        self.asked: list[str] = []

    def read(self, path: str) -> bytes:
        self.asked.append(path)
        return super().read(path)

    def ignored(self, directory: str) -> frozenset[str]:
        self.asked.append("git")
        return super().ignored(directory)


def test_a_survey_looks_again_at_changed_files_only(tmp_path: Path) -> None:
    lay(tmp_path, {"prod/main.tf": CALLS, "modules/audit/main.tf": TRAIL, "other/main.tf": TRAIL})
    files = Counted(tmp_path)
    survey = Survey(files)

    def users() -> list[str]:
        return [target.root for target in discover(["modules/audit/main.tf"], Options(), files, survey).targets]

    assert users() == ["prod"]
    files.asked.clear()
    assert users() == ["prod"]
    assert files.asked == []
    for text, expected in (
        (CALLS + "# more\n", ["prod"]),
        ("locals {}\n", ["modules/audit"]),
        (CALLS, ["prod"]),
    ):
        (tmp_path / "prod/main.tf").write_text(text, encoding="utf-8")
        survey.changed("prod/main.tf")
        assert users() == expected
    assert files.asked == ["prod/main.tf"] * 3


def test_a_survey_looks_again_at_downloaded_modules(tmp_path: Path) -> None:
    remote = 'module "m" {\n  source = "git::https://example.com/y.git"\n}\n'
    listed = '{"Modules": [{"Key": "m", "Dir": ".terraform/modules/m"}]}'
    inside = "prod/.terraform/modules/m/main.tf"
    files = lay(tmp_path, {"prod/main.tf": remote, "prod/.terraform/modules/modules.json": listed, inside: TRAIL})
    survey = Survey(files)

    def judged() -> list[str]:
        return [target.root for target in discover(["prod/main.tf"], Options(), files, survey).targets]

    assert judged() == ["prod"]
    for path, text, expected in (
        (inside, "", []),
        (inside, TRAIL, ["prod"]),
        ("prod/main.tf", "locals {}\n", []),
        ("prod/main.tf", remote, ["prod"]),
    ):
        (tmp_path / path).write_text(text, encoding="utf-8")
        survey.changed(path)
        assert judged() == expected
