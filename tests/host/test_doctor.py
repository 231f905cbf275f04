"""`checkov-cloudtrail doctor` with the real checkov."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkov_runs import Terminal

from checkov_cloudtrail.host import installation


def test_doctor_finds_what_is_known(terminal: Terminal) -> None:
    terminal.write({".checkov.yaml": "check:\n  - CKV_AWS_1\n"})  # the user's configuration is not what is tried
    run = terminal.command("doctor", PATH="", CKV_FRAMEWORK="dockerfile")
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout == (
        f"checkov {installation.checkov_version()} loads every check and finds what is known to be wrong.\n"
    )


def test_a_checkov_that_cannot_import_us_is_named(terminal: Terminal, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "other")], check=True)
    script = tmp_path / "other" / "bin" / "checkov"
    script.write_text(f"#!{tmp_path}/other/bin/python\nraise SystemExit(0)\n")
    script.chmod(0o755)
    run = terminal.command("doctor", PATH=os.pathsep.join((str(script.parent), os.environ["PATH"])))
    assert run.code == 2
    assert run.stdout == (
        f"problem: {script} belongs to another environment, which cannot import checkov_cloudtrail, so that it runs "
        f"without our checks and exits with 0: {tmp_path}/other/bin/python -m pip install checkov-cloudtrail\n"
    )


@pytest.mark.parametrize("command", [("doctor",), ("checkov", "--directory", ".")], ids=["doctor", "checkov"])
def test_without_checkov(command: tuple[str, ...], terminal: Terminal, tmp_path: Path) -> None:
    """An environment that holds this package and what it needs, but not checkov."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.metadata as m\n"
        "real = m.version\n"
        "def version(name):\n"
        "    if name == 'checkov':\n"
        "        raise m.PackageNotFoundError(name)\n"
        "    return real(name)\n"
        "m.version = version\n"
    )
    run = terminal.command(*command, PYTHONPATH=str(hidden), PATH="")
    assert run.code == 2
    assert "checkov is not installed beside checkov-cloudtrail" in run.stdout + run.stderr
    assert "pip install 'checkov>=3.3,<4'" in run.stdout + run.stderr
