"""JSON as Terraform writes and reads it; unknown strings in it keep what is known of the text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.model.values import Reference
from checkov_cloudtrail.terraform import numbers, pieces, types
from checkov_cloudtrail.terraform.functions.registry import (
    ANYTHING,
    TEXT,
    Environment,
    check_size,
    function,
    made_text,
    text_of,
)
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, STRING, EvaluationError, UnknownRaw, Val

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def quoted(text: str) -> str:
    """Quote a string as Go's JSON encoder does."""
    return json.dumps(text, ensure_ascii=False).translate(_ESCAPES)


def encoded(environment: Environment, value: Val) -> tuple[str | Reference, ...]:
    """Encode a value; empty where nothing is known of an unknown in it."""
    found: list[str | Reference] = []
    _encode(environment, value, found)
    return pieces.merged((piece,) for piece in found) if all(piece != _GAP for piece in found) else ()


_GAP = Reference("")


def _encode(environment: Environment, value: Val, found: list[str | Reference]) -> None:
    environment.budget.spend()
    raw = value.raw
    match raw:
        case None:
            found.append("null")
        case UnknownRaw():
            found.extend(_unknown(value, raw))
        case bool():
            found.append("true" if raw else "false")
        case Fraction():
            if numbers.infinite(raw):
                raise EvaluationError("cannot serialize infinity as JSON")
            found.append(numbers.text(raw))
        case str():
            found.append(quoted(raw))
        case tuple():
            found.append("[")
            for index, inner in enumerate(raw):
                if index:
                    found.append(",")
                _encode(environment, inner, found)
            found.append("]")
        case _:
            found.append("{")
            for index, name in enumerate(sorted(raw)):
                found.append(f"{',' if index else ''}{quoted(name)}:")
                _encode(environment, raw[name], found)
            found.append("}")


def _unknown(value: Val, raw: UnknownRaw) -> tuple[str | Reference, ...]:
    """Give the text of an unknown: a string that is made of pieces is quoted, anything else is a bare reference."""
    parts = pieces.parts_of(value)
    if not parts:
        return (_GAP,)
    if value.type.kind not in ("string", "dynamic"):
        return parts
    literal = (quoted(part)[1:-1] if isinstance(part, str) else part for part in parts)
    return ('"', *literal, '"')


@function("jsonencode", ANYTHING, result=STRING)
def jsonencode(environment: Environment, value: Val) -> Val:
    """Write a value as JSON."""
    why = types.reason(value)
    parts = encoded(environment, value)
    if why is None:
        return made_text(environment, "".join(part for part in parts if isinstance(part, str)))
    if not parts and value.type.kind in ("object", "map", "list", "set", "tuple") and value.raw is not why:
        # Only how it starts is known: a reference that equals no other stands for the rest.
        opening = "{" if value.type.kind in ("object", "map") else "["
        symbol = types.symbol_of(value)
        parts = (opening, Reference(f"jsonencode({symbol})")) if symbol else ()
    check_size(environment, sum(len(part) for part in parts if isinstance(part, str)))
    return Val(STRING, UnknownRaw(why.because, parts=parts, not_null=True))


@function("jsondecode", TEXT, result=DYNAMIC, not_null=False)
def jsondecode(environment: Environment, value: Val) -> Val:
    """Read JSON: objects become objects, arrays tuples."""
    text = text_of(value)
    check_size(environment, len(text))
    try:
        data = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_refuse)
    except RecursionError as error:
        raise BudgetError("JSON that is nested too deeply") from error
    except ValueError as error:
        raise EvaluationError(f"invalid JSON: {error}") from error
    return decoded(environment, data)


def _number(text: str) -> Fraction:
    parsed = numbers.parse(text)
    assert parsed is not None
    return parsed


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def decoded(environment: Environment, data: Any) -> Val:
    """Turn parsed data into a value.

    Args:
        environment: its budget is used.
        data: None, bool, Fraction, str, list or dict.
    """
    environment.budget.spend()
    match data:
        case None:
            return Val(DYNAMIC, None)
        case bool():
            return Val(BOOL, data)
        case str():
            return types.string(data.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        case list():
            return types.tuple_of([decoded(environment, inner) for inner in data])
        case Mapping():
            return types.object_of({types_key(key): decoded(environment, inner) for key, inner in data.items()})
    return types.number(data)


def types_key(key: str) -> str:
    """Give an attribute name in the form that Terraform keeps text in."""
    return text_of(types.string(key))
