"""The language server: the protocol's requests and notifications, handed on to the desk.

A client waits for the answer to `initialize`, so the engine is imported after that.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from checkov_cloudtrail import __version__
from checkov_cloudtrail.lsp.names import FIX_ALL, NAME, OPEN_PAGE, QUICK_FIX

if TYPE_CHECKING:
    from checkov_cloudtrail.lsp.desk import Desk

WATCHED = "**/*.{tf,tofu,tfvars,tf.json,tfvars.json,yaml,yml,json,template,tftpl,tpl,toml}"

log = logging.getLogger(__name__)


class _Protocol(LanguageServerProtocol):
    """The protocol without a leak: pygls 2.1 keeps the future of every notification, which each keystroke is."""

    def _check_handler_result(self, future: Future[Any]) -> None:
        super()._check_handler_result(future)
        for name in [name for name, each in self._request_futures.items() if each.done()]:
            del self._request_futures[name]


class CloudTrailServer(LanguageServer):
    """A language server for trails in Terraform and CloudFormation.

    Attributes:
        settings: `initializationOptions`, as the client sent them.
        watching: the client says what changes on the disk.
    """

    def __init__(self) -> None:
        sync = types.TextDocumentSyncKind.Incremental
        super().__init__(NAME, __version__, text_document_sync_kind=sync, protocol_cls=_Protocol)
        self.settings: Any = None
        self.watching = False

    @cached_property
    def desk(self) -> Desk:
        """What does the work."""
        from checkov_cloudtrail.lsp.desk import Desk

        # What was imported stays: a full collection that walks through it all would cost more than judging does.
        gc.freeze()
        return Desk(self)

    def supports(self, *path: str) -> bool:
        """Tell whether the client has a capability, by the way that leads to it: `workspace`, `diagnostics`, …"""
        found: object = self.client_capabilities
        for name in path:
            found = getattr(found, name, None)
        return bool(found) if isinstance(found, bool) else found is not None

    @property
    def pulls(self) -> bool:
        """The client asks for diagnostics itself."""
        return self.supports("text_document", "diagnostic")

    def complain(self, message: str) -> None:
        """Say what went wrong in the client's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"{NAME}: {message}"))

    def tell_user(self, message: str) -> None:
        """Say what the user alone can mend."""
        self.complain(message)
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"{NAME}: {message}"))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """An error in a handler goes to the log: never a pop-up, never the end of the server."""
        if isinstance(error, JsonRpcMethodNotFound):
            return  # the client's answer says so
        log.error("%s", source, exc_info=error)
        with contextlib.suppress(Exception):
            self.complain(f"{error!r}; please report this")


def create() -> CloudTrailServer:
    """Make a server with all its features."""
    server = CloudTrailServer()

    @server.feature(types.INITIALIZE)
    def initialize(ls: CloudTrailServer, params: types.InitializeParams) -> None:
        ls.settings = params.initialization_options

    @server.feature(types.INITIALIZED)
    async def initialized(ls: CloudTrailServer, _params: types.InitializedParams) -> None:
        _ = ls.desk  # ready before the first document
        if not ls.supports("workspace", "did_change_watched_files", "dynamic_registration"):
            return
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
        registration = types.Registration("watch", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        try:
            await ls.client_register_capability_async(types.RegistrationParams([registration]))
            ls.watching = True
        except JsonRpcException as error:
            log.warning("the client watches no files: %s", error)

    # Documents

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: CloudTrailServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.desk.opened(params.text_document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: CloudTrailServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.desk.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: CloudTrailServer, params: types.DidSaveTextDocumentParams) -> None:
        ls.desk.saved(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: CloudTrailServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.desk.closed(params.text_document.uri)

    # The workspace

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(ls: CloudTrailServer, params: types.DidChangeWatchedFilesParams) -> None:
        ls.desk.watched(params.changes)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(ls: CloudTrailServer, _params: types.DidChangeWorkspaceFoldersParams) -> None:
        ls.desk.regrouped()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(ls: CloudTrailServer, params: types.DidChangeConfigurationParams) -> None:
        settings = params.settings.get(NAME) if isinstance(params.settings, dict) else None
        if settings is None and ls.supports("workspace", "configuration"):
            wanted = types.ConfigurationParams([types.ConfigurationItem(section=NAME)])
            settings = next(iter(await ls.workspace_configuration_async(wanted)), None)
        ls.desk.configure(settings)
        ls.desk.reconsider()

    # Requests

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=NAME),
    )
    async def diagnostic(
        ls: CloudTrailServer, params: types.DocumentDiagnosticParams
    ) -> types.RelatedFullDocumentDiagnosticReport:
        return types.RelatedFullDocumentDiagnosticReport(await ls.desk.pull(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: CloudTrailServer, params: types.HoverParams) -> types.Hover | None:
        return await ls.desk.hover(params)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[QUICK_FIX, FIX_ALL]))
    def code_action(ls: CloudTrailServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        return ls.desk.actions(params)

    @server.command(OPEN_PAGE)
    async def open_page(ls: CloudTrailServer, rule: str) -> None:
        await ls.desk.open_page(rule)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def code_lens(ls: CloudTrailServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        return await ls.desk.pull_lenses(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=['"', " ", ".", "-"]))
    def completion(ls: CloudTrailServer, params: types.CompletionParams) -> list[types.CompletionItem]:
        return ls.desk.completion(params)

    return server


def serve() -> None:
    """Speak the protocol on stdio until the client leaves; anything else that is printed goes to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    # It warns of every request that a client takes back after the answer: clients that pull do so all the time.
    logging.getLogger("pygls.protocol.json_rpc").setLevel(logging.ERROR)
    protocol, sys.stdout = sys.stdout.buffer, sys.stderr
    server = create()
    server.start_io(stdout=protocol)
