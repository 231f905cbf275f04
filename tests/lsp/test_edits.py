"""Random edits of every project: nothing raises, nothing is stale, and nothing piles up.

`make edits` makes five thousand.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec

from checkov_cloudtrail import api, config
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.lsp.actions import actions
from checkov_cloudtrail.lsp.completion import completions
from checkov_cloudtrail.lsp.diagnostics import findings
from checkov_cloudtrail.lsp.document import Document
from checkov_cloudtrail.lsp.folder import Folder
from checkov_cloudtrail.lsp.hover import hover
from checkov_cloudtrail.lsp.lenses import lenses
from checkov_cloudtrail.lsp.page import Page
from checkov_cloudtrail.options import Options

EDITS = int(os.environ.get("CHECKOV_CLOUDTRAIL_EDITS", "300"))
PROJECTS = Path(__file__).parents[2] / "fixtures/projects"
SUFFIXES = (".tf", ".tfvars", ".yaml", ".yml", ".json")
PIECES = (
    "{", "}", "[", "]", '"', "'", "${", "(", ")", "=", ":", "-", ",", "\n", "\r\n", "\t", "  ", "#", "/*", "<<EOT\n",
    "true", "false", "null", "var.", "module.", "each.value", "count = 2\n", "🛰", "é", "\ufeff", "\x00", "!Ref ",
    "!If [", "*a", "&a ", "aws_cloudtrail", "AWS::CloudTrail::Trail", "source = \"./\"\n", "for_each = []\n",
)  # fmt: skip
CUTS = (('"../', '"./elsewhere/'), ('"./', '"../'), ("cloudtrail", "cloudwatch"), ("CloudTrail", "CloudWatch"))


class Editor:
    """Every document of a project, open and edited by chance."""

    def __init__(self, directory: Path, seed: str) -> None:
        self.chance = random.Random(seed)
        self.directory = directory
        self.folder = Folder(directory)
        paths = sorted(path for path in directory.rglob("*") if path.suffix in SUFFIXES)
        self.texts = {self.folder.path(path): path.read_text(encoding="utf-8") for path in paths}
        self.saved = dict(self.texts)
        self.undo: list[tuple[str, str]] = []

    def edit(self) -> str:
        """Change one document; gives its path."""
        chance = self.chance
        if self.undo and chance.random() < 0.3:
            path, before = self.undo.pop()
            self.texts[path] = before
            return path
        path = chance.choice(list(self.texts))
        text = self.texts[path]
        self.undo.append((path, text))
        if chance.random() < 0.15:  # what decides which files belong together
            self.texts[path] = text.replace(*chance.choice(CUTS))
            return path
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 0, 1, 1, 5, 40)))
        moved = text[(at := chance.randint(0, len(text))) : at + 60]
        put = chance.choice(("", chance.choice(PIECES), chance.choice(PIECES), moved))
        self.texts[path] = text[:start] + put + text[end:]
        return path

    def restore(self) -> None:
        """Undo everything."""
        self.texts = dict(self.saved)
        self.undo.clear()

    def judge(self, paths: Sequence[str]) -> None:
        """Do for documents what the server does after a change."""
        for path, text in self.texts.items():
            document = self.folder.documents.get(path)
            if document is None or document.text != text:
                self.folder.documents[path] = Document(f"file:///{path}", 1, text, PositionCodec())
                self.folder.revision += 1
        texts, revision = self.folder.texts, self.folder.revision
        answer = self.folder.judge(paths, texts, revision, lambda: False)
        assert not answer.complaints
        self.folder.views |= answer.views

    def look(self, path: str) -> None:
        """Ask for everything at some place of a document."""
        page = Page(self.folder, self.folder.views[path], PositionCodec())
        assert not [error for error in page.view.errors if "internal error" in error.message]
        lines = self.texts[path].split("\n")
        found = findings(page)
        ends = page.lines(path).position(len(lines), len(lines[-1]) + 1, page.codec)
        for each in found:
            assert types.Position(0, 0) <= each.diagnostic.range.start <= each.diagnostic.range.end <= ends
        list(actions(page, path, found, found))
        list(lenses(page, path))
        line = self.chance.randrange(len(lines))
        column = self.chance.randint(0, len(lines[line]))
        hover(page, path, line + 1, column + 1)
        completions(lines, line, column, quoted=True)

    def agrees(self, path: str, options: Options) -> None:
        """What is shown is what `check` says of the same text."""
        for each, text in self.texts.items():
            (self.directory / each).write_text(text, encoding="utf-8", newline="")
        report = api.analyse([path], options, DiskFiles(self.directory))
        view = self.folder.views[path]
        assert list(view.errors) == [error for error in report.errors if error.file == path]
        if not report.unread:
            assert list(view.results) == [result for result in report.results if result.range.file == path]


@pytest.mark.parametrize("project", sorted(path.name for path in PROJECTS.iterdir() if path.is_dir()))
def test_random_edits(project: str, tmp_path: Path) -> None:
    directory = tmp_path / project
    shutil.copytree(PROJECTS / project, directory)
    file = config.find(directory)
    options = config.load(file, directory).options if file else Options()
    editor = Editor(directory, project)
    edits = max(50, EDITS // 5)
    blocks = []
    for number in range(1, edits + 1):
        path = editor.edit()
        editor.judge([path])
        editor.look(path)
        if number % 10 == 0:
            editor.agrees(path, options)
        if number % (edits // 4) == 0:
            editor.restore()
            editor.judge(list(editor.texts))
            for each in editor.texts:
                editor.agrees(each, options)
            for _ in range(6):  # what the session remembers of other texts is as little as it was
                editor.judge(list(editor.texts))
            gc.collect()
            blocks.append(sys.getallocatedblocks())
    assert blocks[-1] < blocks[0] * 1.05 + 2000, blocks
