"""Which directories are Terraform roots, and which of them can have a trail: by reading bytes, before any parsing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from checkov_cloudtrail.files import Files, join
from checkov_cloudtrail.model.location import UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform.modules import MENTION
from checkov_cloudtrail.terraform.syntax import directory_files

_LOCAL = re.compile(rb"""\bsource"?\s*[=:]\s*"(\.{1,2}/[^"$]*)\"""")
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
        configures: it has what only a root has.
        mentions: it mentions CloudTrail.
        unreadable: some file could not be read.
    """

    calls: tuple[str, ...] = ()
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
        calls = dict.fromkeys(call for look in looks for call in look.calls)
        configures = any(look.configures for look in looks)
        return Surface(
            tuple(calls),
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
        """Tell whether a root or a local module that it reaches mentions CloudTrail, or cannot be read."""
        surfaces = (self.surface(directory) for directory in self.reach(root))
        return any(found.mentions or found.unreadable for found in surfaces)


def _look(directory: str, name: str, data: bytes) -> Surface:
    calls: dict[str, None] = {}
    if b'"./' in data or b'"../' in data:
        calls.update((join(directory, found.decode(errors="replace")), None) for found in _LOCAL.findall(data))
    configures = (_ROOT_JSON if name.endswith(".json") else _ROOT).search(data) is not None
    return Surface(tuple(calls), configures, MENTION.search(data) is not None)
