"""A real Emacs with the snippet of docs/editors.md: open, see the finding, apply the fix, see it cleared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from editors import FILES, ROOT, SERVER, run

DRIVER = Path(__file__).parent / "drive_emacs.el"
# eglot is a part of Emacs since 29 and a package before; yaml-mode is always one.
READY = """(progn
  (require 'package)
  (package-activate-all)
  (kill-emacs (if (and (require 'eglot nil t) (fboundp 'yaml-mode)) 0 1)))"""


def ready() -> bool:
    """Tell whether the Emacs of this machine has what the test needs."""
    if shutil.which("emacs") is None:
        return False
    return subprocess.run(["emacs", "--batch", "--eval", READY], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("name", "text", "seen", "trail", "fix", "fixed"), FILES[:2], ids=["hcl", "yaml"])
def test_a_file_from_opening_to_closing(
    tmp_path: Path, name: str, text: str, seen: str, trail: str, fix: str, fixed: str
) -> None:
    if not ready():
        pytest.skip("no emacs with eglot and yaml-mode")
    [snippet] = re.findall(r"```elisp\n(.*?)```", (ROOT / "docs" / "editors.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "init.el").write_text(snippet, encoding="utf-8")
    directory = tmp_path / "work & play"  # eglot 1.9 does not decode other letters in URIs
    directory.mkdir()
    (directory / name).write_text(text, encoding="utf-8")
    path = f"{SERVER.parent}{os.pathsep}{os.environ['PATH']}"
    said = run(
        ["emacs", "--batch", "-l", str(DRIVER)], directory, PATH=path, SNIPPET=str(tmp_path / "init.el"), FILE=name
    )
    assert [line for line in said if not line.startswith(("[eglot]", "Loading"))] == [
        f"found CT002 at {seen}",
        f"hover: **{trail}**, account `default`",
        "half typed: 1",
        f"applied: Set {fix} to true",
        f"cleared: {fixed}",
    ]
