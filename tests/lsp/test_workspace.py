"""What belongs together in an editor: files of a root, roots of a module, configurations, folders, the disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from open_documents import PATIENCE, TEMPLATE, TRAIL, Document, codes
from pytest_lsp import LanguageClient

SINGLE = TRAIL.replace("MULTI", "false")
BY_VARIABLE = TRAIL.replace("MULTI", "var.multi").partition("\n}\n\n")[2]


def on_disk(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def event(path: Path, kind: types.FileChangeType) -> types.DidChangeWatchedFilesParams:
    return types.DidChangeWatchedFilesParams([types.FileEvent(path.as_uri(), kind)])


def configured(client: LanguageClient, **settings: Any) -> None:
    params = types.DidChangeConfigurationParams({"checkov-cloudtrail": settings})
    client.workspace_did_change_configuration(params)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def one(found: list[types.Diagnostic], code: str) -> types.Diagnostic:
    (only,) = [each for each in found if each.code == code]
    return only


async def eventually(document: Document, condition: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    """Diagnostics that are as they should be, now or after what the server is about to send."""
    async with asyncio.timeout(PATIENCE):
        while not condition(found := codes(await document.diagnostics())):
            await asyncio.sleep(0.02)
    return found


@pytest.mark.asyncio
async def test_evidence_in_a_closed_file(client: LanguageClient, tmp_path: Path) -> None:
    values = on_disk(tmp_path / "live" / "terraform.tfvars", "# é\nmulti = false\n")
    on_disk(tmp_path / "live" / "variables.tf", 'variable "multi" {\n}\n')
    main = Document(client, tmp_path / "live" / "main.tf", BY_VARIABLE)
    (related,) = one(await main.diagnostics(), "CT002").related_information or ()
    assert related.location.uri == values.as_uri()
    assert related.location.range == types.Range(types.Position(1, 8), types.Position(1, 13))


@pytest.mark.asyncio
async def test_a_change_in_one_file_shows_in_another(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", BY_VARIABLE)
    variables = Document(client, tmp_path / "variables.tf", 'variable "multi" {\n  default = true\n}\n')
    await eventually(main, lambda found: "CT002" not in found and "CT001" not in found)
    await variables.diagnostics()
    client.diagnostics.clear()
    before = client.diagnostic_refresh_count
    variables.change(variables.text.replace("true", "false"))
    if main.pulls:
        await until(lambda: client.diagnostic_refresh_count > before)
    else:
        await until(lambda: main.uri in client.diagnostics)
    assert "CT002" in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_one_finding_for_the_roots_of_a_module(client: LanguageClient, tmp_path: Path) -> None:
    for name, multi in (("a", "false"), ("b", "false"), ("c", "true")):
        on_disk(tmp_path / name / "main.tf", f'module "t" {{\n  source = "../m"\n  multi  = {multi}\n}}\n')
    module = Document(client, tmp_path / "m" / "main.tf", TRAIL.replace("MULTI", "var.multi"))
    single = one(await module.diagnostics(), "CT002")
    assert single.message.endswith("(2 of 3 roots: a, b)")
    assert {Path(each.location.uri).parent.name for each in single.related_information or ()} == {"a", "b"}
    lenses = await module.lenses()
    assert lenses == ["account covered ✓ (1 of 3 roots)", "✗ account not covered: one Region only (2 of 3 roots)"]


@pytest.mark.asyncio
async def test_a_half_typed_file_does_not_undecide_the_others(client: LanguageClient, tmp_path: Path) -> None:
    variables = Document(client, tmp_path / "variables.tf", 'variable "multi" {\n  default = false\n}\n')
    main = Document(client, tmp_path / "main.tf", BY_VARIABLE)
    await eventually(main, lambda found: "CT002" in found)
    variables.change(variables.text.replace("false", "fal("))
    assert "syntax" in codes(await variables.diagnostics())
    main.change(main.text.replace("  name ", "  # typed\n  name "))
    found = await main.diagnostics()
    assert one(found, "CT002").severity == types.DiagnosticSeverity.Error
    main.change(main.text.replace("var.multi", "true"))
    assert "CT002" not in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_findings_and_fixes_move_with_the_text(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", SINGLE)
    line = one(await main.diagnostics(), "CT002").range.start.line
    broken = 'resource "aws_s3_bucket" "new" {\n  bucket = \n\n'
    main.change(broken + SINGLE)
    found = await main.diagnostics()
    assert codes(found)["CT002"] == line + 3
    (fix,) = [action for action in await main.actions([one(found, "CT002")]) if action.is_preferred]
    assert main.after(fix) == broken + SINGLE.replace(
        "is_multi_region_trail      = false", "is_multi_region_trail      = true"
    )
    hover = await main.hover(line + 3, 35)
    assert "is_multi" in hover
    assert "`false`" in hover


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["my trail #1/50%/main.tf", "ünï/main.tf"])
async def test_names_that_a_uri_escapes(client: LanguageClient, tmp_path: Path, name: str) -> None:
    main = Document(client, tmp_path / name, SINGLE)
    found = await main.diagnostics()
    (fix,) = [action for action in await main.actions([one(found, "CT002")]) if action.is_preferred]
    assert "= true" in main.after(fix)


@pytest.mark.asyncio
async def test_what_ends_no_line_in_an_editor(client: LanguageClient, tmp_path: Path) -> None:
    text = f"# \x0c \u2028 \x85 \x1c\n{SINGLE}"
    main = Document(client, tmp_path / "main.tf", text)
    line = codes(await main.diagnostics())["CT002"]
    assert "is_multi_region_trail" in text.split("\n")[line]
    main.version += 1
    client.diagnostics.pop(main.uri, None)
    place = types.Range(types.Position(line, 31), types.Position(line, 36))
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(main.version, main.uri),
            [types.TextDocumentContentChangePartial(place, "true")],
        )
    )
    assert "CT002" not in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_a_deleted_file(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", SINGLE)
    assert "CT002" in codes(await main.diagnostics())
    (tmp_path / "main.tf").unlink()
    client.diagnostics.clear()
    client.workspace_did_change_watched_files(event(tmp_path / "main.tf", types.FileChangeType.Deleted))
    assert await main.diagnostics() == []
    on_disk(tmp_path / "main.tf", SINGLE)
    client.diagnostics.clear()
    client.workspace_did_change_watched_files(event(tmp_path / "main.tf", types.FileChangeType.Created))
    assert "CT002" in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_a_changed_module_on_the_disk(client: LanguageClient, tmp_path: Path) -> None:
    module = on_disk(tmp_path / "m" / "main.tf", 'output "multi" {\n  value = false\n}\n')
    text = 'module "m" {\n  source = "./m"\n}\n\n' + BY_VARIABLE.replace("var.multi", "module.m.multi")
    main = Document(client, tmp_path / "main.tf", text)
    assert "CT002" in codes(await main.diagnostics())
    on_disk(module, 'output "multi" {\n  value = true\n}\n')
    client.diagnostics.clear()
    client.workspace_did_change_watched_files(event(module, types.FileChangeType.Changed))
    assert "CT002" not in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_the_closest_configuration(client: LanguageClient, tmp_path: Path) -> None:
    on_disk(tmp_path / "infra" / "checkov-cloudtrail.toml", 'ignore = ["single-region-trail"]\n')
    inside = Document(client, tmp_path / "infra" / "live" / "main.tf", SINGLE)
    outside = Document(client, tmp_path / "other" / "main.tf", SINGLE)
    assert {"CT001", "CT002"} & set(codes(await inside.diagnostics())) == {"CT001"}
    assert {"CT001", "CT002"} <= set(codes(await outside.diagnostics()))


@pytest.mark.asyncio
async def test_an_excluded_file_is_left_alone(client: LanguageClient, tmp_path: Path) -> None:
    on_disk(tmp_path / "checkov-cloudtrail.toml", 'exclude = ["sandbox/**"]\n')
    main = Document(client, tmp_path / "sandbox" / "main.tf", SINGLE)
    assert await main.diagnostics() == []


@pytest.mark.asyncio
async def test_a_broken_configuration_is_said_once(client: LanguageClient, tmp_path: Path) -> None:
    broken = on_disk(tmp_path / "checkov-cloudtrail.toml", 'profil = "cis"\n')
    main = Document(client, tmp_path / "main.tf", SINGLE)
    assert "CT002" in codes(await main.diagnostics())
    main.change(SINGLE + "\n")
    assert "CT002" in codes(await main.diagnostics())
    await until(lambda: client.messages)
    assert [message.message for message in client.messages] == [
        f"checkov-cloudtrail: {broken} has an unknown key 'profil'; did you mean 'profile'?"
    ]
    on_disk(broken, 'select = ["CT003"]\n')
    client.diagnostics.clear()
    client.workspace_did_change_watched_files(event(broken, types.FileChangeType.Changed))
    assert "CT002" not in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_accepted_findings(client: LanguageClient, tmp_path: Path) -> None:
    finding = {"resource": "aws_cloudtrail.main", "check_ids": ["CT002"]}
    on_disk(tmp_path / "accepted.json", json.dumps({"failed_checks": [{"file": "/main.tf", "findings": [finding]}]}))
    on_disk(tmp_path / "checkov-cloudtrail.toml", 'baseline = "accepted.json"\n')
    main = Document(client, tmp_path / "main.tf", SINGLE)
    found = codes(await main.diagnostics())
    assert "CT001" in found
    assert "CT002" not in found


@pytest.mark.asyncio
async def test_settings(client: LanguageClient, tmp_path: Path) -> None:
    main = Document(client, tmp_path / "main.tf", SINGLE)
    assert "CT012" not in codes(await main.diagnostics())
    assert await main.lenses() == ["✗ account not covered: one Region only"]
    client.diagnostics.clear()
    configured(client, profile="all")
    await eventually(main, lambda found: "CT012" in found)
    assert await main.lenses() == []
    client.diagnostics.clear()
    configured(client, profile="soc2", codeLens=True)
    await eventually(main, lambda found: "CT012" not in found)
    assert "there is no profile 'soc2'" in client.messages[-1].message


@pytest.mark.asyncio
async def test_workspace_folders_come_and_go(client: LanguageClient, tmp_path: Path) -> None:
    on_disk(tmp_path / "terraform.tfvars", "multi = true\n")
    other = tmp_path.parent / f"{tmp_path.name}-other"
    main = Document(client, other / "main.tf", TRAIL.replace("MULTI", "var.multi"))
    assert "CT002" in codes(await main.diagnostics())
    added = [types.WorkspaceFolder(other.as_uri(), "other")]
    change = types.WorkspaceFoldersChangeEvent(added=added, removed=[])
    client.diagnostics.clear()
    client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(change))
    assert "CT002" in codes(await main.diagnostics())
    change = types.WorkspaceFoldersChangeEvent(added=[], removed=added)
    client.diagnostics.clear()
    client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(change))
    assert "CT002" in codes(await main.diagnostics())


@pytest.mark.asyncio
async def test_a_document_that_is_no_file(client: LanguageClient) -> None:
    item = types.TextDocumentItem("untitled:Untitled-1", "terraform", 1, SINGLE)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    asked = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(item.uri))
    report = await asyncio.wait_for(client.text_document_diagnostic_async(asked), PATIENCE)
    assert list(report.items) == []


@pytest.mark.asyncio
async def test_closing_takes_unsaved_text_back(client: LanguageClient, tmp_path: Path) -> None:
    on_disk(tmp_path / "variables.tf", 'variable "multi" {\n  default = true\n}\n')
    main = Document(client, tmp_path / "main.tf", BY_VARIABLE)
    variables = Document(client, tmp_path / "variables.tf", 'variable "multi" {\n  default = true\n}\n')
    variables.change(variables.text.replace("true", "false"))
    await eventually(main, lambda found: "CT002" in found)
    client.diagnostics.clear()
    variables.close()
    await eventually(main, lambda found: "CT002" not in found)


@pytest.mark.asyncio
async def test_a_template_beside_its_parameters(client: LanguageClient, tmp_path: Path) -> None:
    on_disk(tmp_path / "checkov-cloudtrail.toml", 'parameters = ["prod.json"]\n')
    values = on_disk(tmp_path / "prod.json", '[{"ParameterKey": "On", "ParameterValue": "true"}]')
    text = "Parameters:\n  On:\n    Type: String\n" + TEMPLATE.replace("IsLogging: false", "IsLogging: !Ref On")
    template = Document(client, tmp_path / "template.yaml", text, "yaml")
    assert "CT003" not in codes(await template.diagnostics())
    on_disk(values, '[{"ParameterKey": "On", "ParameterValue": "false"}]')
    client.diagnostics.clear()
    client.workspace_did_change_watched_files(event(values, types.FileChangeType.Changed))
    assert "CT003" in codes(await template.diagnostics())
