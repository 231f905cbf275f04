"""A real Neovim with the snippet that we ship: open, see the finding, apply the fix, see it cleared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from editors import FILES, ROOT, SERVER, TRAIL, run

SNIPPET = ROOT / "editors" / "neovim" / "checkov-cloudtrail.lua"
DRIVER = Path(__file__).parent / "drive_neovim.lua"

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="nvim is not on PATH")


def drive(scenario: str, directory: Path, file: str, server: str = str(SERVER)) -> list[str]:
    """Start Neovim on a file, with the snippet as its init.lua, and give what it printed."""
    command = ["nvim", "--headless", "-n", "-i", "NONE", "-u", str(SNIPPET), "-S", str(DRIVER), file]
    return run(command, directory, CHECKOV_CLOUDTRAIL=server, SCENARIO=scenario)


@pytest.mark.parametrize(("name", "text", "seen", "trail", "fix", "fixed"), FILES, ids=["hcl", "yaml", "json"])
def test_a_file_from_opening_to_closing(
    tmp_path: Path, name: str, text: str, seen: str, trail: str, fix: str, fixed: str
) -> None:
    directory = tmp_path / "wörk & play"
    directory.mkdir()
    (directory / name).write_text(text, encoding="utf-8")
    assert drive("life", directory, name) == [
        f"found CT002 at {seen}",
        f"hover: **{trail}**, account `default`",
        "half typed: 1",
        f"applied: Set {fix} to true",
        f"cleared: {fixed}",
        "closed",
    ]


def test_roots_and_buffers(tmp_path: Path) -> None:
    for root in ("one", "two"):
        (tmp_path / root / ".git").mkdir(parents=True)
    module = tmp_path / "one" / "modules" / "trail"
    module.mkdir(parents=True)
    (module / "main.tf").write_text('variable "name" {}\n')
    (tmp_path / "one" / "main.tf").write_text(TRAIL)
    variable = 'variable "multi" {\n  default = false\n}\n'
    (tmp_path / "two" / "main.tf").write_text(variable + TRAIL.replace("= false", "= var.multi"))
    (tmp_path / "two" / "terraform.tfvars").write_text("multi = false\n")
    assert drive("roots", tmp_path, "one/main.tf") == [
        "clients: 2",
        "variables count",
        "without a name: 0",
        "with a name: 1",
    ]


def test_a_missing_server_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TRAIL)
    [said] = drive("missing", tmp_path, "main.tf", server="no-such-program")
    assert said.startswith("checkov-cloudtrail: no-such-program is not on the PATH")
