"""SARIF 2.1.0, as GitHub code scanning wants it.

A failure is a result, a suppressed one a result with its suppression. What could not be decided is a notification: a
result would become an alert with the rule's own severity, whatever its `kind` says. With `strict_unknown` it is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from checkov_cloudtrail import __version__
from checkov_cloudtrail.baseline import ACCEPTED
from checkov_cloudtrail.model.location import Range, SourceError
from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Level, Rule, Verdict
from checkov_cloudtrail.report.linehash import line_hashes
from checkov_cloudtrail.report.repository import in_repository

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub's limits: characters of a full description, tags of a rule, locations of a result that it keeps.
MAX_DESCRIPTION = 1024
MAX_TAGS = 20
MAX_RELATED = 100

NOTIFICATIONS = (
    ("unreadable", "UnreadableFile", "A file, or a part of one, could not be read or understood."),
    ("undecided", "UndecidedVerdict", "The code leaves the verdict open; the text says what would decide it."),
)

# Also the order: GitHub keeps the first results when there are too many.
_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}


def render(report: Report, *, rules: Iterable[Rule], prefix: str = ".", strict_unknown: bool = False) -> str:
    """Write one SARIF run.

    Args:
        report: the analysis.
        rules: every rule that may have answered; all are described.
        prefix: the working directory of the analysis, relative to the repository.
        strict_unknown: unknown counts as failed.
    """
    catalogue = sorted(rules, key=lambda rule: rule.id)
    index = {rule.id: position for position, rule in enumerate(catalogue)}
    hashes = _Hashes(report.sources or {})
    reported = {Verdict.FAIL, Verdict.SKIPPED} | ({Verdict.UNKNOWN} if strict_unknown else set())
    results = sorted((r for r in report.results if r.verdict in reported), key=lambda r: _ORDER[r.level])
    undecided = [] if strict_unknown else [r for r in report.results if r.verdict is Verdict.UNKNOWN]
    run = {
        "tool": {
            "driver": {
                "name": "checkov-cloudtrail",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in catalogue],
                "notifications": [_described(*kind) for kind in NOTIFICATIONS],
            }
        },
        "automationDetails": {"id": "checkov-cloudtrail/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.errors,
                "toolExecutionNotifications": [
                    *(_error(error, prefix) for error in report.errors),
                    *(_undecided(result, index, prefix) for result in undecided),
                ],
            }
        ],
        "results": [_result(result, index, hashes, prefix) for result in results],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


class _Hashes:
    """GitHub's line hashes, computed once for each file that has a result."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._files: dict[str, tuple[str, ...]] = {}

    def of(self, place: Range) -> str | None:
        if place.file not in self._files:
            text = self._sources.get(place.file)
            self._files[place.file] = () if text is None else line_hashes(text)
        lines = self._files[place.file]
        return lines[place.line - 1] if place.line <= len(lines) else None


def _rule(rule: Rule) -> dict[str, Any]:
    controls = [f"{name} {control}" for name, ids in rule.compliance.items() for control in ids]
    described: dict[str, Any] = {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _capped(f"{rule.summary} {rule.why}", MAX_DESCRIPTION)},
        "help": {"text": _help(rule, controls, bold=""), "markdown": _help(rule, controls, bold="**")},
        "defaultConfiguration": {"level": rule.level.value},
        "properties": {
            "precision": "very-high",
            "security-severity": rule.security_severity,
            "tags": ["security", "cloudtrail", *controls][:MAX_TAGS],
        },
    }
    if rule.references:
        described["helpUri"] = rule.references[0]
    return described


def _help(rule: Rule, controls: Sequence[str], bold: str) -> str:
    parts = [
        rule.summary,
        f"{bold}Why it matters:{bold} {rule.why}",
        f"{bold}What to do:{bold} {rule.remedy}",
        f"{bold}Controls:{bold} {', '.join(controls)}" if controls else "",
        "\n".join([f"{bold}References:{bold}", *(f"- {url}" for url in rule.references)]) if rule.references else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _capped(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _described(kind: str, name: str, text: str) -> dict[str, Any]:
    described = {"text": text}
    return {"id": kind, "name": name, "shortDescription": described, "fullDescription": described, "help": described}


def _result(result: Result, index: Mapping[str, int], hashes: _Hashes, prefix: str) -> dict[str, Any]:
    line_hash = hashes.of(result.range)
    written: dict[str, Any] = {
        "ruleId": result.rule,
        "ruleIndex": index[result.rule],
        "level": result.level.value,
        "message": {"text": _message(result)},
        "locations": [_location(result.range, prefix) | {"logicalLocations": [_resource(result)]}],
        "partialFingerprints": ({"primaryLocationLineHash": line_hash} if line_hash else {})
        | {"checkov-cloudtrail/v1": result.fingerprint},
    }
    related = [
        _location(step.range, prefix) | {"id": number, "message": {"text": step.text}}
        for number, step in enumerate(result.evidence[:MAX_RELATED], start=1)
    ]
    if related:
        written["relatedLocations"] = related
    if result.verdict is Verdict.SKIPPED:
        kind = "external" if result.skip_reason == ACCEPTED else "inSource"
        written["suppressions"] = [{"kind": kind, "justification": result.skip_reason or ""}]
    return written


def _message(result: Result) -> str:
    if result.verdict is Verdict.UNKNOWN:
        return f"{result.slug} cannot be decided. {result.message}"
    return result.message


def _resource(result: Result) -> dict[str, Any]:
    return {"fullyQualifiedName": result.resource, "kind": "resource"}


def _location(place: Range, prefix: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.file, prefix)},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        }
    }


def _uri(path: str, prefix: str) -> str:
    # A name that is not UTF-8 came as lone surrogates and leaves as its own bytes.
    return quote(in_repository(path, prefix), errors="surrogateescape")


def _error(error: SourceError, prefix: str) -> dict[str, Any]:
    place = Range(error.file, error.line, error.column, error.line, error.column)
    return {
        "descriptor": {"id": "unreadable", "index": 0},
        "level": "error",
        "message": {"text": error.message},
        "locations": [_location(place, prefix)],
    }


def _undecided(result: Result, index: Mapping[str, int], prefix: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": "undecided", "index": 1},
        "associatedRule": {"id": result.rule, "index": index[result.rule]},
        "level": "note",
        "message": {"text": _message(result)},
        "locations": [_location(result.range, prefix) | {"logicalLocations": [_resource(result)]}],
    }
