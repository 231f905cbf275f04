"""What the editor says under the cursor: a trail's coverage, a value's origin, the rule that a comment names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.lsp.lenses import account_line
from checkov_cloudtrail.lsp.page import Page
from checkov_cloudtrail.lsp.positions import inside
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Judgement, Result, StoreSummary, TrailSummary
from checkov_cloudtrail.model.rule import Rule, Verdict
from checkov_cloudtrail.model.values import Absent, AnyValue, Known, Resource, Unknown
from checkov_cloudtrail.report.catalogue import markdown
from checkov_cloudtrail.report.visible import visible

MAX_VALUE = 200
MAX_SHOWN = 5

_RULE_ID = re.compile(r"\bCT\d{3}\b")
_RULES = {rule.id: rule for rule in RULES}
_MARKS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.UNKNOWN: "?", Verdict.SKIPPED: "–"}
# An underscore inside a word is only itself.
_SPECIAL = re.compile(r"([\\`*\[\]<>|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_BACKTICKS = re.compile("`+")


def hover(page: Page, path: str, line: int, column: int) -> str | None:
    """Give the Markdown for a position, or None where there is nothing to say.

    Args:
        page: of the document.
        path: of the document.
        line: from 1, in the text as it is now, like `column`.
        column: from 1.
    """
    rule = _skipped_rule(page.lines(path).line(line), column)
    line, column = page.judged(path, line, column)
    rule = rule or _rule_of_metadata(page, path, line, column)
    if rule is not None:
        return markdown(rule)
    return _value(page, path, line, column) or _subject(page, path, line)


def _skipped_rule(text: str, column: int) -> Rule | None:
    """Find the rule whose id is under the cursor in a comment that suppresses it."""
    for found in _RULE_ID.finditer(text):
        if ":skip" in text[: found.start()] and found.start() < column <= found.end() + 1:
            return _RULES.get(found[0])
    return None


def _rule_of_metadata(page: Page, path: str, line: int, column: int) -> Rule | None:
    """Find the rule that an entry of `Metadata.checkov.skip` is about."""
    for judgement in page.view.judgements:
        for resource in judgement.deployment.resources.values():
            for skip in resource.skips:
                if skip.range.file == path and inside(line, column, skip.range):
                    return _RULES.get(skip.rule)
    return None


# Values


@record
class _Written:
    """A value of a resource by the names that lead to it: `event_selector.read_write_type`."""

    name: str
    value: AnyValue


def _value(page: Page, path: str, line: int, column: int) -> str | None:
    """Say what the attribute under the cursor is, for everything that is written there and in each case."""
    seen: dict[tuple[str, str], dict[str, None]] = {}
    for judgement in page.view.judgements:
        root = f" of {judgement.deployment.root}" if len(page.view.judgements) > 1 else ""
        for case in judgement.deployment.cases:
            for resource in case.resources:
                found = _under(resource, path, line, column)
                if found is not None:
                    when = f" when {', '.join(case.choices)}" if case.choices else ""
                    answer = _shown(found.value) + _origin(page, found.value)
                    owner = f"{resource.address}{root}{when}"
                    seen.setdefault((_code(found.name), answer), {})[owner] = None
    if not seen:
        return None
    parts = []
    for (name, answer), owners in list(seen.items())[:MAX_SHOWN]:
        more = f" and {len(owners) - 1} more" if len(owners) > 1 else ""
        parts.append(f"{name} of {_code(next(iter(owners)))}{more}: {answer}")
    if len(seen) > MAX_SHOWN:
        parts.append(f"{len(seen) - MAX_SHOWN} more values in other cases.")
    return "\n\n".join(parts)


def _under(resource: Resource, path: str, line: int, column: int) -> _Written | None:
    """Find the value that the cursor is in, else the one that begins next on its line: the cursor is on its name."""
    if resource.block.file != path or not inside(line, column, resource.block):
        return None
    leaves = [leaf for leaf in _leaves(resource.attributes, "") if leaf.value.origin.range.file == path]
    around = [leaf for leaf in leaves if inside(line, column, leaf.value.origin.range)]
    if around:
        return min(around, key=lambda leaf: _size(leaf.value.origin.range))
    behind = [
        leaf for leaf in leaves if leaf.value.origin.range.line == line and leaf.value.origin.range.column > column
    ]
    return min(behind, key=lambda leaf: leaf.value.origin.range.column, default=None)


def _leaves(attributes: Mapping[str, AnyValue], above: str) -> Iterator[_Written]:
    """Give every value that is not made of others, lists of such values included."""
    for name, value in attributes.items():
        if value.origin.missing:
            continue
        for item in _items(value):
            match item:
                case Known(Mapping() as inner):
                    yield from _leaves(inner, f"{above}{name}.")
                case _:
                    yield _Written(above + name, item)


def _items(value: AnyValue) -> Iterable[AnyValue]:
    match value:
        case Known(tuple() as items) if any(
            isinstance(item, Known) and isinstance(item.value, Mapping) for item in items
        ):
            return items
        case _:
            return (value,)


def _size(place: Range) -> tuple[int, int]:
    return place.end_line - place.line, place.end_column - place.column


def _shown(value: AnyValue) -> str:
    match value:
        case Absent():
            return "not set (null)"
        case Unknown(because):
            return f"cannot be told: {_text(because)}"
        case _:
            return _code(_literal(value))


def _literal(value: AnyValue) -> str:
    match value:
        case Known(bool() as data):
            return str(data).lower()
        case Known(tuple() as items):
            return f"[{', '.join(map(_literal, items))}]"
        case Known(Mapping()):
            return "{…}"
        case Known(data):
            return str(data)
        case Absent():
            return "null"
        case _:
            return "?"


def _origin(page: Page, value: AnyValue) -> str:
    return "".join(f"\n- {_text(step.text)} ({_link(page, step.range)})" for step in value.origin.chain)


def _link(page: Page, place: Range) -> str:
    """Point to a place in a way that editors open."""
    now = page.range(place)
    return f"[{_text(place.file)}:{now.start.line + 1}]({page.uri(place.file)}#L{now.start.line + 1})"


# Trails and event data stores


def _subject(page: Page, path: str, line: int) -> str | None:
    """Describe the trail or event data store whose first line, or whose selectors' first line, the cursor is on."""
    parts = []
    for judgement in page.view.judgements:
        subjects: tuple[TrailSummary | StoreSummary, ...] = (*judgement.trails, *judgement.event_data_stores)
        for subject in subjects:
            resource = judgement.deployment.resources.get(subject.address)
            if subject.block.file == path and (
                subject.range.line == line or (resource is not None and line in _selector_lines(resource, path))
            ):
                root = judgement.deployment.root if len(page.view.judgements) > 1 else ""
                parts.append("\n".join(_table(judgement, subject, root)))
    more = [f"{len(parts) - MAX_SHOWN} more."] if len(parts) > MAX_SHOWN else []
    return "\n\n---\n\n".join([*parts[:MAX_SHOWN], *more]) or None


