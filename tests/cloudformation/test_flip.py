"""The same template in YAML and, flipped by cfn-flip, in JSON gets the same answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cfn_flip import to_json, to_yaml

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles, OverlayFiles
from checkov_cloudtrail.options import Options

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"

EVERYTHING = """AWSTemplateFormatVersion: 2010-09-09
Transform: [AWS::LanguageExtensions]
Parameters:
  Env: {Type: String, Default: prod, AllowedValues: [dev, prod]}
  Open: {Type: String}
  Trails: {Type: CommaDelimitedList, Default: 'a,b'}
Mappings:
  Settings:
    dev: {Type: WriteOnly, Days: 3}
    prod: {Type: All, Days: 400}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Other: !Not [!Or [!Condition Prod, !Equals [!Select [0, !Split ['-', !Ref Open]], x]]]
Resources:
  Bucket: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
  Fn::ForEach::Each:
    - Name
    - !Ref Trails
    - Trail${Name}:
        Type: AWS::CloudTrail::Trail
        Properties:
          TrailName: !Sub ['${Prefix}-${Name}', {Prefix: !Join ['-', [audit, !Ref Env]]}]
          IsLogging: yes
          IsMultiRegionTrail: !If [Prod, 'true', !Ref AWS::NoValue]
          S3BucketName: !Ref Bucket
          KMSKeyId: !GetAtt Nowhere.Arn
          SnsTopicName: !ImportValue topic
          EventSelectors:
            - ReadWriteType: !FindInMap [Settings, !Ref Env, Type]
              ExcludeManagementEventSources: !If [Other, [kms.amazonaws.com], !Ref AWS::NoValue]
"""


def answers(text: str, name: str) -> list[Any]:
    overlay = OverlayFiles(DiskFiles(PROJECTS, PROJECTS), {name: text.encode()})
    report = analyse([name], Options(profile="all"), overlay)
    assert report.errors == ()
    return [
        *((each.rule, each.resource, each.verdict, each.level, each.message) for each in report.results),
        *((trail.address, trail.coverage.management) for one in report.judgements for trail in one.trails),
        *(account for one in report.judgements for account in one.accounts),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("everything", EVERYTHING),
        ("security-baseline", (PROJECTS / "security-baseline/template.yaml").read_text(encoding="utf-8")),
    ],
    ids=["everything", "security-baseline"],
)
def test_yaml_to_json(name: str, text: str) -> None:
    as_yaml = answers(text, "template.yaml")
    assert len(as_yaml) > 20, name
    assert sorted(map(repr, answers(to_json(text), "template.json"))) == sorted(map(repr, as_yaml))


def test_json_to_yaml() -> None:
    text = (PROJECTS / "cdk-audit/AuditStack.template.json").read_text(encoding="utf-8")
    as_json = answers(text, "template.json")
    assert len(as_json) > 20
    for flipped in (to_yaml(text), to_yaml(text, clean_up=True)):
        assert sorted(map(repr, answers(flipped, "template.yaml"))) == sorted(map(repr, as_json))
