"""Suppressions in both languages: what they skip, and what is said of those that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkov_cloudtrail import api
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.options import Options

TERRAFORM = """\
# checkov:skip=CT003:above the block
resource "aws_cloudtrail" "this" {
  # checkov:skip=CT002,CT001:one Region is enough here
  # checkov:skip=CT004
  # checkov:skip=CT052:another rule's subject
  # checkov:skip=CT999:no such rule
  # checkov:skip=CKV_AWS_36:not ours
  name           = "audit"
  s3_bucket_name = "logs"
}
"""
TEMPLATE = """\
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Metadata:
      checkov:
        skip:
          - id: CT002
            comment: one Region is enough here
          - id: CT004
    Properties:
      # checkov:skip=CT001,CT008:several ids
      IsLogging: true
      S3BucketName: logs
"""
AS_JSON = {
    "Resources": {
        "Trail": {
            "Type": "AWS::CloudTrail::Trail",
            "Metadata": {"checkov": {"skip": [{"id": "CT002", "comment": "one Region"}, {"id": "CT004"}]}},
            "Properties": {"IsLogging": True, "S3BucketName": "logs"},
        }
    }
}


def analyse(directory: Path, files: dict[str, str], options: Options | None = None) -> Report:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    return api.analyse(["."], options or Options(), DiskFiles(directory))


def skipped(report: Report) -> dict[str, str | None]:
    return {result.rule: result.skip_reason for result in report.results if result.verdict.value == "skipped"}


def test_terraform(tmp_path: Path) -> None:
    report = analyse(tmp_path, {"main.tf": TERRAFORM}, Options(profile="all"))
    assert skipped(report) == {
        "CT001": "one Region is enough here",
        "CT002": "one Region is enough here",
        "CT004": "No comment provided",
    }
    assert report.warnings == (
        "main.tf:1: CT003 is skipped where it judges nothing: a suppression stands inside of what it is about",
        "main.tf:4: CT004 is skipped without a reason",
        "main.tf:5: there is nothing here that CT052 judges",
        "main.tf:6: there is no rule CT999 to skip",
    )
    assert report.errors == ()


@pytest.mark.parametrize(
    ("name", "text", "expected", "warnings"),
    [
        pytest.param(
            "t.yaml",
            TEMPLATE,
            {
                "CT001": "several ids",
                "CT002": "one Region is enough here",
                "CT004": "No comment provided",
                "CT008": "several ids",
            },
            ("t.yaml:9: CT004 is skipped without a reason",),
            id="yaml",
        ),
        pytest.param(
            "t.json",
            json.dumps(AS_JSON, indent=1),
            {"CT002": "one Region", "CT004": "No comment provided"},
            ("t.json:12: CT004 is skipped without a reason",),
            id="json",
        ),
    ],
)
def test_templates(name: str, text: str, expected: dict[str, str], warnings: tuple[str, ...], tmp_path: Path) -> None:
    report = analyse(tmp_path, {name: text})
    assert skipped(report) == expected
    assert report.warnings == warnings


def test_a_rule_that_is_not_judged_may_be_skipped(tmp_path: Path) -> None:
    text = TERRAFORM.replace("CT052", "CT009").replace("checkov:skip=CT999", "")
    assert "CT009" not in " ".join(analyse(tmp_path, {"main.tf": text}).warnings)


def test_a_skip_in_a_module_that_one_root_needs_is_no_remark(tmp_path: Path) -> None:
    module = 'variable "n" {}\nresource "aws_cloudtrail" "this" {\n  # checkov:skip=CT002:why\n  count = var.n\n}\n'
    call = 'module "m" {{\n  source = "../m"\n  n = {}\n}}\nprovider "aws" {{\n  region = "us-east-1"\n}}\n'
    files = {"m/main.tf": module, "a/main.tf": call.format(0), "b/main.tf": call.format(1)}
    assert analyse(tmp_path, files).warnings == ()


@pytest.mark.parametrize(
    ("loudness", "warnings", "errors"),
    [("ignore", 0, 0), ("warning", 1, 0), ("error", 0, 1)],
)
@pytest.mark.parametrize(
    ("kind", "comment"),
    [("skip_without_reason", "checkov:skip=CT002"), ("unused_skip", "checkov:skip=CT052:why")],
)
def test_loudness(kind: str, comment: str, loudness: str, warnings: int, errors: int, tmp_path: Path) -> None:
    text = f'resource "aws_cloudtrail" "this" {{\n  # {comment}\n  name = "audit"\n}}\n'
    options = Options(profile="all", suppressions={**Options().suppressions, kind: loudness})
    report = analyse(tmp_path, {"main.tf": text}, options)
    assert (len(report.warnings), len(report.errors)) == (warnings, errors)
