"""Markdown for a job summary or a comment: the verdict of each account, the findings, and the details folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import Comparison, Report, Result
from checkov_cloudtrail.model.rule import Level, Rule, Verdict
from checkov_cloudtrail.report.lines import worse
from checkov_cloudtrail.report.repository import in_repository

# GitHub takes a job summary of 1 MiB and drops a larger one: at most nine sections of this many bytes.
MAX_SECTION = 100_000
MAX_ROWS = 200
MAX_CELL = 1_000

_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
_MARK = {Verdict.PASS: "✅ pass", Verdict.FAIL: "❌ fail", Verdict.UNKNOWN: "❔ unknown", Verdict.SKIPPED: "skipped"}
# An underscore inside a word is only itself.
_EDGE_UNDERSCORE = re.compile("(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_SPECIAL = {ord(character): f"&#{ord(character)};" for character in "\\`*[]<>#|~&@$"}


def render(report: Report, *, rules: Iterable[Rule] = (), prefix: str = ".", strict_unknown: bool = False) -> str:
    """Write the summary.

    Args:
        report: the analysis.
        rules: for the rules' documentation.
        prefix: the working directory of the analysis, relative to the repository.
        strict_unknown: unknown counts as failed.
    """
    results = report.results
    failed = sorted((r for r in results if r.verdict is Verdict.FAIL), key=lambda r: _ORDER[r.level])
    unknown = [r for r in results if r.verdict is Verdict.UNKNOWN]
    skipped = [r for r in results if r.verdict is Verdict.SKIPPED]
    parts = [
        "## CloudTrail\n",
        _headline(report, strict_unknown),
        _errors(report, prefix),
        _lost(report.since, prefix) if report.since else "",
        _accounts(report, prefix),
        _table("Findings", failed, prefix),
        _folded("What was seen", failed, prefix),
        _table("Cannot be decided", unknown, prefix),
        _folded("What would decide it", unknown, prefix),
        _skipped(skipped, prefix),
    ]
    return "\n".join(part for part in parts if part)


def _headline(report: Report, strict_unknown: bool) -> str:
    counts = report.summary
    if since := report.since:
        mark = "❌" if since.new or since.lost or counts["errors"] else "✅"
        return f"{mark} Since {_code(since.revision)} ({since.commit[:12]}): {worse(since)}\n"
    bad = counts["fail"] + (counts["unknown"] if strict_unknown else 0)
    mark = "❌" if bad or counts["errors"] else "✅"
    words = [f"{counts['fail']} failed", f"{counts['unknown']} unknown", f"{counts['skipped']} skipped"]
    words += [f"{counts['pass']} passed"]
    words += [f"**{counts['errors']} unreadable**"] if counts["errors"] else []
    return f"{mark} {', '.join(words)}\n"


def _errors(report: Report, prefix: str) -> str:
    if not report.errors:
        return ""
    rows = [f"- {_code(f'{in_repository(e.file, prefix)}:{e.line}')} {_text(e.message)}" for e in report.errors]
    return "\n".join(["### Could not be read", "", *_capped(rows), ""])


def _lost(since: Comparison, prefix: str) -> str:
    if not since.lost:
        return ""
    rows = [
        f"| {_text(loss.message)} | {_code(loss.attribute)} | {_text(loss.before)} | {_text(loss.after)} "
        f"| {_code(_where(loss.range, prefix)) if loss.range else ''} |"
        for loss in since.lost
    ]
    header = ["| What | Attribute | Before | Now | Where |", "|---|---|---|---|---|"]
    return "\n".join(["### Lost coverage", "", *header, *_capped(rows), ""])


def _accounts(report: Report, prefix: str) -> str:
    rows = [
        f"| {_code(in_repository(judgement.deployment.root, prefix))} | {_code(account.scope)} "
        f"| {_MARK[account.verdict]} | {_code(account.trail) if account.trail else ''} "
        f"| {_text(', '.join(account.reasons))} |"
        for judgement in report.judgements
        for account in judgement.accounts
    ]
    if not rows:
        return ""
    header = [
        "| Deployment | Account | Management events recorded | Best trail | Because |",
        "|---|---|---|---|---|",
    ]
    return "\n".join(["### Accounts", "", *header, *_capped(rows), ""])


def _table(title: str, results: Sequence[Result], prefix: str) -> str:
    if not results:
        return ""
    rows = [
        f"| {r.level.value} | {r.rule} {_text(r.slug)} | {_code(r.resource)} | {_code(_where(r.range, prefix))} "
        f"| {_text(r.message)} |"
        for r in results
    ]
    header = ["| Level | Rule | Resource | Where | What |", "|---|---|---|---|---|"]
    return "\n".join([f"### {title}", "", *header, *_capped(rows), ""])


def _folded(title: str, results: Sequence[Result], prefix: str) -> str:
    rows = []
    for result in (r for r in results if r.evidence):
        steps = [f"  - {_code(_where(step.range, prefix))} {_text(step.text)}" for step in result.evidence]
        rows.append("\n".join([f"- {result.rule} {_code(result.resource)}", *steps]))
    if not rows:
        return ""
    return "\n".join([f"<details><summary>{title}</summary>", "", *_capped(rows), "", "</details>", ""])


def _skipped(results: Sequence[Result], prefix: str) -> str:
    if not results:
        return ""
    rows = [
        f"- {r.rule} {_code(r.resource)} {_code(_where(r.range, prefix))} {_text(r.skip_reason or 'no reason given')}"
        for r in results
    ]
    return "\n".join([f"<details><summary>Skipped: {len(rows)}</summary>", "", *_capped(rows), "", "</details>", ""])


def _capped(rows: Sequence[str]) -> list[str]:
    kept: list[str] = []
    size = 0
    for row in rows[:MAX_ROWS]:
        size += len(row.encode("utf-8", "surrogateescape"))
        if size > MAX_SECTION:
            break
        kept.append(row)
    rest = len(rows) - len(kept)
    return [*kept, *([f"\n{rest} more are not shown.\n"] if rest else [])]


def _where(place: Range, prefix: str) -> str:
    return f"{in_repository(place.file, prefix)}:{place.line}"


def _code(text: str) -> str:
    """Give untrusted text as code; an HTML element, because a backtick cannot be escaped in a code span."""
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    """Give untrusted text so that nothing in it is markup, a mention or the end of a table's cell."""
    shown = " ".join(text.split())
    shown = shown if len(shown) <= MAX_CELL else shown[:MAX_CELL] + "…"
    return _EDGE_UNDERSCORE.sub("&#95;", shown.translate(_SPECIAL))
