"""Conditions, with cfn-lint's own solver as a second opinion."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping

import cfnlint.conditions
import cfnlint.decode.cfn_yaml
import cfnlint.template
import pytest

from checkov_cloudtrail.model.deployment import Loaded
from checkov_cloudtrail.model.values import Known, Unknown
from checkov_cloudtrail.options import Options

PARAMETERS = """Parameters:
  Env: {Type: String, AllowedValues: [dev, test, prod]}
  Own: {Type: String, AllowedValues: ['true', 'false']}
  Name: {Type: String, Default: x}
"""
DOMAINS = {"Env": ("dev", "test", "prod"), "Own": ("true", "false"), "Name": ("x", "y")}

CONDITIONS: list[tuple[str, str]] = [
    ("equals", "C: !Equals [!Ref Env, prod]"),
    ("literal first", "C: !Equals [prod, !Ref Env]"),
    ("not", "C: !Not [!Equals [!Ref Env, prod]]"),
    ("and", "C: !And [!Equals [!Ref Env, prod], !Equals [!Ref Own, 'true']]"),
    ("or", "C: !Or [!Equals [!Ref Env, prod], !Equals [!Ref Env, test]]"),
    ("named", "P: !Equals [!Ref Env, prod]\n  C: !And [!Condition P, !Not [!Equals [!Ref Own, 'false']]]"),
    (
        "chain",
        "A: !Equals [!Ref Env, dev]\n  B: !Not [!Condition A]\n  C: !Or [!Condition B, !Equals [!Ref Own, 'true']]",
    ),
    ("contradiction", "C: !And [!Equals [!Ref Env, prod], !Equals [!Ref Env, dev]]"),
    ("tautology", "A: !Equals [!Ref Own, 'true']\n  C: !Or [!Condition A, !Not [!Condition A]]"),
    ("three of them", "C: !And [!Equals [!Ref Env, prod], !Equals [!Ref Own, 'true'], !Equals [!Ref Name, x]]"),
    ("long form", "C: {'Fn::Not': [{'Fn::Equals': [{Ref: Env}, prod]}]}"),
]

TRAIL = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: !If [C, true, false]}\n"


def second_opinion(text: str, given: Mapping[str, str]) -> bool | None:
    """What cfn-lint makes of condition C; None when it allows both."""
    template = cfnlint.template.Template("t.yaml", cfnlint.decode.cfn_yaml.loads(text), ["us-east-1"])
    possible = [
        truth
        for truth in (True, False)
        if cfnlint.conditions.Conditions(template).satisfiable({"C": truth}, dict(given))
    ]
    return possible[0] if len(possible) == 1 else None


@pytest.mark.parametrize(("name", "conditions"), CONDITIONS, ids=[row[0] for row in CONDITIONS])
def test_as_cfn_lint_decides(name: str, conditions: str, load_text: Callable[..., Loaded]) -> None:
    text = f"{PARAMETERS}Conditions:\n  {conditions}\n{TRAIL}"
    for values in itertools.product(*DOMAINS.values()):
        given = dict(zip(DOMAINS, values, strict=True))
        loaded = load_text(text, {"p.json": json.dumps(given)}, Options(parameters=("p.json",)))
        assert loaded.deployment is not None
        (case,) = loaded.deployment.cases
        logging = case.trails[0].logging
        assert isinstance(logging, Known)
        assert logging.value == second_opinion(text, given), (name, given)


def test_the_second_opinion_sees_both_sides() -> None:
    text = f"{PARAMETERS}Conditions:\n  C: !Equals [!Ref Env, prod]\n{TRAIL}"
    assert [second_opinion(text, {"Env": env}) for env in DOMAINS["Env"]] == [False, False, True]
    assert second_opinion(text, {}) is None


# What cfn-lint has no opinion about, or another one: it takes the text "true" and the boolean for different values.
DECIDED: list[tuple[str, str, bool]] = [
    ("constants", "C: !Equals [a, b]", False),
    ("boolean and text", "C: !Equals ['true', true]", True),
    ("number and text", "C: !Equals ['1', 1]", True),
    ("case matters", "C: !Equals [Prod, prod]", False),
    ("lists", "C: !Equals [[a, b], [a, b]]", True),
    ("lists of other lengths", "C: !Equals [[a], [a, b]]", False),
    ("objects", "C: !Equals [{a: 1}, {a: '1'}]", True),
    ("joined", "C: !Equals [!Join ['', [a, b]], ab]", True),
    ("in a mapping", "C: !Equals [!FindInMap [M, a, B], 'true']", True),
    ("a mapping's boolean", "C: !FindInMap [M, a, B]", True),
    ("an empty list", "C: !Equals [!Join ['', !Ref L], '']", True),
]


@pytest.mark.parametrize(("name", "conditions", "expected"), DECIDED, ids=[row[0] for row in DECIDED])
def test_decided(name: str, conditions: str, expected: bool, load_text: Callable[..., Loaded]) -> None:
    sections = "Parameters: {L: {Type: CommaDelimitedList, Default: ''}}\nMappings: {M: {a: {B: true}}}\n"
    loaded = load_text(f"{sections}Conditions:\n  {conditions}\n{TRAIL}")
    assert loaded.deployment is not None
    (case,) = loaded.deployment.cases
    logging = case.trails[0].logging
    assert isinstance(logging, Known)
    assert logging.value == expected, name


OPEN: list[tuple[str, str, str]] = [
    ("not declared", "X: !Equals [a, a]", "condition C is not declared"),
    ("of itself", "C: !Not [!Condition C]", "condition C refers to itself"),
    ("in a circle", "C: !Condition A\n  A: !Or [!Condition C, !Equals [a, b]]", "condition C refers to itself"),
    ("no condition", "C: hello", "condition hello is not declared"),
    ("a list", "C: [!Equals [a, b]]", "a condition function is expected here"),
    ("a name that nothing has", "C: !Equals [!Ref Nope, a]", "Nope is not declared"),
    ("one in text", "C: !Equals [!Sub '${Nope}-${AWS::Region}', a-b]", "Nope is not declared"),
    ("two names that nothing has", "C: !Equals [!Ref Nope, !Ref None]", "Nope is not declared"),
    ("too few operands", "C: !Equals [a]", "Fn::Equals has the wrong operands"),
]


@pytest.mark.parametrize(("name", "conditions", "because"), OPEN, ids=[row[0] for row in OPEN])
def test_existence_is_unknown(name: str, conditions: str, because: str, load_text: Callable[..., Loaded]) -> None:
    text = f"Conditions:\n  {conditions}\nResources:\n  Trail: {{Type: AWS::CloudTrail::Trail, Condition: C}}\n"
    loaded = load_text(text)
    assert loaded.deployment is not None
    exists = loaded.deployment.cases[0].trails[0].exists
    assert isinstance(exists, Unknown)
    assert exists.because == because, name


def test_loops_make_conditions(load_text: Callable[..., Loaded]) -> None:
    """The example of AWS's guide to Fn::ForEach, with a name that a function makes."""
    text = (
        "Transform: AWS::LanguageExtensions\n"
        "Parameters: {ParamA: {Type: String, Default: 'true'}, ParamB: {Type: String, Default: 'false'}}\n"
        "Conditions:\n"
        "  Fn::ForEach::CheckTrue:\n"
        "    - Identifier\n"
        "    - [A, B]\n"
        "    - IsParam${Identifier}Enabled: !Equals [{Ref: {'Fn::Sub': 'Param${Identifier}'}}, 'true']\n"
        "Resources:\n"
        "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Condition: IsParamAEnabled\n"
        "    Properties: {IsLogging: !If [IsParamBEnabled, true, false]}\n"
    )
    deployment = load_text(text).deployment
    assert deployment is not None
    (trail,) = deployment.cases[0].trails
    assert isinstance(trail.logging, Known)
    assert trail.logging.value is False
    assert [(step.range.line, step.text) for step in trail.logging.origin.chain] == [
        (7, "condition IsParamBEnabled is false"),
        (2, 'parameter ParamB defaults to "false"'),
    ]


@pytest.mark.parametrize(
    ("items", "because"),
    [("!Ref Names", "parameter Names has no value"), ("[!If [C, a, b]]", "condition C is not declared")],
)
def test_loops_that_cannot_be_told(items: str, because: str, load_text: Callable[..., Loaded]) -> None:
    text = (
        "Parameters: {Names: {Type: CommaDelimitedList}}\n"
        f"Conditions: {{'Fn::ForEach::Each': [N, {items}, {{'${{N}}': !Equals [a, a]}}]}}\n{TRAIL}"
    )
    deployment = load_text(text).deployment
    assert deployment is not None
    logging = deployment.cases[0].trails[0].logging
    assert isinstance(logging, Unknown)
    assert logging.because == because
