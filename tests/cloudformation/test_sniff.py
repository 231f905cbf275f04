"""What looks like a template, and what can hold a trail."""

from __future__ import annotations

import pytest

from checkov_cloudtrail.cloudformation.sniff import is_template, mentions_cloudtrail

TEMPLATES: list[tuple[str, str, str, bool]] = [
    ("YAML", "a.yaml", "Resources:\n  A:\n    Type: AWS::S3::Bucket\n", True),
    ("after a comment and a marker", "a.yml", "# x\n---\nAWSTemplateFormatVersion: x\nResources: {}\n", True),
    ("byte order mark", "a.yaml", "\ufeffResources:\n  A: {Type: AWS::S3::Bucket}\n", True),
    ("quoted key", "a.yaml", '"Resources":\n  A: {Type: AWS::S3::Bucket}\n', True),
    ("JSON", "a.json", '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}', True),
    ("JSON with another name", "a.template", ' {\n"Resources" : {"A": {"Type": "AWS::S3::Bucket"}}}', True),
    ("custom resources only", "a.yaml", "Resources:\n  A:\n    Type: Custom::Thing\n", True),
    (
        "resources below another key",
        "serverless.yml",
        "resources:\n  Resources:\n    A: {Type: AWS::S3::Bucket}\n",
        False,
    ),
    ("Kubernetes", "a.yaml", "apiVersion: v1\nkind: Pod\n", False),
    ("no types", "a.yaml", "Resources:\n  - a\n", False),
    ("plan", "plan.json", '{"format_version": "1.2", "planned_values": {"root_module": {"resources": []}}}', False),
    ("list in a JSON file", "a.json", '[{"Resources": "AWS::S3::Bucket"}]', False),
    ("empty", "a.yaml", "", False),
]


@pytest.mark.parametrize(("name", "path", "text", "expected"), TEMPLATES, ids=[row[0] for row in TEMPLATES])
def test_is_template(name: str, path: str, text: str, expected: bool) -> None:
    assert is_template(path, text.encode()) == expected, name


MENTIONS: list[tuple[str, str, bool]] = [
    ("trail", "Type: AWS::CloudTrail::Trail", True),
    ("event data store", "Type: AWS::CloudTrail::EventDataStore", True),
    ("nested stack", "Type: AWS::CloudFormation::Stack", True),
    ("nested application", "Type: AWS::Serverless::Application", True),
    ("stack set", "Type: AWS::CloudFormation::StackSet", True),
    ("module", "Type: My::Audit::MODULE", True),
    ("include", "Fn::Transform: {Name: AWS::Include}", True),
    ("macro", "Transform: MyMacro", True),
    ("macros", "Transform:\n  - MyMacro\n", True),
    ("macro in JSON", '{\n"Transform": "MyMacro"}', True),
    ("SAM", "Transform: AWS::Serverless-2016-10-31\n", False),
    ("loops", "Transform: 'AWS::LanguageExtensions'\n", False),
    ("something else", "Type: AWS::S3::Bucket", False),
]


@pytest.mark.parametrize(("name", "text", "expected"), MENTIONS, ids=[row[0] for row in MENTIONS])
def test_mentions(name: str, text: str, expected: bool) -> None:
    assert mentions_cloudtrail(text.encode()) == expected, name
