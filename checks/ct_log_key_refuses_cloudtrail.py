"""CT051: the key policy keeps CloudTrail out."""

from checkov_cloudtrail.cloudtrail.delivery import key_accepts, key_elsewhere, key_users
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure, worst
from checkov_cloudtrail.model.neighbours import Key
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import EventDataStore, Trail


def evaluate(key: Key, context: Context) -> Outcome | None:
    """Judge one key for every trail and event data store that uses it."""
    return worst(_judge(key, user, context) for user in key_users(context.case, key))


def _judge(key: Key, user: Trail | EventDataStore, context: Context) -> Outcome:
    if elsewhere := key_elsewhere(user, key, context.case):
        return failed(f"CloudTrail will not find the key: {elsewhere} (KmsKeyNotFoundException)", key.location)
    answer = key_accepts(user, key, context.case)
    if answer.granted:
        return passed(f"The key policy lets {user.address} encrypt", answer.range)
    if answer.granted is None:
        return unsure(f"Cannot tell whether the key lets {user.address} encrypt: {answer.because}", answer.range)
    message = f"The key refuses {user.address}: {answer.because} (InsufficientEncryptionPolicyException)"
    return failed(message, answer.range)


RULE = Rule(
    id="CT051",
    slug="log-key-refuses-cloudtrail",
    subject=Subject.KEY,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when the key, or its policy, does not let CloudTrail encrypt.",
    why="CloudTrail tests the key when the trail is created and refuses it. The default policy of a key lets "
    "in no service. For an event data store the policy must not ask for aws:SourceArn or "
    "aws:SourceAccount.",
    remedy="Allow cloudtrail.amazonaws.com kms:GenerateDataKey* for the trail's encryption context, and "
    "kms:DescribeKey.",
    evaluate=evaluate,
    compliance={},
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    ),
    security_severity="6.0",
)
