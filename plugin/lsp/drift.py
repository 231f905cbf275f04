"""Where places of a text have moved to in a later text: what was judged is shown in what was typed since."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from checkov_cloudtrail.model.location import Range

_MAX_LINES = 1000


class Drift:
    """From one text to another, line by line.

    Args:
        before: the text that the places are of, without a byte order mark.
        after: the text in which they are wanted.
    """

    __slots__ = ("_after", "_before", "_blocks", "_starts")

    def __init__(self, before: str, after: str) -> None:
        # (first line before, line behind it, first line after, line behind it, the same), from 0.
        self._blocks: list[tuple[int, int, int, int, bool]] = []
        if before != after:
            self._before, self._after = before.split("\n"), after.split("\n")
            self._blocks = _blocks(self._before, self._after)
        self._starts = [block[0] for block in self._blocks]

    def moved(self, place: Range) -> Range:
        """Give where a stretch is now. Bytes stay as they were: positions are all that an editor needs."""
        if not self._blocks:
            return place
        line, column = self.point(place.line, place.column)
        end_line, end_column = max((line, column), self.point(place.end_line, place.end_column))
        return replace(place, line=line, column=column, end_line=end_line, end_column=end_column)

    def kept(self, place: Range) -> bool:
        """Tell whether the lines of a stretch are still what they were."""
        first, last = (self._block(line) for line in (place.line, place.end_line))
        return first is None or (first is last and first[4])

    def point(self, line: int, column: int) -> tuple[int, int]:
        """Give where a place is now, lines and columns from 1."""
        block = self._block(line)
        if block is None:
            return line, column
        first, last, first_after, last_after, same = block
        if same:
            return line - first + first_after, column
        if first_after == last_after:  # its lines are gone
            return first_after + 1, 1
        index = min(first_after + line - 1 - first, last_after - 1)
        if line - 1 >= last:
            return index + 1, len(self._after[index]) + 1
        return index + 1, _column(self._before[line - 1], self._after[index], column)

    def _block(self, line: int) -> tuple[int, int, int, int, bool] | None:
        return self._blocks[max(bisect_right(self._starts, line - 1) - 1, 0)] if self._blocks else None


def _blocks(before: list[str], after: list[str]) -> list[tuple[int, int, int, int, bool]]:
    """Pair the lines of two texts. Most edits are in one place, so the ends that are the same are taken off first."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    end, end_after = len(before) - tail, len(after) - tail
    found = [(0, head, 0, head, True)] if head else []
    if max(end, end_after) - head <= _MAX_LINES:
        matcher = SequenceMatcher(None, before[head:end], after[head:end_after], autojunk=False)
        found += [
            (head + first, head + last, head + first_after, head + last_after, kind == "equal")
            for kind, first, last, first_after, last_after in matcher.get_opcodes()
            if first < last
        ]
    elif head < end:
        found.append((head, end, head, end_after, False))
    if tail:
        found.append((end, len(before), end_after, len(after), True))
    return found


def _column(before: str, after: str, column: int) -> int:
    """Move a column within a line that was edited in one place."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    if column - 1 <= head:
        return column
    if column - 1 >= len(before) - tail:
        return column + len(after) - len(before)
    return len(after) - tail + 1


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count how many items two sequences begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (left, right) in pairs if left != right), min(len(one), len(other)))
