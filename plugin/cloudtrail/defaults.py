"""What each language calls an attribute, and what CloudTrail gets when it is not written.

One table per language; the keys are the model's names. Sources: [TF] the provider's schema of `aws_cloudtrail` and
`aws_cloudtrail_event_data_store`, [CFN] the CloudFormation resource schemas, [API] the service's API model,
[CDK] CloudFormation's reference text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Absent, Known, Origin, Unknown, Value


@record
class Attribute:
    """One attribute in one language.

    Args:
        name: the argument or property.
        default: what omitting it means; None when that is nothing, or not documented.
        source: where the default is stated.
        required: the language refuses a resource without it.
    """

    name: str
    default: bool | str | int | None = None
    source: str = ""
    required: bool = False


_TERRAFORM_TRAIL: Mapping[str, Attribute] = {
    "name": Attribute("name", required=True, source="TF"),
    "bucket_name": Attribute("s3_bucket_name", required=True, source="TF"),
    "key_prefix": Attribute("s3_key_prefix"),
    "logging": Attribute("enable_logging", True, "TF"),
    "multi_region": Attribute("is_multi_region_trail", False, "TF"),
    "organization": Attribute("is_organization_trail", False, "TF"),
    "global_service_events": Attribute("include_global_service_events", True, "TF"),
    "log_file_validation": Attribute("enable_log_file_validation", False, "TF"),
    "kms_key": Attribute("kms_key_id"),
    "log_group_arn": Attribute("cloud_watch_logs_group_arn"),
    "log_group_role": Attribute("cloud_watch_logs_role_arn"),
    "sns_topic": Attribute("sns_topic_name"),
    "event_selectors": Attribute("event_selector"),
    "advanced_event_selectors": Attribute("advanced_event_selector"),
    "insight_selectors": Attribute("insight_selector"),
}

_CLOUDFORMATION_TRAIL: Mapping[str, Attribute] = {
    "name": Attribute("TrailName"),
    "bucket_name": Attribute("S3BucketName", required=True, source="CFN"),
    "key_prefix": Attribute("S3KeyPrefix"),
    # The API creates trails stopped, and CloudFormation refuses a trail that does not say whether to start it.
    "logging": Attribute("IsLogging", False, "CFN, API", required=True),
    "multi_region": Attribute("IsMultiRegionTrail", False, "CFN, API"),
    "organization": Attribute("IsOrganizationTrail", False, "CFN"),
    "global_service_events": Attribute("IncludeGlobalServiceEvents"),
    "log_file_validation": Attribute("EnableLogFileValidation", False, "CFN"),
    "kms_key": Attribute("KMSKeyId"),
    "log_group_arn": Attribute("CloudWatchLogsLogGroupArn"),
    "log_group_role": Attribute("CloudWatchLogsRoleArn"),
    "sns_topic": Attribute("SnsTopicName"),
    "event_selectors": Attribute("EventSelectors"),
    "advanced_event_selectors": Attribute("AdvancedEventSelectors"),
    "insight_selectors": Attribute("InsightSelectors"),
}

# The Cloud Control provider: CloudFormation's resource in Terraform's spelling.
_AWSCC_TRAIL: Mapping[str, Attribute] = {
    key: replace(_CLOUDFORMATION_TRAIL[key], name=name)
    for key, name in {
        "name": "trail_name",
        "bucket_name": "s3_bucket_name",
        "key_prefix": "s3_key_prefix",
        "logging": "is_logging",
        "multi_region": "is_multi_region_trail",
        "organization": "is_organization_trail",
        "global_service_events": "include_global_service_events",
        "log_file_validation": "enable_log_file_validation",
        "kms_key": "kms_key_id",
        "log_group_arn": "cloudwatch_logs_log_group_arn",
        "log_group_role": "cloudwatch_logs_role_arn",
        "sns_topic": "sns_topic_name",
        "event_selectors": "event_selectors",
        "advanced_event_selectors": "advanced_event_selectors",
        "insight_selectors": "insight_selectors",
    }.items()
}

_TERRAFORM_STORE: Mapping[str, Attribute] = {
    "name": Attribute("name", required=True, source="TF"),
    "multi_region": Attribute("multi_region_enabled", True, "TF"),
    "organization": Attribute("organization_enabled", False, "TF"),
    "termination_protection": Attribute("termination_protection_enabled", True, "TF"),
    "retention_days": Attribute("retention_period", 2555, "TF"),
    "billing_mode": Attribute("billing_mode", "EXTENDABLE_RETENTION_PRICING", "TF"),
    "ingestion": Attribute("suspend", True, "TF"),
    "kms_key": Attribute("kms_key_id"),
    "advanced_event_selectors": Attribute("advanced_event_selector"),
    "insight_selectors": Attribute("insight_selector"),
}

_CLOUDFORMATION_STORE: Mapping[str, Attribute] = {
    "name": Attribute("Name"),
    "multi_region": Attribute("MultiRegionEnabled", True, "API"),
    "organization": Attribute("OrganizationEnabled", False, "API"),
    "termination_protection": Attribute("TerminationProtectionEnabled", True, "API"),
    "retention_days": Attribute("RetentionPeriod", 366, "API"),
    "billing_mode": Attribute("BillingMode", "EXTENDABLE_RETENTION_PRICING", "API"),
    "ingestion": Attribute("IngestionEnabled", True, "CDK"),
    "kms_key": Attribute("KmsKeyId"),
    "advanced_event_selectors": Attribute("AdvancedEventSelectors"),
    "insight_selectors": Attribute("InsightSelectors"),
}

_AWSCC_STORE: Mapping[str, Attribute] = {
    key: replace(_CLOUDFORMATION_STORE[key], name=name)
    for key, name in {
        "name": "name",
        "multi_region": "multi_region_enabled",
        "organization": "organization_enabled",
        "termination_protection": "termination_protection_enabled",
        "retention_days": "retention_period",
        "billing_mode": "billing_mode",
        "ingestion": "ingestion_enabled",
        "kms_key": "kms_key_id",
        "advanced_event_selectors": "advanced_event_selectors",
        "insight_selectors": "insight_selectors",
    }.items()
}

# By resource type.
ATTRIBUTES: Mapping[str, Mapping[str, Attribute]] = {
    "aws_cloudtrail": _TERRAFORM_TRAIL,
    "awscc_cloudtrail_trail": _AWSCC_TRAIL,
    "AWS::CloudTrail::Trail": _CLOUDFORMATION_TRAIL,
    "aws_cloudtrail_event_data_store": _TERRAFORM_STORE,
    "awscc_cloudtrail_event_data_store": _AWSCC_STORE,
    "AWS::CloudTrail::EventDataStore": _CLOUDFORMATION_STORE,
}

# Inside selectors, where Terraform's name is not the model's.
_TERRAFORM_BLOCKS: Mapping[str, str] = {"data_resources": "data_resource", "field_selectors": "field_selector"}


def spelled(resource_type: str, attribute: str) -> str:
    """Name an attribute of a resource, or of a selector in it, in the resource's own language.

    Args:
        resource_type: `aws_cloudtrail`, `AWS::CloudTrail::Trail`, ...
        attribute: the model's name: `multi_region`, `read_write_type`.
    """
    known = ATTRIBUTES[resource_type].get(attribute)
    if known is not None:
        return known.name
    if resource_type.startswith("AWS::"):
        return "".join(word.capitalize() for word in attribute.split("_"))
    if resource_type.startswith("awscc_"):
        return attribute
    return _TERRAFORM_BLOCKS.get(attribute, attribute)


def literal(resource_type: str, value: bool | str | int) -> str:
    """Write a literal as the resource's language does, for messages: `false`, `365`, `"All"` or `All`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not resource_type.startswith("AWS::"):
        return f'"{value}"'
    return str(value)


def effective(resource: Trail | EventDataStore, attribute: str) -> Known[Any] | Unknown:
    """Give what CloudTrail gets for an attribute: the written value, else the default.

    Args:
        resource: a trail or an event data store.
        attribute: the model's name of an attribute that has a default, or whose missing default is documented.

    Returns:
        Unknown where the language documents no default.
    """
    written: Value[Any] = getattr(resource, attribute)
    if not isinstance(written, Absent):
        return written
    known = ATTRIBUTES[resource.type][attribute]
    if known.default is None:
        because = f"{known.name} is omitted, and its default is not documented"
        return Unknown(because, written.origin)
    if known.required:
        text = f"{known.name} is omitted: the template is refused, and nothing starts the trail"
    else:
        default = literal(resource.type, known.default)
        language = "provider" if not resource.type.startswith("AWS::") else "service"
        text = f"{known.name} is omitted: the {language}'s default is {default}"
    step = Step(written.origin.range, text)
    origin = Origin(written.origin.range, (*written.origin.chain, step), missing=True)
    return Known(known.default, origin)
