"""Results as the editor shows them: a range on the value, the evidence beside it, one finding for many roots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.lsp.names import NAME, SYNTAX
from checkov_cloudtrail.lsp.page import Page
from checkov_cloudtrail.model.location import Range, SourceError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Result
from checkov_cloudtrail.model.rule import Level, Verdict

MAX_RELATED = 10
MAX_NAMES = 3

_SEVERITIES = {
    Level.ERROR: types.DiagnosticSeverity.Error,
    Level.WARNING: types.DiagnosticSeverity.Warning,
    Level.NOTE: types.DiagnosticSeverity.Information,
}
_REFERENCES = {rule.id: rule.references[0] for rule in RULES if rule.references}


@record
class Finding:
    """What is shown at one place, and what it stands for.

    Args:
        diagnostic: as the client gets it.
        results: the same answer about one resource or more: a module's trail has as many as there are calls of it. None
            for a text that cannot be read.
    """

    diagnostic: types.Diagnostic
    results: tuple[Result, ...] = ()


def findings(page: Page) -> list[Finding]:
    """Give what is to be shown in the document of a page: what cannot be read, failures, and unknowns as hints."""
    found = [Finding(_of_error(error, page)) for error in page.view.errors]
    groups: dict[object, list[Result]] = {}
    for result in page.view.results:
        if result.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            key = (result.rule, result.verdict, result.level, result.range, result.message)
            groups.setdefault(key, []).append(result)
    return found + [Finding(_of_results(same, page), tuple(same)) for same in groups.values()]


def _of_error(error: SourceError, page: Page) -> types.Diagnostic:
    start = page.lines(error.file).position(error.line, error.column, page.codec)
    end = page.lines(error.file).position(error.line, error.column + 1, page.codec)
    return types.Diagnostic(
        range=types.Range(start, end),
        message=error.message,
        severity=types.DiagnosticSeverity.Error,
        source=NAME,
        code=SYNTAX,
    )


def _of_results(same: Sequence[Result], page: Page) -> types.Diagnostic:
    result = same[0]
    unknown = result.verdict is Verdict.UNKNOWN
    reference = _REFERENCES.get(result.rule)
    return types.Diagnostic(
        range=page.range(result.range),
        message=result.message + _whose(same, page),
        severity=types.DiagnosticSeverity.Hint if unknown else _SEVERITIES[result.level],
        source=NAME,
        code=result.rule,
        code_description=types.CodeDescription(reference) if reference else None,
        related_information=[
            types.DiagnosticRelatedInformation(page.location(place), text) for place, text in _evidence(same)
        ],
    )


def _evidence(same: Iterable[Result]) -> list[tuple[Range, str]]:
    steps = dict.fromkeys((step.range, step.text) for result in same for step in result.evidence)
    return list(steps)[:MAX_RELATED]


def _whose(same: Sequence[Result], page: Page) -> str:
    """Name what shares an answer, where that is more than one thing."""
    deployments = list(dict.fromkeys(result.deployment for result in same))
    resources = list(dict.fromkeys(result.resource for result in same))
    everywhere = len(page.view.judgements)
    if everywhere > 1:
        return f" ({len(deployments)} of {everywhere} roots: {_listed(deployments)})"
    return f" ({_listed(resources)})" if len(resources) > 1 else ""


def _listed(names: Sequence[str]) -> str:
    more = [f"{len(names) - MAX_NAMES} more"] if len(names) > MAX_NAMES else []
    return ", ".join([*names[:MAX_NAMES], *more])


def shown(found: Iterable[Finding]) -> list[types.Diagnostic]:
    """Give the diagnostics of findings."""
    return [finding.diagnostic for finding in found]


def chosen(found: Sequence[Finding], diagnostics: Sequence[types.Diagnostic], place: types.Range) -> Iterator[Finding]:
    """Give the findings that a client asks about: those it names, else those at a place.

    Args:
        found: what it was shown.
        diagnostics: what it sends back, perhaps without everything that we put into them.
        place: where the cursor or the selection is.
    """
    named = {(diagnostic.code, diagnostic.message) for diagnostic in diagnostics if diagnostic.source == NAME}
    for finding in found:
        own = finding.diagnostic
        if (own.code, own.message) in named if diagnostics else _touch(own.range, place):
            yield finding


def _touch(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
