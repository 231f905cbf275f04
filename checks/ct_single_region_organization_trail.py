"""CT007: an organization trail that sees one Region of each account."""

from checkov_cloudtrail.cloudtrail.defaults import effective, spelled
from checkov_cloudtrail.cloudtrail.outcomes import passed, unsure
from checkov_cloudtrail.cloudtrail.verdicts import judge_switch
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject, Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known, Unknown


def evaluate(trail: Trail, context: Context) -> Outcome:
    """Judge one trail; both switches decide together."""
    organization = effective(trail, "organization")
    name = spelled(trail.type, "organization")
    regions = judge_switch(
        trail,
        "multi_region",
        good="The organization trail covers all Regions of each account",
        bad="The organization trail covers one Region of each account",
    )
    match organization:
        case Known(False, origin):
            return passed(f"The trail is not an organization trail: {name} is not true", origin)
        case Known(True, origin) if context.policy.single_region_organization_trail == "accept":
            return passed("The configuration accepts an organization trail of one Region", origin)
        case Unknown(because, origin) if regions.verdict is not Verdict.PASS:
            return unsure(f"Cannot tell whether this is a single-Region organization trail: {because}", origin)
    return regions


RULE = Rule(
    id="CT007",
    slug="single-region-organization-trail",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when an organization trail is not multi-Region, so that it covers one Region of each account.",
    why="An organization trail is taken as proof that every account is covered. Made by Terraform or CloudFormation it "
    "covers one Region unless told otherwise, and every account of the organization has the same blind spot.",
    remedy="Set is_multi_region_trail (IsMultiRegionTrail) to true beside is_organization_trail (IsOrganizationTrail).",
    evaluate=evaluate,
    compliance={"CIS 3.0": ("3.1",), "Security Hub": ("CloudTrail.1",)},
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html",),
    drops_to_note=True,
    security_severity="7.0",
)
