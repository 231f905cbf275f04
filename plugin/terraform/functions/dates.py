"""Functions on timestamps in the form of RFC 3339; what the time is now is unknown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.registry import (
    TEXT,
    Environment,
    NotEvaluatedError,
    function,
    made_text,
    text_of,
)
from checkov_cloudtrail.terraform.values import NUMBER, STRING, EvaluationError, Val

_STAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(?:(Z)|([+-])(\d\d):(\d\d))", re.ASCII
)
_TOKEN = re.compile(r"''|'(?:[^']|'')*'|'.*|([A-Za-z])\1*|[^A-Za-z']+", re.DOTALL)
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@record
class _Moment:
    """A time of day at a place: local time, nanoseconds of the second, and the offset to UTC in minutes."""

    local: datetime
    nanoseconds: int
    offset: int

    def zone(self, colon: bool, zero: str) -> str:
        if not self.offset and zero:
            return zero
        hours, minutes = divmod(abs(self.offset), 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02d}{':' if colon else ''}{minutes:02d}"

    def text(self) -> str:
        return f"{self.local:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + self.zone(colon=True, zero="Z")


def _parsed(text: str) -> _Moment:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise EvaluationError(f'not a valid RFC3339 timestamp: "{text}"')
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    nanoseconds = int((found[7] or "").ljust(9, "0"))
    offset = 0 if found[8] else (int(found[10]) * 60 + int(found[11])) * (-1 if found[9] == "-" else 1)
    if not found[8] and (int(found[10]) > 23 or int(found[11]) > 59):
        raise EvaluationError("not a valid RFC3339 timestamp: time zone offset out of range")
    try:
        return _Moment(datetime(year, month, day, hour, minute, second), nanoseconds, offset)
    except ValueError as error:
        if year == 0:
            raise NotEvaluatedError("a timestamp before the year 1") from error
        raise EvaluationError(f"not a valid RFC3339 timestamp: {error}") from error


def _duration(text: str) -> int:
    """Read a duration such as `-1.5h` or `1h30m`, in nanoseconds."""
    body = text.lstrip("+-") if text[:2] not in ("+-", "-+", "--", "++") else ""
    if body == "0":
        return 0
    total = Fraction(0)
    at = 0
    while at < len(body):
        found = _DURATION.match(body, at)
        if found is None:
            break
        total += Fraction(found[1].rstrip(".") if not found[1].startswith(".") else "0" + found[1]) * _UNITS[found[2]]
        at = found.end()
    if not body or at < len(body) or total >= 1 << 63:
        raise EvaluationError(f'time: invalid duration "{text}"')
    return -int(total) if text.startswith("-") else int(total)


@function("timeadd", TEXT, TEXT, result=STRING)
def timeadd(environment: Environment, stamp: Val, duration: Val) -> Val:
    """Add a duration to a timestamp."""
    moment, length = _parsed(text_of(stamp)), _duration(text_of(duration))
    seconds = (moment.nanoseconds + length) // 10**9
    try:
        return types.string(_Moment(moment.local + timedelta(seconds=seconds), 0, moment.offset).text())
    except OverflowError as error:
        raise NotEvaluatedError("a timestamp outside of the years 1 to 9999") from error


@function("timecmp", TEXT, TEXT, result=NUMBER)
def timecmp(environment: Environment, first: Val, second: Val) -> Val:
    """Compare two timestamps: -1, 0 or 1."""
    keys = []
    for value in (first, second):
        moment = _parsed(text_of(value))
        since = moment.local.replace(tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)
        keys.append((since - timedelta(minutes=moment.offset), moment.nanoseconds))
    return types.number((keys[0] > keys[1]) - (keys[0] < keys[1]))


@function("formatdate", TEXT, TEXT, result=STRING)
def formatdate(environment: Environment, form: Val, stamp: Val) -> Val:
    """Print a timestamp in a form of letters."""
    moment = _parsed(text_of(stamp))
    pieces = [_piece(token[0], moment) for token in _TOKEN.finditer(text_of(form))]
    return made_text(environment, "".join(pieces))


def _piece(token: str, moment: _Moment) -> str:
    if token == "''":
        return "'"
    if token.startswith("'"):
        if len(token) == 1 or not token.endswith("'") or token[1:-1].replace("''", "").count("'"):
            raise EvaluationError("unterminated literal '")
        return token[1:-1].replace("''", "'")
    if not (token[0].isascii() and token[0].isalpha()):
        return token
    local = moment.local
    forms = {
        "YY": f"{local.year % 100:02d}",
        "YYYY": f"{local.year:04d}",
        "M": str(local.month),
        "MM": f"{local.month:02d}",
        "MMM": _MONTHS[local.month - 1][:3],
        "MMMM": _MONTHS[local.month - 1],
        "D": str(local.day),
        "DD": f"{local.day:02d}",
        "EEE": _DAYS[local.weekday()][:3],
        "EEEE": _DAYS[local.weekday()],
        "h": str(local.hour),
        "hh": f"{local.hour:02d}",
        "H": str(local.hour % 12 or 12),
        "HH": f"{local.hour % 12 or 12:02d}",
        "AA": "PM" if local.hour >= 12 else "AM",
        "aa": "pm" if local.hour >= 12 else "am",
        "m": str(local.minute),
        "mm": f"{local.minute:02d}",
        "s": str(local.second),
        "ss": f"{local.second:02d}",
        "Z": moment.zone(colon=True, zero="Z"),
        "ZZZ": moment.zone(colon=False, zero="UTC"),
        "ZZZZ": moment.zone(colon=False, zero=""),
        "ZZZZZ": moment.zone(colon=True, zero=""),
    }
    if token not in forms:
        raise EvaluationError(f'invalid date format verb "{token[:20]}"')
    return forms[token]


@function("timestamp", result=STRING)
def timestamp(environment: Environment) -> Val:
    """Give the time of the apply."""
    return types.unknown(STRING, "timestamp() is the time of the apply")


@function("plantimestamp", result=STRING)
def plantimestamp(environment: Environment) -> Val:
    """Give the time of the plan."""
    return types.unknown(STRING, "plantimestamp() is the time of the plan")
