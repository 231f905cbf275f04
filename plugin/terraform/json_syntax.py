"""JSON syntax (`.tf.json`, `.tfvars.json`) to the same tree as native syntax."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from checkov_cloudtrail.terraform import grammar, nodes
from checkov_cloudtrail.terraform.grammar import Assignment, BlockText, BodyText
from checkov_cloudtrail.terraform.lexer import MAX_NESTING, HclSyntaxError

# How many levels of names stand between a block's type and its body.
_LABELS = {
    "resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "check": 1,
    "locals": 0, "terraform": 0, "moved": 0, "removed": 0, "import": 0,
}  # fmt: skip
# Blocks that have the same meaning inside every block; what else is nested only a schema can tell from an argument.
_INNER_LABELS = {"dynamic": 1, "content": 0, "lifecycle": 0, "backend": 1, "cloud": 0, "assume_role": 0}
# Their strings are expressions, not templates.
_REFERENCES = frozenset(("type", "provider", "providers", "depends_on"))

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:
    (?P<string>"(?:[^"\\\x00-\x1f]++|\\.)*+")
    |(?P<number>-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?)
    |(?P<word>true|false|null)
    |(?P<mark>[{}\[\]:,]))""",
    re.VERBOSE,
)
_BLANK = re.compile(r"[ \t\r\n]*+")
_WORDS = {"true": True, "false": False, "null": None}


class _Reader:
    """Reads JSON as HCL expressions; with `templates` a string is one, else it stands for itself."""

    def __init__(self, text: str, templates: bool) -> None:
        self.text = text
        self.templates = templates
        self.position = 0

    def token(self) -> tuple[str, str, int, int]:
        """Read a token: kind, text, start, end."""
        found = _TOKEN.match(self.text, self.position)
        if found is None or found.lastgroup is None:
            blank = _BLANK.match(self.text, self.position)
            at = blank.end() if blank else self.position
            raise HclSyntaxError(at, "this is not JSON" if at < len(self.text) else "the JSON text ends too early")
        self.position = found.end()
        kind = found.lastgroup
        return kind, found[kind], found.start(kind), found.end(kind)

    def value(self, token: tuple[str, str, int, int], depth: int = 0) -> nodes.Expression:
        """Read the value that begins with a token."""
        kind, text, start, end = token
        if depth > MAX_NESTING:
            raise HclSyntaxError(start, f"nested more than {MAX_NESTING} levels deep")
        if kind == "string":
            return self.string(text, start, end)
        if kind == "number":
            negative = text.startswith("-")
            number = nodes.Literal(start, end, grammar.number(text.lstrip("-"), start))
            return nodes.Unary(start, end, "-", number) if negative else number
        if kind == "word":
            return nodes.Literal(start, end, _WORDS[text])
        if text == "[":
            items = tuple(self.value(item, depth + 1) for item in self.items("]"))
            return nodes.Tuple(start, self.position, items)
        if text == "{":
            pairs: list[tuple[nodes.Expression, nodes.Expression]] = []
            for name in self.items("}"):
                if name[0] != "string":
                    raise HclSyntaxError(name[2], "expected a name in quotes")
                key = self.string(*name[1:])
                if self.token()[1] != ":":
                    raise HclSyntaxError(self.position - 1, "expected ':'")
                pairs.append((key, self.value(self.token(), depth + 1)))
            return nodes.Object(start, self.position, tuple(pairs))
        raise HclSyntaxError(start, f"unexpected {text!r}")

    def items(self, closing: str) -> Iterator[tuple[str, str, int, int]]:
        """Give the first token of each item up to the closing bracket; the caller reads the rest of the item."""
        token = self.token()
        while token[1] != closing:
            yield token
            token = self.token()
            if token[1] == closing:
                return
            if token[1] != ",":
                raise HclSyntaxError(token[2], f"expected ',' or {closing!r}")
            token = self.token()

    def string(self, quoted: str, start: int, end: int) -> nodes.Expression:
        """Read a string, which may be a template."""
        try:
            text = json.loads(quoted)
        except ValueError as error:
            raise HclSyntaxError(start, "this string is not JSON") from error
        if not self.templates or ("${" not in text and "%{" not in text):
            return nodes.Literal(start, end, text)
        try:
            return placed(grammar.template(text), start, end)
        except HclSyntaxError as fault:
            raise HclSyntaxError(start, fault.message) from fault


