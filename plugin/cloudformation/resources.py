"""From evaluated resources to the model: the fields that every resource has, and trails and event data stores."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Final

from checkov_cloudtrail.cloudformation.choices import Choices
from checkov_cloudtrail.cloudformation.document import kind
from checkov_cloudtrail.cloudformation.intrinsics import Evaluator
from checkov_cloudtrail.cloudformation.properties import Properties
from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Scalar, Sequence
from checkov_cloudtrail.cloudformation.skips import skips
from checkov_cloudtrail.model import attributes
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.trail import (
    AdvancedEventSelector,
    DataResource,
    EventDataStore,
    EventSelector,
    FieldSelector,
    InsightSelector,
    Trail,
)
from checkov_cloudtrail.model.values import AnyValue, Known, Origin, Resource, Unknown, Value

TRAIL: Final = "AWS::CloudTrail::Trail"
STORE: Final = "AWS::CloudTrail::EventDataStore"

# Evaluated first and in this order: the choices that decide most are split first.
_DECISIVE: Final = {
    TRAIL: (
        "IsLogging",
        "IsMultiRegionTrail",
        "EventSelectors",
        "AdvancedEventSelectors",
        "IsOrganizationTrail",
        "IncludeGlobalServiceEvents",
        "EnableLogFileValidation",
        "InsightSelectors",
        "S3BucketName",
        "KMSKeyId",
        "CloudWatchLogsLogGroupArn",
        "CloudWatchLogsRoleArn",
        "SnsTopicName",
        "S3KeyPrefix",
        "TrailName",
    ),
    STORE: (
        "IngestionEnabled",
        "MultiRegionEnabled",
        "AdvancedEventSelectors",
        "OrganizationEnabled",
        "TerminationProtectionEnabled",
        "RetentionPeriod",
        "KmsKeyId",
        "BillingMode",
        "InsightSelectors",
        "Name",
    ),
}


@record
class Placement:
    """Where a stack is deployed.

    Args:
        scope: key of its account scope.
        exists: whether it is deployed at all.
        depends_on: what the nested stack's own resource waits for.
    """

    scope: str
    exists: Value[bool]
    depends_on: frozenset[str] = frozenset()


def exists(stack: Evaluator, entry: Entry, parent: Value[bool]) -> Value[bool]:
    """Decide whether a resource is made: its own Condition, in a stack that is deployed."""
    if isinstance(parent, Known) and not parent.value:
        return parent
    node = entry.value.get("Condition") if isinstance(entry.value, Mapping) else None
    if node is None:
        return parent
    decision = stack.conditions.decide(node)
    truth = stack.required(decision)
    origin = Origin(node.range, decision.chain)
    if truth is None:
        return Unknown(decision.because, origin)
    return parent if truth else Known(False, origin)


def evaluate(stack: Evaluator, entry: Entry, place: Placement) -> Resource:
    """Evaluate a resource of any type.

    Args:
        stack: the stack that it is in.
        entry: its logical id and body.
        place: where the stack is.

    Returns:
        The fields of every resource. `attributes` holds each property by its name as CloudFormation has it, objects as
        mappings and lists as tuples of Values; AWS::NoValue is Absent, and left out of lists. What is unknown keeps its
        parts, see `intrinsics`.

    Raises:
        SplitError: a choice has to be split first.
    """
    type_name = kind(entry) or ""
    return Resource(
        address=stack.qualified(entry.name),
        type=type_name,
        location=entry.key.range,
        block=entry.key.source.range(entry.key.start, entry.value.end),
        scope=place.scope,
        exists=exists(stack, entry, place.exists),
        attributes=_properties(stack, entry, _DECISIVE.get(type_name)),
        depends_on=(all_before if type_name == TRAIL else _before)(stack, entry) | place.depends_on,
        skips=skips(entry),
        region=stack.reference(entry.key, "AWS::Region"),  # type: ignore[arg-type]
    )


def _properties(stack: Evaluator, entry: Entry, decisive: tuple[str, ...] | None) -> Map[str, AnyValue]:
    node = entry.value.get("Properties") if isinstance(entry.value, Mapping) else None
    if not isinstance(node, Mapping):
        return {}
    members, gaps = stack.members(node.entries)
    written = {member.name: member.value for member in members}
    names = list(written) if decisive is None else [name for name in decisive if name in written]
    found = {name: stack.value(written[name]) for name in names}
    for name in written.keys() - found.keys():
        with stack.choices.quiet():
            found[name] = stack.value(written[name])
    for gap in gaps:
        for name in decisive or ():
            found.setdefault(name, Unknown(gap.because, Origin(gap.location)))
    return found


def all_before(stack: Evaluator, entry: Entry) -> frozenset[str]:
    """The resources that CloudFormation makes before this one: what it depends on, what that depends on, and so on."""
    found: set[str] = set()
    waiting = [entry]
    while waiting:
        names = {name for name in _names_before(stack, waiting.pop()) if name in stack.resources} - found
        found |= names
        waiting += (stack.resources[name] for name in names)
    return frozenset(map(stack.qualified, found))


def _before(stack: Evaluator, entry: Entry) -> frozenset[str]:
    """The resources that one depends on itself."""
    return frozenset(stack.qualified(name) for name in _names_before(stack, entry) if name in stack.resources)


def _names_before(stack: Evaluator, entry: Entry) -> set[str]:
    node = entry.value.get("DependsOn") if isinstance(entry.value, Mapping) else None
    listed = node.items if isinstance(node, Sequence) else (node,)
    names = {item.text for item in listed if isinstance(item, Scalar)}
    return names.union(stack.referenced(entry.value))


def waiting_for(resource: Resource, addresses: Iterable[str]) -> Resource:
    """The same resource, made after further ones."""
    return replace(resource, depends_on=resource.depends_on.union(addresses))


def deletion_policy(entry: Entry) -> Node | None:
    """Give the `DeletionPolicy` of a resource."""
    return entry.value.get("DeletionPolicy") if isinstance(entry.value, Mapping) else None


def _own(resource: Resource, choices: Choices) -> Properties:
    return Properties(resource.attributes, Origin(resource.location, missing=True), choices)


def trail(resource: Resource, choices: Choices) -> Trail:
    """Read a trail."""
    own = _own(resource, choices)
    return Trail(
        **attributes.common(resource),
        logging=own.flag("IsLogging"),
        multi_region=own.flag("IsMultiRegionTrail"),
        event_selectors=own.items("EventSelectors", _event_selector),
        advanced_event_selectors=own.items("AdvancedEventSelectors", _advanced_event_selector),
        organization=own.flag("IsOrganizationTrail"),
        global_service_events=own.flag("IncludeGlobalServiceEvents"),
        log_file_validation=own.flag("EnableLogFileValidation"),
        insight_selectors=own.items("InsightSelectors", _insight_selector),
        name=own.text("TrailName"),
        kms_key=own.text("KMSKeyId"),
        bucket_name=own.text("S3BucketName"),
        key_prefix=own.text("S3KeyPrefix"),
        log_group_arn=own.text("CloudWatchLogsLogGroupArn"),
        log_group_role=own.text("CloudWatchLogsRoleArn"),
        sns_topic=own.text("SnsTopicName"),
    )


def event_data_store(resource: Resource, choices: Choices) -> EventDataStore:
    """Read an event data store."""
    own = _own(resource, choices)
    return EventDataStore(
        **attributes.common(resource),
        ingestion=own.flag("IngestionEnabled"),
        multi_region=own.flag("MultiRegionEnabled"),
        advanced_event_selectors=own.items("AdvancedEventSelectors", _advanced_event_selector),
        organization=own.flag("OrganizationEnabled"),
        termination_protection=own.flag("TerminationProtectionEnabled"),
        retention_days=own.number("RetentionPeriod"),
        billing_mode=own.word("BillingMode"),
        kms_key=own.text("KmsKeyId"),
        insight_selectors=own.items("InsightSelectors", _insight_selector),
        name=own.text("Name"),
    )


def _event_selector(own: Properties) -> EventSelector:
    return EventSelector(
        read_write_type=own.word("ReadWriteType"),
        include_management_events=own.flag("IncludeManagementEvents"),
        exclude_management_event_sources=own.words("ExcludeManagementEventSources"),
        data_resources=own.items("DataResources", _data_resource),
        range=own.range,
    )


def _data_resource(own: Properties) -> DataResource:
    return DataResource(type=own.word("Type"), values=own.words("Values"), range=own.range)


def _advanced_event_selector(own: Properties) -> AdvancedEventSelector:
    return AdvancedEventSelector(
        name=own.text("Name"), field_selectors=own.items("FieldSelectors", _field_selector), range=own.range
    )


def _field_selector(own: Properties) -> FieldSelector:
    return FieldSelector(
        field=own.word("Field"),
        equals=own.words("Equals"),
        not_equals=own.words("NotEquals"),
        starts_with=own.words("StartsWith"),
        not_starts_with=own.words("NotStartsWith"),
        ends_with=own.words("EndsWith"),
        not_ends_with=own.words("NotEndsWith"),
        range=own.range,
    )


def _insight_selector(own: Properties) -> InsightSelector:
    return InsightSelector(
        insight_type=own.word("InsightType"), event_categories=own.words("EventCategories"), range=own.range
    )
