"""What omitting an attribute means, in each language."""

from __future__ import annotations

import api_shapes as shapes
import pytest

from checkov_cloudtrail.cloudtrail.defaults import effective, spelled
from checkov_cloudtrail.model.values import Known, Unknown

TERRAFORM, CLOUDFORMATION, AWSCC = "aws_cloudtrail", "AWS::CloudTrail::Trail", "awscc_cloudtrail_trail"

# attribute, language, what omitting it means (None: not documented)
OMITTED = [
    ("logging", TERRAFORM, True),
    ("logging", CLOUDFORMATION, False),
    ("logging", AWSCC, False),
    ("multi_region", TERRAFORM, False),
    ("multi_region", CLOUDFORMATION, False),
    ("organization", TERRAFORM, False),
    ("global_service_events", TERRAFORM, True),
    ("global_service_events", CLOUDFORMATION, None),
    ("log_file_validation", TERRAFORM, False),
    ("log_file_validation", AWSCC, False),
]


@pytest.mark.parametrize(("attribute", "language", "default"), OMITTED)
def test_omitted(attribute: str, language: str, default: bool | None) -> None:
    value = effective(shapes.trail({}, kind=language), attribute)
    if default is None:
        assert isinstance(value, Unknown)
        return
    assert isinstance(value, Known)
    assert (value.value, value.origin.missing) == (default, True)
    assert value.origin.chain[-1].text.startswith(f"{spelled(language, attribute)} is omitted: ")


def test_what_is_written_wins() -> None:
    value = effective(shapes.trail({"IsLogging": False}), "logging")
    assert isinstance(value, Known)
    assert (value.value, value.origin.chain) == (False, ())


# attribute, its name in the three languages
NAMES = [
    ("multi_region", "is_multi_region_trail", "IsMultiRegionTrail", "is_multi_region_trail"),
    ("event_selectors", "event_selector", "EventSelectors", "event_selectors"),
    ("read_write_type", "read_write_type", "ReadWriteType", "read_write_type"),
    ("field_selectors", "field_selector", "FieldSelectors", "field_selectors"),
    ("not_starts_with", "not_starts_with", "NotStartsWith", "not_starts_with"),
]


@pytest.mark.parametrize(("attribute", "terraform", "cloudformation", "awscc"), NAMES)
def test_names(attribute: str, terraform: str, cloudformation: str, awscc: str) -> None:
    found = [spelled(language, attribute) for language in (TERRAFORM, CLOUDFORMATION, AWSCC)]
    assert found == [terraform, cloudformation, awscc]
