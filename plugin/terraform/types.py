"""Terraform's type system: conversion, unification, equality and the order of sets ([CTY]).

Every function here is pure. Types compare with `same`, because `optional` belongs to constraints and not to values.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cmp_to_key

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.terraform import numbers
from checkov_cloudtrail.terraform.values import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    EvaluationError,
    Raw,
    Type,
    UnknownRaw,
    Val,
)

MAX_SYMBOL = 200

_ARTICLES = {"bool": "a bool", "number": "a number", "string": "a string"}
_SEQUENCES = ("list", "set", "tuple")
_COLLECTIONS = ("list", "set", "map")


# -- making values ----------------------------------------------------------------------------------------------------


def list_type(element: Type) -> Type:
    """Give `list(element)`."""
    return Type("list", element=element)


def set_type(element: Type) -> Type:
    """Give `set(element)`."""
    return Type("set", element=element)


def map_type(element: Type) -> Type:
    """Give `map(element)`."""
    return Type("map", element=element)


def string(text: str) -> Val:
    """Make a known string; Terraform keeps text in Unicode's normal form C."""
    return Val(STRING, text if text.isascii() else unicodedata.normalize("NFC", text))


def boolean(value: bool) -> Val:
    """Make a known bool."""
    return Val(BOOL, value)


def number(value: Fraction | int) -> Val:
    """Make a known number; an int has the precision that Terraform's functions count with."""
    return Val(NUMBER, numbers.integer(value) if isinstance(value, int) else value)


def unknown(kind: Type, because: str, *, not_null: bool = False) -> Val:
    """Make an unknown value that nothing more is known of."""
    return Val(kind, UnknownRaw(because, not_null=not_null))


def tuple_of(values: Iterable[Val]) -> Val:
    """Make a tuple, as `[…]` does."""
    elements = tuple(values)
    return Val(Type("tuple", elements=tuple(value.type for value in elements)), elements)


def object_of(values: Mapping[str, Val]) -> Val:
    """Make an object, as `{…}` does; its attributes are sorted by name."""
    attributes = {name: values[name] for name in sorted(values)}
    return Val(Type("object", attributes={name: value.type for name, value in attributes.items()}), attributes)


def list_of(element: Type, values: Iterable[Val]) -> Val:
    """Make a list of values that are of the element type already."""
    return Val(list_type(element), tuple(values))


def map_of(element: Type, values: Mapping[str, Val]) -> Val:
    """Make a map of values that are of the element type already."""
    return Val(map_type(element), {key: values[key] for key in sorted(values)})


def set_of(element: Type, values: Iterable[Val]) -> Val:
    """Make a set of values that are of the element type already: sorted, without duplicates."""
    return Val(set_type(element), _distinct(values))


# -- asking about types and values ------------------------------------------------------------------------------------


def same(left: Type, right: Type) -> bool:
    """Tell whether two types are one, whatever is optional in them."""
    if left is right:
        return True
    if left.kind != right.kind:
        return False
    if left.kind == "tuple":
        return len(left.elements) == len(right.elements) and all(map(same, left.elements, right.elements))
    if left.kind == "object":
        ours, theirs = attributes_of(left), attributes_of(right)
        return ours.keys() == theirs.keys() and all(same(kind, theirs[name]) for name, kind in ours.items())
    return left.primitive or left.kind == "dynamic" or same(element_of(left), element_of(right))


def element_of(kind: Type) -> Type:
    """Give the element type of a list, set or map."""
    return kind.element or DYNAMIC


def attributes_of(kind: Type) -> Mapping[str, Type]:
    """Give the attribute types of an object."""
    return kind.attributes or {}


def members(value: Val) -> Sequence[Val]:
    """Give the elements of a known list, set or tuple."""
    return value.raw if isinstance(value.raw, tuple) else ()


def entries(value: Val) -> Mapping[str, Val]:
    """Give the elements of a known map, or the attributes of a known object."""
    return value.raw if isinstance(value.raw, Mapping) else {}


def wholly_known(value: Val) -> bool:
    """Tell whether nothing in a value is unknown."""
    return reason(value) is None


def reason(value: Val) -> UnknownRaw | None:
    """Give the first unknown in a value, itself included."""
    if isinstance(value.raw, UnknownRaw):
        return value.raw
    if isinstance(value.raw, str):
        return None
    for inner in (*members(value), *entries(value).values()):
        found = reason(inner)
        if found is not None:
            return found
    return None


