"""CT047: trails of others can write into the log bucket."""

from checkov_cloudtrail.cloudtrail.delivery import for_cloudtrail, source_named
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure, worst
from checkov_cloudtrail.cloudtrail.policies import describe
from checkov_cloudtrail.model.neighbours import Bucket, Statement
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject


def evaluate(bucket: Bucket, _: Context) -> Outcome | None:
    """Judge the statements that let CloudTrail in; where there is none, CT046 says so."""
    documents = (*bucket.policies.known, *bucket.policies.possible)
    statements = [s for d in documents for s in (*d.statements.known, *d.statements.possible) if for_cloudtrail(s)]
    outcomes = [_judge(statement) for statement in statements]
    for unknown in (bucket.policies.unknown, *(document.statements.unknown for document in documents)):
        if unknown is not None:
            message = f"Cannot tell whether CloudTrail's statements name its trails: {unknown.because}"
            outcomes.append(unsure(message, unknown.origin))
    return worst(outcomes)


def _judge(statement: Statement) -> Outcome:
    match source_named(statement):
        case True:
            return passed("CloudTrail's statements name the trails that may write", statement.range)
        case None:
            message = "Cannot tell whether CloudTrail's statements name its trails: a condition is not known"
            return unsure(message, statement.range)
        case False:
            message = f"Any account's trail can use the log bucket: {describe(statement)} has no aws:SourceArn"
            return failed(message, statement.range)


RULE = Rule(
    id="CT047",
    slug="log-bucket-confused-deputy",
    subject=Subject.BUCKET,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when a statement that lets CloudTrail in does not say for which trails (aws:SourceArn).",
    why="Without the condition a stranger can point a trail of their own at the bucket and fill it with "
    "forged logs, because the service does the writing.",
    remedy="Add a condition on aws:SourceArn with the ARN of the trail to both statements.",
    evaluate=evaluate,
    compliance={},
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    ),
    security_severity="4.0",
)
