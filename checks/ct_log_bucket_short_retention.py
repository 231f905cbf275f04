"""CT042: log files expire too early."""

from checkov_cloudtrail.cloudtrail.buckets import expiry
from checkov_cloudtrail.cloudtrail.delivery import log_prefix, writers
from checkov_cloudtrail.cloudtrail.outcomes import worst
from checkov_cloudtrail.cloudtrail.spelling import Speller
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject


def evaluate(bucket: Bucket, context: Context) -> Outcome | None:
    """Judge one bucket against the log prefix of every trail that it serves."""
    days = context.policy.min_retention_days
    spellers = [(trail, Speller(context.case, trail)) for trail in writers(context.case, bucket)]
    return worst(expiry(bucket, log_prefix(trail, speller), days, speller) for trail, speller in spellers)


RULE = Rule(
    id="CT042",
    slug="log-bucket-short-retention",
    subject=Subject.BUCKET,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when an enabled lifecycle rule removes log files before min_retention_days.",
    why="An intrusion is often found months later. CloudTrail keeps files for ever unless a rule removes "
    "them; no rule at all is fine.",
    remedy="Raise the rule's expiration, restrict its prefix to other files, or remove it.",
    evaluate=evaluate,
    compliance={"AWS Config": ("s3-lifecycle-policy-check",)},
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",),
    security_severity="3.0",
)
