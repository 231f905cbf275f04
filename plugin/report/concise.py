"""One line a finding, for editors and scripts: `path:line:col: CT002 message`. The shape is stable."""

from __future__ import annotations

from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Verdict
from checkov_cloudtrail.report.visible import visible


def render(report: Report) -> str:
    """Write failures and unknowns, an unknown with `unknown: ` before its message; a line is never repeated."""
    shown = (result for result in report.results if result.verdict in {Verdict.FAIL, Verdict.UNKNOWN})
    return "".join(dict.fromkeys(_line(result) for result in shown))


def _line(result: Result) -> str:
    place = result.range
    unknown = "unknown: " if result.verdict is Verdict.UNKNOWN else ""
    return visible(f"{place.file}:{place.line}:{place.column}: {result.rule} {unknown}{result.message}") + "\n"
