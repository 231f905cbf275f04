"""Positions: ours are code points from 1, the protocol's are units of the client's encoding from 0.

They also end lines differently: for the engine only a line feed does, for the protocol a lone carriage return as well.
Neither takes a form feed or U+2028 for one, which `str.splitlines` does.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol import types
from pygls.workspace import PositionCodec

from checkov_cloudtrail.model.location import Range

_MARK = "\ufeff"
_LINE_FEED = re.compile("\n")
_PROTOCOL_END = re.compile("\r\n|\n|\r(?!\n)")


class Lines:
    """A text cut into lines, the engine's and the protocol's.

    Args:
        text: of a document or file, with its byte order mark if it has one: the engine does not count it as a column.
    """

    __slots__ = ("_ours", "_protocol", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        first = len(_MARK) if text.startswith(_MARK) else 0
        ends = [found.end() for found in _LINE_FEED.finditer(text)]
        self._ours = [first, *ends]
        self._protocol = [0, *ends]
        if "\r" in text:
            self._protocol = [0, *(found.end() for found in _PROTOCOL_END.finditer(text))]

    def line(self, number: int) -> str:
        """Give one of the engine's lines, from 1, without its end; empty behind the last one."""
        return self.text[slice(*self._stretch(self._ours, number - 1))]

    def _stretch(self, starts: list[int], index: int) -> tuple[int, int]:
        """Where a line starts, and where it ends without its line end; behind the last one: the end of the text."""
        if index >= len(starts):
            return len(self.text), len(self.text)
        start = starts[index]
        end = starts[index + 1] if index + 1 < len(starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def index(self, line: int, column: int) -> int:
        """Give the index into the text of a place; one behind the end of its line is cut off."""
        start, end = self._stretch(self._ours, line - 1)
        return min(start + column - 1, end)

    def point(self, index: int) -> tuple[int, int]:
        """Give line and column, from 1, of an index into the text."""
        number = max(bisect_right(self._ours, index), 1)
        return number, max(index - self._ours[number - 1], 0) + 1

    def offset(self, position: types.Position, codec: PositionCodec) -> int:
        """Give the index into the text of a position that the client sent; behind the end of a line is its end."""
        start, end = self._stretch(self._protocol, position.line)
        line = self.text[start:end]
        if line.isascii():
            return start + min(position.character, len(line))
        units = 0
        for index, character in enumerate(line):
            if units >= position.character:
                return start + index
            units += codec.client_num_units(character)
        return end

    def position(self, line: int, column: int, codec: PositionCodec) -> types.Position:
        """Give the client's position of a place; one behind the end of its line is cut off."""
        offset = self.index(line, column)
        number = bisect_right(self._protocol, offset) - 1
        before = self.text[self._protocol[number] : offset]
        return types.Position(number, len(before) if before.isascii() else codec.client_num_units(before))

    def range(self, place: Range, codec: PositionCodec) -> types.Range:
        """Give the client's range of a stretch."""
        return types.Range(
            self.position(place.line, place.column, codec), self.position(place.end_line, place.end_column, codec)
        )

    def place(self, position: types.Position, codec: PositionCodec) -> tuple[int, int]:
        """Give line and column, from 1, of a position that the client sent."""
        return self.point(self.offset(position, codec))


def inside(line: int, column: int, place: Range) -> bool:
    """Tell whether a position lies in a stretch, its end included, since a cursor stands between characters."""
    return (place.line, place.column) <= (line, column) <= (place.end_line, place.end_column)
