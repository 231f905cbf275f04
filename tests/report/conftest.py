"""A report made by hand, with one result of every kind and text that every format must escape."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkov_cloudtrail.model.deployment import Case, Deployment, Framework, Scope
from checkov_cloudtrail.model.location import Range, SourceError, Step
from checkov_cloudtrail.model.report import AccountSummary, Judgement, Report, Result
from checkov_cloudtrail.model.rule import Level, Rule, Subject, Verdict

MAIN = """\
resource "aws_cloudtrail" "this" {
  name                  = "audit"
  is_multi_region_trail = var.multi
}
"""
VARIABLES = 'variable "multi" {\n  default = false\n}\n'
ODD = "modules/a b, 50%: <x>|`y`/main.tf"


def rule(identifier: str, slug: str, level: Level, **more: object) -> Rule:
    return replace(
        Rule(
            id=identifier,
            slug=slug,
            subject=Subject.TRAIL,
            level=level,
            profiles=frozenset({"default"}),
            summary=f"Fails when {slug}.",
            why="Somebody will look for these events.",
            remedy="Set the attribute.",
            evaluate=lambda subject, context: None,
        ),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def rules() -> tuple[Rule, ...]:
    return (
        rule(
            "CT002",
            "single-region-trail",
            Level.ERROR,
            security_severity="8.0",
            compliance={"CIS 3.0": ("3.1",), "NIST 800-53": ("AU-2", "AU-12")},
            references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-logs.html",),
        ),
        rule("CT004", "log-file-validation-disabled", Level.WARNING),
        rule("CT012", "insights-disabled", Level.NOTE),
    )


@pytest.fixture
def report() -> Report:
    value = Range("main.tf", 3, 27, 3, 36, 88, 97)
    header = Range("main.tf", 1, 1, 1, 33, 0, 32)
    failed = Result(
        rule="CT002",
        slug="single-region-trail",
        verdict=Verdict.FAIL,
        level=Level.ERROR,
        resource="aws_cloudtrail.this",
        deployment=".",
        framework=Framework.TERRAFORM,
        range=value,
        message="The trail covers one Region: is_multi_region_trail is false.",
        evidence=(
            Step(value, "is_multi_region_trail = var.multi"),
            Step(Range("variables.tf", 2, 13, 2, 18, 31, 36), 'variable "multi" defaults to false'),
        ),
        fingerprint="f1",
    )
    validation = replace(
        failed,
        rule="CT004",
        slug="log-file-validation-disabled",
        level=Level.WARNING,
        range=header,
        message="Log file validation is off: enable_log_file_validation is missing.",
        evidence=(),
        fingerprint="f2",
    )
    results = (
        replace(validation, verdict=Verdict.PASS, resource="aws_cloudtrail.other", fingerprint="f3"),
        validation,
        replace(validation, deployment="other", fingerprint="f4", resource='aws_cloudtrail.this["a|b, *c*"]'),
        failed,
        replace(
            failed,
            verdict=Verdict.UNKNOWN,
            resource="module.odd.aws_cloudtrail.this",
            range=Range(ODD, 1, 1, 4, 2, 0, 90),
            message="var.multi has no value,\nso 50% of <it> | `is` [open](x): ##[error]\x1b[0m",
            evidence=(),
            fingerprint="f5",
        ),
        replace(
            failed,
            rule="CT012",
            slug="insights-disabled",
            level=Level.NOTE,
            verdict=Verdict.SKIPPED,
            range=header,
            message="No Insights selector.",
            evidence=(),
            skip_reason="too dear",
            fingerprint="f6",
        ),
    )
    judgement = Judgement(
        deployment=Deployment(
            root=".", framework=Framework.TERRAFORM, scopes=(Scope("default", header),), cases=(Case(),)
        ),
        trails=(),
        event_data_stores=(),
        accounts=(
            AccountSummary("default", Verdict.FAIL, "aws_cloudtrail.this", ("single-region-trail",)),
            AccountSummary("aws.other", Verdict.UNKNOWN, None, ("module.odd is not here",)),
        ),
        results=results,
    )
    return Report(
        judgements=(judgement,),
        errors=(SourceError("broken.tf", 7, 3, "an argument has no value"),),
        sources={"main.tf": MAIN, "variables.tf": VARIABLES, ODD: MAIN},
    )
