"""CT063: an event data store that takes no events."""

from checkov_cloudtrail.cloudtrail.defaults import effective, spelled
from checkov_cloudtrail.cloudtrail.outcomes import flag
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.trail import EventDataStore


def evaluate(store: EventDataStore, _: Context) -> Outcome:
    """Judge one event data store. Terraform does not read the state back, so drift stays unseen."""
    name = spelled(store.type, "ingestion")
    wanted = "false" if name == "suspend" else "true"
    return flag(
        effective(store, "ingestion"),
        wanted=True,
        good="The event data store takes events",
        bad="The event data store is suspended",
        repair=SetAttribute("ingestion", True, f"Set {name} to {wanted}"),
    )


RULE = Rule(
    id="CT063",
    slug="event-data-store-suspended",
    subject=Subject.EVENT_DATA_STORE,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when ingestion is stopped.",
    why="A suspended store keeps what it has and records nothing new.",
    remedy="Remove suspend, or set IngestionEnabled to true.",
    evaluate=evaluate,
    compliance={},
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html",),
    security_severity="3.0",
)
