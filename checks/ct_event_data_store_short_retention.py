"""CT062: an event data store that forgets too early."""

from dataclasses import replace

from checkov_cloudtrail.cloudtrail.defaults import effective
from checkov_cloudtrail.cloudtrail.event_data_stores import retention_refusal
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import EventDataStore
from checkov_cloudtrail.model.values import Unknown


def evaluate(store: EventDataStore, context: Context) -> Outcome:
    """Judge one event data store, and the longest period that its pricing allows."""
    days = context.policy.min_retention_days
    value = effective(store, "retention_days")
    if isinstance(value, Unknown):
        return unsure(f"Cannot tell whether events stay for {days} days: {value.because}", value.origin)
    if refusal := retention_refusal(store):
        return replace(failed(refusal, value.origin), level=Level.ERROR)
    if value.value < days:
        return failed(f"Events stay for {value.value} of the required {days} days", value.origin)
    return passed(f"Events stay for {value.value} days", value.origin)


RULE = Rule(
    id="CT062",
    slug="event-data-store-short-retention",
    subject=Subject.EVENT_DATA_STORE,
    level=Level.NOTE,
    profiles=frozenset({"hardening"}),
    summary="Fails when the event data store keeps events for less than min_retention_days, or longer than AWS allows.",
    why="An intrusion is often found months later.",
    remedy="Raise retention_period (RetentionPeriod).",
    evaluate=evaluate,
    compliance={},
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html",),
    security_severity="2.0",
)
