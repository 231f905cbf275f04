"""What the language server answers: one function a request or notification, registered on a server."""

from __future__ import annotations

import gc
import logging
import sys

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from checkov_cloudtrail.lsp import actions as code_actions
from checkov_cloudtrail.lsp.completion import completions
from checkov_cloudtrail.lsp.diagnostics import SOURCE, chosen
from checkov_cloudtrail.lsp.hover import hover
from checkov_cloudtrail.lsp.server import NAME, CloudTrailServer

WATCHED = "**/*.{tf,tofu,tfvars,tf.json,tfvars.json,yaml,yml,json,template,tftpl,tpl,toml}"
_HCL_OR_JSON = (".tf", ".tofu", ".tfvars", ".json")

log = logging.getLogger(__name__)


def create() -> CloudTrailServer:
    """Make a server with all its features."""
    server = CloudTrailServer()

    @server.feature(types.INITIALIZE)
    def initialize(ls: CloudTrailServer, params: types.InitializeParams) -> None:
        ls.configure(params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def initialized(ls: CloudTrailServer, _params: types.InitializedParams) -> None:
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
        ls.opened(params.text_document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: CloudTrailServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: CloudTrailServer, params: types.DidSaveTextDocumentParams) -> None:
        ls.saved(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: CloudTrailServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)

    # The workspace

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(ls: CloudTrailServer, params: types.DidChangeWatchedFilesParams) -> None:
        ls.watched(params.changes)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(ls: CloudTrailServer, _params: types.DidChangeWorkspaceFoldersParams) -> None:
        ls.regrouped()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(ls: CloudTrailServer, params: types.DidChangeConfigurationParams) -> None:
        settings = params.settings.get(NAME) if isinstance(params.settings, dict) else None
        if settings is None and ls.supports("workspace", "configuration"):
            wanted = types.ConfigurationParams([types.ConfigurationItem(section=NAME)])
            settings = next(iter(await ls.workspace_configuration_async(wanted)), None)
        ls.configure(settings)
        ls.reconsider()

    # Requests

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=NAME),
    )
    async def diagnostic(
        ls: CloudTrailServer, params: types.DocumentDiagnosticParams
    ) -> types.RelatedFullDocumentDiagnosticReport:
        return types.RelatedFullDocumentDiagnosticReport(await ls.pull(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def on_hover(ls: CloudTrailServer, params: types.HoverParams) -> types.Hover | None:
        place = await ls.judged(params.text_document.uri)
        if place is None:
            return None
        folder, path = place
        line, column = folder.documents[path].lines_of_text.place(params.position, ls.workspace.position_codec)
        markdown = hover(ls.page(folder, path), path, line, column)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, markdown)) if markdown else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=code_actions.KINDS))
    def code_action(ls: CloudTrailServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        place = ls.known(params.text_document.uri)
        if place is None:
            return []
        folder, path = place
        found = ls.found(folder, path)
        asked = chosen(found, params.context.diagnostics, params.range)
        return [
            action
            for action in code_actions.actions(ls.page(folder, path), path, asked, found)
            if code_actions.wanted(action, params.context.only)
        ]

    @server.command(code_actions.OPEN_PAGE)
    async def open_page(ls: CloudTrailServer, rule: str) -> None:
        await ls.open_page(rule)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def code_lens(ls: CloudTrailServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        return await ls.pull_lenses(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=['"', " ", ".", "-"]))
    def completion(ls: CloudTrailServer, params: types.CompletionParams) -> list[types.CompletionItem]:
        place = ls.known(params.text_document.uri)
        if place is None:
            return []
        document = place[0].documents[place[1]]
        codec = ls.workspace.position_codec
        line, column = document.lines_of_text.place(params.position, codec)
        quoted = place[1].endswith(_HCL_OR_JSON) or document.text.lstrip().startswith("{")
        return [
            types.CompletionItem(
                each.word,
                kind=types.CompletionItemKind.EnumMember,
                detail=SOURCE,
                text_edit=types.TextEdit(
                    types.Range(document.lines_of_text.position(line, each.start + 1, codec), params.position),
                    each.text,
                ),
            )
            for each in completions(document.text.split("\n"), line - 1, column - 1, quoted=quoted)
        ]

    return server


def serve() -> None:
    """Speak the protocol on stdio until the client leaves; anything else that is printed goes to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    # It warns of every request that a client takes back after the answer: clients that pull do so all the time.
    logging.getLogger("pygls.protocol.json_rpc").setLevel(logging.ERROR)
    protocol, sys.stdout = sys.stdout.buffer, sys.stderr
    server = create()
    # What was imported stays: a full collection that walks through it all would cost more than judging does.
    gc.freeze()
    server.start_io(stdout=protocol)
