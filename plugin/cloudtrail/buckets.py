"""What a log bucket's settings amount to: who can read it, how long it keeps logs, who can remove them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.cloudtrail.policies import Answer, describe, doubt, every, negate, opens, some
from checkov_cloudtrail.cloudtrail.spelling import Speller, matches
from checkov_cloudtrail.model.neighbours import Bucket, LifecycleRule, PublicAccessBlock
from checkov_cloudtrail.model.rule import Outcome
from checkov_cloudtrail.model.values import Absent, Items, Known, Origin, Unknown, Value

FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")

# Canned ACLs that let everyone, or everyone with any AWS account, in; in Terraform's and CloudFormation's spelling.
_PUBLIC_ACLS = {"public-read", "public-read-write", "authenticated-read", "website"}
_PUBLIC_ACLS |= {"PublicRead", "PublicReadWrite", "AuthenticatedRead"}
_EVERYONE = ("/global/AllUsers", "/global/AuthenticatedUsers")


def true(value: Value[bool]) -> bool | None:
    """Read a switch whose omission means off."""
    match value:
        case Known(known):
            return known
        case Absent():
            return False
        case Unknown():
            return None


def _set(blocks: Items[PublicAccessBlock], flag: str) -> bool | None:
    """Tell whether one flag is set by a public access block."""
    answers = [true(getattr(block, flag)) for block in blocks.known]
    answers += [None if true(getattr(block, flag)) is not False else False for block in blocks.possible]
    return some([*answers, None] if blocks.unknown is not None else answers)


def blocked(bucket: Bucket, flag: str) -> bool | None:
    """Tell whether a flag is in force: the bucket's and the account's settings add up [API]."""
    return some((_set(bucket.public_access_blocks, flag), _set(bucket.account_public_access_blocks, flag)))


def _open_by_acl(bucket: Bucket) -> Answer:
    """Judge canned ACL and grants; ACLs mean nothing where the owner is enforced or public ones are ignored."""
    ignored = some((blocked(bucket, "ignore_public_acls"), blocked(bucket, "block_public_acls")))
    match bucket.ownership:
        case Known("BucketOwnerEnforced"):
            ignored = True
        case Unknown():
            ignored = some((ignored, None))
        case _:
            pass
    answers: list[Answer] = []
    match bucket.acl:
        case Known(acl, origin) if acl in _PUBLIC_ACLS:
            answers.append(Answer(True, f"the ACL {acl} opens it", origin.range))
        case Unknown(because, origin):
            answers.append(Answer(None, f"its ACL is not known: {because}", origin.range))
        case _:
            pass
    for grant in (*bucket.grants.known, *bucket.grants.possible):
        match grant.grantee:
            case Known(grantee) if grantee.endswith(_EVERYONE):
                answers.append(Answer(True, f"a grant to {grantee.rpartition('/')[2]} opens it", grant.range))
            case Unknown(because, _, parts) if not parts:
                answers.append(Answer(None, f"a grantee is not known: {because}", grant.range))
            case _:
                pass
    if bucket.grants.unknown is not None:
        answers.append(Answer(None, f"its grants are not known: {bucket.grants.unknown.because}", bucket.location))
    return _first(_unless(ignored, answers), Answer(False, "its ACL is private", bucket.acl.origin.range))


def _open_by_policy(bucket: Bucket, speller: Speller) -> Answer:
    """Judge the bucket policy; AWS refuses or restricts a public one where the block says so."""
    stopped = some((blocked(bucket, "restrict_public_buckets"), blocked(bucket, "block_public_policy")))
    answers: list[Answer] = []
    for document in (*bucket.policies.known, *bucket.policies.possible):
        for statement in (*document.statements.known, *document.statements.possible):
            answer = opens(statement, speller)
            if answer:
                answers.append(
                    Answer(True, f"{describe(statement)} of its policy opens it to everyone", statement.range)
                )
            elif answer is None:
                because = f"{describe(statement)} of its policy: {doubt(statement, speller)}"
                answers.append(Answer(None, because, statement.range))
        if document.statements.unknown is not None:
            because = f"its policy is not known: {document.statements.unknown.because}"
            answers.append(Answer(None, because, document.range))
    if bucket.policies.unknown is not None:
        because = f"its policy is not known: {bucket.policies.unknown.because}"
        answers.append(Answer(None, because, bucket.location))
    return _first(_unless(stopped, answers), Answer(False, "its policy names who may come in", bucket.location))


def _open_by_block(bucket: Bucket) -> Answer:
    """Judge a public access block that is there and leaves a flag off: it turns AWS's own protection off [TF]."""
    for block in bucket.public_access_blocks.known:
        off = [name for name in FLAGS if every((negate(true(getattr(block, name))), negate(blocked(bucket, name))))]
        if off:
            written = next((v for name in off if not isinstance(v := getattr(block, name), Absent)), None)
            where = written.origin.range if written is not None else block.range
            return Answer(True, f"its public access block leaves {' and '.join(off)} off", where)
    for block in (*bucket.public_access_blocks.known, *bucket.public_access_blocks.possible):
        unknown = [name for name in FLAGS if blocked(bucket, name) is None]
        if unknown:
            return Answer(None, f"whether {' and '.join(unknown)} is on: {_why(block, unknown)}", block.range)
    return Answer(False, "nothing turns AWS's own protection off", bucket.location)


