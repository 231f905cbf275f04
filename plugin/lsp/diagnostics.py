"""Results as the editor shows them: a range on the value, the evidence beside it, the fix inside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lsprotocol import converters, types
from pygls.workspace import PositionCodec

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.lsp.folder import View
from checkov_cloudtrail.lsp.positions import to_client
from checkov_cloudtrail.model.location import Range, SourceError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Fix, Result
from checkov_cloudtrail.model.rule import Level, Verdict

SOURCE = "checkov-cloudtrail"
SYNTAX = "syntax"

_SEVERITIES = {
    Level.ERROR: types.DiagnosticSeverity.Error,
    Level.WARNING: types.DiagnosticSeverity.Warning,
    Level.NOTE: types.DiagnosticSeverity.Information,
}
_REFERENCES = {rule.id: rule.references[0] for rule in RULES if rule.references}
_converter = converters.get_converter()


@record
class Page:
    """What is needed to place results in documents.

    Args:
        lines: gives the lines of a file by its path, unsaved text first.
        uri: gives the URI of a path.
        codec: of the client.
    """

    lines: Callable[[str], list[str]]
    uri: Callable[[str], str]
    codec: PositionCodec

    def range(self, place: Range) -> types.Range:
        """Give the client's range of a place."""
        return to_client(place, self.lines(place.file), self.codec)

    def location(self, place: Range) -> types.Location:
        """Give the client's location of a place."""
        return types.Location(self.uri(place.file), self.range(place))


def diagnostics(path: str, view: View, page: Page) -> list[types.Diagnostic]:
    """Give the diagnostics of one document: failures by their level, unknowns as hints, and its syntax errors."""
    found = [_of_error(error, page) for error in view.errors]
    results = (_of_result(result, view, page) for result in view.results if result.range.file == path)
    return found + [diagnostic for diagnostic in results if diagnostic is not None]


def _of_error(error: SourceError, page: Page) -> types.Diagnostic:
    place = Range(error.file, error.line, error.column, error.line, error.column + 1)
    return types.Diagnostic(
        range=page.range(place),
        message=error.message,
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        code=SYNTAX,
    )


def _of_result(result: Result, view: View, page: Page) -> types.Diagnostic | None:
    match result.verdict:
        case Verdict.FAIL:
            severity = _SEVERITIES[result.level]
        case Verdict.UNKNOWN:
            severity = types.DiagnosticSeverity.Hint
        case _:
            return None
    reference = _REFERENCES.get(result.rule)
    return types.Diagnostic(
        range=page.range(result.range),
        message=result.message,
        severity=severity,
        source=SOURCE,
        code=result.rule,
        code_description=types.CodeDescription(reference) if reference else None,
        related_information=[
            types.DiagnosticRelatedInformation(page.location(step.range), step.text) for step in result.evidence
        ],
        data=_data(result, view, page),
    )


def _data(result: Result, view: View, page: Page) -> dict[str, Any]:
    """Everything that a code action needs, so that asking for one analyses nothing."""
    block = next(
        (
            each.deployment.resources.get(result.resource)
            for each in view.judgements
            if each.deployment.root == result.deployment
        ),
        None,
    )
    return {
        "rule": result.rule,
        "resource": result.resource,
        "fix": _fix(result.fix, page) if result.fix else None,
        "block": _converter.unstructure(page.range(block.block)) if block else None,
    }


def _fix(fix: Fix, page: Page) -> dict[str, Any]:
    changes: dict[str, list[Any]] = {}
    for edit in fix.edits:
        text = types.TextEdit(page.range(edit.range), edit.text)
        changes.setdefault(page.uri(edit.range.file), []).append(_converter.unstructure(text))
    return {"title": fix.title, "safe": fix.safe, "changes": changes}


def edits(data: Mapping[str, Any]) -> dict[str, list[types.TextEdit]]:
    """Give the text edits by URI that a diagnostic's `data["fix"]` carries."""
    return {
        uri: [_converter.structure(edit, types.TextEdit) for edit in changes]
        for uri, changes in data["changes"].items()
    }


def block_of(data: Mapping[str, Any]) -> types.Range | None:
    """Give the range of the resource that a diagnostic's `data` names."""
    return _converter.structure(data["block"], types.Range) if data.get("block") else None
