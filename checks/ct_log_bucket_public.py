"""CT040: something opens the log bucket to everyone."""

from checkov_cloudtrail.cloudtrail.buckets import exposure
from checkov_cloudtrail.cloudtrail.delivery import writers
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.cloudtrail.spelling import Speller
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject


def evaluate(bucket: Bucket, context: Context) -> Outcome | None:
    """Judge one bucket that a trail delivers to."""
    trails = writers(context.case, bucket)
    if not trails:
        return None
    answer = exposure(bucket, Speller(context.case, trails[0]))
    if answer.granted:
        return failed(f"The log bucket is open to everyone: {answer.because}", answer.range)
    if answer.granted is None:
        return unsure(f"Cannot tell whether the log bucket is closed: {answer.because}", answer.range)
    return passed(f"The log bucket is closed: {answer.because}", answer.range)


RULE = Rule(
    id="CT040",
    slug="log-bucket-public",
    subject=Subject.BUCKET,
    level=Level.ERROR,
    profiles=frozenset({"default", "cis", "security-hub"}),
    summary="Fails when an ACL, the policy, or a public access block that leaves a flag off opens the log bucket.",
    why="The logs tell an attacker what the account runs, who administers it and what has been noticed. A "
    "partial public access block is worse than none: it turns AWS's own protection of new buckets off for "
    "the rest.",
    remedy="Make the ACL private, name the principals in the policy, and set all four flags of the bucket's "
    "public access block to true.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.3",),
        "Security Hub": ("CloudTrail.6",),
        "FSBP": ("S3.2", "S3.3"),
        "AWS Config": ("s3-bucket-public-read-prohibited", "s3-bucket-public-write-prohibited"),
    },
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",),
    security_severity="8.5",
)
