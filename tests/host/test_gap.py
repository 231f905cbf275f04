"""What checkov's report lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkov_cloudtrail.host.gap import Gap, compare
from checkov_cloudtrail.host.journal import Event
from checkov_cloudtrail.model.deployment import Framework
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import Result
from checkov_cloudtrail.model.rule import Level, Verdict

PASSED = Result(
    rule="CT002",
    slug="single-region-trail",
    verdict=Verdict.PASS,
    level=Level.ERROR,
    resource="module.m.aws_cloudtrail.this",
    deployment="a",
    framework=Framework.TERRAFORM,
    range=Range("modules/m/main.tf"),
    message="The trail covers every Region.",
)
ELSEWHERE = replace(PASSED, deployment="b", verdict=Verdict.FAIL)
UNDECIDED = replace(PASSED, verdict=Verdict.UNKNOWN, message="var.multi has no value.")
NOTE = replace(UNDECIDED, level=Level.NOTE)


def asked(*meant: Result) -> Event:
    return {
        "event": "asked",
        "rule": "CT002",
        "file": "/repository/modules/m/main.tf",
        "address": "module.m.aws_cloudtrail.this",
        "meant": [[result.deployment, result.resource] for result in meant],
    }


@pytest.mark.parametrize(
    ("expected", "events", "strict", "gap"),
    [
        pytest.param([PASSED], [asked(PASSED)], False, Gap((), (), (), 1), id="complete"),
        pytest.param([PASSED], [asked(PASSED), asked(PASSED)], False, Gap((), (), (), 1), id="asked twice"),
        pytest.param([], [asked(PASSED)], False, Gap((), (), (), 0), id="a rule that was not chosen"),
        pytest.param([PASSED, ELSEWHERE], [asked(PASSED)], False, Gap((ELSEWHERE,), (), (), 2), id="not asked"),
        pytest.param(
            [PASSED, ELSEWHERE],
            [asked(PASSED, ELSEWHERE)],
            False,
            Gap((), (), ((PASSED, ELSEWHERE),), 2),
            id="one row for two roots",
        ),
        pytest.param([UNDECIDED], [asked(UNDECIDED)], False, Gap((), (UNDECIDED,), (), 1), id="UNKNOWN is dropped"),
        pytest.param([UNDECIDED], [asked(UNDECIDED)], True, Gap((), (), (), 1), id="UNKNOWN is FAILED"),
        pytest.param([NOTE], [asked(NOTE)], True, Gap((), (NOTE,), (), 1), id="an unknown note never fails"),
        pytest.param([UNDECIDED], [], False, Gap((UNDECIDED,), (), (), 1), id="unknown and not asked is one loss"),
    ],
)
def test_compare(expected: list[Result], events: list[Event], strict: bool, gap: Gap) -> None:
    assert compare(expected, events, strict) == gap


def test_every_loss_is_named() -> None:
    gap = Gap((ELSEWHERE,), (UNDECIDED,), ((PASSED, ELSEWHERE),), 4)
    assert gap
    assert gap.lines() == [
        "checkov's report does not show everything (4 verdicts):",
        "  module.m.aws_cloudtrail.this (b): checkov does not know this resource (CT002)",
        "  CT002 on module.m.aws_cloudtrail.this (a): unknown, checkov leaves it out: var.multi has no value.",
        (
            "  module.m.aws_cloudtrail.this (a) and module.m.aws_cloudtrail.this (b): "
            "checkov has one row for all of them (CT002)"
        ),
    ]


def test_a_complete_report_says_so() -> None:
    gap = Gap((), (), (), 3)
    assert not gap
    assert gap.lines() == ["checkov reported all 3 verdicts"]
