"""Policy documents out of values: JSON text with unknown parts, objects, and merged documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.neighbours import Condition, PolicyDocument, Principal, Statement
from checkov_cloudtrail.model.values import Absent, AnyValue, Items, Known, Origin, Reference, Unknown, Value

# AWS's own limits are 20 kB for a bucket policy and 32 kB for a key policy, without the spaces.
_MAX_TEXT = 200_000
_MAX_CONTENT = 40_000
_TOO_LARGE = "the policy is larger than AWS accepts"
_OPEN, _CLOSE, _BARE = "\ue000", "\ue001", "\ue002"
_MARKS = str.maketrans(dict.fromkeys((_OPEN, _CLOSE, _BARE), "\ufffd"))


def read(address: str, value: AnyValue, fallback: Range) -> PolicyDocument:
    """Read a policy document.

    Args:
        address: the resource that holds it.
        value: JSON text, an object, or an Unknown with parts; Absent is a document without statements.
        fallback: where nothing better is known.
    """
    where = value.origin.range if not isinstance(value, Absent) else fallback
    match value:
        case Known(str() as text):
            statements = _bounded(_from_text((text,), value.origin), value.origin)
        case Known(Mapping() as content):
            statements = _bounded(_statements(content, value.origin), value.origin)
        case Unknown(_, _, parts) if parts:
            statements = _bounded(_from_text(parts, value.origin, value.because), value.origin)
        case Unknown():
            statements = Items(unknown=value, origin=value.origin)
        case Absent(origin):
            statements = Items(origin=origin)
        case Known():
            statements = Items(unknown=Unknown("the policy is not a document", value.origin), origin=value.origin)
    return PolicyDocument(address=address, statements=statements, range=where)


def merge(
    address: str,
    base: Sequence[PolicyDocument],
    own: Items[Statement],
    override: Sequence[PolicyDocument],
    where: Range,
) -> PolicyDocument:
    """Merge documents as `aws_iam_policy_document` does: later statements replace earlier ones of the same sid.

    Args:
        address: of the data source.
        base: `source_policy_documents`.
        own: the `statement` blocks.
        override: `override_policy_documents`.
        where: the data source.
    """
    known: list[Statement] = []
    possible: list[Statement] = []
    unknown: Unknown | None = None
    for part in (*(document.statements for document in base), own, *(document.statements for document in override)):
        for statement in part.known:
            sid = statement.sid.value if isinstance(statement.sid, Known) else ""
            same = [at for at, other in enumerate(known) if sid and _sid(other) == sid]
            if same:
                known[same[0]] = statement
            else:
                known.append(statement)
        possible.extend(part.possible)
        unknown = unknown or part.unknown
    merged = Items(tuple(known), tuple(possible), unknown, Origin(where))
    return PolicyDocument(address=address, statements=_bounded(merged, Origin(where)), range=where)


def _sid(statement: Statement) -> str:
    return statement.sid.value if isinstance(statement.sid, Known) else ""


def _bounded(statements: Items[Statement], origin: Origin) -> Items[Statement]:
    """Give up on a document that no service accepts, before it is compared with anything."""
    size = 0
    for statement in (*statements.known, *statements.possible):
        principals = (*statement.principals.known, *statement.not_principals.known)
        lists = [
            statement.actions,
            statement.not_actions,
            statement.resources,
            statement.not_resources,
            *(principal.identifiers for principal in principals),
            *(condition.values for condition in statement.conditions.known),
        ]
        size += 50 + sum(_size(value) for several in lists if isinstance(several, Known) for value in several.value)
        if size > _MAX_CONTENT:
            return Items(unknown=Unknown(_TOO_LARGE, origin), origin=origin)
    return statements


def _size(value: Value[str]) -> int:
    match value:
        case Known(text):
            return len(text) + 3
        case Absent():
            return 3
        case Unknown(_, _, parts):
            return 3 + sum(len(part) for part in parts if isinstance(part, str))


def _from_text(parts: Iterable[str | Reference], origin: Origin, because: str = "") -> Items[Statement]:
    """Parse JSON in which a pair of private-use characters around an index stands for each reference."""
    references: list[Reference] = []
    pieces: list[str] = []
    quoted = escaped = False
    for part in parts:
        if isinstance(part, Reference):
            pieces.append(f"{_OPEN}{len(references)}{_CLOSE}" if quoted else f'"{_BARE}"')
            references.append(part)
            continue
        text = part.translate(_MARKS)
        pieces.append(text)
        for character in text:
            quoted, escaped = _inside(character, quoted, escaped)
    try:
        text = "".join(pieces)
        if len(text) > _MAX_TEXT:
            return Items(unknown=Unknown(_TOO_LARGE, origin), origin=origin)
        content = _value(json.loads(text), references, origin, because)
    except (ValueError, RecursionError):
        reason = because or "the policy is not valid JSON"
        return Items(unknown=Unknown(reason, origin), origin=origin)
    if isinstance(content, Known) and isinstance(content.value, Mapping):
        return _statements(content.value, origin)
    return Items(unknown=Unknown(because or "the policy is not a JSON object", origin), origin=origin)


def _inside(character: str, quoted: bool, escaped: bool) -> tuple[bool, bool]:
    """Follow whether a JSON text is inside a string."""
    if escaped:
        return quoted, False
    if character == "\\":
        return quoted, quoted
    return quoted != (character == '"'), False


def _value(data: Any, references: Sequence[Reference], origin: Origin, because: str) -> AnyValue:
    """Turn parsed JSON into values; strings that hold references become Unknowns with parts."""
    if data is None:
        return Absent(origin)
    if isinstance(data, dict):
        if any(_OPEN in key for key in data):
            raise ValueError("a key is not known")
        return Known({key: _value(item, references, origin, because) for key, item in data.items()}, origin)
    if isinstance(data, list):
        return Known(tuple(_value(item, references, origin, because) for item in data), origin)
    if data == _BARE:
        # A reference outside of a string may be any JSON value.
        return Unknown(because, origin)
    if not isinstance(data, str) or _OPEN not in data:
        return Known(data, origin)
    return Unknown(because, origin, tuple(_split(data, references)))


def _split(data: str, references: Sequence[Reference]) -> Iterator[str | Reference]:
    """Give the literal pieces and references of a marked string."""
    literal, *rest = data.split(_OPEN)
    if literal:
        yield literal
    for piece in rest:
        index, _, literal = piece.partition(_CLOSE)
        yield references[int(index)]
        if literal:
            yield literal


def _statements(content: Mapping[str, AnyValue], origin: Origin) -> Items[Statement]:
    """Read `Statement`: one object or a list of them."""
    value = content.get("Statement")
    match value:
        case None | Absent():
            return Items(origin=origin)
        case Unknown():
            return Items(unknown=value, origin=value.origin)
        case Known(Mapping() as one):
            return Items((_statement(one, value.origin),), origin=value.origin)
        case Known(tuple() as several):
            known = [
                _statement(item.value, item.origin)
                for item in several
                if isinstance(item, Known) and isinstance(item.value, Mapping)
            ]
            unknown = next((item for item in several if isinstance(item, Unknown)), None)
            return Items(tuple(known), unknown=unknown, origin=value.origin)
        case Known(_, where):
            return Items(unknown=Unknown("the policy's Statement is not an object", where), origin=where)


def _statement(content: Mapping[str, AnyValue], origin: Origin) -> Statement:
    """Read one statement in the elements of the IAM grammar."""
    missing = Absent(replace(origin, missing=True))

    def get(name: str) -> AnyValue:
        return content.get(name, missing)

    return Statement(
        sid=text(get("Sid")),
        effect=text(get("Effect")),
        principals=_principals(get("Principal")),
        not_principals=_principals(get("NotPrincipal")),
        actions=texts(get("Action")),
        not_actions=texts(get("NotAction")),
        resources=texts(get("Resource")),
        not_resources=texts(get("NotResource")),
        conditions=_conditions(get("Condition")),
        range=origin.range,
    )


def text(value: AnyValue) -> Value[str]:
    """Read one string; booleans and numbers as IAM spells them."""
    match value:
        case Known(bool() as flag):
            return Known("true" if flag else "false", value.origin)
        case Known(str() as string):
            # `aws_iam_policy_document` writes policy variables as &{...}.
            return Known(string.replace("&{", "${"), value.origin)
        case Known(int() | float() as number):
            return Known(f"{number:g}" if isinstance(number, float) else str(number), value.origin)
        case Known():
            return Unknown("a string is expected here", value.origin)
        case Absent() | Unknown():
            return value


def texts(value: AnyValue) -> Value[tuple[Value[str], ...]]:
    """Read one string or a list of them."""
    match value:
        case Known(tuple() as several):
            return Known(tuple(text(item) for item in several), value.origin)
        case Known():
            return Known((text(value),), value.origin)
        case Unknown(_, _, parts) if parts:
            return Known((value,), value.origin)
        case Absent() | Unknown():
            return value


def _principals(value: AnyValue) -> Items[Principal]:
    """Read `Principal`: `"*"`, or an object of types."""
    match value:
        case Absent(origin):
            return Items(origin=origin)
        case Unknown():
            return Items(unknown=value, origin=value.origin)
        case Known(Mapping() as types):
            return Items(
                tuple(
                    Principal(type=Known(kind, value.origin), identifiers=texts(identifiers))
                    for kind, identifiers in types.items()
                ),
                origin=value.origin,
            )
        case Known():
            return Items((Principal(type=text(value), identifiers=texts(value)),), origin=value.origin)


def _conditions(value: AnyValue) -> Items[Condition]:
    """Read `Condition`: operator -> key -> values."""
    match value:
        case Absent(origin):
            return Items(origin=origin)
        case Unknown():
            return Items(unknown=value, origin=value.origin)
        case Known(Mapping() as operators):
            known: list[Condition] = []
            unknown: Unknown | None = None
            for operator, keys in operators.items():
                if isinstance(keys, Known) and isinstance(keys.value, Mapping):
                    known.extend(
                        Condition(
                            operator=Known(operator, value.origin), key=Known(key, keys.origin), values=texts(values)
                        )
                        for key, values in keys.value.items()
                    )
                elif isinstance(keys, Unknown):
                    unknown = keys
            return Items(tuple(known), unknown=unknown, origin=value.origin)
        case Known(_, origin):
            return Items(unknown=Unknown("the policy's Condition is not an object", origin), origin=origin)
