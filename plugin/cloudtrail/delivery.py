"""Whether CloudTrail can deliver: what it asks of bucket and key, and the names that the service refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from checkov_cloudtrail.cloudtrail.defaults import effective
from checkov_cloudtrail.cloudtrail.outcomes import present
from checkov_cloudtrail.cloudtrail.policies import CLOUDTRAIL, Answer, Fact, Request, granted
from checkov_cloudtrail.cloudtrail.spelling import ACCOUNT, ORGANIZATION, PARTITION, SAMPLE, Speller
from checkov_cloudtrail.model.coverage import Coverage, Extent
from checkov_cloudtrail.model.deployment import Case
from checkov_cloudtrail.model.neighbours import Bucket, Key, Link, Statement
from checkov_cloudtrail.model.trail import EventDataStore, InsightSelector, Trail
from checkov_cloudtrail.model.values import Absent, Known, Reference, Resource, Unknown, Value

MAX_PREFIX = 200
SOURCE_KEYS = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})

R = TypeVar("R", bound=Resource)


def linked(neighbours: Iterable[R], link: Link | None) -> R | None:
    """Find the neighbour that a link leads to; None when it is not in this code."""
    if link is None or not link.address:
        return None
    return next((neighbour for neighbour in neighbours if neighbour.address == link.address), None)


def writers(case: Case, bucket: Bucket) -> tuple[Trail, ...]:
    """Give the trails that deliver to a bucket; one bucket may serve several."""
    return tuple(trail for trail in case.trails if _leads(trail.links.bucket, bucket) and trail.may_exist)


def key_users(case: Case, key: Key) -> tuple[Trail | EventDataStore, ...]:
    """Give the trails and event data stores that encrypt with a key."""
    everybody: tuple[Trail | EventDataStore, ...] = (*case.trails, *case.event_data_stores)
    return tuple(one for one in everybody if _leads(one.links.key, key) and one.may_exist)


def _leads(link: Link | None, neighbour: Resource) -> bool:
    return link is not None and link.address == neighbour.address


def log_prefix(trail: Trail, speller: Speller) -> str:
    """Spell what the keys of all log files start with: `[prefix/]AWSLogs/`."""
    prefix = speller.spell(trail.key_prefix)
    return f"{prefix}/AWSLogs/" if prefix else "AWSLogs/"


def bucket_accepts(trail: Trail, bucket: Bucket, case: Case) -> Answer:
    """Tell whether a bucket lets CloudTrail check its ACL and write the trail's files [UG create-s3-bucket-policy]."""
    speller = Speller(case, trail)
    match bucket.request_payer:
        case Known("Requester", origin):
            return Answer(False, "requester pays: CloudTrail does not deliver to such a bucket", origin.range)
        case _:
            pass
    if bucket.policies.surely_empty:
        return Answer(False, "it has no policy, and CloudTrail needs one", bucket.location)
    return _weakest(
        granted(bucket.policies, request, speller, bucket.location) for request in _writes(trail, bucket, speller)
    )


def _weakest(answers: Iterable[Answer]) -> Answer:
    """Give the answer that decides for all: a refusal, else a doubt, else the last grant."""
    found = list(answers)
    refused = [answer for answer in found if answer.granted is False]
    open_ones = [answer for answer in found if answer.granted is None]
    return (refused or open_ones or found[-1:])[0]


def _writes(trail: Trail, bucket: Bucket, speller: Speller) -> Iterator[Request]:
    """Give the calls that CloudTrail makes to a bucket."""
    name = speller.spell(Unknown("", bucket.name.origin, (Reference(bucket.address, "id"),)))
    arn = f"arn:{PARTITION}:s3:::{name}"
    facts = _facts(speller)
    yield Request(CLOUDTRAIL, "s3:GetBucketAcl", arn, facts)
    puts = facts | {"s3:x-amz-acl": (("bucket-owner-full-control",),)} | _encryption(trail, speller)
    kinds = ["CloudTrail"]
    validation = effective(trail, "log_file_validation")
    if isinstance(validation, Known) and validation.value:
        kinds.append("CloudTrail-Digest")
    organization = effective(trail, "organization")
    # Where it is open whether the trail is the organization's, only the account's own path is surely needed.
    owners = [speller.account]
    if isinstance(organization, Known) and organization.value:
        owners.append(f"{ORGANIZATION}/{ACCOUNT}")
    for owner in owners:
        for kind in kinds:
            key = f"{log_prefix(trail, speller)}{owner}/{kind}/{SAMPLE}"
            yield Request(CLOUDTRAIL, "s3:PutObject", f"{arn}/{key}", puts)


