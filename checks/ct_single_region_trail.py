"""CT002: the trail sees one Region."""

from checkov_cloudtrail.cloudtrail.defaults import effective
from checkov_cloudtrail.cloudtrail.outcomes import passed
from checkov_cloudtrail.cloudtrail.verdicts import judge_switch
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known


def evaluate(trail: Trail, context: Context) -> Outcome:
    """Judge one trail; the policy may accept an organization trail of one Region."""
    if context.policy.single_region_organization_trail == "accept":
        match effective(trail, "organization"):
            case Known(True, origin):
                return passed("The configuration accepts an organization trail of one Region", origin)
    return judge_switch(trail, "multi_region", good="The trail is multi-Region", bad="The trail is single-Region")


RULE = Rule(
    id="CT002",
    slug="single-region-trail",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default", "cis", "security-hub", "aws-config"}),
    summary="Fails when the trail is not multi-Region, which is what Terraform and CloudFormation make by default.",
    why="A trail of one Region records nothing of what happens in the others: whoever wants to stay unseen works in a "
    "Region that nobody uses. Events of global services arrive in us-east-1 only.",
    remedy="Set is_multi_region_trail (IsMultiRegionTrail) to true. The console makes multi-Region trails; the API, "
    "Terraform and CloudFormation do not unless told.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.1",),
        "CIS 3.0": ("3.1",),
        "CIS 5.0": ("3.1",),
        "CIS 7.0": ("4.1",),
        "Security Hub": ("CloudTrail.1",),
        "AWS Config": ("multi-region-cloudtrail-enabled", "cloudtrail-security-trail-enabled"),
    },
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-multi-region-trails.html",),
    drops_to_note=True,
    security_severity="7.0",
)
