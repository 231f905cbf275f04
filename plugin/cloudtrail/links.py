"""Which of the code's resources a value names: by reference, by equal names, or none of them, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from checkov_cloudtrail.model.neighbours import Link
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, Known, Reference, Resource, Unknown, Value

# A `var.`, a parameter or an expression over them may turn out to be any name; a data source is somebody else's.
_ELSEWHERE = re.compile(r"(?:^|\.)data\.")
_MODULE = re.compile(r"(?:^|\.)module\.[^.]+$")
# References of CloudFormation that are no attribute of anything that could be declared.
_GIVEN_BY_FUNCTIONS = ("derived", "Fn::ImportValue")
_LOG_GROUP = re.compile(r":log-group:([^:]+)")


@record
class Target:
    """A resource that may be named.

    Args:
        address: its address.
        name: what it is called; Absent where AWS generates the name.
    """

    address: str
    name: Value[str]


def names(value: Value[str], target: Target) -> bool | None:
    """Tell whether a value names a resource: None when the value may be any name."""
    match value:
        case Absent():
            return False
        case Known(text):
            if isinstance(target.name, Known):
                return text == target.name.value
            return None if isinstance(target.name, Unknown) and _free(target.name) else False
        case Unknown(_, _, parts):
            if any(isinstance(part, Reference) and part.address == target.address for part in parts) and _whole(parts):
                return True
            if parts and isinstance(target.name, Unknown) and parts == target.name.parts:
                return True
            return None if _free(value) else False


def _whole(parts: tuple[str | Reference, ...]) -> bool:
    """Tell whether parts name what they refer to, and are not a longer name made of it."""
    first = parts[0]
    if isinstance(first, str):
        return first.startswith("arn:")
    return len(parts) == 1 or first.attribute in ("arn", "Arn")


def _free(value: Unknown) -> bool:
    """Tell whether an unknown string may be any name, because only inputs decide it."""
    if not value.parts:
        return True
    references = [part for part in value.parts if isinstance(part, Reference)]
    return all(not part.attribute for part in references)


def attached(values: Iterable[tuple[Resource, Value[str]]], target: Target) -> tuple[list[Resource], list[Resource]]:
    """Sort resources that name another one (`bucket = …`) into those that surely name it, and those that may.

    Args:
        values: each resource with the value that names.
        target: what may be named.
    """
    sure: list[Resource] = []
    perhaps: list[Resource] = []
    for resource, value in values:
        answer = names(value, target)
        if answer:
            sure.append(resource)
        elif answer is None:
            perhaps.append(resource)
    return sure, perhaps


def link(value: Value[str], what: str, targets: Sequence[Target], declared: Callable[[str], bool]) -> Link | None:
    """Find the neighbour that an attribute names.

    Args:
        value: the attribute; Absent and empty name nothing.
        what: for people: `bucket`, `key`.
        targets: the resources of the code that it may name.
        declared: whether there is a resource at an address, of any type.
    """
    if isinstance(value, Absent) or (isinstance(value, Known) and not value.value):
        return None
    where = value.origin.range
    for target in targets:
        if names(value, target):
            return Link(target.address, "", where)
    return Link("", f"the {what} is not in this code: {_why(value, declared)}", where)


def _why(value: Known[str] | Unknown, declared: Callable[[str], bool]) -> str:
    """Say why a value names nothing here."""
    if isinstance(value, Known):
        return f'nothing here is called "{value.value}"'
    for part in value.parts:
        if isinstance(part, Reference) and part.attribute:
            if _ELSEWHERE.search(part.address):
                return f"{part.address} reads what is elsewhere"
            if _MODULE.search(part.address):
                return value.because
            if part.attribute in _GIVEN_BY_FUNCTIONS:
                return value.because
            if not declared(part.address):
                return f"{part.address} is not declared"
            return f"{part.address}.{part.attribute} leads to nothing that is known here"
    return value.because


def log_group_name(value: Value[str]) -> Value[str]:
    """Give the name inside the ARN of a log group, where the ARN is spelled out around it."""
    match value:
        case Known(text) if found := _LOG_GROUP.search(text):
            return Known(found[1], value.origin)
        case Unknown(_, _, parts):
            for at, part in enumerate(parts):
                if isinstance(part, str) and (begin := part.rfind(":log-group:")) >= 0:
                    return _name_from(value, (part[begin + len(":log-group:") :], *parts[at + 1 :]))
            return value
        case _:
            return value


def _name_from(value: Unknown, parts: Sequence[str | Reference]) -> Value[str]:
    """Cut the name off at the next colon."""
    name: list[str | Reference] = []
    for part in parts:
        if isinstance(part, Reference):
            name.append(part)
            continue
        text, colon, _ = part.partition(":")
        if text:
            name.append(text)
        if colon:
            break
    if all(isinstance(part, str) for part in name):
        return Known("".join(part for part in name if isinstance(part, str)), value.origin)
    return Unknown(value.because, value.origin, tuple(name))


def indirect(value: Value[str], aliases: Mapping[str, Value[str]], depth: int = 4) -> Value[str]:
    """Follow a value that names a resource which itself names another: an alias, or a split bucket resource.

    Args:
        value: what is written.
        aliases: address or literal name of each such resource -> the value that it names.
        depth: how many steps are taken.
    """
    for _ in range(depth):
        match value:
            case Known(text) if text in aliases:
                value = aliases[text]
            case Unknown(_, _, (Reference(address), *_)) if address in aliases:
                value = aliases[address]
            case _:
                break
    return value
