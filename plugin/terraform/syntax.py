"""Terraform files to blocks, read once per content; a block's inside is parsed when somebody asks for it.

The parser is our own because tree-sitter-hcl is not exact enough to judge by: it groups `a ? b : c ? d : e`
to the left, knows no `1e3`, refuses `{ a = b⏎ (c) = d }`, takes values on the next line, and costs twice the time.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.location import Range, SourceError, UnreadableError
from checkov_cloudtrail.model.values import Skip
from checkov_cloudtrail.terraform import grammar, json_syntax, lexer, nodes
from checkov_cloudtrail.terraform.grammar import Assignment, BlockText, BodyText
from checkov_cloudtrail.terraform.lexer import HclSyntaxError, Token

# As checkov reads them [checkov 3.3, common/comment/enum.py], in a comment only.
_SKIP = re.compile(r"(?:\#|//|/\*)[^\n]*?(?:checkov|bridgecrew|cortex):skip=[ ]*([A-Za-z_\d,-]+)(:[^\n]*)?")
CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
MAX_BYTES = 10_000_000
REMEMBERED = 4
RECURSED = "it is too deeply nested"


class Source:
    """The text of a file, whatever its path; turns offsets into ranges.

    Args:
        text: the decoded text.
        mark: bytes of a byte order mark before it.
    """

    __slots__ = ("_ascii", "_lines", "_mark", "text")

    def __init__(self, text: str, mark: int = 0) -> None:
        self.text = text
        self._mark = mark
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
            return Range(path, line, column, end_line, end_column, start + self._mark, end + self._mark)
        first = len(self.text[:start].encode()) + self._mark
        return Range(path, line, column, end_line, end_column, first, first + len(self.text[start:end].encode()))

    def fault(self, path: str, fault: HclSyntaxError) -> SourceError:
        """Give a fault as an error of the file at a path."""
        line, column = self.position(min(fault.offset, len(self.text)))
        return SourceError(path, line, column, f"syntax error: {fault.message}")


class FaultFoundError(Exception):
    """A block that is needed turned out to be no HCL: its file is known to be broken now, so begin again."""


@dataclass(slots=True)
class Parsed:
    """A configuration file's content: its blocks, or what is wrong with it."""

    source: Source
    blocks: Sequence[BlockText | Block] = ()
    fault: HclSyntaxError | None = None


@dataclass(slots=True)
class Block:
    """A top-level block like BlockText, its inside parsed when it is asked for."""

    parsed: Parsed
    type: str
    labels: tuple[str, ...]
    start: int
    header_end: int
    end: int
    _body: BodyText | None = None

    @property
    def body(self) -> BodyText:
        """The inside.

        Raises:
            FaultFoundError: it is not HCL; `parsed.fault` says why from now on.
        """
        if self._body is None:
            text = self.parsed.source.text
            try:
                self._body = grammar.Parser(text, lexer.body_tokens(text, self.header_end - 1)).body("}")
            except HclSyntaxError as error:
                self.parsed.fault = error
            except RecursionError:
                self.parsed.fault = HclSyntaxError(self.start, RECURSED)
            if self._body is None:
                raise FaultFoundError
        return self._body


@dataclass(slots=True)
class ParseCache:
    """What was read and parsed, by content: roots that share a module parse it once."""

    _parsed: dict[bytes, Parsed] = field(default_factory=dict)
    _used: dict[bytes, int] = field(default_factory=dict)
    _analyses: int = 0

    def forget_unused(self) -> None:
        """Begin an analysis: what the last ones did not need is forgotten, so that a session's memory stays flat."""
        self._analyses += 1
        for key in [key for key, used in self._used.items() if used < self._analyses - REMEMBERED]:
            del self._used[key], self._parsed[key]
        for parsed in self._parsed.values():
            if parsed.blocks:
                parsed.fault = None  # of a block that was needed then, and may not be now

    def configuration(self, path: str, data: bytes) -> Parsed:
        """Parse a `.tf`, `.tofu` or `.tf.json` file.

        Raises:
            UnreadableError: it is not text, or too large to be written by people.
        """
        if len(data) > MAX_BYTES:
            reason = f"is too large: {len(data)} bytes, the limit is {MAX_BYTES}"
            raise UnreadableError(SourceError(path, 1, 1, reason))
        key = hashlib.blake2b(data, digest_size=16, person=b"json" if path.endswith(".json") else b"hcl").digest()
        if key not in self._parsed:
            self._parsed[key] = _parsed(_source(path, data), path.endswith(".json"))
        self._used[key] = self._analyses
        return self._parsed[key]


def _source(path: str, data: bytes) -> Source:
    try:
        return Source(data.decode("utf-8-sig"), len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - before.rfind(b"\n")
        message = "syntax error: the text is not UTF-8"
        raise UnreadableError(SourceError(path, before.count(b"\n") + 1, column, message)) from error


def _parsed(source: Source, as_json: bool) -> Parsed:
    text, parsed = source.text, Parsed(source)
    try:
        if as_json:
            parsed.blocks = json_syntax.configuration(text)
        else:
            parsed.blocks = [_block(parsed, header) for header in lexer.blocks(text)]
    except HclSyntaxError as fault:
        parsed.fault = fault
    except RecursionError:
        parsed.fault = HclSyntaxError(0, RECURSED)
    return parsed


def _block(parsed: Parsed, header: list[Token]) -> Block:
    text = parsed.source.text
    kind, *names, brace, closing = header
    labels = tuple(grammar.unquoted(text, name) if name[0] == "string" else text[name[1] : name[2]] for name in names)
    return Block(parsed, text[kind[1] : kind[2]], labels, kind[1], brace[2], closing[2])


def skips(source: Source, path: str, block: BlockText | Block) -> tuple[Skip, ...]:
    """Find the suppressions in the comments of a block."""
    text = source.text[block.start : block.end]
    if ":skip=" not in text:
        return ()
    found: list[Skip] = []
    for match in _SKIP.finditer(text):
        place = source.place(path, block.start + match.start(), block.start + match.end())
        reason = (match[2] or "").lstrip(":").removesuffix("*/").strip()
        found.extend(Skip(rule, reason, place) for rule in match[1].split(",") if rule)
    return tuple(found)


def values(path: str, data: bytes) -> tuple[Source, Mapping[str, Assignment]]:
    """Parse a `.tfvars` or `.tfvars.json` file.

    Raises:
        UnreadableError: it is not one; the error names line and column.
    """
    source = _source(path, data)
    try:
        if path.endswith(".json"):
            members = json_syntax.read(source.text).items
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
