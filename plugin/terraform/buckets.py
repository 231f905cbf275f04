"""One bucket out of `aws_s3_bucket` and the resources that hold its aspects since provider 4 (semantics.md f.2).

An aspect that is written inside the bucket and as a resource of its own is taken from the resource, which is applied
later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from checkov_cloudtrail.model import attributes
from checkov_cloudtrail.model.attributes import Block
from checkov_cloudtrail.model.neighbours import (
    Bucket,
    Grant,
    LifecycleRule,
    ObjectLock,
    PolicyDocument,
    PublicAccessBlock,
)
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, AnyValue, Items, Known, Origin, Reference, Resource, Unknown, Value

_SSE = ("rule", "apply_server_side_encryption_by_default", "sse_algorithm")
_NARROWING = ("tag", "tags", "object_size_greater_than", "object_size_less_than")


@record
class Attached:
    """Resources that hold one aspect.

    Args:
        sure: they surely belong to the bucket and may lack only certain existence.
        perhaps: it is open whose they are.
        outside: why there may be others that cannot be seen.
    """

    sure: Sequence[Resource] = ()
    perhaps: Sequence[Resource] = ()
    outside: Unknown | None = None

    @property
    def there(self) -> list[Resource]:
        """Those that surely exist and belong to the bucket."""
        return [one for one in self.sure if not isinstance(one.exists, Unknown)]

    @property
    def doubtful(self) -> list[Resource]:
        """Those of the bucket's own that may not exist."""
        return [one for one in self.sure if isinstance(one.exists, Unknown)]

    @property
    def doubt(self) -> Unknown | None:
        """Why one may be there after all."""
        for one in self.doubtful:
            if isinstance(one.exists, Unknown):
                return one.exists
        for one in self.perhaps:
            return Unknown(f"{one.address} may be for it", Origin(one.location))
        return self.outside


@dataclass(slots=True)
class Split:
    """A bucket with the resources that hold its aspects.

    Args:
        bucket: `aws_s3_bucket`.
        find: gives the resources of a type, `aws_s3_bucket_versioning`, that name the bucket.
        conflicts: aspects that were found in both places.
    """

    bucket: Resource
    find: Callable[[str], Attached]
    conflicts: set[str] = field(default_factory=set)

    @property
    def body(self) -> Block:
        """The arguments of the bucket itself."""
        return attributes.body(self.bucket)

    def of(self, aspect: str) -> Attached:
        """Give the resources of an aspect, `versioning`."""
        return self.find(f"aws_s3_bucket_{aspect}")

    def get(self, aspect: str, path: tuple[str, ...], inline: tuple[str, ...] = ()) -> AnyValue:
        """Read an aspect.

        Args:
            aspect: of the resource's type.
            path: in the resource of its own.
            inline: in the bucket; empty when it cannot be written there.
        """
        found = self.of(aspect)
        own = self.body.get(*inline) if inline else Absent(self.body.origin)
        if found.there:
            if not isinstance(own, Absent):
                self.conflicts.add(aspect)
            return attributes.body(found.there[0]).get(*path)
        if isinstance(own, Absent) and found.doubt is not None:
            return found.doubt
        return own


def build(split: Split, policies: Items[PolicyDocument], account: Items[PublicAccessBlock]) -> Bucket:
    """Merge a bucket and its aspects.

    Args:
        split: the bucket and what belongs to it.
        policies: its policies.
        account: the account's own public access block.
    """
    body, resource = split.body, split.bucket
    name = body.string("bucket")
    made_up = Unknown("AWS generates the name", name.origin, (Reference(resource.address, "id"),), present=True)
    return Bucket(
        **attributes.common(resource),
        name=made_up if isinstance(name, Absent) else name,
        acl=attributes.string(split.get("acl", ("acl",), ("acl",))),
        grants=_grants(split),
        ownership=attributes.string(split.get("ownership_controls", ("rule", "object_ownership"))),
        public_access_blocks=_blocks(split),
        account_public_access_blocks=account,
        versioning=_versioning(split),
        lifecycle_rules=_lifecycle(split),
        object_lock=_object_lock(split),
        logging_target=_logging(split),
        encryption=attributes.string(
            split.get("server_side_encryption_configuration", _SSE, ("server_side_encryption_configuration", *_SSE))
        ),
        force_destroy=body.boolean("force_destroy"),
        deletion_policy=Absent(body.origin),
        prevent_destroy=body.boolean("lifecycle", "prevent_destroy"),
        request_payer=attributes.string(split.get("request_payment_configuration", ("payer",), ("request_payer",))),
        policies=policies,
        conflicts=tuple(sorted(split.conflicts)),
    )


