"""What a test of the language server does: open documents, type into them, ask for what an editor asks for."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types
from pytest_lsp import LanguageClient

PATIENCE = 20

TRAIL = """variable "multi" {
  default = false
}

resource "aws_cloudtrail" "main" {
  name                       = "x 🛰"
  s3_bucket_name             = "logs"
  is_multi_region_trail      = MULTI
  enable_log_file_validation = true
}
"""
TEMPLATE = """Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: false
      S3BucketName: logs
      IsMultiRegionTrail: true
      EnableLogFileValidation: true
"""


class Document:
    """A file that is open in the client."""

    def __init__(self, client: LanguageClient, path: Path, text: str, language: str = "terraform") -> None:
        self.client, self.uri, self.version, self.text = client, path.as_uri(), 1, text
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.pulls = getattr(client.capabilities.text_document, "diagnostic", None) is not None
        item = types.TextDocumentItem(self.uri, language, 1, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, text: str) -> None:
        self.version += 1
        self.text = text
        self.client.diagnostics.pop(self.uri, None)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def diagnostics(self) -> list[types.Diagnostic]:
        """The diagnostics of the present text."""
        if self.pulls:
            asked = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(self.uri))
            report = await asyncio.wait_for(self.client.text_document_diagnostic_async(asked), PATIENCE)
            assert not self.client.diagnostics.get(self.uri), "a client that pulls is pushed nothing"
            return list(report.items)
        return await asyncio.wait_for(self._published(), PATIENCE)

    async def _published(self) -> list[types.Diagnostic]:
        while self.uri not in self.client.diagnostics:
            await asyncio.sleep(0.01)
        return list(self.client.diagnostics[self.uri])

    def close(self) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri)))

    async def hover(self, line: int, character: int) -> str:
        """The Markdown under the cursor."""
        params = types.HoverParams(types.TextDocumentIdentifier(self.uri), types.Position(line, character))
        found = await asyncio.wait_for(self.client.text_document_hover_async(params), PATIENCE)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def lenses(self) -> list[str]:
        params = types.CodeLensParams(types.TextDocumentIdentifier(self.uri))
        found = await asyncio.wait_for(self.client.text_document_code_lens_async(params), PATIENCE)
        return [lens.command.title for lens in found or () if lens.command]

    async def actions(
        self, diagnostics: list[types.Diagnostic], only: list[str] | None = None
    ) -> list[types.CodeAction]:
        place = diagnostics[0].range if diagnostics else types.Range(types.Position(0, 0), types.Position(0, 0))
        context = types.CodeActionContext(diagnostics, only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(self.uri), place, context)
        found = await asyncio.wait_for(self.client.text_document_code_action_async(params), PATIENCE)
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    def after(self, action: types.CodeAction) -> str:
        """The text as an action leaves it."""
        assert action.edit is not None
        assert action.edit.changes is not None
        return applied(self.text, list(action.edit.changes[self.uri]))


def codes(diagnostics: list[types.Diagnostic]) -> dict[str, int]:
    return {str(diagnostic.code): diagnostic.range.start.line for diagnostic in diagnostics}


def applied(text: str, edits: list[types.TextEdit]) -> str:
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda each: each.range.start, reverse=True):
        start, end = edit.range.start, edit.range.end
        assert start.line == end.line
        line = lines[start.line]
        lines[start.line] = line[: start.character] + edit.new_text + line[end.character :]
    return "".join(lines)
