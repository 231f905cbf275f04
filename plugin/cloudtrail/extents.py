"""How much is recorded, as an interval: none < partial < all, with every value in between still open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from checkov_cloudtrail.model.coverage import Extent

_BY_RANK = (Extent.NONE, Extent.PARTIAL, Extent.ALL)


class Span(NamedTuple):
    """From `low` to `high` over 0 none, 1 partial, 2 all; decided when both are equal."""

    low: int
    high: int

    def __or__(self, other: Span) -> Span:
        """An event is recorded when either of two selectors takes it."""
        return Span(max(self.low, other.low), max(self.high, other.high))

    def __and__(self, other: Span) -> Span:
        """An event is recorded when two conditions of one selector both take it."""
        return Span(min(self.low, other.low), min(self.high, other.high))

    @property
    def decided(self) -> bool:
        """There is only one possibility."""
        return self.low == self.high

    @property
    def extent(self) -> Extent:
        """The one possibility, or UNKNOWN."""
        return _BY_RANK[self.low] if self.decided else Extent.UNKNOWN


NOTHING = Span(0, 0)
PARTLY = Span(1, 1)
EVERYTHING = Span(2, 2)
ANYTHING = Span(0, 2)


def union(spans: Iterable[Span]) -> Span:
    """Combine what several selectors record."""
    total = NOTHING
    for span in spans:
        total |= span
    return total


def at_most(span: Span) -> Span:
    """Give what a selector records that may not be there."""
    return Span(0, span.high)
