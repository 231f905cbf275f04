"""How a rule answers: the outcome at the place that decides, with the way that its value came as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.rule import Outcome, Repair, Verdict
from checkov_cloudtrail.model.values import Absent, Known, Origin, Reference, Unknown, Value

_MODULE = re.compile(r"(?:^|\.)module\.[\w-]+(?:\[[^\]]*\])?$")


def passed(message: str, at: Origin | Range) -> Outcome:
    """All is well."""
    return _outcome(Verdict.PASS, message, at)


def failed(message: str, at: Origin | Range, repair: Repair | None = None) -> Outcome:
    """The rule is broken here."""
    return _outcome(Verdict.FAIL, message, at, repair)


def unsure(message: str, at: Origin | Range) -> Outcome:
    """It cannot be told; the message names what would decide."""
    return _outcome(Verdict.UNKNOWN, message, at)


def _outcome(verdict: Verdict, message: str, at: Origin | Range, repair: Repair | None = None) -> Outcome:
    if isinstance(at, Range):
        return Outcome(verdict, message, at, repair=repair)
    return Outcome(verdict, message, at.range, at.chain, repair=repair)


def flag(value: Value[bool], *, wanted: bool, good: str, bad: str, repair: Repair | None = None) -> Outcome:
    """Judge a switch whose omission means the opposite of what is wanted.

    Args:
        value: the attribute as written; apply `defaults.effective` first where a default is the wanted value.
        wanted: the value that passes.
        good: message of a pass.
        bad: message of a failure.
        repair: how to mend it.
    """
    match value:
        case Known(known, origin) if known == wanted:
            return passed(good, origin)
        case Known(_, origin) | Absent(origin):
            return failed(bad, origin, repair)
        case Unknown(because, origin):
            return unsure(f"Cannot tell whether {_clause(good)}: {because}", origin)


def _clause(sentence: str) -> str:
    """Put a sentence after "whether"; names and acronyms keep their capital."""
    first = sentence.split(" ", 1)[0]
    return sentence if not first.istitle() else sentence[0].lower() + sentence[1:]


def present(value: Value[str]) -> bool | None:
    """Tell whether a string is given at all; an empty one is not, in both languages.

    What a resource or data source will have once it is there is given, although its value is not known.
    """
    match value:
        case Known(text):
            return text != ""
        case Absent():
            return False
        case Unknown(_, _, parts, sure):
            doubtful = all(map(_may_be_empty, parts)) if parts else not sure
            return None if doubtful else True


def _may_be_empty(part: str | Reference) -> bool:
    """An input may be an empty string, whoever has to give it, and so may what a module gives that is not seen."""
    return isinstance(part, Reference) and (not part.attribute or _MODULE.search(part.address) is not None)


def given(value: Value[str], *, good: str, bad: str) -> Outcome:
    """Judge an attribute that has to be there.

    Args:
        value: the attribute as written.
        good: message of a pass.
        bad: message of a failure.
    """
    answer = present(value)
    if answer:
        return passed(good, value.origin)
    if answer is None:
        because = value.because if isinstance(value, Unknown) else "its value is not known"
        return unsure(f"Cannot tell whether {_clause(good)}: {because}", value.origin)
    return failed(bad, value.origin)


def worst(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Give the outcome that decides for all: the first failure, else the first unknown, else the first."""
    found = list(outcomes)
    for verdict in (Verdict.FAIL, Verdict.UNKNOWN):
        for outcome in found:
            if outcome.verdict is verdict:
                return outcome
    return found[0] if found else None
