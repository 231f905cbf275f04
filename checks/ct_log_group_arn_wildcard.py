"""CT023: the ARN of the log group has the wrong ending."""

from checkov_cloudtrail.cloudtrail.arns import ending_problem, is_group_name, lacks_ending
from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, present, unsure
from checkov_cloudtrail.model.rule import AppendText, Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, context: Context) -> Outcome:
    """Judge one trail: `arn:...:log-group:NAME:*`, exactly once."""
    value = trail.log_group_arn
    name = spelled(trail.type, "log_group_arn")
    if present(value) is False:
        return passed(f"{name} is not set", value.origin)
    if is_group_name(value, {group.address for group in context.case.neighbours.log_groups}):
        return failed(f"CloudTrail cannot validate {name}: it is the name of the log group, not its ARN", value.origin)
    answer, because = ending_problem(value)
    if answer:
        message = f"CloudTrail cannot validate {name}: {because} (InvalidCloudWatchLogsLogGroupArnException)"
        repair = AppendText("log_group_arn", ":*", f'Append ":*" to {name}') if lacks_ending(value) else None
        return failed(message, value.origin, repair)
    if answer is None:
        return unsure(f'Cannot tell whether {name} ends with ":*": {because}', value.origin)
    return passed(f'{name} ends with ":*"', value.origin)


RULE = Rule(
    id="CT023",
    slug="log-group-arn-wildcard",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary='Fails when the ARN of the log group lacks ":*" at its end, or has it twice.',
    why="CloudTrail asks for all log streams of the group and refuses any other form. Terraform's "
    "aws_cloudwatch_log_group.arn comes without the ending, CloudFormation's LogGroup.Arn comes with it.",
    remedy='Write "${aws_cloudwatch_log_group.NAME.arn}:*" in Terraform, and !GetAtt NAME.Arn in CloudFormation.',
    evaluate=evaluate,
    references=("https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail",),
    security_severity="5.0",
)
