"""From one answer per case to one answer: definite where all cases agree, else unknown with a witness of each side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, islice

from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.rule import Level, Outcome, Verdict

_RELATION = re.compile(" (?:=|==|!=|is|<|>|<=|>=) ")
_MAX_COMBINATIONS = 100


@record
class Answer:
    """A rule's answer in one case.

    Args:
        choices: what distinguishes the case: `("Env = dev",)`.
        outcome: None where there is nothing to judge in this case.
        level: of a finding in this case.
        resource: address that it is reported on; empty when there is none of its own in this case.
    """

    choices: tuple[str, ...]
    outcome: Outcome | None
    level: Level
    resource: str


def merge(answers: Sequence[Answer], nothing: str = "") -> Answer | None:
    """Merge the answers of all cases; the place is that of a failing case where there is one.

    Args:
        answers: one for each case.
        nothing: what a case without anything to judge means for a pass: `there is no trail`. Empty: such cases do not
            count.

    Returns:
        None when there is nothing to judge in any case.
    """
    judged = {verdict: [each for each in answers if _is(each, verdict)] for verdict in Verdict}
    fails, passes, unknowns = judged[Verdict.FAIL], judged[Verdict.PASS], judged[Verdict.UNKNOWN]
    empty = [each for each in answers if each.outcome is None] if nothing else []
    if fails and not passes and not unknowns:
        return _with_level(_repairable(fails), fails)
    if passes and not fails and not unknowns:
        return _divided(passes[0], passes, empty, nothing) if empty else passes[0]
    if not passes and not unknowns:
        return None
    shown = (fails or unknowns)[0]
    if passes and fails:
        return _divided(_with_level(shown, fails), fails, passes, "passes")
    # Some cases cannot be told: what they name decides, at the resource that another case has.
    shown = next((each for each in unknowns if each.resource), unknowns[0])
    outcome = _outcome(shown)
    placed = next((each for each in (*fails, *passes) if each.resource), shown)
    if not shown.resource and placed is not shown:
        outcome = replace(outcome, range=_outcome(placed).range)
        shown = replace(shown, resource=placed.resource)
    if fails:
        outcome = replace(outcome, message=f"{outcome.message}; it fails when {_when(fails, unknowns)}")
    return replace(_with_level(shown, [*fails, *unknowns]), outcome=outcome)


def _divided(shown: Answer, one: Sequence[Answer], other: Sequence[Answer], otherwise: str) -> Answer:
    """Make the answer of cases that disagree, at the place of `shown`."""
    outcome = _outcome(shown)
    does = "fails" if outcome.verdict is Verdict.FAIL else "passes"
    witness = f"{does} when {_when(one, other)}, {otherwise} when {_when(other, one)}"
    message = f"It depends: {witness}. {outcome.message}"
    undecided = replace(outcome, verdict=Verdict.UNKNOWN, message=message, reasons=(witness,), repair=None)
    return replace(shown, outcome=undecided)


def with_alternatives(outcome: Outcome, others: Iterable[Answer]) -> Outcome:
    """Add to a pass what would fail under other allowed values of the parameters that have a default."""
    if outcome.verdict is not Verdict.PASS:
        return outcome
    steps = tuple(
        Step(other.outcome.range, f"fails when {' and '.join(other.choices)}: {other.outcome.message}")
        for other in others
        if other.outcome is not None and other.outcome.verdict is Verdict.FAIL
    )
    return replace(outcome, evidence=(*outcome.evidence, *steps))


def _when(those: Sequence[Answer], others: Sequence[Answer]) -> str:
    """Name what is enough to be one of these cases: the fewest choices that contradict every other one."""
    candidates = [
        choices
        for each in those
        for size in range(1, len(each.choices) + 1)
        for choices in islice(combinations(each.choices, size), _MAX_COMBINATIONS)
    ]
    enough = (choices for choices in candidates if all(_contradict(choices, other.choices) for other in others))
    shortest: tuple[str, ...] = min(enough, key=len, default=those[0].choices)
    return " and ".join(shortest) or "it is deployed otherwise"


def _contradict(some: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether two cases decide the same thing differently; what a case does not name may be anything in it."""
    decided = {_subject(choice): choice for choice in others}
    return any(decided.get(_subject(choice), choice) != choice for choice in some)


def _subject(choice: str) -> str:
    return _RELATION.split(choice.removeprefix("not "), maxsplit=1)[0]


def _repairable(fails: Sequence[Answer]) -> Answer:
    """Give the first of failing cases; mended at its place alone, the others would go on failing at theirs."""
    first, outcome = fails[0], _outcome(fails[0])
    elsewhere = any(_outcome(each).range != outcome.range for each in fails)
    return replace(first, outcome=replace(outcome, repair=None)) if elsewhere else first


def _with_level(shown: Answer, findings: Sequence[Answer]) -> Answer:
    worst = min((each.level for each in findings), key=list(Level).index)
    return replace(shown, level=worst)


def _is(answer: Answer, verdict: Verdict) -> bool:
    return answer.outcome is not None and answer.outcome.verdict is verdict


def _outcome(answer: Answer) -> Outcome:
    if answer.outcome is None:
        raise ValueError("a case without an outcome cannot be shown")
    return answer.outcome
