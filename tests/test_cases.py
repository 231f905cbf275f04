"""One answer of several cases."""

from __future__ import annotations

from dataclasses import replace

from checkov_cloudtrail.cases import Answer, merge
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.rule import Level, Outcome, SetAttribute, Verdict

REPAIR = SetAttribute("multi_region", True, "Set it to true")
FAIL = Answer(("Env = dev",), Outcome(Verdict.FAIL, "It fails", Range("f", 1), repair=REPAIR), Level.ERROR, "Trail")


def test_cases_that_fail_at_one_place_are_repaired_there() -> None:
    merged = merge([FAIL, replace(FAIL, choices=("Env = prod",))])
    assert merged is not None
    assert merged.outcome == FAIL.outcome


def test_cases_that_fail_at_two_places_have_no_repair_at_one() -> None:
    """Half of a conditional repaired would be called fixed and go on failing."""
    assert FAIL.outcome is not None
    other = replace(FAIL, choices=("Env = prod",), outcome=replace(FAIL.outcome, range=Range("f", 2)))
    merged = merge([FAIL, other])
    assert merged is not None
    assert merged.outcome == replace(FAIL.outcome, repair=None)
