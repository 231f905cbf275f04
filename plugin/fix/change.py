"""The smallest step of a repair: a stretch of one text gets other text."""

from __future__ import annotations

from checkov_cloudtrail.model.record import record


@record
class Change:
    """Replace what stands between two offsets, in code points; equal offsets insert."""

    start: int
    end: int
    text: str


def line_start(text: str, offset: int) -> int:
    """Give the offset at which the line of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Give the offset at which the line of an offset ends, before its line break."""
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    return end - 1 if end > offset and text[end - 1] == "\r" else end


def indentation(text: str, offset: int) -> str:
    """Give the blanks and tabs with which the line of an offset begins."""
    start = line_start(text, offset)
    stop = start
    while stop < len(text) and text[stop] in " \t":
        stop += 1
    return text[start:stop]


def line_break(text: str) -> str:
    """Give the line break of a text: that of its first line."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
