"""Words that the client gets to know: the server's name, its commands, its kinds of action."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

NAME: Final = "checkov-cloudtrail"
SYNTAX: Final = "syntax"
OPEN_PAGE: Final = f"{NAME}.openPage"
QUICK_FIX: Final = types.CodeActionKind.QuickFix
FIX_ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.{NAME}"
