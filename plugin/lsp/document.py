"""An open document: its text as the editor has it, kept by the protocol's own idea of lines.

pygls keeps one too, but cuts lines at form feeds and the like, where an editor does not: its text would drift away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lsprotocol import types
from pygls.workspace import PositionCodec

from checkov_cloudtrail.lsp.positions import Lines


@dataclass(slots=True)
class Document:
    """One open document.

    Args:
        uri: in the client's own spelling.
        version: the client's.
        text: with everything that was typed.
        deleted: its file is gone from the disk, and nothing was typed since.
    """

    uri: str
    version: int
    text: str
    deleted: bool = False
    lines: Lines = field(init=False)
    data: bytes = field(init=False)

    def __post_init__(self) -> None:
        self._take(self.text)

    def _take(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.data = text.encode("utf-8", "surrogatepass")

    def change(self, version: int, changes: Iterable[object], codec: PositionCodec) -> None:
        """Take over what was typed.

        Args:
            version: of the text with all changes.
            changes: one after the other, each with the range that it replaces, or with the whole text.
            codec: of the client.
        """
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start = self.lines.offset(change.range.start, codec)
                end = max(start, self.lines.offset(change.range.end, codec))
                self._take(self.text[:start] + change.text + self.text[end:])
            elif isinstance(change, types.TextDocumentContentChangeWholeDocument):
                self._take(change.text)
        self.version = version
        self.deleted = False
