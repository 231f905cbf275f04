"""CT006: the management events of KMS or of the RDS Data API are left out."""

from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import Extent
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject, Verdict
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail; an exclusion counts only where no other selector brings the events back."""
    found = coverage(trail)
    excluded, unknown = found.management.excluded_sources, found.management.unknown_sources
    limits = [
        limit
        for limit in found.limits
        if limit.sources & {*(excluded or unknown)} and (bool(excluded) or limit.unknown is not None)
    ]
    where = limits[0].range if limits else trail.location
    evidence = tuple(dict.fromkeys(step for limit in limits for step in limit.evidence))
    if excluded:
        message = f"Management events of {' and '.join(excluded)} are not recorded"
        return Outcome(Verdict.FAIL, message, where, evidence)
    if unknown:
        reasons = "; ".join(dict.fromkeys(limit.text for limit in limits)) or "the selectors cannot be told"
        message = f"Cannot tell whether management events of {' and '.join(unknown)} are recorded: {reasons}"
        return Outcome(Verdict.UNKNOWN, message, where, evidence)
    unresolved = trail.event_selectors.unknown or trail.advanced_event_selectors.unknown
    if unresolved is not None and Extent.UNKNOWN in (found.management.read, found.management.write):
        message = f"Cannot tell whether an event source is left out: {unresolved.because}"
        return Outcome(Verdict.UNKNOWN, message, unresolved.origin.range, unresolved.origin.chain)
    return Outcome(Verdict.PASS, "No event source is left out of management events", trail.location)


RULE = Rule(
    id="CT006",
    slug="management-source-excluded",
    subject=Subject.TRAIL,
    level=Level.WARNING,
    profiles=frozenset({"default", "aws-config"}),
    summary="Fails when the management events of AWS KMS or of the RDS Data API are left out.",
    why="Whoever disables or schedules the deletion of a key, or decrypts with it, leaves no trace. AWS Config counts "
    "a trail with an exclusion as not compliant. People exclude KMS for its volume: nearly all of it is reads, so a "
    "selector for write events only would keep what matters and lose the reads of every service.",
    remedy="Remove the source from exclude_management_event_sources (ExcludeManagementEventSources), or the NotEquals "
    "on eventSource, from at least one selector. Where cost decides, ignore this rule with the reason written down.",
    evaluate=evaluate,
    compliance={"AWS Config": ("multi-region-cloudtrail-enabled", "cloudtrail-security-trail-enabled")},
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
        "https://docs.aws.amazon.com/config/latest/developerguide/multi-region-cloudtrail-enabled.html",
    ),
    drops_to_note=True,
    security_severity="4.5",
)
