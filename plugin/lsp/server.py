"""The language server: messages in, answers out; the analysis lives in folder.py.

One worker thread judges, one folder at a time. A change is judged after a pause that grows with what judging costs;
an answer for text that has changed meanwhile is dropped. Clients that pull diagnostics are never pushed any.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import TextDocument

from checkov_cloudtrail import __version__
from checkov_cloudtrail.config import ConfigurationError
from checkov_cloudtrail.lsp import actions as code_actions
from checkov_cloudtrail.lsp.completion import completions
from checkov_cloudtrail.lsp.diagnostics import SOURCE, Page, diagnostics
from checkov_cloudtrail.lsp.folder import Folder, View
from checkov_cloudtrail.lsp.hover import account_line, hover
from checkov_cloudtrail.lsp.positions import to_client, to_ours

NAME = "checkov-cloudtrail"
SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.3
WATCHED = "**/*.{tf,tofu,tfvars,tf.json,tfvars.json,yaml,yml,json,template,toml}"

log = logging.getLogger(__name__)


class CloudTrailServer(LanguageServer):
    """A language server for trails in Terraform and CloudFormation."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self.folders: dict[Path, Folder] = {}
        self.profile: str | None = None
        self.lenses = False
        self.watching = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judge")
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._shown: dict[str, list[types.Diagnostic]] = {}

    @property
    def pulls(self) -> bool:
        """The client asks for diagnostics itself."""
        return getattr(self.client_capabilities.text_document, "diagnostic", None) is not None

    # Documents and folders

    def folder_of(self, uri: str) -> tuple[Folder, str] | None:
        """Give the folder of a document and its path there; None for a document that is no file."""
        name = to_fs_path(uri)
        if name is None or not uri.startswith("file:"):
            return None
        file = Path(name)
        bases = [Path(each) for each in map(to_fs_path, self.workspace.folders) if each]
        inside = [base for base in bases if file.is_relative_to(base)]
        base = max(inside, key=lambda each: len(each.parts)) if inside else file.parent
        folder = self.folders.setdefault(base, Folder(base, self.profile))
        return folder, folder.path(file)

    def uri_of(self, folder: Folder, path: str) -> str:
        """Give the URI of a path of a folder: the client's own spelling for an open document."""
        full = str((folder.base / path).resolve() if path.startswith("..") else folder.base / path)
        for uri in self.workspace.text_documents:
            if to_fs_path(uri) == full:
                return str(uri)
        return str(from_fs_path(full) or full)

    def page(self, folder: Folder, view: View) -> Page:
        """Give what places results in this folder's documents."""

        def lines(path: str) -> list[str]:
            text = folder.texts.get(path)
            source = text.decode("utf-8", "replace") if text is not None else view.sources.get(path, "")
            return source.splitlines(keepends=True)

        return Page(lines, lambda path: self.uri_of(folder, path), self.workspace.position_codec)

    # Judging

    async def judge(self, folder: Folder, paths: Iterable[str]) -> set[str]:
        """Judge open documents of a folder in the worker; gives those whose view is new.

        An answer is dropped when the text of one of the documents changed while it was made.
        """
        texts = dict(folder.texts)
        wanted = [path for path in paths if path in texts]
        if not wanted:
            return set()
        loop = asyncio.get_running_loop()
        try:
            views = await loop.run_in_executor(self._worker, folder.judge, wanted, texts)
        except ConfigurationError as error:
            self.complain(str(error))
            return set()
        except Exception as error:
            log.exception("judging failed")
            self.complain(f"judging failed: {error!r}; please report this")
            return set()
        if any(folder.texts.get(path) != texts[path] for path in wanted):
            return set()
        folder.views |= views
        return set(views)

    def schedule(self, uri: str) -> None:
        """Judge a document, and what is judged with it, after a pause; a later call starts the pause anew."""
        waiting = self._pending.pop(uri, None)
        if waiting is not None:
            waiting.cancel()
        self._pending[uri] = asyncio.ensure_future(self._judge_later(uri))

    async def _judge_later(self, uri: str) -> None:
        place = self.folder_of(uri)
        if place is None:
            return
        folder, path = place
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(min(max(SHORTEST_PAUSE, folder.last_cost / 2), LONGEST_PAUSE))
            if self.pulls:
                # The document itself is pulled by the client; the others of its deployment need a word.
                if folder.related(path) - {path}:
                    self.workspace_diagnostic_refresh(None)
                return
            self.publish(folder, await self.judge(folder, folder.related(path)))

    def publish(self, folder: Folder, paths: Iterable[str]) -> None:
        """Push the diagnostics of documents."""
        for path in paths:
            uri = self.uri_of(folder, path)
            document = self.workspace.text_documents.get(uri)
            if document is None:
                continue
            found = self.diagnostics(folder, path)
            self._shown[uri] = found
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version=document.version))

    def diagnostics(self, folder: Folder, path: str) -> list[types.Diagnostic]:
        """Give the diagnostics of a document as it was last judged."""
        view = folder.views.get(path, View())
        return diagnostics(path, view, self.page(folder, view))

    async def pull(self, uri: str) -> list[types.Diagnostic]:
        """Judge a document now and give its diagnostics."""
        place = self.folder_of(uri)
        if place is None:
            return []
        folder, path = place
        await self.judge(folder, folder.related(path))
        self._shown[uri] = self.diagnostics(folder, path)
        return self._shown[uri]

    def shown(self, uri: str) -> list[types.Diagnostic]:
        """Give the diagnostics that the client has for a document."""
        return self._shown.get(uri, [])

    # Changes

    def opened(self, uri: str) -> None:
        """Take over a document that was opened."""
        place = self.folder_of(uri)
        if place is not None and not self.watching:
            place[0].reload()
        self.changed(uri)

    def saved(self) -> None:
        """Look at the disk again where the client does not say what changes on it."""
        if not self.watching:
            self.reconsider()

    def watched(self, events: Iterable[types.FileEvent]) -> None:
        """Take note of changes on the disk; that an open document was saved is no news."""
        known = self.workspace.text_documents.keys()
        if any(
            event.type is not types.FileChangeType.Changed or event.uri not in known or event.uri.endswith(".toml")
            for event in events
        ):
            self.reconsider()

    def changed(self, uri: str) -> None:
        """Take over the text of an open document."""
        place = self.folder_of(uri)
        if place is None:
            return
        folder, path = place
        folder.texts[path] = self.workspace.get_text_document(uri).source.encode("utf-8", "surrogatepass")
        self.schedule(uri)

    def closed(self, uri: str) -> None:
        """Forget a document that was closed, and its diagnostics."""
        place = self.folder_of(uri)
        waiting = self._pending.pop(uri, None)
        if waiting is not None:
            waiting.cancel()
        self._shown.pop(uri, None)
        if place is None:
            return
        folder, path = place
        related = folder.related(path) - {path}
        folder.texts.pop(path, None)
        folder.views.pop(path, None)
        if not self.pulls:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for other in related:
            self.schedule(self.uri_of(folder, other))

    def reconsider(self) -> None:
        """Something outside of the open texts changed: judge every open document again."""
        for folder in self.folders.values():
            folder.profile = self.profile
            folder.reload()
        if self.pulls:
            self.workspace_diagnostic_refresh(None)
            return
        for uri in self.workspace.text_documents:
            self.schedule(uri)

    def configure(self, settings: Any) -> None:
        """Take over settings: `profile` and `codeLens`."""
        if not isinstance(settings, dict):
            return
        profile = settings.get("profile")
        self.profile = profile if isinstance(profile, str) and profile else None
        self.lenses = settings.get("codeLens") is True

    # Errors

    def complain(self, message: str) -> None:
        """Say what went wrong in the client's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"{NAME}: {message}"))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """An error in a handler goes to the log: never a pop-up, never the end of the server."""
        log.error("%s", source, exc_info=error)
        with contextlib.suppress(Exception):
            self.complain(f"{error!r}")


def create() -> CloudTrailServer:
    """Make a server with all its features."""
    server = CloudTrailServer()

    @server.feature(types.INITIALIZE)
    def initialize(ls: CloudTrailServer, params: types.InitializeParams) -> None:
        ls.configure(params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def initialized(ls: CloudTrailServer, _params: types.InitializedParams) -> None:
        workspace = ls.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is not None and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
            registration = types.Registration("watch", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            try:
                await ls.client_register_capability_async(types.RegistrationParams([registration]))
                ls.watching = True
            except JsonRpcException as error:
                log.warning("the client watches no files: %s", error)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: CloudTrailServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.opened(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: CloudTrailServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: CloudTrailServer, _params: types.DidSaveTextDocumentParams) -> None:
        ls.saved()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: CloudTrailServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(ls: CloudTrailServer, params: types.DidChangeWatchedFilesParams) -> None:
        ls.watched(params.changes)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(ls: CloudTrailServer, _params: types.DidChangeWorkspaceFoldersParams) -> None:
        ls.folders.clear()
        for uri in list(ls.workspace.text_documents):
            ls.changed(uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(ls: CloudTrailServer, params: types.DidChangeConfigurationParams) -> None:
        settings = params.settings.get(NAME) if isinstance(params.settings, dict) else None
        workspace = ls.client_capabilities.workspace
        if settings is None and workspace is not None and workspace.configuration:
            wanted = types.ConfigurationParams([types.ConfigurationItem(section=NAME)])
            settings = next(iter(await ls.workspace_configuration_async(wanted)), None)
        ls.configure(settings)
        ls.reconsider()

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=NAME),
    )
    async def diagnostic(
        ls: CloudTrailServer, params: types.DocumentDiagnosticParams
    ) -> types.RelatedFullDocumentDiagnosticReport:
        return types.RelatedFullDocumentDiagnosticReport(await ls.pull(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def on_hover(ls: CloudTrailServer, params: types.HoverParams) -> types.Hover | None:
        found = _document(ls, params.text_document.uri)
        if found is None:
            return None
        folder, path, document = found
        line, column = to_ours(params.position, document.lines, ls.workspace.position_codec)
        text = document.lines[line - 1] if line <= len(document.lines) else ""
        markdown = hover(path, folder.views.get(path, View()), line, column, text)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, markdown)) if markdown else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=code_actions.KINDS))
    def code_action(ls: CloudTrailServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        lines = ls.workspace.get_text_document(uri).lines
        wanted = params.context.only
        return [
            action
            for action in code_actions.actions(uri, lines, params.context.diagnostics, ls.shown(uri))
            if not wanted or any(str(action.kind).startswith(str(kind)) for kind in wanted)
        ]

    @server.command(code_actions.OPEN_PAGE)
    async def open_page(ls: CloudTrailServer, uri: str) -> None:
        await ls.window_show_document_async(types.ShowDocumentParams(uri, external=True))

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def code_lens(ls: CloudTrailServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        found = _document(ls, params.text_document.uri)
        if found is None or not ls.lenses:
            return []
        folder, path, document = found
        return [
            types.CodeLens(
                to_client(trail.range, document.lines, ls.workspace.position_codec),
                types.Command(account_line(account), ""),
            )
            for judgement in folder.views.get(path, View()).judgements
            for trail in judgement.trails
            for account in judgement.accounts
            if trail.range.file == path and account.scope == trail.scope
        ]

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=['"', " ", ".", "-"]))
    def completion(ls: CloudTrailServer, params: types.CompletionParams) -> list[types.CompletionItem]:
        document = ls.workspace.get_text_document(params.text_document.uri)
        line, column = to_ours(params.position, document.lines, ls.workspace.position_codec)
        return [
            types.CompletionItem(word, kind=types.CompletionItemKind.EnumMember, detail=SOURCE)
            for word in completions(document.lines, line - 1, column - 1)
        ]

    return server


def _document(ls: CloudTrailServer, uri: str) -> tuple[Folder, str, TextDocument] | None:
    place = ls.folder_of(uri)
    return (*place, ls.workspace.get_text_document(uri)) if place else None


def serve() -> None:
    """Speak the protocol on stdio until the client leaves; anything else that is printed goes to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    server = create()
    # What was imported stays: a full collection that walks through it all would cost more than judging does.
    gc.freeze()
    server.start_io()
