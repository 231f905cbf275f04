"""The JSON report, field for field as the contract has it."""

from __future__ import annotations

import json
from dataclasses import replace

from checkov_cloudtrail import __version__
from checkov_cloudtrail.model.coverage import Coverage, DataCoverage, Extent, ManagementCoverage
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import Edit, Fix, Report, StoreSummary, TrailSummary
from checkov_cloudtrail.report.json import render

HEADER = Range("main.tf", 1, 1, 1, 33, 0, 32)
COVERAGE = Coverage(
    ManagementCoverage(Extent.ALL, Extent.PARTIAL, ("kms.amazonaws.com",), ("rdsdata.amazonaws.com",)),
    data={"AWS::S3::Object": DataCoverage(Extent.NONE, Extent.UNKNOWN)},
)
TRAIL = TrailSummary(
    address="aws_cloudtrail.this",
    range=HEADER,
    block=HEADER,
    scope="default",
    exists="yes",
    multi_region="false",
    organization="unknown",
    logging="true",
    log_file_validation="false",
    global_service_events="true",
    coverage=COVERAGE,
)


def test_every_field(report: Report) -> None:
    judgement = report.judgements[0]
    fix = Fix("Set it", True, (Edit(Range("main.tf", 3, 27, 3, 36, 88, 97), "true"),))
    store = StoreSummary(
        address="aws_cloudtrail_event_data_store.lake",
        range=HEADER,
        block=HEADER,
        scope="default",
        exists="unknown",
        coverage=COVERAGE,
    )
    failed = replace(judgement.results[3], fix=fix)
    skipped = judgement.results[5]
    full = replace(judgement, trails=(TRAIL,), event_data_stores=(store,), results=(failed, skipped))
    coverage = {
        "management_events": {
            "read": "all",
            "write": "partial",
            "excluded_sources": ["kms.amazonaws.com"],
            "unknown_sources": ["rdsdata.amazonaws.com"],
        },
        "data_events": {"AWS::S3::Object": {"read": "none", "write": "unknown"}},
    }
    assert json.loads(render(replace(report, judgements=(full,)))) == {
        "schema_version": 1,
        "tool": {"name": "checkov-cloudtrail", "version": __version__},
        "deployments": [
            {
                "root": ".",
                "framework": "terraform",
                "trails": [
                    {
                        "address": "aws_cloudtrail.this",
                        "file": "main.tf",
                        "line": 1,
                        "scope": "default",
                        "exists": "yes",
                        "multi_region": "false",
                        "organization": "unknown",
                        "logging": "true",
                        "log_file_validation": "false",
                        "global_service_events": "true",
                        **coverage,
                    }
                ],
                "event_data_stores": [
                    {
                        "address": "aws_cloudtrail_event_data_store.lake",
                        "file": "main.tf",
                        "line": 1,
                        "exists": "unknown",
                        **coverage,
                    }
                ],
                "accounts": [
                    {
                        "scope": "default",
                        "verdict": "fail",
                        "trail": "aws_cloudtrail.this",
                        "reasons": ["single-region-trail"],
                    },
                    {
                        "scope": "aws.other",
                        "verdict": "unknown",
                        "trail": None,
                        "reasons": ["module.odd is not here"],
                    },
                ],
            }
        ],
        "results": [
            {
                "rule": "CT012",
                "slug": "insights-disabled",
                "verdict": "skipped",
                "level": "note",
                "resource": "aws_cloudtrail.this",
                "deployment": ".",
                "file": "main.tf",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 33,
                "message": "No Insights selector.",
                "evidence": [],
                "fingerprint": "f6",
                "fix": None,
                "skip_reason": "too dear",
            },
            {
                "rule": "CT002",
                "slug": "single-region-trail",
                "verdict": "fail",
                "level": "error",
                "resource": "aws_cloudtrail.this",
                "deployment": ".",
                "file": "main.tf",
                "line": 3,
                "column": 27,
                "end_line": 3,
                "end_column": 36,
                "message": "The trail covers one Region: is_multi_region_trail is false.",
                "evidence": [
                    {"file": "main.tf", "line": 3, "text": "is_multi_region_trail = var.multi"},
                    {"file": "variables.tf", "line": 2, "text": 'variable "multi" defaults to false'},
                ],
                "fingerprint": "f1",
                "fix": {
                    "title": "Set it",
                    "safe": True,
                    "edits": [
                        {
                            "file": "main.tf",
                            "line": 3,
                            "column": 27,
                            "end_line": 3,
                            "end_column": 36,
                            "replacement": "true",
                        }
                    ],
                },
                "skip_reason": None,
            },
        ],
        "errors": [{"file": "broken.tf", "line": 7, "column": 3, "message": "an argument has no value"}],
        "summary": {"pass": 0, "fail": 1, "unknown": 0, "skipped": 1, "errors": 1},
    }


def test_nothing_hostile_is_written_raw(report: Report) -> None:
    assert render(report).isascii()
    assert "\x1b" not in render(report)