def not_null(value: Val) -> bool:
    """Tell whether a value is certainly not null."""
    return value.raw.not_null if isinstance(value.raw, UnknownRaw) else value.raw is not None


def not_empty(value: Val) -> bool:
    """Tell whether a value is certainly not an empty string."""
    return value.raw.not_empty if isinstance(value.raw, UnknownRaw) else value.raw != ""


def length(value: Val) -> Val:
    """Count the elements of a list, set, map or tuple, or the attributes of an object, as far as that can be told."""
    if value.type.kind == "tuple":
        return number(len(value.type.elements))
    if value.type.kind == "object":
        return number(len(attributes_of(value.type)))
    if isinstance(value.raw, UnknownRaw):
        raw = value.raw
        symbol = call_symbol("length", raw.symbol)
        low = 0 if raw.low is None else raw.low
        return Val(NUMBER, UnknownRaw(raw.because, symbol=symbol, not_null=True, low=low, high=raw.high))
    size = len(value.raw) if isinstance(value.raw, tuple | Mapping) else 0
    why = reason(value) if value.type.kind == "set" and size > 1 else None
    if why is not None:
        return Val(NUMBER, UnknownRaw(why.because, not_null=True, low=1, high=size))
    return number(size)


def call_symbol(name: str, *arguments: str) -> str:
    """Join the symbols of arguments to the symbol of a call; empty when one is missing or it gets too long."""
    text = f"{name}({', '.join(arguments)})" if all(arguments) else ""
    return text if len(text) <= MAX_SYMBOL else ""


def friendly(kind: Type) -> str:
    """Name a type as Terraform's messages do: `list of string`."""
    if kind.kind == "dynamic":
        return "any type"
    if kind.kind in _COLLECTIONS:
        inner = element_of(kind)
        return f"{kind.kind} of any single type" if inner.kind == "dynamic" else f"{kind.kind} of {friendly(inner)}"
    return kind.kind


# -- conversion -------------------------------------------------------------------------------------------------------


def convert(value: Val, wanted: Type) -> Val:
    """Convert a value to a type, as Terraform does for variables, arguments and `to…` functions.

    Args:
        value: any value; unknown and null ones are converted in type.
        wanted: a type or a type constraint; defaults of its optional attributes are filled in first.

    Raises:
        EvaluationError: the value cannot be of that type.
        BudgetError: a number is too large to work with.
    """
    if _has_defaults(wanted):
        value = _with_defaults(value, wanted)
    return _convert(value, wanted)


def convertible(have: Type, wanted: Type, unsafe: bool = True) -> bool:
    """Tell whether some values of a type can be converted to another.

    Args:
        have: the type to convert from.
        wanted: the type, or type constraint, to convert to.
        unsafe: also when only some values can (`"12"` is a number, `"x"` is not).
    """
    if wanted.kind == "dynamic" or same(have, wanted):
        return True
    if have.kind == "dynamic":
        return unsafe
    if have.primitive and wanted.primitive:
        return wanted.kind == "string" or (unsafe and have.kind == "string")
    match have.kind, wanted.kind:
        case ("list" | "set", "list" | "set") | ("map", "map"):
            return convertible(element_of(have), element_of(wanted), unsafe)
        case ("tuple", "list" | "set"):
            inner = _target(have.elements, element_of(wanted), unsafe)
            return inner is not None and all(convertible(one, inner, unsafe) for one in have.elements)
        case ("object", "map"):
            kinds = tuple(attributes_of(have).values())
            inner = _target(kinds, element_of(wanted), unsafe)
            return inner is not None and all(convertible(one, inner, unsafe) for one in kinds)
        case ("tuple", "tuple"):
            return len(have.elements) == len(wanted.elements) and all(
                convertible(one, other, unsafe) for one, other in zip(have.elements, wanted.elements, strict=True)
            )
        case ("object", "object"):
            ours, optional = attributes_of(have), wanted.optional or {}
            return all(
                convertible(ours[name], kind, unsafe) if name in ours else name in optional
                for name, kind in attributes_of(wanted).items()
            )
        case ("map", "object"):
            return all(convertible(element_of(have), kind, unsafe) for kind in attributes_of(wanted).values())
    return False


def _target(kinds: Sequence[Type], wanted: Type, unsafe: bool) -> Type | None:
    """Give the element type for a collection made of these types; `any` is what they have in common."""
    if wanted.kind != "dynamic":
        return wanted
    return unify(kinds, unsafe) if kinds else DYNAMIC


