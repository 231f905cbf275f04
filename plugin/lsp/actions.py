"""Code actions, made from what the diagnostics carry: the fix, all safe fixes, a suppression, the rule's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lsprotocol import types

from checkov_cloudtrail.lsp.diagnostics import SOURCE, block_of, edits

OPEN_PAGE = "checkov-cloudtrail.openPage"
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.checkov-cloudtrail"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]
REASON = "reason"


def actions(
    uri: str, lines: Sequence[str], chosen: Iterable[types.Diagnostic], every: Iterable[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """Give the actions for a place in a document.

    Args:
        uri: of the document.
        lines: its text.
        chosen: the diagnostics at the cursor, as the client sends them back.
        every: all diagnostics of the document, for "fix all".
    """
    for diagnostic in chosen:
        if diagnostic.source == SOURCE and isinstance(diagnostic.data, dict):
            yield from _quick_fixes(uri, lines, diagnostic, diagnostic.data)
    changes = _together(uri, every)
    if changes:
        yield types.CodeAction(
            "Apply all safe CloudTrail fixes in this file", FIX_ALL, edit=types.WorkspaceEdit(changes=changes)
        )


def _quick_fixes(
    uri: str, lines: Sequence[str], diagnostic: types.Diagnostic, data: dict[str, Any]
) -> Iterator[types.CodeAction]:
    fix = data.get("fix")
    if fix:
        yield types.CodeAction(
            title=fix["title"] if fix["safe"] else f"{fix['title']} (unsafe: read it before you keep it)",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=True if fix["safe"] else None,
            edit=types.WorkspaceEdit(changes=edits(fix)),
        )
    suppression = _suppression(uri, lines, data)
    if suppression is not None:
        yield types.CodeAction(
            title=f"Suppress {data['rule']} for {data['resource']} (write the reason)",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            edit=types.WorkspaceEdit(changes={uri: [suppression]}),
        )
    if diagnostic.code_description is not None:
        yield types.CodeAction(
            title=f"Open the page about {data['rule']}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            command=types.Command("Open", OPEN_PAGE, arguments=[diagnostic.code_description.href]),
        )


def _suppression(uri: str, lines: Sequence[str], data: dict[str, Any]) -> types.TextEdit | None:
    """A comment behind the resource's first line; JSON has no comments, so there is none."""
    block = block_of(data)
    if block is None or uri.lower().endswith(".json") or block.start.line + 1 >= len(lines):
        return None
    first = lines[block.start.line]
    if "{" in first and "}" in first.rpartition("{")[2]:
        return None
    below = next((line for line in lines[block.start.line + 1 :] if line.strip()), "")
    indent = below[: len(below) - len(below.lstrip())]
    end = "\r\n" if first.endswith("\r\n") else "\n"
    where = types.Position(block.start.line + 1, 0)
    return types.TextEdit(types.Range(where, where), f"{indent}# checkov:skip={data['rule']}:{REASON}{end}")


def _together(uri: str, diagnostics: Iterable[types.Diagnostic]) -> dict[str, list[types.TextEdit]]:
    """All safe edits of one document; where two touch the same text only the first one is made."""
    chosen: list[types.TextEdit] = []
    for diagnostic in diagnostics:
        fix = diagnostic.data.get("fix") if isinstance(diagnostic.data, dict) else None
        if not fix or not fix["safe"] or set(fix["changes"]) != {uri}:
            continue
        wanted = edits(fix)[uri]
        if not any(_overlap(edit, other) for edit in wanted for other in chosen):
            chosen += wanted
    return {uri: chosen} if chosen else {}


def _overlap(one: types.TextEdit, other: types.TextEdit) -> bool:
    # Two insertions at one place may both be wanted, unless they insert the same.
    if one.range == other.range:
        return one.range.start != one.range.end or one.new_text == other.new_text
    return one.range.start < other.range.end and other.range.start < one.range.end
