"""What got worse between two reports, made by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from checkov_cloudtrail.model.coverage import Coverage, DataCoverage, Extent, ManagementCoverage
from checkov_cloudtrail.model.deployment import Case, Deployment, Framework
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import AccountSummary, Comparison, Judgement, Report, Result, TrailSummary
from checkov_cloudtrail.model.rule import Level, Verdict
from checkov_cloudtrail.report import json as json_report
from checkov_cloudtrail.report import markdown, text
from checkov_cloudtrail.since import compare, narrowed

HERE = Range("main.tf", 3, 1, 3, 5, 0, 4)
ALL, NONE, PARTIAL, UNKNOWN = Extent.ALL, Extent.NONE, Extent.PARTIAL, Extent.UNKNOWN
TRAIL = TrailSummary(
    address="aws_cloudtrail.this",
    range=HERE,
    block=HERE,
    scope="default",
    exists="yes",
    multi_region="true",
    organization="false",
    logging="true",
    log_file_validation="true",
    global_service_events="true",
    coverage=Coverage(ManagementCoverage(ALL, ALL), {"AWS::S3::Object": DataCoverage(ALL, ALL)}),
)
FAILED = Result(
    rule="CT002",
    slug="single-region-trail",
    verdict=Verdict.FAIL,
    level=Level.ERROR,
    resource="aws_cloudtrail.this",
    deployment=".",
    framework=Framework.TERRAFORM,
    range=HERE,
    message="The trail is single-Region",
)


def report(
    trails: tuple[TrailSummary, ...] = (TRAIL,),
    results: tuple[Result, ...] = (),
    accounts: tuple[AccountSummary, ...] = (),
    root: str = ".",
) -> Report:
    deployment = Deployment(root=root, framework=Framework.TERRAFORM, scopes=(), cases=(Case(),))
    return Report((Judgement(deployment, trails, (), accounts, results),))


def recording(read: Extent, write: Extent, **more: object) -> TrailSummary:
    return replace(TRAIL, coverage=Coverage(ManagementCoverage(read, write, **more)))  # type: ignore[arg-type]


def data(**extents: Extent) -> TrailSummary:
    covered = {kind.replace("_", "::"): DataCoverage(extent, extent) for kind, extent in extents.items()}
    return replace(TRAIL, coverage=Coverage(ManagementCoverage(ALL, ALL), covered))


NO_DATA = recording(ALL, ALL)
LOSSES = [
    ("nothing", TRAIL, TRAIL, []),
    ("better", replace(TRAIL, multi_region="false"), TRAIL, []),
    ("a switch", TRAIL, replace(TRAIL, logging="false"), [("logging", "true", "false")]),
    ("a switch in doubt", TRAIL, replace(TRAIL, multi_region="unknown"), [("multi_region", "true", "unknown")]),
    ("existence", TRAIL, replace(TRAIL, exists="unknown"), [("exists", "yes", "unknown")]),
    ("reads", NO_DATA, recording(NONE, ALL), [("management_events.read", "all", "none")]),
    ("a part", NO_DATA, recording(ALL, PARTIAL), [("management_events.write", "all", "partial")]),
    ("doubt is no gain", recording(PARTIAL, ALL), recording(UNKNOWN, ALL), []),
    (
        "a source",
        NO_DATA,
        recording(ALL, ALL, excluded_sources=("kms.amazonaws.com",)),
        [("management_events of kms.amazonaws.com", "all", "none")],
    ),
    ("a source comes back", recording(ALL, ALL, excluded_sources=("kms.amazonaws.com",)), NO_DATA, []),
    (
        "data events",
        data(AWS_S3_Object=ALL),
        data(AWS_Lambda_Function=ALL),
        [("data_events.AWS::S3::Object.read", "all", "none"), ("data_events.AWS::S3::Object.write", "all", "none")],
    ),
]


@pytest.mark.parametrize(("name", "before", "after", "expected"), LOSSES, ids=[case[0] for case in LOSSES])
def test_losses(name: str, before: TrailSummary, after: TrailSummary, expected: list[tuple[str, str, str]]) -> None:
    lost = compare(report((before,)), report((after,)), "main", "abc").lost
    assert [(loss.attribute, loss.before, loss.after) for loss in lost] == expected


def test_all_types_cover_each_of_them() -> None:
    everything = replace(TRAIL, coverage=replace(TRAIL.coverage, data={}, other_data=DataCoverage(ALL, ALL)))
    assert compare(report(), report((everything,)), "main", "abc").lost == ()
    lost = compare(report((everything,)), report((data(AWS_S3_Object=NONE),)), "main", "abc").lost
    assert [loss.attribute for loss in lost] == [f"data_events.AWS::S3::Object.{half}" for half in ("read", "write")]


def test_the_organization_trail_stopped_recording_reads() -> None:
    before = replace(NO_DATA, organization="true")
    after = replace(recording(NONE, ALL), organization="true")
    (loss,) = compare(report((before,)), report((after,)), "main", "abc").lost
    assert loss.message == "the organization trail aws_cloudtrail.this stopped recording reads"
    assert loss.range == HERE


@pytest.mark.parametrize("after", [(), (replace(TRAIL, exists="no"),)], ids=["removed", "count is 0"])
def test_a_trail_that_is_gone(after: tuple[TrailSummary, ...]) -> None:
    (loss,) = compare(report(), report(after), "main", "abc").lost
    assert (loss.message, loss.before, loss.after, loss.range) == (
        "the trail aws_cloudtrail.this is gone",
        "yes",
        "no",
        None,
    )


def test_a_trail_with_another_name_or_in_another_directory_is_the_same() -> None:
    renamed = report(
        (replace(TRAIL, address="aws_cloudtrail.other"),), (replace(FAILED, resource="aws_cloudtrail.other"),)
    )
    moved = report((TRAIL,), (replace(FAILED, deployment="live"),), root="live")
    for new in (renamed, moved):
        assert compare(report(results=(FAILED,)), new, "main", "abc") == Comparison("main", "abc", (), ())


def test_an_account() -> None:
    def judged(verdict: Verdict, *reasons: str) -> Report:
        return report(accounts=(AccountSummary("default", verdict, None, reasons),))

    (loss,) = compare(judged(Verdict.PASS), judged(Verdict.FAIL, "single-region-trail"), "main", "abc").lost
    assert loss.message == "the account default has no compliant trail any more: single-region-trail"
    assert compare(judged(Verdict.FAIL), judged(Verdict.PASS), "main", "abc").lost == ()


FINDINGS = [
    ("new", (), (FAILED,), 1),
    ("known", (FAILED,), (FAILED,), 0),
    ("on another line", (replace(FAILED, range=replace(HERE, line=9)),), (FAILED,), 0),
    ("was unknown", (replace(FAILED, verdict=Verdict.UNKNOWN),), (FAILED,), 1),
    ("was a note", (replace(FAILED, level=Level.NOTE),), (FAILED,), 1),
    ("is a note now", (FAILED,), (replace(FAILED, level=Level.NOTE),), 0),
    ("was skipped", (replace(FAILED, verdict=Verdict.SKIPPED),), (FAILED,), 1),
    ("is unknown now", (), (replace(FAILED, verdict=Verdict.UNKNOWN),), 0),
    ("of another resource", (replace(FAILED, resource="other"),), (FAILED,), 1),
]


@pytest.mark.parametrize(("name", "before", "after", "expected"), FINDINGS, ids=[case[0] for case in FINDINGS])
def test_new_findings(name: str, before: tuple[Result, ...], after: tuple[Result, ...], expected: int) -> None:
    found = compare(report(results=before), report(results=after), "main", "abc").new
    assert found == after * expected


def compared() -> Report:
    old = report(results=(replace(FAILED, rule="CT004"),))
    results = (FAILED, replace(FAILED, rule="CT004"), replace(FAILED, rule="CT003", verdict=Verdict.PASS))
    new = report((replace(TRAIL, multi_region="false"),), results)
    return replace(new, since=compare(old, new, "main", "0123456789abcdef"))


def test_only_new_findings_are_shown() -> None:
    assert [result.rule for result in narrowed(compared()).results] == ["CT002"]


def test_text() -> None:
    assert text.render(narrowed(compared())) == (
        "error[CT002] The trail is single-Region\n"
        " --> main.tf:3:1 single-region-trail\n"
        "  = in aws_cloudtrail.this\n"
        "\n"
        "lost the trail aws_cloudtrail.this stopped being multi-Region\n"
        "  --> main.tf:3\n"
        "   = multi_region: true before, false now\n"
        "\n"
        "Since main (0123456789ab): 1 new finding, 1 loss of coverage\n"
    )


def test_markdown() -> None:
    written = markdown.render(narrowed(compared()), prefix="infra")
    assert "❌ Since <code>main</code> (0123456789ab): 1 new finding, 1 loss of coverage" in written
    assert (
        "| the trail aws_cloudtrail.this stopped being multi-Region | <code>multi_region</code> | true | false "
        "| <code>infra/main.tf:3</code> |" in written
    )


def test_json_keeps_every_result_and_adds_a_field() -> None:
    written = json.loads(json_report.render(compared()))
    assert len(written["results"]) == 3
    assert written["since"]["revision"] == "main"
    assert [result["rule"] for result in written["since"]["new"]] == ["CT002"]
    assert written["since"]["lost"] == [
        {
            "deployment": ".",
            "subject": "aws_cloudtrail.this",
            "attribute": "multi_region",
            "before": "true",
            "after": "false",
            "message": "the trail aws_cloudtrail.this stopped being multi-Region",
            "file": "main.tf",
            "line": 3,
        }
    ]
    assert "since" not in json.loads(json_report.render(replace(compared(), since=None)))
