"""The JSON report, `schema_version` 1: public interface, field for field as contract 2 says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from checkov_cloudtrail import __version__
from checkov_cloudtrail.model.coverage import Coverage
from checkov_cloudtrail.model.location import SourceError, Step
from checkov_cloudtrail.model.report import (
    AccountSummary,
    Comparison,
    Edit,
    Fix,
    Judgement,
    Loss,
    Report,
    Result,
    StoreSummary,
    TrailSummary,
)

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """Write the whole report; pure ASCII, so that nothing on the way can damage it."""
    return "".join(parts(report))


def parts(report: Report) -> Iterator[str]:
    """Write the report piece by piece: as one text, that of a large repository would be most of the memory.

    `since` is there only when a revision was compared with.
    """
    tool = {"name": "checkov-cloudtrail", "version": __version__}
    yield f'{{\n  "schema_version": {SCHEMA_VERSION},\n  "tool": {_indented(tool, "  ")}'
    yield from _array("deployments", map(_deployment, report.judgements))
    yield from _array("results", map(_result, report.results))
    yield from _array("errors", map(_error, report.errors))
    yield f',\n  "summary": {_indented(report.summary, "  ")}'
    if report.since is not None:
        yield f',\n  "since": {_indented(_since(report.since), "  ")}'
    yield "\n}\n"


def _array(name: str, items: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield f',\n  "{name}": ['
    empty = True
    for item in items:
        yield f"{'' if empty else ','}\n    {_indented(item, '    ')}"
        empty = False
    yield "]" if empty else "\n  ]"


def _indented(value: Any, indent: str) -> str:
    # JSON strings hold no raw line break, so each one begins a line of the layout.
    return json.dumps(value, indent=2).replace("\n", f"\n{indent}")


def _since(since: Comparison) -> dict[str, Any]:
    return {
        "revision": since.revision,
        "commit": since.commit,
        "new": [_result(result) for result in since.new],
        "lost": [_loss(loss) for loss in since.lost],
    }


def _loss(loss: Loss) -> dict[str, Any]:
    return {
        "deployment": loss.deployment,
        "subject": loss.subject,
        "attribute": loss.attribute,
        "before": loss.before,
        "after": loss.after,
        "message": loss.message,
        "file": loss.range.file if loss.range else None,
        "line": loss.range.line if loss.range else None,
    }


def _deployment(judgement: Judgement) -> dict[str, Any]:
    return {
        "root": judgement.deployment.root,
        "framework": judgement.deployment.framework.value,
        "trails": [_trail(trail) for trail in judgement.trails],
        "event_data_stores": [_store(store) for store in judgement.event_data_stores],
        "accounts": [_account(account) for account in judgement.accounts],
    }


def _trail(trail: TrailSummary) -> dict[str, Any]:
    return {
        "address": trail.address,
        "file": trail.range.file,
        "line": trail.range.line,
        "scope": trail.scope,
        "exists": trail.exists,
        "multi_region": trail.multi_region,
        "organization": trail.organization,
        "logging": trail.logging,
        "log_file_validation": trail.log_file_validation,
        "global_service_events": trail.global_service_events,
        **_coverage(trail.coverage),
    }


def _store(store: StoreSummary) -> dict[str, Any]:
    return {
        "address": store.address,
        "file": store.range.file,
        "line": store.range.line,
        "exists": store.exists,
        **_coverage(store.coverage),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    management = coverage.management
    return {
        "management_events": {
            "read": management.read.value,
            "write": management.write.value,
            "excluded_sources": list(management.excluded_sources),
            "unknown_sources": list(management.unknown_sources),
        },
        "data_events": {
            kind: {"read": data.read.value, "write": data.write.value} for kind, data in coverage.data.items()
        },
    }


def _account(account: AccountSummary) -> dict[str, Any]:
    return {
        "scope": account.scope,
        "verdict": account.verdict.value,
        "trail": account.trail,
        "reasons": list(account.reasons),
    }


def _result(result: Result) -> dict[str, Any]:
    place = result.range
    return {
        "rule": result.rule,
        "slug": result.slug,
        "verdict": result.verdict.value,
        "level": result.level.value,
        "resource": result.resource,
        "deployment": result.deployment,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "message": result.message,
        "evidence": [_step(step) for step in result.evidence],
        "fingerprint": result.fingerprint,
        "fix": None if result.fix is None else _fix(result.fix),
        "skip_reason": result.skip_reason,
    }


def _step(step: Step) -> dict[str, Any]:
    return {"file": step.range.file, "line": step.range.line, "text": step.text}


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> dict[str, Any]:
    place = edit.range
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "replacement": edit.text,
    }


def _error(error: SourceError) -> dict[str, Any]:
    return {"file": error.file, "line": error.line, "column": error.column, "message": error.message}
