"""The server through a real client: one that pulls diagnostics and one that is pushed them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

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


@pytest_lsp.fixture(
    params=["neovim", "visual-studio-code"],
    config=ClientServerConfig(server_command=[sys.executable, "-m", "checkov_cloudtrail", "lsp"]),
)
async def client(request: Any, lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        """The client watches files."""

    params = types.InitializeParams(
        capabilities=client_capabilities(request.param),
        workspace_folders=[types.WorkspaceFolder(tmp_path.as_uri(), "here")],
        initialization_options={"codeLens": True},
    )
    await asyncio.wait_for(lsp_client.initialize_session(params), PATIENCE)
    yield
    await asyncio.wait_for(lsp_client.shutdown_session(), PATIENCE)


class Document:
    """A file that is open in the client."""

    def __init__(self, client: LanguageClient, path: Path, text: str, language: str = "terraform") -> None:
        self.client, self.uri, self.version = client, path.as_uri(), 1
        path.write_text(text, encoding="utf-8")
        self.pulls = getattr(client.capabilities.text_document, "diagnostic", None) is not None
        item = types.TextDocumentItem(self.uri, language, 1, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, text: str) -> None:
        self.version += 1
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

    def at(self, line: int, character: int) -> dict[str, Any]:
        return {"text_document": types.TextDocumentIdentifier(self.uri), "position": types.Position(line, character)}

    async def actions(self, diagnostics: list[types.Diagnostic]) -> list[types.CodeAction]:
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri), diagnostics[0].range, types.CodeActionContext(diagnostics)
        )
        found = await asyncio.wait_for(self.client.text_document_code_action_async(params), PATIENCE)
        return [action for action in found or () if isinstance(action, types.CodeAction)]


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


@pytest.mark.asyncio
async def test_finding_fix_and_recovery(client: LanguageClient, tmp_path: Path) -> None:
    text = TRAIL.replace("MULTI", "false")
    document = Document(client, tmp_path / "main.tf", text)
    found = await document.diagnostics()
    assert codes(found)["CT002"] == 7
    single = next(diagnostic for diagnostic in found if diagnostic.code == "CT002")
    assert single.severity == types.DiagnosticSeverity.Error
    assert (single.range.start.character, single.range.end.character) == (31, 36)
    assert single.code_description is not None

    actions = await document.actions([single])
    fix = next(action for action in actions if action.is_preferred)
    assert fix.edit is not None
    assert fix.edit.changes is not None
    document.change(applied(text, list(fix.edit.changes[document.uri])))
    assert "CT002" not in codes(await document.diagnostics())
    suppression = next(action for action in actions if action.title.startswith("Suppress CT002"))
    assert suppression.edit is not None
    assert suppression.edit.changes is not None
    document.change(applied(text, list(suppression.edit.changes[document.uri])))
    assert "CT002" not in codes(await document.diagnostics())


@pytest.mark.asyncio
async def test_unsaved_text_of_another_file_counts(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", TRAIL.replace("MULTI", "var.multi"))
    found = await main.diagnostics()
    assert "CT002" in codes(found)
    single = next(diagnostic for diagnostic in found if diagnostic.code == "CT002")
    assert [each.message for each in single.related_information or ()] == ['variable "multi" defaults to false']
    values = Document(client, tmp_path / "terraform.tfvars", "multi = true\n", "terraform-vars")
    await values.diagnostics()
    main.change(TRAIL.replace("MULTI", "var.multi") + "\n")
    assert "CT002" not in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_a_half_typed_file_keeps_its_findings(client: LanguageClient, tmp_path: Path) -> None:
    text = TRAIL.replace("MULTI", "false")
    document = Document(client, tmp_path / "main.tf", text)
    assert "CT002" in codes(await document.diagnostics())
    document.change(text + 'resource "aws_s3_bucket" "b" {\n  bucket = \n')
    found = codes(await document.diagnostics())
    assert "syntax" in found
    assert "CT002" in found
    document.change(text)
    assert "syntax" not in codes(await document.diagnostics())


@pytest.mark.asyncio
async def test_template_hover_and_lens(client: LanguageClient, tmp_path: Path) -> None:
    document = Document(client, tmp_path / "template.yaml", TEMPLATE, "yaml")
    assert codes(await document.diagnostics())["CT003"] == 4
    hover = await asyncio.wait_for(client.text_document_hover_async(types.HoverParams(**document.at(1, 4))), PATIENCE)
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "| management reads | all |" in hover.contents.value
    assert "✗ CT003" in hover.contents.value
    lenses = await asyncio.wait_for(
        client.text_document_code_lens_async(types.CodeLensParams(types.TextDocumentIdentifier(document.uri))),
        PATIENCE,
    )
    assert [lens.command.title for lens in lenses or () if lens.command] == ["✗ account not covered: not logging"]


@pytest.mark.asyncio
async def test_closing_clears(client: LanguageClient, tmp_path: Path) -> None:
    document = Document(client, tmp_path / "main.tf", TRAIL.replace("MULTI", "false"))
    await document.diagnostics()
    closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(document.uri))
    if document.pulls:
        client.text_document_did_close(closed)
        return
    waiting = client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    client.text_document_did_close(closed)
    assert not (await asyncio.wait_for(waiting, PATIENCE)).diagnostics


@pytest.mark.asyncio
async def test_a_file_that_appears_on_the_disk_counts(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", TRAIL.replace("MULTI", "var.multi"))
    assert "CT002" in codes(await main.diagnostics())
    values = tmp_path / "terraform.tfvars"
    values.write_text("multi = true\n")
    client.diagnostics.pop(main.uri, None)
    event = types.FileEvent(values.as_uri(), types.FileChangeType.Created)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    assert "CT002" not in codes(await main.diagnostics())
    values.unlink()
    client.diagnostics.pop(main.uri, None)
    event = types.FileEvent(values.as_uri(), types.FileChangeType.Deleted)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    assert "CT002" in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_saving_looks_at_the_disk_for_a_client_that_watches_nothing(
    client: LanguageClient, tmp_path: Path
) -> None:
    main = Document(client, tmp_path / "main.tf", TRAIL.replace("MULTI", "var.multi"))
    assert "CT002" in codes(await main.diagnostics())
    (tmp_path / "terraform.tfvars").write_text("multi = true\n")
    workspace = client.capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is not None and watching.dynamic_registration:
        assert "CT002" in codes(await main.diagnostics()), "what the client watches is not looked for"
        return
    client.diagnostics.pop(main.uri, None)
    client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(main.uri)))
    assert "CT002" not in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_a_storm_of_keystrokes(client: LanguageClient, tmp_path: Path) -> None:
    """Typed and taken back, behind a character of two UTF-16 units, without waiting for answers."""
    text = TRAIL.replace("MULTI", "false")
    document = Document(client, tmp_path / "main.tf", text)
    before = codes(await document.diagnostics())
    start = types.Position(5, text.splitlines()[5].index("🛰") + 2)
    for letters in range(1, 60):
        for written in ("{" * letters, ""):
            document.version += 1
            end = types.Position(5, start.character + (0 if written else letters))
            change = types.TextDocumentContentChangePartial(types.Range(start, end), written)
            client.text_document_did_change(
                types.DidChangeTextDocumentParams(
                    types.VersionedTextDocumentIdentifier(document.version, document.uri), [change]
                )
            )
    client.diagnostics.pop(document.uri, None)
    assert codes(await document.diagnostics()) == before
    document.change(text.replace("= false", "= true"))
    assert "CT002" not in codes(await document.diagnostics())
