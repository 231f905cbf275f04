"""Parameters: what a template declares, what somebody gives, and what that leaves open."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator

from checkov_cloudtrail.cloudformation.choices import Choice, Domain
from checkov_cloudtrail.cloudformation.reader import (
    Entry,
    FixedSource,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Source,
    decode,
    read,
)
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.location import Range, Step, UnreadableError
from checkov_cloudtrail.model.record import record


@record
class Parameter:
    """A declared parameter.

    Args:
        name: its logical id.
        type: `String`, `Number`, `CommaDelimitedList`, `List<…>`, `AWS::SSM::Parameter::Value<…>`, …
        default: its Default as text.
        allowed: its AllowedValues as text, or what its AllowedPattern spells out; empty when more is allowed.
        admits: whether a text meets its pattern, length and number limits, as far as that is decidable.
        location: its logical id.
        default_location: the Default's value.
    """

    name: str
    type: str
    default: str | None
    allowed: tuple[str, ...]
    admits: Callable[[str], bool]
    location: Range
    default_location: Range

    @property
    def listed(self) -> bool:
        """Its value is a list, given as text with commas."""
        return self.type == "CommaDelimitedList" or "List<" in self.type

    @property
    def stored(self) -> bool:
        """Its value is in Systems Manager, the text only names it there."""
        return self.type.startswith("AWS::SSM::Parameter::Value<")

    def choice(self, key: str) -> Choice:
        """What the parameter leaves open when nobody gives it."""
        if self.stored:
            return Choice(key, f"{key} (in the SSM parameter {self.default or 'that is given'})")
        domain = Domain(tuple(dict.fromkeys(self.allowed))) if self.allowed else Domain()
        return Choice(key, key, domain, self.default, self.admits)


@record
class Given:
    """A parameter's value from a parameter file; None when the file keeps the previous, unknown one."""

    value: str | None
    step: Step


_OVERRIDES = "parameter_overrides"
_SHORTHAND = re.compile(r"ParameterKey=([^,]*),ParameterValue=(.*)", re.DOTALL)


def text_of(node: Node) -> str | None:
    """The text that a scalar or list becomes as a parameter's value."""
    if isinstance(node, Sequence):
        texts = [text_of(item) for item in node.items]
        return ",".join(text for text in texts if text is not None)
    if not isinstance(node, Scalar):
        return None
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return node.text if node.value is not None else ""


def declared(section: Node | None) -> dict[str, Parameter]:
    """Read the `Parameters` section."""
    found = {}
    if isinstance(section, Mapping):
        for entry in section.entries:
            if isinstance(entry.value, Mapping):
                found[entry.name] = _parameter(entry, entry.value)
    return found


def _parameter(entry: Entry, body: Mapping) -> Parameter:
    kind = body.get("Type")
    default = body.get("Default")
    allowed = body.get("AllowedValues")
    texts = [text_of(item) for item in allowed.items] if isinstance(allowed, Sequence) else []
    kept = tuple(text for text in texts if text is not None)
    where = entry.key.range
    return Parameter(
        entry.name,
        kind.text if isinstance(kind, Scalar) else "String",
        text_of(default) if default is not None else None,
        kept or _spelled_out(body),
        _constraints(body),
        where,
        default.range if default is not None else where,
    )


def _number(node: Node | None) -> float | None:
    try:
        return float(node.text) if isinstance(node, Scalar) else None
    except ValueError:
        return None


def _constraints(body: Mapping) -> Callable[[str], bool]:
    """Make the test of AllowedPattern, MinLength, MaxLength, MinValue and MaxValue."""
    pattern = body.get("AllowedPattern")
    matches = _pattern(pattern.text) if isinstance(pattern, Scalar) else None
    shortest, longest = _number(body.get("MinLength")), _number(body.get("MaxLength"))
    lowest, highest = _number(body.get("MinValue")), _number(body.get("MaxValue"))
    kind = body.get("Type")
    numeric = isinstance(kind, Scalar) and kind.text == "Number"

    def admits(text: str) -> bool:
        if matches is not None and not matches(text):
            return False
        if (shortest is not None and len(text) < shortest) or (longest is not None and len(text) > longest):
            return False
        if not numeric:
            return True
        try:
            number = float(text)
        except ValueError:
            return False
        return (lowest is None or number >= lowest) and (highest is None or number <= highest)

    return admits


_WORDS = r"([\w-]+(?:\|[\w-]+)*)"
_LITERAL = re.compile(rf"\^?(?:{_WORDS}|\((?:\?:)?{_WORDS}\))\$?", re.ASCII)


def _spelled_out(body: Mapping) -> tuple[str, ...]:
    """Give the values of an AllowedPattern that is a list of them: `^(true|false)$`.

    It has to match all of a `String`, but only each item of a list [CFN].
    """
    kind, pattern = body.get("Type"), body.get("AllowedPattern")
    if not isinstance(pattern, Scalar) or not isinstance(kind, Scalar) or kind.text != "String":
        return ()
    found = _LITERAL.fullmatch(pattern.text)
    return tuple((found[1] or found[2]).split("|")) if found is not None else ()


