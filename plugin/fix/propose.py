"""From a repair in the model's terms to edits of the user's text.

What a resource says itself is replaced, what it leaves out is inserted. Where the value comes from elsewhere (the
default of a variable or parameter, a `.tfvars` line, a module's argument) the edit is made there and called unsafe:
other things may depend on the same value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from checkov_cloudtrail.files import Files
from checkov_cloudtrail.fix import native
from checkov_cloudtrail.fix.change import Change
from checkov_cloudtrail.fix.names import of_selector, written
from checkov_cloudtrail.fix.sites import Site, Wanted, document_site, native_site
from checkov_cloudtrail.model.location import Range, Step, UnreadableError
from checkov_cloudtrail.model.report import Edit, Fix, Judgement, Result
from checkov_cloudtrail.model.rule import AppendText, Level, Repair, SetAttribute, Verdict
from checkov_cloudtrail.terraform.grammar import BlockText
from checkov_cloudtrail.terraform.syntax import FaultFoundError, ParseCache, Source

if TYPE_CHECKING:
    from checkov_cloudtrail.cloudformation.reader import Node

_NATIVE = (".tf", ".tofu")
_VALUES = ".tfvars"
_DOWNLOADED = frozenset((".terraform", ".external_modules", "node_modules"))
_LITERAL = re.compile(r""""(?:[^"\\$%\n]|\\.|[$%](?!\{))*"|'[^'\n]*'|-?\d+|[A-Za-z]+""")
# An expression that hands on one value as it is: `var.multi`, `"${var.multi}"`, `!Ref Multi`, `{"Ref": "Multi"}`.
_REFERENCE = re.compile(
    r"""(?:"?\$\{\s*)?(?:var|local)\.[\w-]+(?:\s*\}"?)?|!Ref\s+"?\w+"?|\{\s*"?Ref"?\s*:\s*"?\w+"?\s*\}|Ref\s*:\s*"?\w+"?"""
)
_HEADER = re.compile(r"""["']?\s*[:{]""")
_NAMED = r"""(?:^|[\s,{{])["']?{name}["']?[ \t]*[=:]\s*$"""


def with_fixes(judgement: Judgement, files: Files, cache: ParseCache) -> Judgement:
    """Give the failures of a judgement their fixes, where their rules say how to mend them.

    Args:
        judgement: of one deployment.
        files: the tree that was judged.
        cache: the parsed configuration files of the analysis.
    """
    proposer = Proposer(files, cache)

    def fixed(result: Result) -> Result:
        if result.verdict is not Verdict.FAIL or result.repair is None:
            return result
        fix = proposer.propose(result.repair, result.range, result.evidence)
        # A note says that another trail does the work: this one may be what it is on purpose.
        if fix is not None and result.level is Level.NOTE:
            fix = replace(fix, safe=False)
        return replace(result, fix=fix)

    return replace(judgement, results=tuple(map(fixed, judgement.results)))


