"""Positions: ours are code points from 1, the protocol's are units of the client's encoding from 0."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types
from pygls.workspace import PositionCodec

from checkov_cloudtrail.model.location import Range


def to_client(place: Range, lines: Sequence[str], codec: PositionCodec) -> types.Range:
    """Give the client's range of a stretch of a document.

    Args:
        place: in the document.
        lines: the document's lines; a place behind their end is cut off.
        codec: of the client.
    """
    return types.Range(
        _position(place.line, place.column, lines, codec), _position(place.end_line, place.end_column, lines, codec)
    )


def _position(line: int, column: int, lines: Sequence[str], codec: PositionCodec) -> types.Position:
    if line > len(lines):
        return types.Position(max(len(lines) - 1, 0), codec.client_num_units(lines[-1]) if lines else 0)
    text = lines[line - 1].rstrip("\r\n")
    return types.Position(line - 1, codec.client_num_units(text[: column - 1]))


def to_ours(position: types.Position, lines: Sequence[str], codec: PositionCodec) -> tuple[int, int]:
    """Give line and column, from 1, of a position that the client sent."""
    server = codec.position_from_client_units(lines, position)
    return server.line + 1, server.character + 1


def inside(line: int, column: int, place: Range) -> bool:
    """Tell whether a position lies in a stretch, its end included, since a cursor stands between characters."""
    return (place.line, place.column) <= (line, column) <= (place.end_line, place.end_column)
