"""Code actions and completion through a real client."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from lsprotocol import types
from open_documents import PATIENCE, TEMPLATE, TRAIL, Document, codes
from pytest_lsp import LanguageClient

BROKEN = TRAIL.replace("MULTI", "false").replace("validation = true", "validation = false")
JSON = json.dumps(
    {
        "Resources": {
            "Trail": {
                "Type": "AWS::CloudTrail::Trail",
                "Properties": {"IsLogging": False, "S3BucketName": "logs", "IsMultiRegionTrail": True},
            }
        }
    },
    indent=2,
)
WITH_METADATA = JSON.replace(
    '"Properties"', '"Metadata": {"checkov": {"skip": [{"id": "CT004", "comment": "x"}]}},\n      "Properties"'
)


def named(found: list[types.Diagnostic], code: str) -> list[types.Diagnostic]:
    return [each for each in found if each.code == code]


@pytest.mark.asyncio
async def test_kinds(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", BROKEN)
    single = named(await main.diagnostics(), "CT002")
    for only, kinds in (
        (["quickfix"], {"quickfix"}),
        (["source"], {"source.fixAll.checkov-cloudtrail"}),
        (["source.fixAll"], {"source.fixAll.checkov-cloudtrail"}),
        (["source.fixAll.checkov-cloudtrail"], {"source.fixAll.checkov-cloudtrail"}),
        (["source.fix"], set()),
        (["refactor"], set()),
        (None, {"quickfix", "source.fixAll.checkov-cloudtrail"}),
    ):
        found = await main.actions(single, only)
        assert {getattr(action.kind, "value", action.kind) for action in found} == kinds, only


@pytest.mark.asyncio
async def test_fix_all(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", BROKEN)
    await main.diagnostics()
    (together,) = await main.actions([], ["source.fixAll"])
    main.change(main.after(together))
    found = codes(await main.diagnostics())
    assert not {"CT002", "CT004"} & set(found)


@pytest.mark.asyncio
async def test_a_client_that_sends_no_diagnostics(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", BROKEN)
    (single,) = named(await main.diagnostics(), "CT002")
    params = types.CodeActionParams(types.TextDocumentIdentifier(main.uri), single.range, types.CodeActionContext([]))
    found = await asyncio.wait_for(client.text_document_code_action_async(params), PATIENCE)
    assert "Set is_multi_region_trail to true" in [action.title for action in found or ()]


@pytest.mark.asyncio
async def test_an_unsafe_fix_is_called_so(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", TRAIL.replace("MULTI", "var.multi"))
    (fix, *_) = await main.actions(named(await main.diagnostics(), "CT002"))
    assert fix.title.endswith("(unsafe: read it before you keep it)")
    assert not fix.is_preferred
    assert "default = true" in main.after(fix)


SUPPRESSED = [
    ("main.tf", TRAIL.replace("MULTI", "false").replace("\n", "\r\n"), "CT002"),
    ("template.yaml", TEMPLATE, "CT003"),
    ("template.json", JSON, "CT003"),
    ("more.json", WITH_METADATA, "CT003"),
]


@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "text", "code"), SUPPRESSED, ids=[case[0] for case in SUPPRESSED])
async def test_suppression(client: LanguageClient, tmp_path: Path, name: str, text: str, code: str) -> None:
    document = Document(client, tmp_path / name, text)
    actions = await document.actions(named(await document.diagnostics(), code))
    (suppression,) = [action for action in actions if action.title.startswith(f"Suppress {code}")]
    document.change(document.after(suppression))
    assert code not in codes(await document.diagnostics())
    if name.endswith(".json"):
        json.loads(document.text)
    else:
        assert document.text.count("\r\n") in (0, document.text.count("\n"))


@pytest.mark.asyncio
async def test_the_page_of_a_rule(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", BROKEN)
    single = named(await main.diagnostics(), "CT002")
    context = types.CodeActionContext(single)
    asked = types.CodeActionParams(types.TextDocumentIdentifier(main.uri), single[0].range, context)
    actions = await asyncio.wait_for(client.text_document_code_action_async(asked), PATIENCE)
    # lsprotocol reads an action with a command as a command, and that one's own command as text.
    (opening,) = [str(action.command) for action in actions or () if action.title == "Open the page about CT002"]
    assert "'checkov-cloudtrail.openPage'" in opening
    params = types.ExecuteCommandParams("checkov-cloudtrail.openPage", ["CT002"])
    await asyncio.wait_for(client.workspace_execute_command_async(params), PATIENCE)
    (shown,) = client.shown_documents
    page = Path(unquote(urlparse(shown.uri).path)).read_text(encoding="utf-8")
    assert page.startswith("# CT002 single-region-trail\n")


@pytest.mark.asyncio
async def test_completion(client: LanguageClient, tmp_path: Path) -> None:
    text = 'resource "aws_cloudtrail" "m" {\n  event_selector {\n    read_write_type = W\n  }\n}\n'
    main = Document(client, tmp_path / "main.tf", text)
    params = types.CompletionParams(types.TextDocumentIdentifier(main.uri), types.Position(2, 23))
    found = await asyncio.wait_for(client.text_document_completion_async(params), PATIENCE)
    assert isinstance(found, list)
    (item,) = found
    assert item.label == "WriteOnly"
    assert isinstance(item.text_edit, types.TextEdit)
    assert item.text_edit.new_text == '"WriteOnly"'
    assert item.text_edit.range == types.Range(types.Position(2, 22), types.Position(2, 23))


@pytest.mark.asyncio
async def test_what_the_selectors_do_not_allow(client: LanguageClient, tmp_path: Path) -> None:
    """The same tables that complete a selector find what is wrong with it."""
    text = re.sub("IsMulti.*\n", "EventSelectors:\n        - ReadWriteType: WriteAll\n", TEMPLATE, count=1)
    template = Document(client, tmp_path / "template.yaml", text, "yaml")
    (refused,) = named(await template.diagnostics(), "CT020")
    place = refused.range
    assert text.split("\n")[place.start.line][place.start.character : place.end.character] == "WriteAll"


@pytest.mark.asyncio
async def test_a_cancelled_request(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", BROKEN)
    asked = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(main.uri))
    request = asyncio.ensure_future(client.text_document_diagnostic_async(asked))
    await asyncio.sleep(0)
    (identifier,) = client.protocol._request_futures
    client.cancel_request(types.CancelParams(identifier))
    await asyncio.wait([request], timeout=PATIENCE)
    assert request.done()
    assert "CT002" in codes(await main.diagnostics())
