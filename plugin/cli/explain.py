"""`checkov-cloudtrail explain`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click

from checkov_cloudtrail.catalogue import find_rule
from checkov_cloudtrail.cli.failure import Failure
from checkov_cloudtrail.cli.output import colourful, emit
from checkov_cloudtrail.cli.runs import JudgingCommand, analysis_options, merge, plan
from checkov_cloudtrail.report.lines import Line, plain

MAX_SUGGESTIONS = 10


@click.command("explain", cls=JudgingCommand)
@click.argument("subject", metavar="ID|ADDRESS")
@analysis_options
def command(subject: str, **given: Any) -> None:
    """Say what a rule means, or why a trail got its verdict.

    ID is a rule's id or slug. ADDRESS is a resource as `check` names it; PATH is where it is looked for.
    """
    if rule := find_rule(subject):
        from checkov_cloudtrail.report.catalogue import page

        _print(page(rule))
        return
    from checkov_cloudtrail.report.explain import addresses, explain

    report = merge([run.analyse() for run in plan(given)])
    known = addresses(report)
    if subject not in known:
        raise Failure(f"there is no rule and no resource {subject!r}{_found(known)}")
    _print(explain(report, subject))


def _found(known: tuple[str, ...]) -> str:
    if not known:
        return "; nothing that is judged was found here"
    more = f" and {len(known) - MAX_SUGGESTIONS} more" if len(known) > MAX_SUGGESTIONS else ""
    return f"; there are {', '.join(known[:MAX_SUGGESTIONS])}{more}"


def _print(lines: Iterable[Line]) -> None:
    if colourful(sys.stdout):
        from checkov_cloudtrail.report.terminal import paint

        emit(paint(lines))
    else:
        emit(plain(lines))
