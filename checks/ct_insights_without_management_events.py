"""CT027: Insights that the trail's selectors cannot feed."""

from checkov_cloudtrail.cloudtrail.delivery import insight_problem
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure, worst
from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import InsightSelector, Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail: each Insights type against what the trail records."""
    selectors = trail.insight_selectors
    recorded = coverage(trail)
    fine = passed("The trail records what its Insights need", selectors.origin or trail.location)

    def judge(selector: InsightSelector) -> Outcome:
        answer, because = insight_problem(selector, recorded)
        if answer:
            message = f"CloudTrail refuses the Insights: {because} (InvalidInsightSelectorsException)"
            return failed(message, selector.range)
        if answer is None:
            return unsure(f"Cannot tell whether the trail records what its Insights need: {because}", selector.range)
        return fine

    outcomes = [judge(selector) for selector in selectors.known]
    if selectors.unknown is not None:
        because = selectors.unknown.because
        outcomes.append(unsure(f"Cannot tell which Insights there are: {because}", selectors.unknown.origin))
    return worst(outcomes) or fine


RULE = Rule(
    id="CT027",
    slug="insights-without-management-events",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when an Insights type needs events that the trail's selectors do not record.",
    why="The call that turns Insights on is refused, after the trail has been created.",
    remedy="Record write management events for ApiCallRateInsight, read or write ones for ApiErrorRateInsight, "
    "and data events for Insights on data events; or remove the Insights selector.",
    evaluate=evaluate,
    references=("https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html",),
    security_severity="4.0",
)
