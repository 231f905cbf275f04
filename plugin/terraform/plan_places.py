"""Where the resources of a plan are written: in the `.tf` files where they are at hand, else in the plan itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Protocol

from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Skip
from checkov_cloudtrail.terraform.modules import Declaration, Directory, Library, source_of, version_of
from checkov_cloudtrail.terraform.plan_configuration import bare
from checkov_cloudtrail.terraform.syntax import ParseCache


class Place(Protocol):
    """Where one resource is written."""

    @property
    def header(self) -> Range:
        """What a finding about a missing argument points at."""

    @property
    def block(self) -> Range:
        """All of it."""

    @property
    def skips(self) -> tuple[Skip, ...]:
        """Suppressions in its comments."""

    def argument(self, name: str) -> Range | None:
        """Where an argument's value is written; None where it is not."""


class Places(Protocol):
    """Finds places."""

    @property
    def files(self) -> frozenset[str]:
        """The source files that were read."""

    def of(self, address: str, modules: tuple[str, ...], name: str, mode: str) -> Place:
        """Find a resource: its full address, its module instances, its `type.name`, `managed` or `data`."""

    def provider(self, name: str, alias: str) -> Range:
        """Find a provider configuration of the root module."""


def places(path: str, data: bytes, files: Files, source: str | None) -> Places:
    """Find where things are written.

    Args:
        path: the plan.
        data: its text.
        files: the tree.
        source: directory of the root module's `.tf` files, when given.
    """
    own = PlanText(path, data.decode("utf-8-sig"))
    return SourceTree(own, Library(files, ParseCache(), source)) if source is not None else own


@dataclass(slots=True)
class PlanText:
    """The plan's own text: resources by the line of their address in `planned_values`."""

    path: str
    text: str
    _lines: list[int] = field(init=False)
    _ends: dict[str, tuple[int, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        # A resource's text goes on until the next address. `resource_changes` repeats the addresses later on.
        start = self.text.find('"planned_values"')
        stop = min((end for key in ("resource_changes", "configuration", "prior_state", "resource_drift")
                    if (end := self.text.find(f'"{key}"', start)) > 0), default=len(self.text))  # fmt: skip
        found = list(re.finditer(r'"address"\s*:\s*("(?:[^"\\]|\\.)*")', self.text[:stop])) if start >= 0 else []
        for index, one in enumerate(found):
            end = found[index + 1].start() if index + 1 < len(found) else stop
            self._ends.setdefault(_unquoted(one[1]), (one.start(1), end))

    @property
    def files(self) -> frozenset[str]:
        """No other file is read."""
        return frozenset()

    def of(self, address: str, modules: tuple[str, ...], name: str, mode: str) -> Place:
        """See Places.of."""
        start, end = self._ends.get(address, (0, 0))
        return InPlan(self, start, end)

    def provider(self, name: str, alias: str) -> Range:
        """See Places.provider."""
        return self.range(0, 0)

    def range(self, start: int, end: int) -> Range:
        """Give a stretch of the text."""
        (line, column), (end_line, end_column) = self._position(start), self._position(end)
        first = len(self.text[:start].encode())
        return Range(self.path, line, column, end_line, end_column, first, first + len(self.text[start:end].encode()))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


@record
class InPlan:
    """A resource in the plan's text."""

    plan: PlanText
    start: int
    end: int

    @property
    def header(self) -> Range:
        """Its address."""
        found = re.compile(r'"(?:[^"\\]|\\.)*"').match(self.plan.text, self.start, max(self.end, self.start))
        return self.plan.range(self.start, found.end() if found else self.start)

    @property
    def block(self) -> Range:
        """From its address to the next one."""
        return self.plan.range(self.start, self.end)

    @property
    def skips(self) -> tuple[Skip, ...]:
        """JSON has no comments."""
        return ()

    def argument(self, name: str) -> Range | None:
        """See Place.argument; a nested value points at its bracket."""
        pattern = re.compile(rf'"{re.escape(name)}"\s*:\s*("(?:[^"\\]|\\.)*"|[\[{{]|[\w.+-]+)')
        found = pattern.search(self.plan.text, self.start, self.end)
        return self.plan.range(found.start(1), found.end(1)) if found else None


@dataclass(slots=True)
class SourceTree:
    """The `.tf` files of the plan's root module; what is not found there is in the plan's text."""

    plan: PlanText
    library: Library
    _directories: dict[tuple[str, ...], Directory | None] = field(default_factory=dict)

    @property
    def files(self) -> frozenset[str]:
        """Every file that was read."""
        return frozenset(file for directory in self.library.directories for file in directory.files)

    def of(self, address: str, modules: tuple[str, ...], name: str, mode: str) -> Place:
        """See Places.of."""
        directory = self._directory(tuple(bare(step) for step in modules))
        key = f"data.{name}" if mode == "data" else name
        declaration = directory.resources.get(key) if directory else None
        return InSource(declaration) if declaration else self.plan.of(address, modules, name, mode)

    def provider(self, name: str, alias: str) -> Range:
        """See Places.provider."""
        directory = self._directory(())
        declaration = directory.providers.get((name, alias)) if directory else None
        return declaration.header if declaration else self.plan.provider(name, alias)

    def _directory(self, names: tuple[str, ...]) -> Directory | None:
        if names not in self._directories:
            self._directories[names] = self._find(names)
        return self._directories[names]

    def _find(self, names: tuple[str, ...]) -> Directory | None:
        if not names:
            return self.library.directory(self.library.root)
        outer = self._directory(names[:-1])
        call = outer.calls.get(names[-1]) if outer else None
        if outer is None or call is None:
            return None
        path = self.library.module_directory(outer.path, names, source_of(call), version_of(call))
        return self.library.directory(path) if path is not None else None


@record
class InSource:
    """A resource in a `.tf` file."""

    declaration: Declaration

    @property
    def header(self) -> Range:
        """Its first line."""
        return self.declaration.header

    @property
    def block(self) -> Range:
        """All of it."""
        return self.declaration.range

    @property
    def skips(self) -> tuple[Skip, ...]:
        """Suppressions in its comments."""
        return self.declaration.skips

    def argument(self, name: str) -> Range | None:
        """See Place.argument; nested blocks point at the first block's header."""
        body = self.declaration.body
        if name in body.arguments:
            return body.arguments[name].range
        return next((block.header for block in body.blocks if name in (block.text.type, *block.text.labels)), None)