def placed(node: nodes.Expression, start: int, end: int) -> nodes.Expression:
    """Give the same expression at another place: what stands in a decoded string has the string's range."""

    def moved(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(moved(item) for item in value)
        if not is_dataclass(value) or isinstance(value, type):
            return value
        changed = {field.name: moved(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **{**changed, "start": start, "end": end})

    result: nodes.Expression = moved(node)
    return result


def read(text: str) -> nodes.Object:
    """Read a JSON text that is an object, its strings as they are.

    Raises:
        HclSyntaxError: it is not.
    """
    return _object(_value(text, templates=False))


def _value(text: str, templates: bool) -> nodes.Expression:
    reader = _Reader(text, templates)
    value = reader.value(reader.token())
    blank = _BLANK.match(text, reader.position)
    if blank is not None and blank.end() < len(text):
        raise HclSyntaxError(blank.end(), "unexpected text behind the JSON value")
    return value


def _object(value: nodes.Expression) -> nodes.Object:
    if not isinstance(value, nodes.Object):
        raise HclSyntaxError(value.start, "expected a JSON object")
    return value


def configuration(text: str) -> tuple[BlockText, ...]:
    """Read the blocks of a `.tf.json` file: an object, or an array of them.

    Raises:
        HclSyntaxError: it is not one.
    """
    blocks: list[BlockText] = []
    value = _value(text, templates=True)
    for part in value.items if isinstance(value, nodes.Tuple) else (value,):
        for name, member in _members(_object(part)):
            if name in _LABELS:
                blocks.extend(_blocks(name, (), member, _LABELS[name]))
    return tuple(blocks)


def _members(value: nodes.Expression) -> Iterator[tuple[str, nodes.Expression]]:
    """Give the members of an object, or of every object of an array; `//` is a comment."""
    if isinstance(value, nodes.Tuple):
        for item in value.items:
            yield from _members(item)
    elif isinstance(value, nodes.Object):
        for key, member in value.items:
            if isinstance(key, nodes.Literal) and isinstance(key.value, str) and key.value != "//":
                yield key.value, member


def _blocks(name: str, labels: tuple[str, ...], value: nodes.Expression, depth: int) -> Iterator[BlockText]:
    if depth > 0:
        for label, inner in _members(value):
            yield from _blocks(name, (*labels, label), inner, depth - 1)
        return
    for body in value.items if isinstance(value, nodes.Tuple) else (value,):
        if isinstance(body, nodes.Object):
            yield BlockText(name, labels, _body(body), body.start, body.start + 1, body.end)


def _body(value: nodes.Object) -> BodyText:
    assignments: list[Assignment] = []
    blocks: list[BlockText] = []
    for name, member in _members(value):
        if name in _INNER_LABELS:
            blocks.extend(_blocks(name, (), member, _INNER_LABELS[name]))
        else:
            expression = _reference(member) if name in _REFERENCES else member
            assignments.append(Assignment(name, expression, member.start, member.end))
    return BodyText(tuple(assignments), tuple(blocks))


def _reference(value: nodes.Expression) -> nodes.Expression:
    """Read the strings of a `depends_on`, `provider`, `providers` or `type` as expressions."""
    if isinstance(value, nodes.Literal) and isinstance(value.value, str):
        try:
            return placed(grammar.expression(value.value), value.start, value.end)
        except HclSyntaxError:
            return value  # a resource's own argument of that name
    if isinstance(value, nodes.Tuple):
        return replace(value, items=tuple(_reference(item) for item in value.items))
    if isinstance(value, nodes.Object):
        return replace(value, items=tuple((key, _reference(item)) for key, item in value.items))
    return value
