"""A storm of edits through a real server: it lives, and what it shows in the end is what `check` says.

`make edits` sends five thousand.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from client_positions import client_position
from lsprotocol import types
from pygls.lsp.client import LanguageClient

EDITS = int(os.environ.get("CHECKOV_CLOUDTRAIL_EDITS", "300"))
PATIENCE = 60
COMMAND = str(Path(sys.executable).parent / "checkov-cloudtrail")
FIXTURES = Path(__file__).parents[2] / "fixtures"
SUFFIXES = (".tf", ".tfvars", ".yaml", ".yml", ".json")
PIECES = (
    *("{", "}", "[", "]", '"', "'", "${", "(", ")", "=", ":", "-", ",", "\n", "\r\n", "\r", "\t", "  ", "#", "/*"),
    *("true", "false", "null", "var.", "count = 2\n", "🛰", "é", "\x0b", "\x0c", "\x85", "\u2028", "\x00", "!Ref "),
    *("<<EOT\n", "*a", "&a ", "aws_cloudtrail", "AWS::CloudTrail::Trail", 'source = "./"\n', "for_each = []\n"),
)
SEVERITIES = {"error": 1, "warning": 2, "note": 3}


class Editor:
    """A client that is pushed diagnostics, with every file of a folder open."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.saved = {path: _text(path) for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES}
        self.texts = dict(self.saved)
        self.versions = dict.fromkeys(self.texts, 1)
        self.shown: dict[str, types.PublishDiagnosticsParams] = {}
        self.client = LanguageClient("storm", "1")
        self.said: list[str] = []

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def take(params: types.PublishDiagnosticsParams) -> None:
            self.shown[params.uri] = params

        @self.client.feature(types.WINDOW_LOG_MESSAGE)
        def listen(params: types.LogMessageParams) -> None:
            self.said.append(params.message)

    async def start(self) -> None:
        await self.client.start_io(COMMAND, "lsp")
        folders = [types.WorkspaceFolder(self.folder.as_uri(), "here")]
        params = types.InitializeParams(types.ClientCapabilities(), workspace_folders=folders)
        await asyncio.wait_for(self.client.initialize_async(params), PATIENCE)
        self.client.initialized(types.InitializedParams())
        for path, text in self.texts.items():
            item = types.TextDocumentItem(path.as_uri(), "plaintext", 1, text)
            self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def stop(self) -> None:
        await asyncio.wait_for(self.client.shutdown_async(None), PATIENCE)
        self.client.exit(None)
        await asyncio.wait_for(self.client.stop(), PATIENCE)

    def edit(self) -> None:
        """Change one document in one place or two, or put it back."""
        path = self.chance.choice(list(self.texts))
        if self.chance.random() < 0.15:
            self._send(path, [types.TextDocumentContentChangeWholeDocument(self.saved[path])], self.saved[path])
            return
        text, changes = self.texts[path], []
        for _ in range(self.chance.choice((1, 1, 1, 2))):
            start = self.chance.randint(0, len(text))
            end = min(len(text), start + self.chance.choice((0, 0, 1, 1, 5, 40)))
            if any("\r\n" in text[max(at - 1, 0) : at + 1] for at in (start, end)):
                continue  # no editor puts a cursor there
            written = self.chance.choice(("", *self.chance.choices(PIECES, k=2)))
            place = types.Range(client_position(text, start), client_position(text, end))
            changes.append(types.TextDocumentContentChangePartial(place, written))
            text = text[:start] + written + text[end:]
        self._send(path, changes, text)

    def _send(self, path: Path, changes: list[Any], text: str) -> None:
        self.texts[path] = text
        self.versions[path] += 1
        identifier = types.VersionedTextDocumentIdentifier(self.versions[path], path.as_uri())
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))

    def restore(self, path: Path) -> None:
        self._send(path, [types.TextDocumentContentChangeWholeDocument(self.saved[path])], self.saved[path])

    async def settled(self) -> None:
        """Wait until the server has shown something for the present text of every document."""
        behind = set(self.texts)
        for _ in range(PATIENCE * 20):
            behind = {
                path
                for path in behind
                if (found := self.shown.get(path.as_uri())) is None or found.version != self.versions[path]
            }
            if not behind:
                await asyncio.sleep(1)  # what one document's text changes in others comes a moment later
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"no diagnostics for {sorted(behind)[:5]}")

    def diagnostics(self) -> set[tuple[object, ...]]:
        """Everything that is shown: file, rule, severity, and where it begins."""
        return {
            (str(path.relative_to(self.folder)), each.code, each.severity, start.line, start.character)
            for path in self.texts
            for each in self.shown[path.as_uri()].diagnostics
            for start in (each.range.start,)
        }

    def check(self) -> tuple[set[tuple[object, ...]], set[Path]]:
        """The same by the command, and the files that cannot be read."""
        for path, text in self.texts.items():
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        names = [str(path.relative_to(self.folder)) for path in self.texts]
        command = [COMMAND, "check", "--force-exclude", "--format", "json", *names]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        report = json.loads(done.stdout)
        found = {self._key(each["file"], "syntax", 1, each) for each in report["errors"]}
        for each in report["results"]:
            if each["verdict"] in ("fail", "unknown"):
                severity = 4 if each["verdict"] == "unknown" else SEVERITIES[each["level"]]
                found.add(self._key(each["file"], each["rule"], severity, each))
        return found, {self.folder / each["file"] for each in report["errors"]}

    def _key(self, file: str, code: str, severity: int, place: dict[str, Any]) -> tuple[object, ...]:
        text = self.texts[self.folder / file]
        mark = 1 if text.startswith("\ufeff") and place["line"] == 1 else 0
        lines = text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: place["line"] - 1])
        offset += min(place["column"] - 1 + mark, len(lines[place["line"] - 1].rstrip("\r")))
        where = client_position(text, offset)
        return file, code, severity, where.line, where.character


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.asyncio
@pytest.mark.timeout(600 + EDITS // 2)
async def test_a_storm_of_edits(tmp_path: Path) -> None:
    for folder in ("projects", "rules"):
        shutil.copytree(FIXTURES / folder, tmp_path / folder)
    editor = Editor(tmp_path, 8)
    await editor.start()
    for number in range(EDITS):
        editor.edit()
        await asyncio.sleep(0.001 if number % 20 else 0.1)
    await editor.settled()
    expected, unreadable = editor.check()
    while unreadable:
        # A document that cannot be read keeps what was known of it, which `check` does not know.
        for path in unreadable:
            editor.restore(path)
        await editor.settled()
        expected, unreadable = editor.check()
    shown = editor.diagnostics()
    assert not editor.said
    assert shown - expected == expected - shown == set()
    assert len(shown) > 100
    await editor.stop()
