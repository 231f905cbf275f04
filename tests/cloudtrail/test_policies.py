"""What policies grant CloudTrail and everyone, from documents as people write them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkov_cloudtrail.cloudtrail.delivery import bucket_accepts, key_accepts
from checkov_cloudtrail.cloudtrail.documents import read
from checkov_cloudtrail.cloudtrail.policies import opens
from checkov_cloudtrail.cloudtrail.spelling import ACCOUNT, Speller, matches
from checkov_cloudtrail.model.deployment import Case
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.neighbours import Bucket, Key, Link, Links, Neighbours, ObjectLock
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Absent, Items, Known, Origin, Reference, Unknown, Value

HERE = Range("main.tf")
ORIGIN = Origin(HERE)
NONE = Absent(ORIGIN)
BUCKET, KEY, TRAIL = "aws_s3_bucket.logs", "aws_kms_key.logs", "aws_cloudtrail.main"
COMMON: dict[str, Any] = {"location": HERE, "block": HERE, "exists": Known(True, ORIGIN)}


def known(value: Any) -> Any:
    return NONE if value is None else Known(value, ORIGIN)


def trail(**given: Any) -> Trail:
    values: dict[str, Any] = dict.fromkeys(
        [
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
        ],
        NONE,
    )
    values["name"] = known("main")
    empty: dict[str, Any] = dict.fromkeys(
        ("event_selectors", "advanced_event_selectors", "insight_selectors"), Items(origin=ORIGIN)
    )
    scope = given.pop("scope", "default")
    region = given.pop("region", NONE)
    links = Links(bucket=Link(BUCKET, "", HERE), key=Link(KEY, "", HERE))
    return Trail(
        **COMMON,
        **empty,
        address=TRAIL,
        type="aws_cloudtrail",
        scope=scope,
        region=region,
        links=links,
        **{**values, **given},
    )


def bucket(policy: Value[Any], name: Value[str] | None = None, payer: str | None = None) -> Bucket:
    nothing: Any = Items(origin=ORIGIN)
    document = read("aws_s3_bucket_policy.logs", policy, HERE)
    return Bucket(
        **COMMON,
        address=BUCKET,
        type="aws_s3_bucket",
        scope="default",
        region=NONE,
        name=name or Unknown("AWS generates the name", ORIGIN, (Reference(BUCKET, "id"),)),
        acl=NONE,
        grants=nothing,
        ownership=NONE,
        public_access_blocks=nothing,
        versioning=NONE,
        lifecycle_rules=nothing,
        object_lock=ObjectLock(enabled=NONE, mode=NONE, days=NONE, years=NONE),
        logging_target=NONE,
        encryption=NONE,
        force_destroy=NONE,
        deletion_policy=NONE,
        prevent_destroy=NONE,
        request_payer=known(payer),
        policies=nothing if isinstance(policy, Absent) else Items((document,)),
    )


def key(policy: Value[Any], **given: Any) -> Key:
    document = read(KEY, policy, HERE)
    return Key(
        **COMMON,
        address=KEY,
        type="aws_kms_key",
        scope="default",
        region=NONE,
        **{"rotation": NONE, "enabled": NONE, "spec": NONE, "usage": NONE, **given},
        policies=Items() if isinstance(policy, Absent) else Items((document,)),
    )


def text(document: Any) -> Value[Any]:
    """Write a document as JSON text; `<address.attribute>` stands for a reference."""
    parts: list[str | Reference] = []
    for at, piece in enumerate(json.dumps(document).replace("<", "\0").replace(">", "\0").split("\0")):
        address, _, attribute = piece.rpartition(".")
        if piece:
            parts.append(Reference(address, attribute) if at % 2 else piece)
    if len(parts) == 1:
        return Known(parts[0], ORIGIN)
    return Unknown("known after apply", ORIGIN, tuple(parts))


CALLER = "<data.aws_caller_identity.current.account_id>"
SERVICE = {"Service": "cloudtrail.amazonaws.com"}


def statement(effect: str, principal: Any, action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource, **more}


def acl_check(resource: str = "<aws_s3_bucket.logs.arn>", **more: Any) -> dict[str, Any]:
    return statement("Allow", SERVICE, "s3:GetBucketAcl", resource, **more)


def write(resource: str = f"<aws_s3_bucket.logs.arn>/AWSLogs/{CALLER}/*", **more: Any) -> dict[str, Any]:
    own = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    return statement("Allow", SERVICE, "s3:PutObject", resource, Condition=own | more.pop("also", {}), **more)


def policy(*statements: Any) -> Value[Any]:
    return text({"Version": "2012-10-17", "Statement": list(statements)})


def deny(condition: Any, principal: Any = "*", action: Any = "s3:*") -> dict[str, Any]:
    return statement("Deny", principal, action, ["<aws_s3_bucket.logs.arn>", "<aws_s3_bucket.logs.arn>/*"]) | {
        "Condition": condition
    }


def source(arn: Any, operator: str = "StringEquals", key: str = "aws:SourceArn") -> dict[str, Any]:
    return {operator: {key: arn}}


TRAIL_ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"
LITERAL = "arn:aws:s3:::my-logs"

ACCEPTS: list[tuple[str, Value[Any], dict[str, Any], bool | None]] = [
    ("the two statements of the guide", policy(acl_check(), write()), {}, True),
    ("no policy", NONE, {}, False),
    ("no ACL check", policy(write()), {}, False),
    ("no write", policy(acl_check()), {}, False),
    (
        "all of S3",
        policy(statement("Allow", SERVICE, "s3:*", ["<aws_s3_bucket.logs.arn>", "<aws_s3_bucket.logs.arn>/*"])),
        {},
        True,
    ),
    (
        "by id",
        policy(
            acl_check("arn:aws:s3:::<aws_s3_bucket.logs.id>"),
            write(f"arn:aws:s3:::<aws_s3_bucket.logs.id>/AWSLogs/{CALLER}/*"),
        ),
        {},
        True,
    ),
    (
        "by partition",
        policy(acl_check("arn:<data.aws_partition.p.partition>:s3:::<aws_s3_bucket.logs.bucket>"), write()),
        {},
        True,
    ),
    ("another bucket", policy(acl_check("<aws_s3_bucket.other.arn>"), write("<aws_s3_bucket.other.arn>/*")), {}, False),
    (
        "another bucket's name",
        policy(acl_check("arn:aws:s3:::other"), write("arn:aws:s3:::other/*")),
        {"name": known("my-logs")},
        False,
    ),
    (
        "literal name",
        policy(acl_check(LITERAL), write(LITERAL + "/AWSLogs/111122223333/*")),
        {"name": known("my-logs")},
        True,
    ),
    (
        "name of a variable, same variable",
        policy(acl_check("arn:aws:s3:::<var.b.>"), write("arn:aws:s3:::<var.b.>/*")),
        {"name": Unknown("var.b has no value", ORIGIN, (Reference("var.b"),))},
        True,
    ),
    (
        "name of a variable, a literal",
        policy(acl_check(LITERAL), write(LITERAL + "/*")),
        {"name": Unknown("var.b has no value", ORIGIN, (Reference("var.b"),))},
        None,
    ),
    ("prefix missing in the policy", policy(acl_check(), write()), {"trail": {"key_prefix": known("audit")}}, False),
    (
        "prefix in the policy",
        policy(acl_check(), write(f"<aws_s3_bucket.logs.arn>/audit/AWSLogs/{CALLER}/*")),
        {"trail": {"key_prefix": known("audit")}},
        True,
    ),
    (
        "prefix only in the policy",
        policy(acl_check(), write(f"<aws_s3_bucket.logs.arn>/audit/AWSLogs/{CALLER}/*")),
        {},
        False,
    ),
    (
        "unknown prefix",
        policy(acl_check(), write()),
        {"trail": {"key_prefix": Unknown("var.p has no value", ORIGIN, (Reference("var.p"),))}},
        None,
    ),
    (
        "any prefix",
        policy(acl_check(), write("<aws_s3_bucket.logs.arn>/*")),
        {"trail": {"key_prefix": Unknown("var.p has no value", ORIGIN)}},
        True,
    ),
    ("organization without its path", policy(acl_check(), write()), {"trail": {"organization": known(True)}}, False),
    (
        "organization with its path",
        policy(
            acl_check(), write(), write("<aws_s3_bucket.logs.arn>/AWSLogs/<data.aws_organizations_organization.o.id>/*")
        ),
        {"trail": {"organization": known(True)}},
        True,
    ),
    (
        "organization, the management account's path",
        policy(
            acl_check(),
            write("<aws_s3_bucket.logs.arn>/AWSLogs/<data.aws_organizations_organization.o.master_account_id>/*"),
            write("<aws_s3_bucket.logs.arn>/AWSLogs/<data.aws_organizations_organization.o.id>/*"),
        ),
        {"trail": {"organization": known(True)}},
        True,
    ),
    (
        "organization, literal id",
        policy(acl_check(), write(), write("<aws_s3_bucket.logs.arn>/AWSLogs/o-abcdefghij/*")),
        {"trail": {"organization": known(True)}},
        True,
    ),
    (
        "only the organization's path",
        policy(acl_check(), write("<aws_s3_bucket.logs.arn>/AWSLogs/o-abcdefghij/*")),
        {"trail": {"organization": known(True)}},
        False,
    ),
    (
        "another account",
        policy(acl_check(), write("<aws_s3_bucket.logs.arn>/AWSLogs/999999999999/*")),
        {"trail": {"scope": "111122223333"}},
        False,
    ),
    (
        "own account",
        policy(acl_check(), write("<aws_s3_bucket.logs.arn>/AWSLogs/111122223333/*")),
        {"trail": {"scope": "111122223333"}},
        True,
    ),
    (
        "account of a variable",
        policy(acl_check(), write("<aws_s3_bucket.logs.arn>/AWSLogs/<var.account.>/*")),
        {},
        None,
    ),
    (
        "source ARN of the trail",
        policy(acl_check(Condition=source(TRAIL_ARN)), write(also=source("<aws_cloudtrail.main.arn>", "ArnLike"))),
        {},
        True,
    ),
    ("source ARN of another trail", policy(acl_check(), write(also=source(TRAIL_ARN + "2", "ArnEquals"))), {}, False),
    (
        "source ARN of another Region",
        policy(acl_check(), write(also=source(TRAIL_ARN, "ArnLike"))),
        {"trail": {"region": known("eu-west-1")}},
        False,
    ),
    (
        "source ARN with wildcards",
        policy(acl_check(), write(also=source("arn:aws:cloudtrail:*:111122223333:trail/*", "StringLike"))),
        {},
        True,
    ),
    (
        "wildcards in StringEquals",
        policy(acl_check(), write(also=source("arn:aws:cloudtrail:*:111122223333:trail/*"))),
        {},
        False,
    ),
    ("source account", policy(acl_check(), write(also=source(CALLER, key="AWS:SourceAccount"))), {}, True),
    ("wrong canned ACL", policy(acl_check(), write(also={"StringEquals": {"s3:x-amz-acl": "private"}})), {}, False),
    (
        "another service",
        policy(statement("Allow", {"Service": "config.amazonaws.com"}, "s3:*", "<aws_s3_bucket.logs.arn>/*")),
        {},
        False,
    ),
    (
        "several services",
        policy(
            statement(
                "Allow",
                {"Service": ["config.amazonaws.com", "cloudtrail.amazonaws.com"]},
                ["s3:GetBucketAcl", "s3:PutObject"],
                "*",
            )
        ),
        {},
        True,
    ),
    ("everyone", policy(statement("Allow", "*", "s3:*", "*")), {}, True),
    (
        "retired account",
        policy(statement("Allow", {"AWS": "<data.aws_cloudtrail_service_account.main.arn>"}, "s3:*", "*")),
        {},
        None,
    ),
    ("deny without TLS", policy(acl_check(), write(), deny({"Bool": {"aws:SecureTransport": "false"}})), {}, True),
    (
        "deny outside of the VPC endpoint",
        policy(acl_check(), write(), deny({"StringNotEquals": {"aws:sourceVpce": "vpce-1"}})),
        {},
        False,
    ),
    (
        "deny outside, services excepted",
        policy(
            acl_check(),
            write(),
            deny({"StringNotEquals": {"aws:sourceVpce": "vpce-1"}, "Bool": {"aws:PrincipalIsAWSService": "false"}}),
        ),
        {},
        True,
    ),
    (
        "deny outside, if the key is there",
        policy(
            acl_check(),
            write(),
            deny(
                {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                }
            ),
        ),
        {},
        True,
    ),
    (
        "deny outside of the organization",
        policy(acl_check(), write(), deny({"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})),
        {},
        False,
    ),
    (
        "deny outside of the network",
        policy(acl_check(), write(), deny({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}})),
        {},
        False,
    ),
    (
        "deny unencrypted, trail without key",
        policy(
            acl_check(),
            write(),
            deny({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}, action="s3:PutObject"),
        ),
        {},
        False,
    ),
    (
        "deny unencrypted, trail with key",
        policy(
            acl_check(),
            write(),
            deny({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}, action="s3:PutObject"),
        ),
        {"trail": {"kms_key": known("arn:aws:kms:us-east-1:111122223333:key/k")}},
        True,
    ),
    (
        "deny without a header",
        policy(
            acl_check(), write(), deny({"Null": {"s3:x-amz-server-side-encryption": "true"}}, action="s3:PutObject")
        ),
        {},
        None,
    ),
    (
        "deny deleting",
        policy(acl_check(), write(), deny({}, action=["s3:DeleteObject*", "s3:PutLifecycleConfiguration"])),
        {},
        True,
    ),
    ("deny to a role", policy(acl_check(), write(), deny({}, {"AWS": "<aws_iam_role.reader.arn>"})), {}, True),
    (
        "deny to all but a role",
        policy(
            acl_check(),
            write(),
            {k: v for k, v in deny({}).items() if k != "Principal"}
            | {"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}},
        ),
        {},
        False,
    ),
    (
        "deny to all but CloudTrail",
        policy(
            acl_check(), write(), {k: v for k, v in deny({}).items() if k != "Principal"} | {"NotPrincipal": SERVICE}
        ),
        {},
        True,
    ),
    (
        "an unknown statement",
        Unknown("var.extra has no value", ORIGIN, ('{"Statement": [', Reference("var.extra"), "]}")),
        {},
        None,
    ),
    ("an unknown document", Unknown("var.policy has no value", ORIGIN, (Reference("var.policy"),)), {}, None),
    ("not JSON", known("{"), {}, None),
    ("requester pays", policy(acl_check(), write()), {"payer": "Requester"}, False),
    (
        "no digests",
        policy(acl_check(), write(f"<aws_s3_bucket.logs.arn>/AWSLogs/{CALLER}/CloudTrail/*")),
        {"trail": {"log_file_validation": known(True)}},
        False,
    ),
    ("one statement, no list", text({"Statement": statement("Allow", SERVICE, "s3:*", "*")}), {}, True),
]


@pytest.mark.parametrize(("name", "document", "given", "expected"), ACCEPTS, ids=[case[0] for case in ACCEPTS])
def test_bucket_accepts(name: str, document: Value[Any], given: dict[str, Any], expected: bool | None) -> None:
    subject = trail(**given.get("trail", {}))
    target = bucket(document, given.get("name"), given.get("payer"))
    case = Case(trails=(subject,), neighbours=Neighbours(buckets=(target,)))
    answer = bucket_accepts(subject, target, case)
    assert answer.granted is expected, f"{name}: {answer}"


ENCRYPT = "kms:GenerateDataKey*"
CONTEXT = {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{CALLER}:trail/*"}}
DESCRIBE = statement("Allow", SERVICE, "kms:DescribeKey", "*")

KEYS: list[tuple[str, Value[Any], dict[str, Any], bool | None]] = [
    ("no policy", NONE, {}, False),
    (
        "the account only",
        policy(statement("Allow", {"AWS": "arn:aws:iam::111122223333:root"}, "kms:*", "*")),
        {},
        False,
    ),
    ("the guide's", policy(statement("Allow", SERVICE, ENCRYPT, "*", Condition=CONTEXT), DESCRIBE), {}, True),
    ("no DescribeKey", policy(statement("Allow", SERVICE, ENCRYPT, "*", Condition=CONTEXT)), {}, False),
    (
        "another account's trails",
        policy(
            statement(
                "Allow",
                SERVICE,
                ENCRYPT,
                "*",
                Condition={
                    "StringLike": {
                        "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:999999999999:trail/*"
                    }
                },
            ),
            DESCRIBE,
        ),
        {"trail": {"scope": "111122223333"}},
        False,
    ),
    (
        "another trail",
        policy(statement("Allow", SERVICE, ENCRYPT, "*", Condition=source(TRAIL_ARN + "2")), DESCRIBE),
        {},
        False,
    ),
    ("disabled", policy(statement("Allow", SERVICE, "kms:*", "*")), {"enabled": known(False)}, False),
    ("asymmetric", policy(statement("Allow", SERVICE, "kms:*", "*")), {"spec": known("RSA_2048")}, False),
    ("signing", policy(statement("Allow", SERVICE, "kms:*", "*")), {"usage": known("SIGN_VERIFY")}, False),
]


@pytest.mark.parametrize(("name", "document", "given", "expected"), KEYS, ids=[case[0] for case in KEYS])
def test_key_accepts(name: str, document: Value[Any], given: dict[str, Any], expected: bool | None) -> None:
    subject = trail(**given.pop("trail", {}))
    target = key(document, **given)
    answer = key_accepts(subject, target, Case(trails=(subject,), neighbours=Neighbours(keys=(target,))))
    assert answer.granted is expected, f"{name}: {answer}"


def test_key_of_an_event_data_store_cannot_name_a_source() -> None:
    names = "name multi_region organization termination_protection retention_days billing_mode ingestion kms_key"
    store = EventDataStore(
        **COMMON,
        address="aws_cloudtrail_event_data_store.s",
        type="aws_cloudtrail_event_data_store",
        scope="default",
        region=NONE,
        advanced_event_selectors=Items(),
        insight_selectors=Items(),
        **dict.fromkeys(names.split(), NONE),
    )
    guarded = key(
        policy(statement("Allow", SERVICE, "kms:*", "*", Condition=source("arn:aws:cloudtrail:*:*:*", "ArnLike")))
    )
    plain = key(policy(statement("Allow", SERVICE, "kms:*", "*")))
    case = Case(event_data_stores=(store,))
    assert [key_accepts(store, each, case).granted for each in (guarded, plain)] == [False, True]


PUBLIC: list[tuple[str, dict[str, Any], bool | None]] = [
    ("everyone", statement("Allow", "*", "s3:GetObject", "*"), True),
    ("everyone with an account", statement("Allow", {"AWS": ["*"]}, "s3:GetObject", "*"), True),
    ("a service", statement("Allow", SERVICE, "s3:GetObject", "*"), False),
    ("an account", statement("Allow", {"AWS": "111122223333"}, "s3:GetObject", "*"), False),
    ("denied to everyone", statement("Deny", "*", "s3:GetObject", "*"), False),
    (
        "one VPC endpoint",
        statement("Allow", "*", "s3:GetObject", "*", Condition={"StringEquals": {"aws:sourceVpce": "vpce-1"}}),
        False,
    ),
    (
        "the organization",
        statement("Allow", "*", "s3:GetObject", "*", Condition={"StringEquals": {"aws:PrincipalOrgID": "<var.o.>"}}),
        False,
    ),
    (
        "one network",
        statement("Allow", "*", "s3:GetObject", "*", Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}),
        False,
    ),
    (
        "every network",
        statement("Allow", "*", "s3:GetObject", "*", Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        True,
    ),
    (
        "not one network",
        statement("Allow", "*", "s3:GetObject", "*", Condition={"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}),
        True,
    ),
    (
        "with TLS",
        statement("Allow", "*", "s3:GetObject", "*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
        True,
    ),
    (
        "a referer",
        statement(
            "Allow", "*", "s3:GetObject", "*", Condition={"StringLike": {"aws:Referer": "https://example.com/*"}}
        ),
        True,
    ),
    (
        "all but one",
        {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"},
        True,
    ),
    ("somebody of a variable", statement("Allow", {"AWS": "<var.reader.>"}, "s3:GetObject", "*"), None),
    ("a role", statement("Allow", {"AWS": "<aws_iam_role.reader.arn>"}, "s3:GetObject", "*"), False),
]


@pytest.mark.parametrize(("name", "given", "expected"), PUBLIC, ids=[case[0] for case in PUBLIC])
def test_opens(name: str, given: dict[str, Any], expected: bool | None) -> None:
    (found,) = read("p", policy(given), HERE).statements.known
    assert opens(found, Speller(Case(), trail())) is expected, name


CONDITIONS: list[tuple[str, str, str, bool]] = [
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Audit", True),
    ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::1111*:role/Audit", True),
    ("StringLike", "aws:PrincipalArn", "*:role/x", True),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", False),
    ("ArnLike", "aws:PrincipalArn", "arn:*:iam::<data.aws_caller_identity.me.account_id>:role/*", False),
    ("StringLike", "aws:PrincipalOrgID", "o-*", True),
    ("StringLike", "aws:PrincipalOrgPaths", "o-abcdefghij/r-1/*", False),
    ("StringLike", "aws:SourceArn", "arn:aws:cloudfront::*:distribution/*", True),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::inventory/*", False),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*", True),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3", False),
    ("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}", True),
    ("StringEquals", "aws:PrincipalOrgID", "o-*", False),
    ("StringLike", "aws:userid", "AROAEXAMPLE:*", False),
]


@pytest.mark.parametrize(("operator", "key", "value", "expected"), CONDITIONS)
def test_what_narrows_everyone_down(operator: str, key: str, value: str, expected: bool) -> None:
    given = statement("Allow", "*", "s3:*", "*", Condition={operator: {key: value}})
    (found,) = read("p", policy(given), HERE).statements.known
    assert opens(found, Speller(Case(), trail())) is expected


MATCHES: list[tuple[str, str, bool, bool | None]] = [
    ("s3:*", "s3:PutObject", True, True),
    ("s3:Put?bject", "s3:PutObject", True, True),
    ("s3:*", "s3:PutObject", False, False),
    ("a*b*c", "aXbYbZc", True, True),
    ("a*b*c", "aXbYbZ", True, False),
    ("", "", True, True),
    ("x\ue100y", "xanythingy", True, None),
    ("x\ue100y", "zanythingy", True, False),
    ("x\ue100y", "x\ue100y", True, True),
    ("x\ue004y", "x\ue004y", True, None),
    (f"\ue100/{ACCOUNT}/*", "\ue100/o-1/x", True, False),
    (f"\ue100/{ACCOUNT}/*", "\ue101/o-1/x", True, None),
    ("prefix/*", "\ue100", True, None),
    (f"AWSLogs/{ACCOUNT}/*", "AWSLogs/\ue003/x", True, False),
    ("*" * 500 + "a", "b" * 2000, True, False),
]


@pytest.mark.parametrize(("pattern", "value", "wildcards", "expected"), MATCHES)
def test_matches(pattern: str, value: str, wildcards: bool, expected: bool | None) -> None:
    assert matches(pattern, value, wildcards) is expected


def test_a_policy_that_is_too_large_is_not_compared() -> None:
    many = [statement("Allow", SERVICE, "*a" * 900, "*b" * 900) for _ in range(20)]
    document = read("p", policy(*many), HERE)
    assert document.statements.known == ()
    assert document.statements.unknown is not None
    assert document.statements.unknown.because == "the policy is larger than AWS accepts"


@pytest.mark.parametrize("text", ["[" * 100_000, '{"Statement": ' * 5_000, "null", '{"Statement": [1, null, []]}'])
def test_hostile_text(text: str) -> None:
    document = read("p", Known(text, ORIGIN), HERE)
    assert document.statements.known == ()
