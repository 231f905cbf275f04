"""Reading the scanned tree: the only way in which the engine touches the disk, with the limits of hostile input.

Paths are POSIX strings relative to `base`, the working directory, `..` allowed. The engine never opens a path itself,
so the editor can lay unsaved text over the disk and `--since` can read a git tree instead.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from checkov_cloudtrail.model.location import SourceError, UnreadableError

MAX_FILE_BYTES = 100_000_000
# O_NONBLOCK: opening a FIFO must not wait for a writer.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Files(Protocol):
    """A tree of files. Implementations: DiskFiles, OverlayFiles, the git tree of `--since`."""

    def read(self, path: str) -> bytes:
        """Give the bytes of a regular file.

        Raises:
            UnreadableError: it is missing, not a regular file, too large, or not readable; the reason is named.
        """

    def entries(self, directory: str) -> tuple[str, ...]:
        """Give the names in a directory, sorted, directories with a trailing `/`; empty when there is none."""

    def is_file(self, path: str) -> bool:
        """Tell whether a regular file is there (links followed)."""

    def is_dir(self, path: str) -> bool:
        """Tell whether a directory is there."""

    def is_link(self, path: str) -> bool:
        """Tell whether the path is a symbolic link. A search does not go through links: git does not either."""

    def ignored(self, directory: str) -> frozenset[str]:
        """Give the paths below a directory that git ignores, whole directories with a trailing `/`."""

    def allowed(self, path: str) -> bool:
        """Tell whether scanned code may make us read this path: inside the repository, links resolved."""


def normalise(path: str) -> str:
    """Give the one spelling of a relative path: no `.`, no inner `..`, `.` for the base itself."""
    return os.path.normpath(path).replace(os.sep, "/")


def join(directory: str, path: str) -> str:
    """Join and normalise; an absolute `path` stays itself."""
    return normalise(os.path.join(directory, path))


def repository(directory: Path) -> Path:
    """Find the root of the repository that a directory belongs to; the directory itself where there is none."""
    for candidate in (directory, *directory.parents):
        if (candidate / ".git").exists():
            return candidate
    return directory


def boundary(directory: Path, base: Path) -> Path:
    """Find what scanned code may make us read: the repository; without one, the working directory around it."""
    found = repository(directory)
    if not (found / ".git").exists() and directory.is_relative_to(base.resolve()):
        return base
    return found


@dataclass(slots=True)
class DiskFiles:
    """The disk below and around `base`.

    Args:
        base: working directory; every path is relative to it.
        boundary: scanned code can make us read nothing outside of it. Default: the repository of `base`.
        named: paths that the user gave: these may be links to anywhere.
    """

    base: Path = field(default_factory=Path.cwd)
    boundary: Path | None = None
    named: frozenset[str] = frozenset()
    _boundary: Path = field(init=False)
    _listings: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._boundary = (self.boundary or repository(self.base.resolve())).resolve()

    def _path(self, path: str) -> str:
        return os.path.join(self.base, path)

    def read(self, path: str) -> bytes:
        """See Files.read."""
        full = self._path(path)
        try:
            descriptor = self._open(path, full)
            with os.fdopen(descriptor, "rb") as stream:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    raise UnreadableError(SourceError(path, 1, 1, "cannot be read: not a regular file"))
                if status.st_size > MAX_FILE_BYTES:
                    reason = f"is too large: {status.st_size} bytes, the limit is {MAX_FILE_BYTES}"
                    raise UnreadableError(SourceError(path, 1, 1, reason))
                return stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UnreadableError(SourceError(path, 1, 1, f"cannot be read: {error.strerror}")) from error

    def _open(self, path: str, full: str) -> int:
        """Open a file; a link is followed only as far as scanned code may lead us."""
        try:
            return os.open(full, _READING | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        if path not in self.named and not self.allowed(path):
            raise UnreadableError(SourceError(path, 1, 1, "is a link that leads out of the repository"))
        return os.open(full, _READING)

    def entries(self, directory: str) -> tuple[str, ...]:
        """See Files.entries."""
        if directory not in self._listings:
            try:
                with os.scandir(self._path(directory)) as found:
                    names = [entry.name + "/" * _is_directory(entry) for entry in found]
            except OSError:
                names = []
            self._listings[directory] = tuple(sorted(names))
        return self._listings[directory]

    def is_file(self, path: str) -> bool:
        """See Files.is_file."""
        return os.path.isfile(self._path(path))

    def is_dir(self, path: str) -> bool:
        """See Files.is_dir."""
        return os.path.isdir(self._path(path))

    def is_link(self, path: str) -> bool:
        """See Files.is_link."""
        return os.path.islink(self._path(path))

    def ignored(self, directory: str) -> frozenset[str]:
        """See Files.ignored; empty where there is no repository, or no git to ask."""
        full = self._path(directory)
        if not (repository(Path(full).resolve()) / ".git").exists():
            return frozenset()
        import subprocess  # 4 ms that only a search pays

        # The repository's own configuration must not name a program that git would start.
        command = ["git", "-c", "core.fsmonitor=false", "ls-files", "-z", "--others", "--ignored"]
        try:
            answer = subprocess.run(
                [*command, "--exclude-standard", "--directory"], cwd=full, capture_output=True, check=False
            )
        except OSError:
            return frozenset()
        names = os.fsdecode(answer.stdout).split("\0")
        return frozenset(join(directory, name) + "/" * name.endswith("/") for name in names if name)

    def allowed(self, path: str) -> bool:
        """See Files.allowed."""
        real = os.path.realpath(self._path(path))
        return real == str(self._boundary) or real.startswith(str(self._boundary).rstrip(os.sep) + os.sep)


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


@dataclass(slots=True)
class OverlayFiles:
    """Unsaved text over another tree: the editor's view."""

    under: Files
    texts: Mapping[str, bytes]

    def read(self, path: str) -> bytes:
        """See Files.read."""
        text = self.texts.get(path)
        return self.under.read(path) if text is None else text

    def entries(self, directory: str) -> tuple[str, ...]:
        """See Files.entries."""
        own = {os.path.basename(path) for path in self.texts if (os.path.dirname(path) or ".") == directory}
        return tuple(sorted({*self.under.entries(directory), *own}))

    def is_file(self, path: str) -> bool:
        """See Files.is_file."""
        return path in self.texts or self.under.is_file(path)

    def is_dir(self, path: str) -> bool:
        """See Files.is_dir."""
        return self.under.is_dir(path)

    def is_link(self, path: str) -> bool:
        """See Files.is_link."""
        return self.under.is_link(path)

    def ignored(self, directory: str) -> frozenset[str]:
        """See Files.ignored."""
        return self.under.ignored(directory)

    def allowed(self, path: str) -> bool:
        """See Files.allowed."""
        return self.under.allowed(path)
