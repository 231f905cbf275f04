"""Data resource values of which only parts are known."""

from __future__ import annotations

import pytest

from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import DataCoverage, Extent
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.trail import DataResource, EventSelector, Trail
from checkov_cloudtrail.model.values import Absent, Items, Known, Origin, Reference, Unknown

ORIGIN = Origin(Range("main.tf"))
NONE = Absent(ORIGIN)
PARTITION = Reference("data.aws_partition.current", "partition")

CASES: list[tuple[str, tuple[str | Reference, ...], Extent]] = [
    ("a bucket", (Reference("aws_s3_bucket.b", "arn"), "/"), Extent.PARTIAL),
    ("a bucket without its slash", (Reference("aws_s3_bucket.b", "arn"),), Extent.PARTIAL),
    ("a path in a bucket", ("arn:aws:s3:::", Reference("var.bucket"), "/reports/"), Extent.PARTIAL),
    ("every bucket of a partition", ("arn:", PARTITION, ":s3"), Extent.ALL),
    ("one bucket of a partition", ("arn:", PARTITION, ":s3:::logs"), Extent.PARTIAL),
    ("a variable", (Reference("var.values"),), Extent.UNKNOWN),
    ("nothing", (), Extent.UNKNOWN),
]


@pytest.mark.parametrize(("name", "parts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_partly_known_value(name: str, parts: tuple[str | Reference, ...], expected: Extent) -> None:
    value = Known((Unknown("known after apply", ORIGIN, parts),), ORIGIN)
    resource = DataResource(type=Known("AWS::S3::Object", ORIGIN), values=value, range=ORIGIN.range)
    selector = EventSelector(
        read_write_type=NONE,
        include_management_events=NONE,
        exclude_management_event_sources=NONE,
        data_resources=Items((resource,)),
        range=ORIGIN.range,
    )
    names = (
        "name",
        "logging",
        "multi_region",
        "organization",
        "global_service_events",
        "log_file_validation",
        "kms_key",
        "bucket_name",
        "key_prefix",
        "log_group_arn",
        "log_group_role",
        "sns_topic",
    )
    trail = Trail(
        address="aws_cloudtrail.main",
        type="aws_cloudtrail",
        location=ORIGIN.range,
        block=ORIGIN.range,
        scope="default",
        exists=Known(True, ORIGIN),
        region=NONE,
        event_selectors=Items((selector,)),
        advanced_event_selectors=Items(),
        insight_selectors=Items(),
        **dict.fromkeys(names, NONE),
    )
    assert coverage(trail).data_of("AWS::S3::Object") == DataCoverage(expected, expected), name
