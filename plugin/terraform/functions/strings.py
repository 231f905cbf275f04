"""String functions: case, trimming, searching, joining and splitting."""

from __future__ import annotations

from checkov_cloudtrail.model.values import Reference
from checkov_cloudtrail.terraform import pieces, types
from checkov_cloudtrail.terraform.functions.graphemes import clusters
from checkov_cloudtrail.terraform.functions.registry import (
    ANY,
    NUMERIC,
    TEXT,
    TEXTS,
    Environment,
    Parameter,
    check_size,
    function,
    made_text,
    text_of,
    whole,
)
from checkov_cloudtrail.terraform.types import members
from checkov_cloudtrail.terraform.values import BOOL, STRING, EvaluationError, UnknownRaw, Val

_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_TEXT_UNKNOWN = Parameter(STRING, unknown=True)


def _upper(letter: str) -> str:
    changed = letter.upper()
    return changed if len(changed) == 1 else letter


def _lower(letter: str) -> str:
    changed = letter.lower()
    return changed if len(changed) == 1 else changed[0] if letter == "\u0130" else letter


def _title(letter: str) -> str:
    changed = letter.title()
    return changed if len(changed) == 1 else letter


@function("upper", TEXT, result=STRING)
def upper(environment: Environment, value: Val) -> Val:
    """Convert every letter to upper case, one character to one."""
    return made_text(environment, "".join(map(_upper, text_of(value))))


@function("lower", TEXT, result=STRING)
def lower(environment: Environment, value: Val) -> Val:
    """Convert every letter to lower case, one character to one."""
    return made_text(environment, "".join(map(_lower, text_of(value))))


@function("title", TEXT, result=STRING)
def title(environment: Environment, value: Val) -> Val:
    """Convert the first letter of every word to title case."""
    result, before = [], " "
    for letter in text_of(value):
        word = before.isalnum() or before == "_" or not (before.isascii() or before.isspace())
        result.append(letter if word else _title(letter))
        before = letter
    return made_text(environment, "".join(result))


@function("chomp", TEXT, result=STRING)
def chomp(environment: Environment, value: Val) -> Val:
    """Remove line ends at the end."""
    return made_text(environment, text_of(value).rstrip("\r\n"))


@function("trimspace", TEXT, result=STRING)
def trimspace(environment: Environment, value: Val) -> Val:
    """Remove white space at both ends."""
    return made_text(environment, text_of(value).strip(_SPACES))


@function("trim", TEXT, TEXT, result=STRING)
def trim(environment: Environment, value: Val, cutset: Val) -> Val:
    """Remove any of the given characters at both ends."""
    letters = text_of(cutset)
    return made_text(environment, text_of(value).strip(letters) if letters else text_of(value))


@function("trimprefix", TEXT, TEXT, result=STRING)
def trimprefix(environment: Environment, value: Val, prefix: Val) -> Val:
    """Remove a prefix once."""
    return made_text(environment, text_of(value).removeprefix(text_of(prefix)))


@function("trimsuffix", _TEXT_UNKNOWN, TEXT, result=STRING)
def trimsuffix(environment: Environment, value: Val, suffix: Val) -> Val:
    """Remove a suffix once."""
    if isinstance(value.raw, UnknownRaw):
        return _without_suffix(value, value.raw, text_of(suffix))
    return made_text(environment, text_of(value).removesuffix(text_of(suffix)))


def _without_suffix(value: Val, raw: UnknownRaw, suffix: str) -> Val:
    """Remove a suffix from a string of which only some pieces are known."""
    match raw.parts:
        case (*before, str(last)):
            if last.endswith(suffix):
                kept = last.removesuffix(suffix)
                parts = (*before, kept) if kept else tuple(before)
                return Val(STRING, UnknownRaw(raw.because, parts=parts))
            if not suffix.endswith(last):
                return value
        case (Reference(_, "arn"),) if raw.not_empty and "*" in suffix:
            return value  # AWS makes no ARN with a wildcard in it; a log group's own lacks it since provider 3
    return types.unknown(STRING, raw.because)


