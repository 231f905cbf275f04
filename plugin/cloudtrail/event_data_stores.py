"""What AWS refuses of an event data store's settings (semantics.md a.5)."""

from __future__ import annotations

from checkov_cloudtrail.cloudtrail.defaults import effective
from checkov_cloudtrail.model.trail import EventDataStore
from checkov_cloudtrail.model.values import Known

MIN_DAYS = 7
# Terraform's provider stops at the old maximum of both prices.
MAX_DAYS_TERRAFORM = 2_555
MAX_DAYS = {"FIXED_RETENTION_PRICING": 2_557, "EXTENDABLE_RETENTION_PRICING": 3_653}


def retention_refusal(store: EventDataStore) -> str:
    """Say why a retention period is refused; empty when it is not, or when that is not known."""
    days = effective(store, "retention_days")
    if not isinstance(days, Known):
        return ""
    if days.value < MIN_DAYS:
        return f"A retention of {days.value} days is refused: {MIN_DAYS} are the least (InvalidParameterException)"
    if store.type == "aws_cloudtrail_event_data_store" and days.value > MAX_DAYS_TERRAFORM:
        return f"A retention of {days.value} days is refused: the provider allows {MAX_DAYS_TERRAFORM}"
    billing = effective(store, "billing_mode")
    limit = MAX_DAYS.get(billing.value) if isinstance(billing, Known) else max(MAX_DAYS.values())
    if limit is None or days.value <= limit:
        return ""
    return f"A retention of {days.value} days is refused: the pricing allows {limit} (InvalidParameterException)"
