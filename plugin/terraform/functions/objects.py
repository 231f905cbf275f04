"""Functions on maps and objects."""

from __future__ import annotations

from collections.abc import Sequence

from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.registry import (
    ANY,
    ANY_UNKNOWN,
    ANYTHING,
    TEXTS,
    Environment,
    Parameter,
    function,
    text_of,
)
from checkov_cloudtrail.terraform.types import attributes_of, element_of, entries, list_of, map_of, members, tuple_of
from checkov_cloudtrail.terraform.values import DYNAMIC, STRING, EvaluationError, Type, UnknownRaw, Val

_TEXT_UNKNOWN = Parameter(STRING, unknown=True)
_MAP_OF_TEXTS = Parameter(types.map_type(types.list_type(STRING)))


@function("keys", ANY_UNKNOWN, result=DYNAMIC)
def keys(environment: Environment, value: Val) -> Val:
    """List the keys of a map or object, sorted."""
    if value.type.kind == "object":
        names = sorted(attributes_of(value.type))
        environment.budget.spend(len(names))
        return tuple_of(map(types.string, names))
    if value.type.kind not in ("map", "dynamic"):
        raise EvaluationError("must have map or object type")
    if isinstance(value.raw, UnknownRaw):
        kind = types.list_type(STRING) if value.type.kind == "map" else DYNAMIC
        raw = UnknownRaw(value.raw.because, not_null=True, low=value.raw.low, high=value.raw.high)
        return Val(kind, raw)
    environment.budget.spend(len(entries(value)))
    return list_of(STRING, map(types.string, entries(value)))


def _values_type(arguments: Sequence[Val]) -> Type:
    kind = arguments[0].type
    if kind.kind == "object":
        return Type("tuple", elements=tuple(kind for _, kind in sorted(attributes_of(kind).items())))
    return types.list_type(element_of(kind)) if kind.kind == "map" else DYNAMIC


@function("values", ANY, result=_values_type)
def values(environment: Environment, value: Val) -> Val:
    """List the values of a map or object, in the order of their keys."""
    if value.type.kind not in ("map", "object"):
        raise EvaluationError("values() requires a map as the first argument")
    held = list(entries(value).values())
    environment.budget.spend(len(held))
    return list_of(element_of(value.type), held) if value.type.kind == "map" else tuple_of(held)


@function("lookup", ANY_UNKNOWN, _TEXT_UNKNOWN, result=DYNAMIC, rest=ANYTHING, not_null=False)
def lookup(environment: Environment, value: Val, key: Val, *default: Val) -> Val:
    """Give the value at a key, or a default."""
    if len(default) > 1:
        raise EvaluationError(f"lookup() takes two or three arguments, got {2 + len(default)}")
    kind = value.type.kind
    if kind not in ("map", "object", "dynamic"):
        raise EvaluationError("lookup() requires a map as the first argument")
    inner = element_of(value.type) if kind == "map" else DYNAMIC
    fallback = types.convert(default[0], inner) if default else None
    if isinstance(value.raw, UnknownRaw):
        return types.unknown(inner, value.raw.because)
    if isinstance(key.raw, UnknownRaw):
        return types.unknown(inner, key.raw.because)
    found = entries(value).get(text_of(key))
    if found is not None:
        return found
    if fallback is not None:
        return fallback
    raise EvaluationError(f'lookup failed to find key "{text_of(key)}"')


@function("merge", result=DYNAMIC, rest=ANYTHING)
def merge(environment: Environment, *values: Val) -> Val:
    """Put maps and objects together; later ones win."""
    for value in values:
        if value.type.kind not in ("map", "object", "dynamic"):
            raise EvaluationError(f'arguments must be maps or objects, got "{types.friendly(value.type)}"')
    alike = bool(values) and values[0].type.kind == "map"
    alike = alike and all(types.same(value.type, values[0].type) for value in values)
    open_ones = [value.raw for value in values if isinstance(value.raw, UnknownRaw)]
    if open_ones:
        return types.unknown(_merged_type(values, alike), open_ones[0].because, not_null=True)
    result: dict[str, Val] = {}
    for value in values:
        environment.budget.spend(len(entries(value)))
        result.update(entries(value))
    return map_of(element_of(values[0].type), result) if alike else types.object_of(result)


def _merged_type(values: Sequence[Val], alike: bool) -> Type:
    """Give the type of merged values of which some are unknown: known when all of them are objects."""
    if alike:
        return values[0].type
    kinds: dict[str, Type] = {}
    for value in values:
        if isinstance(value.raw, UnknownRaw) and value.type.kind != "object":
            return DYNAMIC
        kinds.update(attributes_of(value.type))
        kinds.update({name: inner.type for name, inner in entries(value).items()})
    return Type("object", attributes=kinds)


def _zipped_type(arguments: Sequence[Val]) -> Type:
    kind = arguments[1].type
    return types.map_type(element_of(kind)) if kind.kind == "list" else DYNAMIC


@function("zipmap", TEXTS, ANY, result=_zipped_type)
def zipmap(environment: Environment, names: Val, held: Val) -> Val:
    """Make a map of keys and values."""
    if held.type.kind not in ("list", "tuple"):
        raise EvaluationError("values argument must be a list or tuple value")
    why = types.reason(names)
    if why is not None:
        return types.unknown(_zipped_type((names, held)), why.because)
    counts = len(members(names)), len(members(held))
    if counts[0] != counts[1]:
        raise EvaluationError(f"number of keys ({counts[0]}) does not match number of values ({counts[1]})")
    for place, name in enumerate(members(names)):
        if name.raw is None:
            raise EvaluationError(f"element {place} of the keys is null")
    environment.budget.spend(counts[0])
    made = {text_of(name): value for name, value in zip(members(names), members(held), strict=True)}
    return map_of(element_of(held.type), made) if held.type.kind == "list" else types.object_of(made)


@function("transpose", _MAP_OF_TEXTS, result=types.map_type(types.list_type(STRING)))
def transpose(environment: Environment, value: Val) -> Val:
    """Swap keys and values of a map of lists."""
    why = types.reason(value)
    if why is not None:
        return types.unknown(value.type, why.because)
    result: dict[str, list[Val]] = {}
    for key, held in entries(value).items():
        if held.raw is None:
            raise EvaluationError("input must not contain null list")
        for inner in members(held):
            if inner.raw is None:
                raise EvaluationError("input must not contain null string")
            environment.budget.spend()
            result.setdefault(text_of(inner), []).append(types.string(key))
    return map_of(types.list_type(STRING), {key: list_of(STRING, found) for key, found in result.items()})
