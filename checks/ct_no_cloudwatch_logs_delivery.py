"""CT010: the trail does not deliver to CloudWatch Logs."""

from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import given
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail. CT022 judges whether the role is there as well, CT023 the form of the ARN."""
    name = spelled(trail.type, "log_group_arn")
    return given(
        trail.log_group_arn,
        good=f"The trail delivers to the CloudWatch Logs group in {name}",
        bad=f"The trail does not deliver to CloudWatch Logs: {name} is not set",
    )


RULE = Rule(
    id="CT010",
    slug="no-cloudwatch-logs-delivery",
    subject=Subject.TRAIL,
    level=Level.WARNING,
    profiles=frozenset({"security-hub"}),
    summary="Fails when the trail names no CloudWatch Logs group.",
    why="Files in a bucket raise no alarm. Metric filters and alarms need the events in a log group.",
    remedy="Set cloud_watch_logs_group_arn and cloud_watch_logs_role_arn (CloudWatchLogsLogGroupArn and "
    "CloudWatchLogsRoleArn) to a log group and a role in the trail's own account.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.4",),
        "Security Hub": ("CloudTrail.5",),
        "FSBP": ("CloudTrail.5",),
        "AWS Config": ("cloud-trail-cloud-watch-logs-enabled",),
    },
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    ),
    security_severity="3.0",
)
