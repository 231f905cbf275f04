"""Positions as an editor counts them, by the words of the protocol and not by our code."""

from __future__ import annotations

import re

from lsprotocol import types

ENCODINGS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


def client_position(
    text: str, offset: int, encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16
) -> types.Position:
    """Give what an editor sends for an offset into a text: its lines end with \\n, \\r\\n or \\r."""
    ends = [found.end() for found in re.finditer("\r\n|\n|\r", text) if found.end() <= offset]
    name, size = ENCODINGS[encoding]
    before = text[ends[-1] if ends else 0 : offset]
    return types.Position(len(ends), len(before.encode(name, "surrogatepass")) // size)
