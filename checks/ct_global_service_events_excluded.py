"""CT008: events of IAM, STS and CloudFront do not reach the trail."""

from checkov_cloudtrail.cloudtrail.defaults import effective, spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.cloudtrail.verdicts import judge_switch
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject, Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Absent, Known, Unknown

# Where the events of global services exist, by partition [UG concepts].
HOME_REGIONS = ("us-east-1", "us-gov-west-1", "cn-north-1")

_UNSURE = "Cannot tell whether global service events reach the trail"


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail: the switch, and for a single-Region trail also where it is."""
    switch = judge_switch(
        trail,
        "global_service_events",
        good="Global service events are recorded",
        bad="Global service events are not recorded",
    )
    if switch.verdict is Verdict.FAIL:
        return switch
    multi_region = effective(trail, "multi_region")
    name = spelled(trail.type, "multi_region")
    match multi_region:
        case Known(True, origin):
            # Omitted in a template: CloudTrail takes no multi-Region trail without them.
            if isinstance(trail.global_service_events, Unknown):
                return switch
            return passed("Global service events are recorded: the trail is multi-Region", origin)
        case Unknown(because, origin):
            return unsure(f"{_UNSURE}: {because}", origin)
    match trail.region:
        case Known(region, origin) if region not in HOME_REGIONS:
            message = f"Global service events exist in us-east-1 only: they do not reach this trail in {region}"
            return failed(message, origin)
        case Unknown(because):
            return unsure(f"{_UNSURE}: {because}", multi_region.origin)
        case Absent():
            return unsure(f"{_UNSURE}: its Region is not known, and {name} is not true", multi_region.origin)
    return switch


RULE = Rule(
    id="CT008",
    slug="global-service-events-excluded",
    subject=Subject.TRAIL,
    level=Level.WARNING,
    profiles=frozenset({"default", "aws-config"}),
    summary="Fails when global service events are switched off, or cannot arrive because the trail is single-Region "
    "and not in us-east-1.",
    why="IAM, STS and CloudFront are global services: since November 2021 their events exist in us-east-1 only. A "
    "trail that does not see them misses who created a user, a role or an access key.",
    remedy="Make the trail multi-Region, and leave include_global_service_events (IncludeGlobalServiceEvents) true.",
    evaluate=evaluate,
    compliance={"AWS Config": ("cloudtrail-security-trail-enabled",)},
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html",),
    drops_to_note=True,
    security_severity="5.0",
)
