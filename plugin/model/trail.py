"""Trails and event data stores as CloudTrail knows them, whatever language they were written in [API, TF, CFN]."""

from __future__ import annotations

from dataclasses import field

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.neighbours import Links
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Items, Resource, Value


@record(kw_only=True)
class DataResource:
    """`data_resource` / `DataResources[]`: one resource type and its ARNs or ARN prefixes."""

    type: Value[str]
    values: Value[tuple[Value[str], ...]]
    range: Range


@record(kw_only=True)
class EventSelector:
    """A basic event selector, as written; defaults are applied by `cloudtrail/selectors.py`."""

    read_write_type: Value[str]
    include_management_events: Value[bool]
    exclude_management_event_sources: Value[tuple[Value[str], ...]]
    data_resources: Items[DataResource]
    range: Range


@record(kw_only=True)
class FieldSelector:
    """One condition of an advanced selector. Each operator holds its values; Absent when not written.

    Values are strings for the API; a boolean in the code has become `true`/`false`.
    """

    field: Value[str]
    equals: Value[tuple[Value[str], ...]]
    not_equals: Value[tuple[Value[str], ...]]
    starts_with: Value[tuple[Value[str], ...]]
    not_starts_with: Value[tuple[Value[str], ...]]
    ends_with: Value[tuple[Value[str], ...]]
    not_ends_with: Value[tuple[Value[str], ...]]
    range: Range


@record(kw_only=True)
class AdvancedEventSelector:
    """An advanced event selector. `name` means nothing to CloudTrail."""

    name: Value[str]
    field_selectors: Items[FieldSelector]
    range: Range


@record(kw_only=True)
class InsightSelector:
    """`insight_selector` / `InsightSelectors[]`; categories are Absent where the language has none (management)."""

    insight_type: Value[str]
    event_categories: Value[tuple[Value[str], ...]]
    range: Range


@record(kw_only=True)
class Trail(Resource):
    """A trail, every attribute as written (semantics.md a.1). Use `cloudtrail.defaults.effective` to judge one.

    Args:
        links: the neighbours that it names; the neighbours themselves are in `Case.neighbours`.
    """

    name: Value[str]
    logging: Value[bool]
    multi_region: Value[bool]
    organization: Value[bool]
    global_service_events: Value[bool]
    log_file_validation: Value[bool]
    kms_key: Value[str]
    bucket_name: Value[str]
    key_prefix: Value[str]
    log_group_arn: Value[str]
    log_group_role: Value[str]
    sns_topic: Value[str]
    event_selectors: Items[EventSelector]
    advanced_event_selectors: Items[AdvancedEventSelector]
    insight_selectors: Items[InsightSelector]
    links: Links = field(default_factory=Links)


@record(kw_only=True)
class EventDataStore(Resource):
    """A CloudTrail Lake event data store (semantics.md a.5). It never satisfies a control about trails."""

    name: Value[str]
    multi_region: Value[bool]
    organization: Value[bool]
    termination_protection: Value[bool]
    retention_days: Value[int]
    billing_mode: Value[str]
    ingestion: Value[bool]
    kms_key: Value[str]
    advanced_event_selectors: Items[AdvancedEventSelector]
    insight_selectors: Items[InsightSelector]
    links: Links = field(default_factory=Links)
