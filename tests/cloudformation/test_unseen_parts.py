"""A nested template that is not there raises a question of trails only where something mentions CloudTrail."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.rule import Policy
from checkov_cloudtrail.options import Options

NESTED = """Resources:
  {name}:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://example.com/{name}.yaml
"""


@pytest.mark.parametrize(
    ("name", "policy", "expected"),
    [
        ("Network", Policy(), []),
        ("CloudTrail", Policy(), ["CT001 unknown"]),
        ("Network", Policy(account_roots=("*.yaml",)), ["CT001 unknown"]),
    ],
)
def test_unseen_parts(tmp_path: Path, name: str, policy: Policy, expected: list[str]) -> None:
    (tmp_path / "stack.yaml").write_text(NESTED.format(name=name), encoding="utf-8")
    report = analyse(["."], Options(policy=policy), DiskFiles(tmp_path, tmp_path))
    assert [f"{result.rule} {result.verdict.value}" for result in report.results] == expected
