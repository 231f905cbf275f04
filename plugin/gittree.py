"""A revision of a git repository as a tree of files: nothing is checked out, objects are read when asked for."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from checkov_cloudtrail.files import MAX_FILE_BYTES, Files, join, normalise, repository
from checkov_cloudtrail.model.location import SourceError, UnreadableError
from checkov_cloudtrail.model.record import record

_LINK, _SUBMODULE = "120000", "160000"
_MAX_LINKS = 40
# What git leaves in a repository that a partial clone would fetch: an analysis never goes to the network.
_ENVIRONMENT = {"GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


class RevisionError(Exception):
    """The revision cannot be read; the text says why, and what to do."""


@record
class _Entry:
    mode: str
    oid: str


class GitFiles:
    """The files of one commit (`Files`), with paths relative to `base` as on the disk.

    Use it as a context manager: it keeps a `git cat-file --batch` running.

    Args:
        base: working directory of the analysis.
        revision: anything that names a commit. Where it has a common ancestor with HEAD, that is what is read: what the
            other branch gained meanwhile is not lost by this one.
        disk: gives what git does not hold by its nature: downloaded modules (`.terraform/`), and `untracked`.
        untracked: paths that were named by the user (variable files) and may be outside of the repository.
        inside: a directory of the repository, when the working directory is not one.
    """

    def __init__(
        self, base: Path, revision: str, disk: Files, untracked: Iterable[str] = (), inside: Path | None = None
    ) -> None:
        self._base = str(base.resolve())
        self._repository = repository((inside or base).resolve())
        self._disk = disk
        self._untracked = frozenset(normalise(path) for path in untracked)
        self.commit = self._find(revision)
        self._tree = self._list()
        self._directories = _directories(self._tree)
        self._batch = subprocess.Popen(
            self._command("cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ENVIRONMENT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._batch.communicate()

    def read(self, path: str) -> bytes:
        """See Files.read."""
        if self._on_disk(path):
            return self._disk.read(path)
        entry = self._tree.get(self._resolved(path))
        if entry is None or entry.mode in (_LINK, _SUBMODULE):
            raise UnreadableError(SourceError(path, 1, 1, f"is not in {self.commit[:12]}"))
        content = self._object(entry.oid)
        if content is None:
            raise UnreadableError(SourceError(path, 1, 1, f"of {self.commit[:12]} is not in this partial clone"))
        if len(content) > MAX_FILE_BYTES:
            reason = f"is too large: {len(content)} bytes, the limit is {MAX_FILE_BYTES}"
            raise UnreadableError(SourceError(path, 1, 1, reason))
        return content

    def entries(self, directory: str) -> tuple[str, ...]:
        """See Files.entries."""
        if self._on_disk(directory):
            return self._disk.entries(directory)
        names = self._directories.get(self._resolved(directory), frozenset())
        if names and self._disk.is_dir(join(directory, ".terraform")):
            names |= {".terraform/"}
        return tuple(sorted(names))

    def is_file(self, path: str) -> bool:
        """See Files.is_file."""
        if self._on_disk(path):
            return self._disk.is_file(path)
        entry = self._tree.get(self._resolved(path))
        return entry is not None and entry.mode not in (_LINK, _SUBMODULE)

    def is_dir(self, path: str) -> bool:
        """See Files.is_dir."""
        return self._disk.is_dir(path) if self._on_disk(path) else self._resolved(path) in self._directories

    def is_link(self, path: str) -> bool:
        """See Files.is_link."""
        entry = self._tree.get(self._inside(path))
        return entry is not None and entry.mode == _LINK

    def ignored(self, directory: str) -> frozenset[str]:
        """See Files.ignored: what was committed is not ignored."""
        return frozenset()

    def allowed(self, path: str) -> bool:
        """See Files.allowed."""
        if self._on_disk(path):
            return self._disk.allowed(path)
        resolved = self._resolved(path)
        return not os.path.isabs(resolved) and resolved.split("/")[0] != ".."

    def _on_disk(self, path: str) -> bool:
        normal = normalise(path)
        if ".terraform" in normal.split("/"):
            return True
        return normal in self._untracked and self._resolved(path) not in self._tree

    def _inside(self, path: str) -> str:
        """Give a path relative to the repository, links not followed."""
        return normalise(os.path.relpath(os.path.join(self._base, path), self._repository))

    def _resolved(self, path: str) -> str:
        """Follow the links in a path and give it relative to the repository."""
        todo = self._inside(path).split("/")
        done = "."
        links = 0
        while todo:
            step = join(done, todo.pop(0))
            entry = self._tree.get(step)
            if entry is not None and entry.mode == _LINK and links < _MAX_LINKS:
                links += 1
                target = join(done, os.fsdecode(self._object(entry.oid) or b""))
                if os.path.isabs(target):
                    return join(target, "/".join(todo))
                todo = [*target.split("/"), *todo]
                done = "."
            else:
                done = step
        return done

    def _object(self, oid: str) -> bytes | None:
        """Read an object; None when this clone does not hold it."""
        stdin, stdout = self._batch.stdin, self._batch.stdout
        if stdin is None or stdout is None:
            raise RevisionError("git cat-file cannot be talked to")
        stdin.write(f"{oid}\n".encode())
        stdin.flush()
        header = stdout.readline().split()
        if len(header) != 3:
            return None
        content = stdout.read(int(header[2]))
        stdout.read(1)
        return content

    def _command(self, *arguments: str) -> list[str]:
        # The repository's own configuration must not name a program that git would start.
        return ["git", "-C", str(self._repository), "-c", "core.fsmonitor=false", *arguments]

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                self._command(*arguments), capture_output=True, check=False, env=os.environ | _ENVIRONMENT
            )
        except OSError as error:
            raise RevisionError(f"git cannot be started: {error.strerror}") from error

    def _find(self, revision: str) -> str:
        if not (self._repository / ".git").exists():
            raise RevisionError(f"{self._repository} is not in a git repository")
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found.returncode != 0:
            shallow = self._git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
            advice = (
                "this clone is shallow: fetch the revision first (git fetch --depth=1 origin REVISION, or "
                "fetch-depth: 0 in actions/checkout, GIT_DEPTH: 0 in GitLab CI)"
                if shallow
                else "git rev-parse does not know it; a branch of a remote is named like origin/main"
            )
            raise RevisionError(f"revision {revision!r} is not in this repository: {advice}")
        commit = found.stdout.decode().strip()
        ancestor = self._git("merge-base", commit, "HEAD")
        return ancestor.stdout.decode().strip() if ancestor.returncode == 0 else commit

    def _list(self) -> Mapping[str, _Entry]:
        listed = self._git("ls-tree", "-r", "-z", "--full-tree", self.commit)
        if listed.returncode != 0:
            raise RevisionError(f"the files of {self.commit[:12]} are not in this clone: {listed.stderr.decode()}")
        tree = {}
        for line in listed.stdout.split(b"\0")[:-1]:
            description, _, name = line.partition(b"\t")
            mode, _, oid = description.decode().split(" ")
            tree[os.fsdecode(name)] = _Entry(mode, oid)
        return tree


def _directories(tree: Mapping[str, _Entry]) -> Mapping[str, frozenset[str]]:
    """Give the names in each directory; those of directories end with `/`."""
    found: dict[str, set[str]] = {".": set()}
    for path, entry in tree.items():
        directory, _, name = path.rpartition("/")
        found.setdefault(directory or ".", set()).add(name + "/" * (entry.mode == _SUBMODULE))
        while directory:
            parent, _, name = directory.rpartition("/")
            known = found.setdefault(parent or ".", set())
            if f"{name}/" in known:
                break
            known.add(f"{name}/")
            directory = parent
    return {directory: frozenset(names) for directory, names in found.items()}
