"""CT043: log files can be removed before their time."""

from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.values import Known, Unknown


def evaluate(bucket: Bucket, _: Context) -> Outcome:
    """Judge one bucket: the lock protects files only with a default mode and period."""
    lock = bucket.object_lock
    for value in (lock.enabled, lock.mode, lock.days, lock.years):
        if isinstance(value, Unknown):
            return unsure(f"Cannot tell whether log files are locked: {value.because}", value.origin)
    period = any(isinstance(value, Known) and value.value > 0 for value in (lock.days, lock.years))
    if isinstance(lock.mode, Known) and lock.mode.value in ("GOVERNANCE", "COMPLIANCE") and period:
        return passed(f"Log files are locked in {lock.mode.value} mode", lock.mode.origin)
    if isinstance(lock.enabled, Known) and lock.enabled.value:
        return failed("Log files are not locked: object lock has no default retention", lock.enabled.origin)
    return failed("Log files are not locked: the bucket has no object lock", lock.mode.origin)


RULE = Rule(
    id="CT043",
    slug="log-bucket-unlocked",
    subject=Subject.BUCKET,
    level=Level.NOTE,
    profiles=frozenset({"hardening"}),
    summary="Fails when the log bucket has no object lock with a default retention.",
    why="Who may delete objects may delete the evidence. A lock makes files undeletable for its period; the "
    "flag alone, without a default retention, locks nothing.",
    remedy="Add an aws_s3_bucket_object_lock_configuration with default_retention (ObjectLockConfiguration with "
    "a DefaultRetention).",
    evaluate=evaluate,
    compliance={
        "Security Hub": ("S3.15",),
        "AWS Config": ("s3-bucket-default-lock-enabled",),
    },
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",),
    security_severity="2.0",
)
