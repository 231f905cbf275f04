"""The local files that a template brings in: nested templates and included snippets, each read once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from checkov_cloudtrail.cloudformation.document import Document, parse
from checkov_cloudtrail.cloudformation.reader import Mapping, Source, decode, read
from checkov_cloudtrail.files import Files, join
from checkov_cloudtrail.model.location import SourceError, UnreadableError

T = TypeVar("T")


class Library:
    """Reads what templates name.

    Args:
        files: the tree.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.read: dict[str, None] = {}
        self.errors: list[SourceError] = []
        self._documents: dict[str, Document | None] = {}
        self._snippets: dict[str, Mapping | None] = {}

    def local(self, file: str, location: str) -> str | None:
        """Find the file that a template means by a path beside itself; None for what is elsewhere.

        Args:
            file: the template.
            location: relative path, as `aws cloudformation package` takes it.
        """
        location = location.removeprefix("file://")
        if not location or "://" in location or "\0" in location or location.startswith("/"):
            return None
        path = join(os.path.dirname(file) or ".", location)
        return path if self.files.is_file(path) and self.files.allowed(path) else None

    def document(self, path: str) -> Document | None:
        """Read a nested template; None (and an error to report) when it cannot be read."""
        if path not in self._documents:
            self._documents[path] = self._load(path, parse)
        return self._documents[path]

    def snippet(self, path: str) -> Mapping | None:
        """Read an included part of a template; None (and an error to report) when it cannot be read."""
        if path not in self._snippets:
            self._snippets[path] = self._load(path, _snippet)
        return self._snippets[path]

    def _load(self, path: str, load: Callable[[Source], T | None]) -> T | None:
        self.read[path] = None
        try:
            return load(decode(path, self.files.read(path)))
        except UnreadableError as error:
            self.errors.append(error.error)
            return None


def _snippet(source: Source) -> Mapping | None:
    """An include adds the members of a mapping, nothing else."""
    node = read(source)
    return node if isinstance(node, Mapping) else None
