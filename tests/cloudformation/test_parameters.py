"""Parameter files in each of their shapes, and what they decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkov_cloudtrail.cloudformation.parameters import Parameter, declared
from checkov_cloudtrail.cloudformation.reader import Mapping, decode, read
from checkov_cloudtrail.model.deployment import Loaded
from checkov_cloudtrail.model.values import Known
from checkov_cloudtrail.options import Options

TEMPLATE = """Parameters:
  Multi: {Type: String, Default: 'true', AllowedValues: ['true', 'false']}
  Name: {Type: String}
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, IsMultiRegionTrail: !Ref Multi, TrailName: !Ref Name}
"""

SHAPES: list[tuple[str, str]] = [
    ("create-stack", '[{"ParameterKey": "Multi", "ParameterValue": "false"}, {"ParameterKey": "Other"}]'),
    ("deploy", '["Multi=false", "Name=a=b"]'),
    ("pipeline", '{"Parameters": {"Multi": "false"}, "Tags": {"a": "b"}}'),
    ("pipeline with a boolean", '{"Parameters": {"Multi": false}}'),
    ("request", '{"StackName": "s", "Parameters": [{"ParameterKey": "Multi", "ParameterValue": "false"}]}'),
    ("pairs in YAML", "Multi: 'false'\n"),
]


@pytest.mark.parametrize(("name", "text"), SHAPES, ids=[row[0] for row in SHAPES])
def test_shapes(name: str, text: str, load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(TEMPLATE, {"p.json": text}, Options(parameters=("p.json",)))
    assert loaded.errors == ()
    assert loaded.deployment is not None
    (case,) = loaded.deployment.cases
    assert loaded.deployment.alternatives == ()
    multi = case.trails[0].multi_region
    assert isinstance(multi, Known)
    assert multi.value is False, name
    assert [(step.range.file, step.text) for step in multi.origin.chain] == [("p.json", "Multi = false is given")]
    assert loaded.deployment.files == {"template.yaml", "p.json"}


def test_later_files_win(load_text: Callable[..., Loaded]) -> None:
    others = {"a.json": '{"Multi": "false", "Name": "a"}', "b.json": '{"Multi": "true"}'}
    loaded = load_text(TEMPLATE, others, Options(parameters=("a.json", "b.json"), all_choices=True))
    assert loaded.deployment is not None
    (case,) = loaded.deployment.cases
    values = [case.trails[0].multi_region, case.trails[0].name]
    assert [value.value for value in values if isinstance(value, Known)] == [True, "a"]


def test_previous_value_is_open(load_text: Callable[..., Loaded]) -> None:
    text = '[{"ParameterKey": "Multi", "UsePreviousValue": true}]'
    loaded = load_text(TEMPLATE, {"p.json": text}, Options(parameters=("p.json",)))
    assert loaded.deployment is not None
    assert [case.choices for case in loaded.deployment.cases] == [("Multi = true",), ("Multi = false",)]


WRONG: list[tuple[str, str, str]] = [
    ("missing", "", "p.json:1:1 cannot be read"),
    ("text", "hello", "p.json:1:1 is not a parameter file"),
    ("list of numbers", '[{"ParameterKey": "A", "ParameterValue": "b"},\n 3]', "p.json:2:2 is not a parameter file"),
    ("syntax", '{"Multi": ', "p.json:1:11 is not valid JSON"),
]


@pytest.mark.parametrize(("name", "text", "expected"), WRONG, ids=[row[0] for row in WRONG])
def test_errors(name: str, text: str, expected: str, load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(TEMPLATE, {"p.json": text} if text else {}, Options(parameters=("p.json",)))
    (error,) = loaded.errors
    assert f"{error.file}:{error.line}:{error.column} {error.message}".startswith(expected), name


def parameter(body: str) -> Parameter:
    node = read(decode("t.yaml", f"P: {body}".encode()))
    assert isinstance(node, Mapping)
    return declared(node)["P"]


CONSTRAINTS: list[tuple[str, str, str, bool]] = [
    ("no constraint", "{Type: String}", "anything", True),
    ("pattern matches all of it", "{Type: String, AllowedPattern: '[a-z]+'}", "abc1", False),
    ("pattern", "{Type: String, AllowedPattern: '^(true|false)$'}", "true", True),
    ("pattern that may not end is not tried", "{Type: String, AllowedPattern: '(a+)+'}", "b", True),
    ("pattern that is wrong", "{Type: String, AllowedPattern: '['}", "b", True),
    ("too short", "{Type: String, MinLength: 3}", "ab", False),
    ("too long", "{Type: String, MaxLength: '3'}", "abcd", False),
    ("number too small", "{Type: Number, MinValue: 3}", "2", False),
    ("number in range", "{Type: Number, MinValue: 3, MaxValue: 10}", "3", True),
    ("no number", "{Type: Number}", "x", False),
]


@pytest.mark.parametrize(("name", "body", "text", "expected"), CONSTRAINTS, ids=[row[0] for row in CONSTRAINTS])
def test_constraints(name: str, body: str, text: str, expected: Any) -> None:
    assert parameter(body).admits(text) == expected, name
