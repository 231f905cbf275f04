"""CT009: the log files are not encrypted with a KMS key."""

from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import given
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail. Any form of naming a key counts; CT026 judges the form."""
    name = spelled(trail.type, "kms_key")
    return given(
        trail.kms_key,
        good=f"Log files are encrypted with the KMS key in {name}",
        bad=f"Log files are not encrypted with a KMS key: {name} is not set",
    )


RULE = Rule(
    id="CT009",
    slug="no-kms-key",
    subject=Subject.TRAIL,
    level=Level.WARNING,
    profiles=frozenset({"cis", "security-hub", "aws-config"}),
    summary="Fails when the trail names no KMS key, so that its logs are encrypted with S3's own keys only.",
    why="Who may read the bucket may read the logs. With a KMS key a reader needs the right to decrypt as "
    "well, and every use of the key is recorded.",
    remedy="Set kms_key_id (KMSKeyId) to the ARN of a key whose policy lets CloudTrail use it.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.7",),
        "CIS 3.0": ("3.5",),
        "CIS 5.0": ("3.5",),
        "CIS 7.0": ("4.5",),
        "Security Hub": ("CloudTrail.2",),
        "FSBP": ("CloudTrail.2",),
        "AWS Config": ("cloud-trail-encryption-enabled", "cloudtrail-security-trail-enabled"),
    },
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
    ),
    security_severity="4.0",
)
