"""`record`: frozen dataclasses that cost little, at import and when they are made.

`@dataclass(frozen=True, slots=True)` compiles six functions for every class, which was half of the time in which this
command starts, and assigns every attribute through `object.__setattr__`. A record compiles its `__init__` only. That
nobody assigns to it is checked where it is cheap: by mypy, which takes it for the frozen dataclass that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

C = TypeVar("C")


@overload
def record(cls: type[C], /) -> type[C]: ...
@overload
def record(*, kw_only: bool = False) -> Callable[[type[C]], type[C]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[C] | None = None, /, *, kw_only: bool = False) -> type[C] | Callable[[type[C]], type[C]]:
    """Make a class a frozen dataclass with slots, equality and a hash; `dataclasses.replace` and `match` work."""

    def make(cls: type[C]) -> type[C]:
        made: Any = dataclass(repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
        names = [name for name, each in made.__dataclass_fields__.items() if each.compare]
        values: Callable[[object], object] = attrgetter(*names) if names else lambda _: ()

        def equal(self: object, other: object) -> object:
            if other.__class__ is not self.__class__:
                return NotImplemented
            return values(self) == values(other)

        def hashed(self: object) -> int:
            return hash(values(self))

        # A class that spells one of these itself keeps it.
        for name, function in (("__eq__", equal), ("__hash__", hashed), ("__repr__", _represent)):
            if name not in cls.__dict__ or cls.__dict__[name] is None:
                setattr(made, name, function)
        checked: type[C] = made
        return checked

    return make if cls is None else make(cls)


def _represent(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, each in self.__dataclass_fields__.items() if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"