def _facts(speller: Speller) -> dict[str, Fact]:
    """Give the condition keys of every call that CloudTrail makes for the speller's trail."""
    return {
        "aws:sourcearn": ((speller.trail_arn(),),),
        "aws:sourceaccount": ((speller.account,),),
        "aws:sourceorgid": ((ORGANIZATION,), ()),
        "aws:principalisawsservice": (("true",),),
        "aws:principalservicename": ((CLOUDTRAIL,),),
        "aws:principalservicenameslist": ((CLOUDTRAIL,),),
        "aws:securetransport": (("true",),),
        "aws:viaawsservice": (("false",),),
    }


def _encryption(trail: Trail, speller: Speller) -> dict[str, Fact]:
    """Give the encryption headers of a delivery; without a key of its own CloudTrail leaves it to S3."""
    match present(trail.kms_key):
        case True:
            return {
                "s3:x-amz-server-side-encryption": (("aws:kms",),),
                "s3:x-amz-server-side-encryption-aws-kms-key-id": ((speller.spell(trail.kms_key),),),
            }
        case False:
            return {
                "s3:x-amz-server-side-encryption": (("AES256",), ()),
                "s3:x-amz-server-side-encryption-aws-kms-key-id": ((),),
            }
        case None:
            return {}


def key_accepts(user: Trail | EventDataStore, key: Key, case: Case) -> Answer:
    """Tell whether a key lets CloudTrail encrypt [UG create-kms-key-policy].

    For an event data store the calls carry no `aws:SourceArn` or `aws:SourceAccount`, so a policy that asks for them
    refuses it (semantics.md f.4).
    """
    for value, wanted, what in (
        (key.spec, "SYMMETRIC_DEFAULT", "its key spec is"),
        (key.usage, "ENCRYPT_DECRYPT", "its usage is"),
    ):
        if isinstance(value, Known) and value.value != wanted:
            return Answer(False, f"{what} {value.value}, and CloudTrail needs {wanted}", value.origin.range)
    if isinstance(key.enabled, Known) and not key.enabled.value:
        return Answer(False, "it is disabled", key.enabled.origin.range)
    if key.policies.surely_empty:
        return Answer(False, "it has no policy of its own, and KMS's default policy lets in no service", key.location)
    speller, calls = _key_calls(user, case)
    return _weakest(granted(key.policies, call, speller, key.location) for call in calls)


def key_elsewhere(user: Trail | EventDataStore, key: Key, case: Case) -> str:
    """Say why CloudTrail will not find a key: it has to be in the bucket's Region [API KmsKeyNotFoundException].

    Empty when it will, or when a Region is not known.
    """
    bucket = linked(case.neighbours.buckets, user.links.bucket)
    if bucket is None or not isinstance(bucket.region, Known) or not isinstance(key.region, Known):
        return ""
    if bucket.region.value == key.region.value:
        return ""
    return f"the key is in {key.region.value}, and its bucket {bucket.address} in {bucket.region.value}"


def _key_calls(user: Trail | EventDataStore, case: Case) -> tuple[Speller, list[Request]]:
    speller = Speller(case, user)
    if isinstance(user, Trail):
        facts = _facts(speller)
        context: dict[str, Fact] = {
            "kms:encryptioncontext:aws:cloudtrail:arn": ((speller.trail_arn(),),),
            "kms:encryptioncontextkeys": (("aws:cloudtrail:arn",),),
        }
    else:
        facts = {"aws:sourcearn": ((),), "aws:sourceaccount": ((),), "aws:principalservicename": ((CLOUDTRAIL,),)}
        context = {}
    return speller, [
        Request(CLOUDTRAIL, "kms:GenerateDataKey", None, facts | context),
        Request(CLOUDTRAIL, "kms:DescribeKey", None, facts),
    ]


def source_named(statement: Statement) -> bool | None:
    """Tell whether a statement says for whom CloudTrail may act, so that nobody else's trail can use it."""
    if statement.conditions.unknown is not None or statement.conditions.possible:
        return None
    for condition in statement.conditions.known:
        if isinstance(condition.key, Unknown) or isinstance(condition.operator, Unknown):
            return None
        if isinstance(condition.key, Known) and condition.key.value.lower() in SOURCE_KEYS:
            operator = condition.operator.value.lower() if isinstance(condition.operator, Known) else ""
            if "not" not in operator and "ifexists" not in operator and operator != "null":
                return True
    return False


