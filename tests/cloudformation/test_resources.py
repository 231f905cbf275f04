"""Fields of resources, suppressions, loops and includes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkov_cloudtrail.model.deployment import Loaded
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Known, Unknown


def trails(loaded: Loaded) -> tuple[Trail, ...]:
    assert loaded.errors == ()
    assert loaded.deployment is not None
    return loaded.deployment.cases[0].trails


def test_block_and_order(load_text: Callable[..., Loaded]) -> None:
    text = """Resources:
  Policy: {Type: AWS::S3::BucketPolicy}
  Topic: {Type: AWS::SNS::Topic}
  Bucket: {Type: AWS::S3::Bucket}

  Trail:
    Type: AWS::CloudTrail::Trail
    DependsOn: [Policy, Nothing]
    Properties:
      S3BucketName: !Sub '${Bucket}'
      SnsTopicName: !If [X, !GetAtt Topic.TopicName, !Ref AWS::NoValue]

  # of the next one
  Other: {Type: AWS::S3::Bucket}
"""
    (trail,) = trails(load_text(text))
    assert trail.depends_on == {"Policy", "Topic", "Bucket"}
    block = text.encode()[trail.block.start_byte : trail.block.end_byte].decode()
    assert block.startswith("Trail:\n")
    assert block.endswith("AWS::NoValue]")
    assert trail.type == "AWS::CloudTrail::Trail"
    assert isinstance(trail.region, Unknown)


TYPES: list[tuple[str, str, Any]] = [
    ("boolean", "true", True),
    ("YAML 1.1", "yes", True),
    ("text", "'true'", True),
    ("text in capitals", "'False'", False),
    ("text that is no boolean", "'yes'", "true or false is expected here"),
    ("list", "[true]", "true or false is expected here"),
    ("number", "1", "true or false is expected here"),
]


@pytest.mark.parametrize(("name", "value", "expected"), TYPES, ids=[row[0] for row in TYPES])
def test_booleans(name: str, value: str, expected: Any, load_text: Callable[..., Loaded]) -> None:
    text = f"Resources:\n  T: {{Type: AWS::CloudTrail::Trail, Properties: {{IsLogging: {value}}}}}\n"
    logging = trails(load_text(text))[0].logging
    assert (logging.value if isinstance(logging, Known) else getattr(logging, "because", None)) == expected, name


def test_nobody_chooses_a_name_that_nothing_has(load_text: Callable[..., Loaded]) -> None:
    text = "Resources: {T: {Type: AWS::CloudTrail::Trail, Properties: {IsMultiRegionTrail: !Ref Nope}}}"
    (trail,) = trails(load_text(text))
    assert isinstance(trail.multi_region, Unknown)
    assert trail.multi_region.because == "Nope is not declared"


def test_selectors(load_text: Callable[..., Loaded]) -> None:
    text = """Parameters: {P: {Type: String}}
Conditions: {No: !Equals [a, b]}
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      EventSelectors:
        - ReadWriteType: All
          DataResources: [{Type: 'AWS::S3::Object', Values: ['arn:aws:s3', !Ref P]}]
        - !If [No, {ReadWriteType: ReadOnly}, !Ref AWS::NoValue]
        - !Ref P
        - text
"""
    selectors = trails(load_text(text))[0].event_selectors
    assert [known.read_write_type for known in selectors.known if isinstance(known.read_write_type, Known)]
    assert len(selectors.known) == 1
    assert selectors.unknown is not None
    assert selectors.unknown.because == "parameter P has no value"
    (resource,) = selectors.known[0].data_resources.known
    assert isinstance(resource.values, Known)
    assert [type(value).__name__ for value in resource.values.value] == ["Known", "Unknown"]


def test_event_data_store(load_text: Callable[..., Loaded]) -> None:
    text = """Resources:
  Lake:
    Type: AWS::CloudTrail::EventDataStore
    Properties: {MultiRegionEnabled: false, RetentionPeriod: '90', TerminationProtectionEnabled: 'false'}
