"""CT045: reading the logs leaves no trace."""

from checkov_cloudtrail.cloudtrail.delivery import writers
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, present, unsure
from checkov_cloudtrail.cloudtrail.spelling import Speller
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.values import Unknown


def evaluate(bucket: Bucket, context: Context) -> Outcome:
    """Judge one bucket; a bucket that logs to itself is as good as none."""
    value = bucket.logging_target
    if present(value) is False:
        return failed("Access to the log bucket is not logged", value.origin)
    if isinstance(value, Unknown) and not value.present and present(value) is None:
        return unsure(f"Cannot tell whether access to the log bucket is logged: {value.because}", value.origin)
    trails = writers(context.case, bucket)
    if trails and Speller(context.case, trails[0]).same(value, bucket.name):
        return failed("Access to the log bucket is logged into the bucket itself", value.origin)
    return passed("Access to the log bucket is logged", value.origin)


RULE = Rule(
    id="CT045",
    slug="log-bucket-access-not-logged",
    subject=Subject.BUCKET,
    level=Level.NOTE,
    profiles=frozenset({"cis", "security-hub"}),
    summary="Fails when server access logging of the log bucket is off, or goes into the bucket itself.",
    why="Access logs show who read or removed log files. Data events of the bucket are an alternative, at the "
    "price of events about every delivery.",
    remedy="Add an aws_s3_bucket_logging resource with another bucket as target (LoggingConfiguration).",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.6",),
        "CIS 3.0": ("3.4",),
        "CIS 5.0": ("3.4",),
        "CIS 7.0": ("4.4",),
        "Security Hub": ("CloudTrail.7",),
        "AWS Config": ("s3-bucket-logging-enabled",),
    },
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",),
    security_severity="2.0",
)
