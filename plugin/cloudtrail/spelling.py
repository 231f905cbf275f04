"""One spelling for every way to write a name or an ARN, so that policies and trails can be compared.

A spelled text is a `str` in which one private-use character stands for each thing that the code does not spell out:
`aws_s3_bucket.logs.arn`, `arn:aws:s3:::my-logs` and `arn:${data.aws_partition.p.partition}:s3:::my-logs` become equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from checkov_cloudtrail.model.deployment import Case
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Absent, Known, Reference, Unknown, Value

ACCOUNT, REGION, PARTITION, ORGANIZATION, ANYTHING, SAMPLE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
_FIRST_OPEN, _FIRST_NAMED, _END = 0xE100, 0xF000, 0xF8FF
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PARTITIONS = re.compile(r"^arn:(?:aws|aws-cn|aws-us-gov):")
_ACCOUNT_ID = re.compile(r"(?<=[/:])\d{12}(?=[/:]|$)|^\d{12}$")
_ORGANIZATION_ID = re.compile(r"(?<=/)o-[a-z0-9]{10,32}(?=/)|^o-[a-z0-9]{10,32}$")
_REGION_NAME = re.compile(r"^(arn:[^:]*:[^:]*:)[a-z]{2}(?:-[a-z]+)+-\d(?=:)|^[a-z]{2}(?:-[a-z]+)+-\d$")
_POLICY_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_VARIABLES = {"aws:sourceaccount": ACCOUNT, "aws:sourceorgid": ORGANIZATION, "*": "*", "?": "?", "$": "$"}
_MAX_LENGTH = 2_048

# (what the address holds, attribute) of facts about the account itself, in both languages.
_SURROUNDINGS = (
    ("aws_caller_identity", ("account_id", "id"), ACCOUNT),
    ("aws_partition", ("partition", "id"), PARTITION),
    # CloudTrail's service principal is the same in every partition.
    ("aws_partition", ("dns_suffix",), "amazonaws.com"),
    ("aws_region", ("name", "region", "id"), REGION),
    ("aws_organizations_organization", ("id",), ORGANIZATION),
    ("aws_organizations_organization", ("master_account_id",), ACCOUNT),
    ("AWS::AccountId", ("", "Ref"), ACCOUNT),
    ("AWS::Partition", ("", "Ref"), PARTITION),
    ("AWS::Region", ("", "Ref"), REGION),
    ("AWS::URLSuffix", ("", "Ref"), "amazonaws.com"),
)
_NAMES = {"id", "bucket", "name", "Ref"}
_ARNS = {"arn", "Arn"}
# A bucket of the code, by its whole address: two of them never have the same name.
_BUCKET = re.compile(r"(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*aws_s3_bucket\.[\w-]+(?:\[[^\]]*\])?")


@dataclass(slots=True)
class Speller:
    """Spells the values of one case, as one trail sees them.

    Args:
        case: gives the names of buckets and trails.
        trail: whose account and Region "this account" and "this Region" are; an event data store will do.
    """

    case: Case
    trail: Trail | EventDataStore
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    _reasons: dict[str, str] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)
    account: str = field(init=False)
    region: str = field(init=False)

    def __post_init__(self) -> None:
        # Logs of an organization trail carry other accounts' ids, and its ARN the management account's.
        own = isinstance(self.trail.organization, Absent) or (
            isinstance(self.trail.organization, Known) and not self.trail.organization.value
        )
        self.account = self.trail.scope if own and re.fullmatch(r"\d{12}", self.trail.scope) else ACCOUNT
        self.region = self.trail.region.value if isinstance(self.trail.region, Known) else REGION

    def spell(self, value: Value[str]) -> str:
        """Spell a value; an Absent one is empty, one of which nothing is known is ANYTHING."""
        match value:
            case Known(text):
                return self._literal(text) if isinstance(text, str) else self._literal(str(text))
            case Absent():
                return ""
            case Unknown(because, _, parts):
                if not parts:
                    self._reasons[ANYTHING] = because
                    return ANYTHING
                return self._normal("".join(self._part(part, because) for part in parts))

    def trail_arn(self) -> str:
        """Spell the ARN of the trail."""
        return self._arn_of(self.trail)

    def same(self, one: Value[str], other: Value[str]) -> bool:
        """Tell whether two values are surely the same text."""
        return matches(self.spell(one), self.spell(other), wildcards=False) is True

    def why(self, spelled: str) -> str | None:
        """Say why a part of a spelled text is not known; None when all of it is."""
        return next((self._reasons.get(character) for character in spelled if _is_open(character)), None)

    def _literal(self, text: str) -> str:
        return self._normal(_PRIVATE.sub("\ufffd", text[:_MAX_LENGTH]))

    def _normal(self, text: str) -> str:
        text = _POLICY_VARIABLE.sub(lambda found: _VARIABLES.get(found[1].lower(), ANYTHING), text)
        text = _PARTITIONS.sub(f"arn:{PARTITION}:", text)
        text = text.replace(ACCOUNT, self.account).replace(REGION, self.region)
        # An id that is written out is taken at its word where nothing in the code says whose it is.
        if self.account == ACCOUNT:
            text = _ACCOUNT_ID.sub(ACCOUNT, text)
        if self.region == REGION:
            text = _REGION_NAME.sub(lambda found: (found[1] or "") + REGION, text)
        return _ORGANIZATION_ID.sub(ORGANIZATION, text)

    def _part(self, part: str | Reference, because: str) -> str:
        if isinstance(part, str):
            return _PRIVATE.sub("\ufffd", part)
        for kind, attributes, token in _SURROUNDINGS:
            if part.attribute in attributes and (part.address == kind or f".{kind}." in f".{part.address}"):
                return token
        name = self._name(part.address) if part.attribute in _NAMES | _ARNS else None
        if name is not None:
            return name if part.attribute in _NAMES else f"arn:{PARTITION}:s3:::{name}"
        for trail in self.case.trails:
            if trail.address == part.address and part.attribute in _ARNS | _NAMES and trail.address not in self._busy:
                self._busy.add(trail.address)
                spelled = self._arn_of(trail) if part.attribute in _ARNS else self.spell(trail.name)
                self._busy.discard(trail.address)
                return spelled
        return self._token(part.address, part.attribute, because, named=False)

    def _arn_of(self, trail: Trail | EventDataStore) -> str:
        name = ANYTHING if isinstance(trail.name, Absent) else self.spell(trail.name)
        return f"arn:{PARTITION}:cloudtrail:{self.region}:{self.account}:trail/{name}"

    def _name(self, address: str) -> str | None:
        """Spell the name of the bucket at an address; None when there is no bucket."""
        for bucket in self.case.neighbours.buckets:
            if bucket.address == address:
                if address in self._busy or isinstance(bucket.name, Absent):
                    return self._token(address, "id", named=True)
                self._busy.add(address)
                spelled = self.spell(bucket.name)
                self._busy.discard(address)
                return self._token(address, "id", named=True) if spelled == ANYTHING else spelled
        if _BUCKET.fullmatch(address):
            return self._token(address, "id", named=True)
        return None

    def _token(self, address: str, attribute: str, because: str = "", *, named: bool) -> str:
        """Give the character for something that the code does not spell out.

        Args:
            address: what it belongs to.
            attribute: which of its attributes.
            because: why it is not known.
            named: nothing else has this name; the name of a bucket that AWS makes up, say.
        """
        key = (address, attribute)
        if key not in self._tokens:
            if (code := (_FIRST_NAMED if named else _FIRST_OPEN) + len(self._tokens)) >= _END:
                return ANYTHING
            self._tokens[key] = chr(code)
            self._reasons[chr(code)] = because
        return self._tokens[key]


def event_source(value: Value[str], sources: Iterable[str]) -> Value[str]:
    """Read `kms.${AWS::URLSuffix}` and its like as the only source that begins like this.

    Args:
        value: an event source.
        sources: all that are legal here.
    """
    match value:
        case Unknown(_, origin, (str() as start, *_)) if start.endswith("."):
            return next((Known(source, origin) for source in sources if source.startswith(start)), value)
        case _:
            return value


def matches(pattern: str, text: str, wildcards: bool = True) -> bool | None:
    """Tell whether a spelled pattern covers a spelled text; None when unknown parts decide.

    Args:
        pattern: with `*` and `?` when `wildcards`.
        text: the request's value, wildcards in it are ordinary characters.
        wildcards: False for `StringEquals` and its like.
    """
    if len(pattern) > _MAX_LENGTH or len(text) > _MAX_LENGTH:
        return None
    if ANYTHING not in pattern and _covers(pattern, text, wildcards):
        return True
    if not any(map(_is_open, pattern + text)):
        return False
    same = _common(pattern, text)
    return None if _overlaps(pattern[same:], text[same:], wildcards) else False


def _common(pattern: str, text: str) -> int:
    """Count the characters with which both begin, whatever the open ones of them stand for."""
    for at, (one, other) in enumerate(zip(pattern, text, strict=False)):
        if one != other or one in ("*", "?", ANYTHING):
            return at
    return min(len(pattern), len(text))


def any_matches(patterns: Iterable[str], text: str, wildcards: bool = True) -> bool | None:
    """Tell whether one of several patterns covers a text."""
    answers = [matches(pattern, text, wildcards) for pattern in patterns]
    return True if True in answers else None if None in answers else False


def _covers(pattern: str, text: str, wildcards: bool) -> bool:
    """Match greedily; linear but for the last `*`."""
    if not wildcards:
        return pattern == text
    at = read = 0
    star, resume = -1, 0
    while read < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, read
            at += 1
        elif (
            at < len(pattern)
            and pattern[at] in (text[read], "?")
            and not (pattern[at] == "?" and _PRIVATE.match(text[read]))
        ):
            at, read = at + 1, read + 1
        elif star >= 0:
            resume += 1
            at, read = star + 1, resume
        else:
            return False
    return pattern[at:].strip("*") == ""


def _is_open(character: str) -> bool:
    return character == ANYTHING or _FIRST_OPEN <= ord(character) < _FIRST_NAMED


def _is_many(character: str, wildcards: bool) -> bool:
    """Tell whether a character of a pattern stands for any text."""
    return (wildcards and character == "*") or _is_open(character)


def _overlaps(pattern: str, text: str, wildcards: bool) -> bool:
    """Tell whether some reading of the open characters of both makes them match: both are walked as automata."""
    rows = {0}
    for read in range(len(text) + 1):
        todo, seen = list(rows), set(rows)
        while todo:
            at = todo.pop()
            if at < len(pattern) and _is_many(pattern[at], wildcards) and at + 1 not in seen:
                seen.add(at + 1)
                todo.append(at + 1)
        if read < len(text) and _is_open(text[read]):
            # The open character may be any text: everything from the earliest state on can be reached.
            rows = set(range(min(seen), len(pattern) + 1)) if seen else set()
            continue
        if read == len(text):
            return len(pattern) in seen
        rows = set()
        for at in seen:
            if at == len(pattern):
                continue
            if _is_many(pattern[at], wildcards):
                rows.add(at)
            elif (wildcards and pattern[at] == "?") or pattern[at] == text[read]:
                rows.add(at + 1)
        if not rows:
            return False
    return False
