"""How the rules about trails answer: one wording for switches, and for an account's best trail."""

from __future__ import annotations

from checkov_cloudtrail.cloudtrail.accounts import Account
from checkov_cloudtrail.cloudtrail.defaults import effective, literal, spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.location import Range, Step
from checkov_cloudtrail.model.rule import Outcome, SetAttribute, Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known, Unknown


def judge_switch(trail: Trail, attribute: str, *, good: str, bad: str, safe: bool = True) -> Outcome:
    """Judge a switch that has to be on, its default applied.

    Args:
        trail: the trail.
        attribute: the model's name of the switch.
        good: what a pass means: `The trail is multi-Region`.
        bad: what a failure means: `The trail is single-Region`.
        safe: turning it on changes nothing but what the rule asks for.
    """
    name = spelled(trail.type, attribute)
    value = effective(trail, attribute)
    match value:
        case Unknown(because, origin):
            return unsure(f"Cannot tell whether {good[0].lower()}{good[1:]}: {because}", origin)
        case Known(on, origin):
            shown = literal(trail.type, bool(on))
            seen = f"{name} is omitted and defaults to {shown}" if origin.missing else f"{name} is {shown}"
            if on:
                return passed(f"{good}: {seen}", origin)
            return failed(f"{bad}: {seen}", origin, SetAttribute(attribute, True, f"Set {name} to true", safe))


def account_outcome(account: Account) -> Outcome | None:
    """Say whether an account has a compliant trail; None when there is nothing to judge."""
    match account.verdict:
        case None:
            return None
        case Verdict.PASS:
            return _account_passes(account)
        case Verdict.UNKNOWN:
            reasons = "; ".join(account.reasons)
            message = f"Cannot tell whether {_name(account)} has a compliant trail: {reasons}"
            return Outcome(Verdict.UNKNOWN, message, _place(account), _evidence(account), account.reasons)
        case _:
            return _account_fails(account)


def _account_passes(account: Account) -> Outcome:
    best, covering = account.best, account.covered_by
    if best is not None and best.verdict is Verdict.PASS:
        message = f"{best.trail.address} logs, is multi-Region and records all management events"
        organization = effective(best.trail, "organization")
        if isinstance(organization, Known) and organization.value:
            message += ", for the whole organization"
    elif covering is not None and covering.verdict is Verdict.PASS:
        message = f"{_name(account)} is covered by the organization trail {covering.trail.address}"
        step = Step(covering.trail.location, "taken to be a trail of the same organization")
        return Outcome(Verdict.PASS, message, _place(account), (step,))
    else:
        message = f"{_name(account)} is covered by an organization trail elsewhere, says the configuration"
    return Outcome(Verdict.PASS, message, _place(account))


def _account_fails(account: Account) -> Outcome:
    best = account.best
    if best is None:
        message = f"There is no trail for {_name(account)}, which the configuration names an account's root"
        return Outcome(Verdict.FAIL, message, account.scope.location, (), account.reasons)
    clauses = "; ".join(obstacle.clause for obstacle in best.compliance.obstacles)
    message = f"No trail of {_name(account)} is compliant: {best.trail.address} {clauses}"
    return Outcome(Verdict.FAIL, message, _place(account), _evidence(account), account.reasons)


def _name(account: Account) -> str:
    return "this account" if account.scope.key == "default" else f"account {account.scope.key}"


def _place(account: Account) -> Range:
    """Point at what is in the way, else at the best trail, else at the account's provider or template."""
    best = account.best
    if best is None:
        return account.scope.location
    obstacles = best.compliance.obstacles
    return obstacles[0].range if obstacles and account.verdict is not Verdict.PASS else best.trail.location


def _evidence(account: Account) -> tuple[Step, ...]:
    best = account.best
    steps: list[Step] = []
    for obstacle in best.compliance.obstacles if best is not None else ():
        steps += obstacle.evidence
    if best is not None and isinstance(best.trail.exists, Unknown):
        steps.append(Step(best.trail.exists.origin.range, f"whether the trail exists: {best.trail.exists.because}"))
    steps += [Step(part.location, f"{part.address}: {part.because}") for part in account.unseen]
    return tuple(dict.fromkeys(steps))