def _convert(value: Val, wanted: Type) -> Val:
    have = value.type
    if wanted.kind == "dynamic" or have is wanted:
        return value
    if have.primitive and have.kind == wanted.kind:
        return value
    if not convertible(have, wanted):
        raise EvaluationError(mismatch(have, wanted))
    if value.raw is None:
        return replace(value, type=_result_type(have, wanted))
    if isinstance(value.raw, UnknownRaw):
        return _convert_unknown(value, value.raw, _result_type(have, wanted))
    if wanted.primitive:
        return replace(value, type=Type(wanted.kind), raw=_convert_primitive(value, wanted.kind))
    made = _convert_structure(value, wanted)
    return replace(value, type=made.type, raw=made.raw)


def _convert_unknown(value: Val, raw: UnknownRaw, kind: Type) -> Val:
    if same(value.type, kind):
        return replace(value, type=kind)
    symbol = raw.symbol
    if not (value.type.kind == "dynamic" and kind.kind != "dynamic" and symbol.startswith(f"to{kind.kind}(")):
        symbol = call_symbol(f"to{kind.kind}", symbol)
    bounded = value.type.kind in _COLLECTIONS and kind.kind in _COLLECTIONS
    low = raw.low if bounded else None
    if value.type.kind == "tuple":
        low, bounded = len(value.type.elements), True
    if low and kind.kind == "set":
        low = 1
    return replace(
        value,
        type=kind,
        raw=UnknownRaw(
            raw.because,
            parts=raw.parts if kind.kind == "string" else (),
            symbol=symbol,
            not_null=raw.not_null,
            not_empty=raw.not_empty and kind.kind == "string",
            low=low,
            high=raw.high if bounded else None,
            atoms=raw.atoms,
        ),
    )


def _convert_primitive(value: Val, wanted: str) -> Raw:
    raw = value.raw
    if wanted == "string":
        if isinstance(raw, bool):
            return "true" if raw else "false"
        return numbers.text(raw) if isinstance(raw, Fraction) else raw
    if not isinstance(raw, str):
        raise EvaluationError(f"{_ARTICLES[wanted]} is required")
    if wanted == "bool":
        if raw in ("true", "1"):
            return True
        if raw in ("false", "0"):
            return False
        hint = raw.lower()
        if hint in ("true", "false"):
            raise EvaluationError(f'a bool is required; to convert from string, use lowercase "{hint}"')
        raise EvaluationError("a bool is required")
    try:
        parsed = numbers.parse(raw)
    except BudgetError as error:
        return UnknownRaw(str(error), not_null=True)
    if parsed is None:
        raise EvaluationError("a number is required")
    return parsed


def _convert_structure(value: Val, wanted: Type) -> Val:
    have = value.type
    match wanted.kind:
        case "list" | "set":
            return _convert_sequence(value, wanted)
        case "map":
            inner = element_of(wanted)
            if have.kind == "object":
                inner = _target(tuple(attributes_of(have).values()), inner, True) or DYNAMIC
            elements = {key: _convert(one, inner) for key, one in entries(value).items()}
            if not elements and inner.kind == "dynamic" and have.kind == "map":
                inner = element_of(have)
            unified, ordered = _one_type(inner, tuple(elements.values()))
            return map_of(unified, dict(zip(elements, ordered, strict=True)))
        case "tuple":
            pairs = zip(members(value), wanted.elements, strict=True)
            return tuple_of(_convert(one, kind) for one, kind in pairs)
        case _:
            return _convert_object(value, wanted)


def _convert_sequence(value: Val, wanted: Type) -> Val:
    have, inner = value.type, element_of(wanted)
    if have.kind == "set" and wanted.kind == "list" and isinstance(length(value).raw, UnknownRaw):
        why, counted = reason(value), length(value).unknown
        if why is not None and counted is not None:
            raw = UnknownRaw(why.because, not_null=True, low=counted.low, high=counted.high)
            return Val(_result_type(have, wanted), raw)
    if have.kind == "tuple":
        inner = _target(have.elements, inner, True) or DYNAMIC
    elements = tuple(_convert(one, inner) for one in members(value))
    if not elements and inner.kind == "dynamic" and have.kind != "tuple":
        inner = element_of(have)
    unified, elements = _one_type(inner, elements)
    return set_of(unified, elements) if wanted.kind == "set" else list_of(unified, elements)


