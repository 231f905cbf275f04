"""Records behave as the frozen dataclasses that they stand for."""

from __future__ import annotations

import pickle
from dataclasses import field, replace

import pytest

from checkov_cloudtrail.model.record import record


@record
class Point:
    x: int
    y: int = 0
    note: str = field(default="", compare=False)


@record
class Named(Point):
    name: str = ""

    def __repr__(self) -> str:
        return self.name


@record(kw_only=True)
class Keyed:
    values: tuple[int, ...] = ()


def test_equality() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(1, 3)
    assert Point(1, 2, "a") == Point(1, 2, "b")
    assert Point(1) != Named(1)
    assert Named(1, name="a") != Named(1, name="b")
    assert Point(1) != (1, 0)


def test_hash() -> None:
    assert {Point(1, 2, "a"), Point(1, 2, "b"), Point(2)} == {Point(1, 2), Point(2)}


def test_representation() -> None:
    assert repr(Point(1)) == "Point(x=1, y=0, note='')"
    assert repr(Named(1, name="n")) == "n"


def test_slots() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 1  # type: ignore[attr-defined]


def test_replace_match_and_pickle() -> None:
    match replace(Point(1), y=5):
        case Point(x, y):
            assert (x, y) == (1, 5)
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)


def test_keywords_only() -> None:
    assert Keyed(values=(1,)).values == (1,)
    with pytest.raises(TypeError):
        Keyed((1,))  # type: ignore[misc]
