"""CT041: the log bucket keeps no earlier versions."""

from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.values import Absent, Known, Unknown

ENABLE = SetAttribute("versioning", "Enabled", "Enable versioning")


def evaluate(bucket: Bucket, _: Context) -> Outcome:
    """Judge one bucket; object lock brings versioning with it."""
    match bucket.versioning:
        case Known("Enabled", origin):
            return passed("The log bucket is versioned", origin)
        case Known(status, origin):
            return failed(f"The log bucket is not versioned: versioning is {status}", origin, ENABLE)
        case Unknown(because, origin):
            return unsure(f"Cannot tell whether the log bucket is versioned: {because}", origin)
        case Absent(origin):
            if isinstance(bucket.object_lock.enabled, Known) and bucket.object_lock.enabled.value:
                return passed("The log bucket is versioned: object lock asks for it", bucket.object_lock.enabled.origin)
            return failed("The log bucket is not versioned: nothing enables it", origin, ENABLE)


RULE = Rule(
    id="CT041",
    slug="log-bucket-unversioned",
    subject=Subject.BUCKET,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when versioning of the log bucket is not enabled.",
    why="Without versions an overwritten or deleted log file is gone, and with it the evidence.",
    remedy="Add an aws_s3_bucket_versioning resource with status Enabled (VersioningConfiguration: Status: Enabled).",
    evaluate=evaluate,
    compliance={
        "Security Hub": ("S3.14",),
        "AWS Config": ("s3-bucket-versioning-enabled",),
    },
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",),
    security_severity="3.5",
)