def _one_type(inner: Type, elements: tuple[Val, ...]) -> tuple[Type, tuple[Val, ...]]:
    """Settle the element type where it was left open (`any`), and bring the elements to it."""
    if not elements:
        return without_optional(inner), elements
    first = elements[0].type
    if all(same(one.type, first) for one in elements):
        return first, elements
    settled = [one.type for one in elements if one.type.kind != "dynamic"]
    unified = unify(settled)
    if unified is None or (len(settled) < len(elements) and not unified.primitive):
        raise EvaluationError("all elements must have the same type")
    return unified, tuple(_convert(one, unified) for one in elements)


def _convert_object(value: Val, wanted: Type) -> Val:
    ours, optional = entries(value), wanted.optional or {}
    made: dict[str, Val] = {}
    for name, kind in attributes_of(wanted).items():
        if name in ours:
            made[name] = _convert(ours[name], kind)
        elif name in optional:
            made[name] = Val(without_optional(kind), None)
        else:
            raise EvaluationError(f'map has no element for required attribute "{name}"')
    return object_of(made)


def without_optional(kind: Type) -> Type:
    """Give the type of values that a type constraint stands for."""
    match kind.kind:
        case "list" | "set" | "map":
            return Type(kind.kind, element=without_optional(element_of(kind)))
        case "tuple":
            return Type("tuple", elements=tuple(without_optional(one) for one in kind.elements))
        case "object":
            kinds = {name: without_optional(one) for name, one in sorted(attributes_of(kind).items())}
            return Type("object", attributes=kinds)
    return kind


def _result_type(have: Type, wanted: Type) -> Type:
    """Give the type that a null or unknown value of one type has after conversion: `any` becomes what is there."""
    if wanted.kind == "dynamic":
        return have
    match have.kind, wanted.kind:
        case ("list" | "set" | "map", "list" | "set" | "map"):
            return Type(wanted.kind, element=_result_type(element_of(have), element_of(wanted)))
        case ("tuple", "list" | "set"):
            inner = _target(have.elements, element_of(wanted), True)
            return Type(wanted.kind, element=without_optional(inner or DYNAMIC))
        case ("object", "map"):
            inner = _target(tuple(attributes_of(have).values()), element_of(wanted), True)
            return Type("map", element=without_optional(inner or DYNAMIC))
        case ("tuple", "tuple"):
            pairs = zip(have.elements, wanted.elements, strict=True)
            return Type("tuple", elements=tuple(_result_type(one, other) for one, other in pairs))
        case ("object", "object"):
            ours = attributes_of(have)
            kinds = {
                name: _result_type(ours[name], kind) if name in ours else without_optional(kind)
                for name, kind in sorted(attributes_of(wanted).items())
            }
            return Type("object", attributes=kinds)
    return without_optional(wanted)


def mismatch(have: Type, wanted: Type) -> str:
    """Say why a type cannot be converted, in Terraform's words."""
    match have.kind, wanted.kind:
        case ("object", "object"):
            ours, optional = attributes_of(have), wanted.optional or {}
            required = sorted(name for name in attributes_of(wanted) if name not in ours and name not in optional)
            if len(required) == 1:
                return f'attribute "{required[0]}" is required'
            if required:
                listed = ", ".join(f'"{name}"' for name in required[:-1])
                return f'attributes {listed} and "{required[-1]}" are required'
            for name, kind in attributes_of(wanted).items():
                if name in ours and not convertible(ours[name], kind):
                    return f'attribute "{name}": {mismatch(ours[name], kind)}'
        case ("tuple", "list" | "set") | ("object", "map"):
            inner = element_of(wanted)
            if inner.kind == "dynamic":
                return f"all {wanted.kind} elements must have the same type"
            named: Iterable[tuple[object, Type]] = (
                enumerate(have.elements)
                if have.kind == "tuple"
                else ((f'"{name}"', kind) for name, kind in attributes_of(have).items())
            )
            for place, kind in named:
                if not convertible(kind, inner):
                    return f"element {place}: {mismatch(kind, inner)}"
        case ("list" | "set", "list" | "set") | ("map", "map"):
            return f"incorrect {wanted.kind} element type: {mismatch(element_of(have), element_of(wanted))}"
    if wanted.primitive:
        return f"{_ARTICLES[wanted.kind]} is required"
    return f"{friendly(wanted)} required"


# -- defaults of optional attributes ----------------------------------------------------------------------------------


