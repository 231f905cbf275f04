"""GitHub workflow commands: the worst findings as annotations, everything else as plain lines in the same log.

GitHub shows at most ten annotations of each level for a step and drops the others silently, so the rest is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Level, Rule, Verdict
from checkov_cloudtrail.report.repository import in_repository
from checkov_cloudtrail.report.visible import visible

MAX_ANNOTATIONS = 10
_COMMAND = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


@record
class _Annotation:
    command: str
    place: Range
    title: str
    text: str


def render(report: Report, *, rules: Iterable[Rule] = (), prefix: str = ".", strict_unknown: bool = False) -> str:
    """Write annotations, by severity.

    Args:
        report: the analysis.
        rules: not needed.
        prefix: the working directory of the analysis, relative to the repository.
        strict_unknown: unknown counts as failed.
    """
    annotations = list(_annotations(report, strict_unknown))
    lines = []
    for command in ("error", "warning", "notice"):
        found = [annotation for annotation in annotations if annotation.command == command]
        lines += [_command(annotation, prefix) for annotation in found[:MAX_ANNOTATIONS]]
        if rest := found[MAX_ANNOTATIONS:]:
            lines.append(f"::group::{len(rest)} more {command}{'s' if len(rest) > 1 else ''}")
            lines += [_plain(annotation, prefix) for annotation in rest]
            lines.append("::endgroup::")
    counts = report.summary
    lines.append(
        f"checkov-cloudtrail: {counts['fail']} failed, {counts['unknown']} unknown, {counts['skipped']} skipped, "
        f"{counts['pass']} passed, {counts['errors']} unreadable"
    )
    return "\n".join(lines) + "\n"


def _annotations(report: Report, strict_unknown: bool) -> Iterator[_Annotation]:
    """Give unreadable files, failures, then what could not be decided, so that the certain keeps its place."""
    for error in report.errors:
        place = Range(error.file, error.line, error.column, error.line, error.column)
        yield _Annotation("error", place, "checkov-cloudtrail: unreadable", error.message)
    for result in report.results:
        if result.verdict is Verdict.FAIL:
            yield _Annotation(_COMMAND[result.level], result.range, _title(result), _text(result))
    for result in report.results:
        if result.verdict is Verdict.UNKNOWN:
            command = _COMMAND[result.level] if strict_unknown else "notice"
            yield _Annotation(command, result.range, f"{_title(result)} (cannot be decided)", _text(result))


def _title(result: Result) -> str:
    return f"{result.rule} {result.slug}"


def _text(result: Result) -> str:
    return f"{result.resource}: {result.message}"


def _command(annotation: _Annotation, prefix: str) -> str:
    place = annotation.place
    properties = {
        "file": in_repository(place.file, prefix),
        "line": str(place.line),
        "endLine": str(place.end_line),
        "title": annotation.title,
    }
    # GitHub rejects columns of a range over several lines, and its last column is inclusive.
    if place.line == place.end_line:
        properties |= {"col": str(place.column), "endColumn": str(max(place.column, place.end_column - 1))}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{annotation.command} {written}::{_data(annotation.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(annotation: _Annotation, prefix: str) -> str:
    """Write a log line that the runner cannot take for a command: those start with `::`, old ones hold `##[`."""
    place = annotation.place
    where = f"{in_repository(place.file, prefix)}:{place.line}:{place.column}"
    line = " ".join(f"{annotation.command}: {where}: {annotation.title}: {annotation.text}".split())
    return visible(line).replace("##[", "## [")
