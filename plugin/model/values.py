"""Three-valued attributes: what a configuration says, that it says nothing, or why that cannot be told.

`Value[T]` is `Known[T] | Absent | Unknown`. Nothing compares a Value directly: match on the three classes.
Null, an omitted attribute and `AWS::NoValue` are all Absent; the service's default is applied afterwards, by
`cloudtrail/defaults.py` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Generic, TypeAlias, TypeVar

from checkov_cloudtrail.model.location import Range, Step
from checkov_cloudtrail.model.record import record

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@record
class Origin:
    """Where a value is written and how it came there.

    Args:
        range: the expression or property value in the resource itself; for an Absent value the nearest existing
            parent (the block's header, the logical id).
        chain: the places behind it, nearest first (attribute -> variable -> tfvars line); becomes the evidence.
        missing: nothing is written for it (`range` is then the parent's).
        literal: the range holds a plain literal of this very value, so a fix may replace the text.
    """

    range: Range
    chain: tuple[Step, ...] = ()
    missing: bool = False
    literal: bool = False


@record
class Reference:
    """Something whose value this configuration does not hold: a resource's attribute, a variable, a parameter.

    Args:
        address: full address of the resource (`module.m.aws_s3_bucket.logs[0]`), data source
            (`data.aws_caller_identity.current`), variable (`module.m.var.x`) or logical id (`Parent/Child`).
        attribute: `arn`, `id`, a GetAtt name; `Ref` for a CloudFormation Ref; empty for variables.
    """

    address: str
    attribute: str = ""


@record
class Known(Generic[T_co]):
    """A value that the code determines. Lists are tuples of Values, maps are `Mapping[str, Value]`."""

    value: T_co
    origin: Origin


@record
class Absent:
    """Omitted, null or AWS::NoValue."""

    origin: Origin


@record
class Unknown:
    """A value that cannot be told from the code.

    Args:
        because: short clause for people that names what would decide it: `var.multi has no value`.
        parts: for strings, what is known of it: literal text and references, in order; empty when nothing is.
            Two Unknowns of one case with equal, non-empty parts are the same string.
        present: the value exists although unknown (Terraform's "known after apply"): it is not null.
    """

    because: str
    origin: Origin
    parts: tuple[str | Reference, ...] = ()
    present: bool = False


Value: TypeAlias = Known[T] | Absent | Unknown

# What a Known holds when it is not narrowed: numbers are int or float once they left the evaluators.
Data: TypeAlias = str | bool | int | float | tuple["Value[Data]", ...] | Mapping[str, "Value[Data]"]
AnyValue: TypeAlias = "Value[Data]"


@record
class Items(Generic[T_co]):
    """A list of blocks or list elements of which some may be undecided.

    Args:
        known: elements that are surely there, in order.
        possible: elements that are there zero or more times (a `dynamic` block over an unknown collection, its
            content evaluated with an unknown iterator).
        unknown: set when elements of unknown content may exist as well; names the reason.
        undecided: why it cannot be told whether the possible elements are there.
        origin: the list, or the parent when nothing is written.
    """

    known: tuple[T_co, ...] = ()
    possible: tuple[T_co, ...] = ()
    unknown: Unknown | None = None
    origin: Origin | None = None
    undecided: Unknown | None = None

    @property
    def surely_empty(self) -> bool:
        """Nothing is there and nothing can be."""
        return not self.known and not self.possible and self.unknown is None


@record
class Skip:
    """A suppression written in the code: `checkov:skip=CT002:reason` or `Metadata.checkov.skip`."""

    rule: str
    reason: str
    range: Range


@record(kw_only=True)
class Resource:
    """What every resource of the model has.

    Args:
        address: Terraform's own address with instance keys; CloudFormation: logical id, `Parent/Child` when nested.
        type: `aws_cloudtrail`, `AWS::CloudTrail::Trail`, ...
        location: the block's header or the logical id (findings about a missing attribute point here).
        block: the whole resource, for text edits and for "is this position inside".
        scope: account scope, see `Scope` in deployment.py.
        exists: Known(True), Known(False), or Unknown with the count, for_each or Condition that would decide.
        attributes: every argument by the name that its framework gives it, nested blocks as tuples of mappings.
        depends_on: addresses that it depends on, through references or explicitly; of a trail also through others.
        skips: suppressions that apply to it.
        region: the Region of its provider or stack.
    """

    address: str
    type: str
    location: Range
    block: Range
    scope: str
    exists: Value[bool]
    attributes: Mapping[str, AnyValue] = field(default_factory=dict)
    depends_on: frozenset[str] = frozenset()
    skips: tuple[Skip, ...] = ()
    region: Value[str]

    @property
    def may_exist(self) -> bool:
        """It exists, or that is open."""
        return not (isinstance(self.exists, Known) and not self.exists.value)
