"""CT064: an event data store without a KMS key."""

from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import given
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import EventDataStore


def evaluate(store: EventDataStore, _: Context) -> Outcome:
    """Judge one event data store."""
    name = spelled(store.type, "kms_key")
    return given(
        store.kms_key,
        good=f"Events are encrypted with the KMS key in {name}",
        bad=f"Events are not encrypted with a KMS key: {name} is not set",
    )


RULE = Rule(
    id="CT064",
    slug="event-data-store-no-kms-key",
    subject=Subject.EVENT_DATA_STORE,
    level=Level.NOTE,
    profiles=frozenset({"hardening"}),
    summary="Fails when the event data store names no KMS key.",
    why="With a key of one's own a reader needs the right to decrypt as well. The key of a store can never be "
    "changed later.",
    remedy="Set kms_key_id (KmsKeyId) when the store is created.",
    evaluate=evaluate,
    compliance={"Security Hub": ("CloudTrail.10",)},
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html",),
    security_severity="2.0",
)
