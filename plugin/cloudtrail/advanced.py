"""Advanced event selectors: what one of them records [API, CDK, FLT].

A selector is a list of statements on fields, all of which must hold. Inside one statement the DESELECT operators
(not_equals, not_starts_with, not_ends_with) must all hold; the SELECT operators and their values are alternatives; both
groups together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_

from checkov_cloudtrail.cloudtrail import grammar, statements
from checkov_cloudtrail.cloudtrail.contribution import BOTH, HALVES, OTHER_SOURCES, Contribution, DataSpan, Remarks
from checkov_cloudtrail.cloudtrail.extents import ANYTHING, EVERYTHING, NOTHING, PARTLY, Span, at_most, union
from checkov_cloudtrail.cloudtrail.statements import Statement
from checkov_cloudtrail.model.trail import AdvancedEventSelector
from checkov_cloudtrail.model.values import Known, Origin, Unknown, Value


def contribution(selector: AdvancedEventSelector, spell: Callable[[str], str], *, store: bool) -> Contribution:
    """Tell what one advanced selector records.

    Args:
        selector: as written.
        spell: the name of a selector's attribute in the user's language.
        store: it belongs to an event data store, whose grammar is wider.
    """
    remarks = Remarks(selector.range)
    fields = selector.field_selectors
    read = [statements.read(field) for field in fields.known]
    missing = fields.unknown
    if missing is None and fields.possible:
        missing = fields.undecided or Unknown("some field selectors may not be there", Origin(selector.range))
    blur = missing or next((s.selector.field for s in read if isinstance(s.selector.field, Unknown)), None)

    statements.check_fields(read, spell, remarks)
    if remarks.errors:
        return remarks.refused()
    category = statements.category(read, spell, remarks, store=store, undecided=blur is not None)
    if remarks.errors:
        return remarks.refused()
    name = category.value if isinstance(category, Known) else ""
    statements.check_grammar(read, name, spell, remarks, store=store)
    statements.check_required(read, name, remarks, undecided=blur is not None)
    if remarks.errors:
        return remarks.refused()

    if blur is not None:
        remarks.undecided("W_FIELDS_UNRESOLVED", spell("field_selectors"), blur)
    if isinstance(category, Unknown):
        remarks.undecided("W_CATEGORY_UNRESOLVED", "eventCategory", category)
    halves = _halves(read, name, remarks)
    surely = isinstance(category, Known) and blur is None
    if not surely:
        halves = {half: at_most(span) for half, span in halves.items()}
    return _record(read, name, halves, remarks)


def _record(read: Sequence[Statement], name: str, halves: dict[str, Span], remarks: Remarks) -> Contribution:
    management = halves
    sources: frozenset[str] = frozenset()
    data: dict[str, DataSpan] = {}
    other = DataSpan(NOTHING, NOTHING)
    network: dict[str, Span] = {}
    if name in ("", grammar.MANAGEMENT):
        management = _narrowed(read, halves, remarks)
        sources = _named_sources(read, remarks)
        nothing = not any(span.high for span in management.values())
    else:
        category = next(s for s in read if s.name == "eventCategory")
        remarks.limit(f"the selector takes {name} events only", category.selector.range)
        management = dict.fromkeys(HALVES, NOTHING)
        nothing = name == grammar.DATA and not any(span.high for span in halves.values())
    if name in ("", grammar.DATA):
        data, other = _data(read, halves)
    if name == grammar.NETWORK:
        network = _network(read, halves)
    if nothing:
        remarks.warn("W_SELECTS_NOTHING", "the statements exclude each other: the selector selects nothing")
    own = [statement for statement in read if statement.name == "eventSource"]
    return Contribution(
        halves=management,
        source=lambda source: reduce(and_, (_takes_source(statement, source) for statement in own), EVERYTHING),
        sources=sources,
        data=data,
        other_data=other,
        network=network,
        limits=tuple(remarks.limits),
        errors=tuple(remarks.errors),
        warnings=tuple(remarks.warnings),
    )


def _halves(read: Sequence[Statement], name: str, remarks: Remarks) -> dict[str, Span]:
    """Tell how much of reads and writes the statements on readOnly leave."""
    spans = dict.fromkeys(HALVES, EVERYTHING)
    for statement in read:
        if statement.name != "readOnly":
            continue
        named = {value.value for value in statement.known("equals")}
        unknown = statement.unknown("equals")
        for half, value in zip(HALVES, ("true", "false"), strict=True):
            if value in named:
                continue
            spans[half] &= NOTHING if unknown is None else ANYTHING
            if name not in ("", grammar.MANAGEMENT):
                continue
            if unknown is None:
                text = f"readOnly is {' and '.join(sorted(named))}"
                remarks.limit(text, statement.selector.range, halves=frozenset({half}))
            else:
                remarks.undecided("W_READONLY_UNRESOLVED", "readOnly", unknown, halves=frozenset({half}))
    return spans


def _narrowed(read: Sequence[Statement], halves: dict[str, Span], remarks: Remarks) -> dict[str, Span]:
    """Apply the fields that only an event data store has for management events."""
    narrowing = [statement for statement in read if statement.name in grammar.NARROWING_FIELDS]
    for statement in narrowing:
        remarks.limit(f"the selector is narrowed by {statement.name}", statement.selector.range)
    return {half: span & PARTLY if narrowing else span for half, span in halves.items()}


def _named_sources(read: Sequence[Statement], remarks: Remarks) -> frozenset[str]:
    named: set[str] = set()
    for statement in read:
        if statement.name != "eventSource":
            continue
        for operator in statement.values:
            known = statement.known(operator)
            if operator in ("equals", "not_equals"):
                named.update(value.value for value in known)
            for value in known if operator == "not_equals" else ():
                text = f"eventSource leaves out {value.value}"
                remarks.limit(text, value.origin, sources=frozenset({value.value}))
            unknown = statement.unknown(operator)
            if unknown is not None:
                sources = grammar.EXCLUDABLE_SOURCES if operator == "not_equals" else frozenset()
                remarks.undecided("W_EVENTSOURCE_UNRESOLVED", "eventSource", unknown, halves=BOTH, sources=sources)
        if not statement.deselects_only or statement.other_than("not_equals") is not None:
            remarks.limit("eventSource takes some event sources only", statement.selector.range)
    return frozenset(named)


def _takes_source(statement: Statement, source: str) -> Span:
    """Tell how much of one event source's events a statement on eventSource leaves."""
    deselect = [_keeps(operator, statement, source) for operator in grammar.DESELECT if operator in statement.values]
    kept = reduce(and_, deselect, EVERYTHING)
    if statement.deselects_only:
        return kept
    return kept & union(
        _takes(operator, statement, source) for operator in grammar.SELECT if operator in statement.values
    )


