"""CT024: a name that CloudTrail refuses."""

from checkov_cloudtrail.cloudtrail.defaults import ATTRIBUTES, spelled
from checkov_cloudtrail.cloudtrail.delivery import name_problem
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Absent


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail. CloudFormation makes up a name where none is written, Terraform asks for one."""
    name = spelled(trail.type, "name")
    if isinstance(trail.name, Absent):
        if ATTRIBUTES[trail.type]["name"].required:
            return failed(f"The trail has no name: {name} is required", trail.name.origin)
        return passed(f"{name} is not set: CloudFormation generates a name", trail.name.origin)
    answer, because = name_problem(trail.name)
    if answer:
        return failed(f"CloudTrail refuses the trail's name: {because} (InvalidTrailNameException)", trail.name.origin)
    if answer is None:
        return unsure(f"Cannot tell whether CloudTrail accepts the trail's name: {because}", trail.name.origin)
    return passed("CloudTrail accepts the trail's name", trail.name.origin)


RULE = Rule(
    id="CT024",
    slug="invalid-trail-name",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when the API refuses the trail's name.",
    why="Neither terraform validate nor the CloudFormation schema knows all of the API's rules, so the "
    "deployment fails half-way.",
    remedy="Use 3 to 128 letters, numbers, periods, underscores and dashes; a letter or number at both ends; no "
    "two symbols in a row; nothing that looks like an IP address.",
    evaluate=evaluate,
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html",
    ),
    security_severity="5.0",
)