"""
    loaded = load_text(text)
    assert loaded.deployment is not None
    store: EventDataStore = loaded.deployment.cases[0].event_data_stores[0]
    values = [store.multi_region, store.retention_days, store.termination_protection]
    assert [value.value for value in values if isinstance(value, Known)] == [False, 90, False]


SKIPS: list[tuple[str, str, list[tuple[str, str]]]] = [
    (
        "comment with a reason",
        "  Trail:\n    # checkov:skip=CT002:only one Region is used\n    Type: AWS::CloudTrail::Trail\n",
        [("CT002", "only one Region is used")],
    ),
    (
        "comment beside the logical id, without a reason",
        "  Trail: # checkov:skip=CT002\n    Type: AWS::CloudTrail::Trail\n",
        [("CT002", "")],
    ),
    (
        "comment after the last property, before the next resource",
        "  Trail:\n    Type: AWS::CloudTrail::Trail\n    # checkov:skip=CT003:x\n\n  B: {Type: AWS::S3::Bucket}\n",
        [("CT003", "x")],
    ),
    (
        "comment of another resource",
        "  A:\n    # checkov:skip=CT002:x\n    Type: AWS::S3::Bucket\n  Trail:\n    Type: AWS::CloudTrail::Trail\n",
        [],
    ),
    (
        "metadata",
        (
            "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Metadata:\n      checkov:\n        skip:\n"
            "          - id: CT002\n            comment: because\n          - id: CT003\n"
        ),
        [("CT002", "because"), ("CT003", "")],
    ),
    (
        "metadata of the older name",
        "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Metadata: {bridgecrew: {skip: [{id: CT002, comment: x}]}}\n",
        [("CT002", "x")],
    ),
]


@pytest.mark.parametrize(("name", "resources", "expected"), SKIPS, ids=[row[0] for row in SKIPS])
def test_skips(name: str, resources: str, expected: list[tuple[str, str]], load_text: Callable[..., Loaded]) -> None:
    found = trails(load_text("Resources:\n" + resources))[0].skips
    assert [(skip.rule, skip.reason) for skip in found] == expected, name


def test_place_of_a_skip(load_text: Callable[..., Loaded]) -> None:
    text = "Resources:\n  Trail:\n    # checkov:skip=CT002:x\n    Type: AWS::CloudTrail::Trail\n"
    (skip,) = trails(load_text(text))[0].skips
    assert text.encode()[skip.range.start_byte : skip.range.end_byte] == b"checkov:skip=CT002:x"


def test_loops(load_text: Callable[..., Loaded]) -> None:
    text = """Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'one,two-b'}}
Resources:
  Fn::ForEach::Trails:
    - Name
    - !Ref Names
    - Trail&{Name}:
        Type: AWS::CloudTrail::Trail
        Properties:
          TrailName: !Sub 'audit-${Name}'
          S3BucketName: !Ref Name
          Fn::ForEach::Flags:
            - Flag
            - [IsLogging, IsMultiRegionTrail]
            - ${Flag}: true
"""
    found = trails(load_text(text))
    assert [trail.address for trail in found] == ["Trailone", "Trailtwob"]
    for trail, name in zip(found, ("one", "two-b"), strict=True):
        values = [trail.name, trail.bucket_name, trail.logging, trail.multi_region]
        assert [v.value for v in values if isinstance(v, Known)] == [f"audit-{name}", name, True, True]


def test_includes(load_text: Callable[..., Loaded]) -> None:
    text = """Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/trail.yaml}}
  Second:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/properties.yaml}}
"""
    parts = {
        "parts/trail.yaml": "First:\n  Type: AWS::CloudTrail::Trail\n  Properties: {IsLogging: false}\n",
        "parts/properties.yaml": "IsMultiRegionTrail: true\n",
    }
    first, second = trails(load_text(text, parts))
    assert (first.address, first.location.file) == ("First", "parts/trail.yaml")
    assert isinstance(second.multi_region, Known)
    assert second.multi_region.origin.range.file == "parts/properties.yaml"


def test_properties_of_an_unseen_macro_are_open(load_text: Callable[..., Loaded]) -> None:
    text = """Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      Fn::Transform: {Name: Defaults, Parameters: {}}
"""
    (trail,) = trails(load_text(text))
    assert isinstance(trail.logging, Known)
    assert isinstance(trail.multi_region, Unknown)
    assert trail.multi_region.because == "a macro may add to it"
