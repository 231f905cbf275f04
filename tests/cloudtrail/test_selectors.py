"""The selector algebra, put to the truth table without any language in between."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import api_shapes as shapes
import pytest

from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import Coverage, Extent
from checkov_cloudtrail.model.values import Items

TABLE = json.loads((Path(__file__).parents[2] / "fixtures/truth-table/trails.json").read_text(encoding="utf-8"))


def seen(found: Coverage) -> dict[str, Any]:
    management = found.management
    return {
        "valid": not found.errors,
        "errors": sorted({error.code for error in found.errors}),
        "management": {
            "read": management.read.value,
            "write": management.write.value,
            "excluded_sources": list(management.excluded_sources),
            "unknown_sources": list(management.unknown_sources),
        },
        "warnings": sorted({warning.code for warning in found.warnings}),
        "data": {
            kind: {"read": span.read.value, "write": span.write.value}
            | ({"deselect_only": True} if span.deselect_only else {})
            for kind, span in found.data.items()
        },
    }


@pytest.mark.parametrize("case", TABLE["selector_cases"], ids=lambda case: case["id"])
def test_truth_table(case: dict[str, Any]) -> None:
    make = shapes.store if case["kind"] == "eds" else shapes.trail
    found = seen(coverage(make(case["input"])))
    assert {key: found[key] for key in case["expected"]} == case["expected"], case["title"]


MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
DATA = {"Field": "eventCategory", "Equals": ["Data"]}
S3 = {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}
NETWORK = {"Field": "eventCategory", "Equals": ["NetworkActivity"]}
UNKNOWN = {"$unknown": "var.x"}


def basic(**members: Any) -> dict[str, Any]:
    return {"EventSelectors": [members]}


def advanced(*selectors: list[dict[str, Any]]) -> dict[str, Any]:
    return {"AdvancedEventSelectors": [{"FieldSelectors": fields} for fields in selectors]}


def objects(count: int) -> list[str]:
    return [f"arn:aws:s3:::bucket-{number}/" for number in range(count)]


# name, kind, input, error codes, read and write management events
REFUSED = [
    ("both kinds", "trail", basic() | advanced([MANAGEMENT]), ["E_BOTH_SELECTORS"], "none none"),
    ("six basic", "trail", {"EventSelectors": [{}] * 6}, ["E_TOO_MANY_BASIC"], "all all"),
    (
        "251 data resources",
        "trail",
        basic(DataResources=[{"Type": "AWS::S3::Object", "Values": objects(251)}]),
        ["E_DATA_RESOURCES_250"],
        "all all",
    ),
    (
        "501 values",
        "trail",
        advanced([MANAGEMENT], [DATA, S3, {"Field": "resources.ARN", "StartsWith": objects(501)}]),
        ["E_TOO_MANY_VALUES"],
        "all all",
    ),
    (
        "a source that cannot be left out",
        "trail",
        basic(ExcludeManagementEventSources=["ec2.amazonaws.com"]),
        ["E_EXCLUDE_SOURCE_INVALID"],
        "all all",
    ),
    (
        "no category",
        "trail",
        advanced([{"Field": "readOnly", "Equals": ["true"]}]),
        ["E_CATEGORY_MISSING"],
        "none none",
    ),
    (
        "category by prefix",
        "trail",
        advanced([{"Field": "eventCategory", "StartsWith": ["Man"]}]),
        ["E_CATEGORY_OPERATOR"],
        "none none",
    ),
    (
        "two categories",
        "trail",
        advanced([{"Field": "eventCategory", "Equals": ["Management", "Data"]}]),
        ["E_CATEGORY_MULTIPLE"],
        "none none",
    ),
    (
        "a field that trails do not have for management events",
        "trail",
        advanced([MANAGEMENT, {"Field": "eventName", "Equals": ["RunInstances"]}]),
        ["E_FIELD_UNSUPPORTED"],
        "none none",
    ),
    ("no operator", "trail", advanced([MANAGEMENT, {"Field": "readOnly"}]), ["E_NO_OPERATOR"], "none none"),
    (
        "readOnly by exclusion",
        "trail",
        advanced([MANAGEMENT, {"Field": "readOnly", "NotEquals": ["true"]}]),
        ["E_READONLY_OPERATOR"],
        "none none",
    ),
    (
        "one source only",
        "trail",
        advanced([MANAGEMENT, {"Field": "eventSource", "Equals": ["kms.amazonaws.com"]}]),
        ["E_EVENTSOURCE_OPERATOR"],
        "none none",
    ),
    ("data of no type", "trail", advanced([MANAGEMENT], [DATA]), ["E_RESOURCE_TYPE_MISSING"], "all all"),
    (
        "type by prefix",
        "trail",
        advanced([DATA, {"Field": "resources.type", "StartsWith": ["AWS::S3"]}]),
        ["E_RESOURCE_TYPE_OPERATOR"],
        "none none",
    ),
    (
        "two types",
        "trail",
        advanced([DATA, {"Field": "resources.type", "Equals": ["AWS::S3::Object", "AWS::Lambda::Function"]}]),
        ["E_RESOURCE_TYPE_MULTIPLE"],
        "none none",
    ),
    ("network of no source", "trail", advanced([NETWORK]), ["E_NETWORK_SOURCE_MISSING"], "none none"),
    (
        "an Insight store with another field",
        "eds",
        advanced([{"Field": "eventCategory", "Equals": ["Insight"]}, {"Field": "eventName", "Equals": ["x"]}]),
        ["E_FIELD_UNSUPPORTED"],
        "none none",
    ),
]


@pytest.mark.parametrize(("name", "kind", "given", "codes", "halves"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(name: str, kind: str, given: dict[str, Any], codes: list[str], halves: str) -> None:
    found = coverage((shapes.store if kind == "eds" else shapes.trail)(given))
    management = found.management
    assert ([error.code for error in found.errors], f"{management.read.value} {management.write.value}") == (
        codes,
        halves,
    )


# name, input, read and write, excluded sources, unknown sources
UNDECIDED = [
    ("exclusion partly known", basic(ExcludeManagementEventSources=["kms.amazonaws.com", UNKNOWN]), "all all", 1, 1),
    (
        "category unknown, writes only",
        advanced([{"Field": "eventCategory", "Equals": [UNKNOWN]}, {"Field": "readOnly", "Equals": ["false"]}]),
        "none unknown",
        0,
        0,
    ),
    ("field unknown", advanced([MANAGEMENT, {"Field": UNKNOWN, "Equals": ["true"]}]), "unknown unknown", 0, 0),
    (
        "a second selector takes everything",
        advanced([MANAGEMENT, {"Field": "readOnly", "Equals": [UNKNOWN]}], [MANAGEMENT]),
        "all all",
        0,
        0,
    ),
    ("the other kind unknown: it can only be empty", basic() | {"AdvancedEventSelectors": UNKNOWN}, "all all", 0, 0),
    ("both kinds unknown", {"EventSelectors": UNKNOWN, "AdvancedEventSelectors": UNKNOWN}, "unknown unknown", 0, 0),
    (
        "nothing is recorded, whatever the half",
        basic(ReadWriteType=UNKNOWN, IncludeManagementEvents=False),
        "none none",
        0,
        0,
    ),
]


@pytest.mark.parametrize(("name", "given", "halves", "excluded", "unknown"), UNDECIDED, ids=[c[0] for c in UNDECIDED])
def test_undecided(name: str, given: dict[str, Any], halves: str, excluded: int, unknown: int) -> None:
    management = coverage(shapes.trail(given)).management
    assert f"{management.read.value} {management.write.value}" == halves
    assert (len(management.excluded_sources), len(management.unknown_sources)) == (excluded, unknown)


def possible(*selectors: dict[str, Any]) -> Coverage:
    """Judge a trail whose only selectors are those of a dynamic block that may be empty."""
    trail = shapes.trail({})
    items = Items(possible=tuple(shapes.basic(selector) for selector in selectors), origin=shapes.ORIGIN)
    return coverage(replace(trail, event_selectors=items))


def test_a_possible_selector_that_takes_everything_changes_nothing() -> None:
    management = possible({"ReadWriteType": "All"}).management
    assert (management.read, management.write) == (Extent.ALL, Extent.ALL)


def test_no_block_at_all_means_everything() -> None:
    management = possible({"ReadWriteType": "WriteOnly"}).management
    assert (management.read, management.write) == (Extent.UNKNOWN, Extent.ALL)


def test_what_is_wrong_with_a_possible_selector_is_no_error_yet() -> None:
    found = possible({"ReadWriteType": "all"})
    assert found.errors == ()
    assert [error.code for error in found.possible_errors] == ["E_RWT_INVALID"]


def test_limits_name_what_is_written_and_where() -> None:
    found = coverage(shapes.trail(basic(ReadWriteType="WriteOnly")))
    assert [(limit.text, limit.halves) for limit in found.limits] == [
        ('read_write_type is "WriteOnly"', frozenset({"read"}))
    ]
