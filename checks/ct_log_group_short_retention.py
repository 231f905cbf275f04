"""CT052: events in the log group expire too early."""

from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.neighbours import LogGroup
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.values import Absent, Known, Unknown


def evaluate(group: LogGroup, context: Context) -> Outcome:
    """Judge one log group; without a period, or with 0, its events never expire."""
    days = context.policy.min_retention_days
    match group.retention_days:
        case Known(number, origin) if 0 < number < days:
            return failed(f"CloudWatch logs expire after {number} of the required {days} days", origin)
        case Unknown(because, origin):
            return unsure(f"Cannot tell whether CloudWatch logs stay for {days} days: {because}", origin)
        case Known(number, origin) if number:
            return passed(f"CloudWatch logs stay for {number} days", origin)
        case Known(_, origin) | Absent(origin):
            return passed("CloudWatch logs never expire", origin)


RULE = Rule(
    id="CT052",
    slug="log-group-short-retention",
    subject=Subject.LOG_GROUP,
    level=Level.NOTE,
    profiles=frozenset({"hardening"}),
    summary="Fails when the log group that the trail delivers to keeps events for less than min_retention_days.",
    why="The log group is where incidents are searched for; the bucket still has the files.",
    remedy="Raise retention_in_days (RetentionInDays), or leave it out to keep events for ever.",
    evaluate=evaluate,
    compliance={
        "Security Hub": ("CloudWatch.16",),
        "AWS Config": ("cw-loggroup-retention-period-check",),
    },
    references=("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",),
    security_severity="1.0",
)
