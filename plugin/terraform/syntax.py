"""Terraform files to blocks, parsed once per content.

The parser is our own because tree-sitter-hcl is not exact enough to judge by: it groups `a ? b : c ? d : e`
to the left, knows no `1e3`, refuses `{ a = b⏎ (c) = d }`, takes values on the next line, and costs twice the time.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.location import Range, SourceError, UnreadableError
from checkov_cloudtrail.model.values import Skip
from checkov_cloudtrail.terraform import grammar, json_syntax, lexer, nodes
from checkov_cloudtrail.terraform.grammar import Assignment, BlockText
from checkov_cloudtrail.terraform.lexer import HclSyntaxError

# As checkov reads them [checkov 3.3, common/comment/enum.py], in a comment only.
_SKIP = re.compile(r"(?:\#|//|/\*)[^\n]*?(?:checkov|bridgecrew):skip=[ ]*([A-Za-z_\d,-]+)(:[^\n]*)?")
CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
RECURSED = "it is too deeply nested"


class Source:
    """The text of a file, whatever its path; turns offsets into ranges."""

    __slots__ = ("_ascii", "_lines", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        self._lines: list[int] | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset, from 1."""
        if self._lines is None:
            self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def place(self, path: str, start: int, end: int) -> Range:
        """Give a stretch of the text as a range of the file at a path."""
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        if self._ascii:
            return Range(path, line, column, end_line, end_column, start, end)
        first = len(self.text[:start].encode())
        return Range(path, line, column, end_line, end_column, first, first + len(self.text[start:end].encode()))

    def fault(self, path: str, fault: HclSyntaxError) -> SourceError:
        """Give a fault as an error of the file at a path."""
        line, column = self.position(min(fault.offset, len(self.text)))
        return SourceError(path, line, column, f"syntax error: {fault.message}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A configuration file's content: its blocks, or what is wrong with it."""

    source: Source
    blocks: tuple[BlockText, ...] = ()
    fault: HclSyntaxError | None = None


@dataclass(slots=True)
class ParseCache:
    """What was read and parsed, by content: roots that share a module parse it once."""

    _parsed: dict[bytes, Parsed] = field(default_factory=dict)

    def configuration(self, path: str, data: bytes) -> Parsed:
        """Parse a `.tf`, `.tofu` or `.tf.json` file.

        Raises:
            UnreadableError: it is not text.
        """
        key = hashlib.blake2b(data, digest_size=16, person=b"json" if path.endswith(".json") else b"hcl").digest()
        if key not in self._parsed:
            self._parsed[key] = _parsed(_decoded(path, data), path.endswith(".json"))
        return self._parsed[key]


def _decoded(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - before.rfind(b"\n")
        message = "syntax error: the text is not UTF-8"
        raise UnreadableError(SourceError(path, before.count(b"\n") + 1, column, message)) from error


def _parsed(text: str, as_json: bool) -> Parsed:
    source = Source(text)
    try:
        if as_json:
            return Parsed(source, json_syntax.configuration(text))
        body = grammar.Parser(text, lexer.tokens(text)).body("end")
    except HclSyntaxError as fault:
        return Parsed(source, fault=fault)
    except RecursionError:
        return Parsed(source, fault=HclSyntaxError(0, RECURSED))
    if body.assignments:
        return Parsed(
            source, fault=HclSyntaxError(body.assignments[0].start, "an argument is not expected outside of a block")
        )
    return Parsed(source, body.blocks)


def skips(source: Source, path: str, block: BlockText) -> tuple[Skip, ...]:
    """Find the suppressions in the comments of a block."""
    text = source.text[block.start : block.end]
    if ":skip=" not in text:
        return ()
    found: list[Skip] = []
    for match in _SKIP.finditer(text):
        place = source.place(path, block.start + match.start(), block.start + match.end())
        reason = (match[2] or "").lstrip(":").strip()
        found.extend(Skip(rule, reason, place) for rule in match[1].split(",") if rule)
    return tuple(found)


def values(path: str, data: bytes) -> tuple[Source, Mapping[str, Assignment]]:
    """Parse a `.tfvars` or `.tfvars.json` file.

    Raises:
        UnreadableError: it is not one; the error names line and column.
    """
    source = Source(_decoded(path, data))
    try:
        if path.endswith(".json"):
            members = json_syntax.read(source.text, templates=False).items
            named = ((str(key.value), key, value) for key, value in members if isinstance(key, nodes.Literal))
            return source, {name: Assignment(name, value, key.start, value.end) for name, key, value in named}
        body = grammar.Parser(source.text, lexer.tokens(source.text)).body("end")
    except HclSyntaxError as fault:
        raise UnreadableError(source.fault(path, fault)) from fault
    except RecursionError as error:
        raise UnreadableError(SourceError(path, 1, 1, f"syntax error: {RECURSED}")) from error
    if body.blocks:
        line, column = source.position(body.blocks[0].start)
        raise UnreadableError(SourceError(path, line, column, "syntax error: a block in a file of values"))
    return source, {assignment.name: assignment for assignment in body.assignments}


def directory_files(files: Files, directory: str) -> tuple[str, ...]:
    """Name a directory's configuration files in Terraform's order: overrides last; `x.tofu` replaces `x.tf`."""
    names = {
        name for name in files.entries(directory) if name.endswith(CONFIGURATION) and not name.startswith((".", "#"))
    }
    names -= {name.replace(".tofu", ".tf") for name in names if ".tofu" in name}
    return tuple(sorted(names, key=lambda name: (is_override(name), name)))


def is_override(name: str) -> bool:
    """Tell whether a file's blocks are merged over the others."""
    stem = name.removesuffix(".json").rpartition(".")[0]
    return stem == "override" or stem.endswith("_override")
