"""Typed reading of evaluated properties; what is open and decides something is split into cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from checkov_cloudtrail.cloudformation.choices import Choices, Open
from checkov_cloudtrail.cloudformation.conditions import key_of
from checkov_cloudtrail.model import attributes
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, AnyValue, Items, Known, Origin, Reference, Unknown, Value

T = TypeVar("T")


@record
class Properties:
    """The properties of a resource, or of an object in one.

    Args:
        content: evaluated properties by name.
        origin: where missing ones would be.
        choices: for deciding what is open.
    """

    content: Mapping[str, AnyValue]
    origin: Origin
    choices: Choices

    @property
    def range(self) -> Range:
        """Where the object is written."""
        return self.origin.range

    def get(self, name: str) -> AnyValue:
        """Give a property; Absent at the object when it is not written."""
        return self.content.get(name) or Absent(Origin(self.origin.range, missing=True))

    def flag(self, name: str) -> Value[bool]:
        """Read a boolean; `"true"` and `"false"` are booleans, an open parameter is split into both."""
        value = self.get(name)
        key = _open_key(value)
        if key is not None:
            answer = self.choices.boolean(key)
            if isinstance(answer, Open):
                self.choices.needed(answer)
            elif answer is None:
                return Unknown(f"{key} is neither true nor false", value.origin)
            else:
                return Known(answer, value.origin)
        return attributes.boolean(value)

    def text(self, name: str) -> Value[str]:
        """Read a string; an open one keeps its parts."""
        return attributes.string(self.get(name))

    def word(self, name: str) -> Value[str]:
        """Read a string that decides something: an open parameter is split into its allowed values."""
        return self._word(self.get(name))

    def _word(self, value: AnyValue) -> Value[str]:
        key = _open_key(value)
        if key is not None:
            answer = self.choices.value(key)
            if isinstance(answer, Open):
                self.choices.needed(answer)
            else:
                return Known(answer, value.origin)
        return attributes.string(value)

    def number(self, name: str) -> Value[int]:
        """Read a whole number."""
        return attributes.integer(self.get(name))

    def words(self, name: str) -> Value[tuple[Value[str], ...]]:
        """Read a list of strings, each as `word` does; one string counts as a list of it."""
        match self.get(name):
            case Known(tuple() as several) as value:
                return Known(tuple(self._word(item) for item in several), value.origin)
            case Known() as value:
                return Known((self._word(value),), value.origin)
            case Absent() | Unknown() as value:
                return value

    def items(self, name: str, build: Callable[[Properties], T]) -> Items[T]:
        """Read a list of objects; one object counts as a list of it."""
        value = self.get(name)
        if isinstance(value, Unknown):
            return Items(unknown=value, origin=value.origin)
        if isinstance(value, Absent):
            return Items(origin=value.origin)
        several = value.value if isinstance(value.value, tuple) else (value,)
        known: list[T] = []
        unknown: Unknown | None = None
        for item in several:
            if isinstance(item, Known) and isinstance(item.value, Mapping):
                known.append(build(replace(self, content=item.value, origin=item.origin)))
            elif isinstance(item, Unknown):
                unknown = unknown or item
            else:
                unknown = unknown or Unknown("an object is expected here", item.origin)
        return Items(tuple(known), unknown=unknown, origin=value.origin)


def _open_key(value: AnyValue) -> str | None:
    """The choice that a value is, when it is nothing else."""
    if isinstance(value, Unknown) and len(value.parts) == 1 and isinstance(part := value.parts[0], Reference):
        return key_of(part)
    return None


def settle(value: AnyValue, choices: Choices, limit: int = 4) -> None:
    """Split the choices among few values that a value consists of, however deep in it.

    Raises:
        SplitError: there is one.
    """
    pending = [value]
    while pending:
        current = pending.pop()
        key = _open_key(current)
        if key is not None:
            answer = choices.value(key, limit)
            if isinstance(answer, Open):
                choices.needed(answer)
        elif isinstance(current, Known) and isinstance(current.value, tuple):
            pending.extend(current.value)
        elif isinstance(current, Known) and isinstance(current.value, Mapping):
            pending.extend(member for name, member in current.value.items() if name != "Tags")
