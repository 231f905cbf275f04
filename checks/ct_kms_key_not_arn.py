"""CT026: a KMS key that is not named by its ARN, where Terraform insists on one."""

from dataclasses import replace

from checkov_cloudtrail.cloudtrail.arns import KeyForm, key_form
from checkov_cloudtrail.cloudtrail.defaults import spelled
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, present, unsure
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Unknown


def evaluate(trail: Trail, _: Context) -> Outcome:
    """Judge one trail. CloudFormation and the Cloud Control provider take every form of the API's."""
    value = trail.kms_key
    name = spelled(trail.type, "kms_key")
    if trail.type != "aws_cloudtrail":
        return passed(f"{name} may be an ARN, an id or an alias here", value.origin)
    if present(value) is False:
        return passed(f"{name} is not set", value.origin)
    match key_form(value):
        case KeyForm.KEY_ARN:
            return passed(f"{name} is a key's ARN", value.origin)
        case KeyForm.ALIAS_ARN:
            message = f"{name} is an alias ARN: CloudTrail stores the key's ARN, and every plan shows a difference"
            return replace(failed(message, value.origin), level=Level.WARNING)
        case KeyForm.OTHER:
            return failed(f"{name} is not an ARN: terraform plan refuses it (invalid ARN)", value.origin)
        case KeyForm.UNKNOWN:
            because = value.because if isinstance(value, Unknown) else "its value is not known"
            return unsure(f"Cannot tell whether {name} is a key's ARN: {because}", value.origin)


RULE = Rule(
    id="CT026",
    slug="kms-key-not-arn",
    subject=Subject.TRAIL,
    level=Level.ERROR,
    profiles=frozenset({"default"}),
    summary="Fails when Terraform's kms_key_id is a key id or an alias; an alias ARN is a warning.",
    why="The provider accepts an ARN only. With an alias ARN the trail works, but the API answers with the "
    "key's ARN and Terraform wants to change it back for ever.",
    remedy="Use aws_kms_key.NAME.arn, or aws_kms_alias.NAME.target_key_arn.",
    evaluate=evaluate,
    references=("https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail",),
    security_severity="4.0",
)