@function("strrev", TEXT, result=STRING)
def strrev(environment: Environment, value: Val) -> Val:
    """Reverse the order of characters."""
    return made_text(environment, "".join(reversed(clusters(text_of(value)))))


@function("substr", TEXT, NUMERIC, NUMERIC, result=STRING)
def substr(environment: Environment, value: Val, offset: Val, length: Val) -> Val:
    """Give a part of a string; a negative offset counts from the end, length -1 takes the rest."""
    letters, start, size = clusters(text_of(value)), whole(offset), whole(length)
    if start < 0:
        # Terraform does not stop at zero: an offset before the start counts as the start.
        start = max(0, start + len(letters))
    elif size == 0:
        return types.string("")
    end = len(letters) if size < 0 else start + size
    if size == 0:
        end = len(letters)
    return made_text(environment, "".join(letters[start:end]))


@function("startswith", _TEXT_UNKNOWN, TEXT, result=BOOL)
def startswith(environment: Environment, value: Val, prefix: Val) -> Val:
    """Tell whether a string starts with another, from its known start where that decides."""
    wanted = text_of(prefix)
    if not isinstance(value.raw, UnknownRaw):
        return types.boolean(text_of(value).startswith(wanted))
    start = value.raw.parts[0] if value.raw.parts else ""
    if isinstance(start, str):
        if start.startswith(wanted) and value.raw.not_null:
            return types.boolean(True)
        if not wanted.startswith(start[: len(wanted)]):
            return types.boolean(False)
    return types.unknown(BOOL, value.raw.because)


@function("endswith", TEXT, TEXT, result=BOOL)
def endswith(environment: Environment, value: Val, suffix: Val) -> Val:
    """Tell whether a string ends with another."""
    return types.boolean(text_of(value).endswith(text_of(suffix)))


@function("strcontains", TEXT, TEXT, result=BOOL)
def strcontains(environment: Environment, value: Val, wanted: Val) -> Val:
    """Tell whether a string has another in it."""
    return types.boolean(text_of(wanted) in text_of(value))


@function("indent", NUMERIC, TEXT, result=STRING)
def indent(environment: Environment, spaces: Val, value: Val) -> Val:
    """Put spaces before every line but the first."""
    text, count = text_of(value), whole(spaces)
    if count < 0:
        raise EvaluationError("the number of spaces must not be negative")
    check_size(environment, len(text) + count * text.count("\n"))
    return types.string(text.replace("\n", "\n" + " " * count))


@function("join", TEXT, result=STRING, rest=TEXTS)
def join(environment: Environment, separator: Val, *lists: Val) -> Val:
    """Put the elements of lists together."""
    if not lists:
        raise EvaluationError("at least one list is required")
    joint, items = text_of(separator), [item for one in lists for item in members(one)]
    for index, item in enumerate(items):
        if item.raw is None:
            raise EvaluationError(f"element {index} is null; cannot concatenate null values")
    size = sum(len(item.raw) for item in items if isinstance(item.raw, str)) + len(joint) * max(0, len(items) - 1)
    check_size(environment, size + len(items))
    between = types.string(joint)
    separated = [part for item in items for part in (between, item)][1:]
    return pieces.joined(separated)


@function("split", TEXT, TEXT, result=types.list_type(STRING))
def split(environment: Environment, separator: Val, value: Val) -> Val:
    """Split a string; an empty separator splits between all characters."""
    between, text = text_of(separator), text_of(value)
    found = text.split(between) if between else list(text)
    environment.budget.spend(len(found))
    return types.list_of(STRING, map(types.string, found))


@function("templatestring", ANY, ANY, result=STRING)
def templatestring(environment: Environment, template: Val, variables: Val) -> Val:
    """Render a template that is given as a string."""
    if variables.type.kind not in ("map", "object"):
        raise EvaluationError("invalid vars value: must be a map")
    rendered = environment.render(text_of(types.convert(template, STRING)), "templatestring", types.entries(variables))
    return types.convert(rendered, STRING)
