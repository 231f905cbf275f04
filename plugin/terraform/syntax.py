"""Terraform files to blocks: parsed once per content, a block's inside only when somebody asks for it.

Reading a file finds its top-level blocks and the brackets, strings and heredocs that do not close. The inside of a
block is parsed on demand. The parser is our own because tree-sitter-hcl is not exact enough to judge by: it groups
`a ? b : c ? d : e` to the left, knows no `1e3`, refuses `{ a = b⏎ (c) = d }` and takes values on the next line.
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
from checkov_cloudtrail.terraform import grammar, json_syntax, lexer
from checkov_cloudtrail.terraform.grammar import Assignment, BlockText, BodyText
from checkov_cloudtrail.terraform.lexer import SyntaxFault

_HEADER = re.compile(
    r"""(?:[ \t\r\n]++|\#[^\n]*+|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)++
    |(?P<type>[^\W\d][\w-]*+)(?P<labels>(?:[ \t]*+(?:"(?:[^"\\\n$%]++|\\.)*+"|[^\W\d][\w-]*+))*+)[ \t]*+(?P<brace>\{)""",
    re.VERBOSE,
)
_LABEL = re.compile(r'"((?:[^"\\]++|\\.)*+)"|([^\W\d][\w-]*+)')
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

    def fault(self, path: str, fault: SyntaxFault) -> SourceError:
        """Give a fault as an error of the file at a path."""
        line, column = self.position(min(fault.offset, len(self.text)))
        return SourceError(path, line, column, f"syntax error: {fault.message}")


class Block:
    """A top-level block, its inside still text until it is asked for.

    Args:
        source: the text that it stands in.
        type: `resource`, `variable`, …
        labels: the names behind the type.
        span: offsets of its begin, of the end of its header (behind the brace) and of its end.
        body: its inside, where that is parsed already.
    """

    __slots__ = ("_body", "labels", "source", "span", "type")

    def __init__(
        self, source: Source, type: str, labels: tuple[str, ...], span: tuple[int, int, int], body: BodyText | None
    ) -> None:
        self.source = source
        self.type = type
        self.labels = labels
        self.span = span
        self._body = body

    @property
    def text(self) -> str:
        """The whole block as it is written."""
        return self.source.text[self.span[0] : self.span[2]]

    @property
    def body(self) -> BodyText:
        """The inside.

        Raises:
            SyntaxFault: it is not HCL.
        """
        if self._body is None:
            parser = grammar.Parser(self.source.text, lexer.body_tokens(self.source.text, self.span[1] - 1))
            try:
                self._body = parser.body("}")
            except RecursionError as error:
                raise SyntaxFault(self.span[0], RECURSED) from error
        return self._body

    def skips(self, path: str) -> tuple[Skip, ...]:
        """Find the suppressions in its comments."""
        start, text = self.span[0], self.text
        if ":skip=" not in text:
            return ()
        return tuple(
            Skip(rule.strip(), (found[2] or "").lstrip(":").strip(), self.source.place(path, start + found.start(), start + found.end()))
            for found in _SKIP.finditer(text)
            for rule in found[1].split(",")
            if rule.strip()
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """A configuration file's content: its blocks, or what is wrong with it."""

    source: Source
    blocks: tuple[Block, ...] = ()
    fault: SyntaxFault | None = None


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
        blocks = tuple(_json_blocks(source) if as_json else _blocks(source))
    except SyntaxFault as fault:
        return Parsed(source, fault=fault)
    except RecursionError:
        return Parsed(source, fault=SyntaxFault(0, RECURSED))
    return Parsed(source, blocks)


def _json_blocks(source: Source) -> list[Block]:
    return [
        Block(source, block.type, block.labels, (block.start, block.header_end, block.end), block.body)
        for block in json_syntax.configuration(source.text)
    ]


def _blocks(source: Source) -> list[Block]:
    """Find the top-level blocks of a file without parsing what is inside."""
    text, position, fresh = source.text, 0, True
    blocks: list[Block] = []
    while position < len(text):
        found = _HEADER.match(text, position)
        if found is None:
            _explain(text, position)
        elif found["type"]:
            if not fresh:
                raise SyntaxFault(position, "expected a new line behind the block")
            labels = tuple(
                grammar.unquoted(name[0], ("string", 0, len(name[0]))) if name[0].startswith('"') else name[0]
                for name in _LABEL.finditer(found["labels"])
            )
            end = lexer.skip_body(text, found.start("brace"))
            blocks.append(Block(source, found["type"], labels, (position, found.end(), end), None))
            position, fresh = end, False
            continue
        position = found.end() if found is not None else position
        fresh = "\n" in text[found.start() : position] if found is not None else fresh
    return blocks


def _explain(text: str, position: int) -> None:
    """Say why no block begins here, as the parser of bodies sees it."""
    rest = text[position : position + 10_000]
    try:
        grammar.Parser(rest, lexer.tokens(rest)).body("end")
    except SyntaxFault as fault:
        raise SyntaxFault(position + fault.offset, fault.message) from fault
    raise SyntaxFault(position, "an argument is not expected here: expected a block")


def values(path: str, data: bytes) -> tuple[Source, Mapping[str, Assignment]]:
    """Parse a `.tfvars` or `.tfvars.json` file.

    Raises:
        UnreadableError: it is not one; the error names line and column.
    """
    source = Source(_decoded(path, data))
    try:
        if path.endswith(".json"):
            members = json_syntax.read(source.text, templates=False).items
            named = ((str(key.value), key, value) for key, value in members if isinstance(key, grammar.nodes.Literal))
            return source, {name: Assignment(name, value, key.start, value.end) for name, key, value in named}
        body = grammar.Parser(source.text, lexer.tokens(source.text)).body("end")
    except SyntaxFault as fault:
        raise UnreadableError(source.fault(path, fault)) from fault
    except RecursionError as error:
        raise UnreadableError(SourceError(path, 1, 1, f"syntax error: {RECURSED}")) from error
    if body.blocks:
        line, column = source.position(body.blocks[0].start)
        raise UnreadableError(SourceError(path, line, column, "syntax error: a block in a file of values"))
    return source, {assignment.name: assignment for assignment in body.assignments}


def directory_files(files: Files, directory: str) -> tuple[str, ...]:
    """Name the configuration files of a directory as Terraform orders them: overrides last."""
    names = [name for name in files.entries(directory) if name.endswith(CONFIGURATION) and not name.startswith((".", "#"))]
    return tuple(sorted((name for name in names if not name.endswith("~")), key=lambda name: (is_override(name), name)))


def is_override(name: str) -> bool:
    """Tell whether a file's blocks are merged over the others."""
    stem = name.split(".")[0] if name.count(".") == 1 else name[: name.index(".")]
    return stem == "override" or stem.endswith("_override")
