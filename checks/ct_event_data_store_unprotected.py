"""CT061: an event data store that can be deleted at once."""

from checkov_cloudtrail.cloudtrail.defaults import effective, spelled
from checkov_cloudtrail.cloudtrail.outcomes import flag
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.trail import EventDataStore


def evaluate(store: EventDataStore, _: Context) -> Outcome:
    """Judge one event data store."""
    name = spelled(store.type, "termination_protection")
    return flag(
        effective(store, "termination_protection"),
        wanted=True,
        good=f"The event data store is protected: {name} is not false",
        bad=f"The event data store can be deleted: {name} is false",
        repair=SetAttribute("termination_protection", True, f"Set {name} to true"),
    )


RULE = Rule(
    id="CT061",
    slug="event-data-store-unprotected",
    subject=Subject.EVENT_DATA_STORE,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when termination protection of the event data store is off.",
    why="Whoever may delete the store removes its events without a second step.",
    remedy="Set termination_protection_enabled (TerminationProtectionEnabled) to true, or leave it out.",
    evaluate=evaluate,
    compliance={},
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html",),
    security_severity="4.0",
)