_MAX_PATTERN = 200
_MAX_SUBJECT = 64
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_REPEATS = re.compile(r"[*+{]")


def _pattern(pattern: str) -> Callable[[str], bool] | None:
    """Make the test of a pattern that surely ends soon: no repeated groups, no back references, few repetitions."""
    risky = len(pattern) > _MAX_PATTERN or _REPEATED_GROUP.search(pattern) or re.search(r"\\[1-9]|\(\?P", pattern)
    if risky or len(_REPEATS.findall(pattern)) > 3:
        return None
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError):
        return None
    return lambda text: len(text) > _MAX_SUBJECT or compiled.fullmatch(text) is not None


def read_files(paths: tuple[str, ...], files: Files) -> dict[str, Given]:
    """Read parameter files; later ones win.

    Accepts `[{"ParameterKey": …, "ParameterValue": …}]`, `{"Parameters": …}` around that list or around plain pairs,
    `["Key=Value"]`, and plain pairs, in JSON or YAML; deployment files of Git sync; samconfig in each of its formats.

    Raises:
        UnreadableError: a file cannot be read, or is none of these.
    """
    given: dict[str, Given] = {}
    for path in paths:
        source = decode(path, files.read(path))
        if path.endswith(".toml"):
            source = _as_json(source)
        root = read(source)
        if isinstance(root, Mapping):
            root = _inside(root)
        elif isinstance(root, Scalar):
            raise _unexpected(source, root)
        if root is not None:
            given.update(_pairs(root, source))
    return given


def _as_json(source: Source) -> Source:
    """Read TOML, which has no places: everything in it is at the option of SAM that gives parameters."""
    import tomllib

    try:
        text = json.dumps(tomllib.loads(source.text), default=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise source.error(0, f"is not valid TOML: {error}") from error
    at = max(source.text.find(_OVERRIDES), 0)
    return FixedSource(source.range(at, at + len(_OVERRIDES)), text)


def _inside(root: Mapping) -> Node | None:
    """Find the part of a file that gives parameters."""
    if root.get("template-file-path") is not None:
        return root.get("parameters")
    inner = root.get("Parameters")
    if inner is not None:
        return inner
    for command in ("deploy", "global"):
        node: Node | None = root
        for name in ("default", command, "parameters", _OVERRIDES):
            node = node.get(name) if isinstance(node, Mapping) else None
        if node is not None:
            return node
    return root


def _pairs(root: Node, source: Source) -> Iterator[tuple[str, Given]]:
    if isinstance(root, Mapping):
        for entry in root.entries:
            if isinstance(entry.value, Mapping):
                raise _unexpected(source, entry.value)
            yield entry.name, _given(entry.name, entry.value, entry.key)
        return
    if isinstance(root, Scalar) and "=" in root.text:
        yield from _words(root, source)
        return
    if not isinstance(root, Sequence):
        raise _unexpected(source, root)
    for item in root.items:
        if isinstance(item, Scalar) and "=" in item.text:
            yield _pair(item.text, item.range)
        elif isinstance(item, Mapping) and isinstance(key := item.get("ParameterKey"), Scalar):
            value_node = item.get("ParameterValue")
            previous = item.get("UsePreviousValue")
            if value_node is None and isinstance(previous, Scalar) and previous.text.lower() == "true":
                yield key.text, Given(None, Step(item.range, f"{key.text} keeps its previous value"))
            elif value_node is not None:
                yield key.text, _given(key.text, value_node, key)
        else:
            raise _unexpected(source, item)


def _words(node: Scalar, source: Source) -> Iterator[tuple[str, Given]]:
    """Read pairs as they stand on a command line of SAM."""
    try:
        words = shlex.split(node.text)
    except ValueError as error:
        raise _unexpected(source, node) from error
    for word in words:
        if "=" not in word:
            raise _unexpected(source, node)
        yield _pair(word, node.range)


def _pair(text: str, where: Range) -> tuple[str, Given]:
    """Read `Key=Value`, or `ParameterKey=Key,ParameterValue=Value`."""
    shorthand = _SHORTHAND.fullmatch(text)
    name, _, value = text.partition("=") if shorthand is None else (shorthand[1], "", shorthand[2])
    return name, Given(value, Step(where, f"{name} = {value} is given"))


def _given(name: str, value: Node, key: Scalar) -> Given:
    text = text_of(value)
    shown = name if text is None else f"{name} = {text}"
    return Given(text, Step(value.range if text else key.range, f"{shown} is given"))


def _unexpected(source: Source, node: Node) -> UnreadableError:
    return source.error(
        node.start, "is not a parameter file: pairs, or a list with ParameterKey and ParameterValue, are expected"
    )
