"""Code actions, made from findings that are known: the fix, all safe fixes, a suppression, the rule's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from checkov_cloudtrail.fix.suppress import suppression
from checkov_cloudtrail.lsp.diagnostics import Finding
from checkov_cloudtrail.lsp.names import FIX_ALL, OPEN_PAGE, QUICK_FIX
from checkov_cloudtrail.lsp.page import Page
from checkov_cloudtrail.lsp.positions import Lines
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import Fix, Result

MAX_FIXES = 5
REASON = "reason"


def actions(page: Page, path: str, chosen: Iterable[Finding], every: Iterable[Finding]) -> Iterator[types.CodeAction]:
    """Give the actions for a place in a document.

    Args:
        page: of the document; it places edits in the text as it is now.
        path: of the document.
        chosen: the findings that are asked about.
        every: all findings of the document, for "fix all".
    """
    for finding in chosen:
        if finding.results:
            yield from _quick_fixes(page, finding)
    together = list(_together(page, path, every))
    if together:
        yield types.CodeAction(
            "Apply all safe CloudTrail fixes in this file",
            FIX_ALL,
            edit=types.WorkspaceEdit(changes={page.uri(path): together}),
        )


def wanted(action: types.CodeAction, only: Iterable[types.CodeActionKind | str] | None) -> bool:
    """Tell whether an action is of one of the kinds that a client asks for: `source` holds `source.fixAll`."""
    kind = _name(action.kind or "")
    return only is None or any(not name or f"{kind}.".startswith(f"{name}.") for name in map(_name, only))


def _name(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _quick_fixes(page: Page, finding: Finding) -> Iterator[types.CodeAction]:
    result, diagnostics = finding.results[0], [finding.diagnostic]
    for fix in list(_fixes(page, finding))[:MAX_FIXES]:
        yield types.CodeAction(
            title=fix.title if fix.safe else f"{fix.title} (unsafe: read it before you keep it)",
            kind=QUICK_FIX,
            diagnostics=diagnostics,
            is_preferred=True if fix.safe else None,
            edit=types.WorkspaceEdit(changes=_edits(page, fix)),
        )
    suppression = _suppression(page, result)
    if suppression is not None:
        yield types.CodeAction(
            title=f"Suppress {result.rule} for {result.resource} (write the reason)",
            kind=QUICK_FIX,
            diagnostics=diagnostics,
            edit=types.WorkspaceEdit(changes=suppression),
        )
    yield types.CodeAction(
        title=f"Open the page about {result.rule}",
        kind=QUICK_FIX,
        diagnostics=diagnostics,
        command=types.Command("Open", OPEN_PAGE, arguments=[result.rule]),
    )


def _fixes(page: Page, finding: Finding) -> Iterable[Fix]:
    """Give the fixes of a finding whose places are still what was judged; roots may have different ones."""
    found = dict.fromkeys(result.fix for result in finding.results if result.fix is not None)
    return [fix for fix in found if all(page.kept(edit.range) for edit in fix.edits)]


def _edits(page: Page, fix: Fix) -> dict[str, list[types.TextEdit]]:
    changes: dict[str, list[types.TextEdit]] = {}
    for edit in fix.edits:
        changes.setdefault(page.uri(edit.range.file), []).append(types.TextEdit(page.range(edit.range), edit.text))
    return changes


def _suppression(page: Page, result: Result) -> dict[str, list[types.TextEdit]] | None:
    block = _block(page, result)
    if block is None or not page.kept(block):
        return None
    judged = Lines(page.text(block.file))
    start, end = judged.index(block.line, block.column), judged.index(block.end_line, block.end_column)
    change = suppression(judged.text, block.file, start, end, result.rule, REASON)
    if change is None:
        return None
    line, column = judged.point(change.start)
    edit = types.TextEdit(page.range(Range(block.file, line, column, line, column)), change.text)
    return {page.uri(block.file): [edit]}


def _block(page: Page, result: Result) -> Range | None:
    """Find the resource that a result is about."""
    for judgement in page.view.judgements:
        if judgement.deployment.root == result.deployment:
            found = judgement.deployment.resources.get(result.resource)
            return found.block if found is not None else None
    return None


def _together(page: Page, path: str, every: Iterable[Finding]) -> Iterator[types.TextEdit]:
    """All safe edits of one document; where two touch the same text only the first one is made."""
    kept: list[types.TextEdit] = []
    uri = page.uri(path)
    for fix in (fix for finding in every for fix in _fixes(page, finding)):
        changes = _edits(page, fix) if fix.safe else {}
        if set(changes) == {uri} and not any(_overlap(edit, other) for edit in changes[uri] for other in kept):
            kept += changes[uri]
    yield from kept


def _overlap(one: types.TextEdit, other: types.TextEdit) -> bool:
    # Two insertions at one place may both be wanted, unless they insert the same.
    if one.range == other.range:
        return one.range.start != one.range.end or one.new_text == other.new_text
    return one.range.start < other.range.end and other.range.start < one.range.end
