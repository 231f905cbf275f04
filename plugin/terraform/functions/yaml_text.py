"""YAML as Terraform reads and writes it: a mixture of 1.1 and 1.2, one document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.terraform import numbers, types
from checkov_cloudtrail.terraform.functions.registry import (
    ANYTHING,
    TEXT,
    Environment,
    NotEvaluatedError,
    check_size,
    function,
    made_text,
    text_of,
)
from checkov_cloudtrail.terraform.types import entries, members
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, NUMBER, STRING, EvaluationError, Val

MAX_DEPTH = 100
WIDTH = 80

_PREFIX = "tag:yaml.org,2002:"
_BOOLS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
}
_NULLS = ("", "~", "null", "Null", "NULL")
_INFINITE = tuple(sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF"))
_NANS = (".nan", ".NaN", ".NAN")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_STAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d))"
    r"|(?: (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?))?",
    re.ASCII,
)


# -- reading ----------------------------------------------------------------------------------------------------------


@function("yamldecode", TEXT, result=DYNAMIC, not_null=False)
def yamldecode(environment: Environment, value: Val) -> Val:
    """Read one YAML document: mappings become objects, sequences tuples."""
    import yaml

    text = text_of(value)
    check_size(environment, len(text))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Reader(environment, yaml.parse(text, Loader=loader)).document()
    except yaml.YAMLError as error:
        if "\t" in text or "%YAML" in text:
            raise NotEvaluatedError("YAML with tabs or directives") from error
        raise EvaluationError(f"invalid YAML: {' '.join(str(error).split())}") from error


@dataclass(slots=True)
class _Reader:
    """Turns the parser's events, whose types PyYAML leaves open, into values."""

    environment: Environment
    events: Iterator[Any]
    anchors: dict[str, Val] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    depth: int = 0

    def kind(self) -> tuple[str, Any]:
        event = next(self.events)
        return type(event).__name__, event

    def document(self) -> Val:
        self.kind()
        name, event = self.kind()
        if name != "DocumentStartEvent":
            raise EvaluationError("missing start of document")
        if event.version not in (None, (1, 1)):
            raise EvaluationError("found incompatible YAML document")
        value = self.value(*self.kind())
        self.kind()
        name, _ = self.kind()
        if name != "StreamEndEvent":
            raise EvaluationError("unexpected extra content after value")
        return value

    def value(self, name: str, event: Any) -> Val:
        self.environment.budget.spend(2)
        anchor = getattr(event, "anchor", None) or ""
        if name == "AliasEvent":
            return self.alias(anchor)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BudgetError(f"YAML with more than {MAX_DEPTH} levels")
        if anchor:
            self.pending.add(anchor)
        match name:
            case "ScalarEvent":
                value = self.scalar(event)
            case "SequenceStartEvent":
                value = self.sequence(event)
            case _:
                value = self.mapping(event)
        if anchor:
            self.pending.discard(anchor)
            self.anchors[anchor] = value
        self.depth -= 1
        return value

    def alias(self, anchor: str) -> Val:
        if anchor in self.pending:
            raise EvaluationError(f'cannot refer to anchor "{anchor}" from inside its own definition')
        if anchor not in self.anchors:
            raise EvaluationError(f'reference to undefined anchor "{anchor}"')
        self.environment.budget.spend(_size(self.anchors[anchor]))
        return self.anchors[anchor]

    def scalar(self, event: Any) -> Val:
        tag = event.tag if isinstance(event.tag, str) else ""
        plain = not event.style
        return _resolved(tag, event.value, plain)

    def sequence(self, event: Any) -> Val:
        if event.tag not in (None, "", _PREFIX + "seq"):
            raise EvaluationError(f"can't interpret sequence as {event.tag}")
        found: list[Val] = []
        name, event = self.kind()
        while name != "SequenceEndEvent":
            found.append(self.value(name, event))
            name, event = self.kind()
        return types.tuple_of(found)

    def mapping(self, event: Any) -> Val:
        if event.tag not in (None, "", _PREFIX + "map"):
            raise EvaluationError(f"can't interpret mapping as {event.tag}")
        found: dict[str, Val] = {}
        name, event = self.kind()
        while name != "MappingEndEvent":
            if name != "ScalarEvent":
                raise EvaluationError("only strings are allowed as mapping keys")
            merging = event.value == "<<" and event.tag in (None, "", _PREFIX + "merge")
            key = types.convert(self.scalar(event), STRING)
            if key.raw is None:
                raise EvaluationError("mapping key cannot be null")
            value = self.value(*self.kind())
            if merging:
                if value.type.kind != "object" or value.raw is None:
                    raise EvaluationError(f"cannot merge {types.friendly(value.type)} into mapping")
                found.update(entries(value))
            else:
                found[text_of(key)] = value
            name, event = self.kind()
        return types.object_of(found)


def _size(value: Val) -> int:
    return 1 + sum(map(_size, members(value))) + sum(map(_size, entries(value).values()))