def _selector_lines(resource: Resource, path: str) -> set[int]:
    """Give the lines on which selectors begin."""
    lists = (value for name, value in resource.attributes.items() if "selector" in name.lower())
    return {
        place.line
        for value in lists
        for item in (value, *_items(value))
        if (place := item.origin.range).file == path and not item.origin.missing
    }


def _table(judgement: Judgement, subject: TrailSummary | StoreSummary, root: str) -> Iterator[str]:
    management = subject.coverage.management
    yield f"**{_text(subject.address)}**, account {_code(subject.scope)}{f', {_code(root)}' if root else ''}"
    if isinstance(subject, TrailSummary):
        account = next((each for each in judgement.accounts if each.scope == subject.scope), None)
        if account is not None:
            yield f"\n{_text(account_line(account, judgement))}"
    yield from ("", "| | |", "|---|---|")
    if subject.exists != "yes":
        yield f"| exists | {subject.exists} |"
    yield f"| management reads | {management.read.value} |"
    yield f"| management writes | {management.write.value} |"
    if management.excluded_sources:
        yield f"| without | {_text(', '.join(management.excluded_sources))} |"
    if management.unknown_sources:
        yield f"| perhaps without | {_text(', '.join(management.unknown_sources))} |"
    for kind, data in subject.coverage.data.items():
        yield f"| {_text(kind)} | read {data.read.value}, write {data.write.value} |"
    for kind, network in subject.coverage.network.items():
        yield f"| network activity, {_text(kind)} | {network.value} |"
    if isinstance(subject, TrailSummary):
        yield f"| all Regions | {subject.multi_region} |"
        yield f"| organization | {subject.organization} |"
        yield f"| logging | {subject.logging} |"
        yield f"| log file validation | {subject.log_file_validation} |"
        yield f"| global service events | {subject.global_service_events} |"
    yield ""
    yield from _verdicts(result for result in judgement.results if result.resource == subject.address)


def _verdicts(results: Iterable[Result]) -> Iterator[str]:
    for result in sorted(results, key=lambda each: each.rule):
        why = f": {_text(result.message)}" if result.verdict in (Verdict.FAIL, Verdict.UNKNOWN) else ""
        yield f"- {_MARKS[result.verdict]} {result.rule} {result.slug}{why}"


# Text from scanned files is nothing but text in Markdown.


def _code(text: str) -> str:
    shown = visible(text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…")
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    space = " " if "`" in shown or not shown.strip() else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text))
