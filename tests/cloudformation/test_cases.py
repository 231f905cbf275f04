"""Which cases a template falls into: open choices, correlations, alternatives to defaults, and what narrows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkov_cloudtrail.model.deployment import Case, Loaded
from checkov_cloudtrail.model.values import Absent, Known
from checkov_cloudtrail.options import Options


def word(value: Any) -> Any:
    return value.value if isinstance(value, Known) else "absent" if isinstance(value, Absent) else "?"


def seen(cases: tuple[Case, ...]) -> list[tuple[Any, ...]]:
    """Each case: its choices, then for each trail whether it exists, logs and is multi-Region."""
    return [
        (*case.choices, *((word(t.exists), word(t.logging), word(t.multi_region)) for t in case.trails))
        for case in cases
    ]


def trail(properties: str, name: str = "Trail", condition: str = "") -> str:
    made = f"    Condition: {condition}\n" if condition else ""
    lines = "".join(f"      {line}\n" for line in properties.splitlines())
    return f"  {name}:\n    Type: AWS::CloudTrail::Trail\n{made}    Properties:\n{lines}"


def template(parameters: str, conditions: str, *trails: str, more: str = "") -> str:
    def section(name: str, text: str) -> str:
        return f"{name}:\n" + "".join(f"  {line}\n" for line in text.splitlines()) if text else ""

    resources = "Resources:\n" + "".join(trails)
    return section("Parameters", parameters) + section("Conditions", conditions) + more + resources


BOTH = "IsLogging: true\nIsMultiRegionTrail: !If [Prod, true, false]"
SAME = trail("IsLogging: !If [Same, true, false]")
UNLESS = trail("IsLogging: !If [C, false, true]")
BOOLEAN = "{Type: String, Default: 'true', AllowedValues: ['true', 'false']}"
PROD = "Prod: !Equals [!Ref Env, prod]"

PLACES = """East: !Equals [!Ref AWS::Region, us-east-1]
Cn: !Equals [!Ref AWS::Partition, aws-cn]
Gov: !Equals [!Ref AWS::Partition, aws-us-gov]
Suffix: !Equals [!Ref AWS::URLSuffix, amazonaws.com.cn]
"""

CASES: list[tuple[str, str, list[Any], list[Any]]] = [
    (
        "a Region is in one partition",
        template("", PLACES, trail("IsMultiRegionTrail: !If [East, !If [Cn, false, true], true]")),
        [("AWS::Region = us-east-1", (True, "absent", True)), ("AWS::Region is not us-east-1", (True, "absent", True))],
        [],
    ),
    (
        "a partition has its Regions",
        template("", PLACES, trail("IsMultiRegionTrail: !If [Cn, !If [East, false, true], true]")),
        [
            ("AWS::Partition = aws or aws-us-gov", (True, "absent", True)),
            ("AWS::Partition = aws-cn", "AWS::Region is not us-east-1", (True, "absent", True)),
        ],
        [],
    ),
    (
        "a partition has one suffix",
        template("", PLACES, trail("IsMultiRegionTrail: !If [Suffix, !If [Gov, false, !If [Cn, true, false]], true]")),
        [
            ("AWS::URLSuffix = amazonaws.com.cn", (True, "absent", True)),
            ("AWS::URLSuffix = amazonaws.com", (True, "absent", True)),
        ],
        [],
    ),
    (
        "what a Region's partition is",
        template(
            "",
            "Isolated: !Equals [!Ref AWS::Region, us-iso-east-1]",
            trail("TrailName: a\nIsMultiRegionTrail: !If [Isolated, !Equals [!Ref AWS::Partition, aws-iso], true]"),
        ),
        [
            ("AWS::Region = us-iso-east-1", (True, "absent", True)),
            ("AWS::Region is not us-iso-east-1", (True, "absent", True)),
        ],
        [],
    ),
    ("nothing open", template("", "", trail("IsLogging: true")), [((True, True, "absent"),)], []),
    (
        "a parameter without a default ranges over its allowed values",
        template("Env: {Type: String, AllowedValues: [dev, prod]}", PROD, trail(BOTH)),
        [("Env = prod", (True, True, True)), ("Env = dev", (True, True, False))],
        [],
    ),
    (
        "values that are not told apart stay together",
        template("Env: {Type: String, AllowedValues: [a, b, c, prod]}", PROD, trail(BOTH)),
        [("Env = prod", (True, True, True)), ("Env = a, b or c", (True, True, False))],
        [],
    ),
    (
        "an open parameter is what it is compared with, or something else",
        template("Env: {Type: String}", PROD, trail(BOTH)),
        [("Env = prod", (True, True, True)), ("Env is not prod", (True, True, False))],
        [],
    ),
    (
        "an open boolean",
        template("L: {Type: String}", "", trail("IsLogging: !Ref L")),
        [("L = true", (True, True, "absent")), ("L = false", (True, False, "absent"))],
        [],
    ),
    (
        "opposite conditions are correlated",
        template(
            "Own: {Type: String, AllowedValues: ['yes', 'no']}",
            "A: !Equals [!Ref Own, 'yes']\nB: !Not [!Condition A]",
            trail("IsLogging: true", "One", "A"),
            trail("IsLogging: true", "Two", "B"),
        ),
        [
            ("Own = yes", (True, True, "absent"), (False, True, "absent")),
            ("Own = no", (False, True, "absent"), (True, True, "absent")),
        ],
        [],
    ),
    (
        "a default decides, other allowed values are alternatives",
        template("Env: {Type: String, Default: prod, AllowedValues: [dev, prod]}", PROD, trail(BOTH)),
        [((True, True, True),)],
        [("Env = dev", (True, True, False))],
    ),
    (
        "any other value of a free parameter is an alternative",
        template("Env: {Type: String, Default: prod}", PROD, trail(BOTH)),
        [((True, True, True),)],
        [("Env is not prod", (True, True, False))],
    ),
    (
        "a boolean with a default",
        template(
            "L: {Type: String, Default: 'true', AllowedValues: ['true', 'false']}", "", trail("IsLogging: !Ref L")
        ),
        [((True, True, "absent"),)],
        [("L = false", (True, False, "absent"))],
    ),
    (
        "parameters that nothing depends on give no alternatives",
        template("N: {Type: String, Default: a, AllowedValues: [a, b]}", "", trail("TrailName: !Ref N")),
        [((True, "absent", "absent"),)],
        [],
    ),
    (
        "a condition that is always false",
        template("", "Never: !Equals [a, b]", trail("IsLogging: true", condition="Never")),
        [((False, True, "absent"),)],
        [],
    ),
    (
        "two open comparisons",
        template(
            "A: {Type: String}\nB: {Type: String}",
            "Same: !Equals [!Ref A, !Ref B]",
            SAME,
        ),
        [("A = B", (True, True, "absent")), ("A is not B", (True, False, "absent"))],
        [],
    ),
    (
        "a parameter is equal to itself",
        template(
            "A: {Type: String}",
            "Same: !Equals [!Sub 'x${A}', !Join ['', [x, !Ref A]]]",
            SAME,
        ),
        [((True, True, "absent"),)],
        [],
    ),
    (
        "text around an open parameter",
        template("A: {Type: String}", "C: !Equals [!Sub 'x-${A}', x-prod]", trail("IsLogging: !If [C, true, false]")),
        [("A = prod", (True, True, "absent")), ("A is not prod", (True, False, "absent"))],
        [],
    ),
    (
        "text that cannot be equal",
        template("A: {Type: String}", "C: !Equals [!Sub 'x-${A}', y-prod]", trail("IsLogging: !If [C, true, false]")),
        [((True, False, "absent"),)],
        [],
    ),
    (
        "a literal that the constraints exclude",
        template("A: {Type: String, MinLength: 1}", "C: !Equals [!Ref A, '']", UNLESS),
        [((True, True, "absent"),)],
        [],
    ),
    (
        "a literal that the pattern excludes",
        template(
            "A: {Type: String, AllowedPattern: '[a-z]+'}",
            "C: !Equals [!Ref A, X1]",
            UNLESS,
        ),
        [((True, True, "absent"),)],
        [],
    ),
    (
        "keys of a mapping that lead to the same value stay together",
        template(
            "R: {Type: String, AllowedValues: [a, b, c]}",
            "",
            trail("IsLogging: !FindInMap [M, !Ref R, L]"),
            more="Mappings:\n  M:\n    a: {L: true}\n    b: {L: false}\n    c: {L: true}\n",
        ),
        [("R = a or c", (True, True, "absent")), ("R = b", (True, False, "absent"))],
        [],
    ),
    (
        "the Region is open",
        template("", "Home: !Equals [!Ref AWS::Region, us-east-1]", trail("IsLogging: true", condition="Home")),
        [
            ("AWS::Region = us-east-1", (True, True, "absent")),
            ("AWS::Region is not us-east-1", (False, True, "absent")),
        ],
        [],
    ),
    (
        "a stored parameter is open although it has a default",
        template(
            "S: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /env}",
            "C: !Equals [!Ref S, prod]",
            trail("IsLogging: !If [C, true, false]"),
        ),
        [
            ("S (in the SSM parameter /env) = prod", (True, True, "absent")),
            ("S (in the SSM parameter /env) is not prod", (True, False, "absent")),
        ],
        [],
    ),
    (
        "a rule forbids a combination",
        template(
            "Env: {Type: String, AllowedValues: [dev, prod]}",
            PROD,
            trail(BOTH),
            more="Rules:\n  Only:\n    Assertions:\n      - Assert: !Contains [[prod], !Ref Env]\n",
        ),
        [("Env = prod", (True, True, True))],
        [],
    ),
    (
        "a rule with a condition",
        template(
            "Env: {Type: String, AllowedValues: [dev, prod]}\nMulti: {Type: String, AllowedValues: ['true', 'false']}",
            "",
            trail("IsLogging: true\nIsMultiRegionTrail: !Ref Multi"),
            more="Rules:\n  InProd:\n    RuleCondition: !Equals [!Ref Multi, 'false']\n    Assertions:\n"
            "      - Assert: !Equals [!Ref Env, dev]\n",
        ),
        [
            ("Multi = true", (True, True, True)),
            ("Multi = false", "Env = dev", (True, True, False)),
        ],
        [],
    ),
    (
        "conditions that decide in spite of an open part",
        template(
            "A: {Type: String}",
            "F: !And [!Equals [!Ref A, x], !Equals [a, b]]\nT: !Or [!Equals [!Ref A, x], !Equals [a, a]]",
            trail("IsLogging: !If [F, false, true]\nIsMultiRegionTrail: !If [T, true, false]"),
        ),
        [((True, True, True),)],
        [],
    ),
    (
        "an open list of selectors leaves no choice to split",
        template("A: {Type: String}", "", trail("IsLogging: true\nEventSelectors: !Ref A")),
        [((True, True, "absent"),)],
        [],
    ),
]


@pytest.mark.parametrize(("name", "text", "cases", "alternatives"), CASES, ids=[row[0] for row in CASES])
def test_cases(
    name: str, text: str, cases: list[Any], alternatives: list[Any], load_text: Callable[..., Loaded]
) -> None:
    loaded = load_text(text)
    assert loaded.errors == ()
    assert loaded.deployment is not None
    assert (seen(loaded.deployment.cases), seen(loaded.deployment.alternatives)) == (cases, alternatives), name


def test_all_choices_judges_over_allowed_values(load_text: Callable[..., Loaded]) -> None:
    text = template(
        f"Env: {{Type: String, Default: prod, AllowedValues: [dev, prod]}}\nLog: {BOOLEAN}\nMulti: {BOOLEAN}",
        PROD,
        trail("IsLogging: !Ref Log\nIsMultiRegionTrail: !If [Prod, true, !Ref Multi]"),
    )
    deployment = load_text(text, options=Options(all_choices=True)).deployment
    assert deployment is not None
    assert deployment.alternatives == ()
    assert {(frozenset(row[:-1]), row[-1]) for row in seen(deployment.cases)} == {
        (frozenset({"Env = dev", "Multi = false", "Log = false"}), (True, False, False)),
        (frozenset({"Env = dev", "Multi = false", "Log = true"}), (True, True, False)),
        (frozenset({"Env = dev", "Multi = true", "Log = false"}), (True, False, True)),
        (frozenset({"Env = dev", "Multi = true", "Log = true"}), (True, True, True)),
        (frozenset({"Env = prod", "Log = false"}), (True, False, True)),
        (frozenset({"Env = prod", "Log = true"}), (True, True, True)),
    }


def test_budget_leaves_the_rest_open(load_text: Callable[..., Loaded]) -> None:
    names = [f"P{n}" for n in range(12)]
    text = template(
        "\n".join(f"{name}: {{Type: String}}" for name in names),
        "",
        *(trail(f"IsLogging: !Ref {name}", f"T{name}") for name in names),
    )
    deployment = load_text(text).deployment
    assert deployment is not None
    assert len(deployment.cases) == 128
    assert {word(case.trails[0].logging) for case in deployment.cases} == {True, False}
    assert {word(case.trails[11].logging) for case in deployment.cases} == {"?"}


def test_many_alternatives_are_looked_at_one_by_one(load_text: Callable[..., Loaded]) -> None:
    names = [f"P{n}" for n in range(6)]
    text = template(
        "\n".join(f"{name}: {BOOLEAN}" for name in names),
        "",
        *(trail(f"IsLogging: !Ref {name}", f"T{name}") for name in names),
    )
    deployment = load_text(text).deployment
    assert deployment is not None
    assert [case.choices for case in deployment.alternatives] == [(f"{name} = false",) for name in names]


def test_a_large_template_gets_fewer_cases(load_text: Callable[..., Loaded]) -> None:
    names = [f"P{n}" for n in range(12)]
    buckets = "".join(
        f"  B{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub 'b-{n}'}}}}\n" for n in range(1200)
    )
    text = template(
        "\n".join(f"{name}: {{Type: String}}" for name in names),
        "",
        *(trail(f"IsLogging: !Ref {name}\nS3BucketName: !Ref B1", f"T{name}") for name in names),
        buckets,
    )
    loaded = load_text(text)
    assert loaded.errors == ()
    assert loaded.deployment is not None
    assert len(loaded.deployment.cases) in (8, 1)
    assert word(loaded.deployment.cases[0].trails[11].logging) == "?"
