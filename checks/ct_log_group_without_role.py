"""CT022: a log group without the role that writes to it, or the reverse."""

from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, present, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Unknown


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail: both or neither."""
    group, role = spelled(trail.type, "log_group_arn"), spelled(trail.type, "log_group_role")
    answers = present(trail.log_group_arn), present(trail.log_group_role)
    if answers == (True, False):
        message = f"CloudTrail refuses {group} without {role}: InvalidCloudWatchLogsRoleArnException"
        return failed(message, trail.log_group_arn.origin)
    if answers == (False, True):
        message = f"CloudTrail refuses {role} without {group}: InvalidCloudWatchLogsLogGroupArnException"
        return failed(message, trail.log_group_role.origin)
    if answers in {(True, True), (False, False)}:
        return passed(f"{group} and {role} are {'both' if answers[0] else 'neither'} set", trail.log_group_arn.origin)
    value = trail.log_group_arn if answers[0] is None else trail.log_group_role
    because = value.because if isinstance(value, Unknown) else "one of them is not known"
    return unsure(f"Cannot tell whether {group} and {role} come together: {because}", value.origin)


RULE = Rule(
    id="CT022",
    slug="log-group-without-role",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when the trail names a CloudWatch Logs group without a role, or a role without a group.",
    why="The call that creates the trail is refused: CloudTrail writes to the group with that role and no other.",
    remedy="Set both cloud_watch_logs_group_arn and cloud_watch_logs_role_arn (CloudWatchLogsLogGroupArn and "
    "CloudWatchLogsRoleArn), or neither.",
    evaluate=evaluate,
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",),
    security_severity="5.0",
)