def _has_defaults(kind: Type) -> bool:
    if kind.element is not None:
        return _has_defaults(kind.element)
    if kind.optional and any(default is not None for default in kind.optional.values()):
        return True
    return any(map(_has_defaults, kind.elements)) or any(map(_has_defaults, attributes_of(kind).values()))


def _with_defaults(value: Val, wanted: Type) -> Val:
    """Fill in the defaults of optional attributes that are missing or null, at every depth."""
    if isinstance(value.raw, tuple):
        if wanted.kind == "tuple" and len(wanted.elements) == len(value.raw):
            filled = tuple(map(_with_defaults, value.raw, wanted.elements))
        elif wanted.kind in _SEQUENCES and wanted.element is not None:
            inner = wanted.element
            filled = tuple(_with_defaults(one, inner) for one in value.raw)
        else:
            return value
        if value.type.kind != "tuple" and filled:
            unified = unify([one.type for one in filled])
            if unified is not None:
                converted = [_convert(one, unified) for one in filled]
                made = set_of(unified, converted) if value.type.kind == "set" else list_of(unified, converted)
                return replace(value, type=made.type, raw=made.raw)
        made = tuple_of(filled)
        return replace(value, type=made.type, raw=made.raw)
    if not isinstance(value.raw, Mapping):
        return value
    if wanted.kind == "map" and wanted.element is not None:
        inner = wanted.element
        values = {key: _with_defaults(one, inner) for key, one in value.raw.items()}
    elif wanted.kind == "object":
        values = _object_defaults(value.raw, wanted)
    else:
        return value
    unified = unify([one.type for one in values.values()]) if value.type.kind == "map" and values else None
    made = (
        object_of(values)
        if unified is None
        else map_of(unified, {key: _convert(one, unified) for key, one in values.items()})
    )
    if value.type.kind == "map" and not values:
        return value
    return replace(value, type=made.type, raw=made.raw)


def _object_defaults(raw: Mapping[str, Val], wanted: Type) -> dict[str, Val]:
    kinds = attributes_of(wanted)
    values = {name: _with_defaults(one, kinds[name]) if name in kinds else one for name, one in raw.items()}
    for name, default in (wanted.optional or {}).items():
        if default is not None and (name not in values or values[name].raw is None):
            values[name] = _with_defaults(default, kinds[name])
    return values


# -- unification ------------------------------------------------------------------------------------------------------


def unify(kinds: Sequence[Type], unsafe: bool = True) -> Type | None:
    """Find the type that values of all these types can be converted to: for conditionals, and elements of lists.

    Args:
        kinds: types of values.
        unsafe: also types that only some values can be converted to.

    Returns:
        The type, or None when they have none in common.
    """
    if not kinds:
        return None
    first = kinds[0]
    if all(same(kind, first) for kind in kinds):
        return first
    found = {kind.kind for kind in kinds}
    dynamic = "dynamic" in found
    settled = [kind for kind in kinds if kind.kind != "dynamic"]
    if dynamic and all(kind.primitive for kind in settled):
        return unify(settled, unsafe) or DYNAMIC
    match tuple(sorted(found - {"dynamic"})):
        case ("map",) | ("list",) | ("set",) as only:
            if dynamic:
                return DYNAMIC
            inner = unify([element_of(kind) for kind in kinds], unsafe)
            return None if inner is None else _checked(Type(only[0], element=inner), kinds, unsafe)
        case ("map", "object"):
            found_map = _unify_to("map", kinds, unsafe)
            if found_map is not None:
                return found_map
        case ("list", "tuple"):
            found_list = _unify_to("list", kinds, unsafe)
            if found_list is not None:
                return found_list
        case ("object",):
            return DYNAMIC if dynamic else _unify_objects(kinds, unsafe)
        case ("tuple",):
            return DYNAMIC if dynamic else _unify_tuples(kinds, unsafe)
    if "object" in found and "tuple" in found:
        return None
    for index in _preferred(kinds):
        if all(convertible(kind, kinds[index], unsafe) for kind in kinds):
            return kinds[index]
    return None


def _checked(result: Type, kinds: Sequence[Type], unsafe: bool) -> Type | None:
    return result if all(convertible(kind, result, unsafe) for kind in kinds) else None


def _unify_to(collection: str, kinds: Sequence[Type], unsafe: bool) -> Type | None:
    """Make one collection type of collections and of the structural types that can be written for them."""
    inner: list[Type] = []
    for kind in kinds:
        if kind.kind in _COLLECTIONS:
            inner.append(element_of(kind))
        else:
            inner.extend((*kind.elements, *attributes_of(kind).values()))
    common = unify(inner, unsafe)
    return None if common is None else _checked(Type(collection, element=common), kinds, unsafe)


