"""CT025: a key prefix of more than 200 characters."""

from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.delivery import MAX_PREFIX
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Absent, Known, Unknown


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail. The provider lets 2000 characters through, the API takes 200."""
    name = spelled(trail.type, "key_prefix")
    bad = f"CloudTrail refuses {name}: it has more than {MAX_PREFIX} characters (InvalidS3PrefixException)"
    match trail.key_prefix:
        case Known(prefix, origin):
            return failed(bad, origin) if len(prefix) > MAX_PREFIX else passed(f"{name} is short enough", origin)
        case Absent(origin):
            return passed(f"{name} is not set", origin)
        case Unknown(because, origin, parts):
            if sum(len(part) for part in parts if isinstance(part, str)) > MAX_PREFIX:
                return failed(bad, origin)
            return unsure(f"Cannot tell whether {name} is short enough: {because}", origin)


RULE = Rule(
    id="CT025",
    slug="key-prefix-too-long",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when the S3 key prefix has more than 200 characters.",
    why="Terraform's provider accepts 2000 characters; the API refuses the trail when it is applied.",
    remedy="Shorten s3_key_prefix (S3KeyPrefix) to 200 characters or fewer.",
    evaluate=evaluate,
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",),
    security_severity="5.0",
)
