"""Strings of which only some pieces are known: what a template, `join` or `format` makes of unknown parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checkov_cloudtrail.model.values import Reference
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.values import STRING, UnknownRaw, Val


def parts_of(value: Val) -> tuple[str | Reference, ...]:
    """Give the pieces of a string, known or not; empty when nothing can be said of some piece.

    An unknown without pieces that has a symbol is a reference to that symbol: equal symbols are equal values.
    """
    raw = value.raw
    if isinstance(raw, str):
        return (raw,)
    if isinstance(raw, UnknownRaw):
        return raw.parts or ((Reference(raw.symbol),) if raw.symbol else ())
    return ()


def joined(values: Sequence[Val]) -> Val:
    """Put strings together, known and unknown ones, none of them null."""
    secret = any(value.sensitive for value in values)
    why = next((value.raw for value in values if isinstance(value.raw, UnknownRaw)), None)
    if why is None:
        text = "".join(value.raw for value in values if isinstance(value.raw, str))
        return Val(STRING, types.string(text).raw, sensitive=secret)
    symbol = types.call_symbol("join", '""', f"[{', '.join(map(types.symbol_of, values))}]")
    if not all(map(types.symbol_of, values)):
        symbol = ""
    filled = any(map(types.not_empty, values))
    parts = merged(map(parts_of, values))
    raw = UnknownRaw(why.because, parts=parts, symbol=symbol, not_null=True, not_empty=filled)
    return Val(STRING, raw, sensitive=secret)


def merged(pieces: Iterable[tuple[str | Reference, ...]]) -> tuple[str | Reference, ...]:
    """Put pieces together, neighbouring literals into one; empty when one of them is empty, the known text aside."""
    result: list[str | Reference] = []
    for piece in pieces:
        if not piece:
            return ()
        for part in piece:
            if isinstance(part, str) and result and isinstance(result[-1], str):
                result[-1] += part
            elif part != "":
                result.append(part)
    return tuple(result)
