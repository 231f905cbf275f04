"""Why a resource got its verdicts: its values with where they came from, what is around it, every rule's answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkov_cloudtrail.cloudtrail.defaults import ATTRIBUTES, effective
from checkov_cloudtrail.model.coverage import Coverage
from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.report import Judgement, Report, Result, StoreSummary, TrailSummary
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Absent, Items, Known, Reference, Unknown, Value
from checkov_cloudtrail.report.lines import Line, plain
from checkov_cloudtrail.report.picture import picture
from checkov_cloudtrail.report.visible import visible

MAX_TEXT = 100


def addresses(report: Report) -> tuple[str, ...]:
    """Give the addresses that can be explained."""
    found = {result.resource for result in report.results}
    found |= {subject.address for judgement in report.judgements for subject in _subjects(judgement)}
    return tuple(sorted(found))


def explain(report: Report, address: str) -> Iterator[Line]:
    """Write the explanation of one address, in every deployment that has it."""
    for judgement in report.judgements:
        subject = next((each for each in _subjects(judgement) if each.address == address), None)
        results = [result for result in judgement.results if result.resource == address]
        if subject is None and not results:
            continue
        root = f" of {judgement.deployment.root} ({judgement.deployment.framework.value})"
        yield [(visible(address), "message"), (visible(root), "")]
        if subject is not None:
            yield from _subject(subject)
            yield from _values(judgement, address)
        yield from picture(judgement, address)
        for result in results:
            yield from _verdict(result)
        yield []


def _subjects(judgement: Judgement) -> tuple[TrailSummary | StoreSummary, ...]:
    return (*judgement.trails, *judgement.event_data_stores)


def _subject(subject: TrailSummary | StoreSummary) -> Iterator[Line]:
    yield _step("", f"{subject.range.file}:{subject.range.line}", f"account {subject.scope}, exists: {subject.exists}")
    yield []
    yield from _coverage(subject.coverage)
    yield []


def _coverage(coverage: Coverage) -> Iterator[Line]:
    management = coverage.management
    without = "".join(f", without {source}" for source in management.excluded_sources)
    without += "".join(f", perhaps without {source}" for source in management.unknown_sources)
    extent = f"read {management.read.value}, write {management.write.value}{without}"
    yield [("  management events  ", "frame"), (visible(extent), "")]
    yield from (_step("    = ", f"{limit.range.file}:{limit.range.line}", limit.text) for limit in coverage.limits)
    for kind, data in coverage.data.items():
        extent = f"{kind}: read {data.read.value}, write {data.write.value}"
        yield [("  data events        ", "frame"), (visible(extent), "")]
    for kind, network in coverage.network.items():
        yield [("  network activity   ", "frame"), (visible(f"{kind}: {network.value}"), "")]


def _values(judgement: Judgement, address: str) -> Iterator[Line]:
    """Write each attribute; where cases differ, each of its values with the choices that lead there."""
    cases: list[tuple[tuple[str, ...], Trail | EventDataStore]] = []
    for case in judgement.deployment.cases:
        cases += [(case.choices, trail) for trail in case.trails if trail.address == address]
        cases += [(case.choices, store) for store in case.event_data_stores if store.address == address]
    for name, attribute in ATTRIBUTES[cases[0][1].type].items() if cases else ():
        seen: dict[str, tuple[tuple[str, ...], list[Line]]] = {}
        for choices, resource in cases:
            lines = list(_value(attribute.name, _effective(resource, name)))
            seen.setdefault(plain(lines), (choices, lines))
        for choices, lines in seen.values():
            when = f"  when {', '.join(choices)}" if len(seen) > 1 else ""
            yield [*lines[0], (visible(when), "frame")]
            yield from lines[1:]
    yield []


def _effective(resource: Trail | EventDataStore, name: str) -> Value[Any] | Items[Any]:
    value: Value[Any] | Items[Any] = getattr(resource, name)
    has_default = ATTRIBUTES[resource.type][name].default is not None
    return effective(resource, name) if isinstance(value, Absent) and has_default else value


def _value(name: str, value: Value[Any] | Items[Any]) -> Iterator[Line]:
    if isinstance(value, Items):
        yield [(f"  {name} ", ""), (_items(value), "message")]
        return
    shown = "not written" if isinstance(value, Absent) else _shown(value)
    style = "unknown" if isinstance(value, Unknown) else "message"
    place = value.origin.range
    yield [(f"  {name} ", ""), (visible(shown), style), (visible(f"  {place.file}:{place.line}"), "place")]
    yield from _chain(value.origin.chain)


def _items(value: Items[Any]) -> str:
    if value.surely_empty:
        return "none"
    parts = [f"{len(value.known)} written"] if value.known else []
    if value.possible:
        parts.append(f"{len(value.possible)} that may be there any number of times")
    if value.unknown is not None:
        parts.append(f"others that are unknown: {visible(value.unknown.because)}")
    return ", ".join(parts)


def _shown(value: object) -> str:
    text = _text(value)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "..."


def _text(value: object) -> str:
    match value:
        case Known(value=bool() as known):
            return "true" if known else "false"
        case Known(value=str() as known):
            return f'"{known}"'
        case Known(value=tuple() as known):
            return f"[{', '.join(_text(element) for element in known)}]"
        case Known(value=Mapping() as known):
            return "{" + ", ".join(f"{key} = {_text(element)}" for key, element in known.items()) + "}"
        case Known(value=known):
            return str(known)
        case Unknown(parts=(_, *_) as parts):
            return f"unknown: {''.join(_part(part) for part in parts)}"
        case Unknown(because=because):
            return f"unknown: {because}"
    return "not written"


def _part(part: str | Reference) -> str:
    if isinstance(part, str):
        return part
    return "${" + part.address + (f".{part.attribute}" if part.attribute else "") + "}"


def _verdict(result: Result) -> Iterator[Line]:
    word = result.verdict.value.upper()
    yield [
        (f"  {word:<8} ", result.verdict.value),
        (f"{result.rule} {result.slug}: ", ""),
        (visible(result.message), "message"),
    ]
    if result.skip_reason is not None:
        yield [("             skipped: ", "frame"), (visible(result.skip_reason), "")]
    yield from _chain(result.evidence)


def _chain(steps: tuple[Step, ...]) -> Iterator[Line]:
    for step in steps:
        yield _step("    = ", f"{step.range.file}:{step.range.line}", step.text)


def _step(margin: str, place: str, text: str) -> Line:
    return [(margin or "  ", "frame"), (visible(place), "place"), (visible(f": {text}"), "")]
