"""Templates that try to hang, crash or exhaust: an error that says why, or an Unknown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from checkov_cloudtrail.model.deployment import Loaded
from checkov_cloudtrail.model.values import Unknown

TRAIL = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n"


def _laughs() -> str:
    lines = ["Metadata:", "  a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines) + "\n" + TRAIL + "      IsLogging: *a9\n"


def _loops() -> str:
    inner = "{'Trail&{A}&{B}&{C}': {Type: 'AWS::CloudTrail::Trail'}}"
    items = "[" + ", ".join(map(str, range(60))) + "]"
    for name in "CBA":
        inner = f"{{'Fn::ForEach::{name}': [{name}, {items}, {inner}]}}"
    return f"Transform: AWS::LanguageExtensions\nResources: {inner}\n"


def _doubling() -> str:
    text = "x"
    for level in range(60):
        text = f"!Join ['', [&t{level} {text}, *t{level}]]" if level < 40 else text
    return TRAIL + f"      TrailName: {text}\n"


def _independent(count: int) -> str:
    parameters = "".join(f"  P{n}: {{Type: String, AllowedValues: [a, b, c]}}\n" for n in range(count))
    trails = "".join(
        f"  T{n}:\n    Type: AWS::CloudTrail::Trail\n    Condition: C{n}\n    Properties:\n      IsLogging: true\n"
        for n in range(count)
    )
    conditions = "".join(f"  C{n}: !Equals [!Ref P{n}, a]\n" for n in range(count))
    return f"Parameters:\n{parameters}Conditions:\n{conditions}Resources:\n{trails}"


def _chain(count: int) -> str:
    conditions = "".join(f"  C{n}: !Or [!Condition C{n + 1}, !Condition C{n + 1}]\n" for n in range(count))
    last = f"  C{count}: !Equals [a, b]\n"
    return f"Conditions:\n{conditions}{last}{TRAIL}      IsLogging: !If [C0, true, false]\n"


HOSTILE: dict[str, str] = {
    "billion laughs": _laughs(),
    "100k brackets": TRAIL + "      IsLogging: " + "[" * 100_000,
    "100k braces": TRAIL + "      IsLogging: " + "{a: " * 100_000,
    "100k dashes": "- " * 100_000 + "CloudTrail",
    "100k block levels": TRAIL + "      IsLogging:\n" + "\n".join(" " * n + "a:" for n in range(8, 900)),
    "json depth": '{"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "P": ' + '{"a":' * 100_000,
    "large": TRAIL + "      IsLogging: true\n" + "# " + "x" * 5_000_000,
    "many nodes": TRAIL + "      IsLogging: [" + "a," * 1_000_000 + "]",
    "alias in itself": TRAIL + "      IsLogging: &a [*a]\n",
    "self-made conditions": "Conditions:\n  A: !Condition B\n  B: !Not [!Condition A]\n"
    + TRAIL
    + "      IsLogging: !If [A, true, false]\n",
    "parameter of itself": "Parameters:\n  P: {Type: String, Default: !Ref P}\n" + TRAIL + "      IsLogging: !Ref P\n",
    "bad select": TRAIL + "      IsLogging: !Select [9999999999999999999999, [true, false]]\n",
    "loops": _loops(),
    "doubling text": _doubling(),
    "3^12 cases": _independent(12),
    "long chain": _chain(400),
    "evil pattern": "Parameters:\n  P: {Type: String, AllowedPattern: '(a+)+$'}\n"
    f"Conditions:\n  C: !Equals [!Ref P, {'a' * 40}b]\n" + TRAIL + "      IsLogging: !If [C, true, false]\n",
    "huge number": TRAIL + f"      IsLogging: {'9' * 100_000}\n",
    "deep functions": TRAIL + "      IsLogging: " + "!Not [" * 90 + "a" + "]" * 90,
    "null bytes": TRAIL + "      IsLogging: \0\n",
    "keys that are lists": TRAIL + "      ? [a, b]\n      : c\n",
    "resources that are text": "Resources: CloudTrail",
    "resource that is a list": "Resources:\n  Trail: [AWS::CloudTrail::Trail]\n",
    "type that is a list": "Resources:\n  Trail:\n    Type: [AWS::CloudTrail::Trail]\n",
    "properties that are text": "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: hello\n",
    "sections of wrong kinds": "Parameters: [a]\nConditions: b\nMappings: 1\nRules: true\nOutputs: ~\n"
    "Transform: {Name: [x]}\n" + TRAIL + "      IsLogging: !FindInMap [a, b, c]\n",
    "functions of wrong kinds": TRAIL
    + "".join(
        f"      P{n}: {{'{name}': {operand}}}\n"
        for n, (name, operand) in enumerate(
            (name, operand)
            for name in (
                *("Ref", "Fn::If", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::GetAtt", "Fn::FindInMap"),
                *("Fn::Base64", "Fn::Cidr", "Fn::ImportValue", "Fn::Length", "Fn::ToJsonString", "Fn::Transform"),
                *("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::GetAZs", "Condition", "Fn::ForEach::X"),
            )
            for operand in ("[]", "{}", "~", "a", "1", "[a]", "[a, b]", "[[a], {b: c}, d]", "[{}, [], ~]", "[[[]]]")
        )
    ),
}


# What is said about each; None where the template is judged.
ERRORS: dict[str, str | None] = {
    "billion laughs": "7:17 holds more than 200000 values, aliases counted",
    "100k brackets": "5:… is nested more than 100 levels deep",  # where the parser's look-ahead stops
    "100k braces": "5:402 is nested more than 100 levels deep",
    "100k dashes": "1:201 is nested more than 100 levels deep",
    "100k block levels": "102:105 is nested more than 100 levels deep",
    "json depth": "1:550 is nested more than 100 levels deep",
    "large": "1:1 is too large for a template: 5000093 bytes, the limit is 4000000",
    "many nodes": "5:399997 holds more than 200000 values, aliases counted",
    "alias in itself": "5:22 alias *a has no anchor before it",
    "loops": "1:1 cannot be evaluated: loops that make more than 1000 members",
    "doubling text": "5:801 holds more than 200000 values, aliases counted",
    "null bytes": "5:18 is not valid YAML: control characters are not allowed",
    "keys that are lists": "5:9 a key must be a string",
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_crash_and_no_hang(name: str, load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(HOSTILE[name])
    said = [f"{error.line}:{error.column} {error.message}" for error in loaded.errors]
    if name == "100k brackets":
        said = [re.sub(r"^5:\d+", "5:…", error) for error in said]
    expected = ERRORS.get(name)
    assert said == ([expected] if expected else []), name
    assert (loaded.deployment is None) == (expected is not None or name == "resources that are text")


UNDECIDED = {
    "self-made conditions": "condition A refers to itself",
    "bad select": "Fn::Select has no item 99999999999999999999",
    "long chain": "the condition is nested too deeply",
    "huge number": "true or false is expected here",
    "deep functions": "condition a is not declared",
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_reason(name: str, load_text: Callable[..., Loaded]) -> None:
    deployment = load_text(HOSTILE[name]).deployment
    assert deployment is not None
    logging = deployment.cases[0].trails[0].logging
    assert isinstance(logging, Unknown)
    assert logging.because == UNDECIDED[name]


def test_nested_in_itself(load_text: Callable[..., Loaded]) -> None:
    nested = "Resources:\n  Me:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: template.yaml}\n"
    loaded = load_text(nested)
    assert loaded.deployment is not None
    assert [unseen.address for unseen in loaded.deployment.cases[0].unseen] == ["Me"]


def test_outputs_in_a_circle(load_text: Callable[..., Loaded]) -> None:
    stack = (
        "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt %s.Outputs.O}}}"
    )
    outer = f"Resources:\n  A: {stack % 'B'}\n  B: {stack % 'A'}\n"
    inner = (
        "Parameters: {P: {Type: String}}\nOutputs: {O: {Value: !Ref P}}\n"
        "Resources: {Trail: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: !Ref P}}}\n"
    )
    loaded = load_text(outer, {"c.yaml": inner})
    assert loaded.deployment is not None
    assert [trail.address for trail in loaded.deployment.cases[0].trails] == ["A/Trail", "B/Trail"]
