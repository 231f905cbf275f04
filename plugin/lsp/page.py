"""Places of an analysis in the client's documents as they are now."""

from __future__ import annotations

from dataclasses import dataclass, field

from lsprotocol import types
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.lsp.drift import Drift
from checkov_cloudtrail.lsp.folder import Folder, View
from checkov_cloudtrail.lsp.positions import Lines
from checkov_cloudtrail.model.location import Range, UnreadableError

_MARK = "\ufeff"
_DECODING = ("utf-8-sig", "surrogatepass")


@dataclass(slots=True)
class Page:
    """Turns places of a view into those of the client, and back.

    Args:
        folder: the documents as they are now.
        view: what was judged, perhaps of earlier texts.
        codec: of the client.
    """

    folder: Folder
    view: View
    codec: PositionCodec
    _lines: dict[str, Lines] = field(default_factory=dict)
    _drifts: dict[str, Drift] = field(default_factory=dict)

    def uri(self, path: str) -> str:
        """Give the URI of a path: the client's own spelling for an open document."""
        document = self.folder.documents.get(path)
        full = self.folder.file(path)
        return document.uri if document is not None else from_fs_path(full) or full

    def lines(self, path: str) -> Lines:
        """Give the text of a document or file."""
        document = self.folder.documents.get(path)
        if document is not None:
            return document.lines_of_text
        if path not in self._lines:
            self._lines[path] = Lines(self._closed(path))
        return self._lines[path]

    def _closed(self, path: str) -> str:
        known = self.view.sources.get(path)
        if known is not None:
            return known
        try:
            return DiskFiles(self.folder.base).read(path).decode("utf-8", "replace")
        except UnreadableError:
            return ""

    def text(self, path: str) -> str:
        """Give the text that was judged, without a byte order mark."""
        before = self.view.texts.get(path)
        return self.lines(path).text.removeprefix(_MARK) if before is None else before.decode(*_DECODING)

    def _texts(self, path: str) -> tuple[str, str]:
        """Give the text that was judged and the one that is there now; two empty ones where they are the same."""
        before, document = self.view.texts.get(path), self.folder.documents.get(path)
        if before is None or document is None or before is document.data:
            return "", ""
        return self.text(path), document.text.removeprefix(_MARK)

    def _drift(self, path: str) -> Drift:
        if path not in self._drifts:
            self._drifts[path] = Drift(*self._texts(path))
        return self._drifts[path]

    def judged(self, path: str, line: int, column: int) -> tuple[int, int]:
        """Give where a place of the present text was when it was judged."""
        before, after = self._texts(path)
        return Drift(after, before).point(line, column)

    def range(self, place: Range) -> types.Range:
        """Give the client's range of a place."""
        return self.lines(place.file).range(self._drift(place.file).moved(place), self.codec)

    def kept(self, place: Range) -> bool:
        """Tell whether the text at a place is still what was judged."""
        return self._drift(place.file).kept(place)

    def location(self, place: Range) -> types.Location:
        """Give the client's location of a place."""
        return types.Location(self.uri(place.file), self.range(place))
