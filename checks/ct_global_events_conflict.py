"""CT021: multi-Region without global service events: refused when it is deployed."""

from checkov_cloudtrail.cloudtrail.compliance import global_events_conflict
from checkov_cloudtrail.cloudtrail.defaults import effective, spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known, Unknown


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail; only both values together are wrong."""
    name = spelled(trail.type, "global_service_events")
    events = effective(trail, "global_service_events")
    if global_events_conflict(trail):
        message = f"A multi-Region trail must include global service events: {name} is false, and CloudTrail refuses it"
        return failed(message, events.origin, SetAttribute("global_service_events", True, f"Set {name} to true"))
    multi_region = effective(trail, "multi_region")
    match multi_region, events:
        case (Known(True), Unknown(because, origin)) | (Unknown(because, origin), Known(False)):
            return unsure(f"Cannot tell whether CloudTrail will accept the trail: {because}", origin)
        case (Unknown(because, origin), Unknown(other)):
            return unsure(f"Cannot tell whether CloudTrail will accept the trail: {because}; {other}", origin)
    return passed("Multi-Region and global service events agree", events.origin)


RULE = Rule(
    id="CT021",
    slug="global-events-conflict",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when a multi-Region trail has global service events off; CloudTrail refuses it when it is deployed.",
    why="The deployment fails with InvalidParameterCombinationException, and there is no trail.",
    remedy="Set include_global_service_events (IncludeGlobalServiceEvents) to true. Write it out in CloudFormation, "
    "where leaving it out of a multi-Region trail was reported to be refused as well.",
    evaluate=evaluate,
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",),
    security_severity="5.0",
)
