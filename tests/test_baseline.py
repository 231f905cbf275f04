"""Accepted findings in checkov's format."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from checkov.common.output.baseline import Baseline as CheckovBaseline

from checkov_cloudtrail import baseline
from checkov_cloudtrail.model.deployment import Deployment, Framework
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import Judgement, Report, Result
from checkov_cloudtrail.model.rule import Level, Verdict

FAILED = Result(
    rule="CT002",
    slug="single-region-trail",
    verdict=Verdict.FAIL,
    level=Level.ERROR,
    resource="aws_cloudtrail.this",
    deployment="infra/prod",
    framework=Framework.TERRAFORM,
    range=Range("infra/prod/main.tf", 7, 27),
    message="The trail covers one Region.",
)
MOVED = replace(FAILED, range=Range("infra/prod/main.tf", 12, 3))
OTHER_RULE = replace(FAILED, rule="CT004")
OTHER_ROOT = replace(FAILED, deployment="infra/dev", range=Range("infra/dev/main.tf"))
SHARED = replace(FAILED, resource="module.m.aws_cloudtrail.this", range=Range("modules/m/main.tf"))
SHARED_ELSEWHERE = replace(SHARED, deployment="infra/dev")
PASSED = replace(FAILED, verdict=Verdict.PASS)
TEMPLATE = replace(
    FAILED, framework=Framework.CLOUDFORMATION, deployment="t.yaml", resource="Trail", range=Range("t.yaml")
)


def report(*results: Result) -> Report:
    return Report(
        tuple(
            Judgement(Deployment(result.deployment, result.framework, (), ()), (), (), (), (result,))
            for result in results
        )
    )


def verdicts(found: Report) -> list[str]:
    return [result.verdict.value for judgement in found.judgements for result in judgement.results]


def test_the_file_is_checkovs(tmp_path: Path) -> None:
    text = baseline.write(report(FAILED, OTHER_RULE, PASSED), ".checkov.baseline")
    assert json.loads(text) == {
        "failed_checks": [
            {
                "file": "/infra/prod/main.tf",
                "findings": [{"resource": "aws_cloudtrail.this", "check_ids": ["CT002", "CT004"]}],
            }
        ]
    }
    (tmp_path / "b").write_text(text)
    theirs = CheckovBaseline()
    theirs.from_json(str(tmp_path / "b"))
    assert theirs.failed_checks == json.loads(text)["failed_checks"]


@pytest.mark.parametrize(
    ("written", "now", "verdict"),
    [
        pytest.param(FAILED, FAILED, "skipped", id="the same finding"),
        pytest.param(FAILED, MOVED, "skipped", id="lines have moved"),
        pytest.param(FAILED, OTHER_RULE, "fail", id="another rule"),
        pytest.param(FAILED, OTHER_ROOT, "fail", id="the same address in another root"),
        pytest.param(SHARED, SHARED, "skipped", id="in a shared module"),
        pytest.param(SHARED, SHARED_ELSEWHERE, "fail", id="in a shared module, called by another root"),
        pytest.param(FAILED, PASSED, "pass", id="repaired"),
        pytest.param(TEMPLATE, TEMPLATE, "skipped", id="in a template"),
    ],
)
@pytest.mark.parametrize("path", [".checkov.baseline", "infra/.checkov.baseline"])
def test_apply(written: Result, now: Result, verdict: str, path: str) -> None:
    accepted = baseline.read(baseline.write(report(written), path), path)
    found = accepted.apply(report(now))
    assert verdicts(found) == [verdict]
    reasons = [result.skip_reason for result in found.results]
    assert reasons == [baseline.ACCEPTED if verdict == "skipped" else None]


def test_a_baseline_that_checkov_wrote_is_read() -> None:
    text = json.dumps(
        {
            "failed_checks": [
                {"file": "/modules/m/main.tf", "findings": [{"resource": SHARED.resource, "check_ids": ["CT002"]}]},
                {"file": "/t.yaml", "findings": [{"resource": "Trail", "check_ids": ["CT002"]}]},
            ]
        }
    )
    accepted = baseline.read(text, ".checkov.baseline")
    assert verdicts(accepted.apply(report(SHARED, SHARED_ELSEWHERE, TEMPLATE))) == ["skipped", "skipped", "skipped"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"failed_checks": [{"file": "/main.tf"}]}'])
def test_what_is_no_baseline_is_named(text: str) -> None:
    with pytest.raises(baseline.BaselineError, match=r"^here/b is not a baseline of checkov's format"):
        baseline.read(text, "here/b")
