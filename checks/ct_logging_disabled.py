"""CT003: the trail is created stopped."""

from checkov_cloudtrail.cloudtrail.compliance import logging_undeclared
from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed
from checkov_cloudtrail.cloudtrail.verdicts import judge_switch
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail; where the switch is required and missing, CT029 repairs it."""
    if logging_undeclared(trail):
        message = f"The trail does not log: {spelled(trail.type, 'logging')} is missing, and nothing else starts it"
        return failed(message, trail.logging.origin)
    return judge_switch(trail, "logging", good="The trail logs", bad="The trail is created stopped")


RULE = Rule(
    id="CT003",
    slug="logging-disabled",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default", "cis", "security-hub", "aws-config"}),
    summary="Fails when the trail is created stopped.",
    why="A stopped trail looks like a trail in every list of resources and records nothing.",
    remedy="Set enable_logging (IsLogging) to true. Terraform does so by default; CloudFormation asks for it.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.1",),
        "CIS 3.0": ("3.1",),
        "CIS 5.0": ("3.1",),
        "CIS 7.0": ("4.1",),
        "Security Hub": ("CloudTrail.1", "CloudTrail.3"),
        "AWS Config": ("cloudtrail-enabled",),
    },
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartLogging.html",),
    drops_to_note=True,
    security_severity="8.0",
)
