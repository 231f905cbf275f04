"""Terraform's values while an expression is evaluated: typed, null or unknown, each knowing where it came from.

The shape follows Terraform's own type system. Values leave this package as `model.values` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Reference


@record
class Type:
    """A Terraform type.

    Args:
        kind: bool, number, string, dynamic (`any`, or the type of an untyped null), list, set, map, tuple, object.
        element: element type of list, set and map.
        elements: element types of a tuple.
        attributes: attribute types of an object.
        optional: names of optional attributes of a type constraint, with their default (None: no default).
    """

    kind: str
    element: Type | None = None
    elements: tuple[Type, ...] = ()
    attributes: Mapping[str, Type] | None = None
    optional: Mapping[str, Val | None] | None = None

    @property
    def primitive(self) -> bool:
        """Bool, number or string."""
        return self.kind in ("bool", "number", "string")


BOOL, NUMBER, STRING, DYNAMIC = Type("bool"), Type("number"), Type("string"), Type("dynamic")


@record
class UnknownRaw:
    """Why a value cannot be told.

    Args:
        because: short clause that names what would decide it: `var.own has no value`.
        parts: literal text and references that it is made of, where that is known (model.values.Unknown.parts).
        symbol: canonical text of a pure expression over unknown roots (`var.own`, `var.env == "prod"`,
            `length(var.list) > 0`): equal symbols are equal values. Existence is split into cases over boolean
            symbols. Empty when there is none.
        not_null: it is certainly not null.
        not_empty: it is certainly not an empty string.
        low: the least that an unknown number can be, or that an unknown collection can hold.
        high: the most.
        atoms: symbols of the booleans that it hangs on, through conditionals and logic: existence is split over them.
    """

    because: str
    parts: tuple[str | Reference, ...] = ()
    symbol: str = ""
    not_null: bool = False
    not_empty: bool = False
    low: Fraction | int | None = None
    high: Fraction | int | None = None
    atoms: frozenset[str] = frozenset()


# Sets keep their elements sorted and distinct; numbers are exact.
Raw: TypeAlias = bool | Fraction | str | tuple["Val", ...] | Mapping[str, "Val"] | UnknownRaw | None


@record
class Val:
    """One value. `raw` is None for null; tuples for list, set and tuple; mappings for map and object.

    Args:
        chain: places that the value passed through, nearest first; joins the evidence.
    """

    type: Type
    raw: Raw
    chain: tuple[Step, ...] = ()
    sensitive: bool = False

    @property
    def unknown(self) -> UnknownRaw | None:
        """The reason when the value itself (not a part of it) is unknown."""
        return self.raw if isinstance(self.raw, UnknownRaw) else None

    @property
    def null(self) -> bool:
        """The value is null."""
        return self.raw is None

    def via(self, step: Step) -> Val:
        """The same value, having passed through one more place."""
        return replace(self, chain=(step, *self.chain))


class EvaluationError(Exception):
    """Terraform would refuse this expression (`try` and `can` catch it); the text says why, in Terraform's terms."""
