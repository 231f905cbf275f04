"""What the editor says under the cursor: a trail's coverage, a value's origin, the rule that a comment names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.lsp.folder import View
from checkov_cloudtrail.lsp.positions import inside
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import AccountSummary, Judgement, Result, TrailSummary
from checkov_cloudtrail.model.rule import Rule, Verdict
from checkov_cloudtrail.model.values import Absent, AnyValue, Known, Unknown

_RULE_ID = re.compile(r"\bCT\d{3}\b")
_RULES = {rule.id: rule for rule in RULES}
_MARKS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.UNKNOWN: "?", Verdict.SKIPPED: "–"}
_MAX_VALUE = 200


def hover(path: str, view: View, line: int, column: int, text: str) -> str | None:
    """Give the Markdown for a position, or None where there is nothing to say.

    Args:
        path: of the document.
        view: what is known of it.
        line: from 1.
        column: from 1.
        text: the line's text.
    """
    for found in _RULE_ID.finditer(text):
        rule = _RULES.get(found[0])
        if rule is not None and "skip" in text and found.start() < column <= found.end() + 1:
            return _rule(rule)
    for judgement in view.judgements:
        for trail in judgement.trails:
            if trail.block.file != path or not inside(line, column, trail.block):
                continue
            attribute = _attribute(judgement, trail, path, line, column)
            if attribute is not None:
                return attribute
            if trail.range.line == line:
                return "\n".join(_trail(judgement, trail))
    return None


def _rule(rule: Rule) -> str:
    link = f"\n\n[Reference]({rule.references[0]})" if rule.references else ""
    return f"**{rule.id} {rule.slug}** ({rule.level.value})\n\n{rule.summary}\n\n{rule.why}\n\n{rule.remedy}{link}"


def _attribute(judgement: Judgement, trail: TrailSummary, path: str, line: int, column: int) -> str | None:
    """The value of the attribute under the cursor, in each case in which it differs."""
    seen: dict[str, list[str]] = {}
    name = ""
    for case in judgement.deployment.cases:
        for resource in case.trails:
            if resource.address != trail.address:
                continue
            for key, value in resource.attributes.items():
                place = value.origin.range
                whole_line = Range(place.file, place.line, 1, place.end_line, place.end_column)
                if place.file == path and not value.origin.missing and inside(line, column, whole_line):
                    name = key
                    seen.setdefault(_shown(value), [_steps(value)]).extend(case.choices)
    if not seen:
        return None
    parts = [f"**{name}** of `{trail.address}`"]
    for shown, (steps, *choices) in seen.items():
        when = f" when {', '.join(choices)}" if choices and len(seen) > 1 else ""
        parts.append(f"`{shown}`{when}{steps}")
    return "\n\n".join(parts)


def _shown(value: AnyValue) -> str:
    match value:
        case Known(bool() as data):
            return str(data).lower()
        case Known(str() | int() | float() as data):
            return str(data)[:_MAX_VALUE]
        case Known(tuple() | Mapping() as data):
            return f"{len(data)} element{'' if len(data) == 1 else 's'}"
        case Absent():
            return "nothing (null)"
        case Unknown(because):
            return f"unknown: {because}"
        case _:
            return "?"


def _steps(value: AnyValue) -> str:
    return "".join(f"\n- {step.text} ({step.range.file}:{step.range.line})" for step in value.origin.chain)


def _trail(judgement: Judgement, trail: TrailSummary) -> Iterator[str]:
    management = trail.coverage.management
    yield f"**{trail.address}**, account `{trail.scope}`, exists: {trail.exists}"
    account = next((each for each in judgement.accounts if each.scope == trail.scope), None)
    if account is not None:
        yield f"\n{account_line(account)}\n"
    yield "| | |"
    yield "|---|---|"
    yield f"| management reads | {management.read.value} |"
    yield f"| management writes | {management.write.value} |"
    if management.excluded_sources:
        yield f"| without | {', '.join(management.excluded_sources)} |"
    if management.unknown_sources:
        yield f"| perhaps without | {', '.join(management.unknown_sources)} |"
    for kind, data in trail.coverage.data.items():
        yield f"| {kind} | read {data.read.value}, write {data.write.value} |"
    yield f"| all Regions | {trail.multi_region} |"
    yield f"| organization | {trail.organization} |"
    yield f"| logging | {trail.logging} |"
    yield f"| log file validation | {trail.log_file_validation} |"
    yield ""
    yield from _verdicts(result for result in judgement.results if result.resource == trail.address)


def _verdicts(results: Iterable[Result]) -> Iterator[str]:
    for result in sorted(results, key=lambda each: each.rule):
        yield f"- {_MARKS[result.verdict]} {result.rule} {result.slug}"


def account_line(account: AccountSummary) -> str:
    """Say in one line whether an account is covered, and what is in the way."""
    reasons = ", ".join(account.reasons)
    match account.verdict:
        case Verdict.PASS:
            return "account covered ✓"
        case Verdict.FAIL:
            return f"account not covered ✗: {reasons}"
        case _:
            return f"account perhaps covered: {reasons}"
