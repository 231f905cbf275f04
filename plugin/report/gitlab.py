"""GitLab Code Quality: what the merge request widget compares between the two sides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Level, Rule, Verdict
from checkov_cloudtrail.report.repository import in_repository

_SEVERITY = {Level.ERROR: "critical", Level.WARNING: "major", Level.NOTE: "minor"}


def render(report: Report, *, rules: Iterable[Rule] = (), prefix: str = ".", strict_unknown: bool = False) -> str:
    """Write the array of a Code Quality artifact: failures, what could not be decided (`info`), unreadable files.

    Args:
        report: the analysis.
        rules: not needed.
        prefix: the working directory of the analysis, relative to the repository.
        strict_unknown: unknown counts as failed.
    """
    fingerprints = _Fingerprints()
    entries = []
    for error in report.errors:
        path = in_repository(error.file, prefix)
        fingerprint = fingerprints.make("unreadable", path, error.message)
        entries.append(
            _entry(
                "unreadable",
                error.message,
                fingerprint=fingerprint,
                severity="blocker",
                path=path,
                line=error.line,
            )
        )
    for result in report.results:
        if result.verdict not in (Verdict.FAIL, Verdict.UNKNOWN):
            continue
        unknown = result.verdict is Verdict.UNKNOWN
        path = in_repository(result.range.file, prefix)
        deployment = in_repository(result.deployment, prefix)
        fingerprint = fingerprints.make(result.rule, path, deployment, result.resource, result.verdict.value)
        severity = "info" if unknown and not strict_unknown else _SEVERITY[result.level]
        entries.append(
            _entry(
                result.rule,
                _description(result),
                fingerprint=fingerprint,
                severity=severity,
                path=path,
                line=result.range.line,
            )
        )
    return json.dumps(entries, indent=2) + "\n"


def _description(result: Result) -> str:
    # GitLab does not show `check_name`.
    doubt = " (cannot be decided)" if result.verdict is Verdict.UNKNOWN else ""
    return f"{result.rule} {result.slug}{doubt}: {result.resource}: {result.message}"


def _entry(name: str, description: str, *, fingerprint: str, severity: str, path: str, line: int) -> dict[str, Any]:
    return {
        "type": "issue",
        "check_name": name,
        "description": description,
        "categories": ["Security"],
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }


class _Fingerprints:
    """Hashes that do not depend on the line, so that moved code opens nothing anew.

    GitLab keeps one entry for each fingerprint: what is alike otherwise gets a count.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], int] = {}

    def make(self, *parts: str) -> str:
        count = self._seen[parts] = self._seen.get(parts, 0) + 1
        salted = (*parts, str(count)) if count > 1 else parts
        return hashlib.sha256("\0".join(salted).encode("utf-8", "surrogatepass")).hexdigest()
