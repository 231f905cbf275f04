"""Basic event selectors: what one of them records, and what CloudTrail refuses about it [API, TF, PUL]."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from checkov_cloudtrail.cloudtrail import grammar
from checkov_cloudtrail.cloudtrail.contribution import HALVES, Contribution, DataSpan, Remarks
from checkov_cloudtrail.cloudtrail.extents import ANYTHING, EVERYTHING, NOTHING, PARTLY, Span, union
from checkov_cloudtrail.cloudtrail.spelling import event_source
from checkov_cloudtrail.model.trail import DataResource, EventSelector
from checkov_cloudtrail.model.values import Absent, Known, Reference, Unknown, Value

_WHOLE_TYPE = re.compile(r"arn:[^:]+:(s3:{0,3}|lambda:?|dynamodb:?)")
# `bucket/*`: accepted at best as a literal prefix; every other wildcard was seen to be refused [GH].
_LITERAL_STAR = re.compile(r"arn:[^:]+:s3:::[^*/]+/.*")


def is_whole_type(value: str) -> bool:
    """Tell whether a data resource value such as `arn:aws:s3` stands for every resource of its type."""
    return _WHOLE_TYPE.fullmatch(value) is not None


def contribution(selector: EventSelector, spell: Callable[[str], str]) -> Contribution:
    """Tell what one basic selector records.

    Args:
        selector: as written.
        spell: the name of a selector's attribute in the user's language.
    """
    remarks = Remarks(selector.range)
    halves = _halves(selector.read_write_type, spell("read_write_type"), remarks)
    if halves is None:
        return remarks.refused()
    management = _management(selector, spell, remarks)
    source, sources = _sources(selector, spell, remarks)
    data, other = _data(selector, halves, remarks)
    _remark_on_nothing(selector, remarks)
    return Contribution(
        halves={half: halves[half] & management for half in HALVES},
        source=source,
        sources=sources,
        data=data,
        other_data=other,
        limits=tuple(remarks.limits),
        errors=tuple(remarks.errors),
        warnings=tuple(remarks.warnings),
    )


def _halves(written: Value[str], name: str, remarks: Remarks) -> dict[str, Span] | None:
    match written:
        case Absent():
            return dict.fromkeys(HALVES, EVERYTHING)
        case Unknown():
            remarks.undecided("W_RWT_UNRESOLVED", name, written)
            return dict.fromkeys(HALVES, ANYTHING)
        case Known(value, origin):
            selected = grammar.READ_WRITE_TYPES.get(value)
            if selected is None:
                message = f'{name} is "{value}": it must be All, ReadOnly or WriteOnly, spelled like this'
                remarks.error("E_RWT_INVALID", message, origin.range)
                return None
            left_out = frozenset(HALVES) - selected
            if left_out:
                remarks.limit(f'{name} is "{value}"', origin, halves=left_out)
            return {half: EVERYTHING if half in selected else NOTHING for half in HALVES}


def _management(selector: EventSelector, spell: Callable[[str], str], remarks: Remarks) -> Span:
    name = spell("include_management_events")
    match selector.include_management_events:
        case Known(False, origin):
            remarks.limit(f"{name} is false", origin)
            match selector.exclude_management_event_sources:
                case Known(values, list_origin) if _named(values):
                    message = f"{spell('exclude_management_event_sources')} needs {name} to be true"
                    remarks.error("E_EXCLUDE_WITHOUT_MGMT", message, list_origin.range)
            return NOTHING
        case Unknown() as unknown:
            remarks.undecided("W_MANAGEMENT_UNRESOLVED", name, unknown)
            return ANYTHING
        case _:
            return EVERYTHING


def _named(values: Iterable[Value[str]]) -> list[Known[str]]:
    # An empty string disables the filter, as an empty list does [UG].
    return [value for value in values if isinstance(value, Known) and value.value]


def _sources(
    selector: EventSelector, spell: Callable[[str], str], remarks: Remarks
) -> tuple[Callable[[str], Span], frozenset[str]]:
    name = spell("exclude_management_event_sources")
    excluded: set[str] = set()
    undecided: Unknown | None = None
    match selector.exclude_management_event_sources:
        case Unknown() as unknown:
            undecided = unknown
        case Known(values):
            written = [event_source(value, grammar.EXCLUDABLE_SOURCES) for value in values]
            undecided = next((value for value in written if isinstance(value, Unknown)), None)
            for value in _named(written):
                if value.value in grammar.EXCLUDABLE_SOURCES:
                    excluded.add(value.value)
                    text = f"{name} has {value.value}"
                    remarks.limit(text, value.origin, sources=frozenset({value.value}))
                else:
                    message = f'{name} has "{value.value}": only {grammar.KMS} and {grammar.RDS_DATA} can be left out'
                    remarks.error("E_EXCLUDE_SOURCE_INVALID", message, value.origin.range)
    open_sources = grammar.EXCLUDABLE_SOURCES - excluded if undecided is not None else frozenset()
    if undecided is not None:
        remarks.undecided("W_EXCLUDE_UNRESOLVED", name, undecided, sources=frozenset(open_sources))

    def source(name: str) -> Span:
        if name in excluded:
            return NOTHING
        return ANYTHING if name in open_sources else EVERYTHING

    return source, frozenset(excluded)


def _data(selector: EventSelector, halves: dict[str, Span], remarks: Remarks) -> tuple[dict[str, DataSpan], DataSpan]:
    found: dict[str, list[Span]] = {}
    other = NOTHING
    resources = selector.data_resources
    for resource in resources.known:
        other |= _add(resource, found, remarks, surely=True)
    for resource in resources.possible:
        other |= _add(resource, found, remarks, surely=False)
    if resources.unknown is not None:
        other |= ANYTHING
    spans = {kind: union(parts) | other for kind, parts in found.items()}
    return (
        {kind: DataSpan(halves["read"] & span, halves["write"] & span) for kind, span in spans.items()},
        DataSpan(halves["read"] & other, halves["write"] & other),
    )


def _add(resource: DataResource, found: dict[str, list[Span]], remarks: Remarks, *, surely: bool) -> Span:
    """Add one data resource to `found`; gives what it records of a type that is undecided."""
    span = _values(resource, remarks)
    if not surely:
        span = Span(0, span.high)
    match resource.type:
        case Known(kind, origin):
            if kind in grammar.BASIC_DATA_TYPES:
                found.setdefault(kind, []).append(span)
            else:
                types = ", ".join(grammar.BASIC_DATA_TYPES)
                message = f'data resource type "{kind}" needs an advanced event selector; basic ones know {types}'
                remarks.error("E_DATA_TYPE_INVALID", message, origin.range)
            return NOTHING
        case Unknown():
            return Span(0, span.high)
        case Absent():
            return NOTHING


def _values(resource: DataResource, remarks: Remarks) -> Span:
    match resource.values:
        case Unknown():
            return ANYTHING
        case Known(values) if values:
            return union(_value(value, remarks) for value in values)
        case _:
            text = "the data resource has no values and selects nothing"
            remarks.warn("W_DATA_VALUES_EMPTY", text, resource.values.origin.range)
            return NOTHING


def _value(value: Value[str], remarks: Remarks) -> Span:
    match value:
        case Unknown(_, _, parts):
            return _undecided(parts)
        case Absent():
            return NOTHING
        case Known(text, origin):
            if is_whole_type(text):
                return EVERYTHING
            if "*" not in text:
                return PARTLY
            if _LITERAL_STAR.fullmatch(text):
                message = f'"{text}" is taken literally: there are no wildcards; write the prefix without the *'
                remarks.warn("W_WILDCARD_LITERAL", message, origin.range)
                return PARTLY
            message = f'data resource value "{text}" is refused: there are no wildcards; write the prefix without the *'
            remarks.error("E_DATA_VALUE_WILDCARD", message, origin.range)
            return NOTHING


def _undecided(parts: tuple[str | Reference, ...]) -> Span:
    """Judge a value of which only parts are known: the ARN of one thing, or of a path in it, is never a whole type."""
    if any(isinstance(part, str) and "/" in part for part in parts):
        return PARTLY
    match parts:
        case (Reference(_, "arn" | "Arn"),):
            return PARTLY
        case (str() as start, Reference() as partition, str() as end) if _is_partition(partition):
            return EVERYTHING if is_whole_type(f"{start}aws{end}") else PARTLY
        case _:
            return Span(1, 2)


def _is_partition(reference: Reference) -> bool:
    return reference.address == "AWS::Partition" or ".aws_partition." in f".{reference.address}"


def _remark_on_nothing(selector: EventSelector, remarks: Remarks) -> None:
    match selector.include_management_events:
        case Known(False, _) if selector.data_resources.surely_empty:
            text = "the selector takes neither management nor data events: it selects nothing"
            remarks.warn("W_SELECTS_NOTHING", text)


def is_default(selector: EventSelector) -> bool:
    """Tell whether a selector says what CloudTrail does without any: all management events, no data."""
    everything = {"read_write_type": "All", "include_management_events": True}
    for attribute, default in everything.items():
        match getattr(selector, attribute):
            case Absent():
                continue
            case Known(value) if value == default:
                continue
            case _:
                return False
    match selector.exclude_management_event_sources:
        case Absent() | Known(()):
            return selector.data_resources.surely_empty
        case _:
            return False
