"""CT013: nobody is told when log files arrive."""

from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import given
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail."""
    name = spelled(trail.type, "sns_topic")
    return given(
        trail.sns_topic,
        good=f"Deliveries are announced to the SNS topic in {name}",
        bad=f"Deliveries are not announced: {name} is not set",
    )


RULE = Rule(
    id="CT013",
    slug="no-sns-notification",
    subject=Subject.TRAIL,
    level=Level.NOTE,
    profiles=frozenset(),
    summary="Fails when the trail names no SNS topic.",
    why="A topic lets other systems work on log files as they arrive, and shows when they stop arriving.",
    remedy="Set sns_topic_name (SnsTopicName) to a topic whose policy lets cloudtrail.amazonaws.com publish.",
    evaluate=evaluate,
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html",
    ),
    security_severity="1.0",
)
