"""Reading the scanned tree."""

import os
from pathlib import Path

import pytest

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.location import UnreadableError


def test_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(b"text")
    assert DiskFiles(tmp_path).read("main.tf") == b"text"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("folder", "Is a directory"), ("gone", "No such file or directory"), ("pipe", "not a regular file")],
)
def test_what_is_no_file_is_an_error_that_names_it(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableError) as raised:
        DiskFiles(tmp_path).read(name)
    assert (raised.value.error.file, raised.value.error.message) == (name, f"cannot be read: {reason}")


def test_paths_outside_of_the_repository_are_not_allowed(tmp_path: Path) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "out").symlink_to(tmp_path)
    files = DiskFiles(tmp_path / "repository")
    assert [files.allowed(path) for path in ("a/b", "..", "out/x", "/etc/passwd")] == [True, False, False, False]


def test_a_link_that_leads_to_itself_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    assert DiskFiles(tmp_path).entries(".") == ("loop", "main.tf")


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "repository"
    (inside / ".git").mkdir(parents=True)
    (inside / "real.tf").write_text("inside")
    (inside / "near.tf").symlink_to("real.tf")
    (tmp_path / "secret.tf").write_text("outside")
    (inside / "far.tf").symlink_to(tmp_path / "secret.tf")
    assert DiskFiles(inside).read("near.tf") == b"inside"
    with pytest.raises(UnreadableError, match="leads out of the repository"):
        DiskFiles(inside).read("far.tf")
    assert DiskFiles(inside, named=frozenset({"far.tf"})).read("far.tf") == b"outside"
