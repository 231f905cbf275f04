"""Functions on lists, tuples, and what can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from checkov_cloudtrail.terraform import numbers, types
from checkov_cloudtrail.terraform.functions.graphemes import clusters
from checkov_cloudtrail.terraform.functions.registry import (
    ANY,
    ANY_UNKNOWN,
    ANYTHING,
    LIST,
    NUMERIC,
    TEXTS,
    Environment,
    Parameter,
    function,
    number_of,
    text_of,
    whole,
)
from checkov_cloudtrail.terraform.types import convert, element_of, list_of, members, tuple_of, unify
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, NUMBER, STRING, EvaluationError, Type, UnknownRaw, Val

MAX_RANGE = 1024

_BOOLS = Parameter(types.list_type(BOOL))


@function("length", ANY_UNKNOWN, result=NUMBER)
def length(environment: Environment, value: Val) -> Val:
    """Count elements, attributes or characters."""
    kind = value.type.kind
    if kind in ("list", "set", "map", "tuple", "object"):
        return types.length(value)
    if kind not in ("string", "dynamic"):
        raise EvaluationError("argument must be a string, a collection type, or a structural type")
    if isinstance(value.raw, UnknownRaw):
        return Val(NUMBER, UnknownRaw(value.raw.because, not_null=True, low=1 if value.raw.not_empty else None))
    environment.budget.spend(len(text_of(value)) // 100)
    return types.number(len(clusters(text_of(value))))


@function("alltrue", _BOOLS, result=BOOL)
def alltrue(environment: Environment, value: Val) -> Val:
    """Tell whether all elements are true; null is not."""
    return _all_or_any(environment, members(value), decides=False)


@function("anytrue", _BOOLS, result=BOOL)
def anytrue(environment: Environment, value: Val) -> Val:
    """Tell whether an element is true; null is not."""
    return _all_or_any(environment, members(value), decides=True)


def _all_or_any(environment: Environment, elements: Sequence[Val], decides: bool) -> Val:
    environment.budget.spend(len(elements))
    if any((element.raw or False) is decides for element in elements if not isinstance(element.raw, UnknownRaw)):
        return types.boolean(decides)
    open_ones = [element.raw for element in elements if isinstance(element.raw, UnknownRaw)]
    return types.unknown(BOOL, open_ones[0].because) if open_ones else types.boolean(not decides)


@function("coalesce", result=DYNAMIC, rest=ANYTHING)
def coalesce(environment: Environment, *values: Val) -> Val:
    """Give the first argument that is neither null nor an empty string."""
    kind = unify([value.type for value in values])
    if kind is None:
        raise EvaluationError("all arguments must have the same type")
    for value in values:
        converted = convert(value, kind)
        if isinstance(converted.raw, UnknownRaw):
            return _open_choice(converted, converted.raw, values)
        if converted.raw is not None and converted.raw != "":
            return converted
    raise EvaluationError("no non-null, non-empty-string arguments")


def _open_choice(value: Val, raw: UnknownRaw, values: tuple[Val, ...]) -> Val:
    if raw.not_null and (raw.not_empty or value.type.kind not in ("string", "dynamic")):
        return value
    return types.unknown(value.type, raw.because, not_null=True)


@function("coalescelist", result=DYNAMIC, rest=ANYTHING)
def coalescelist(environment: Environment, *values: Val) -> Val:
    """Give the first list that is not empty."""
    if not values:
        raise EvaluationError("at least one argument is required")
    for value in values:
        if value.type.kind not in ("list", "tuple") and not isinstance(value.raw, UnknownRaw):
            raise EvaluationError("coalescelist arguments must be lists or tuples")
    for value in values:
        if isinstance(value.raw, UnknownRaw):
            return types.unknown(DYNAMIC, value.raw.because, not_null=True)
        if members(value):
            return value
    raise EvaluationError("no non-null arguments")


@function("compact", TEXTS, result=types.list_type(STRING))
def compact(environment: Environment, value: Val) -> Val:
    """Leave out nulls and empty strings."""
    kept = [element for element in members(value) if element.raw not in (None, "")]
    doubts = [one.unknown for one in kept if one.unknown and not (one.unknown.not_null and one.unknown.not_empty)]
    if doubts:
        raw = UnknownRaw(doubts[0].because, not_null=True, low=len(kept) - len(doubts), high=len(kept))
        return Val(types.list_type(STRING), raw)
    return list_of(STRING, kept)


@function("concat", result=DYNAMIC, rest=ANY_UNKNOWN)
def concat(environment: Environment, *values: Val) -> Val:
    """Put lists and tuples one behind the other."""
    if not values:
        raise EvaluationError("at least one argument is required")
    for value in values:
        if value.type.kind not in ("list", "tuple", "dynamic"):
            raise EvaluationError(f"all arguments must be lists or tuples; got {types.friendly(value.type)}")
    kind = unify([value.type for value in values]) if all(value.type.kind == "list" for value in values) else None
    why = next((value.raw for value in values if isinstance(value.raw, UnknownRaw)), None)
    if why is not None:
        low = sum(
            (value.raw.low or 0) if isinstance(value.raw, UnknownRaw) else len(members(value)) for value in values
        )
        return Val(kind or DYNAMIC, UnknownRaw(why.because, not_null=True, low=low if kind is not None else None))
    environment.budget.spend(sum(len(members(value)) for value in values))
    if kind is not None:
        inner = element_of(kind)
        return list_of(inner, [convert(element, inner) for value in values for element in members(value)])
    return tuple_of([element for value in values for element in members(value)])


@function("contains", ANY_UNKNOWN, ANY_UNKNOWN, result=BOOL)
def contains(environment: Environment, value: Val, wanted: Val) -> Val:
    """Tell whether an element equals a value."""
    if value.type.kind not in ("list", "set", "tuple", "dynamic"):
        raise EvaluationError("argument must be list, tuple, or set")
    if isinstance(value.raw, UnknownRaw):
        return types.unknown(BOOL, value.raw.because)
    environment.budget.spend(len(members(value)))
    why: UnknownRaw | None = None
    for inner in members(value):
        same = types.decided(inner, wanted)
        if same:
            return types.boolean(True)
        if same is None:
            why = why or types.reason(inner) or types.reason(wanted)
    return types.boolean(False) if why is None else types.unknown(BOOL, why.because)


@function("distinct", LIST, result=lambda arguments: arguments[0].type)
def distinct(environment: Environment, value: Val) -> Val:
    """Leave out repeated elements; the first stays."""
    why = types.reason(value)
    if why is not None and len(members(value)) > 1:
        return types.unknown(value.type, why.because)
    if element_of(value.type).kind == "string":
        environment.budget.spend(len(members(value)))
        firsts: dict[Any, Val] = {}
        for inner in members(value):
            firsts.setdefault(inner.raw, inner)
        return list_of(STRING, firsts.values())
    result: list[Val] = []
    for element in members(value):
        environment.budget.spend(1 + len(result))
        if not any(types.decided(element, other) for other in result):
            result.append(element)
    return list_of(element_of(value.type), result)


def _element_type(arguments: Sequence[Val]) -> Type:
    kind = arguments[0].type
    if kind.kind == "list":
        return element_of(kind)
    index = arguments[1].raw
    if kind.kind == "tuple" and isinstance(index, Fraction) and kind.elements:
        return kind.elements[int(index) % len(kind.elements)]
    return DYNAMIC


@function("element", ANY, NUMERIC, result=_element_type, not_null=False)
def element(environment: Environment, value: Val, index: Val) -> Val:
    """Give the element at an index that wraps around."""
    if value.type.kind not in ("list", "tuple"):
        raise EvaluationError(f"cannot read elements from {types.friendly(value.type)}")
    place, elements = whole(index), members(value)
    if not elements:
        raise EvaluationError("cannot use element function with an empty list")
    if place < 0 and value.type.kind == "tuple" and place % len(elements):
        raise EvaluationError("cannot use element function with a negative index")
    return elements[place % len(elements)]


@function("flatten", ANY_UNKNOWN, result=DYNAMIC)
def flatten(environment: Environment, value: Val) -> Val:
    """Replace lists in a list by their elements, at every depth."""
    if value.type.kind not in ("list", "set", "tuple", "dynamic"):
        raise EvaluationError("can only flatten lists, sets and tuples")
    found: list[Val] = []
    why = _flatten(environment, value, found)
    return tuple_of(found) if why is None else types.unknown(DYNAMIC, why.because)


def _flatten(environment: Environment, value: Val, found: list[Val]) -> UnknownRaw | None:
    """Collect what is in a list; give the reason when the number of elements cannot be told."""
    if isinstance(value.raw, UnknownRaw):
        return value.raw
    counted = types.length(value).raw
    if isinstance(counted, UnknownRaw):
        return counted
    environment.budget.spend(1 + len(members(value)))
    for inner in members(value):
        if inner.type.kind in ("list", "set", "tuple") and inner.raw is not None:
            why = _flatten(environment, inner, found)
            if why is not None:
                return why
        elif inner.type.kind == "dynamic" and isinstance(inner.raw, UnknownRaw):
            return inner.raw
        else:
            found.append(inner)
    return None


@function("index", ANY, ANY, result=NUMBER)
def index(environment: Environment, value: Val, wanted: Val) -> Val:
    """Find where a value is in a list."""
    if value.type.kind not in ("list", "tuple"):
        raise EvaluationError("argument must be a list or tuple")
    if not members(value):
        raise EvaluationError("cannot search an empty list")
    environment.budget.spend(len(members(value)))
    for place, inner in enumerate(members(value)):
        same = types.decided(inner, wanted)
        if same is None:
            why = types.reason(inner) or types.reason(wanted)
            return types.unknown(NUMBER, why.because if why is not None else "an element is not known")
        if same:
            return types.number(place)
    raise EvaluationError("item not found")


@function("matchkeys", LIST, LIST, LIST, result=lambda arguments: arguments[0].type)
def matchkeys(environment: Environment, values: Val, keys: Val, wanted: Val) -> Val:
    """Give the values whose keys are among the wanted ones."""
    kind = unify([keys.type, wanted.type])
    if kind is None:
        raise EvaluationError("keys and searchset must be of the same type")
    if len(members(values)) != len(members(keys)):
        raise EvaluationError("length of keys and values should be equal")
    if not members(wanted):
        return list_of(element_of(values.type), [])
    why = types.reason(keys) or types.reason(wanted)
    if why is not None:
        return types.unknown(values.type, why.because)
    searched = members(convert(wanted, kind))
    environment.budget.spend(len(members(keys)) * len(searched))
    pairs = zip(members(values), members(convert(keys, kind)), strict=True)
    return list_of(
        element_of(values.type),
        [value for value, key in pairs if any(types.decided(key, one) for one in searched)],
    )


def _one_type(arguments: Sequence[Val]) -> Type:
    kind = arguments[0].type
    if kind.kind in ("list", "set"):
        return element_of(kind)
    return kind.elements[0] if len(kind.elements) == 1 else DYNAMIC


@function("one", ANY, result=_one_type, not_null=False)
def one(environment: Environment, value: Val) -> Val:
    """Give the only element, or null when there is none."""
    if value.type.kind in ("list", "set", "tuple"):
        counted = types.length(value).raw
        if isinstance(counted, UnknownRaw):
            return types.unknown(element_of(value.type), counted.because)
        if not members(value):
            return Val(element_of(value.type), None)
        if len(members(value)) == 1:
            return members(value)[0]
    raise EvaluationError("must be a list, set, or tuple value with either zero or one elements")


@function("range", result=types.list_type(NUMBER), rest=NUMERIC)
def arithmetic_range(environment: Environment, *values: Val) -> Val:
    """Count from a start to an end that is left out, in steps."""
    limits = [number_of(value) for value in values]
    zero = numbers.integer(0)
    if not 1 <= len(limits) <= 3:
        raise EvaluationError("must have one, two, or three arguments")
    start, end = (zero, limits[0]) if len(limits) == 1 else (limits[0], limits[1])
    step = limits[2] if len(limits) == 3 else numbers.integer(-1 if end < start else 1)
    if len(limits) == 3 and (step < 0) != (end < start) and start != end:
        side = "less" if step < 0 else "greater"
        sign = "negative" if step < 0 else "positive"
        raise EvaluationError(f"end must be {side} than start when step is {sign}")
    result: list[Val] = []
    current = start
    while (current > end) if step < 0 else (current < end):
        if len(result) >= MAX_RANGE:
            raise EvaluationError(
                f"more than {MAX_RANGE} values were generated; either decrease the difference between start and end"
                " or use a smaller step"
            )
        environment.budget.spend()
        result.append(types.number(current))
        current = numbers.add(current, step)
    return list_of(NUMBER, result)


def _reversed_type(arguments: Sequence[Val]) -> Type:
    kind = arguments[0].type
    if kind.kind == "tuple":
        return Type("tuple", elements=tuple(reversed(kind.elements)))
    return types.list_type(element_of(kind)) if kind.kind in ("list", "set") else DYNAMIC


@function("reverse", ANY, result=_reversed_type)
def reverse(environment: Environment, value: Val) -> Val:
    """Turn a list around."""
    if value.type.kind not in ("list", "set", "tuple"):
        raise EvaluationError(f"can only reverse list or tuple values, not {types.friendly(value.type)}")
    counted = types.length(value).raw
    if isinstance(counted, UnknownRaw):
        return types.unknown(types.list_type(element_of(value.type)), counted.because)
    turned = list(reversed(members(value)))
    return tuple_of(turned) if value.type.kind == "tuple" else list_of(element_of(value.type), turned)


def _sliced_type(arguments: Sequence[Val]) -> Type:
    return arguments[0].type if arguments[0].type.kind == "list" else DYNAMIC


@function("slice", ANY, NUMERIC, NUMERIC, result=_sliced_type)
def part(environment: Environment, value: Val, start: Val, end: Val) -> Val:
    """Give the elements from a start to an end that is left out."""
    if value.type.kind == "set":
        raise EvaluationError("cannot slice a set, because its elements do not have indices")
    if value.type.kind not in ("list", "tuple"):
        raise EvaluationError("must be a list or tuple value")
    first, last = whole(start), whole(end)
    if first < 0:
        raise EvaluationError("start index must not be less than zero")
    if last < 0:
        raise EvaluationError("end index must not be less than zero")
    if first > last:
        raise EvaluationError("start index must not be greater than end index")
    elements = members(value)
    if last > len(elements):
        raise EvaluationError("end index must not be greater than the length of the list")
    cut = elements[first:last]
    return tuple_of(cut) if value.type.kind == "tuple" else list_of(element_of(value.type), cut)


@function("sort", TEXTS, result=types.list_type(STRING))
def sort(environment: Environment, value: Val) -> Val:
    """Sort strings by code point."""
    elements = members(value)
    why = types.reason(value)
    if why is not None:
        if len(elements) == 1:
            return value
        return list_of(STRING, [types.unknown(STRING, why.because) for _ in elements])
    for place, inner in enumerate(elements):
        if inner.raw is None:
            raise EvaluationError(f"given list element {place} is null; a null string cannot be sorted")
    environment.budget.spend(len(elements))
    return list_of(STRING, sorted(elements, key=text_of))


@function("chunklist", LIST, NUMERIC, result=lambda arguments: types.list_type(arguments[0].type))
def chunklist(environment: Environment, value: Val, size: Val) -> Val:
    """Cut a list into lists of a size."""
    count, elements = whole(size), members(value)
    if count < 0:
        raise EvaluationError("the size argument must be positive")
    count = count or len(elements)
    chunks = [elements[at : at + count] for at in range(0, len(elements), count)] if elements else []
    return list_of(value.type, [list_of(element_of(value.type), chunk) for chunk in chunks])
