"""Lines of a text, the engine's and the protocol's, and documents that are typed into."""

from __future__ import annotations

from typing import Any

import pytest
from client_positions import ENCODINGS, client_position
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from checkov_cloudtrail.lsp.document import Document
from checkov_cloudtrail.lsp.positions import Lines
from checkov_cloudtrail.model.location import Range

UTF16 = PositionCodec(types.PositionEncodingKind.Utf16)
# Everything that one side or the other might take for the end of a line, and characters of every width.
TEXTS = st.text(st.sampled_from("ab\n\r\x0b\x0c\x1c\x85\u2028é€🛰"), max_size=30)

PLACES = [
    ("plain", "ab\ncd\n", (2, 2), (1, 1)),
    ("behind two UTF-16 units", "🛰x\n", (1, 2), (0, 2)),
    ("line feed and carriage return", "a\r\nbc", (2, 2), (1, 1)),
    ("a lone carriage return ends a line for the protocol only", "a\rbc\nd", (1, 4), (1, 1)),
    ("a form feed and U+2028 end none", "a\x0cb\u2028c\nd", (2, 1), (1, 0)),
    ("a byte order mark is no column of ours", "\ufeffab", (1, 2), (0, 2)),
    ("behind the end of a line", "ab\ncd", (1, 9), (0, 2)),
    ("behind the end of the text", "ab\n", (7, 1), (1, 0)),
    ("nothing", "", (1, 1), (0, 0)),
]


@pytest.mark.parametrize(("name", "text", "place", "position"), PLACES, ids=[case[0] for case in PLACES])
def test_position(name: str, text: str, place: tuple[int, int], position: tuple[int, int]) -> None:
    assert Lines(text).position(*place, UTF16) == types.Position(*position), name


@given(TEXTS, st.data(), st.sampled_from(list(ENCODINGS)))
def test_there_and_back(text: str, data: st.DataObject, encoding: types.PositionEncodingKind) -> None:
    lines, codec = Lines(text), PositionCodec(encoding)
    number = data.draw(st.integers(1, text.count("\n") + 1))
    column = data.draw(st.integers(1, len(lines.line(number)) + 1))
    assert lines.place(lines.position(number, column, codec), codec) == (number, column)


def test_range() -> None:
    place = Range("f", 1, 2, 2, 2)
    assert Lines("🛰b\nc").range(place, UTF16) == types.Range(types.Position(0, 2), types.Position(1, 1))


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), TEXTS), max_size=6), st.data())
def test_a_document_follows_its_editor(text: str, edits: list[tuple[int, int, str]], data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(list(ENCODINGS)))
    document = Document("file:///f", 1, text, PositionCodec(encoding))
    changes: list[Any] = []
    for wish, length, written in edits:
        start = min(wish, len(text))
        end = min(start + length, len(text))
        if any("\r\n" in text[max(at - 1, 0) : at + 1] for at in (start, end)):
            continue  # no editor puts a cursor there
        place = types.Range(client_position(text, start, encoding), client_position(text, end, encoding))
        changes.append(types.TextDocumentContentChangePartial(place, written))
        text = text[:start] + written + text[end:]
    for change in changes:
        document.apply_change(change)
    assert (document.text, document.data) == (text, text.encode())


def test_the_whole_text() -> None:
    document = Document("file:///f", 1, "a", UTF16)
    document.apply_change(types.TextDocumentContentChangeWholeDocument("b\ud800"))
    assert document.data == b"b\xed\xa0\x80"
