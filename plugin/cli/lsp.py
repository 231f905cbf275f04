"""`lsp`: the language server on stdio."""

from __future__ import annotations

import click

from checkov_cloudtrail.cli.failure import Failure


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="Accepted and ignored: stdio is the only transport.")
def command(stdio: bool) -> None:
    """Speak the language server protocol on stdio until the client leaves."""
    try:
        from checkov_cloudtrail.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise Failure("the language server needs pygls: pip install 'checkov-cloudtrail[lsp]'") from error
    serve()
