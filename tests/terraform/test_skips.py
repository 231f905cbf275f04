"""Suppressions in Terraform code: in the block, and on the calls of the modules around it."""

from __future__ import annotations

from pathlib import Path

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform import root

MODULE = """\
resource "aws_cloudtrail" "this" { # checkov:skip=CT003:on the first line
  name           = "audit"
  # checkov:skip=CT002,CT004: several ids, one reason
  s3_bucket_name = "logs" // bridgecrew:skip=CT005
  /* cortex:skip=CT006:another prefix */
}

# checkov:skip=CT007:outside of the block
"""
MIDDLE = 'module "inner" {\n  # checkov:skip=CT008:inner call\n  source = "../trail"\n}\n'
ROOT = """\
module "audited" {
  # checkov:skip=CT001:outer call
  source = "./middle"
}

module "plain" {
  source = "./trail"
}
"""


def test_skips(tmp_path: Path) -> None:
    for path, text in {"trail/main.tf": MODULE, "middle/main.tf": MIDDLE, "main.tf": ROOT}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    deployment = root.load(".", DiskFiles(tmp_path), Options(), root.ParseCache()).deployment
    assert deployment is not None
    own = [
        ("CT003", "on the first line", "trail/main.tf", 1),
        ("CT002", "several ids, one reason", "trail/main.tf", 3),
        ("CT004", "several ids, one reason", "trail/main.tf", 3),
        ("CT005", "", "trail/main.tf", 4),
        ("CT006", "another prefix", "trail/main.tf", 5),
    ]
    calls = [("CT001", "outer call", "main.tf", 2), ("CT008", "inner call", "middle/main.tf", 2)]
    assert {
        address: [(skip.rule, skip.reason, skip.range.file, skip.range.line) for skip in resource.skips]
        for address, resource in deployment.resources.items()
    } == {
        "module.audited.module.inner.aws_cloudtrail.this": own + calls,
        "module.plain.aws_cloudtrail.this": own,
    }
