"""The neighbours of trails in CloudFormation templates: buckets, keys, log groups, roles, topics and their policies.

Only what a trail or an event data store reaches is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from checkov_cloudtrail.cloudtrail import documents, links
from checkov_cloudtrail.cloudtrail.links import Target
from checkov_cloudtrail.model import attributes
from checkov_cloudtrail.model.attributes import Block
from checkov_cloudtrail.model.neighbours import (
    Bucket,
    Key,
    LifecycleRule,
    Link,
    Links,
    LogGroup,
    Neighbours,
    ObjectLock,
    PolicyDocument,
    PublicAccessBlock,
    Role,
    Topic,
)
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Absent, AnyValue, Items, Known, Reference, Resource, Unknown, Value

BUCKET, LOG_GROUP, ROLE, TOPIC = "AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::IAM::Role", "AWS::SNS::Topic"
KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
# The property that names a resource of each type; keys have ids that AWS makes up.
_NAMES = {BUCKET: "BucketName", LOG_GROUP: "LogGroupName", ROLE: "RoleName", TOPIC: "TopicName"}
_NARROWING = ("TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")


class Declared(Protocol):
    """The resources of one case of a template and its nested stacks."""

    def resources(self, kind: str) -> Sequence[Resource]:
        """Give the resources of a type, without those that surely do not exist."""

    def has(self, address: str) -> bool:
        """Tell whether a resource of any type is at an address."""

    def deletion_policy(self, address: str) -> Value[str]:
        """Give the `DeletionPolicy` of a resource."""


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
    _targets: dict[str, list[Target]] = field(default_factory=dict)

    def links(self, trail: Trail) -> Links:
        """Find the neighbours of a trail."""
        group = links.log_group_name(trail.log_group_arn)
        return Links(
            bucket=self._link(trail.bucket_name, "bucket", BUCKET),
            key=self.key(trail.kms_key),
            log_group=self._link(group, "log group", LOG_GROUP),
            role=self._link(trail.log_group_role, "role", ROLE),
            topic=self._link(trail.sns_topic, "topic", TOPIC),
        )

    def key(self, value: Value[str]) -> Link | None:
        """Find a key, through its alias."""
        if isinstance(value, Absent):
            return None
        for alias in self.declared.resources("AWS::KMS::Alias"):
            body = attributes.body(alias)
            if links.names(value, Target(alias.address, body.string("AliasName"))):
                return self._link(body.string("TargetKeyId"), "key", *KEYS)
        return self._link(value, "key", *KEYS)

    def _link(self, value: Value[str], what: str, *kinds: str) -> Link | None:
        if isinstance(value, Absent):
            return None
        targets = [target for kind in kinds for target in self._named(kind)]
        return links.link(value, what, targets, self.declared.has)

    def _named(self, kind: str) -> list[Target]:
        if kind not in self._targets:
            self._targets[kind] = [_target(resource) for resource in self.declared.resources(kind)]
        return self._targets[kind]

    def build(self, reached: Iterable[Links]) -> Neighbours:
        """Build what the links reach."""
        every = tuple(reached)

        def of(ends: Iterable[Link | None], *kinds: str) -> list[Resource]:
            addresses = {link.address for link in ends if link is not None}
            if not addresses:
                return []  # of hundreds of resources that are nobody's neighbour, none is evaluated
            return [one for kind in kinds for one in self.declared.resources(kind) if one.address in addresses]

        return Neighbours(
            buckets=tuple(map(self._bucket, of((one.bucket for one in every), BUCKET))),
            keys=tuple(map(_key, of((one.key for one in every), *KEYS))),
            log_groups=tuple(map(_log_group, of((one.log_group for one in every), LOG_GROUP))),
            roles=tuple(map(_role, of((one.role for one in every), ROLE))),
            topics=tuple(map(self._topic, of((one.topic for one in every), TOPIC))),
        )

    def _policies(self, resource: Resource, kind: str, names: str) -> Items[PolicyDocument]:
        """Give the policies that a type of resource attaches to another one."""
        named = (
            (one, value)
            for one in self.declared.resources(kind)
            for value in _strings(attributes.body(one).strings(names))
        )
        sure, perhaps = links.attached(named, _target(resource))
        known = tuple(_document(one, "PolicyDocument") for one in sure if not isinstance(one.exists, Unknown))
        possible = tuple(_document(one, "PolicyDocument") for one in sure if isinstance(one.exists, Unknown))
        unknown = None
        if perhaps and not sure:
            unknown = Unknown(f"{perhaps[0].address} may be for it", attributes.body(perhaps[0]).origin)
        return Items(known, possible, unknown, attributes.body(resource).origin)

    def _bucket(self, resource: Resource) -> Bucket:
        body = attributes.body(resource)
        name = body.string("BucketName")
        made_up = Unknown("AWS generates the name", name.origin, (Reference(resource.address, "Ref"),), present=True)
        lock = ("ObjectLockConfiguration", "Rule", "DefaultRetention")
        rules = body.blocks("LifecycleConfiguration", "Rules")
        nothing = Absent(body.origin)
        return Bucket(
            **attributes.common(resource),
            name=made_up if isinstance(name, Absent) else name,
            acl=body.string("AccessControl"),
            grants=Items(origin=body.origin),
            ownership=body.string("OwnershipControls", "Rules", "ObjectOwnership"),
            public_access_blocks=_public_access_block(resource),
            versioning=body.string("VersioningConfiguration", "Status"),
            lifecycle_rules=Items(tuple(map(_rule, rules.known)), unknown=rules.unknown, origin=rules.origin),
            object_lock=ObjectLock(
                enabled=body.boolean("ObjectLockEnabled"),
                mode=body.string(*lock, "Mode"),
                days=body.integer(*lock, "Days"),
                years=body.integer(*lock, "Years"),
            ),
            logging_target=_logging(body, resource),
            encryption=body.string(
                "BucketEncryption", "ServerSideEncryptionConfiguration", "ServerSideEncryptionByDefault", "SSEAlgorithm"
            ),
            force_destroy=nothing,
            deletion_policy=self.declared.deletion_policy(resource.address),
            prevent_destroy=nothing,
            request_payer=nothing,
            policies=self._policies(resource, "AWS::S3::BucketPolicy", "Bucket"),
        )

    def _topic(self, resource: Resource) -> Topic:
        body = attributes.body(resource)
        return Topic(
            **attributes.common(resource),
            name=body.string("TopicName"),
            kms_key=body.string("KmsMasterKeyId"),
            policies=self._policies(resource, "AWS::SNS::TopicPolicy", "Topics"),
        )


def _target(resource: Resource) -> Target:
    """Give what a resource is called; a name that is not written is made up by CloudFormation."""
    body = attributes.body(resource)
    name = _NAMES.get(resource.type)
    return Target(resource.address, body.string(name) if name else Absent(body.origin))


def _strings(value: Value[tuple[Value[str], ...]]) -> tuple[Value[str], ...]:
    match value:
        case Known(several):
            return several
        case Absent() | Unknown():
            return (value,)


def _document(resource: Resource, name: str) -> PolicyDocument:
    return documents.read(resource.address, attributes.body(resource).get(name), resource.location)


def _public_access_block(resource: Resource) -> Items[PublicAccessBlock]:
    """Read the four flags; a configuration that is there leaves off what it does not say."""
    found = attributes.body(resource).blocks("PublicAccessBlockConfiguration")

    def flags(block: Block) -> PublicAccessBlock:
        return PublicAccessBlock(
            address=resource.address,
            block_public_acls=block.boolean("BlockPublicAcls"),
            ignore_public_acls=block.boolean("IgnorePublicAcls"),
            block_public_policy=block.boolean("BlockPublicPolicy"),
            restrict_public_buckets=block.boolean("RestrictPublicBuckets"),
            range=block.range,
        )

    return Items(tuple(map(flags, found.known)), unknown=found.unknown, origin=found.origin)


def _rule(block: Block) -> LifecycleRule:
    status: Value[bool]
    match block.string("Status"):
        case Known(word, origin):
            status = Known(word == "Enabled", origin)
        case Absent() | Unknown() as other:
            status = other
    return LifecycleRule(
        enabled=status,
        prefix=block.string("Prefix"),
        narrowed=any(not isinstance(block.get(name), Absent) for name in _NARROWING),
        expiration_days=block.integer("ExpirationInDays"),
        expiration_date=block.string("ExpirationDate"),
        range=block.range,
    )


def _logging(body: Block, resource: Resource) -> Value[str]:
    """Read the target: the bucket itself, where the configuration does not name one [CFN]."""
    configuration: AnyValue = body.get("LoggingConfiguration")
    target = body.string("LoggingConfiguration", "DestinationBucketName")
    match configuration:
        case Known(_, origin) if isinstance(target, Absent):
            return Unknown("it is the bucket itself", origin, (Reference(resource.address, "Ref"),), present=True)
        case Known() if isinstance(target, Unknown):
            return Unknown(target.because, target.origin, target.parts, present=True)
        case _:
            return target


def _key(resource: Resource) -> Key:
    body = attributes.body(resource)
    value = body.get("KeyPolicy")
    policy = documents.read(resource.address, value, resource.location)
    replica = Unknown("its primary key decides", body.origin)
    return Key(
        **attributes.common(resource),
        rotation=replica if resource.type == "AWS::KMS::ReplicaKey" else body.boolean("EnableKeyRotation"),
        enabled=body.boolean("Enabled"),
        spec=body.string("KeySpec"),
        usage=body.string("KeyUsage"),
        policies=Items(origin=body.origin) if isinstance(value, Absent) else Items((policy,), origin=body.origin),
    )


def _log_group(resource: Resource) -> LogGroup:
    body = attributes.body(resource)
    return LogGroup(
        **attributes.common(resource),
        name=body.string("LogGroupName"),
        retention_days=body.integer("RetentionInDays"),
        kms_key=body.string("KmsKeyId"),
    )


def _role(resource: Resource) -> Role:
    body = attributes.body(resource)
    inline = body.blocks("Policies")
    policies = tuple(
        documents.read(resource.address, block.get("PolicyDocument"), block.range) for block in inline.known
    )
    return Role(
        **attributes.common(resource),
        name=body.string("RoleName"),
        trust=Items((_document(resource, "AssumeRolePolicyDocument"),)),
        policies=Items(policies, unknown=inline.unknown, origin=inline.origin),
    )
