"""An open document: its text as the editor has it, kept by the protocol's own idea of lines.

pygls cuts lines at form feeds and the like, where an editor does not, so that its texts would drift away.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.workspace import PositionCodec, TextDocument

from checkov_cloudtrail.lsp.positions import Lines


class Document(TextDocument):
    """One open document, in the place of the one that pygls makes.

    Args:
        uri: in the client's own spelling.
        version: the client's.
        text: with everything that was typed.
        codec: of the client.

    Attributes:
        text: the same, and what was typed since.
        data: the text as it would be on the disk.
        lines_of_text: its lines.
        deleted: its file is gone from the disk, and nothing was typed since.
    """

    def __init__(self, uri: str, version: int | None, text: str, codec: PositionCodec) -> None:
        super().__init__(uri, text, version, position_codec=codec)
        self._take(text)

    def _take(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "surrogatepass")
        self.lines_of_text = Lines(text)
        self.deleted = False

    @property
    def source(self) -> str:
        """See TextDocument.source."""
        return self.text

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Take over what was typed: a stretch of the text, or all of it."""
        if isinstance(change, types.TextDocumentContentChangePartial):
            start = self.lines_of_text.offset(change.range.start, self.position_codec)
            end = max(start, self.lines_of_text.offset(change.range.end, self.position_codec))
            self._take(self.text[:start] + change.text + self.text[end:])
        else:
            self._take(change.text)
