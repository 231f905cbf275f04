"""A real client of the real server: one that pulls diagnostics and one that is pushed them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_lsp
from lsprotocol import types
from open_documents import PATIENCE
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities


@pytest_lsp.fixture(
    params=["neovim", "visual-studio-code"],
    config=ClientServerConfig(server_command=[sys.executable, "-m", "checkov_cloudtrail", "lsp"]),
)
async def client(request: Any, lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        """The client watches files."""

    @lsp_client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
    def refresh_lenses(_params: None) -> None:
        """The client asks for lenses again."""

    params = types.InitializeParams(
        capabilities=client_capabilities(request.param),
        workspace_folders=[types.WorkspaceFolder(tmp_path.as_uri(), "here")],
        initialization_options={"codeLens": True},
    )
    await asyncio.wait_for(lsp_client.initialize_session(params), PATIENCE)
    yield
    await asyncio.wait_for(lsp_client.shutdown_session(), PATIENCE)
