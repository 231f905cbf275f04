"""What tests of the command share: small roots, and what a command answered. On the path through pyproject.toml."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOOD = """\
resource "aws_cloudtrail" "this" {
  name                       = "audit"
  s3_bucket_name             = var.bucket
  is_multi_region_trail      = var.multi
  enable_log_file_validation = true
}

variable "bucket" {}

variable "multi" {
  type    = bool
  default = true
}
"""
BAD = GOOD.replace("default = true", "default = false")
OPEN = GOOD.replace("\n  default = true", "")
BROKEN = 'resource "aws_cloudtrail" "this" {\n  name = \n'


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def verdicts(self) -> dict[str, str]:
        """Give the verdict of each rule; for reports with one trail."""
        return {result["rule"]: result["verdict"] for result in self.json["results"]}


Command = Callable[..., Answer]
Write = Callable[[str, str], Path]
