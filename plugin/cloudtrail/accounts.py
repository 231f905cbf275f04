"""Whether each account has a compliant trail: at least one, over the trails of its scope (Security Hub CloudTrail.1).

A compliant trail that may not exist leaves the account unknown; a bad one fails whether it exists or not. A compliant
organization trail counts for every scope of the deployment (they are taken to be one organization). What cannot be seen
makes the answer unknown, never "no trail".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from checkov_cloudtrail.cloudtrail.compliance import Compliance, Requirement, compliance
from checkov_cloudtrail.cloudtrail.defaults import effective
from checkov_cloudtrail.files import join
from checkov_cloudtrail.model.deployment import Case, Scope, Unseen
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.rule import Policy, Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known, Unknown

_RANK = {Verdict.PASS: 2, Verdict.UNKNOWN: 1, Verdict.FAIL: 0}


@record
class Candidate:
    """A trail that may exist, and what it does for its account.

    Args:
        trail: the trail.
        compliance: whether it satisfies the control if it exists.
        verdict: the same with its existence: a compliant trail that may not exist is UNKNOWN.
    """

    trail: Trail
    compliance: Compliance
    verdict: Verdict

    @property
    def reasons(self) -> tuple[str, ...]:
        """What keeps it from passing."""
        if self.compliance.reasons:
            return self.compliance.reasons
        return (self.trail.exists.because,) if isinstance(self.trail.exists, Unknown) else ()


@record
class Account:
    """The answer for one account scope in one case.

    Args:
        verdict: None when there is nothing to judge: no trail, and nothing says that there must be one.
        best: the trail that comes closest.
        covered_by: the organization trail of another scope that decides, surely or possibly.
        compliant: what surely satisfies the control for it: addresses of trails, of other scopes' organization trails.
        declared: the configuration says that an organization trail elsewhere covers it.
        unseen: what may hold trails and is not there to be read.
    """

    scope: Scope
    verdict: Verdict | None
    best: Candidate | None
    covered_by: Candidate | None = None
    compliant: tuple[str, ...] = ()
    declared: bool = False
    unseen: tuple[Unseen, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The slugs that keep the best trail from passing, or the unknowns that would decide."""
        match self.verdict:
            case Verdict.FAIL:
                return self.best.reasons if self.best is not None else ("no-trail",)
            case Verdict.UNKNOWN:
                reasons: list[str] = []
                for candidate in (self.best, self.covered_by):
                    if candidate is not None and candidate.verdict is Verdict.UNKNOWN:
                        reasons += candidate.reasons
                reasons += [f"{part.address}: {part.because}" for part in self.unseen]
                return tuple(dict.fromkeys(reasons))
            case _:
                return ()


def candidates(case: Case, policy: Policy) -> tuple[Candidate, ...]:
    """Judge every trail of a case that may exist."""
    found = []
    for trail in case.trails:
        if isinstance(trail.exists, Known) and trail.exists.value:
            own = compliance(trail, policy)
            found.append(Candidate(trail, own, own.verdict))
        elif isinstance(trail.exists, Unknown):
            own = compliance(trail, policy)
            verdict = Verdict.UNKNOWN if own.verdict is Verdict.PASS else own.verdict
            found.append(Candidate(trail, own, verdict))
    return tuple(found)


def accounts(scopes: tuple[Scope, ...], root: str, case: Case, policy: Policy) -> Mapping[str, Account]:
    """Judge every account scope of a case, by its key.

    Args:
        scopes: of the deployment.
        root: of the deployment, for what the policy says about roots.
        case: the case.
        policy: the configuration.
    """
    found = candidates(case, policy)
    return {scope.key: _account(scope, root, case, policy, found) for scope in scopes}


def _account(scope: Scope, root: str, case: Case, policy: Policy, found: tuple[Candidate, ...]) -> Account:
    own = [candidate for candidate in found if candidate.trail.scope == scope.key]
    best = max(own, key=_closeness, default=None)
    others = (_covering(candidate) for candidate in found if candidate.trail.scope != scope.key)
    covering = max((candidate for candidate in others if candidate is not None), key=_closeness, default=None)
    declared = _matches(root, policy, policy.covered_by_organization_trail)
    unseen = tuple(part for part in case.unseen if part.scope in (None, scope.key))
    required = is_account_root(root, policy)
    verdict: Verdict | None
    if best is None and covering is None and not (unseen and case.concerned) and not (required or declared):
        verdict = None
    elif declared or any(each is not None and each.verdict is Verdict.PASS for each in (best, covering)):
        verdict = Verdict.PASS
    elif unseen or any(each is not None and each.verdict is Verdict.UNKNOWN for each in (best, covering)):
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.FAIL
    passing = [each for each in (*own, covering) if each is not None and each.verdict is Verdict.PASS]
    compliant = (*(each.trail.address for each in passing), *(("an organization trail elsewhere",) if declared else ()))
    return Account(scope, verdict, best, covering, compliant, declared, unseen)


def _closeness(candidate: Candidate) -> tuple[int, int, bool]:
    sure = not isinstance(candidate.trail.exists, Unknown)
    return _RANK[candidate.verdict], -len(candidate.reasons), sure


def _covering(candidate: Candidate) -> Candidate | None:
    """Give what a trail does for the other accounts; None when it surely does nothing."""
    if candidate.verdict is Verdict.FAIL:
        return None
    match effective(candidate.trail, "organization"):
        case Known(value):
            return candidate if value else None
        case Unknown(because, origin):
            slug = "single-region-organization-trail"
            open_question = Requirement(slug, "may be an organization trail", origin.range, origin.chain, because)
            obstacles = (*candidate.compliance.obstacles, open_question)
            return Candidate(candidate.trail, Compliance(Verdict.UNKNOWN, obstacles), Verdict.UNKNOWN)


def is_account_root(root: str, policy: Policy) -> bool:
    """Tell whether the configuration says that a root is an account's baseline, which has to have a trail."""
    return _matches(root, policy, policy.account_roots)


def _matches(root: str, policy: Policy, patterns: tuple[str, ...]) -> bool:
    path = join(policy.base, root).split("/")
    return any(_glob(path, pattern.rstrip("/").split("/")) for pattern in patterns)


def _glob(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Match part by part: `accounts/*` is each account, and not what lies below it; `**` is any number of parts."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_glob(path[skipped:], pattern[1:]) for skipped in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _glob(path[1:], pattern[1:])
