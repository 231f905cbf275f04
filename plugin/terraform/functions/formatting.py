"""`format` and `formatlist`: Go's verbs on Terraform's values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import numbers, pieces, types
from checkov_cloudtrail.terraform.functions.graphemes import clusters
from checkov_cloudtrail.terraform.functions.json_text import encoded, quoted
from checkov_cloudtrail.terraform.functions.registry import (
    ANYTHING,
    TEXT,
    Environment,
    check_size,
    function,
    text_of,
)
from checkov_cloudtrail.terraform.types import convert, list_of, members
from checkov_cloudtrail.terraform.values import BOOL, NUMBER, STRING, EvaluationError, Type, UnknownRaw, Val

_VERB = re.compile(r"%([ #+\-0]*)(\d*)(?:\.(\d+))?(?:\[([1-9]\d*)\])?(.)", re.DOTALL | re.ASCII)
_INTEGERS = {"b": "b", "d": "d", "o": "o", "x": "x", "X": "X"}
_NO_TYPE = "a null without a type is formatted"


@record
class _Verb:
    """One verb of a format: `%-5.2f`.

    Args:
        raw: as written.
        flags: the characters behind the percent sign.
        width: least number of characters, -1 for none.
        precision: digits or characters, -1 for none.
        index: which argument, from 0.
        mode: the verb's letter.
    """

    raw: str
    flags: str
    width: int
    precision: int
    index: int
    mode: str


def _parsed(form: str) -> list[str | _Verb]:
    """Split a format into text and verbs."""
    found: list[str | _Verb] = []
    at = following = 0
    while at < len(form):
        percent = form.find("%", at)
        if percent < 0:
            found.append(form[at:])
            break
        found.append(form[at:percent])
        if form.startswith("%%", percent):
            found.append("%")
            at = percent + 2
            continue
        match = _VERB.match(form, percent)
        if match is None:
            raise EvaluationError(f"invalid format string starting at offset {percent}")
        flags, width, precision, index, mode = match.groups()
        if not (mode.isascii() and mode.isalpha()):
            raise EvaluationError(f"unrecognized format character '{mode}' at offset {match.start(5)}")
        if max(len(width), len(precision or ""), len(index or "")) > 6:
            raise EvaluationError("a width, precision or index is too large")
        place = int(index) - 1 if index else following
        following = place + 1
        found.append(_Verb(match[0], flags, int(width or -1), int(precision or -1), place, mode))
        at = match.end()
    return found


@function("format", TEXT, result=STRING, rest=ANYTHING)
def format_text(environment: Environment, form: Val, *values: Val) -> Val:
    """Put values into a format."""
    return _row(environment, text_of(form), values)


def _formatted(environment: Environment, form: str, values: Sequence[Val]) -> Val:
    for value in values:
        if value.raw is None and value.type.kind == "dynamic":
            return types.unknown(STRING, _NO_TYPE, not_null=True)
    parsed = _parsed(form)
    used = [part.index for part in parsed if isinstance(part, _Verb)]
    for part in parsed:
        if isinstance(part, _Verb) and part.index >= len(values):
            raise EvaluationError(
                f'not enough arguments for "{part.raw}": need index {part.index + 1} but have {len(values)} total'
            )
    if len(values) > max(used, default=-1) + 1:
        count = f"only {max(used) + 1} used by format string" if used else "no verbs in format string"
        raise EvaluationError(f"too many arguments; {count}")
    result: list[Val] = []
    total = 0
    for part in parsed:
        made = types.string(part) if isinstance(part, str) else _piece(environment, part, values[part.index])
        total += len(made.raw) if isinstance(made.raw, str) else 0
        check_size(environment, total)
        result.append(made)
    return pieces.joined(result)


def _piece(environment: Environment, verb: _Verb, value: Val) -> Val:
    """Format one value; an unknown one keeps its pieces where the verb leaves text as it is."""
    check_size(environment, max(verb.width, verb.precision, 0))
    why = types.reason(value)
    if why is not None:
        plain = verb.width < 0 and verb.precision < 0 and "#" not in verb.flags
        if plain and (verb.mode == "s" or (verb.mode == "v" and value.type.kind == "string")):
            return convert(value, STRING)
        symbol = types.call_symbol("format", f'"{verb.raw}"', types.symbol_of(value))
        return Val(STRING, UnknownRaw(why.because, symbol=symbol, not_null=True))
    if value.raw is None and verb.mode != "v":
        raise EvaluationError(f'unsupported value for "{verb.raw}": null value cannot be formatted')
    match verb.mode:
        case "v":
            return types.string(_padded(verb, _as_is(environment, verb, value)))
        case "t":
            return types.string("true" if _converted(verb, value, BOOL).raw else "false")
        case "s" | "q":
            text = text_of(_converted(verb, value, STRING))
            if verb.precision > 0:
                text = "".join(clusters(text)[: verb.precision])
            return types.string(_padded(verb, quoted(text) if verb.mode == "q" else text))
        case "b" | "d" | "o" | "x" | "X":
            return types.string(_whole(verb, _number(verb, value)))
        case "e" | "E" | "f" | "g" | "G":
            return types.string(_real(verb, _number(verb, value)))
    raise EvaluationError(f"unsupported format verb '{verb.mode}' in \"{verb.raw}\"")


def _converted(verb: _Verb, value: Val, kind: Type) -> Val:
    try:
        return convert(value, kind)
    except EvaluationError as error:
        raise EvaluationError(f'unsupported value for "{verb.raw}": {error}') from error


def _number(verb: _Verb, value: Val) -> Fraction:
    held = _converted(verb, value, NUMBER).raw
    assert isinstance(held, Fraction)
    return held


def _as_is(environment: Environment, verb: _Verb, value: Val) -> str:
    if "#" not in verb.flags:
        if isinstance(value.raw, str):
            return value.raw
        if isinstance(value.raw, Fraction):
            return numbers.text(value.raw) if numbers.infinite(value.raw) else _general(value.raw, -1)
    return "".join(part for part in encoded(environment, value) if isinstance(part, str))


def _padded(verb: _Verb, text: str) -> str:
    missing = verb.width - len(clusters(text))
    if missing <= 0:
        return text
    fill = ("0" if "0" in verb.flags else " ") * missing
    return text + fill if "-" in verb.flags else fill + text


def _signed(verb: _Verb, negative: bool, digits: str, zeros: bool) -> str:
    """Put sign and padding before digits: zeros come behind the sign, spaces before it."""
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    missing = verb.width - len(sign) - len(digits)
    if missing <= 0:
        return sign + digits
    if "-" in verb.flags:
        return sign + digits + " " * missing
    return sign + "0" * missing + digits if zeros else " " * missing + sign + digits


def _whole(verb: _Verb, value: Fraction) -> str:
    if value.denominator != 1 or numbers.infinite(value):
        raise EvaluationError(f'unsupported value for "{verb.raw}": an integer is required')
    digits = f"{abs(value.numerator):{_INTEGERS[verb.mode]}}"
    digits = digits.rjust(verb.precision, "0") if verb.precision >= 0 else digits
    if "#" in verb.flags:
        digits = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(verb.mode, "") + digits
    return _signed(verb, value < 0, digits, zeros="0" in verb.flags and verb.precision < 0)


def _real(verb: _Verb, value: Fraction) -> str:
    if numbers.infinite(value):
        return _padded(verb, numbers.text(value))
    if verb.precision > numbers.MAX_EXPONENT:
        raise BudgetError(numbers.TOO_LARGE)
    mode, size = verb.mode.lower(), abs(Fraction(value))
    places = verb.precision if verb.precision >= 0 else 6
    if mode == "f":
        scaled = str(round(size * 10**places)).rjust(places + 1, "0")
        digits = f"{scaled[:-places]}.{scaled[-places:]}" if places else scaled
    elif mode == "e":
        digits = _scientific(*numbers.significant(size, places + 1), places)
    else:
        digits = _general(size, verb.precision)
    digits = digits.upper() if verb.mode.isupper() else digits
    return _signed(verb, numbers.negative(value), digits, zeros="0" in verb.flags)


def _scientific(digits: str, point: int, places: int) -> str:
    if not digits:
        digits, point = "0", 1
    fraction = digits[1:].ljust(places, "0")
    return f"{digits[0]}{'.' if fraction else ''}{fraction}e{'-' if point < 1 else '+'}{abs(point - 1):02d}"


def _general(value: Fraction, precision: int) -> str:
    """Print as `%g`: with an exponent when it is large (-1: the shortest text, exponents from a million on)."""
    sign = "-" if numbers.negative(value) else ""
    digits, point = numbers.shortest(value) if precision < 0 else numbers.significant(value, precision or 1)
    limit = 6 if precision < 0 else precision or 1
    if precision >= 0 and limit > len(digits) >= point:
        limit = len(digits)
    if not digits:
        return sign + "0"
    if point - 1 < -4 or point - 1 >= limit:
        return sign + _scientific(digits, point, len(digits) - 1)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    whole = digits[:point].ljust(point, "0")
    return f"{sign}{whole}.{digits[point:]}" if len(digits) > point else sign + whole


@function("formatlist", TEXT, result=types.list_type(STRING), rest=ANYTHING)
def formatlist(environment: Environment, form: Val, *values: Val) -> Val:
    """Put the elements of lists into a format, one after the other; other values are repeated."""
    kind = types.list_type(STRING)
    count: int | None = None
    open_ones: list[UnknownRaw] = []
    for value in values:
        if value.raw is None and value.type.kind == "dynamic":
            return types.unknown(kind, _NO_TYPE)
        if value.type.kind == "dynamic" and isinstance(value.raw, UnknownRaw):
            open_ones.append(value.raw)
        if not _iterated(value):
            continue
        size = types.length(value).raw
        if isinstance(value.raw, UnknownRaw):
            open_ones.append(value.raw)
        if isinstance(size, UnknownRaw):
            open_ones.append(size)
        elif isinstance(size, Fraction):
            if count is not None and size != count:
                raise EvaluationError(f"an argument has length {size}, which is inconsistent with length {count}")
            count = int(size)
    if open_ones:
        return types.unknown(kind, open_ones[0].because)
    result: list[Val] = []
    for row in range(1 if count is None else count):
        chosen = [members(value)[row] if _iterated(value) else value for value in values]
        result.append(_row(environment, text_of(form), chosen))
    return list_of(STRING, result)


def _iterated(value: Val) -> bool:
    return value.type.kind in ("list", "set", "tuple") and value.raw is not None


def _row(environment: Environment, form: str, values: Sequence[Val]) -> Val:
    """Format once; as long as a value is unknown Terraform does not look for mistakes."""
    environment.budget.spend(1 + len(values))
    why = next(filter(None, map(types.reason, values)), None)
    try:
        return _formatted(environment, form, values)
    except EvaluationError:
        if why is None:
            raise
        return types.unknown(STRING, why.because, not_null=True)
