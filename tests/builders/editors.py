"""What the tests with real editors share: files with one finding, and running an editor on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER = Path(sys.executable).parent / "checkov-cloudtrail"

TRAIL = """resource "aws_cloudtrail" "main" {
  name                       = "audit"
  s3_bucket_name             = "logs"
  is_multi_region_trail      = false
  enable_log_file_validation = true
}
"""
YAML = """Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      S3BucketName: logs
      IsMultiRegionTrail: false
      EnableLogFileValidation: true
"""
PROPERTIES = {"IsLogging": True, "S3BucketName": "logs", "IsMultiRegionTrail": False, "EnableLogFileValidation": True}
JSON = json.dumps({"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": PROPERTIES}}}, indent=2)

# Name, text, place of the finding CT002, trail, attribute to fix, its line when it is fixed.
FILES = [
    ("main.tf", TRAIL, "4:32", "aws_cloudtrail.main", "is_multi_region_trail", "is_multi_region_trail      = true"),
    ("template.yaml", YAML, "7:27", "Trail", "IsMultiRegionTrail", "IsMultiRegionTrail: true"),
    ("template.json", JSON, "8:31", "Trail", "IsMultiRegionTrail", '"IsMultiRegionTrail": true,'),
]


def run(command: list[str], directory: Path, **environment: str) -> list[str]:
    """Run an editor that works through a script, and give the lines that it printed."""
    done = subprocess.run(
        command,
        cwd=directory,
        env={**os.environ, "HOME": str(directory), "XDG_STATE_HOME": str(directory / "state"), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert done.returncode == 0, said
    return said
