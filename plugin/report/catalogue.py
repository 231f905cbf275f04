"""The rules themselves, from their metadata: a table, JSON, and one rule's page, for the terminal or in Markdown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from checkov_cloudtrail.model.rule import Rule
from checkov_cloudtrail.report.lines import Line

SCHEMA_VERSION = 1
COLUMNS = 100


def as_table(rules: Iterable[Rule]) -> str:
    """Write one line a rule: id, level, slug, profiles."""
    rows = [(rule.id, rule.level.value, rule.slug, " ".join(_profiles(rule))) for rule in rules]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    lines = ("  ".join((*(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=False)), row[3])) for row in rows)
    return "".join(line.rstrip() + "\n" for line in lines)


def as_json(rules: Iterable[Rule]) -> str:
    """Write all metadata: an object with `schema_version` and `rules`."""
    document = {"schema_version": SCHEMA_VERSION, "rules": [metadata(rule) for rule in rules]}
    return json.dumps(document, indent=2) + "\n"


def metadata(rule: Rule) -> dict[str, Any]:
    """Give everything that a rule says of itself as plain data."""
    return {
        "id": rule.id,
        "slug": rule.slug,
        "level": rule.level.value,
        "subject": rule.subject.value,
        "profiles": _profiles(rule),
        "summary": rule.summary,
        "why": rule.why,
        "remedy": rule.remedy,
        "security_severity": rule.security_severity,
        "compliance": {name: list(controls) for name, controls in rule.compliance.items()},
        "references": list(rule.references),
    }


def page(rule: Rule) -> Iterator[Line]:
    """Write what a rule means, for a terminal."""
    yield [(f"{rule.id} ", rule.level.value), (rule.slug, "message"), (f"  {rule.level.value}", rule.level.value)]
    yield from _paragraph(rule.summary)
    yield from _paragraph(rule.why, "Why it matters")
    yield from _paragraph(rule.remedy, "What to do")
    if rule.compliance:
        controls = "; ".join(f"{name} {', '.join(ids)}" for name, ids in rule.compliance.items())
        yield from _paragraph(controls, "Compliance")
    yield from _paragraph(" ".join(_profiles(rule)), "Profiles")
    if rule.references:
        yield []
        yield [("References", "message")]
        for reference in rule.references:
            yield [(f"  {reference}", "place")]


def markdown(rule: Rule, examples: Iterable[str] = ()) -> str:
    """Write what a rule means, as a page of Markdown.

    Args:
        rule: what to write about.
        examples: lines that show it in code, with their own headings.
    """
    return "\n".join(_sections(rule, examples))


def _sections(rule: Rule, examples: Iterable[str]) -> Iterator[str]:
    profiles = ", ".join(f"`{profile}`" for profile in _profiles(rule))
    yield from (f"# {rule.id} {rule.slug}", "")
    yield from (f"Level: {rule.level.value}. Judges: {rule.subject.value}. Profiles: {profiles}.", "")
    if rule.drops_to_note:
        yield from ("While another trail of the account satisfies CT001, a finding is a note.", "")
    yield from ("## What it checks", "", rule.summary, "", "## Why it matters", "", rule.why, "")
    yield from examples
    yield from ("## Fix", "", rule.remedy, "")
    if rule.compliance:
        yield from ("## Compliance", "", "| framework | controls |", "|---|---|")
        yield from (f"| {framework} | {', '.join(controls)} |" for framework, controls in rule.compliance.items())
        yield ""
    if rule.references:
        yield from ("## References", "", *(f"- <{reference}>" for reference in rule.references), "")


def _profiles(rule: Rule) -> list[str]:
    return sorted(rule.profiles | {"all"})


def _paragraph(text: str, heading: str = "") -> Iterator[Line]:
    yield []
    if heading:
        yield [(heading, "message")]
    for line in text.splitlines():
        for wrapped in textwrap.wrap(line, COLUMNS, initial_indent="  ", subsequent_indent="  ") or [""]:
            yield [(wrapped, "")]
