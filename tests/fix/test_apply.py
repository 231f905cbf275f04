"""Fixes on whole trees: every fixture and project is repaired as far as it goes, and nothing else in it changes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles, Files, OverlayFiles
from checkov_cloudtrail.fix.apply import Repaired, repair
from checkov_cloudtrail.fix.write import WriteError, patch, replace_file
from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Verdict
from checkov_cloudtrail.options import Options

FIXTURES = Path(__file__).parents[2] / "fixtures"
TREES = sorted(
    {*(FIXTURES / "rules").glob("*/*"), *(path for path in (FIXTURES / "projects").glob("*") if path.is_dir())}
)
ALL = Options(profile="all")


def judging(paths: tuple[str, ...] = (".",)) -> Callable[[Files], Report]:
    return lambda files: analyse(paths, ALL, files)


def repaired(directory: Path, unsafe: bool = True, paths: tuple[str, ...] = (".",)) -> Repaired:
    named = [(directory / path).resolve() for path in paths]
    return repair(
        judging(paths),
        DiskFiles(directory),
        unsafe=unsafe,
        writable=lambda name: any((directory / name).resolve().is_relative_to(path) for path in named),
    )


def key(result: Result) -> tuple[str, str, str]:
    return result.rule, result.deployment, result.resource


def written(directory: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return directory


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.relative_to(FIXTURES).as_posix())
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_every_fixture(tree: Path, unsafe: bool) -> None:
    before = analyse(["."], ALL, DiskFiles(tree))
    done = repaired(tree, unsafe)
    assert [error for error in done.report.errors if error not in before.errors] == []
    # A rule may find the next thing to say about the same resource, but not the same thing again.
    left = {(key(result), result.message) for result in done.report.results if result.verdict is Verdict.FAIL}
    assert left.isdisjoint((key(result), result.message) for result in done.applied)
    again = repair(judging(), OverlayFiles(DiskFiles(tree), done.texts), unsafe=unsafe, writable=lambda name: True)
    assert again.texts == {}
    for name, text in done.texts.items():
        assert_only_literals_and_new_lines(done.before[name].decode("utf-8-sig"), text.decode("utf-8-sig"))


def assert_only_literals_and_new_lines(before: str, after: str) -> None:
    """Every line of the old text is there in its order, but for a changed value."""
    lines = iter(after.splitlines())
    for old in before.splitlines():
        name = old.split("=")[0].split(":")[0]
        assert any(new == old or (new.startswith(name) and ("=" in new or ":" in new)) for new in lines), old


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not here")
def test_formatted_fixtures_stay_formatted(tmp_path: Path) -> None:
    def unformatted(directory: Path) -> set[str]:
        command = ["terraform", "fmt", "-check", "-recursive", "-list=true", str(directory)]
        out = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return {Path(line).name for line in out.splitlines() if line}

    originals, results = tmp_path / "originals", tmp_path / "results"
    for number, tree in enumerate(TREES):
        done = repaired(tree)
        for place, texts in ((originals, done.before), (results, done.texts)):
            for name, text in texts.items():
                if name.endswith(".tf"):
                    file = place / f"{number}-{name.replace('/', '-')}"
                    file.parent.mkdir(exist_ok=True)
                    file.write_bytes(text)
    assert len(list(results.iterdir())) > 10
    assert unformatted(results) <= unformatted(originals)


MODULE = """\
variable "multi" {
  default = false
}

