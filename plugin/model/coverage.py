"""What a trail records: none, some or all of each kind of event, or an honest unknown."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import field

from checkov_cloudtrail.model.location import Range, Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Unknown


class Extent(enum.Enum):
    """How much of one half (reads or writes) is recorded; UNKNOWN when the code leaves more than one open."""

    NONE = "none"
    PARTIAL = "partial"
    ALL = "all"
    UNKNOWN = "unknown"


@record
class ManagementCoverage:
    """Management events; sources are event sources such as `kms.amazonaws.com`, sorted.

    Args:
        surely_incomplete: set for a half whose extent is UNKNOWN although "all" is already impossible.
        on_one_selector: how much the best single selector records of both halves together (policy `split_selectors`).
    """

    read: Extent
    write: Extent
    excluded_sources: tuple[str, ...] = ()
    unknown_sources: tuple[str, ...] = ()
    surely_incomplete: frozenset[str] = frozenset()
    on_one_selector: Extent = Extent.ALL


@record
class DataCoverage:
    """Data events of one resource type. `deselect_only`: partial only because some ARNs are left out."""

    read: Extent
    write: Extent
    deselect_only: bool = False


@record
class SelectorProblem:
    """A reason why CloudTrail refuses the selectors (`E_…`), or a remark (`W_…`); codes of semantics.md c.4."""

    code: str
    message: str
    range: Range


@record
class Limit:
    """A place in a selector that keeps management events out, or may do so.

    Args:
        halves: which of `read` and `write` it touches.
        sources: the event sources that it leaves out; empty when it touches all.
        text: what is written there: `read_write_type is "WriteOnly"`.
        range: where.
        unknown: set when the place is undecided; its `because` names what would decide.
        chain: the places that the value came through, nearest first.
    """

    halves: frozenset[str]
    text: str
    range: Range
    sources: frozenset[str] = frozenset()
    unknown: Unknown | None = None
    chain: tuple[Step, ...] = ()

    @property
    def evidence(self) -> tuple[Step, ...]:
        """The place and those behind it."""
        return Step(self.range, self.text), *self.chain


@record
class Coverage:
    """Everything that the selectors of one trail or event data store decide.

    Args:
        management: management events.
        data: data events by resource type.
        other_data: data events of every resource type that `data` does not name.
        network: network activity events by event source; reads and writes are not told apart.
        errors: why CloudTrail surely refuses the selectors.
        warnings: remarks.
        possible_errors: why CloudTrail refuses them if a block that is undecided is there.
        limits: the places that explain `management`, in order.
    """

    management: ManagementCoverage
    data: Mapping[str, DataCoverage] = field(default_factory=dict)
    network: Mapping[str, Extent] = field(default_factory=dict)
    errors: tuple[SelectorProblem, ...] = ()
    warnings: tuple[SelectorProblem, ...] = ()
    possible_errors: tuple[SelectorProblem, ...] = ()
    limits: tuple[Limit, ...] = ()
    other_data: DataCoverage = DataCoverage(Extent.NONE, Extent.NONE)

    def data_of(self, resource_type: str) -> DataCoverage:
        """Give the data events of one resource type such as `AWS::S3::Object`."""
        return self.data.get(resource_type, self.other_data)