def for_cloudtrail(statement: Statement) -> bool:
    """Tell whether a statement allows something to CloudTrail by name."""
    if isinstance(statement.effect, Known) and statement.effect.value != "Allow":
        return False
    return any(
        isinstance(principal.identifiers, Known)
        and any(isinstance(one, Known) and one.value == CLOUDTRAIL for one in principal.identifiers.value)
        for principal in (*statement.principals.known, *statement.principals.possible)
    )


def policy_order(trail: Trail, bucket: Bucket) -> Answer:
    """Tell whether a trail is created after the policy of its bucket (semantics.md g, G17 and G18)."""
    inline = [document for document in bucket.policies.known if document.address == bucket.address]
    separate = [document for document in bucket.policies.known if document.address != bucket.address]
    for document in separate:
        if document.address not in trail.depends_on:
            return Answer(False, document.address, trail.location)
    if separate:
        return Answer(True, f"The trail waits for {separate[0].address}", trail.location)
    for document in bucket.policies.possible:
        if document.address not in trail.depends_on:
            return Answer(None, f"whether {document.address} is there", trail.location)
    if inline and bucket.address not in trail.depends_on:
        return Answer(False, f"{bucket.address}, which holds its policy", trail.location)
    if inline:
        return Answer(True, f"The trail waits for {bucket.address}, which holds its policy", trail.location)
    if bucket.policies.unknown is not None:
        return Answer(None, bucket.policies.unknown.because, trail.location)
    return Answer(True, "There is no bucket policy in this code to wait for", trail.location)


def name_problem(value: Value[str]) -> tuple[bool | None, str]:
    """Tell whether the API refuses a trail's name, and why [API InvalidTrailNameException]."""
    match value:
        case Known(name):
            return _name_problem(name, whole=True)
        case Unknown(because, _, parts):
            literal = [part for part in parts if isinstance(part, str)]
            for part in literal:
                bad, why = _name_problem(part, whole=False)
                if bad:
                    return bad, why
            if parts and isinstance(parts[0], str) and not parts[0][0].isalnum():
                return True, f'it starts with "{parts[0][0]}"'
            if parts and isinstance(parts[-1], str) and not parts[-1][-1].isalnum():
                return True, f'it ends with "{parts[-1][-1]}"'
            return None, because
        case Absent():
            return False, ""


def _name_problem(name: str, *, whole: bool) -> tuple[bool, str]:
    if strange := re.search(r"[^A-Za-z0-9._-]", name):
        return True, f'"{strange[0]}" is not allowed in it'
    if twice := re.search(r"[._-]{2}", name):
        return True, f'it has "{twice[0]}" in it'
    if len(name) > 128:
        return True, f"it has {len(name)} characters, and 128 are allowed"
    if not whole:
        return False, ""
    if len(name) < 3:
        return True, f"it has {len(name)} characters, and 3 are needed"
    if not (name[0].isalnum() and name[-1].isalnum()):
        return True, "it has to start and end with a letter or number"
    if re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", name):
        return True, "it looks like an IP address"
    return False, ""


def insight_problem(selector: InsightSelector, coverage: Coverage) -> tuple[bool | None, str]:
    """Tell whether the trail's selectors cannot feed an Insights selector, and why [API PutInsightSelectors]."""
    match selector.insight_type:
        case Known("ApiCallRateInsight" | "ApiErrorRateInsight" as kind):
            pass
        case Known(kind):
            return True, f"{kind} is not an Insights type"
        case Unknown(because):
            return None, because
        case Absent():
            return True, "it names no Insights type"
    match selector.event_categories:
        case Known(values):
            categories = [value.value if isinstance(value, Known) else None for value in values]
        case Unknown(because):
            return None, because
        case Absent():
            categories = ["Management"]
    found = [_unfed(kind, category, coverage) for category in categories]
    problems = [one for one in found if one[0]] or [one for one in found if one[0] is None]
    return problems[0] if problems else (False, "")


def _unfed(kind: str, category: str | None, coverage: Coverage) -> tuple[bool | None, str]:
    """Judge one category of events."""
    if category is None:
        return None, "an event category is not known"
    if category == "Data":
        halves = [half for data in coverage.data.values() for half in (data.read, data.write)]
        needed = "data events"
    else:
        management = coverage.management
        halves = [management.write] if kind == "ApiCallRateInsight" else [management.read, management.write]
        needed = "write management events" if kind == "ApiCallRateInsight" else "management events"
    if any(half in (Extent.ALL, Extent.PARTIAL) for half in halves):
        return False, ""
    if Extent.UNKNOWN in halves:
        return None, f"whether the trail records {needed} is not known"
    return True, f"{kind} needs {needed}, and the trail records none"
