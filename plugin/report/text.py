"""The report for people: the verdict of every account first, then each finding with its source line and evidence.

`render` draws in ASCII, for files and pipes; `terminal.py` colours the lines of `layout`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import AccountSummary, Comparison, Report, Result
from checkov_cloudtrail.model.rule import Level, Verdict
from checkov_cloudtrail.report.lines import Line, count, plain, worse
from checkov_cloudtrail.report.visible import visible, width

MAX_SOURCE = 160
MAX_PLACES = 3


def render(report: Report) -> str:
    """Write the report without colour."""
    return plain(layout(report))


def layout(report: Report) -> Iterator[Line]:
    """Give the lines of the report."""
    yield from _accounts(report)
    sources = _Sources(report.sources or {})
    for verdict in (Verdict.FAIL, Verdict.UNKNOWN):
        for same in _grouped(result for result in report.results if result.verdict is verdict):
            yield from _finding(same, sources)
            yield []
    if report.since is not None:
        yield from _since(report.since)
        return
    yield _summary(report)
    fixable = sum(result.fix is not None and result.fix.safe for result in report.results)
    if fixable:
        yield [(f"{count(fixable, 'finding')} can be repaired with: checkov-cloudtrail fix", "")]


def _since(since: Comparison) -> Iterator[Line]:
    for loss in since.lost:
        yield [("lost ", "warning"), (visible(loss.message), "message")]
        if loss.range is not None:
            yield [("  --> ", "frame"), (visible(f"{loss.range.file}:{loss.range.line}"), "place")]
        yield [("   = ", "frame"), (visible(f"{loss.attribute}: {loss.before} before, {loss.after} now"), "")]
        if loss.deployment != ".":
            yield [("   = ", "frame"), (visible(f"in {loss.deployment}"), "")]
        yield []
    yield [(visible(f"Since {since.revision} ({since.commit[:12]}): {worse(since)}"), "")]


def _accounts(report: Report) -> Iterator[Line]:
    rows = [
        (account.verdict, visible(judgement.deployment.root), visible(account.scope), visible(_why(account)))
        for judgement in report.judgements
        for account in judgement.accounts
    ]
    if not rows:
        return
    root_width = max(width(root) for _, root, _, _ in rows)
    scope_width = max(width(scope) for _, _, scope, _ in rows)
    for verdict, root, scope, why in rows:
        yield [
            (f"{verdict.value.upper():<9}", verdict.value),
            (root + " " * (root_width - width(root) + 2), "place"),
            (scope + " " * (scope_width - width(scope) + 2), ""),
            (why, ""),
        ]
    yield []


def _why(account: AccountSummary) -> str:
    reasons = ", ".join(account.reasons)
    if account.trail is None:
        return reasons or "no trail"
    return f"{account.trail}: {reasons}" if reasons else account.trail


def _grouped(results: Iterable[Result]) -> list[list[Result]]:
    """Put together what many roots say about the same place in a module that they share."""
    groups: dict[object, list[Result]] = {}
    for result in results:
        key = (result.rule, result.level, result.range, result.message, result.evidence)
        groups.setdefault(key, []).append(result)
    return list(groups.values())


def _finding(same: list[Result], sources: _Sources) -> Iterator[Line]:
    result = same[0]
    style = result.level.value if result.verdict is Verdict.FAIL else result.verdict.value
    yield [(f"{style}[{result.rule}] ", style), (visible(result.message), "message")]
    place = result.range
    snippet = sources.snippet(place)
    margin = " " * len(str(place.line))
    yield [
        (f"{margin}--> ", "frame"),
        (visible(f"{place.file}:{place.line}:{place.column}"), "place"),
        (f" {result.slug}", "frame"),
    ]
    if snippet:
        text, indent, carets = snippet
        yield [(f"{margin} |", "frame")]
        yield [(f"{place.line} | ", "frame"), (text, "")]
        yield [(f"{margin} | ", "frame"), (" " * indent, ""), ("^" * carets, style)]
    for step in result.evidence:
        at = f"{step.range.file}:{step.range.line}: "
        yield [(f"{margin} = ", "frame"), (visible(at), "place"), (visible(step.text), "")]
    for each in same[:MAX_PLACES]:
        of = "" if each.deployment == "." else f" of {each.deployment}"
        yield [(f"{margin} = ", "frame"), (visible(f"in {each.resource}{of}"), "")]
    if len(same) > MAX_PLACES:
        yield [(f"{margin} = ", "frame"), (f"and in {len(same) - MAX_PLACES} more", "")]
    if result.fix is not None:
        unsafe = "" if result.fix.safe else " (unsafe: somebody may have meant it)"
        yield [(f"{margin} = ", "frame"), (f"fix: {visible(result.fix.title)}{unsafe}", "fix")]


class _Sources:
    """Lines of the files that findings point into; each file is split once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, list[str]] = {}

    def snippet(self, place: Range) -> tuple[str, int, int] | None:
        """Give the visible line, the indent of the first caret and the number of carets; None without a source."""
        if place.file not in self._texts:
            return None
        if place.file not in self._lines:
            self._lines[place.file] = self._texts[place.file].split("\n")
        lines = self._lines[place.file]
        if place.line > len(lines):
            return None
        line = lines[place.line - 1].rstrip("\r")
        first = min(place.column - 1, len(line))
        last = min(place.end_column - 1, len(line)) if place.end_line == place.line else len(line)
        before, marked, after = line[:first], line[first:last], line[last:]
        if len(line) > MAX_SOURCE:
            before = "..." + before[-MAX_SOURCE // 4 :] if len(before) > MAX_SOURCE // 4 else before
            room = MAX_SOURCE - len(before)
            after = after[: max(0, room - len(marked))] + "..."
            marked = marked[:room]
        text = visible(before) + visible(marked)
        return text + visible(after.rstrip()), width(visible(before)), max(1, width(visible(marked)))


def _summary(report: Report) -> Line:
    if not any(report.summary.values()):
        return [("Nothing to judge: no trail and no event data store was found.", "")]
    failed = [result for result in report.results if result.verdict is Verdict.FAIL]
    line: Line = []
    for level in Level:
        number = sum(result.level is level for result in failed)
        line.append((count(number, level.value), level.value if number else ""))
    unknown, skipped = report.summary["unknown"], report.summary["skipped"]
    line.append((f"{unknown} unknown", "unknown" if unknown else ""))
    line.append((f"{skipped} skipped", ""))
    line.append((f"{report.summary['pass']} passed", "pass" if not failed else ""))
    if report.errors:
        files = len({error.file for error in report.errors})
        line.append((f"{count(files, 'file')} with errors", "error"))
    separated: Line = [piece for item in line for piece in (item, (", ", ""))]
    return separated[:-1]