def _resolved(tag: str, text: str, plain: bool) -> Val:
    """Tell what a scalar is, by its tag, or by its text when it is not quoted."""
    kind = tag.removeprefix(_PREFIX)
    if kind not in ("", "str", "bool", "int", "float", "null", "timestamp", "binary"):
        raise EvaluationError(f'unsupported tag "{tag}"')
    if kind in ("str", "binary") or not plain:
        return types.string(text)
    if kind == "null":
        return Val(DYNAMIC, None)
    guess = _guessed(text)
    if kind in ("int", "float") and guess.type.kind != "number":
        raise EvaluationError(f'cannot parse "{text}" as {tag}')
    if kind == "bool" and guess.type.kind != "bool":
        raise EvaluationError(f'cannot parse "{text}" as {tag}')
    return guess


def _guessed(text: str) -> Val:
    if text in _BOOLS:
        return Val(BOOL, _BOOLS[text])
    if text in _NULLS:
        return Val(DYNAMIC, None)
    if text in _INFINITE:
        return types.number(numbers.infinity(text.startswith("-")))
    if text in _NANS:
        raise EvaluationError("floating point NaN is not supported")
    stamp = _STAMP.fullmatch(text)
    if stamp is not None:
        moment = _moment(stamp)
        if moment is not None:
            return types.string(moment)
    if _DECIMAL.fullmatch(text):
        return Val(NUMBER, numbers.parse(text))
    if _BASED.fullmatch(text) and int(text, 0) < 1 << 64:
        return types.number(int(text, 0))
    return types.string(text)


def _moment(found: re.Match[str]) -> str | None:
    year, month, day = (int(found[index]) for index in (1, 2, 3))
    hour, minute, second = (int(found[index] or found[index + 4] or 0) for index in (4, 5, 6))
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    zone = found[7] or "Z"
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + ("Z" if zone == "+00:00" else zone)


# -- writing ----------------------------------------------------------------------------------------------------------


@function("yamlencode", ANYTHING, result=STRING)
def yamlencode(environment: Environment, value: Val) -> Val:
    """Write a value as YAML: keys and strings quoted, two spaces of indentation."""
    why = types.reason(value)
    if why is not None:
        return types.unknown(STRING, why.because, not_null=True)
    lines = list(_written(environment, value, 0, 0))
    text = "\n".join(lines) + "\n"
    if value.raw is None or isinstance(value.raw, bool | Fraction):
        text += "...\n"
    return made_text(environment, text)


def _written(environment: Environment, value: Val, indent: int, column: int) -> Iterator[str]:
    """Give the lines of a value: the first without its indentation, which is written already."""
    environment.budget.spend()
    held, pairs = members(value), entries(value)
    if value.raw is None:
        yield "null"
    elif isinstance(value.raw, bool):
        yield "true" if value.raw else "false"
    elif isinstance(value.raw, Fraction):
        yield numbers.text(value.raw)
    elif isinstance(value.raw, str):
        yield from _string(value.raw, indent, column)
    elif not held and not pairs:
        yield "{}" if value.type.kind in ("map", "object") else "[]"
    else:
        blank = " " * indent
        first = True
        for inner in held:
            lines = _written(environment, inner, indent + 2, indent + 2)
            yield f"{'' if first else blank}- {next(lines)}"
            yield from lines
            first = False
        for key, inner in pairs.items():
            yield from _pair(environment, key, inner, indent, first)
            first = False


def _pair(environment: Environment, key: str, value: Val, indent: int, first: bool) -> Iterator[str]:
    if "\n" in key or len(key) > WIDTH:
        raise NotEvaluatedError("a YAML key with several lines")
    name = "".join(_double_quoted(key, indent, indent))
    start = f"{'' if first else ' ' * indent}{name}:"
    if members(value) or entries(value):
        yield start
        inner = indent if members(value) else indent + 2
        lines = _written(environment, value, inner, inner)
        yield " " * inner + next(lines)
    else:
        lines = _written(environment, value, indent + 2, indent + len(name) + 2)
        yield f"{start} {next(lines)}"
    yield from lines


def _string(text: str, indent: int, column: int) -> Iterator[str]:
    indent = max(indent, 2)
    literal = "\n" in text and not text.endswith(" ") and " \n" not in text and all(map(_printable, text))
    if not literal:
        yield from _double_quoted(text, indent, column)
        return
    hint = "2" if text[0] in " \n" else ""
    chomp = "+" if text.endswith("\n\n") or text == "\n" else "" if text.endswith("\n") else "-"
    yield f"|{hint}{chomp}"
    for line in text.removesuffix("\n").split("\n"):
        yield " " * indent + line if line else ""


def _printable(letter: str) -> bool:
    if letter in "\u2028\u2029":
        return False
    return letter == "\n" or " " <= letter <= "~" or "\xa0" <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd"


_SHORT = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def _double_quoted(text: str, indent: int, column: int) -> Iterator[str]:
    """Quote a string; a line that is too wide is folded at a single space."""
    line, width, spaced = '"', column + 1, False
    for index, letter in enumerate(text):
        if letter == " ":
            if not spaced and width > WIDTH and 0 < index < len(text) - 1:
                yield line
                line, width = " " * indent, indent
                if text[index + 1] == " ":
                    line, width = line + "\\", width + 1
            else:
                line, width = line + " ", width + 1
            spaced = True
            continue
        spaced = False
        piece = _escaped(letter)
        line, width = line + piece, width + len(piece)
    yield line + '"'


def _escaped(letter: str) -> str:
    if letter in _SHORT:
        return "\\" + _SHORT[letter]
    if letter != "\ufeff" and _printable(letter):
        return letter if letter != "\n" else "\\n"
    code = ord(letter)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
