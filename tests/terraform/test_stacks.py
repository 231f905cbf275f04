"""Templates that Terraform deploys: `aws_cloudformation_stack` and `aws_cloudformation_stack_set`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.deployment import Deployment
from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.model.values import Known
from checkov_cloudtrail.options import Options

TEMPLATE = """
Parameters:
  Multi: {Type: String, Default: 'false'}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, IsMultiRegionTrail: !Ref Multi, S3BucketName: !Ref Bucket}
"""


def report(tmp_path: Path, files: dict[str, str]) -> Report:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return analyse(["root"], Options(), DiskFiles(tmp_path, tmp_path))


def deployed(tmp_path: Path, files: dict[str, str]) -> Deployment:
    answer = report(tmp_path, files)
    assert answer.errors == ()
    (judgement,) = (judgement for judgement in answer.judgements if judgement.deployment.root == "root")
    return judgement.deployment


def word(value: Any) -> Any:
    return value.value if isinstance(value, Known) else "?"


def test_inline(tmp_path: Path) -> None:
    text = (
        f'resource "aws_cloudformation_stack" "audit" {{\n  name = "a"\n  template_body = <<-EOT\n{TEMPLATE}EOT\n}}\n'
    )
    deployment = deployed(tmp_path, {"root/main.tf": text})
    (trail,) = deployment.cases[0].trails
    assert (trail.address, trail.scope) == ("aws_cloudformation_stack.audit/Trail", "default")
    assert (trail.location.file, trail.location.line) == ("root/main.tf", 3)
    assert (word(trail.exists), word(trail.multi_region)) == (True, False)
    assert [bucket.address for bucket in deployment.cases[0].neighbours.buckets] == [
        "aws_cloudformation_stack.audit/Bucket"
    ]


def test_file_with_parameters_and_count(tmp_path: Path) -> None:
    text = """
variable "multi" { default = true }
resource "aws_cloudformation_stack" "audit" {
  count         = 2
  name          = "a"
  template_body = file("${path.module}/trail.yaml")
  parameters    = { Multi = var.multi }
}
resource "aws_cloudformation_stack" "none" {
  count         = 0
  name          = "a"
  template_body = file("${path.module}/trail.yaml")
}
"""
    deployment = deployed(tmp_path, {"root/main.tf": text, "root/trail.yaml": TEMPLATE})
    assert [(trail.address, word(trail.multi_region)) for trail in deployment.cases[0].trails] == [
        ("aws_cloudformation_stack.audit[0]/Trail", True),
        ("aws_cloudformation_stack.audit[1]/Trail", True),
    ]


def test_a_stack_set_has_accounts_of_its_own(tmp_path: Path) -> None:
    text = """
resource "aws_cloudformation_stack_set" "everywhere" {
  name          = "a"
  template_body = file("${path.module}/trail.yaml")
}
"""
    deployment = deployed(tmp_path, {"root/main.tf": text, "root/trail.yaml": TEMPLATE})
    (trail,) = deployment.cases[0].trails
    assert trail.scope == "aws_cloudformation_stack_set.everywhere"
    assert [(scope.key, scope.target_only) for scope in deployment.scopes][-1] == (trail.scope, True)


def test_what_cannot_be_seen(tmp_path: Path) -> None:
    text = """
resource "aws_cloudformation_stack" "elsewhere" {
  name         = "a"
  template_url = "https://example.com/x.yaml"
}
resource "aws_cloudformation_stack" "broken" {
  name          = "a"
  template_body = "Resources: [ AWS::CloudTrail::Trail"
}
"""
    answer = report(tmp_path, {"root/main.tf": text})
    (judgement,) = answer.judgements
    assert [(one.address, one.because) for one in judgement.deployment.cases[0].unseen] == [
        ("aws_cloudformation_stack.elsewhere", "the template is not in this code: it is elsewhere"),
        ("aws_cloudformation_stack.broken", "the template cannot be read"),
    ]
    (error,) = answer.errors
    assert (error.file, error.line, error.column) == ("root/main.tf", 8, 19)
    assert "line 1, column 36 of it" in error.message