def _unify_objects(kinds: Sequence[Type], unsafe: bool) -> Type | None:
    names = attributes_of(kinds[0]).keys()
    if any(attributes_of(kind).keys() != names for kind in kinds):
        return _unify_to("map", kinds, unsafe)
    made: dict[str, Type] = {}
    for name in names:
        common = unify([attributes_of(kind)[name] for kind in kinds], unsafe)
        if common is None:
            return None
        made[name] = common
    result = Type("object", attributes=made)
    return _checked(result, kinds, unsafe) or _unify_to("map", kinds, unsafe)


def _unify_tuples(kinds: Sequence[Type], unsafe: bool) -> Type | None:
    if any(len(kind.elements) != len(kinds[0].elements) for kind in kinds):
        return _unify_to("list", kinds, unsafe)
    made: list[Type] = []
    for column in zip(*(kind.elements for kind in kinds), strict=True):
        common = unify(column, unsafe)
        if common is None:
            return None
        made.append(common)
    result = Type("tuple", elements=tuple(made))
    return _checked(result, kinds, unsafe) or _unify_to("list", kinds, unsafe)


def _preferred(kinds: Sequence[Type]) -> list[int]:
    """Sort the indexes of types, the most general first; types that do not compare keep their order."""
    more_general: list[list[int]] = [[] for _ in kinds]
    waiting = [0] * len(kinds)
    distinct = [index for index, kind in enumerate(kinds) if not any(same(kind, other) for other in kinds[:index])]
    for position, one in enumerate(distinct):
        for other in distinct[position + 1 :]:
            order = _compare_types(kinds[one], kinds[other])
            if order:
                winner, loser = (one, other) if order < 0 else (other, one)
                more_general[winner].append(loser)
                waiting[loser] += 1
    queue = [index for index in distinct if not waiting[index]]
    for index in queue:
        for loser in more_general[index]:
            waiting[loser] -= 1
            if not waiting[loser]:
                queue.append(loser)
    return queue


def _compare_types(left: Type, right: Type) -> int:
    """Compare how general two types are: below zero when the left one is more general, zero when that is open."""
    pair = (left.kind, right.kind)
    if "dynamic" in pair:
        return (left.kind != "dynamic") - (right.kind != "dynamic")
    if left.primitive and right.primitive:
        return (left.kind != "string") - (right.kind != "string") if "string" in pair else 0
    if left.kind == right.kind and left.kind in _COLLECTIONS:
        return _compare_types(element_of(left), element_of(right))
    order = {"list": 0, "tuple": 1, "set": 2}
    if left.kind in order and right.kind in order and left.kind != right.kind:
        return order[left.kind] - order[right.kind]
    if {left.kind, right.kind} == {"map", "object"}:
        return -1 if left.kind == "map" else 1
    signs: set[int] = set()
    if left.kind == right.kind == "object" and attributes_of(left).keys() == attributes_of(right).keys():
        signs = {_compare_types(kind, attributes_of(right)[name]) for name, kind in attributes_of(left).items()}
    elif left.kind == right.kind == "tuple" and len(left.elements) == len(right.elements):
        signs = set(map(_compare_types, left.elements, right.elements))
    below, above = any(sign < 0 for sign in signs), any(sign > 0 for sign in signs)
    return 0 if below == above else -1 if below else 1


# -- equality ---------------------------------------------------------------------------------------------------------


def equal(left: Val, right: Val) -> Val:
    """Compare as `==` does: no conversion, unlike types are unequal, null equals null.

    Returns:
        A bool, unknown when an unknown part decides.
    """
    result = decided(left, right)
    secret = left.sensitive or right.sensitive
    if result is not None:
        return Val(BOOL, result, sensitive=secret)
    why = reason(left) or reason(right)
    because = why.because if why is not None else "a value is not known"
    symbols = symbol_of(left), symbol_of(right)
    joined = f"{symbols[0]} == {symbols[1]}" if all(symbols) else ""
    raw = UnknownRaw(because, symbol=joined if len(joined) <= MAX_SYMBOL else "", not_null=True)
    return Val(BOOL, raw, sensitive=secret)


