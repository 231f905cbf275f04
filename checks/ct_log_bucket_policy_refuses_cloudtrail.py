"""CT046: the policy of the log bucket keeps CloudTrail out."""

from checkov_cloudtrail.cloudtrail.delivery import bucket_accepts, writers
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure, worst
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(bucket: Bucket, context: Context) -> Outcome | None:
    """Judge one bucket for every trail that delivers to it, organization trails with their own path."""
    return worst(_judge(bucket, trail, context) for trail in writers(context.case, bucket))


def _judge(bucket: Bucket, trail: Trail, context: Context) -> Outcome:
    answer = bucket_accepts(trail, bucket, context.case)
    if answer.granted:
        return passed(f"The bucket policy lets {trail.address} in", answer.range)
    if answer.granted is None:
        return unsure(f"Cannot tell whether the bucket lets {trail.address} in: {answer.because}", answer.range)
    message = f"The bucket refuses {trail.address}: {answer.because} (InsufficientS3BucketPolicyException)"
    return failed(message, answer.range)


RULE = Rule(
    id="CT046",
    slug="log-bucket-policy-refuses-cloudtrail",
    subject=Subject.BUCKET,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when the statements that CloudTrail needs are missing from the bucket policy, are wrong, or "
    "are denied again.",
    why="CloudTrail tests the bucket when the trail is created and refuses it. A policy that is broken later "
    "stops delivery without an error in any deployment.",
    remedy="Allow cloudtrail.amazonaws.com s3:GetBucketAcl on the bucket and s3:PutObject on "
    "PREFIX/AWSLogs/ACCOUNT/*, for an organization trail on PREFIX/AWSLogs/ORGANIZATION/* as well; except "
    "services from statements that deny.",
    evaluate=evaluate,
    compliance={},
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    ),
    security_severity="6.0",
)
