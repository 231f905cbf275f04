"""What a trail or an event data store records: its selectors together [API EventSelector, AdvancedEventSelector].

An event is recorded when any selector takes it. No selector at all means every management event and no data event;
any list of selectors replaces that default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from checkov_cloudtrail.cloudtrail import advanced, basic, grammar
from checkov_cloudtrail.cloudtrail.contribution import BOTH, HALVES, OTHER_SOURCES, Contribution, DataSpan
from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.extents import ANYTHING, EVERYTHING, NOTHING, Span, at_most, union
from checkov_cloudtrail.model.coverage import Coverage, DataCoverage, Extent, Limit, ManagementCoverage, SelectorProblem
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.trail import AdvancedEventSelector, EventDataStore, EventSelector, Trail
from checkov_cloudtrail.model.values import Items, Known, Origin, Unknown, Value


@record(kw_only=True)
class _Selectors:
    """All selectors of one subject.

    Args:
        known: contributions of the selectors that are there.
        possible: of those that may be there.
        unknown: why there may be selectors of which nothing is known.
        undecided: why the possible ones are only possible.
        place: the subject, for what has no place of its own.
    """

    known: tuple[Contribution, ...]
    possible: tuple[Contribution, ...]
    unknown: Unknown | None
    undecided: Unknown | None
    place: Range

    def combine(self, figure: Callable[[Contribution], Span], default: Span) -> Span:
        """Combine one figure of all selectors.

        Args:
            figure: of one selector.
            default: the figure where there is no selector.
        """
        if self.known:
            total = union(figure(contribution) for contribution in self.known)
            total |= union(at_most(figure(contribution)) for contribution in self.possible)
            return total if self.unknown is None else total | ANYTHING
        # Either none is there, which is the default, or at least one is.
        spans = [default, *(figure(contribution) for contribution in self.possible)]
        if self.unknown is not None:
            spans.append(ANYTHING)
        return Span(min(span.low for span in spans), max(span.high for span in spans))

    def coverage(
        self,
        errors: Sequence[SelectorProblem],
        warnings: Sequence[SelectorProblem],
        possible_errors: Sequence[SelectorProblem],
    ) -> Coverage:
        """Sum up, with the problems of the lists as wholes and then those of each selector."""
        every = (*self.known, *self.possible)
        data, other = self._data()
        return Coverage(
            management=self._management(),
            data=data,
            other_data=other,
            network=self._network(),
            errors=(*errors, *(error for each in self.known for error in each.errors)),
            warnings=(*warnings, *(warning for each in every for warning in each.warnings)),
            possible_errors=(*possible_errors, *(error for each in self.possible for error in each.errors)),
            limits=(*(limit for each in every for limit in each.limits), *self._open_limits()),
        )

    def _open_limits(self) -> Iterator[Limit]:
        if self.unknown is not None:
            text = f"the selectors cannot be told: {self.unknown.because}"
            yield Limit(BOTH, text, self.unknown.origin.range, unknown=self.unknown)
        if self.possible:
            why = self.undecided or Unknown("some selectors may not be there", Origin(self.place))
            text = f"it cannot be told which selectors are there: {why.because}"
            yield Limit(BOTH, text, why.origin.range, unknown=why)

    def _management(self) -> ManagementCoverage:
        named = grammar.EXCLUDABLE_SOURCES.union(*(each.sources for each in (*self.known, *self.possible)))
        extents: dict[str, Extent] = {}
        excluded: set[str] = set()
        unknown: set[str] = set()
        incomplete: set[str] = set()
        for half in HALVES:
            cells = {source: self._cell(half, source) for source in (OTHER_SOURCES, *named)}
            others = cells.pop(OTHER_SOURCES)
            if others == EVERYTHING:
                extents[half] = Extent.ALL
                excluded |= {source for source, span in cells.items() if span == NOTHING}
                unknown |= {source for source, span in cells.items() if not span.decided}
            elif others == NOTHING and all(span == NOTHING for span in cells.values()):
                extents[half] = Extent.NONE
            elif others.decided:
                extents[half] = Extent.PARTIAL
            else:
                extents[half] = Extent.UNKNOWN
                if others.high < EVERYTHING.high:
                    incomplete.add(half)
        return ManagementCoverage(
            read=extents["read"],
            write=extents["write"],
            excluded_sources=tuple(sorted(excluded)),
            unknown_sources=tuple(sorted(unknown - excluded)),
            surely_incomplete=frozenset(incomplete),
            on_one_selector=self._on_one_selector().extent,
        )

    def _on_one_selector(self) -> Span:
        return self.combine(
            lambda each: each.cell("read", OTHER_SOURCES) & each.cell("write", OTHER_SOURCES), EVERYTHING
        )

    def _cell(self, half: str, source: str) -> Span:
        return self.combine(lambda each: each.cell(half, source), EVERYTHING)

    def _data(self) -> tuple[dict[str, DataCoverage], DataCoverage]:
        every = (*self.known, *self.possible)
        kinds = {kind for each in every for kind in each.data}
        found = {kind: self._data_of(partial(_data_of, kind=kind)) for kind in sorted(kinds)}
        return found, self._data_of(lambda each: each.other_data)

    def _data_of(self, figure: Callable[[Contribution], DataSpan]) -> DataCoverage:
        read = self.combine(lambda each: figure(each).read, NOTHING)
        write = self.combine(lambda each: figure(each).write, NOTHING)
        left_out = any(figure(each).deselect_only for each in (*self.known, *self.possible))
        deselect_only = left_out and Extent.PARTIAL in (read.extent, write.extent)
        return DataCoverage(read.extent, write.extent, deselect_only)

    def _network(self) -> dict[str, Extent]:
        def of(source: str) -> Extent:
            return self.combine(lambda each: each.network.get(source, NOTHING), NOTHING).extent

        named = {source for each in (*self.known, *self.possible) for source in each.network}
        return {source: of(source) for source in sorted(named)}


def _data_of(each: Contribution, kind: str) -> DataSpan:
    return each.data_of(kind)


def coverage(subject: Trail | EventDataStore) -> Coverage:
    """Tell what a trail or an event data store records, and why CloudTrail refuses its selectors if it does."""
    if isinstance(subject, EventDataStore):
        return _of_store(subject)
    spell = partial(spelled, subject.type)
    basic_items, advanced_items = subject.event_selectors, subject.advanced_event_selectors
    basic_name, advanced_name = spell("event_selectors"), spell("advanced_event_selectors")
    if basic_items.known and advanced_items.known:
        message = f"{basic_name} and {advanced_name} exclude each other: CloudTrail takes one kind only"
        return _nothing(SelectorProblem("E_BOTH_SELECTORS", message, advanced_items.known[0].range))

    warnings = [*_unresolved(basic_items, basic_name), *_unresolved(advanced_items, advanced_name)]
    possible_errors: list[SelectorProblem] = []
    if not basic_items.surely_empty and not advanced_items.surely_empty:
        undecided = advanced_items if basic_items.known else basic_items
        message = f"{basic_name} and {advanced_name} exclude each other, and it cannot be told that only one is there"
        conflict = SelectorProblem("W_POSSIBLE_CONFLICT", message, _place(undecided, subject.location))
        warnings.append(conflict)
        possible_errors.append(conflict)
        # Where one kind is surely there, the other can only be empty, else nothing deploys.
        if basic_items.known:
            advanced_items = Items()
        elif advanced_items.known:
            basic_items = Items()
    if basic_items.unknown is None and not basic_items.possible and len(basic_items.known) == 1:
        only = basic_items.known[0]
        if basic.is_default(only):
            text = "the only selector says what CloudTrail does without any"
            warnings.append(SelectorProblem("W_REDUNDANT_DEFAULT", text, only.range))

    selectors = _Selectors(
        known=(*_basic(basic_items.known, spell), *_advanced(advanced_items.known, spell)),
        possible=(*_basic(basic_items.possible, spell), *_advanced(advanced_items.possible, spell)),
        unknown=basic_items.unknown or advanced_items.unknown,
        undecided=basic_items.undecided or advanced_items.undecided,
        place=subject.location,
    )
    errors = [*_too_many_basic(basic_items, basic_name), *_too_many_values(advanced_items.known, advanced_name)]
    return selectors.coverage(errors, warnings, possible_errors)


def _of_store(store: EventDataStore) -> Coverage:
    spell = partial(spelled, store.type)
    name = spell("advanced_event_selectors")
    items = store.advanced_event_selectors
    errors = list(_too_many_values(items.known, name))
    for attribute in ("event_selector", "EventSelectors"):
        if isinstance(written := store.attributes.get(attribute), Known):
            message = f"an event data store has no {attribute}: it takes {name} only"
            errors.append(SelectorProblem("E_EDS_BASIC", message, written.origin.range))
    if len(items.known) > grammar.MAX_STORE_SELECTORS:
        message = f"{len(items.known)} {name}: an event data store takes {grammar.MAX_STORE_SELECTORS}"
        place = items.known[grammar.MAX_STORE_SELECTORS].range
        errors.append(SelectorProblem("E_EDS_TOO_MANY_SELECTORS", message, place))
    selectors = _Selectors(
        known=_advanced(items.known, spell, store=True),
        possible=_advanced(items.possible, spell, store=True),
        unknown=items.unknown,
        undecided=items.undecided,
        place=store.location,
    )
    return selectors.coverage(errors, _unresolved(items, name), [])


def _nothing(error: SelectorProblem) -> Coverage:
    limits = (Limit(BOTH, error.message, error.range),)
    management = ManagementCoverage(Extent.NONE, Extent.NONE, on_one_selector=Extent.NONE)
    return Coverage(management, errors=(error,), limits=limits)


def _basic(selectors: Sequence[EventSelector], spell: Callable[[str], str]) -> tuple[Contribution, ...]:
    return tuple(basic.contribution(selector, spell) for selector in selectors)


def _advanced(
    selectors: Sequence[AdvancedEventSelector], spell: Callable[[str], str], *, store: bool = False
) -> tuple[Contribution, ...]:
    return tuple(advanced.contribution(selector, spell, store=store) for selector in selectors)


def _place(items: Items[Any], fallback: Range) -> Range:
    reason = items.unknown or items.undecided
    if reason is not None:
        return reason.origin.range
    if items.possible:
        where: Range = items.possible[0].range
        return where
    return items.origin.range if items.origin is not None else fallback


def _unresolved(items: Items[Any], name: str) -> list[SelectorProblem]:
    if items.unknown is None or items.known:
        return []
    text = f"{name} cannot be told: {items.unknown.because}"
    return [SelectorProblem("W_SELECTORS_UNRESOLVED", text, items.unknown.origin.range)]


def _too_many_basic(items: Items[EventSelector], name: str) -> Iterator[SelectorProblem]:
    if len(items.known) > grammar.MAX_BASIC_SELECTORS:
        message = f"{len(items.known)} {name}: a trail takes {grammar.MAX_BASIC_SELECTORS}"
        yield SelectorProblem("E_TOO_MANY_BASIC", message, items.known[grammar.MAX_BASIC_SELECTORS].range)
    named = [
        value
        for selector in items.known
        for resource in selector.data_resources.known
        for value in (resource.values.value if isinstance(resource.values, Known) else ())
        # Choosing every resource of a type does not count.
        if not (isinstance(value, Known) and basic.is_whole_type(value.value))
    ]
    if len(named) > grammar.MAX_DATA_RESOURCES:
        message = f"{len(named)} data resources: a trail takes {grammar.MAX_DATA_RESOURCES} over all its selectors"
        yield SelectorProblem("E_DATA_RESOURCES_250", message, named[grammar.MAX_DATA_RESOURCES].origin.range)


def _too_many_values(selectors: Sequence[AdvancedEventSelector], name: str) -> Iterator[SelectorProblem]:
    values = [
        value
        for selector in selectors
        for field in selector.field_selectors.known
        for operator in grammar.OPERATORS
        for value in _listed(getattr(field, operator))
    ]
    if len(values) > grammar.MAX_ADVANCED_VALUES:
        message = f"{len(values)} values in {name}: CloudTrail takes {grammar.MAX_ADVANCED_VALUES} over all conditions"
        yield SelectorProblem("E_TOO_MANY_VALUES", message, values[grammar.MAX_ADVANCED_VALUES].origin.range)


def _listed(value: Value[tuple[Value[str], ...]]) -> tuple[Value[str], ...]:
    return value.value if isinstance(value, Known) else ()
