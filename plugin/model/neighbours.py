"""What a trail needs around it: bucket, key, log group, role, topic, and the policies that guard them.

A bucket has each aspect once, whether it was written inside the bucket or as a resource of its own (semantics.md f.2).
Aspects that are resources of their own in Terraform are `Items`: `known` ones are surely there, `possible` ones may be
(their existence is open), and `unknown` says why others may exist that cannot be seen.
"""

from __future__ import annotations

from dataclasses import field

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Items, Resource, Value


@record
class Link:
    """Where a neighbour is.

    Args:
        address: the neighbour's address in the same Case; empty when it is not in this code.
        because: why it is not: `the bucket is not in this code: var.bucket has no value`.
        range: the attribute that names the neighbour.
    """

    address: str
    because: str
    range: Range


@record
class Links:
    """The neighbours of one trail or event data store; None where it names none."""

    bucket: Link | None = None
    key: Link | None = None
    log_group: Link | None = None
    role: Link | None = None
    topic: Link | None = None


@record(kw_only=True)
class Principal:
    """Who a statement is about.

    Args:
        type: `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for everyone.
        identifiers: account ids, ARNs, service names.
    """

    type: Value[str]
    identifiers: Value[tuple[Value[str], ...]]


@record(kw_only=True)
class Condition:
    """One line of a statement's `Condition`: operator, key, and values that are alternatives."""

    operator: Value[str]
    key: Value[str]
    values: Value[tuple[Value[str], ...]]


@record(kw_only=True)
class Statement:
    """One statement of a policy, as written. The negated form of an element excludes the plain one."""

    sid: Value[str]
    effect: Value[str]
    principals: Items[Principal]
    not_principals: Items[Principal]
    actions: Value[tuple[Value[str], ...]]
    not_actions: Value[tuple[Value[str], ...]]
    resources: Value[tuple[Value[str], ...]]
    not_resources: Value[tuple[Value[str], ...]]
    conditions: Items[Condition]
    range: Range


@record(kw_only=True)
class PolicyDocument:
    """A resource policy, trust policy or identity policy.

    Args:
        address: the resource that attaches it (`aws_s3_bucket_policy.logs`), or that holds it inline.
        statements: `unknown` is set where the document, or a part of it, cannot be read.
        range: the attribute that holds the document.
    """

    address: str
    statements: Items[Statement]
    range: Range


@record(kw_only=True)
class PublicAccessBlock:
    """The four flags, of a bucket or of the account; Absent means false once the resource exists [TF, CFN]."""

    address: str
    block_public_acls: Value[bool]
    ignore_public_acls: Value[bool]
    block_public_policy: Value[bool]
    restrict_public_buckets: Value[bool]
    range: Range


@record(kw_only=True)
class Grant:
    """One entry of an access control list: a grantee's URI, id or canned name, and what it may do."""

    grantee: Value[str]
    permission: Value[str]
    range: Range


@record(kw_only=True)
class LifecycleRule:
    """What a lifecycle rule says about the expiry of objects.

    Args:
        prefix: Absent for every object.
        narrowed: the rule also filters by tags or size, so it need not meet log files.
    """

    enabled: Value[bool]
    prefix: Value[str]
    narrowed: bool
    expiration_days: Value[int]
    expiration_date: Value[str]
    range: Range


@record(kw_only=True)
class ObjectLock:
    """The lock of a bucket: the flag alone protects nothing, the default retention does."""

    enabled: Value[bool]
    mode: Value[str]
    days: Value[int]
    years: Value[int]


@record(kw_only=True)
class Bucket(Resource):
    """A bucket that a trail delivers to, inline and split forms merged.

    Args:
        name: an Unknown whose parts reference the bucket itself where AWS generates it.
        acl: canned ACL.
        ownership: `BucketOwnerEnforced`, `BucketOwnerPreferred`, `ObjectWriter`; Absent: the service's own default.
        account_public_access_blocks: the account-level resource of the same scope.
        versioning: `Enabled`, `Suspended`, `Disabled`.
        logging_target: name of the bucket that receives the access logs.
        deletion_policy: CloudFormation's `DeletionPolicy`.
        prevent_destroy: Terraform's `lifecycle` argument.
        policies: bucket policies; a bucket has one, further ones overwrite it.
        conflicts: aspects that are written both inline and as a resource of their own.
    """

    name: Value[str]
    acl: Value[str]
    grants: Items[Grant]
    ownership: Value[str]
    public_access_blocks: Items[PublicAccessBlock]
    account_public_access_blocks: Items[PublicAccessBlock] = field(default_factory=Items)
    versioning: Value[str]
    lifecycle_rules: Items[LifecycleRule]
    object_lock: ObjectLock
    logging_target: Value[str]
    encryption: Value[str]
    force_destroy: Value[bool]
    deletion_policy: Value[str]
    prevent_destroy: Value[bool]
    request_payer: Value[str]
    policies: Items[PolicyDocument]
    conflicts: tuple[str, ...] = ()


@record(kw_only=True)
class Key(Resource):
    """A KMS key. No policy at all means KMS's default: the account's root user, and no service."""

    rotation: Value[bool]
    enabled: Value[bool]
    spec: Value[str]
    usage: Value[str]
    policies: Items[PolicyDocument]


@record(kw_only=True)
class LogGroup(Resource):
    """A CloudWatch Logs group. Retention Absent or 0: its events never expire."""

    name: Value[str]
    retention_days: Value[int]
    kms_key: Value[str]


@record(kw_only=True)
class Role(Resource):
    """The role that CloudTrail assumes to write to the log group."""

    name: Value[str]
    trust: Items[PolicyDocument]
    policies: Items[PolicyDocument]


@record(kw_only=True)
class Topic(Resource):
    """The SNS topic that is told of each delivery."""

    name: Value[str]
    kms_key: Value[str]
    policies: Items[PolicyDocument]


@record
class Neighbours:
    """Everything that the trails and event data stores of one case reach."""

    buckets: tuple[Bucket, ...] = ()
    keys: tuple[Key, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    roles: tuple[Role, ...] = ()
    topics: tuple[Topic, ...] = ()