def _why(block: PublicAccessBlock, flags: Iterable[str]) -> str:
    values = (getattr(block, flag) for flag in flags)
    return next((value.because for value in values if isinstance(value, Unknown)), "it may not be there")


def _unless(stopped: bool | None, answers: Iterable[Answer]) -> Iterator[Answer]:
    """Weaken answers by a protection that may be in force."""
    for answer in answers:
        if stopped is None:
            yield Answer(None, f"{answer.because}, unless public access is blocked", answer.range)
        elif not stopped:
            yield answer


def _first(answers: Iterable[Answer], otherwise: Answer) -> Answer:
    """Give the first definite problem, else the first doubt."""
    found = list(answers)
    sure = [answer for answer in found if answer.granted]
    return (sure or found or [otherwise])[0]


def exposure(bucket: Bucket, speller: Speller) -> Answer:
    """Tell whether anything opens a bucket to everyone."""
    answers = (_open_by_acl(bucket), _open_by_policy(bucket, speller), _open_by_block(bucket))
    closed = Answer(False, "neither ACL, policy nor public access block opens it", bucket.location)
    return _first((answer for answer in answers if answer.granted is not False), closed)


def expiry(bucket: Bucket, prefix: str, days: int, speller: Speller) -> Outcome:
    """Judge how long log files stay.

    Args:
        bucket: the log bucket.
        prefix: spelled prefix of the log files' keys.
        days: how long they have to stay.
        speller: spells the rules' prefixes.
    """
    doubts: list[Outcome] = []
    rules = bucket.lifecycle_rules
    for rule, sure in (*((r, True) for r in rules.known), *((r, False) for r in rules.possible)):
        meets = every((_enabled(rule), _meets(rule, prefix, speller), None if rule.narrowed or not sure else True))
        if meets is False:
            continue
        match _short(rule, days):
            case (True, message, origin) if meets:
                return failed(f"Log files expire too early: {message}", origin)
            case (True | None, message, origin):
                doubts.append(unsure(f"Cannot tell whether log files expire too early: {message}", origin))
            case _:
                pass
    if rules.unknown is not None:
        because = rules.unknown.because
        doubts.append(unsure(f"Cannot tell whether log files expire too early: {because}", rules.unknown.origin))
    return (
        doubts[0]
        if doubts
        else passed(f"No rule removes log files within {days} days", rules.origin or bucket.location)
    )


def _enabled(rule: LifecycleRule) -> bool | None:
    return true(rule.enabled)


def _meets(rule: LifecycleRule, prefix: str, speller: Speller) -> bool | None:
    """Tell whether a rule's prefix and the log files' have keys in common."""
    if isinstance(rule.prefix, Absent):
        return True
    own = speller.spell(rule.prefix)
    return some((matches(own + "*", prefix), matches(prefix + "*", own)))


def _short(rule: LifecycleRule, days: int) -> tuple[bool | None, str, Origin]:
    """Tell whether a rule removes objects before their time; a fixed date removes new ones at once [API]."""
    match rule.expiration_days:
        case Known(number, origin) if number < days:
            return True, f"after {number} of the required {days} days", origin
        case Unknown(because, origin):
            return None, because, origin
        case _:
            pass
    match rule.expiration_date:
        case Known(date, origin):
            return True, f"on {date}, whatever their age", origin
        case Unknown(because, origin):
            return None, because, origin
        case Absent(origin):
            return False, "", origin
