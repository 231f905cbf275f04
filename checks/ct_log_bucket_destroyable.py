"""CT044: the log bucket goes when the deployment goes."""

from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.values import Absent, Known, Unknown


def evaluate(bucket: Bucket, _: Context) -> Outcome:
    """Judge one bucket. Terraform empties it only with force_destroy; CloudFormation keeps it only when told to."""
    if bucket.type.startswith("AWS::"):
        match bucket.deletion_policy:
            case Known("Retain" | "RetainExceptOnCreate" as kept, origin):
                return passed(f"The log bucket outlives its stack: DeletionPolicy is {kept}", origin)
            case Unknown(because, origin):
                return unsure(f"Cannot tell whether the log bucket outlives its stack: {because}", origin)
            case Known(_, origin) | Absent(origin):
                return failed("The log bucket goes with its stack: DeletionPolicy is not Retain", origin)
    if isinstance(bucket.prevent_destroy, Known) and bucket.prevent_destroy.value:
        return passed("The log bucket cannot be destroyed: prevent_destroy is true", bucket.prevent_destroy.origin)
    match bucket.force_destroy:
        case Known(True, origin):
            return failed("The log bucket can be destroyed with all logs in it: force_destroy is true", origin)
        case Unknown(because, origin):
            return unsure(f"Cannot tell whether the log bucket can be destroyed with all logs in it: {because}", origin)
        case Known(_, origin) | Absent(origin):
            return passed("A log bucket with logs in it cannot be destroyed: force_destroy is false", origin)


RULE = Rule(
    id="CT044",
    slug="log-bucket-destroyable",
    subject=Subject.BUCKET,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when force_destroy is true, or when CloudFormation is not told to retain the bucket.",
    why="A mistaken destroy, or a stolen pipeline, takes all logs along. force_destroy removes even locked objects.",
    remedy="Remove force_destroy; in CloudFormation set DeletionPolicy: Retain on the bucket.",
    evaluate=evaluate,
    compliance={},
    references=("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",),
    security_severity="4.0",
)
