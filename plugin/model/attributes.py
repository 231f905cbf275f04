"""Reading `Resource.attributes`: paths into nested blocks, and the conversions that every provider makes.

An attribute that is not written is Absent at the resource. Strings such as `"true"` and `"365"` count as what they
spell, as they do for Terraform's providers and for CloudFormation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, AnyValue, Items, Known, Origin, Resource, Unknown, Value


@record
class Block:
    """A nested block or object, with the origin that its missing attributes get."""

    content: Mapping[str, AnyValue]
    origin: Origin

    @property
    def range(self) -> Range:
        """Where it is written."""
        return self.origin.range

    def get(self, *path: str) -> AnyValue:
        """Follow a path of names; a list on the way stands for its first element."""
        return follow(Known(self.content, self.origin), path)

    def string(self, *path: str) -> Value[str]:
        """Read a string."""
        return string(self.get(*path))

    def boolean(self, *path: str) -> Value[bool]:
        """Read a switch."""
        return boolean(self.get(*path))

    def integer(self, *path: str) -> Value[int]:
        """Read a whole number."""
        return integer(self.get(*path))

    def strings(self, *path: str) -> Value[tuple[Value[str], ...]]:
        """Read a list of strings; one string counts as a list of it."""
        return strings(self.get(*path))

    def blocks(self, *path: str) -> Items[Block]:
        """Read a list of blocks or objects; one object counts as a list of it."""
        return blocks(self.get(*path))


def body(resource: Resource) -> Block:
    """Give a resource's attributes as a block."""
    return Block(resource.attributes, Origin(resource.location, missing=True))


def common(resource: Resource) -> dict[str, Any]:
    """Give what every resource of the model has, to build a more special one."""
    return {each.name: getattr(resource, each.name) for each in fields(Resource)}


def follow(value: AnyValue, path: tuple[str, ...]) -> AnyValue:
    """Follow a path of names from a value."""
    for name in path:
        while isinstance(value, Known) and isinstance(value.value, tuple):
            value = value.value[0] if value.value else Absent(value.origin)
        if isinstance(value, Unknown):
            # Nothing is known of the parts of an unknown block, not even that they are there.
            return Unknown(value.because, value.origin)
        if not isinstance(value, Known) or not isinstance(value.value, Mapping):
            return Absent(replace(value.origin, missing=True))
        value = value.value.get(name) or Absent(replace(value.origin, missing=True))
    return value


def string(value: AnyValue) -> Value[str]:
    """Read a string; numbers and booleans as they are spelled."""
    match value:
        case Known(bool() as flag):
            return Known("true" if flag else "false", value.origin)
        case Known(str() as text):
            return Known(text, value.origin)
        case Known(int() | float() as number):
            return Known(str(number), value.origin)
        case Known():
            return Unknown("a string is expected here", value.origin)
        case Absent() | Unknown():
            return value


def boolean(value: AnyValue) -> Value[bool]:
    """Read a switch."""
    match value:
        case Known(bool() as flag):
            return Known(flag, value.origin)
        case Known(str() as text) if text.lower() in ("true", "false"):
            return Known(text.lower() == "true", value.origin)
        case Known():
            return Unknown("true or false is expected here", value.origin)
        case Absent() | Unknown():
            return value


def integer(value: AnyValue) -> Value[int]:
    """Read a whole number."""
    match value:
        case Known(bool()):
            return Unknown("a number is expected here", value.origin)
        case Known(int() | float() as number):
            return Known(int(number), value.origin)
        case Known(str() as text) if text.isascii() and text.isdigit() and len(text) < 10:
            return Known(int(text), value.origin)
        case Known():
            return Unknown("a number is expected here", value.origin)
        case Absent() | Unknown():
            return value


def strings(value: AnyValue) -> Value[tuple[Value[str], ...]]:
    """Read a list of strings; one string counts as a list of it."""
    match value:
        case Known(tuple() as several):
            return Known(tuple(string(item) for item in several), value.origin)
        case Known():
            return Known((string(value),), value.origin)
        case Unknown(_, _, parts) if parts:
            return Known((value,), value.origin)
        case Absent() | Unknown():
            return value


def blocks(value: AnyValue) -> Items[Block]:
    """Read a list of blocks or objects; one object counts as a list of it."""
    match value:
        case Known(Mapping() as content):
            return Items((Block(content, value.origin),), origin=value.origin)
        case Known(tuple() as several):
            known = tuple(
                Block(item.value, item.origin)
                for item in several
                if isinstance(item, Known) and isinstance(item.value, Mapping)
            )
            unknown = next((item for item in several if isinstance(item, Unknown)), None)
            return Items(known, unknown=unknown, origin=value.origin)
        case Unknown():
            return Items(unknown=value, origin=value.origin)
        case _:
            return Items(origin=value.origin)
