"""Which directories are Terraform roots, and which of them can have a trail: by reading bytes, before any parsing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from checkov_cloudtrail.files import Files, join
from checkov_cloudtrail.model.location import UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import downloaded
from checkov_cloudtrail.terraform.modules import MENTION, installed
from checkov_cloudtrail.terraform.syntax import directory_files

_CALL = re.compile(rb"""module\s+"?([\w-]+)"?\s*\{""")
# In JSON syntax only parsing tells the names of modules from others: whatever an object or array may be named.
_CALL_JSON = re.compile(rb""""([\w-]+)"\s*:\s*[\[{]""")
_LOCAL = re.compile(rb"""\bsource"?\s*[=:]\s*"(\.{1,2}/[^"$]*)\"""")
_ELSEWHERE = re.compile(rb"""source"?\s*[=:]\s*"((?!\.{1,2}/)[^"$]+)\"""")
_VERSION = re.compile(rb"""version"?\s*[=:]\s*"([^"$]+)\"""")
# What only a root has: a backend, a cloud block, a provider with more in it than the name that its caller fills in.
_PROXY = rb"""(?:(?:(?:alias|version)\s*=\s*"[^"\n]*"|\#[^\n]*\n|//[^\n]*\n)\s*)*"""
_ROOT = re.compile(
    rb"""^[ \t]*(?:backend\s+"?[\w-]+"?\s*\{|cloud\s*\{|provider\s+"?[\w-]+"?\s*\{(?!\s*%s\}))""" % _PROXY, re.MULTILINE
)
_ROOT_JSON = re.compile(rb""""(?:backend|cloud|provider)"\s*:""")
_VALUES = (".tfvars", ".tfvars.json")


@record
class Surface:
    """What the bytes of a file, or of all files of a directory, show.

    Args:
        calls: directories of local modules that it calls.
        names: what its calls may be named.
        sources: what the `source` of modules that are elsewhere may be; more than there are, resources have one too.
        versions: what their `version` may be.
        configures: it has what only a root has.
        mentions: it mentions CloudTrail.
        unreadable: some file could not be read.
    """

    calls: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    configures: bool = False
    mentions: bool = False
    unreadable: bool = False


_UNREADABLE = Surface(unreadable=True)


@dataclass(slots=True)
class Discovery:
    """Looks at directories and files, each once, until it is told to forget one.

    Args:
        files: the tree; another view of the same tree may take its place.
    """

    files: Files
    _directories: dict[str, Surface] = field(default_factory=dict)
    _looks: dict[str, Surface] = field(default_factory=dict)

    def forget(self, path: str) -> None:
        """Look at a file again when next asked: its text has changed."""
        self._looks.pop(path, None)
        self._directories.pop(join(path, ".."), None)

    def surface(self, directory: str) -> Surface:
        """Look at one directory."""
        if directory not in self._directories:
            self._directories[directory] = self._directory(directory)
        return self._directories[directory]

    def _directory(self, directory: str) -> Surface:
        looks = [self._file(directory, name) for name in directory_files(self.files, directory)]
        configures = any(look.configures for look in looks)
        return Surface(
            _once(call for look in looks for call in look.calls),
            _once(name for look in looks for name in look.names),
            _once(source for look in looks for source in look.sources),
            _once(version for look in looks for version in look.versions),
            configures or any(name.endswith(_VALUES) for name in self.files.entries(directory)),
            any(look.mentions for look in looks),
            any(look.unreadable for look in looks),
        )

    def _file(self, directory: str, name: str) -> Surface:
        path = join(directory, name)
        if path not in self._looks:
            try:
                self._looks[path] = _look(directory, name, self.files.read(path))
            except UnreadableError:
                self._looks[path] = _UNREADABLE
        return self._looks[path]

    def roots(self, directories: Iterable[str], named: Collection[str] = ()) -> tuple[str, ...]:
        """Choose the root modules among directories.

        Args:
            directories: those that were searched.
            named: those that the user named: always roots when they hold Terraform files.

        Returns:
            Directories that no other one calls, or that have what only a root has; of directories that only call each
            other the first.
        """
        candidates = [one for one in dict.fromkeys(directories) if directory_files(self.files, one)]
        called = {call for one in candidates for call in self.surface(one).calls if call != one}
        roots = [one for one in candidates if one in named or one not in called or self.surface(one).configures]
        reached = set(self.reach(*roots))
        for candidate in candidates:
            if candidate not in reached:
                roots.append(candidate)
                reached.update(self.reach(candidate))
        return tuple(roots)

    def reach(self, *roots: str) -> Iterator[str]:
        """Give directories and the local modules that they reach, each once."""
        waiting, seen = [*roots], {*roots}
        while waiting:
            directory = waiting.pop()
            yield directory
            fresh = [call for call in self.surface(directory).calls if call not in seen and self.files.allowed(call)]
            seen.update(fresh)
            waiting.extend(fresh)

    def relevant(self, root: str) -> bool:
        """Tell whether a root or a module that it reaches mentions CloudTrail, or cannot be read."""
        reached = list(self.reach(root))
        if any(map(self._concerns, reached)):
            return True
        if not any(self.surface(directory).sources for directory in reached):
            return False
        known = [*reached, *self._installed(root, reached)]
        return any(map(self._concerns, known)) or any(map(self._concerns, self._fetched(root, known)))

    def _concerns(self, directory: str) -> bool:
        found = self.surface(directory)
        return found.mentions or found.unreadable

    def _installed(self, root: str, callers: Iterable[str]) -> Iterator[str]:
        """Give the modules that `terraform init` has put below a root, without those that nobody calls any more."""
        names = {name for directory in callers for name in self.surface(directory).names}
        listed = installed(self.files, root)
        for key in sorted(listed, key=lambda key: key.count(".")):
            path = join(root, listed[key])
            if key.rpartition(".")[2] in names and self.files.allowed(path):
                names.update(self.surface(path).names)
                yield path

    def _fetched(self, root: str, callers: Iterable[str]) -> Iterator[str]:
        """Give the modules that checkov has fetched and that some directories call, or these modules again."""
        folders = tuple(downloaded.folders(self.files, root))
        waiting, seen = list(callers) if folders else [], set(callers)
        while waiting:
            surface = self.surface(waiting.pop())
            asked = ((source, version) for source in surface.sources for version in (*surface.versions, ""))
            found = {downloaded.within(self.files, folders, *one) for one in asked}
            fresh = [path for path in self.reach(*(one for one in found if one)) if path not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
            yield from fresh


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _look(directory: str, name: str, data: bytes) -> Surface:
    json = name.endswith(".json")
    calls: tuple[str, ...] = ()
    if b'"./' in data or b'"../' in data:
        calls = _once(join(directory, found) for found in _texts(_LOCAL, data))
    names = _once(_texts(_CALL_JSON if json else _CALL, data)) if b"module" in data else ()
    sources = _once(_texts(_ELSEWHERE, data)) if names else ()
    versions = _once(_texts(_VERSION, data)) if sources else ()
    configures = (_ROOT_JSON if json else _ROOT).search(data) is not None
    return Surface(calls, names, sources, versions, configures, MENTION.search(data) is not None)


def _texts(pattern: re.Pattern[bytes], data: bytes) -> Iterator[str]:
    return (found.decode(errors="replace") for found in pattern.findall(data))
