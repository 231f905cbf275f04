"""CT028: the trail may be created before the policy of its bucket."""

from checkov_cloudtrail.cloudtrail.delivery import linked, policy_order
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, context: Context) -> Outcome | None:
    """Judge one trail whose bucket is in the code and has a policy there."""
    link = trail.links.bucket
    if link is None:
        return None
    bucket = linked(context.case.neighbours.buckets, link)
    if bucket is None:
        return unsure(f"Cannot tell whether the trail waits for its bucket's policy: {link.because}", link.range)
    answer = policy_order(trail, bucket)
    if answer.granted is None:
        return unsure(f"Cannot tell whether the trail waits for its bucket's policy: {answer.because}", answer.range)
    if answer.granted:
        return passed(answer.because, answer.range)
    message = f"The trail does not wait for {answer.because}: InsufficientS3BucketPolicyException, now and then"
    return failed(message, answer.range)


RULE = Rule(
    id="CT028",
    slug="bucket-policy-not-ordered",
    subject=Subject.TRAIL,
    level=Level.WARNING,
    profiles=frozenset({"default"}),
    summary="Fails when the trail does not depend on its bucket's policy.",
    why="CloudTrail tests the bucket when the trail is created. Without the dependency both are created at "
    "once, and the deployment fails now and then and succeeds when it is repeated. To depend on the "
    "bucket is not enough.",
    remedy="Add depends_on = [aws_s3_bucket_policy.NAME] (DependsOn: the bucket policy) to the trail.",
    evaluate=evaluate,
    references=("https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail",),
    security_severity="3.0",
)
