"""CT060: an event data store that sees one Region."""

from checkov_cloudtrail.cloudtrail.defaults import effective, spelled
from checkov_cloudtrail.cloudtrail.outcomes import flag
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.trail import EventDataStore


def evaluate(store: EventDataStore, _: Context) -> Outcome:
    """Judge one event data store."""
    name = spelled(store.type, "multi_region")
    return flag(
        effective(store, "multi_region"),
        wanted=True,
        good=f"The event data store takes events of all Regions: {name} is not false",
        bad=f"The event data store takes events of one Region only: {name} is false",
        repair=SetAttribute("multi_region", True, f"Set {name} to true"),
    )


RULE = Rule(
    id="CT060",
    slug="event-data-store-single-region",
    subject=Subject.EVENT_DATA_STORE,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when the event data store is not multi-Region.",
    why="Queries find nothing of what happened in another Region.",
    remedy="Set multi_region_enabled (MultiRegionEnabled) to true, or leave it out.",
    evaluate=evaluate,
    compliance={},
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html",),
    security_severity="3.0",
)
