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


# Files whose places are not those of one value each.
OTHERS: list[tuple[str, str, str, int]] = [
    ("Git sync", "git.yaml", "template-file-path: t.yaml\nparameters:\n  Multi: 'false'\ntags: {a: b}\n", 3),
    ("SAM", "samconfig.toml", 'version = 0.1\n[default.deploy.parameters]\nparameter_overrides = "{words}"\n', 3),
    ("SAM, all commands", "s.toml", '[default.global.parameters]\nparameter_overrides = ["Multi=false"]\n', 2),
    ("SAM, a table", "s.toml", '[default.deploy.parameters.parameter_overrides]\nMulti = "false"\n', 1),
    ("SAM in YAML", "s.yaml", "default:\n  deploy:\n    parameters:\n      parameter_overrides: '{words}'\n", 4),
]
WORDS = ["Name='a b' Multi=false", "ParameterKey=Multi,ParameterValue=false ParameterKey=Name,ParameterValue=x"]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(("name", "file", "text", "line"), OTHERS, ids=[row[0] for row in OTHERS])
def test_other_tools(name: str, file: str, text: str, line: int, words: str, load_text: Callable[..., Loaded]) -> None:
    written = text.replace("{words}", words if file.endswith(".toml") else words.replace("'", "''"))
    loaded = load_text(TEMPLATE, {file: written}, Options(parameters=(file,)))
    assert loaded.errors == ()
    assert loaded.deployment is not None
    multi = loaded.deployment.cases[0].trails[0].multi_region
    assert isinstance(multi, Known)
    assert multi.value is False, name
    assert [(s.range.file, s.range.line, s.text) for s in multi.origin.chain] == [
        (file, line, "Multi = false is given")
    ]


def test_broken_toml_is_an_error(load_text: Callable[..., Loaded]) -> None:
    (error,) = load_text(TEMPLATE, {"s.toml": "a = "}, Options(parameters=("s.toml",))).errors
    assert (error.file, error.message.partition(":")[0]) == ("s.toml", "is not valid TOML")


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
    ("an environment file", "Multi=true\nName=x", "p.json:1:1 is not a parameter file"),
    ("by stack", '{"Stack":\n {"Multi": "true"}}', "p.json:2:2 is not a parameter file"),
    ("of SAM without parameters", "default:\n  deploy: {parameters: {}}", "p.json:2:3 is not a parameter file"),
    ("words without a value", "{default: {deploy: {parameters: {parameter_overrides: A=b c}}}}", "p.json:1:"),
    ("words that do not end", '{default: {deploy: {parameters: {parameter_overrides: "A=\'b"}}}}', "p.json:1:"),
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


PATTERNS: list[tuple[str, tuple[str, ...]]] = [
    ("^true$", ("true",)),
    ("^(true|false)$", ("true", "false")),
    ("(?:a-1|b_2)", ("a-1", "b_2")),
    ("true|false", ("true", "false")),
    ("^(true|false)", ("true", "false")),
    ("tru.", ()),
    ("(true|false", ()),
    ("^(true|)$", ()),
    ("", ()),
]


@pytest.mark.parametrize(("pattern", "allowed"), PATTERNS)
def test_patterns_that_list_values(pattern: str, allowed: tuple[str, ...]) -> None:
    assert parameter(f"{{Type: String, AllowedPattern: '{pattern}'}}").allowed == allowed
    both = parameter(f"{{Type: String, AllowedPattern: '{pattern}', AllowedValues: [x]}}")
    assert both.allowed == ("x",)
    assert parameter(f"{{Type: CommaDelimitedList, AllowedPattern: '{pattern}'}}").allowed == ()


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
