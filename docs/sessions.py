"""The shell sessions in pages: each `console` block is run again and gets the output of today.

A session runs in a throw-away repository in which `main` is good and the working tree is not; the lines that begin with
`$ ` are run there, and everything else in the block is what they printed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).parent
PAGES = ("pre-commit.md", "pull-requests.md")
_BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)

MODULE = """\
variable "name" {
  type = string
}

variable "read_write_type" {
  type    = string
  default = "All"
}

resource "aws_cloudtrail" "this" {
  name                       = var.name
  s3_bucket_name             = "acme-logs"
  is_organization_trail      = true
  is_multi_region_trail      = true
  enable_log_file_validation = true

  event_selector {
    read_write_type = var.read_write_type
  }
}
"""
CALL = 'module "audit" {\n  source = "../modules/audit"\n  name   = "organization"\n}\n'
BEFORE = {"modules/audit/main.tf": MODULE, "live/main.tf": CALL}
AFTER = {
    "modules/audit/main.tf": MODULE.replace("is_multi_region_trail      = true", "is_multi_region_trail      = false"),
    "live/main.tf": CALL.replace("}\n", '\n  read_write_type = "WriteOnly"\n}\n'),
}
# The same commit has the same name on every machine.
FIXED = {
    name: value
    for who in ("AUTHOR", "COMMITTER")
    for name, value in (
        (f"GIT_{who}_NAME", "A"),
        (f"GIT_{who}_EMAIL", "a@example.com"),
        (f"GIT_{who}_DATE", "2026-01-01T00:00:00Z"),
    )
} | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def pages() -> Mapping[str, str]:
    """Give the pages with their sessions run again."""
    return {name: _BLOCK.sub(_run, (DOCS / name).read_text(encoding="utf-8")) for name in PAGES}


def _run(block: re.Match[str]) -> str:
    commands = [line for line in block.group().splitlines() if line.startswith("$ ")]
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        _write(directory, BEFORE)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "before"]):
            subprocess.run(["git", *command], cwd=directory, env=os.environ | FIXED, check=True)
        _write(directory, AFTER)
        return "".join(f"{command}\n{_output(directory, command[2:])}" for command in commands)


def _write(directory: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")


def _output(directory: Path, command: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"} | FIXED | {"PATH": path}
    done = subprocess.run(
        command,
        cwd=directory,
        env=environment,
        shell=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.stdout
