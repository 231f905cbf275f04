"""Module directories as they are written: blocks by name, overrides merged, calls; nothing evaluated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from checkov_cloudtrail.files import Files, join
from checkov_cloudtrail.model.location import Range, SourceError, UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Skip
from checkov_cloudtrail.terraform import downloaded, nodes, syntax
from checkov_cloudtrail.terraform.grammar import BlockText, BodyText
from checkov_cloudtrail.terraform.syntax import Block, ParseCache, Source

# A stack may deploy a template with a trail.
MENTION: Final = re.compile(rb"cloud(?:trail|formation_stack)")
MAX_MODULE_DEPTH = 40

K = TypeVar("K")


@record
class Place:
    """A file: its path and its text."""

    path: str
    source: Source

    def range(self, start: int, end: int) -> Range:
        """Give a stretch of it."""
        return self.source.place(self.path, start, end)


@record
class Argument:
    """`name = expression`, and where it stands."""

    name: str
    expression: nodes.Expression
    place: Place

    @property
    def range(self) -> Range:
        """Where the expression stands."""
        return self.place.range(self.expression.start, self.expression.end)


@record
class NestedBlock:
    """A block inside another one."""

    text: BlockText
    place: Place

    @property
    def body(self) -> Body:
        """Its inside."""
        return Body.of(self.text.body, self.place)

    @property
    def kind(self) -> str:
        """Its type; of a `dynamic` block the type of the blocks that it makes."""
        made = self.text.labels if self.text.type == "dynamic" else ()
        return made[0] if len(made) == 1 else self.text.type

    @property
    def header(self) -> Range:
        """Its first line, up to the brace."""
        return self.place.range(self.text.start, self.text.header_end)


@record
class Body:
    """The inside of a block."""

    arguments: Mapping[str, Argument] = field(default_factory=dict)
    blocks: tuple[NestedBlock, ...] = ()

    @classmethod
    def of(cls, text: BodyText, place: Place) -> Body:
        """Place a parsed body in its file."""
        arguments = {one.name: Argument(one.name, one.expression, place) for one in text.assignments}
        return cls(arguments, tuple(NestedBlock(block, place) for block in text.blocks))

    def overridden(self, other: Body) -> Body:
        """Merge an override: its arguments replace ours, its blocks replace all of ours of the same type.

        In JSON syntax blocks are arguments.
        """
        replaced = {*other.arguments, *(block.kind for block in other.blocks)}
        arguments = {name: argument for name, argument in self.arguments.items() if name not in replaced}
        kept = tuple(block for block in self.blocks if block.kind not in replaced)
        return Body({**arguments, **other.arguments}, (*kept, *other.blocks))


class Declaration:
    """A top-level block with what override files change in it."""

    def __init__(self, text: BlockText | Block, place: Place) -> None:
        self.type = text.type
        self.labels = text.labels
        self.text = text
        self.place = place
        self.overrides: list[Declaration] = []

    @property
    def address(self) -> str:
        """Its address inside its module: `aws_cloudtrail.main`, `data.aws_region.current`, `module.audit`, `var.x`."""
        prefix = {"resource": (), "variable": ("var",)}.get(self.type, (self.type,))
        return ".".join((*prefix, *self.labels))

    @cached_property
    def body(self) -> Body:
        """Its inside."""
        body = Body.of(self.text.body, self.place)
        for override in self.overrides:
            body = body.overridden(override.body)
        return body

    @property
    def header(self) -> Range:
        """Its first line, up to the brace."""
        return self.place.range(self.text.start, self.text.header_end)

    @property
    def range(self) -> Range:
        """All of it."""
        return self.place.range(self.text.start, self.text.end)

    @property
    def skips(self) -> tuple[Skip, ...]:
        """Suppressions in its comments."""
        return syntax.skips(self.place.source, self.place.path, self.text)


@dataclass(slots=True)
class Directory:
    """What the files of one directory declare.

    Args:
        path: the directory.
        resources: resources and data sources by address.
        broken: files that mention CloudTrail but cannot be parsed.
        mentions: some file mentions CloudTrail.
    """

    path: str
    files: tuple[str, ...] = ()
    variables: dict[str, Declaration] = field(default_factory=dict)
    locals: dict[str, Argument] = field(default_factory=dict)
    resources: dict[str, Declaration] = field(default_factory=dict)
    calls: dict[str, Declaration] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    providers: dict[tuple[str, str], Declaration] = field(default_factory=dict)
    broken: list[SourceError] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    mentions: bool = False


@dataclass(slots=True)
class Library:
    """The module directories that one root reaches, each read once.

    Args:
        files: the tree.
        cache: what other roots parsed already.
        root: the root module's directory.
    """

    files: Files
    cache: ParseCache
    root: str
    _directories: dict[str, Directory] = field(default_factory=dict)
    _installed: Mapping[str, str] | None = None
    _mentions: dict[str, bool] = field(default_factory=dict)
    _holds: dict[str, bool] = field(default_factory=dict)
    _downloads: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def directories(self) -> Iterable[Directory]:
        """Every directory that was read."""
        return self._directories.values()

    def directory(self, path: str) -> Directory:
        """Read a directory."""
        if path not in self._directories:
            self._directories[path] = self._read(path)
        return self._directories[path]

    def _read(self, path: str) -> Directory:
        found = Directory(path)
        names = syntax.directory_files(self.files, path)
        found.files = tuple(join(path, name) for name in names)
        for name, file in zip(names, found.files, strict=True):
            mentions = True  # what cannot be read may
            try:
                data = self.files.read(file)
                mentions = MENTION.search(data) is not None
                found.mentions |= mentions
                parsed = self.cache.configuration(file, data)
                if parsed.fault is not None:
                    raise UnreadableError(parsed.source.fault(file, parsed.fault))
            except UnreadableError as error:
                found.errors.append(error.error)
                if mentions:
                    found.broken.append(error.error)
                continue
            _add(found, Place(file, parsed.source), parsed.blocks, syntax.is_override(name))
        return found

    def module_directory(self, caller: str, names: tuple[str, ...], source: str, version: str = "") -> str | None:
        """Find the directory of a called module.

        Args:
            caller: the directory of the call.
            names: names of the calls from the root to it, this one included.
            source: the call's `source`.
            version: the call's `version`, for a module that checkov has fetched.

        Returns:
            The directory, or None where it is not there to be read.
        """
        if source.startswith(("./", "../")):
            return self._held(join(caller, source))
        if installed := self._manifest().get(".".join(names)):
            return self._held(join(self.root, installed))
        fetched = self._fetched(source, version)
        return None if fetched is None else self._held(fetched)

    def _fetched(self, source: str, version: str) -> str | None:
        if (source, version) not in self._downloads:
            self._downloads[source, version] = downloaded.directory(self.files, self.root, source, version)
        return self._downloads[source, version]

    def _held(self, path: str) -> str | None:
        """Give a directory back when it may be read and holds a configuration."""
        if path not in self._holds:
            self._holds[path] = self.files.allowed(path) and bool(syntax.directory_files(self.files, path))
        return path if self._holds[path] else None

    def _manifest(self) -> Mapping[str, str]:
        if self._installed is None:
            self._installed = installed(self.files, self.root)
        return self._installed

    def reaches_trails(self, path: str, names: tuple[str, ...] = ()) -> bool:
        """Tell whether a directory or a module below it mentions CloudTrail, or may because it is unseen."""
        if path in self._mentions:
            return self._mentions[path]
        self._mentions[path] = False  # while a module that calls itself is looked at
        directory = self.directory(path)
        self._mentions[path] = directory.mentions or any(
            self._call_reaches(path, names, call) for call in directory.calls.values()
        )
        return self._mentions[path]

    def _call_reaches(self, path: str, names: tuple[str, ...], call: Declaration) -> bool:
        names = (*names, call.labels[0])
        found = self.module_directory(path, names, source_of(call), version_of(call))
        return found is None or (len(names) < MAX_MODULE_DEPTH and self.reaches_trails(found, names))


def installed(files: Files, root: str) -> Mapping[str, str]:
    """Give the directories, relative to a root, where `terraform init` put its modules, by the names of their calls."""
    path = join(root, ".terraform/modules/modules.json")
    try:
        listed = json.loads(files.read(path)) if files.is_file(path) else {}
        found = ((module["Key"], module["Dir"]) for module in listed.get("Modules", ()))
        return {key: place for key, place in found if isinstance(key, str) and isinstance(place, str)}
    except (UnreadableError, AttributeError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def source_of(call: Declaration) -> str:
    """Give the `source` of a module call; empty when it is not a plain string."""
    return plain_text(call.body.arguments.get("source"))


def version_of(call: Declaration) -> str:
    """Give the `version` of a module call; empty when it is not a plain string."""
    return plain_text(call.body.arguments.get("version"))


def _add(directory: Directory, place: Place, blocks: Iterable[BlockText | Block], override: bool) -> None:
    """Add the blocks of one file."""
    for block in blocks:
        made = Declaration(block, place)
        labels = block.labels
        match block.type, len(labels):
            case "locals", 0:
                directory.locals.update(made.body.arguments)
            case "provider", 1:
                # Not `made.body`, which is final once it was asked for: overrides are still to come.
                alias = plain_text(Body.of(block.body, place).arguments.get("alias"))
                _put(directory.providers, (labels[0], alias), made, override)
            case "variable", 1:
                _put(directory.variables, labels[0], made, override)
            case "output", 1:
                _put(directory.outputs, labels[0], made, override)
            case "module", 1:
                _put(directory.calls, labels[0], made, override)
            case (("resource" | "data"), 2):
                _put(directory.resources, made.address, made, override)


def _put(target: dict[K, Declaration], key: K, made: Declaration, override: bool) -> None:
    if override and key in target:
        target[key].overrides.append(made)
    else:
        target.setdefault(key, made)


def plain_text(argument: Argument | None) -> str:
    """Give the value of an argument that is a plain string; empty when it is not."""
    value = argument.expression.value if argument and isinstance(argument.expression, nodes.Literal) else None
    return value if isinstance(value, str) else ""
