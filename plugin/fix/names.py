"""Where the attributes that repairs speak of are written, by the type of the resource that stands there."""

from __future__ import annotations

from collections.abc import Mapping

from checkov_cloudtrail.cloudtrail.defaults import ATTRIBUTES, spelled

_FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")

# Neighbours of trails: path of blocks or properties, the attribute last.
_PATHS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("aws_kms_key", "rotation"): ("enable_key_rotation",),
    ("AWS::KMS::Key", "rotation"): ("EnableKeyRotation",),
    ("aws_s3_bucket_versioning", "versioning"): ("versioning_configuration", "status"),
    ("AWS::S3::Bucket", "versioning"): ("VersioningConfiguration", "Status"),
    **{("aws_s3_bucket_public_access_block", flag): (flag,) for flag in _FLAGS},
    **{
        ("AWS::S3::Bucket", flag): (
            "PublicAccessBlockConfiguration",
            "".join(word.capitalize() for word in flag.split("_")),
        )
        for flag in _FLAGS
    },
}
# Terraform has the opposite of these as its argument.
_NEGATED = frozenset({("aws_cloudtrail_event_data_store", "ingestion")})


def written(resource_type: str, attribute: str, value: bool | str | int) -> tuple[tuple[str, ...], bool | str | int]:
    """Give the path of an attribute within its resource, or within a selector of it, and the value to write there.

    Raises:
        KeyError: resources of that type have no such attribute.
    """
    path = _PATHS.get((resource_type, attribute)) or (spelled(resource_type, attribute),)
    return path, not value if (resource_type, attribute) in _NEGATED else value


def of_selector(resource_type: str, attribute: str) -> bool:
    """Tell whether an attribute belongs to a selector of a resource, not to the resource itself."""
    return resource_type in ATTRIBUTES and attribute not in ATTRIBUTES[resource_type]
