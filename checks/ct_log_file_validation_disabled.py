"""CT004: nobody could prove that a log file is what CloudTrail wrote."""

from checkov_cloudtrail.cloudtrail.verdicts import judge_switch
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail."""
    return judge_switch(trail, "log_file_validation", good="Log files are validated", bad="Log files are not validated")


RULE = Rule(
    id="CT004",
    slug="log-file-validation-disabled",
    subject=Subject.TRAIL,
    level=Level.WARNING,
    profiles=frozenset({"default", "cis", "security-hub", "aws-config"}),
    summary="Fails when log file validation is off, which is the default of Terraform and CloudFormation.",
    why="Without the signed digest files nobody can tell whether a log file was changed or deleted after CloudTrail "
    "delivered it.",
    remedy="Set enable_log_file_validation (EnableLogFileValidation) to true. Turning it off later breaks the chain of "
    "digests after one hour.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.2",),
        "CIS 3.0": ("3.2",),
        "CIS 5.0": ("3.2",),
        "CIS 7.0": ("4.2",),
        "Security Hub": ("CloudTrail.4",),
        "AWS Config": ("cloud-trail-log-file-validation-enabled", "cloudtrail-security-trail-enabled"),
    },
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
    ),
    security_severity="4.0",
)
