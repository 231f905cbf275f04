"""CT020: CloudTrail will refuse the event selectors."""

from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject, Verdict
from checkov_cloudtrail.model.trail import EventDataStore, Trail


def evaluate(subject: Trail | EventDataStore, _: Context) -> Outcome:
    """Judge the selectors of one trail or event data store."""
    found = coverage(subject)
    if found.errors:
        first, *others = found.errors
        message = f"CloudTrail will refuse the event selectors: {first.message} ({first.code})"
        message += "".join(f"; {each.message} ({each.code})" for each in others)
        evidence = tuple(Step(each.range, f"{each.code}: {each.message}") for each in others)
        return Outcome(Verdict.FAIL, message, first.range, evidence)
    remarks = tuple(dict.fromkeys(Step(each.range, f"{each.code}: {each.message}") for each in found.warnings))
    # Of a list that cannot be told nothing is known; one value that cannot is no reason to doubt the others.
    unresolved = tuple(each for each in found.warnings if each.code == "W_SELECTORS_UNRESOLVED")
    if found.possible_errors or unresolved:
        first = (*found.possible_errors, *unresolved)[0]
        message = f"Cannot tell whether CloudTrail will accept the event selectors: {first.message} ({first.code})"
        return Outcome(Verdict.UNKNOWN, message, first.range, remarks)
    return Outcome(Verdict.PASS, "CloudTrail accepts the event selectors", subject.location, remarks)


RULE = Rule(
    id="CT020",
    slug="invalid-event-selectors",
    subject=Subject.TRAIL,
    also=(Subject.EVENT_DATA_STORE,),
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when CloudTrail will refuse the event selectors, most of which nothing else sees.",
    why="The deployment breaks halfway: the trail may already exist, with CloudTrail's default selectors or none of "
    "the new ones. Until it is mended, what is recorded is not what the code says.",
    remedy="The message says which selector and why; the codes are those of the selector grammar of CloudTrail's API.",
    evaluate=evaluate,
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html",
    ),
    security_severity="6.0",
)
