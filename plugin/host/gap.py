"""What checkov's report lacks of the engine's: nothing may go silent because a host has no place for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from checkov_cloudtrail.host.journal import Event
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Result
from checkov_cloudtrail.model.rule import Level, Verdict

Row: TypeAlias = tuple[str, str, str]
"""Rule, deployment and address: one verdict of the engine."""


@record
class Gap:
    """The verdicts that checkov's report does not show, or not each by itself.

    Args:
        unseen: resources that checkov has not asked about.
        dropped: UNKNOWN, which checkov leaves out of every output.
        collapsed: verdicts that share one row of checkov's, e.g. of a module that several roots call by one name; the
            row shows the worst of them.
        total: how many verdicts the engine has on what was scanned.
    """

    unseen: tuple[Result, ...]
    dropped: tuple[Result, ...]
    collapsed: tuple[tuple[Result, ...], ...]
    total: int

    def __bool__(self) -> bool:
        return bool(self.unseen or self.dropped or self.collapsed)

    def lines(self) -> list[str]:
        """Say it, with the rules."""
        if not self:
            return [f"checkov reported all {self.total} verdicts"]
        shown = [
            f"{place}: checkov does not know this resource ({_rules(results)})"
            for place, results in _grouped((_place(result), result) for result in self.unseen)
        ]
        shown += [
            f"{result.rule} on {_place(result)}: unknown, checkov leaves it out: {result.message}"
            for result in self.dropped
        ]
        shown += [
            f"{places}: checkov has one row for all of them ({_rules(results)})"
            for places, results in _grouped(
                (" and ".join(_place(result) for result in results), results[0]) for results in self.collapsed
            )
        ]
        return [f"checkov's report does not show everything ({self.total} verdicts):", *(f"  {line}" for line in shown)]


def compare(expected: Sequence[Result], asked: Iterable[Event], strict_unknown: bool) -> Gap:
    """Compare the engine's verdicts with what checkov asked.

    Args:
        expected: the results on what was scanned, by the rules that checkov was told to run.
        asked: the events `asked` of the journal.
        strict_unknown: UNKNOWN is FAILED, which checkov shows.
    """
    by_row = {_row(result): result for result in expected}
    rows: dict[tuple[str, str, str], set[Row]] = {}
    for event in asked:
        meant = {(event["rule"], deployment, address) for deployment, address in event["meant"]}
        rows.setdefault((event["rule"], event["file"], event["address"]), set()).update(meant & by_row.keys())
    seen = {row for meant in rows.values() for row in meant}
    return Gap(
        unseen=tuple(result for row, result in by_row.items() if row not in seen),
        dropped=tuple(by_row[row] for row in by_row if row in seen and _is_dropped(by_row[row], strict_unknown)),
        collapsed=tuple(
            tuple(by_row[row] for row in by_row if row in meant) for meant in rows.values() if len(meant) > 1
        ),
        total=len(by_row),
    )


def _is_dropped(result: Result, strict_unknown: bool) -> bool:
    return result.verdict is Verdict.UNKNOWN and not (strict_unknown and result.level is not Level.NOTE)


def _row(result: Result) -> Row:
    return result.rule, result.deployment, result.resource


def _place(result: Result) -> str:
    return f"{result.resource} ({result.deployment})"


def _rules(results: Iterable[Result]) -> str:
    return ", ".join(sorted({result.rule for result in results}))


def _grouped(named: Iterable[tuple[str, Result]]) -> Iterable[tuple[str, list[Result]]]:
    groups: dict[str, list[Result]] = {}
    for name, result in named:
        groups.setdefault(name, []).append(result)
    return groups.items()
