"""Whether one trail satisfies the control: it is accepted, logs, is multi-Region and records all management events.

All of it on the same trail (Security Hub CloudTrail.1, CIS 3.1). Each requirement is three-valued; one that surely
fails decides, whatever else is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkov_cloudtrail.cloudtrail.defaults import ATTRIBUTES, effective, spelled
from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import Coverage, Extent, Limit
from checkov_cloudtrail.model.location import Range, Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.rule import Policy, Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Absent, Known, Unknown


@record
class Requirement:
    """One thing that keeps a trail from satisfying the control, or may do so.

    Args:
        slug: of the rule that reports it.
        clause: completes "the trail …".
        range: where it is decided.
        evidence: where that came from.
        unknown: the clause that names what would decide; empty where the requirement surely fails.
    """

    slug: str
    clause: str
    range: Range
    evidence: tuple[Step, ...] = ()
    unknown: str = ""


@record
class Compliance:
    """Whether a trail satisfies the control, and the requirements in the way; those that hold are not listed."""

    verdict: Verdict
    obstacles: tuple[Requirement, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The slugs in the way, or the unknowns that would decide; each once."""
        return tuple(dict.fromkeys(each.unknown or each.slug for each in self.obstacles))


def compliance(trail: Trail, policy: Policy) -> Compliance:
    """Judge one trail, its existence aside."""
    recorded = coverage(trail)
    found = [
        *_refusals(trail, recorded),
        *_logging(trail),
        *_regions(trail, policy),
        *_management(recorded, policy, trail.location),
    ]
    failed = tuple(each for each in found if not each.unknown)
    if failed:
        return Compliance(Verdict.FAIL, failed)
    return Compliance(Verdict.UNKNOWN, tuple(found)) if found else Compliance(Verdict.PASS)


def logging_undeclared(trail: Trail) -> bool:
    """Tell whether the trail lacks the logging switch in a language that requires it [CFN]."""
    return isinstance(trail.logging, Absent) and ATTRIBUTES[trail.type]["logging"].required


def global_events_conflict(trail: Trail) -> bool:
    """Tell whether the trail is surely multi-Region with global service events surely off [GH terraform#4939]."""
    match effective(trail, "multi_region"), effective(trail, "global_service_events"):
        case Known(True), Known(False):
            return True
        case _:
            return False


def complete(found: Coverage, policy: Policy) -> Extent:
    """Tell whether all management events are recorded, as the policy on split selectors asks."""
    management = found.management
    halves = (management.read, management.write)
    if management.surely_incomplete or any(half in (Extent.NONE, Extent.PARTIAL) for half in halves):
        return Extent.PARTIAL
    if Extent.UNKNOWN in halves:
        return Extent.UNKNOWN
    if policy.split_selectors == "fail" and management.on_one_selector is not Extent.ALL:
        return Extent.UNKNOWN if management.on_one_selector is Extent.UNKNOWN else Extent.PARTIAL
    return Extent.ALL


def _refusals(trail: Trail, recorded: Coverage) -> Iterator[Requirement]:
    errors = recorded.errors
    if errors:
        clause = f"is refused by CloudTrail ({errors[0].code}: {errors[0].message})"
        yield Requirement("invalid-event-selectors", clause, errors[0].range)
    if global_events_conflict(trail):
        value = effective(trail, "global_service_events")
        name = spelled(trail.type, "global_service_events")
        clause = f"is refused by CloudTrail: it is multi-Region and {name} is false"
        yield Requirement("global-events-conflict", clause, value.origin.range, value.origin.chain)
    if logging_undeclared(trail):
        clause = f"is refused: {spelled(trail.type, 'logging')} is missing"
        yield Requirement("logging-not-declared", clause, trail.logging.origin.range)


def _logging(trail: Trail) -> Iterator[Requirement]:
    value = effective(trail, "logging")
    match value:
        case Known(False) if not logging_undeclared(trail):
            clause = f"is created stopped ({spelled(trail.type, 'logging')} is false)"
            yield Requirement("logging-disabled", clause, value.origin.range, value.origin.chain)
        case Unknown(because, origin):
            yield Requirement("logging-disabled", "may be created stopped", origin.range, origin.chain, because)


def _regions(trail: Trail, policy: Policy) -> Iterator[Requirement]:
    multi_region = effective(trail, "multi_region")
    organization = effective(trail, "organization")
    origin = multi_region.origin
    slug, kind = "single-region-trail", "single-Region"
    match organization:
        case Known(True):
            slug, kind = "single-region-organization-trail", "a single-Region organization trail"
    accepted = policy.single_region_organization_trail == "accept"
    match multi_region, organization:
        case (Known(True), _):
            return
        case (_, Known(True)) if accepted:
            return
        case (Known(False), Unknown(because)) if accepted:
            yield Requirement(slug, f"is {kind}", origin.range, origin.chain, because)
        case (Unknown(because), _):
            yield Requirement(slug, f"may be {kind}", origin.range, origin.chain, because)
        case _:
            yield Requirement(slug, f"is {kind}", origin.range, origin.chain)


def _management(found: Coverage, policy: Policy, fallback: Range) -> Iterator[Requirement]:
    extent = complete(found, policy)
    if extent is Extent.ALL:
        return
    undecided = extent is Extent.UNKNOWN
    limits = incomplete_limits(found, undecided=undecided)
    where = limits[0].range if limits else fallback
    steps = tuple(step for limit in limits for step in limit.evidence)
    slug = "management-events-incomplete"
    if undecided:
        because = "; ".join(dict.fromkeys(limit.unknown.because for limit in limits if limit.unknown is not None))
        yield Requirement(slug, "may not record all management events", where, steps, because)
    else:
        yield Requirement(slug, f"does not record all {lacking(found)} management events", where, steps)


def lacking(found: Coverage) -> str:
    """Name the halves that are surely incomplete: `read`, `write`, or `read and write`, also where only split."""
    halves = [half for half in ("read", "write") if _surely_lacks(found, half)]
    return " and ".join(halves or ["read and write"])


def _surely_lacks(found: Coverage, half: str) -> bool:
    extent: Extent = getattr(found.management, half)
    return extent in (Extent.NONE, Extent.PARTIAL) or half in found.management.surely_incomplete


def incomplete_limits(found: Coverage, *, undecided: bool) -> list[Limit]:
    """Give the places that keep reads or writes from being complete.

    Args:
        found: what the selectors record.
        undecided: give the places that would decide, not the ones that surely limit.
    """
    management = found.management
    open_halves = {half for half in ("read", "write") if getattr(management, half) is not Extent.ALL}
    halves = open_halves or {"read", "write"}
    if not undecided and open_halves:
        halves = {half for half in open_halves if _surely_lacks(found, half)}
    return [
        limit
        for limit in found.limits
        if not limit.sources and limit.halves & halves and (limit.unknown is not None) == undecided
    ]