class Proposer:
    """Turns repairs into fixes; texts are read and parsed once.

    Args:
        files: the tree that was judged.
        cache: the parsed configuration files of the analysis.
    """

    def __init__(self, files: Files, cache: ParseCache) -> None:
        self._files = files
        self._cache = cache
        self._texts: dict[str, Source | None] = {}
        self._roots: dict[str, Node | None] = {}

    def propose(self, repair: Repair, place: Range, evidence: Sequence[Step]) -> Fix | None:
        """Give the edits for a repair; None where no edit is sure to do it.

        Args:
            repair: what is wanted.
            place: the attribute's value, or the nearest parent that exists (`Result.range`).
            evidence: the places that the value came through, nearest first.
        """
        source = self._source(place.file)
        if source is None:
            return None
        start, end = _span(source, place)
        site = self._site(source, place.file, start)
        if site is None:
            return None
        try:
            if isinstance(repair, AppendText):
                return self._append(repair, source, place.file, (start, end))
            wanted = [written(site.type, name, repair.value) for name in (repair.attribute, *repair.others)]
            if of_selector(site.type, repair.attribute) and not site.nested:
                return None
        except KeyError:
            return None
        changes = _set(source.text, site, wanted, (start, end))
        if changes is None:
            return self._at_origin(repair, source.text[start:end], wanted[0][1], evidence) if evidence else None
        return Fix(repair.title, repair.safe, _edits(source, place.file, changes)) if changes else None

    def _source(self, path: str) -> Source | None:
        """Read a file that may be changed; what was downloaded may not: it would come back as it was."""
        if path not in self._texts:
            try:
                text = self._files.read(path).decode("utf-8-sig")
            except (UnreadableError, UnicodeDecodeError):
                text = None
            downloaded = not _DOWNLOADED.isdisjoint(path.split("/"))
            self._texts[path] = None if text is None or downloaded else Source(text)
        return self._texts[path]

    def _site(self, source: Source, path: str, offset: int) -> Site | None:
        if not path.endswith(_NATIVE):
            root = self._root(source, path)
            terraform = path.endswith((".tf.json", ".tofu.json"))
            return document_site(source.text, root, offset, terraform) if root is not None else None
        block = self._block(path, offset)
        return native_site(source.text, block, offset) if block is not None and block.type == "resource" else None

    def _root(self, source: Source, path: str) -> Node | None:
        from checkov_cloudtrail.cloudformation import reader

        if path not in self._roots:
            try:
                self._roots[path] = reader.read(reader.Source(path, source.text))
            except UnreadableError:
                self._roots[path] = None
        return self._roots[path]

    def _block(self, path: str, offset: int) -> BlockText | None:
        """Find the top-level block of native syntax around an offset."""
        try:
            parsed = self._cache.configuration(path, self._files.read(path))
            found = next((block for block in parsed.blocks if block.start <= offset < block.end), None)
            if found is None:
                return None
            return BlockText(found.type, found.labels, found.body, found.start, found.header_end, found.end)
        except (UnreadableError, FaultFoundError):
            return None

    def _append(self, repair: AppendText, source: Source, path: str, span: tuple[int, int]) -> Fix | None:
        text = source.text[span[0] : span[1]]
        if not text or "\n" in text:
            return None
        own = "var." not in text and "local." not in text
        if text[-1] in "\"'":
            changes = [Change(span[1] - 1, span[1] - 1, repair.text)]
        elif path.endswith(_NATIVE):
            changes = native.replace(source.text, *span, f'"${{{text}}}{repair.text}"')
        elif text.startswith("!Sub ") or not text.startswith(("!", "{", "[", "Fn:")):
            changes = [Change(span[1], span[1], repair.text)]
        else:
            return None
        return Fix(repair.title, repair.safe and own, _edits(source, path, changes))

    def _text(self, place: Range) -> str:
        source = self._source(place.file)
        start, end = _span(source, place) if source else (0, 0)
        return source.text[start:end] if source else ""

    def _at_origin(
        self, repair: SetAttribute, expression: str, value: bool | str | int, evidence: Sequence[Step]
    ) -> Fix | None:
        """Change the literal that a chain of plain references ends in."""
        if not _REFERENCE.fullmatch(expression):
            return None
        *between, last = evidence
        if not all(_REFERENCE.fullmatch(self._text(step.range)) for step in between):
            return None
        old = self._text(last.range)
        new = _like(old, value, plain=last.range.file.endswith((*_NATIVE, _VALUES)))
        if not _LITERAL.fullmatch(old) or old == new:
            return None
        source = self._source(last.range.file)
        if source is None:
            return None
        changes = native.replace(source.text, *_span(source, last.range), new)
        return Fix(f"{repair.title}, where {last.text}", False, _edits(source, last.range.file, changes))


def _span(source: Source, place: Range) -> tuple[int, int]:
    return _offset(source, place.line, place.column), _offset(source, place.end_line, place.end_column)


def _offset(source: Source, line: int, column: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = source.text.find("\n", at) + 1
    return at + column - 1


def _edits(source: Source, path: str, changes: Sequence[Change]) -> tuple[Edit, ...]:
    return tuple(Edit(source.place(path, change.start, change.end), change.text) for change in changes)


def _set(text: str, site: Site, wanted: Sequence[Wanted], place: tuple[int, int]) -> list[Change] | None:
    """Replace literals and insert what is missing; None where a value is an expression."""
    changes: list[Change] = []
    missing = []
    for path, value in wanted:
        named = re.compile(_NAMED.format(name=re.escape(path[-1])))
        if len(wanted) == 1 and named.search(text[max(0, place[0] - 200) : place[0]]):
            span: tuple[int, int] | None = place
        elif _LITERAL.fullmatch(text, *place) and not _HEADER.match(text, place[1]):
            return None  # a value that is written for something else, by way of an anchor
        else:
            span = site.value(path)
        if span is None:
            missing.append((path, value))
        elif not _LITERAL.fullmatch(text, *span):
            return None
        elif (new := _like(text[span[0] : span[1]], value, plain=True)) != text[span[0] : span[1]]:
            changes += native.replace(text, *span, new)
    if missing:
        inserted = site.insert(missing)
        if inserted is None:
            return None
        changes += inserted
    return changes


def _like(old: str, value: bool | str | int, plain: bool) -> str:
    """Write a value: a string with the quotes of the old one, anything else with them only where it is not `plain`."""
    quote = old[0] if old[0] in "\"'" else ""
    text = value if isinstance(value, str) else json.dumps(value)
    return text if plain and not isinstance(value, str) else quote + text + quote
