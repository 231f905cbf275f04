"""A real Neovim with the snippet that we ship: open, see the finding, apply the fix, see it cleared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SNIPPET = HERE.parents[1] / "editors" / "neovim" / "checkov-cloudtrail.lua"
SERVER = str(Path(sys.executable).parent / "checkov-cloudtrail")

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="nvim is not on PATH")

TRAIL = """resource "aws_cloudtrail" "main" {
  name                       = "audit"
  s3_bucket_name             = "logs"
  is_multi_region_trail      = false
  enable_log_file_validation = true
}
"""
TEMPLATE = """Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      S3BucketName: logs
      IsMultiRegionTrail: false
      EnableLogFileValidation: true
"""
JSON = json.dumps(
    {
        "Resources": {
            "Trail": {
                "Type": "AWS::CloudTrail::Trail",
                "Properties": {
                    "IsLogging": True,
                    "S3BucketName": "logs",
                    "IsMultiRegionTrail": False,
                    "EnableLogFileValidation": True,
                },
            }
        }
    },
    indent=2,
)


def drive(scenario: str, directory: Path, file: str, server: str = SERVER) -> list[str]:
    """Start Neovim on a file and give the lines that it printed."""
    environment = {
        **os.environ,
        "CHECKOV_CLOUDTRAIL": server,
        "SCENARIO": scenario,
        "HOME": str(directory),
        "XDG_STATE_HOME": str(directory / "state"),
    }
    done = subprocess.run(
        ["nvim", "--headless", "-n", "-i", "NONE", "-u", str(SNIPPET), "-S", str(HERE / "drive_neovim.lua"), file],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert done.returncode == 0, said
    return said


@pytest.mark.parametrize(
    ("name", "text", "seen", "trail", "fix", "fixed"),
    [
        (
            "main.tf",
            TRAIL,
            "4:32",
            "aws_cloudtrail.main",
            "is_multi_region_trail",
            "is_multi_region_trail      = true",
        ),
        ("template.yaml", TEMPLATE, "7:27", "Trail", "IsMultiRegionTrail", "IsMultiRegionTrail: true"),
        ("template.json", JSON, "8:31", "Trail", "IsMultiRegionTrail", '"IsMultiRegionTrail": true,'),
    ],
    ids=["hcl", "yaml", "json"],
)
def test_a_file_from_opening_to_closing(
    tmp_path: Path, name: str, text: str, seen: str, trail: str, fix: str, fixed: str
) -> None:
    directory = tmp_path / "wörk & play"
    directory.mkdir()
    (directory / name).write_text(text, encoding="utf-8")
    said = drive("life", directory, name)
    assert said[1].startswith(f"hover: **{trail}**, account"), said
    assert [said[0], *said[2:]] == [
        f"found CT002 at {seen}",
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
