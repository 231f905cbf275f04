"""The neighbours of trails in Terraform code: buckets with their split resources, keys, log groups, roles, topics.

Only what a trail or an event data store reaches is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from checkov_cloudtrail.cloudtrail import links
from checkov_cloudtrail.cloudtrail.links import Target
from checkov_cloudtrail.model import attributes
from checkov_cloudtrail.model.neighbours import (
    Bucket,
    Key,
    Link,
    Links,
    LogGroup,
    Neighbours,
    PolicyDocument,
    PublicAccessBlock,
    Role,
    Topic,
)
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Absent, Items, Known, Resource, Unknown, Value
from checkov_cloudtrail.terraform import buckets
from checkov_cloudtrail.terraform.buckets import Attached, Split
from checkov_cloudtrail.terraform.policy_documents import Reader

# The argument that names a resource of each type; keys have ids that AWS makes up.
_NAMES = {
    "aws_s3_bucket": "bucket",
    "aws_kms_key": "",
    "aws_kms_replica_key": "",
    "aws_kms_external_key": "",
    "aws_cloudwatch_log_group": "name",
    "aws_iam_role": "name",
    "aws_sns_topic": "name",
}
_KEYS = tuple(kind for kind in _NAMES if kind.startswith("aws_kms_"))
# Resources that stand for the bucket that they name: `s3_bucket_name = aws_s3_bucket_policy.logs.id`.
_STAND_INS = (
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_acl",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_server_side_encryption_configuration",
)


class Declared(Protocol):
    """The resources of one case of a deployment, evaluated when they are asked for."""

    def resources(self, kind: str) -> Sequence[Resource]:
        """Give the managed resources of a type, without the instances that surely do not exist."""

    def called(self, kind: str, argument: str, name: str) -> Sequence[Resource]:
        """Give the managed resources of a type that may have a name; those that are surely called otherwise may lack.

        Args:
            kind: the type.
            argument: what names a resource of this type.
            name: the name.
        """

    def data(self, address: str) -> Resource | None:
        """Give the data source at an address."""

    def has(self, address: str) -> bool:
        """Tell whether a managed resource of any type is at an address."""

    def outside(self, address: str) -> str | None:
        """Give a module that is not there to be read and is told about a resource; it may add to it."""


def connect(
    declared: Declared, trails: Sequence[Trail], stores: Sequence[EventDataStore]
) -> tuple[tuple[Trail, ...], tuple[EventDataStore, ...], Neighbours]:
    """Link trails and event data stores to their neighbours, and build those that are reached.

    Args:
        declared: the resources of the case.
        trails: the trails of the case.
        stores: its event data stores.
    """
    around = _Around(declared)
    linked = tuple(replace(trail, links=around.links(trail)) for trail in trails)
    stored = tuple(replace(store, links=Links(key=around.key(store.kms_key))) for store in stores)
    return linked, stored, around.build([*(trail.links for trail in linked), *(store.links for store in stored)])


@dataclass(slots=True)
class _Around:
    """What may be a neighbour in one case."""

    declared: Declared
    _documents: Reader = field(init=False)
    _looked_at: dict[str, dict[str, Resource]] = field(default_factory=dict)
    _attached: dict[tuple[str, str], Attached] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._documents = Reader(self.declared.data)

    def links(self, trail: Trail) -> Links:
        """Find the neighbours of a trail."""
        group = links.log_group_name(trail.log_group_arn)
        return Links(
            bucket=self._bucket_link(trail.bucket_name),
            key=self.key(trail.kms_key),
            log_group=self._link(group, "log group", "aws_cloudwatch_log_group"),
            role=self._link(trail.log_group_role, "role", "aws_iam_role"),
            topic=self._link(trail.sns_topic, "topic", "aws_sns_topic"),
        )

    def key(self, value: Value[str]) -> Link | None:
        """Find a key, through its aliases."""
        if isinstance(value, Absent):
            return None
        aliases: dict[str, Value[str]] = {}
        for alias in self.declared.resources("aws_kms_alias"):
            body = attributes.body(alias)
            aliases[alias.address] = body.string("target_key_id")
            if isinstance(name := body.string("name"), Known):
                aliases[name.value] = aliases[alias.address]
        return self._link(links.indirect(value, aliases), "key", *_KEYS)

    def _bucket_link(self, value: Value[str]) -> Link | None:
        found = self._link(value, "bucket", "aws_s3_bucket")
        if found is None or found.address or isinstance(value, Known):
            return found
        stand_ins = {
            one.address: attributes.body(one).string("bucket")
            for kind in _STAND_INS
            for one in self.declared.resources(kind)
        }
        return self._link(links.indirect(value, stand_ins), "bucket", "aws_s3_bucket")

    def _link(self, value: Value[str], what: str, *kinds: str) -> Link | None:
        if isinstance(value, Absent):
            return None
        targets = [_target(resource) for kind in kinds for resource in self._candidates(kind, value)]
        return links.link(value, what, targets, self.declared.has)

    def _candidates(self, kind: str, value: Value[str]) -> Sequence[Resource]:
        """Give the resources of a type that a value may name."""
        argument = _NAMES[kind]
        by_name = value.value if isinstance(value, Known) and argument else ""
        found = self.declared.called(kind, argument, by_name) if by_name else self.declared.resources(kind)
        self._looked_at.setdefault(kind, {}).update((resource.address, resource) for resource in found)
        return found

    def build(self, reached: Iterable[Links]) -> Neighbours:
        """Build what the links reach."""
        addresses = {
            link.address
            for one in reached
            for link in (one.bucket, one.key, one.log_group, one.role, one.topic)
            if link is not None
        }

        def of(*kinds: str) -> list[Resource]:
            looked_at = (resource for kind in kinds for resource in self._looked_at.get(kind, {}).values())
            return [resource for resource in looked_at if resource.address in addresses]

        return Neighbours(
            buckets=tuple(map(self._bucket, of("aws_s3_bucket"))),
            keys=tuple(map(self._key, of(*_KEYS))),
            log_groups=tuple(map(_log_group, of("aws_cloudwatch_log_group"))),
            roles=tuple(map(self._role, of("aws_iam_role"))),
            topics=tuple(map(self._topic, of("aws_sns_topic"))),
        )

    def _find(self, resource: Resource, kind: str, argument: str) -> Attached:
        """Find the resources of a type that name a resource by an argument."""
        if (resource.address, kind) not in self._attached:
            named = ((one, attributes.body(one).string(argument)) for one in self.declared.resources(kind))
            sure, perhaps = links.attached(named, _target(resource))
            self._attached[resource.address, kind] = Attached(sure, perhaps, self._outside(resource))
        return self._attached[resource.address, kind]

    def _outside(self, resource: Resource) -> Unknown | None:
        """Say which module may add to a resource unseen."""
        module = self.declared.outside(resource.address)
        if module is None:
            return None
        because = f"{module} knows of it, and the module is not there to be read"
        return Unknown(because, attributes.body(resource).origin)

    def _policies(self, resource: Resource, attached: Attached) -> Items[PolicyDocument]:
        """Give the policies of a resource: one of its own overwrites the inline one."""
        inline = attributes.body(resource).get("policy")
        known = [self._document(one) for one in attached.there]
        if not known and not isinstance(inline, Absent):
            known.append(self._document(resource))
        possible = tuple(self._document(one) for one in attached.doubtful)
        unknown = attached.doubt if not known and not possible else None
        return Items(tuple(known), possible, unknown, attributes.body(resource).origin)

    def _document(self, resource: Resource, argument: str = "policy") -> PolicyDocument:
        value = attributes.body(resource).get(argument)
        return self._documents.read(resource.address, value, resource.location)

    def _bucket(self, resource: Resource) -> Bucket:
        split = Split(resource, lambda kind: self._find(resource, kind, "bucket"))
        account = [
            one for one in self.declared.resources("aws_s3_account_public_access_block") if one.scope == resource.scope
        ]
        return buckets.build(split, self._policies(resource, split.of("policy")), _account_blocks(Attached(account)))

    def _key(self, resource: Resource) -> Key:
        body = attributes.body(resource)
        replica = resource.type == "aws_kms_replica_key"
        return Key(
            **attributes.common(resource),
            rotation=self._primary_rotation(resource) if replica else body.boolean("enable_key_rotation"),
            enabled=body.boolean("is_enabled" if resource.type == "aws_kms_key" else "enabled"),
            spec=body.string("customer_master_key_spec"),
            usage=body.string("key_usage"),
            policies=self._policies(resource, self._find(resource, "aws_kms_key_policy", "key_id")),
        )

    def _primary_rotation(self, replica: Resource) -> Value[bool]:
        """Give the rotation of a replica: its primary key's."""
        arn = attributes.body(replica).string("primary_key_arn")
        for primary in self.declared.resources("aws_kms_key"):
            if links.names(arn, _target(primary)):
                return attributes.body(primary).boolean("enable_key_rotation")
        return Unknown("the primary key is not in this code", arn.origin)

    def _role(self, resource: Resource) -> Role:
        policies = self._find(resource, "aws_iam_role_policy", "role")
        return Role(
            **attributes.common(resource),
            name=attributes.body(resource).string("name"),
            trust=Items((self._document(resource, "assume_role_policy"),)),
            policies=Items(tuple(map(self._document, policies.there)), tuple(map(self._document, policies.doubtful))),
        )

    def _topic(self, resource: Resource) -> Topic:
        body = attributes.body(resource)
        return Topic(
            **attributes.common(resource),
            name=body.string("name"),
            kms_key=body.string("kms_master_key_id"),
            policies=self._policies(resource, self._find(resource, "aws_sns_topic_policy", "arn")),
        )


def _target(resource: Resource) -> Target:
    """Give what a resource is called; an argument that is not written is made up by AWS."""
    name = _NAMES[resource.type]
    body = attributes.body(resource)
    return Target(resource.address, body.string(name) if name else Absent(body.origin))


def _account_blocks(found: Attached) -> Items[PublicAccessBlock]:
    known = tuple(map(buckets.public_access_block, found.there))
    return Items(known, tuple(map(buckets.public_access_block, found.doubtful)))


def _log_group(resource: Resource) -> LogGroup:
    body = attributes.body(resource)
    return LogGroup(
        **attributes.common(resource),
        name=body.string("name"),
        retention_days=body.integer("retention_in_days"),
        kms_key=body.string("kms_key_id"),
    )
