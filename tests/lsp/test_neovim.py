"""A real Neovim with the snippet that we ship: open, see the finding, apply the fix, see it cleared."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SNIPPET = HERE.parents[1] / "editors" / "neovim" / "checkov-cloudtrail.lua"

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


@pytest.mark.parametrize(
    ("name", "language", "text", "seen"),
    [("main.tf", "terraform", TRAIL, "4:32"), ("template.yaml", "yaml", TEMPLATE, "7:27")],
)
def test_find_fix_clear(tmp_path: Path, name: str, language: str, text: str, seen: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {
        **os.environ,
        "CHECKOV_CLOUDTRAIL": str(Path(sys.executable).parent / "checkov-cloudtrail"),
        "SNIPPET": str(SNIPPET),
        "FILE": name,
        "LANGUAGE": language,
        "CODE": "CT002",
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    done = subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-n", "-S", str(HERE / "drive_neovim.lua")],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert said == [
        f"found CT002 at {seen}",
        f"applied: Set {'is_multi_region_trail' if language == 'terraform' else 'IsMultiRegionTrail'} to true",
        "cleared",
    ]
    assert done.returncode == 0