def decided(left: Val, right: Val) -> bool | None:
    """Compare two values as `==` does; None when that cannot be told."""
    ours, theirs = left.raw, right.raw
    if ours is None or theirs is None:
        other = right if ours is None else left
        if other.raw is None:
            return True
        return False if not_null(other) else None
    if isinstance(ours, UnknownRaw) or isinstance(theirs, UnknownRaw):
        return _equal_unknown(left, right)
    if left.type.primitive or right.type.primitive:
        if left.type.kind != right.type.kind:
            return False
        if isinstance(ours, Fraction) and isinstance(theirs, Fraction):
            return numbers.equal(ours, theirs)
        return ours == theirs
    if not _may_be_same(left, right):
        return False
    if left.type.kind == "set":
        return _equal_sets(members(left), members(right))
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        if ours.keys() != theirs.keys():
            return False
        pairs = [(one, theirs[key]) for key, one in ours.items()]
    else:
        if len(members(left)) != len(members(right)):
            return False
        pairs = list(zip(members(left), members(right), strict=True))
    results = [decided(one, other) for one, other in pairs]
    if False in results:
        return False
    return None if None in results else True


def _equal_sets(ours: Sequence[Val], theirs: Sequence[Val]) -> bool | None:
    if all(map(wholly_known, (*ours, *theirs))):
        return len(ours) == len(theirs) and all(map(decided, ours, theirs))
    for one, other in ((ours, theirs), (theirs, ours)):
        if all(map(wholly_known, other)):
            # Of the unknown elements of the one at least one counts, if it has no others.
            certain = [element for element in one if wholly_known(element)]
            least = len(certain) or min(len(one), 1)
            if least > len(other) or any(all(decided(element, held) is False for held in other) for element in certain):
                return False
    return None


def _equal_unknown(left: Val, right: Val) -> bool | None:
    """Compare where at least one side is unknown: what is known of it may rule equality out."""
    ours, theirs = left.raw, right.raw
    if isinstance(ours, UnknownRaw) and isinstance(theirs, UnknownRaw):
        if ours.symbol and ours.symbol == theirs.symbol and same(left.type, right.type):
            return True
        if ours.parts and ours.parts == theirs.parts and left.type.kind == right.type.kind == "string":
            return True
        return None
    held, open_side = (right, left) if isinstance(ours, UnknownRaw) else (left, right)
    raw, known = open_side.raw, held.raw
    if not isinstance(raw, UnknownRaw):
        return None
    if not _may_be_same(held, open_side):
        return False
    if isinstance(known, str) and ((raw.not_empty and not known) or not _may_be_text(raw, known)):
        return False
    size: Fraction | int | None = None
    if isinstance(known, Fraction):
        size = known
    elif isinstance(known, tuple | Mapping) and open_side.type.kind in _COLLECTIONS and wholly_known(held):
        size = len(known)
    if size is not None and ((raw.low is not None and size < raw.low) or (raw.high is not None and size > raw.high)):
        return False
    return None


def _may_be_text(raw: UnknownRaw, known: str) -> bool:
    """Tell whether a string with these known ends can be the given one."""
    if not raw.parts:
        return True
    first, last = raw.parts[0], raw.parts[-1]
    start = first if isinstance(first, str) else ""
    end = last if isinstance(last, str) and len(raw.parts) > 1 else ""
    return len(known) >= len(start) + len(end) and known.startswith(start) and known.endswith(end)


def _may_be_same(left: Val, right: Val) -> bool:
    """Tell whether two values can turn out to be of one type: parts of unknown type can be of any."""
    return _types_meet(left.type, right.type, left, right)


def _types_meet(ours: Type, theirs: Type, left: Val | None, right: Val | None) -> bool:
    if "dynamic" in (ours.kind, theirs.kind):
        if ours.kind == theirs.kind:
            return True
        open_side = left if ours.kind == "dynamic" else right
        # An untyped null is of no other type: [null] is not [tostring(null)].
        return open_side is None or open_side.raw is not None
    if ours.kind != theirs.kind:
        return False
    if ours.primitive:
        return True
    ours_raw = left.raw if left is not None else None
    theirs_raw = right.raw if right is not None else None
    if ours.kind == "tuple":
        return len(ours.elements) == len(theirs.elements) and all(
            _types_meet(
                one,
                other,
                ours_raw[index] if isinstance(ours_raw, tuple) else None,
                theirs_raw[index] if isinstance(theirs_raw, tuple) else None,
            )
            for index, (one, other) in enumerate(zip(ours.elements, theirs.elements, strict=True))
        )
    if ours.kind == "object":
        mine, others = attributes_of(ours), attributes_of(theirs)
        return mine.keys() == others.keys() and all(
            _types_meet(
                kind,
                others[name],
                ours_raw.get(name) if isinstance(ours_raw, Mapping) else None,
                theirs_raw.get(name) if isinstance(theirs_raw, Mapping) else None,
            )
            for name, kind in mine.items()
        )
    return _types_meet(element_of(ours), element_of(theirs), _telling(left), _telling(right))


