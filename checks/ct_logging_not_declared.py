"""CT029: a template's trail that does not say whether it logs."""

from checkov_cloudtrail.cloudtrail.compliance import logging_undeclared
from checkov_cloudtrail.cloudtrail.defaults import ATTRIBUTES, spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome | None:
    """Judge one trail; Terraform's aws_cloudtrail has a default and is not judged."""
    if not ATTRIBUTES[trail.type]["logging"].required:
        return None
    name = spelled(trail.type, "logging")
    if logging_undeclared(trail):
        message = f"The required property {name} is missing: the trail is refused"
        return failed(message, trail.logging.origin, SetAttribute("logging", True, f"Set {name} to true"))
    return passed(f"{name} is declared", trail.logging.origin)


RULE = Rule(
    id="CT029",
    slug="logging-not-declared",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when a CloudFormation trail has no IsLogging, which CloudFormation requires.",
    why="CloudFormation refuses the resource, and there is no trail.",
    remedy="Add IsLogging: true.",
    evaluate=evaluate,
    references=(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html",
    ),
    security_severity="6.0",
)
