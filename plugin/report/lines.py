"""Lines of text whose pieces carry the name of a style: what is written is decided apart from how it looks."""

from __future__ import annotations

from collections.abc import Iterable

from checkov_cloudtrail.model.report import Comparison

# Pieces of one line: text that is harmless on a terminal (visible.py), and the name of its style, empty for none.
# The styles are those of terminal.THEME.
Line = list[tuple[str, str]]


def plain(lines: Iterable[Line]) -> str:
    """Join lines without their styles."""
    return "".join("".join(text for text, _ in line) + "\n" for line in lines)


def count(number: int, noun: str) -> str:
    """Count a noun: `1 finding`, `2 findings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def worse(since: Comparison) -> str:
    """Count what got worse."""
    lost = "1 loss" if len(since.lost) == 1 else f"{len(since.lost)} losses"
    return f"{count(len(since.new), 'new finding')}, {lost} of coverage"
