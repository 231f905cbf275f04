"""Model objects from the API-shaped inputs of the truth table, without any language in between."""

from __future__ import annotations

from typing import Any

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.trail import (
    AdvancedEventSelector,
    DataResource,
    EventDataStore,
    EventSelector,
    FieldSelector,
    Trail,
)
from checkov_cloudtrail.model.values import Absent, Items, Known, Origin, Unknown

ORIGIN = Origin(Range("main.tf"))


def value(given: Any) -> Any:
    """Make a Value: None is Absent, {"$unknown": …} Unknown, a list a tuple of Values."""
    if given is None:
        return Absent(ORIGIN)
    if isinstance(given, dict):
        return Unknown(f"{given['$unknown']} has no value", ORIGIN)
    if isinstance(given, list):
        return Known(tuple(value(element) for element in given), ORIGIN)
    return Known(given, ORIGIN)


def text(given: Any) -> Any:
    """Make a Value of a string, or of a list of strings; booleans become `true` and `false`."""
    if isinstance(given, list):
        return Known(tuple(text(element) for element in given), ORIGIN)
    return value(str(given).lower() if isinstance(given, bool) else given)


def boolean(given: Any) -> Any:
    """Make a Value of a boolean; CloudFormation's strings are coerced."""
    return value({"true": True, "false": False}.get(given, given) if isinstance(given, str) else given)


def items(given: Any, make: Any) -> Items[Any]:
    """Make Items of a list, of null, or of something unknown."""
    if isinstance(given, dict):
        return Items(unknown=value(given), origin=ORIGIN)
    known = tuple(make(element) for element in given or () if "$unknown" not in element)
    unknown = next((value(element) for element in given or () if "$unknown" in element), None)
    return Items(known=known, unknown=unknown, origin=ORIGIN)


def basic(given: dict[str, Any]) -> EventSelector:
    return EventSelector(
        read_write_type=text(given.get("ReadWriteType")),
        include_management_events=boolean(given.get("IncludeManagementEvents")),
        exclude_management_event_sources=text(given.get("ExcludeManagementEventSources")),
        data_resources=items(given.get("DataResources"), data_resource),
        range=ORIGIN.range,
    )


def data_resource(given: dict[str, Any]) -> DataResource:
    return DataResource(type=text(given.get("Type")), values=text(given.get("Values")), range=ORIGIN.range)


def advanced(given: dict[str, Any]) -> AdvancedEventSelector:
    return AdvancedEventSelector(
        name=text(given.get("Name")),
        field_selectors=items(given.get("FieldSelectors"), field_selector),
        range=ORIGIN.range,
    )


def field_selector(given: dict[str, Any]) -> FieldSelector:
    return FieldSelector(
        field=text(given.get("Field")),
        equals=text(given.get("Equals")),
        not_equals=text(given.get("NotEquals")),
        starts_with=text(given.get("StartsWith")),
        not_starts_with=text(given.get("NotStartsWith")),
        ends_with=text(given.get("EndsWith")),
        not_ends_with=text(given.get("NotEndsWith")),
        range=ORIGIN.range,
    )


def trail(
    given: dict[str, Any],
    *,
    address: str = "aws_cloudtrail.main",
    kind: str = "aws_cloudtrail",
    scope: str = "default",
    exists: Any = True,
) -> Trail:
    absent = Absent(ORIGIN)
    return Trail(
        address=address,
        type=kind,
        location=ORIGIN.range,
        block=ORIGIN.range,
        scope=scope,
        exists=value({"$unknown": "var.create"} if exists is None else exists),
        region=absent,
        name=absent,
        logging=boolean(given.get("IsLogging")),
        multi_region=boolean(given.get("IsMultiRegionTrail")),
        organization=boolean(given.get("IsOrganizationTrail")),
        global_service_events=boolean(given.get("IncludeGlobalServiceEvents")),
        log_file_validation=boolean(given.get("EnableLogFileValidation")),
        kms_key=absent,
        bucket_name=absent,
        key_prefix=absent,
        log_group_arn=absent,
        log_group_role=absent,
        sns_topic=absent,
        event_selectors=items(given.get("EventSelectors"), basic),
        advanced_event_selectors=items(given.get("AdvancedEventSelectors"), advanced),
        insight_selectors=Items(),
    )


def store(given: dict[str, Any]) -> EventDataStore:
    absent = Absent(ORIGIN)
    return EventDataStore(
        address="aws_cloudtrail_event_data_store.main",
        type="aws_cloudtrail_event_data_store",
        location=ORIGIN.range,
        block=ORIGIN.range,
        scope="default",
        exists=Known(True, ORIGIN),
        region=absent,
        name=absent,
        multi_region=absent,
        organization=absent,
        termination_protection=absent,
        retention_days=absent,
        billing_mode=absent,
        ingestion=absent,
        kms_key=absent,
        advanced_event_selectors=items(given.get("AdvancedEventSelectors"), advanced),
        insight_selectors=Items(),
    )
