"""CT050: the key of the logs is never rotated."""

from checkov_cloudtrail.cloudtrail.outcomes import flag
from checkov_cloudtrail.model.neighbours import Key
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.values import Known


def evaluate(key: Key, _: Context) -> Outcome | None:
    """Judge one key; KMS rotates symmetric keys only, and CT051 refuses the others."""
    if isinstance(key.spec, Known) and key.spec.value != "SYMMETRIC_DEFAULT":
        return None
    name = "EnableKeyRotation" if key.type.startswith("AWS::") else "enable_key_rotation"
    return flag(
        key.rotation,
        wanted=True,
        good=f"The key is rotated: {name} is true",
        bad=f"The key is not rotated: {name} is not true",
        repair=SetAttribute("rotation", True, f"Set {name} to true"),
    )


RULE = Rule(
    id="CT050",
    slug="log-key-not-rotated",
    subject=Subject.KEY,
    level=Level.WARNING,
    profiles=frozenset({"cis", "hardening"}),
    summary="Fails when rotation of the KMS key is off.",
    why="Rotation limits how much one leaked piece of key material can decrypt. It costs nothing and breaks "
    "nothing: old files stay readable.",
    remedy="Set enable_key_rotation (EnableKeyRotation) to true.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.8",),
        "CIS 3.0": ("3.6",),
        "CIS 5.0": ("3.6",),
        "CIS 7.0": ("4.6",),
        "Security Hub": ("KMS.4",),
        "AWS Config": ("cmk-backing-key-rotation-enabled",),
    },
    references=("https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",),
    security_severity="3.5",
)
