"""Event sources that are written with the partition's suffix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import api_shapes as shapes
import pytest

from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Items, Known, Reference, Unknown

SUFFIX = Reference("data.aws_partition.here", "dns_suffix")


def written(*parts: str | Reference) -> Known[tuple[Unknown]]:
    return Known((Unknown("the suffix is not known", shapes.ORIGIN, parts),), shapes.ORIGIN)


def basic(*parts: str | Reference) -> Trail:
    trail = shapes.trail({"EventSelectors": [{}]})
    (selector,) = trail.event_selectors.known
    selector = replace(selector, exclude_management_event_sources=written(*parts))
    return replace(trail, event_selectors=Items((selector,), origin=shapes.ORIGIN))


def advanced(*parts: str | Reference) -> Trail:
    category, source = (
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["x"]},
    )
    trail = shapes.trail({"AdvancedEventSelectors": [{"FieldSelectors": [category, source]}]})
    (selector,) = trail.advanced_event_selectors.known
    first, second = selector.field_selectors.known
    fields = Items((first, replace(second, not_equals=written(*parts))), origin=shapes.ORIGIN)
    return replace(
        trail, advanced_event_selectors=Items((replace(selector, field_selectors=fields),), origin=shapes.ORIGIN)
    )


@pytest.mark.parametrize("make", [basic, advanced])
@pytest.mark.parametrize(
    ("parts", "excluded", "unknown"),
    [
        (("kms.", SUFFIX), ("kms.amazonaws.com",), ()),
        (("rdsdata.", SUFFIX), ("rdsdata.amazonaws.com",), ()),
        (("kms", SUFFIX), (), ("kms.amazonaws.com", "rdsdata.amazonaws.com")),
        (("s3.", SUFFIX), (), ("kms.amazonaws.com", "rdsdata.amazonaws.com")),
        ((SUFFIX,), (), ("kms.amazonaws.com", "rdsdata.amazonaws.com")),
    ],
)
def test_source_with_the_suffix(
    make: Callable[..., Trail],
    parts: tuple[str | Reference, ...],
    excluded: tuple[str, ...],
    unknown: tuple[str, ...],
) -> None:
    management = coverage(make(*parts)).management
    assert (tuple(management.excluded_sources), tuple(management.unknown_sources)) == (excluded, unknown)