resource "aws_cloudtrail" "this" {
  name                  = "audit"
  s3_bucket_name        = "logs"
  is_multi_region_trail = var.multi
}
"""
CALLERS = 'module "a" {\n  source = "./m"\n}\n\nmodule "b" {\n  source = "./m"\n}\n'


def test_a_module_with_many_callers_is_changed_once(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": CALLERS, "m/main.tf": MODULE})
    done = repaired(tmp_path)
    assert done.texts.keys() == {"m/main.tf"}
    text = done.texts["m/main.tf"].decode()
    assert text.count("enable_log_file_validation = true") == 1
    assert text.count("default = true") == 1


def test_both_arguments_of_a_block_are_aligned(tmp_path: Path) -> None:
    text = 'resource "aws_cloudtrail" "this" {\n  name           = "audit"\n  s3_bucket_name = "logs"\n}\n'
    done = repaired(written(tmp_path, {"main.tf": text}), unsafe=False)
    assert done.texts["main.tf"].decode() == (
        'resource "aws_cloudtrail" "this" {\n  name           = "audit"\n  s3_bucket_name = "logs"\n\n'
        "  enable_log_file_validation = true\n  is_multi_region_trail      = true\n}\n"
    )


def test_a_secondary_trail_is_changed_only_unsafely(tmp_path: Path) -> None:
    first = 'resource "aws_cloudtrail" "first" {\n  name                  = "first"\n  is_multi_region_trail = true\n'
    first += '  s3_bucket_name        = "logs"\n  enable_log_file_validation = true\n}\n'
    second = first.replace("first", "second").replace("true", "false", 1)
    written(tmp_path, {"main.tf": first + second})
    assert repaired(tmp_path, unsafe=False).texts == {}
    assert repaired(tmp_path, unsafe=True).texts["main.tf"].decode() == first + first.replace("first", "second")


def test_files_outside_of_the_given_paths_are_left_alone(tmp_path: Path) -> None:
    written(tmp_path, {"root/main.tf": CALLERS.replace("./m", "../m"), "m/main.tf": MODULE})
    done = repaired(tmp_path, unsafe=False, paths=("root",))
    assert done.texts == {}
    assert {result.rule for result in done.outside} == {"CT004"}


@pytest.mark.parametrize("text", ["a = 1\n", "a = 1", "", "a\r\nb\r\n", "x\x0cy\u2028z\n"])
def test_a_patch_is_what_git_applies(text: str, tmp_path: Path) -> None:
    names = ["plain.tf", "with blank.tf", "dir/ü.tf", 'quo"te.tf']
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    before = dict.fromkeys(names, text.encode())
    after = {name: f"new\n{text}".encode() for name in names}
    for name in names:
        written(tmp_path, {name: text})
    made = patch(before, after).encode()
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=made, check=True)
    assert {name: (tmp_path / name).read_bytes() for name in names} == after


def test_a_patch_of_the_last_line(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    written(tmp_path, {"a.tf": "a\nb"})
    subprocess.run(
        ["git", "apply"], cwd=tmp_path, input=patch({"a.tf": b"a\nb"}, {"a.tf": b"a\nc"}).encode(), check=True
    )
    assert (tmp_path / "a.tf").read_bytes() == b"a\nc"


class TestWriting:
    def test_mode_and_link_are_kept(self, tmp_path: Path) -> None:
        target = written(tmp_path, {"a.tf": "old"}) / "a.tf"
        target.chmod(0o640)
        link = tmp_path / "link.tf"
        link.symlink_to("a.tf")
        replace_file(link, b"old", b"new")
        assert link.is_symlink()
        assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tf", "link.tf"]

    def test_a_file_that_changed_meanwhile(self, tmp_path: Path) -> None:
        file = written(tmp_path, {"a.tf": "mine"}) / "a.tf"
        with pytest.raises(WriteError, match="was changed meanwhile"):
            replace_file(file, b"old", b"new")
        assert file.read_bytes() == b"mine"

    def test_a_read_only_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = written(tmp_path, {"a.tf": "old"}) / "a.tf"
        # The superuser, who runs many a CI, may write everything.
        monkeypatch.setattr("os.access", lambda *_: False)
        with pytest.raises(WriteError, match="is read-only"):
            replace_file(file, b"old", b"new")
        assert file.read_bytes() == b"old"

    def test_a_file_that_is_gone(self, tmp_path: Path) -> None:
        with pytest.raises(WriteError, match="cannot be written: No such file"):
            replace_file(tmp_path / "a.tf", b"old", b"new")