def _takes(operator: str, statement: Statement, source: str) -> Span:
    return union(_match(operator, value, source) for value in statement.values[operator])


def _keeps(operator: str, statement: Statement, source: str) -> Span:
    taken = union(_match(operator.removeprefix("not_"), value, source) for value in statement.values[operator])
    # A prefix or suffix takes some of the sources that nobody names, so it leaves some as well.
    return PARTLY if taken == PARTLY else Span(2 - taken.high, 2 - taken.low)


def _match(operator: str, value: Value[str], source: str) -> Span:
    if source == OTHER_SOURCES:
        return NOTHING if operator == "equals" else PARTLY
    if not isinstance(value, Known):
        return ANYTHING
    hit = {
        "equals": source == value.value,
        "starts_with": source.startswith(value.value),
        "ends_with": source.endswith(value.value),
    }[operator]
    return EVERYTHING if hit else NOTHING


def _data(read: Sequence[Statement], halves: dict[str, Span]) -> tuple[dict[str, DataSpan], DataSpan]:
    kind = next((s.values["equals"][0] for s in read if s.name == "resources.type"), None)
    service = kind.value.split("::")[1].lower() if isinstance(kind, Known) and kind.value.count("::") > 1 else ""
    extent = EVERYTHING
    deselect_only = False
    for statement in read:
        if statement.name in grammar.NARROWING_FIELDS or statement.name == "eventSource":
            extent &= PARTLY
        elif statement.name == "resources.ARN":
            extent &= _resources(statement, service)
            deselect_only = statement.deselects_only
    narrowed = any(s.name in grammar.NARROWING_FIELDS or s.name == "eventSource" for s in read)
    span = DataSpan(halves["read"] & extent, halves["write"] & extent, deselect_only and not narrowed)
    if isinstance(kind, Known):
        return {kind.value: span}, DataSpan(NOTHING, NOTHING)
    return {}, DataSpan(at_most(span.read), at_most(span.write), span.deselect_only)


def _resources(statement: Statement, service: str) -> Span:
    """Tell how many of the resources a statement on resources.ARN leaves."""
    taken = union(
        _prefix(value, service) if operator == "starts_with" else PARTLY
        for operator in grammar.SELECT
        for value in statement.values.get(operator, ())
    )
    if statement.deselects_only:
        return PARTLY
    deselects = any(operator in statement.values for operator in grammar.DESELECT)
    return taken & PARTLY if deselects else taken


def _prefix(value: Value[str], service: str) -> Span:
    if not isinstance(value, Known):
        return Span(1, 2)
    partition = [*value.value.split(":"), "aws"][1]
    whole = f"arn:{partition}:{service}:" + "::" * (service == "s3")
    return EVERYTHING if service and whole.startswith(value.value) else PARTLY


def _network(read: Sequence[Statement], halves: dict[str, Span]) -> dict[str, Span]:
    narrowing = {"eventName", "errorCode", "vpcEndpointId"} & {statement.name for statement in read}
    extent = union(halves.values()) & (PARTLY if narrowing else EVERYTHING)
    own = [statement for statement in read if statement.name == "eventSource"]
    return {value.value: extent for statement in own for value in statement.known("equals")}
