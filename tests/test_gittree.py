"""A revision seen through GitFiles is what a checkout of it would be."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from checkov_cloudtrail.files import DiskFiles, Files
from checkov_cloudtrail.gittree import GitFiles, RevisionError
from checkov_cloudtrail.model.location import UnreadableError

IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]


def git(directory: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True).stdout.strip()


def write(directory: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository whose disk differs from its first commit, tagged `old`."""
    directory = tmp_path / "work"
    directory.mkdir()
    git(directory, "init", "-q", "-b", "main")
    write(directory, {"a.tf": "old", "gone/b.tf": "b", "deep/er/c.tf": "c", "ü \n.tf": "odd"})
    (directory / "link.tf").symlink_to("gone/b.tf")
    (directory / "linked").symlink_to("deep/er")
    (directory / "absolute").symlink_to("/etc")
    (directory / "up").symlink_to("../..")
    (directory / "loop").symlink_to("loop")
    git(directory, "add", ".")
    git(directory, "commit", "-qm", "old")
    git(directory, "tag", "old")
    git(directory, "rm", "-rq", "gone")
    write(directory, {"a.tf": "new", "added.tf": "x", ".terraform/modules/modules.json": "{}"})
    return directory


def test_the_old_text_is_read(work: Path) -> None:
    with GitFiles(work, "old", DiskFiles(work)) as files:
        paths = ["a.tf", "gone/b.tf", "deep/er/c.tf", "./deep/../a.tf", "ü \n.tf", "link.tf", "linked/c.tf"]
        assert [files.read(path) for path in paths] == [b"old", b"b", b"c", b"old", b"odd", b"b", b"c"]


def test_listings(work: Path) -> None:
    with GitFiles(work, "old", DiskFiles(work)) as files:
        names = (".terraform/", "a.tf", "absolute", "deep/", "gone/", "link.tf", "linked", "loop", "up", "ü \n.tf")
        assert files.entries(".") == names
        assert files.entries("deep") == ("er/",)
        assert files.entries("linked") == ("c.tf",)
        assert files.entries("nowhere") == ()


def test_what_a_path_is(work: Path) -> None:
    def seen(files: Files) -> list[tuple[str, bool, bool, bool]]:
        paths = ["a.tf", "added.tf", "gone", "link.tf", "linked", "absolute", "loop", "nowhere", "..", "../x.tf"]
        return [(path, files.is_file(path), files.is_dir(path), files.is_link(path)) for path in paths]

    with GitFiles(work, "old", DiskFiles(work)) as files:
        assert seen(files) == [
            ("a.tf", True, False, False),
            ("added.tf", False, False, False),
            ("gone", False, True, False),
            ("link.tf", True, False, True),
            ("linked", False, True, True),
            ("absolute", False, False, True),
            ("loop", False, False, True),
            ("nowhere", False, False, False),
            ("..", False, False, False),
            ("../x.tf", False, False, False),
        ]


def test_paths_are_relative_to_the_working_directory(work: Path) -> None:
    with GitFiles(work / "deep", "old", DiskFiles(work / "deep")) as files:
        assert files.read("../a.tf") == b"old"
        assert files.entries(".") == ("er/",)
        assert files.allowed("../a.tf")
        assert not files.allowed("../../a.tf")


def test_links_lead_nowhere_outside(work: Path) -> None:
    with GitFiles(work, "old", DiskFiles(work)) as files:
        assert not files.allowed("absolute/passwd")
        assert not files.allowed("up/x")
        with pytest.raises(UnreadableError, match="absolute/passwd:1:1: is not in"):
            files.read("absolute/passwd")
        with pytest.raises(UnreadableError):
            files.read("loop")


def test_downloaded_modules_and_named_files_come_from_the_disk(work: Path) -> None:
    with GitFiles(work, "old", DiskFiles(work), untracked=["added.tf", "a.tf"]) as files:
        assert files.read(".terraform/modules/modules.json") == b"{}"
        assert files.read("added.tf") == b"x"
        assert files.read("a.tf") == b"old"


def test_the_common_ancestor_is_read(work: Path) -> None:
    git(work, "checkout", "-q", "-b", "other", "old", "-f")
    write(work, {"a.tf": "other"})
    git(work, "commit", "-qam", "other")
    git(work, "checkout", "-q", "main")
    with GitFiles(work, "other", DiskFiles(work)) as files:
        assert files.read("a.tf") == b"old"
        assert files.commit == git(work, "rev-parse", "old")


@pytest.mark.parametrize("revision", ["nowhere", "--help", "old:a.tf", ""])
def test_a_revision_that_is_not_there(revision: str, work: Path) -> None:
    with pytest.raises(RevisionError, match="is not in this repository: git rev-parse does not know it"):
        GitFiles(work, revision, DiskFiles(work))


def test_a_shallow_clone_says_what_to_do(work: Path, tmp_path: Path) -> None:
    git(work, "commit", "-qam", "new")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", work.as_uri(), str(clone))
    with GitFiles(clone, "HEAD", DiskFiles(clone)) as files:
        assert files.read("a.tf") == b"new"
    with pytest.raises(RevisionError, match="this clone is shallow: fetch the revision first"):
        GitFiles(clone, "HEAD~1", DiskFiles(clone))


def test_a_shallow_clone_with_both_ends(work: Path, tmp_path: Path) -> None:
    """Without a common ancestor in the clone, the revision itself is read."""
    git(work, "commit", "-qam", "new")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", work.as_uri(), str(clone))
    git(clone, "fetch", "-q", "--depth=1", "origin", "tag", "old")
    with GitFiles(clone, "old", DiskFiles(clone)) as files:
        assert files.read("a.tf") == b"old"


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="is not in a git repository"):
        GitFiles(tmp_path, "HEAD", DiskFiles(tmp_path))


def test_a_partial_clone_is_not_fetched_into(work: Path, tmp_path: Path) -> None:
    git(work, "commit", "-qam", "new")
    git(work, "config", "uploadpack.allowfilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", work.as_uri(), str(clone))
    with GitFiles(clone, "old", DiskFiles(clone)) as files, pytest.raises(UnreadableError, match="partial clone"):
        files.read("a.tf")


def test_a_hostile_configuration_starts_nothing(work: Path) -> None:
    marker = work / "started"
    script = work / "evil"
    script.write_text(f"#!/bin/sh\ntouch {marker}\n")
    os.chmod(script, 0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        git(work, "config", key, str(script))
    with GitFiles(work, "old", DiskFiles(work)) as files:
        files.read("a.tf")
    assert not marker.exists()
