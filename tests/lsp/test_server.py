"""The server through a real client: one that pulls diagnostics and one that is pushed them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from open_documents import PATIENCE, TEMPLATE, TRAIL, Document, codes
from pytest_lsp import LanguageClient

from checkov_cloudtrail.lsp.server import create


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
    fixed = document.after(next(action for action in actions if action.is_preferred))
    suppressed = document.after(next(action for action in actions if action.title.startswith("Suppress CT002")))
    document.change(fixed)
    assert "CT002" not in codes(await document.diagnostics())
    document.change(suppressed)
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
    hover = await document.hover(1, 4)
    assert "| management reads | all |" in hover
    assert "✗ CT003" in hover
    assert await document.lenses() == ["✗ account not covered: not logging"]


@pytest.mark.asyncio
async def test_closing_clears(client: LanguageClient, tmp_path: Path) -> None:
    document = Document(client, tmp_path / "main.tf", TRAIL.replace("MULTI", "false"))
    await document.diagnostics()
    if document.pulls:
        document.close()
        return
    waiting = client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    document.close()
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


def test_what_is_imported_when() -> None:
    """A client waits for the first answer, so it comes before the engine; checkov is never imported."""
    code = (
        "import sys, checkov_cloudtrail.lsp.server\n"
        "print('checkov_cloudtrail.api' in sys.modules, 'checkov_cloudtrail.checks' in sys.modules)\n"
        "import checkov_cloudtrail.lsp.desk\n"
        "print('checkov_cloudtrail.api' in sys.modules, 'checkov' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True", "False"]


@pytest.mark.parametrize("ending", ["closed", "nonsense"])
def test_a_client_that_is_gone(ending: str) -> None:
    """No server outlives its client; what is no message ends in an error, not in a crash."""
    written = b"" if ending == "closed" else b"Content-Length: 9\r\n\r\n{nonsense"
    command = [sys.executable, "-m", "checkov_cloudtrail", "lsp"]
    done = subprocess.run(command, input=written, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stdout


def test_nothing_is_kept_of_a_notification() -> None:
    server = create()
    document = types.TextDocumentIdentifier("untitled:none")
    for _ in range(3):
        server.protocol._handle_notification(types.TEXT_DOCUMENT_DID_CLOSE, types.DidCloseTextDocumentParams(document))
    assert server.protocol._request_futures == {}
