"""CT005: the trail does not record all management events."""

from typing import Any

from checkov_cloudtrail.cloudtrail.compliance import complete, incomplete_limits, lacking
from checkov_cloudtrail.cloudtrail.defaults import literal, spelled
from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import Coverage, Extent
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject, Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known, Value


def evaluate(trail: Trail, context: Context) -> Outcome:
    """Judge one trail by all its selectors together."""
    found = coverage(trail)
    extent = complete(found, context.policy)
    if extent is Extent.ALL:
        return Outcome(Verdict.PASS, "All read and write management events are recorded", trail.location)
    undecided = extent is Extent.UNKNOWN
    limits = incomplete_limits(found, undecided=undecided)
    where = limits[0].range if limits else trail.location
    evidence = tuple(dict.fromkeys(step for limit in limits for step in limit.evidence))
    reasons = "; ".join(dict.fromkeys(limit.text for limit in limits))
    if undecided:
        message = f"Cannot tell whether all management events are recorded: {reasons}"
        return Outcome(Verdict.UNKNOWN, message, where, evidence)
    return Outcome(Verdict.FAIL, f"{_wrong(found)}: {reasons}", where, evidence, repair=_repair(trail, where))


def _wrong(found: Coverage) -> str:
    """Say what is missing."""
    management = found.management
    if management.read is management.write is Extent.ALL:
        return "No single selector records all read and all write management events"
    halves = lacking(found)
    extents = {getattr(management, half) for half in halves.split(" and ")}
    missing = "not recorded" if extents == {Extent.NONE} else "not all recorded"
    return f"{halves.capitalize()} management events are {missing}"


def _repair(trail: Trail, where: Range) -> SetAttribute | None:
    """Mend the basic selector that the finding is reported on; what an advanced one was meant to say is not known."""
    for selector in trail.event_selectors.known:
        values: dict[str, tuple[Value[Any], bool | str]] = {
            "read_write_type": (selector.read_write_type, "All"),
            "include_management_events": (selector.include_management_events, True),
        }
        for attribute, (written, wanted) in values.items():
            if isinstance(written, Known) and written.origin.range == where:
                name = spelled(trail.type, attribute)
                # It decides about the selector's data events as well, and those are paid for.
                safe = attribute != "read_write_type" or selector.data_resources.surely_empty
                return SetAttribute(attribute, wanted, f"Set {name} to {literal(trail.type, wanted)}", safe)
    return None


RULE = Rule(
    id="CT005",
    slug="management-events-incomplete",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default", "cis", "security-hub", "aws-config"}),
    summary="Fails when the event selectors, taken together, do not record all read and all write management events.",
    why="Management events are the record of who changed what. Any event selector replaces CloudTrail's default of "
    "recording all of them: a selector for data events alone switches them off, while the trail looks healthy.",
    remedy="Leave event selectors out, or add one that takes everything: read_write_type All with "
    "include_management_events true, or an advanced selector whose only field is eventCategory Management.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.1",),
        "CIS 3.0": ("3.1",),
        "CIS 5.0": ("3.1",),
        "CIS 7.0": ("4.1",),
        "Security Hub": ("CloudTrail.1",),
        "AWS Config": ("cloudtrail-security-trail-enabled",),
    },
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html",
    ),
    drops_to_note=True,
    security_severity="7.0",
)
