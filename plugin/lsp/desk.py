"""What the language server knows and does: documents, when they are judged, and what is answered about them.

One worker thread judges, one folder at a time. A change is judged after a pause that grows with what judging costs;
an answer for text that has changed meanwhile is dropped. Clients that pull diagnostics are never pushed any.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path

from checkov_cloudtrail.api import AbandonedError
from checkov_cloudtrail.catalogue import UnknownNameError, find_rule, profile_name
from checkov_cloudtrail.lsp.actions import actions, wanted
from checkov_cloudtrail.lsp.completion import completions
from checkov_cloudtrail.lsp.diagnostics import Finding, chosen, findings, shown
from checkov_cloudtrail.lsp.document import Document
from checkov_cloudtrail.lsp.folder import Folder, View
from checkov_cloudtrail.lsp.hover import hover
from checkov_cloudtrail.lsp.lenses import lenses
from checkov_cloudtrail.lsp.names import NAME
from checkov_cloudtrail.lsp.page import Page
from checkov_cloudtrail.report.catalogue import markdown

if TYPE_CHECKING:
    from checkov_cloudtrail.lsp.server import CloudTrailServer

SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 0.3
# Folders of tools: what changes in them is none of our business, but for what `terraform init` puts there.
_UNWATCHED = frozenset({".git", "node_modules"})
_HCL_OR_JSON = (".tf", ".tofu", ".tfvars", ".json")


class Desk:
    """Everything behind the protocol.

    Args:
        ls: the server, for what it knows of the client and to speak to it.
    """

    def __init__(self, ls: CloudTrailServer) -> None:
        self.ls = ls
        self.folders: dict[Path, Folder] = {}
        self.profile: str | None = None
        self.lenses = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judge")
        self._refreshable = True
        self._turn = asyncio.Lock()
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._shown: dict[str, list[types.Diagnostic]] = {}
        self._lenses: dict[str, list[types.CodeLens]] = {}
        self._complaints: dict[Path, tuple[str, ...]] = {}
        self._pages: tempfile.TemporaryDirectory[str] | None = None
        self.configure(ls.settings)

    # Documents and folders

    def place_of(self, uri: str) -> tuple[Folder, str] | None:
        """Give the folder of a document and its path there; None for a document that is no file."""
        name = to_fs_path(uri)
        if name is None or not uri.startswith("file:"):
            return None
        file = Path(os.path.normpath(name))
        inside = [base for base in self._bases() if file.is_relative_to(base)]
        base = max(inside, key=lambda each: len(each.parts)) if inside else file.parent
        folder = self.folders.get(base) or Folder(base, self.profile)
        return folder, folder.path(file)

    def _open(self, folder: Folder, path: str, document: Document) -> None:
        """Put a document into its folder; only a folder with documents is kept."""
        self.folders[folder.base] = folder
        folder.documents[path] = document

    def _bases(self) -> list[Path]:
        folders = (to_fs_path(folder.uri) for folder in self.ls.workspace.folders.values())
        return [Path(os.path.normpath(name)) for name in folders if name]

    def page(self, folder: Folder, path: str) -> Page:
        """Give what places the results about a document in the documents as they are now."""
        return Page(folder, folder.views.get(path, View()), self.ls.workspace.position_codec)

    def found(self, folder: Folder, path: str) -> list[Finding]:
        """Give what is known of a document; nothing is analysed for it."""
        return findings(self.page(folder, path)) if path in folder.documents else []

    # Judging

    async def judge(self, folder: Folder, path: str) -> bool:
        """Judge an open document and those that share a deployment with it, in the worker.

        Returns:
            Whether there is an answer; there is none when one of the texts changed meanwhile.
        """
        async with self._turn:
            while True:
                # What a text belongs to may be different afterwards: there may be others to look at.
                waiting = {each for each in folder.related(path) if not _is_fresh(folder, each)}
                if not waiting:
                    return True
                before = {each: folder.documents[each].data for each in waiting}

                def outdated(before: dict[str, bytes] = before) -> bool:
                    now = folder.documents
                    return any(each not in now or now[each].data is not data for each, data in before.items())

                texts, revision = folder.texts, folder.revision
                judge, paths = folder.judge, [each for each in waiting if each in texts]
                loop = asyncio.get_running_loop()
                try:
                    answer = await loop.run_in_executor(self._worker, judge, paths, texts, revision, outdated)
                except AbandonedError:
                    return False
                self._complain_about(folder, answer.complaints)
                if outdated():
                    return False
                folder.views |= {each: View(revision=revision) for each in waiting} | dict(answer.views)
                if folder.revision != revision:
                    return True  # something else has changed, and whatever did that asks again

    def schedule(self, uri: str) -> None:
        """Judge a document, and what is judged with it, after a pause; a later call starts the pause anew."""
        waiting = self._pending.pop(uri, None)
        if waiting is not None:
            waiting.cancel()
        self._pending[uri] = asyncio.ensure_future(self._judge_later(uri))

    async def _judge_later(self, uri: str) -> None:
        place = self.place_of(uri)
        if place is None:
            return
        folder, path = place
        # A text may leave documents, a module that it calls no more say, as well as reach new ones.
        affected = folder.related(path)
        try:
            answered = False
            while not answered:
                await asyncio.sleep(min(max(SHORTEST_PAUSE, folder.last_cost / 2), LONGEST_PAUSE))
                answered = await self.judge(folder, path)
            for other in affected:
                await self.judge(folder, other)
            self._show(folder, path, affected | folder.related(path))
        except asyncio.CancelledError:
            pass
        except Exception as error:
            self.ls.report_server_error(error, "judging")

    def _show(self, folder: Folder, path: str, affected: Iterable[str]) -> None:
        """Bring to the client what a change in one document has brought about."""
        elsewhere = False
        for each in affected:
            document = folder.documents.get(each)
            if document is None:
                continue
            found = shown(self.found(folder, each))
            is_news = self._shown.get(document.uri) != found
            if self.ls.pulls:
                # What is typed in the client pulls by itself, but it does not know what that changes in others.
                elsewhere |= is_news and each != path and document.uri in self._shown
            elif is_news or each == path:
                self._shown[document.uri] = found
                self.ls.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(document.uri, found, version=document.version)
                )
        if elsewhere:
            self._ask_to_pull()
        self._refresh_lenses(folder, set(affected) - {path})

    def _ask_to_pull(self) -> None:
        """Ask a client that pulls to do so again. Not all that can do it say so: one that cannot is not asked again."""

        def answered(answer: Future[None]) -> None:
            self._refreshable = answer.exception() is None

        if self._refreshable:
            self.ls.workspace_diagnostic_refresh(None).add_done_callback(answered)

    def known(self, uri: str) -> tuple[Folder, str] | None:
        """Give the folder and the path of an open document."""
        place = self.place_of(uri)
        return place if place is not None and place[1] in place[0].documents else None

    async def judged(self, uri: str) -> tuple[Folder, str] | None:
        """Give the folder and the path of an open document, judged as it is now."""
        place = self.known(uri)
        while place is not None and not await self.judge(*place):
            place = self.known(uri)
        return place

    async def pull(self, uri: str) -> list[types.Diagnostic]:
        """Give the diagnostics of a document as it is now."""
        place = await self.judged(uri)
        if place is None:
            return []
        self._shown[uri] = shown(self.found(*place))
        return self._shown[uri]

    # Lenses

    async def pull_lenses(self, uri: str) -> list[types.CodeLens]:
        """Give the lenses of a document as it is now."""
        place = await self.judged(uri) if self.lenses else self.known(uri)
        if place is None:
            return []
        self._lenses[uri] = self._lenses_now(*place)
        return self._lenses[uri]

    def _lenses_now(self, folder: Folder, path: str) -> list[types.CodeLens]:
        return list(lenses(self.page(folder, path), path)) if self.lenses else []

    def _refresh_lenses(self, folder: Folder, paths: Iterable[str]) -> None:
        """Ask the client to ask again where the lenses that it has are not the ones that there are.

        What is typed in it asks about again by itself.
        """
        if not self.ls.supports("workspace", "code_lens", "refresh_support"):
            return
        for path in paths:
            document = folder.documents.get(path)
            held = self._lenses.get(document.uri) if document is not None else None
            if held is not None and held != self._lenses_now(folder, path):
                self.ls.workspace_code_lens_refresh(None)
                return

    # Changes

    def opened(self, item: types.TextDocumentItem) -> None:
        """Take over a document that was opened."""
        place = self.place_of(item.uri)
        if place is None:
            return
        folder, path = place
        document = Document(item.uri, item.version, item.text, self.ls.workspace.position_codec)
        self.ls.workspace.text_documents[unquote(item.uri)] = document  # pygls's key of it
        self._open(folder, path, document)
        folder.revision += 1
        if not self.ls.watching:
            folder.tell()
        self.schedule(item.uri)

    def changed(self, uri: str) -> None:
        """Take note that something was typed into a document."""
        place = self.known(uri)
        if place is not None:
            place[0].revision += 1
            self.schedule(uri)

    def saved(self, uri: str) -> None:
        """A document is on the disk. Look at the rest of it again where the client does not say what changes."""
        place = self.known(uri)
        if place is not None:
            place[0].documents[place[1]].deleted = False
        if not self.ls.watching:
            self.reconsider()

    def closed(self, uri: str) -> None:
        """Forget a document that was closed, and its diagnostics."""
        place = self.place_of(uri)
        waiting = self._pending.pop(uri, None)
        if waiting is not None:
            waiting.cancel()
        self._shown.pop(uri, None)
        self._lenses.pop(uri, None)
        if place is None:
            return
        folder, path = place
        related = folder.related(path) - {path}
        folder.documents.pop(path, None)
        folder.views.pop(path, None)
        folder.revision += 1
        if not self.ls.pulls:
            self.ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for other in related:
            self.schedule(folder.documents[other].uri)
        if not folder.documents and folder.base not in self._bases():
            self.folders.pop(folder.base, None)

    def watched(self, events: Iterable[types.FileEvent]) -> None:
        """Take note of changes on the disk."""
        concerned: set[Path] = set()
        for event in events:
            name = to_fs_path(event.uri)
            if name is None or not _UNWATCHED.isdisjoint(Path(name).parts):
                continue
            file = Path(os.path.normpath(name))
            for folder in self.folders.values():
                # A file outside of the folder may belong to its repository.
                path = os.path.relpath(file, folder.base).replace(os.sep, "/")
                if self._is_news(folder, path, event.type):
                    folder.tell(path if event.type is types.FileChangeType.Changed else None)
                    concerned.add(folder.base)
        for base in concerned:
            self._ask_again(self.folders[base])

    @staticmethod
    def _is_news(folder: Folder, path: str, change: types.FileChangeType) -> bool:
        """Tell whether an event changes what is judged: that an open document was saved does not."""
        document = folder.documents.get(path)
        if document is None:
            return True
        was_deleted = document.deleted
        document.deleted = change is types.FileChangeType.Deleted and not os.path.exists(folder.file(path))
        return document.deleted != was_deleted or path.endswith(".toml")

    def reconsider(self) -> None:
        """Look at the disk again, and judge every open document."""
        for folder in self.folders.values():
            folder.profile = self.profile
            folder.tell()
            self._ask_again(folder)
            self._refresh_lenses(folder, folder.documents)

    def _ask_again(self, folder: Folder) -> None:
        if self.ls.pulls:
            if folder.documents:
                self._ask_to_pull()
            return
        for document in folder.documents.values():
            self.schedule(document.uri)

    def regrouped(self) -> None:
        """Workspace folders came or went: documents may belong to others now."""
        documents = [document for folder in self.folders.values() for document in folder.documents.values()]
        self.folders.clear()
        for document in documents:
            place = self.place_of(document.uri)
            if place is not None:
                self._open(*place, document)
        self.reconsider()

    def configure(self, settings: Any) -> None:
        """Take over settings: `profile` and `codeLens`."""
        if not isinstance(settings, dict):
            return
        profile = settings.get("profile")
        self.profile = None
        self.lenses = settings.get("codeLens") is True
        if isinstance(profile, str) and profile:
            try:
                self.profile = profile_name(profile)
            except UnknownNameError as error:
                self.ls.tell_user(f"the setting {NAME}.profile: {error}")

    # Words to the user

    def _complain_about(self, folder: Folder, complaints: tuple[str, ...]) -> None:
        """Say what is wrong with configuration files, once."""
        if self._complaints.get(folder.base, ()) != complaints:
            self._complaints[folder.base] = complaints
            for complaint in complaints:
                self.ls.tell_user(complaint)

    async def open_page(self, name: str) -> None:
        """Show the page of a rule: as a document where the client can, else its first sentence."""
        rule = find_rule(name)
        if rule is None:
            return
        if not self.ls.supports("window", "show_document", "support"):
            self.ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"{rule.id}: {rule.summary}"))
            return
        self._pages = self._pages or tempfile.TemporaryDirectory(prefix=f"{NAME}-")
        file = Path(self._pages.name) / f"{rule.id}.md"
        file.write_text(markdown(rule), encoding="utf-8")
        await self.ls.window_show_document_async(types.ShowDocumentParams(file.as_uri(), take_focus=True))

    # Requests

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Say what there is to say about the place under the cursor."""
        place = await self.judged(params.text_document.uri)
        if place is None:
            return None
        folder, path = place
        line, column = folder.documents[path].lines_of_text.place(params.position, self.ls.workspace.position_codec)
        found = hover(self.page(folder, path), path, line, column)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, found)) if found else None

    def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Give what can be done about what is known; nothing is analysed for it."""
        place = self.known(params.text_document.uri)
        if place is None:
            return []
        found = self.found(*place)
        asked = chosen(found, params.context.diagnostics, params.range)
        every = actions(self.page(*place), place[1], asked, found)
        return [action for action in every if wanted(action, params.context.only)]

    def completion(self, params: types.CompletionParams) -> list[types.CompletionItem]:
        """Complete a selector."""
        place = self.known(params.text_document.uri)
        if place is None:
            return []
        folder, path = place
        document, codec = folder.documents[path], self.ls.workspace.position_codec
        line, column = document.lines_of_text.place(params.position, codec)
        quoted = path.endswith(_HCL_OR_JSON) or document.text.lstrip().startswith("{")
        found = completions(document.text.split("\n"), line - 1, column - 1, quoted=quoted)
        starts = [document.lines_of_text.position(line, each.start + 1, codec) for each in found]
        return [
            types.CompletionItem(
                each.word,
                kind=types.CompletionItemKind.EnumMember,
                detail=NAME,
                text_edit=types.TextEdit(types.Range(start, params.position), each.text),
            )
            for each, start in zip(found, starts, strict=True)
        ]


def _is_fresh(folder: Folder, path: str) -> bool:
    return path in folder.views and folder.views[path].revision == folder.revision