def public_access_block(resource: Resource) -> PublicAccessBlock:
    """Read the four flags of a bucket's or an account's block."""
    body = attributes.body(resource)
    return PublicAccessBlock(
        address=resource.address,
        block_public_acls=body.boolean("block_public_acls"),
        ignore_public_acls=body.boolean("ignore_public_acls"),
        block_public_policy=body.boolean("block_public_policy"),
        restrict_public_buckets=body.boolean("restrict_public_buckets"),
        range=resource.location,
    )


def _blocks(split: Split) -> Items[PublicAccessBlock]:
    found = split.of("public_access_block")
    known = tuple(map(public_access_block, found.there))
    possible = tuple(map(public_access_block, found.doubtful))
    unknown = found.doubt if not found.sure else None
    return Items(known, possible, unknown, split.body.origin)


def _grants(split: Split) -> Items[Grant]:
    """Read grants: `grant` blocks of the bucket, or an access control policy."""
    value = split.get("acl", ("access_control_policy", "grant"), ("grant",))
    if isinstance(value, Unknown) and not split.of("acl").there:
        # The canned ACL says already that the resource is open.
        return Items(origin=value.origin)
    found = attributes.blocks(value)

    def grant(block: Block) -> Grant:
        uri = block.string("grantee", "uri")
        permission = block.string("permission")
        return Grant(
            grantee=block.string("uri") if isinstance(uri, Absent) else uri,
            permission=block.string("permissions") if isinstance(permission, Absent) else permission,
            range=block.range,
        )

    return Items(tuple(map(grant, found.known)), tuple(map(grant, found.possible)), found.unknown, found.origin)


def _versioning(split: Split) -> Value[str]:
    """Read the status; the older form has a switch for it."""
    value = split.get("versioning", ("versioning_configuration", "status"), ("versioning", "enabled"))
    if split.of("versioning").there:
        return attributes.string(value)
    match attributes.boolean(value):
        case Known(on, origin):
            return Known("Enabled" if on else "Suspended", origin)
        case Absent() | Unknown() as other:
            return other


def _lifecycle(split: Split) -> Items[LifecycleRule]:
    value = split.get("lifecycle_configuration", ("rule",), ("lifecycle_rule",))
    found = attributes.blocks(value)
    return Items(tuple(map(_rule, found.known)), tuple(map(_rule, found.possible)), found.unknown, found.origin)


def _rule(block: Block) -> LifecycleRule:
    """Read a rule in the form of either place."""
    status = block.string("status")
    enabled: Value[bool] = block.boolean("enabled")
    if isinstance(status, Known):
        enabled = Known(status.value == "Enabled", status.origin)
    elif isinstance(status, Unknown):
        enabled = status
    prefixes = [block.string(*path) for path in (("filter", "prefix"), ("filter", "and", "prefix"), ("prefix",))]
    narrowed = any(
        not isinstance(block.get(*path, name), Absent)
        for path in ((), ("filter",), ("filter", "and"))
        for name in _NARROWING
    )
    return LifecycleRule(
        enabled=enabled,
        prefix=next((one for one in prefixes if not isinstance(one, Absent)), prefixes[-1]),
        narrowed=narrowed,
        expiration_days=block.integer("expiration", "days"),
        expiration_date=block.string("expiration", "date"),
        range=block.range,
    )


def _object_lock(split: Split) -> ObjectLock:
    aspect = "object_lock_configuration"
    retention = ("rule", "default_retention")

    def part(name: str) -> AnyValue:
        return split.get(aspect, (*retention, name), (aspect, *retention, name))

    enabled = split.body.boolean("object_lock_enabled")
    if isinstance(enabled, Absent):
        # The older, inline form is a block with the word Enabled in it.
        match split.body.string(aspect, "object_lock_enabled"):
            case Known(word, origin):
                enabled = Known(word == "Enabled", origin)
            case Unknown() as unknown:
                enabled = unknown
            case _:
                pass
    return ObjectLock(
        enabled=enabled,
        mode=attributes.string(part("mode")),
        days=attributes.integer(part("days")),
        years=attributes.integer(part("years")),
    )


def _logging(split: Split) -> Value[str]:
    """Read the target. Where the target is required, whoever writes the block has one, known or not."""
    value = attributes.string(split.get("logging", ("target_bucket",), ("logging", "target_bucket")))
    written = bool(split.of("logging").there) or bool(split.body.blocks("logging").known)
    if isinstance(value, Unknown) and written:
        return Unknown(value.because, value.origin, value.parts, present=True)
    return value
