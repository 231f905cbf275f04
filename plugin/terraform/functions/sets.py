"""Functions on sets, and products of collections."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.registry import ANY_UNKNOWN, Environment, Parameter, function
from checkov_cloudtrail.terraform.types import convert, element_of, members, set_of, set_type, tuple_of, unify
from checkov_cloudtrail.terraform.values import DYNAMIC, EvaluationError, Type, UnknownRaw, Val

_SET = Parameter(set_type(DYNAMIC))


def _common(values: Sequence[Val]) -> Type:
    """Give the type of the elements of all the sets; an empty set without a type has no say."""
    kinds = [
        element_of(value.type)
        for value in values
        if isinstance(value.raw, UnknownRaw) or members(value) or element_of(value.type).kind != "dynamic"
    ]
    common = unify(kinds) if kinds else DYNAMIC
    if common is None:
        raise EvaluationError("given sets must all have compatible element types")
    return common


def _set_type(values: Sequence[Val]) -> Type:
    return set_type(_common(values))


@function("setunion", _SET, result=_set_type, rest=_SET)
def setunion(environment: Environment, *values: Val) -> Val:
    """Give what is in any of the sets."""
    inner = _common(values)
    environment.budget.spend(sum(len(members(value)) for value in values))
    return set_of(inner, [convert(element, inner) for value in values for element in members(value)])


@function("setintersection", _SET, result=_set_type, rest=_SET)
def setintersection(environment: Environment, *values: Val) -> Val:
    """Give what is in all of the sets."""
    return _combined(environment, values, wanted=True)


@function("setsubtract", _SET, _SET, result=_set_type)
def setsubtract(environment: Environment, *values: Val) -> Val:
    """Give what is in the first set only."""
    return _combined(environment, values, wanted=False)


def _combined(environment: Environment, values: Sequence[Val], wanted: bool) -> Val:
    """Keep the elements of the first set that are, or are not, in each other one."""
    inner = _common(values)
    if not members(values[0]):
        return set_of(inner, [])
    why = next(filter(None, map(types.reason, values)), None)
    if why is not None:
        return types.unknown(set_type(inner), why.because)
    kept = [convert(element, inner) for element in members(values[0])]
    for other in values[1:]:
        environment.budget.spend(len(kept) + len(members(other)))
        held = members(set_of(inner, [convert(element, inner) for element in members(other)]))
        kept = [element for element in kept if _holds(held, element) is wanted]
    return set_of(inner, kept)


def _holds(ordered: Sequence[Val], wanted: Val) -> bool:
    """Search a sorted set."""
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if types.compare(ordered[middle], wanted) < 0:
            low = middle + 1
        else:
            high = middle
    return low < len(ordered) and types.compare(ordered[low], wanted) == 0


@function("setproduct", result=DYNAMIC, rest=ANY_UNKNOWN)
def setproduct(environment: Environment, *values: Val) -> Val:
    """Give all combinations of one element of each collection."""
    if len(values) < 2:
        raise EvaluationError("at least two arguments are required")
    inner = Type("tuple", elements=tuple(map(_element, values)))
    kind = Type("set" if any(value.type.kind == "set" for value in values) else "list", element=inner)
    if any(value.type.kind == "dynamic" for value in values):
        kind = DYNAMIC
    for value in values:
        counted = types.length(value).raw if value.type.kind != "dynamic" else value.raw
        why = value.raw if isinstance(value.raw, UnknownRaw) else counted
        if isinstance(why, UnknownRaw):
            return types.unknown(kind, why.because)
    environment.budget.spend(prod(len(members(value)) for value in values) * len(values))
    columns = [[convert(element, _element(value)) for element in members(value)] for value in values]
    made = [tuple_of(row) for row in product(*columns)]
    return set_of(inner, made) if kind.kind == "set" else types.list_of(inner, made)


def _element(value: Val) -> Type:
    match value.type.kind:
        case "list" | "set":
            return element_of(value.type)
        case "tuple":
            common = unify(value.type.elements) if value.type.elements else DYNAMIC
            if common is None:
                raise EvaluationError("all elements must be of the same type")
            return common
        case "dynamic":
            return DYNAMIC
    raise EvaluationError("a set or a list is required")
