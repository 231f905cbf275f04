"""The list of commands, and how failures end."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import Command

import checkov_cloudtrail.cli.check as check_module
from checkov_cloudtrail.cli.group import COMMANDS


def test_no_arguments_show_the_commands(command: Command) -> None:
    answer = command()
    assert answer.code == 0
    assert all(name in answer.out for name in COMMANDS)


# `checkov --help` is checkov's own.
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "checkov"])
def test_every_command_has_help(command: Command, name: str) -> None:
    answer = command(name, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: checkov-cloudtrail {name}")


def test_unknown_command(command: Command) -> None:
    answer = command("chek")
    assert (answer.code, answer.out) == (2, "")
    assert "chek" in answer.err


def test_an_internal_error_is_one_sentence_and_2(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(given: object) -> None:
        raise ZeroDivisionError("no reason")

    monkeypatch.setattr(check_module, "plan", broken)
    answer = command("check")
    assert answer.code == 2
    assert answer.err == "internal error: ZeroDivisionError: no reason; please report it with what was judged\n"


def test_interrupted(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check_module, "plan", interrupted)
    assert command("check").code == 130


def test_checks_dir(command: Command) -> None:
    folder = Path(command("checks-dir").out.removesuffix("\n"))
    assert (folder / "ct_checkov.py").is_file()
    assert (folder / "__init__.py").is_file()
