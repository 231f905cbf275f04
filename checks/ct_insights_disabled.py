"""CT012: the trail has no Insights selector."""

from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail; a separate `aws_cloudtrail_insight_selectors` counts as the trail's own."""
    selectors = trail.insight_selectors
    at = selectors.origin or trail.location
    if selectors.known:
        return passed("Insights are on", selectors.known[0].range)
    if selectors.surely_empty:
        return failed("Insights are off: the trail has no Insights selector", at)
    because = selectors.unknown.because if selectors.unknown is not None else "a selector may be left out"
    return unsure(f"Cannot tell whether Insights are on: {because}", at)


RULE = Rule(
    id="CT012",
    slug="insights-disabled",
    subject=Subject.TRAIL,
    level=Level.NOTE,
    profiles=frozenset(),
    summary="Fails when the trail has no Insights selector.",
    why="Insights compares call and error rates with the account's own past and reports what stands out.",
    remedy="Add insight_selector blocks (InsightSelectors) for ApiCallRateInsight and ApiErrorRateInsight. They "
    "cost extra for every event that is analysed.",
    evaluate=evaluate,
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html",
    ),
    security_severity="1.0",
)
