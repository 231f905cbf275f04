"""Where places go when a text is edited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkov_cloudtrail.lsp.drift import Drift
from checkov_cloudtrail.model.location import Range

BEFORE = "one\ntwo\n  value = false\nfour\nfive"
MOVED = [
    ("nothing changed", BEFORE, (3, 11, 3, 16), True),
    ("a line above", BEFORE.replace("one", "zero\none"), (4, 11, 4, 16), True),
    ("a line below", BEFORE.replace("four", "four\n{"), (3, 11, 3, 16), True),
    ("lines above and below", f"zero\n{BEFORE}".replace("four", "{"), (4, 11, 4, 16), True),
    ("typed before it on its line", BEFORE.replace("  value", "    value"), (3, 13, 3, 18), False),
    ("typed behind it on its line", BEFORE.replace("false", "false # x"), (3, 11, 3, 16), False),
    ("its own text", BEFORE.replace("false", "f"), (3, 11, 3, 12), False),
    ("its line is gone", BEFORE.replace("  value = false\n", ""), (3, 1, 3, 1), False),
    ("everything is gone", "", (1, 1, 1, 1), False),
]


@pytest.mark.parametrize(("name", "after", "place", "kept"), MOVED, ids=[case[0] for case in MOVED])
def test_moved(name: str, after: str, place: tuple[int, int, int, int], kept: bool) -> None:
    value = Range("f", 3, 11, 3, 16)
    drift = Drift(BEFORE, after)
    found = drift.moved(value)
    assert (found.line, found.column, found.end_line, found.end_column) == place, name
    assert drift.kept(value) == kept, name


TEXTS = st.lists(st.sampled_from(["", "}", "a = 1", "b = false", "resource {"]), max_size=12).map("\n".join)


@given(TEXTS, TEXTS, st.data())
def test_every_place_lands_in_the_text(before: str, after: str, data: st.DataObject) -> None:
    lines, now = before.split("\n"), after.split("\n")
    number = data.draw(st.integers(1, len(lines)))
    column = data.draw(st.integers(1, len(lines[number - 1]) + 1))
    drift = Drift(before, after)
    line, there = drift.point(number, column)
    assert 1 <= line <= len(now) + 1
    assert 1 <= there <= (len(now[line - 1]) if line <= len(now) else 0) + 1
    if drift.kept(Range("f", number, column, number, column)):
        assert (now[line - 1], there) == (lines[number - 1], column)
