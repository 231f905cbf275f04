"""What one event selector adds to what a trail records, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checkov_cloudtrail.cloudtrail.extents import NOTHING, Span
from checkov_cloudtrail.model.coverage import Limit, SelectorProblem
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Origin, Unknown

HALVES = ("read", "write")
BOTH = frozenset(HALVES)
# Stands for every event source that no selector names.
OTHER_SOURCES = "*"


def no_source(_source: str) -> Span:
    """Take no event source at all."""
    return NOTHING


@record
class DataSpan:
    """Data events of one resource type. `deselect_only`: it is partial only because some ARNs are left out."""

    read: Span
    write: Span
    deselect_only: bool = False


@record
class Contribution:
    """What one selector records.

    Args:
        halves: how much of reads and of writes of management events, sources aside.
        source: how much of the management events of one event source; `OTHER_SOURCES` for the ones not named.
        sources: the event sources that the selector names.
        data: data events by resource type.
        other_data: of all other resource types, when the type is undecided.
        network: network activity by event source.
    """

    halves: Mapping[str, Span] = field(default_factory=lambda: dict.fromkeys(HALVES, NOTHING))
    source: Callable[[str], Span] = no_source
    sources: frozenset[str] = frozenset()
    data: Mapping[str, DataSpan] = field(default_factory=dict)
    other_data: DataSpan = DataSpan(NOTHING, NOTHING)
    network: Mapping[str, Span] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    errors: tuple[SelectorProblem, ...] = ()
    warnings: tuple[SelectorProblem, ...] = ()

    def cell(self, half: str, source: str) -> Span:
        """Tell how much of one half of one event source's management events is recorded."""
        return self.halves[half] & self.source(source)

    def data_of(self, resource_type: str) -> DataSpan:
        """Tell how much of one resource type's data events is recorded."""
        return self.data.get(resource_type, self.other_data)


@dataclass(slots=True)
class Remarks:
    """Collects limits, errors and warnings while one selector is read.

    Args:
        where: the selector; whatever has no place of its own is reported there.
    """

    where: Range
    limits: list[Limit] = field(default_factory=list)
    errors: list[SelectorProblem] = field(default_factory=list)
    warnings: list[SelectorProblem] = field(default_factory=list)

    def error(self, code: str, message: str, where: Range | None = None) -> None:
        """Note why CloudTrail refuses the selector."""
        self.errors.append(SelectorProblem(code, message, where or self.where))

    def warn(self, code: str, message: str, where: Range | None = None) -> None:
        """Note a remark."""
        self.warnings.append(SelectorProblem(code, message, where or self.where))

    def limit(
        self,
        text: str,
        where: Range | Origin | None = None,
        *,
        halves: frozenset[str] = BOTH,
        sources: frozenset[str] = frozenset(),
    ) -> None:
        """Note a place that keeps management events out."""
        place, chain = (where.range, where.chain) if isinstance(where, Origin) else (where or self.where, ())
        self.limits.append(Limit(halves, text, place, sources, chain=chain))

    def undecided(
        self,
        code: str,
        name: str,
        unknown: Unknown,
        *,
        halves: frozenset[str] = BOTH,
        sources: frozenset[str] = frozenset(),
    ) -> None:
        """Note a place that cannot be told; `name` is the attribute, `code` the warning."""
        text = f"{name} cannot be told: {unknown.because}"
        self.limits.append(Limit(halves, text, unknown.origin.range, sources, unknown, unknown.origin.chain))
        self.warn(code, text, unknown.origin.range)

    def refused(self) -> Contribution:
        """Give the contribution of a selector that CloudTrail refuses: none."""
        limits = tuple(Limit(BOTH, problem.message, problem.range) for problem in self.errors)
        return Contribution(limits=limits, errors=tuple(self.errors), warnings=tuple(self.warnings))
