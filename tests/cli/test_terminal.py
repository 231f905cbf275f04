"""The real process: pipes, terminals, encodings, signals."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import BAD

from checkov_cloudtrail import __version__

COMMAND = [sys.executable, "-m", "checkov_cloudtrail"]


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}} | more


def on_a_terminal(directory: Path, *arguments: str, **more: str) -> str:
    """Run the command with stdout on a pseudo terminal, and give what it wrote there."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=directory,
        stdout=follower,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=environment(**{"TERM": "xterm-256color", **more}),
    )
    os.close(follower)
    written = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # Linux says EIO when the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(leader)
    process.wait(timeout=60)
    return written.decode()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(BAD, encoding="utf-8")
    return tmp_path


def test_colours_on_a_terminal(root: Path) -> None:
    assert "\x1b[1;31merror[CT002]" in on_a_terminal(root, "check")


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
def test_no_colours(root: Path, more: dict[str, str]) -> None:
    written = on_a_terminal(root, "check", **more)
    assert "error[CT002]" in written
    assert "\x1b" not in written


def test_a_pipe_gets_plain_text_unless_forced(root: Path) -> None:
    plain = subprocess.run([*COMMAND, "check"], cwd=root, capture_output=True, env=environment(), check=False)
    assert b"\x1b" not in plain.stdout
    forced = subprocess.run(
        [*COMMAND, "check"], cwd=root, capture_output=True, env=environment(FORCE_COLOR="1"), check=False
    )
    assert b"\x1b[1;31merror[CT002]" in forced.stdout


def test_escape_sequences_in_the_source_stay_there(root: Path) -> None:
    text = BAD.replace('"audit"', '"audit" # \x1b]0;owned\x07').replace("= var.multi", "= false # \x1b[2J")
    (root / "main.tf").write_text(text, encoding="utf-8")
    written = on_a_terminal(root, "check")
    assert "\\x1b[2J" in written
    assert "\x1b[2J" not in written
    assert "\x1b]0;" not in written


def test_a_reader_that_goes_away(root: Path) -> None:
    script = f'{sys.executable} -m checkov_cloudtrail check --profile all; echo "code $?" >&2'
    for index in range(200):
        (root / f"more{index}.tf").write_text(BAD.split("variable")[0].replace("this", f"t{index}"), encoding="utf-8")
    done = subprocess.run(
        ["bash", "-c", f"({script}) | head -1"], cwd=root, capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout.startswith("FAIL")
    assert done.stderr == "code 1\n"


@pytest.mark.parametrize("name", ["text", "json", "sarif"])
def test_output_is_utf_8_whatever_the_locale(root: Path, name: str) -> None:
    text = BAD.replace('"audit"', '"prüfung"').replace("= var.multi", "= false # 日本")
    (root / "main.tf").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "check", "--format", name],
        cwd=root,
        capture_output=True,
        env=environment(LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == b""
    assert done.stdout.decode("utf-8")


def test_version(root: Path) -> None:
    for arguments in (["--version"], ["--version", "check"]):
        done = subprocess.run([*COMMAND, *arguments], cwd=root, capture_output=True, text=True, check=True)
        assert done.stdout == f"checkov-cloudtrail {__version__}\n"
