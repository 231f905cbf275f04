"""The hooks, by real commits in a throw-away repository; nothing of them needs a network."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
MANIFEST = ".pre-commit-hooks.yaml"
CALL = 'module "audit" {\n  source = "../modules/audit"\n}\n'
pytestmark = pytest.mark.skipif(shutil.which("pre-commit", path=str(BIN)) is None, reason="pre-commit is not here")


def committed(directory: Path) -> Path:
    """Make a directory a repository."""
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "all"]):
        subprocess.run(["git", *command], cwd=directory, check=True)
    return directory


def manifest() -> list[dict[str, Any]]:
    hooks: list[dict[str, Any]] = yaml.safe_load((ROOT / MANIFEST).read_text())
    return hooks


class Consumer:
    """A repository whose commits go through hooks."""

    def __init__(self, repository: Any, hooks: Path, *names: str, **more: str) -> None:
        self.repository = repository
        self.environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"} | more
        rev = subprocess.run(["git", "rev-parse", "HEAD"], cwd=hooks, check=True, capture_output=True, text=True)
        used = {"repo": str(hooks), "rev": rev.stdout.strip(), "hooks": [{"id": name} for name in names]}
        repository.commit({".pre-commit-config.yaml": yaml.safe_dump({"repos": [used]})})
        self.run("pre-commit", "install")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.repository.path, env=self.environment, capture_output=True, text=True, check=False
        )

    def commit(self, texts: dict[str, str]) -> tuple[bool, str]:
        """Try to commit; gives whether it was done, and what the hooks said."""
        self.repository.write(texts)
        self.repository.git("add", "-A")
        done = self.run("git", "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-m", "change")
        return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def hooks(tmp_path: Path) -> Path:
    """The manifest in a repository of its own, every hook with the command that is installed here."""
    directory = tmp_path / "hooks"
    directory.mkdir()
    for hook in (written := manifest()):
        hook["language"] = "system"
    (directory / MANIFEST).write_text(yaml.safe_dump(written))
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=directory, check=True)
    return directory


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))


@pytest.fixture
def consumer(repository: Any, hooks: Path, home: None) -> Consumer:
    return Consumer(repository, hooks, "checkov-cloudtrail")


def test_a_finding_stops_the_commit_and_a_repaired_file_passes(consumer: Consumer, good: str, bad: str) -> None:
    done, said = consumer.commit({"main.tf": bad})
    assert not done
    assert "error[CT002]" in said
    assert "main.tf:4:32" in said
    done, said = consumer.commit({"main.tf": good})
    assert done, said


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "# cloudtrail\n"),
        ("workflow.yml", "on: push\njobs: {}\n"),
        ("data.json", '{"a": [1, 2'),
        (".terraform/modules/x/main.tf", 'resource "aws_cloudtrail" "x" {\n}\n'),
    ],
)
def test_other_files_pass(name: str, text: str, consumer: Consumer) -> None:
    done, said = consumer.commit({name: text})
    assert done, said


@pytest.mark.parametrize("kind", ["tf", "tofu", "tf.json", "tfvars", "tfvars.json", "yaml", "yml", "json", "template"])
def test_every_kind_of_file_starts_the_hooks(kind: str) -> None:
    assert all(re.search(hook["files"], f"live/main.{kind}") for hook in manifest())


def test_a_module_is_judged_in_every_root_that_calls_it(consumer: Consumer, good: str, bad: str) -> None:
    done, said = consumer.commit({"a/main.tf": CALL, "b/main.tf": CALL, "modules/audit/main.tf": good})
    assert done, said
    done, said = consumer.commit({"modules/audit/main.tf": bad})
    assert not done
    assert "in module.audit.aws_cloudtrail.this of a" in said
    assert "in module.audit.aws_cloudtrail.this of b" in said


def test_a_file_of_values_is_judged_in_its_root(consumer: Consumer, bad: str) -> None:
    trail = 'variable "multi" {}\n' + bad.replace("= false", "= var.multi")
    done, said = consumer.commit({"live/main.tf": trail, "live/terraform.tfvars": "multi = true\n"})
    assert done, said
    done, said = consumer.commit({"live/terraform.tfvars": "multi = false\n"})
    assert not done
    assert "live/terraform.tfvars:1" in said


def test_an_argument_of_a_module_is_a_cause(consumer: Consumer, bad: str) -> None:
    module = 'variable "multi" {}\n' + bad.replace("= false", "= var.multi")
    call = CALL.replace("}", "  multi  = true\n}")
    done, said = consumer.commit({"live/main.tf": call, "modules/audit/main.tf": module})
    assert done, said
    done, said = consumer.commit({"live/main.tf": call.replace("true", "false")})
    assert not done
    assert "live/main.tf:3: module.audit sets multi to false" in said


def test_findings_of_other_files(consumer: Consumer, repository: Any, good: str, bad: str) -> None:
    repository.write({"old/main.tf": bad, "live/other.tf": bad.replace('"this"', '"other"')})
    repository.git("add", "-A")
    repository.git("commit", "-qm", "before the hook", "--no-verify")
    done, said = consumer.commit({"live/main.tf": good})
    assert done, said


def test_a_template(consumer: Consumer) -> None:
    trail = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: true\n"
    done, said = consumer.commit({"stack.template": trail + "      S3BucketName: logs\n"})
    assert not done
    assert "CT002" in said


def test_a_file_that_cannot_be_read_stops_the_commit(consumer: Consumer) -> None:
    done, said = consumer.commit({"main.tf": 'resource "aws_cloudtrail" "x" {\n'})
    assert not done
    assert "main.tf:1:" in said


def test_the_fixing_hook(repository: Any, hooks: Path, home: None, good: str, bad: str) -> None:
    consumer = Consumer(repository, hooks, "checkov-cloudtrail-fix")
    done, said = consumer.commit({"main.tf": bad})
    assert not done
    assert "files were modified by this hook" in said
    assert repository.read("main.tf") == good
    done, said = consumer.commit({})
    assert done, said


def test_the_hook_for_the_whole_repository(repository: Any, hooks: Path, home: None, good: str, bad: str) -> None:
    repository.commit({"old/main.tf": bad})
    consumer = Consumer(repository, hooks, "checkov-cloudtrail-all")
    done, said = consumer.commit({"main.tf": good})
    assert not done
    assert "old/main.tf:4:32" in said


def test_excluded_files_pass_although_they_are_named(consumer: Consumer, bad: str) -> None:
    done, said = consumer.commit({"examples/main.tf": bad, "checkov-cloudtrail.toml": 'exclude = ["examples"]\n'})
    assert done, said


@pytest.fixture(scope="session")
def wheelhouse(pytestconfig: pytest.Config) -> Path:
    """Everything that pip needs to install us, fetched once and kept in pytest's cache."""
    if pytestconfig.cache is None:
        pytest.skip("pytest runs without its cache, which keeps the wheels")
    wanted = hashlib.sha256((ROOT / "setup.cfg").read_bytes()).hexdigest()[:12]
    directory = pytestconfig.cache.mkdir(f"wheelhouse-{wanted}")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", directory, "setuptools>=77", ROOT]
    if not (directory / ".complete").exists():
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("the wheels of our dependencies cannot be fetched here")
        (directory / ".complete").touch()
    return directory


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """This project as a repository, as it is on the disk."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    copy = tmp_path / "project"
    for name in map(os.fsdecode, listed.split(b"\0")[:-1]):
        if (ROOT / name).is_file() and name.split("/")[0] not in {"tests", "fixtures", "benchmarks", "editors"}:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=copy, check=True)
    return copy


@pytest.fixture
def offline(wheelhouse: Path, home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheelhouse))


@pytest.mark.timeout(300)
def test_the_hook_installs_itself_without_checkov(
    repository: Any, project: Path, offline: None, good: str, bad: str, tmp_path: Path
) -> None:
    consumer = Consumer(repository, project, "checkov-cloudtrail")
    done, said = consumer.commit({"main.tf": bad})
    assert not done
    assert "error[CT002]" in said
    done, said = consumer.commit({"main.tf": good})
    assert done, said
    installed = {path.name for path in (tmp_path / "pre-commit").glob("repo*/py_env*/lib/python*/site-packages/*")}
    assert "checkov_cloudtrail" in installed
    assert "checkov" not in installed


@pytest.mark.timeout(300)
def test_try_repo(repository: Any, project: Path, offline: None, bad: str) -> None:
    repository.commit({"main.tf": bad})
    command = [BIN / "pre-commit", "try-repo", project, "checkov-cloudtrail", "--all-files", "--verbose"]
    done = subprocess.run(command, cwd=repository.path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "error[CT002]" in done.stdout