def _telling(collection: Val | None) -> Val | None:
    """Give the element that leaves an element type open: an unknown one; null for none, since then it is settled."""
    if collection is None or isinstance(collection.raw, UnknownRaw | None):
        return None
    elements = (*members(collection), *entries(collection).values())
    return next((element for element in elements if reason(element) is not None), Val(DYNAMIC, None))


def symbol_of(value: Val) -> str:
    """Give the canonical text of a value for symbols: a literal, or the symbol of an unknown; empty when there is none.

    Equal texts are equal values.
    """
    raw = value.raw
    if isinstance(raw, UnknownRaw):
        return raw.symbol
    text = ""
    match raw:
        case None:
            text = "null"
        case bool():
            text = "true" if raw else "false"
        case Fraction():
            text = numbers.text(raw)
        case str() if len(raw) < MAX_SYMBOL:
            text = '"' + raw.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case tuple() if len(raw) < MAX_SYMBOL:
            inner = [symbol_of(one) for one in raw]
            if all(inner):
                text = f"[{', '.join(inner)}]"
                text = text if value.type.kind == "tuple" else f"to{value.type.kind}({text})"
    return text if len(text) <= MAX_SYMBOL else ""


# -- the order of sets ------------------------------------------------------------------------------------------------


def _distinct(values: Iterable[Val]) -> tuple[Val, ...]:
    """Sort and drop what is certainly a duplicate; unknown elements come last, nulls before them."""
    ordered = sorted(values, key=cmp_to_key(compare))
    result: list[Val] = []
    for value in ordered:
        if not result or compare(result[-1], value) != 0 or not wholly_known(value):
            result.append(value)
    return tuple(result)


def compare(left: Val, right: Val) -> int:
    """Order two elements of one set as Terraform iterates: text by bytes, numbers ascending, false before true."""
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1] or ranks[0]:
        return ranks[0] - ranks[1]
    ours, theirs = left.raw, right.raw
    if isinstance(ours, str) and isinstance(theirs, str):
        one, other = ours.encode("utf-8", "surrogatepass"), theirs.encode("utf-8", "surrogatepass")
        return (one > other) - (one < other)
    if isinstance(ours, Fraction) and isinstance(theirs, Fraction):
        return 0 if numbers.equal(ours, theirs) else (ours > theirs) - (ours < theirs)
    if isinstance(ours, bool) and isinstance(theirs, bool):
        return ours - theirs
    keys = _order_key(left), _order_key(right)
    if keys[0] == keys[1] and not decided(left, right):
        # Terraform's own order is open here; ours only has to be stable.
        keys = _order_key(left, exact=True), _order_key(right, exact=True)
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


def _rank(value: Val) -> int:
    if isinstance(value.raw, UnknownRaw):
        return 2
    return 1 if value.raw is None else 0


def _order_key(value: Val, exact: bool = False) -> bytes:
    """Give bytes that order compound elements as Terraform does: by a text of what is in them."""
    raw = value.raw
    if isinstance(raw, UnknownRaw):
        return b"?"
    if raw is None:
        return b"~"
    if isinstance(raw, bool):
        return b"T" if raw else b"F"
    if isinstance(raw, Fraction):
        return (numbers.text(raw) if exact else numbers.general(raw, 10)).encode()
    if isinstance(raw, str):
        return _quoted(raw).encode("utf-8", "surrogatepass")
    inner = b"".join(
        (b"%s:" % _quoted(key).encode("utf-8", "surrogatepass") if value.type.kind == "map" else b"")
        + _order_key(one, exact)
        + b";"
        for key, one in (
            sorted(raw.items()) if isinstance(raw, Mapping) else ((str(index), one) for index, one in enumerate(raw))
        )
    )
    opening, closing = {"map": (b"{", b"}"), "object": (b"<", b">"), "tuple": (b"<", b">")}.get(
        value.type.kind, (b"[", b"]")
    )
    return opening + inner + closing


def _quoted(text: str) -> str:
    """Quote as Go's `%q` does for printable text."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(letter, letter) for letter in text) + '"'
