"""Pseudo parameters: what each can be, and what follows from the Region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checkov_cloudtrail.cloudformation.choices import Assignment, Domain

REGION, PARTITION, SUFFIX = "AWS::Region", "AWS::Partition", "AWS::URLSuffix"
PSEUDO: Final[Mapping[str, Domain]] = {
    "AWS::AccountId": Domain(),
    "AWS::NotificationARNs": Domain(),
    PARTITION: Domain(("aws", "aws-cn", "aws-us-gov")),
    REGION: Domain(),
    "AWS::StackId": Domain(),
    "AWS::StackName": Domain(),
    SUFFIX: Domain(("amazonaws.com", "amazonaws.com.cn")),
}
# How the names of a partition's Regions begin -> the partition and its suffix (botocore's partitions.json).
_PARTITIONS: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}
_ELSEWHERE: Final = ("aws", "amazonaws.com")


def consistent(assignment: Assignment) -> Assignment | None:
    """Narrow an assignment to what goes together: a Region is in one partition, which has one suffix.

    Returns:
        None when nothing goes together.
    """
    if assignment.keys().isdisjoint((REGION, PARTITION, SUFFIX)):
        return assignment
    regions = assignment.get(REGION, PSEUDO[REGION]).values
    if regions is None:
        usual = PSEUDO[PARTITION]
        places = [("", *place) for place in (_ELSEWHERE, *_PARTITIONS.values()) if usual.holds(place[0])]
    else:
        places = [(region, *_place(region)) for region in regions]
    partition, suffix = assignment.get(PARTITION, Domain()), assignment.get(SUFFIX, Domain())
    possible = [place for place in places if partition.holds(place[1]) and suffix.holds(place[2])]
    if not possible:
        return None
    in_regions, in_partitions, suffixes = (Domain(tuple(dict.fromkeys(each))) for each in zip(*possible, strict=True))
    narrowed = {**assignment, PARTITION: in_partitions, SUFFIX: suffixes}
    return narrowed if regions is None else {**narrowed, REGION: in_regions}


def _place(region: str) -> tuple[str, str]:
    return next((place for start, place in _PARTITIONS.items() if region.startswith(start)), _ELSEWHERE)
