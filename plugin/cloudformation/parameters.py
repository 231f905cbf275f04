"""The parameters of a template: what they are given, what they default to, what else they may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checkov_cloudtrail.cloudformation import reader
from checkov_cloudtrail.cloudformation.reader import Node, Scalar, Sequence
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.location import Range, SourceError, Step, UnreadableError
from checkov_cloudtrail.model.values import AnyValue, Known, Origin, Reference, Unknown

MAX_PATTERN = 200


@dataclass(frozen=True, slots=True)
class Given:
    """A value from a parameter file."""

    text: str
    range: Range


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as the template declares it.

    Args:
        default: None when there is none.
        allowed: AllowedValues, as text.
    """

    name: str
    range: Range
    type: str
    default: str | None
    default_range: Range
    allowed: tuple[str, ...]
    _pattern: str | None = None
    _lengths: tuple[float, float] = (0, float("inf"))
    _sizes: tuple[float, float] = (float("-inf"), float("inf"))

    @property
    def lookup(self) -> bool:
        """The value is the name of an SSM parameter, whose own value only the deployment knows."""
        return self.type.startswith("AWS::SSM::Parameter::Value")

    @property
    def several(self) -> bool:
        """The value is a list."""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    def admits(self, text: str) -> bool:
        """Tell whether the constraints let a value pass; where that cannot be told, they do."""
        if self.allowed and text not in self.allowed:
            return False
        if not self._lengths[0] <= len(text) <= self._lengths[1]:
            return False
        if self.type == "Number":
            try:
                return self._sizes[0] <= float(text) <= self._sizes[1]
            except ValueError:
                return False
        if self._pattern is None or len(self._pattern) > MAX_PATTERN or re.search(r"[+*}]\)?[+*{]", self._pattern):
            return True
        try:
            return re.fullmatch(self._pattern, text) is not None
        except re.error:
            return True

    def value(self, text: str, step: Step) -> AnyValue:
        """Give the value that a text stands for."""
        origin = Origin(step.range, (step,))
        if self.lookup:
            return Unknown(f"parameter {self.name} is read from SSM", origin, (Reference(self.name, "Ref"),), True)
        if self.several:
            parts = [part.strip() for part in text.split(",")] if text else []
            return Known(tuple(Known(part, origin) for part in parts), origin)
        return Known(text, origin)

    def open(self) -> Unknown:
        """Give the value that nothing is known of."""
        origin = Origin(self.range, (Step(self.range, f"parameter {self.name} has no default"),))
        return Unknown(f"parameter {self.name} has no value", origin, (Reference(self.name, "Ref"),), True)


def declared(section: Node | None) -> dict[str, Parameter]:
    """Read the `Parameters` section; entries that are no mapping are left out."""
    found = {}
    for entry in section.entries if isinstance(section, reader.Mapping) else ():
        if not isinstance(entry.value, reader.Mapping):
            continue
        body = entry.value
        default = body.get("Default")
        allowed = body.get("AllowedValues")
        found[entry.name] = Parameter(
            name=entry.name,
            range=entry.key.range,
            type=_text(body.get("Type")) or "String",
            default=_text(default),
            default_range=default.range if default is not None else entry.key.range,
            allowed=tuple(
                text
                for item in (allowed.items if isinstance(allowed, Sequence) else ())
                if (text := _text(item)) is not None
            ),
            _pattern=_text(body.get("AllowedPattern")),
            _lengths=(_number(body.get("MinLength"), 0), _number(body.get("MaxLength"), float("inf"))),
            _sizes=(_number(body.get("MinValue"), float("-inf")), _number(body.get("MaxValue"), float("inf"))),
        )
    return found


def spelled(value: str | bool | int | float) -> str:
    """Spell a scalar as CloudFormation compares it: everything is text there."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(node: Node | None) -> str | None:
    """The text of a scalar; a list is what a CommaDelimitedList would be given."""
    if isinstance(node, Scalar) and node.value is not None:
        return spelled(node.value) if isinstance(node.value, bool) else node.text
    if isinstance(node, Sequence):
        parts = [_text(item) for item in node.items]
        return ",".join(part for part in parts if part is not None)
    return None


def _number(node: Node | None, default: float) -> float:
    try:
        return float(node.text) if isinstance(node, Scalar) else default
    except ValueError:
        return default


def given(names: Iterable[str], files: Files) -> Mapping[str, Given]:
    """Read parameter files, later ones winning: `[{ParameterKey, ParameterValue}]`, `["Key=Value"]`, `{Parameters: {}}`.

    Raises:
        UnreadableError: a file cannot be read or has none of these shapes.
    """
    found: dict[str, Given] = {}
    for name in names:
        root = reader.read(reader.decode(name, files.read(name)))
        if isinstance(root, reader.Mapping):
            inner = root.get("Parameters")
            for entry in (inner if isinstance(inner, reader.Mapping) else root).entries:
                _take(found, entry.name, entry.value)
        elif isinstance(root, Sequence):
            for item in root.items:
                _take_item(found, item)
        else:
            raise UnreadableError(SourceError(name, 1, 1, "is no parameter file: a list or an object is expected"))
    return found


def _take(found: dict[str, Given], name: str, value: Node) -> None:
    text = _text(value)
    if text is not None:
        found[name] = Given(text, value.range)


def _take_item(found: dict[str, Given], item: Node) -> None:
    if isinstance(item, reader.Mapping):
        key, value = item.get("ParameterKey"), item.get("ParameterValue")
        if isinstance(key, Scalar) and value is not None:
            _take(found, key.text, value)
    elif isinstance(item, Scalar) and "=" in item.text:
        name, _, text = item.text.partition("=")
        found[name] = Given(text, item.range)
    else:
        error = item.source.error(item.start, "is neither {ParameterKey, ParameterValue} nor Key=Value")
        raise error
