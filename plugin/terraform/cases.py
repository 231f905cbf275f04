"""Splitting a deployment into cases over the unknown booleans that decide what exists."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, TypeAlias

from checkov_cloudtrail.terraform import numbers

MAX_CASES: Final = 8
# So many booleans are tried together at most; most combinations of comparisons with one subject are contradictions.
_MAX_ATOMS = 6
_COMPARISON = re.compile(
    r'(?P<subject>.+) (?P<operator>==|[<>]=?) (?P<literal>"(?:[^"\\]|\\.)*"|-?[\d.]+|true|false|null)'
)
_WRAPPED = re.compile(r"tobool\((.*)\)")

_Literal: TypeAlias = str | Fraction
_OTHER = "some other value"


def combinations(atoms: Iterable[frozenset[str]]) -> list[Mapping[str, bool]]:
    """Give the combinations of the booleans that decide, without contradictions; one empty one when there is no use.

    Args:
        atoms: for each thing whose existence is open, the symbols of the booleans that decide it.
    """
    counted = Counter(symbol for symbols in atoms for symbol in symbols)
    ranked = sorted(counted, key=lambda symbol: (-counted[symbol], symbol))[:_MAX_ATOMS]
    while ranked:
        symbols = sorted(ranked)
        found = list(itertools.islice(_consistent(symbols), MAX_CASES + 1))
        if len(found) <= MAX_CASES:
            return found
        ranked.pop()
    return [{}]


def _consistent(symbols: list[str]) -> Iterator[Mapping[str, bool]]:
    for values in itertools.product((True, False), repeat=len(symbols)):
        assumed = dict(zip(symbols, values, strict=True))
        if not _contradictory(assumed):
            yield assumed


def _contradictory(assumed: Mapping[str, bool]) -> bool:
    """Tell whether no value of some subject satisfies every comparison with it."""
    about: dict[str, list[tuple[str, _Literal, bool]]] = {}
    for symbol, holds in assumed.items():
        found = _COMPARISON.fullmatch(symbol)
        if found is None:
            about.setdefault(symbol, []).append(("==", "true", holds))
        else:
            about.setdefault(found["subject"], []).append((found["operator"], _literal(found["literal"]), holds))
    return any(not _satisfiable(subject, facts) for subject, facts in about.items())


def _literal(text: str) -> _Literal:
    number = None if text.startswith('"') else numbers.parse(text)
    return text if number is None else number


def _satisfiable(subject: str, facts: list[tuple[str, _Literal, bool]]) -> bool:
    """Look for a value that makes every comparison come out as assumed."""
    candidates: set[_Literal] = {literal for _, literal, _ in facts}
    counts = subject.startswith("length(")
    for literal in tuple(candidates):
        if isinstance(literal, Fraction):
            near = (Fraction(1), Fraction(-1)) if counts else (Fraction(1, 2), Fraction(-1, 2))
            candidates.update(literal + step for step in near)
    if counts:
        candidates = {one for one in candidates if isinstance(one, Fraction) and one >= 0 and one.denominator == 1}
    else:
        candidates.add(_OTHER)
    return any(all(_holds(one, operator, literal) is holds for operator, literal, holds in facts) for one in candidates)


def _holds(value: _Literal, operator: str, literal: _Literal) -> bool:
    if operator == "==":
        return value == literal
    if not isinstance(value, Fraction) or not isinstance(literal, Fraction):
        return False
    if operator.startswith("<"):
        return value < literal or (operator == "<=" and value == literal)
    return value > literal or (operator == ">=" and value == literal)


def described(assumed: Mapping[str, bool]) -> tuple[str, ...]:
    """Write a combination for people: `var.own = true`, `var.env != "prod"`."""
    settled = {_subject(symbol) for symbol, holds in assumed.items() if holds and " == " in symbol}
    said = [(symbol, holds) for symbol, holds in assumed.items() if holds or _subject(symbol) not in settled]
    return tuple(_described(symbol, holds) for symbol, holds in said)


def _subject(symbol: str) -> str:
    found = _COMPARISON.fullmatch(symbol)
    return found["subject"] if found and found["operator"] == "==" else ""


def _described(symbol: str, holds: bool) -> str:
    found = _COMPARISON.fullmatch(symbol)
    if found is not None and found["operator"] == "==":
        return symbol if holds else f"{found['subject']} != {found['literal']}"
    if found is not None:
        return symbol if holds else f"not {symbol}"
    wrapped = _WRAPPED.fullmatch(symbol)
    return f"{wrapped[1] if wrapped else symbol} = {'true' if holds else 'false'}"
