"""Changes of Terraform's native syntax that leave a formatted file formatted.

`terraform fmt` aligns the `=` of arguments on consecutive lines, here called a paragraph: a new argument joins one
whose names are long enough, at its end, and makes a paragraph of its own where there is none. Comments behind the
arguments of consecutive lines are aligned as well: a value of another length keeps them in their column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from checkov_cloudtrail.fix.change import Change, indentation, line_break, line_end, line_start
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform.grammar import Assignment, BlockText, BodyText

# They come first or last in a block, apart from the arguments proper.
_META_FIRST = frozenset(("count", "for_each", "provider", "source", "version"))
_META = _META_FIRST | {"depends_on"}
_COMMENT = re.compile(r"[ \t]*(?=#|//|/\*)")


@record
class _Paragraph:
    """Arguments on consecutive lines.

    Args:
        names: of its arguments.
        indent: before each.
        width: what their names are padded to.
        end: where its last line ends.
    """

    names: tuple[str, ...]
    indent: str
    width: int
    end: int


def replace(text: str, start: int, end: int, literal: str) -> list[Change]:
    """Give an expression another text."""
    changes = [Change(start, end, literal)]
    shorter = (end - start) - len(literal)
    gap = _COMMENT.match(text, end)
    if gap is None or shorter == 0 or not _aligned(text, gap.end()):
        return changes
    blanks = max(1, len(gap.group()) + shorter)
    return [Change(start, gap.end(), literal + " " * blanks)]


def insert(text: str, block: BlockText, arguments: Sequence[tuple[str, str]]) -> list[Change]:
    """Give a block arguments: their names and values."""
    start, header_end, end, body = block.start, block.header_end, block.end, block.body
    newline = line_break(text)
    outer = indentation(text, start)
    longest = max(len(name) for name, _ in arguments)
    if "\n" not in text[header_end:end]:
        return _opened(text, (header_end, end), outer, newline, _lines(arguments, outer + _step(outer), longest))
    paragraphs = _paragraphs(text, body)
    proper = [paragraph for paragraph in paragraphs if not _META.issuperset(paragraph.names)]
    fitting = [paragraph for paragraph in proper if longest <= paragraph.width]
    if fitting:
        last = fitting[-1]
        return [Change(last.end, last.end, newline + newline.join(_lines(arguments, last.indent, last.width)))]
    indent = paragraphs[0].indent if paragraphs else _inner(text, body, outer)
    first = [paragraph for paragraph in paragraphs if _META_FIRST.issuperset(paragraph.names)]
    before = (proper or first)[-1:]
    at = before[0].end if before else line_end(text, header_end)
    lead = newline if before else ""
    following = text[at:end].removeprefix("\r").removeprefix("\n")
    rest = following[: following.find("\n")].strip() if "\n" in following else "}"
    trail = "" if rest in ("", "}") else newline
    return [Change(at, at, lead + newline + newline.join(_lines(arguments, indent, longest)) + trail)]


def _lines(arguments: Sequence[tuple[str, str]], indent: str, width: int) -> list[str]:
    return [f"{indent}{name.ljust(width)} = {literal}" for name, literal in arguments]


def _opened(text: str, inside: tuple[int, int], outer: str, newline: str, lines: Sequence[str]) -> list[Change]:
    """Break a block that stands on one line into lines; its one argument, if any, is not touched."""
    start, end = inside[0], inside[1] - 1
    kept = text[start:end].strip()
    added = newline.join((*lines, outer))
    if not kept:
        return [Change(start, end, newline + added)]
    first = start + text[start:end].index(kept)
    return [
        Change(start, first, newline + outer + _step(outer)),
        Change(first + len(kept), end, newline + newline + added),
    ]


def _paragraphs(text: str, body: BodyText) -> list[_Paragraph]:
    found: list[list[Assignment]] = []
    for assignment in sorted(body.assignments, key=lambda a: a.start):
        if not _single(text, assignment):
            continue
        if found and text.count("\n", _end(text, found[-1][-1]), assignment.start) == 1:
            found[-1].append(assignment)
        else:
            found.append([assignment])
    return [_paragraph(text, assignments) for assignments in found]


def _single(text: str, assignment: Assignment) -> bool:
    """Tell whether `terraform fmt` aligns it: its value is on one line, or a heredoc."""
    return "\n" not in text[assignment.start : assignment.end] or _is_heredoc(text, assignment)


def _is_heredoc(text: str, assignment: Assignment) -> bool:
    return text.startswith("<<", assignment.expression.start)


def _end(text: str, assignment: Assignment) -> int:
    """Give the end of an argument's last line; a heredoc may count the line break behind its end mark as its own."""
    last = assignment.end
    while _is_heredoc(text, assignment) and text[last - 1] in "\r\n":
        last -= 1
    return line_end(text, last)


def _paragraph(text: str, assignments: Sequence[Assignment]) -> _Paragraph:
    last = assignments[-1]
    equals = text.index("=", last.start + len(last.name))
    width = max(len(last.name), len(text[last.start : equals].removesuffix(" ")))
    names = tuple(assignment.name for assignment in assignments)
    return _Paragraph(names, indentation(text, last.start), width, _end(text, last))


def _inner(text: str, body: BodyText, outer: str) -> str:
    """Give the indentation inside a block that has no argument on a line of its own."""
    starts = [assignment.start for assignment in body.assignments] + [block.start for block in body.blocks]
    return indentation(text, min(starts)) if starts else outer + _step(outer)


def _step(outer: str) -> str:
    return "\t" if outer.startswith("\t") else "  "


def _aligned(text: str, comment: int) -> bool:
    """Tell whether the line before or after has a comment behind an argument in the same column."""
    start = line_start(text, comment)
    column = comment - start
    previous = text[line_start(text, start - 1) : start - 1] if start else ""
    after = text.find("\n", comment) + 1
    following = text[after : line_end(text, after)] if after else ""
    return any(line[:column].strip() and line[column:].startswith(("#", "//", "/*")) for line in (previous, following))
