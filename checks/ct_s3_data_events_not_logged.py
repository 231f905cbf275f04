"""CT011: no trail of the account records what is done to S3 objects."""

from checkov_cloudtrail.cloudtrail.object_events import recorder
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.deployment import Scope
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject


def evaluate(scope: Scope, context: Context) -> Outcome | None:
    """Judge one account: one trail has to record reads and writes of all objects."""
    found = [recorder(trail) for trail in context.case.trails if trail.scope == scope.key and trail.may_exist]
    unseen = [part for part in context.case.unseen if part.scope in (None, scope.key)]
    for one in found:
        if one.answer:
            return passed(f"{one.trail.address} records reads and writes of S3 objects", one.trail.location)
    for one in found:
        if one.answer is None:
            message = f"Cannot tell whether {one.trail.address} records reads and writes of S3 objects: {one.because}"
            return unsure(message, one.trail.location)
    if unseen:
        part = unseen[0]
        return unsure(f"Cannot tell whether {part.address} records S3 objects: {part.because}", part.location)
    if not found:
        return None
    reasons = "; ".join(f"{one.trail.address}: {one.because}" for one in found)
    return failed(f"No trail records reads and writes of S3 objects: {reasons}", found[0].trail.location)


RULE = Rule(
    id="CT011",
    slug="s3-data-events-not-logged",
    subject=Subject.ACCOUNT,
    level=Level.NOTE,
    profiles=frozenset({"cis"}),
    summary="Fails when no trail of the account records both reads and writes of the objects of all buckets.",
    why="Reading, overwriting and deleting objects are data events: without a selector for them an "
    "exfiltrated or destroyed bucket leaves no trace in any trail.",
    remedy="Add a selector for the resource type AWS::S3::Object to one trail; leave the log bucket itself out of it.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.10", "3.11"),
        "CIS 3.0": ("3.8", "3.9"),
        "CIS 5.0": ("3.8", "3.9"),
        "CIS 7.0": ("4.8", "4.9"),
        "Security Hub": ("S3.22", "S3.23"),
        "AWS Config": ("cloudtrail-s3-dataevents-enabled",),
    },
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",),
    security_severity="3.0",
)
