"""Base64, CSV, URL and character encodings."""

from __future__ import annotations

import base64
import binascii
import codecs
import zlib
from urllib.parse import quote_plus, unquote_plus

from checkov_cloudtrail.budget import MAX_TEXT
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.registry import (
    TEXT,
    Environment,
    NotEvaluatedError,
    check_size,
    function,
    made_text,
    text_of,
)
from checkov_cloudtrail.terraform.values import DYNAMIC, STRING, EvaluationError, Type, Val

# Python's codecs that are the same as Go's, by IANA name or alias in lower case.
_CODECS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-2": "iso8859-2",
    "iso-8859-15": "iso8859-15",
    "windows-1252": "cp1252",
    "windows-1251": "cp1251",
    "koi8-r": "koi8-r",
}


def _bytes(value: Val) -> bytes:
    return text_of(value).encode("utf-8", "surrogatepass")


@function("base64encode", TEXT, result=STRING)
def base64encode(environment: Environment, value: Val) -> Val:
    """Write text in Base64."""
    return made_text(environment, base64.b64encode(_bytes(value)).decode())


def _from_base64(text: str) -> bytes:
    """Decode standard Base64 with padding; line ends in it do not count."""
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvaluationError(f'failed to decode base64 data "{text[:80]}"') from error


@function("base64decode", TEXT, result=STRING)
def base64decode(environment: Environment, value: Val) -> Val:
    """Read text from Base64."""
    try:
        return made_text(environment, _from_base64(text_of(value)).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise EvaluationError("the result of decoding the provided string is not valid UTF-8") from error


@function("base64gzip", TEXT, result=STRING)
def base64gzip(environment: Environment, value: Val) -> Val:
    """Compress, then write in Base64; the bytes depend on the compressor."""
    return types.unknown(STRING, "base64gzip(…) depends on Terraform's compressor")


@function("base64gunzip", TEXT, result=STRING)
def base64gunzip(environment: Environment, value: Val) -> Val:
    """Read Base64, then decompress (OpenTofu)."""
    stream = zlib.decompressobj(wbits=31)
    try:
        content = stream.decompress(_from_base64(text_of(value)), MAX_TEXT + 1)
        check_size(environment, len(content))
        return types.string(content.decode("utf-8"))
    except (zlib.error, UnicodeDecodeError) as error:
        raise EvaluationError("failed to decompress the data") from error


@function("urlencode", TEXT, result=STRING)
def urlencode(environment: Environment, value: Val) -> Val:
    """Escape text for a query."""
    return made_text(environment, quote_plus(_bytes(value)))


@function("urldecode", TEXT, result=STRING)
def urldecode(environment: Environment, value: Val) -> Val:
    """Undo `urlencode` (OpenTofu)."""
    return made_text(environment, unquote_plus(text_of(value)))


def _codec(name: str) -> str:
    codec = _CODECS.get(name.lower())
    if codec is None:
        raise NotEvaluatedError(f"the encoding {name[:40]} is not evaluated")
    return codecs.lookup(codec).name


@function("textencodebase64", TEXT, TEXT, result=STRING)
def textencodebase64(environment: Environment, value: Val, encoding: Val) -> Val:
    """Encode text in a character encoding, then in Base64."""
    try:
        content = text_of(value).encode(_codec(text_of(encoding)))
    except UnicodeEncodeError as error:
        reason = f"the given string contains characters that cannot be represented in {text_of(encoding)}"
        raise EvaluationError(reason) from error
    return made_text(environment, base64.b64encode(content).decode())


@function("textdecodebase64", TEXT, TEXT, result=STRING)
def textdecodebase64(environment: Environment, value: Val, encoding: Val) -> Val:
    """Read text of a character encoding from Base64."""
    try:
        return made_text(environment, _from_base64(text_of(value)).decode(_codec(text_of(encoding))))
    except UnicodeDecodeError as error:
        reason = f"the given string contains symbols that are not defined for {text_of(encoding)}"
        raise EvaluationError(reason) from error


@function("csvdecode", TEXT, result=DYNAMIC)
def csvdecode(environment: Environment, value: Val) -> Val:
    """Read CSV with a header into a list of objects."""
    text = text_of(value)
    check_size(environment, len(text))
    rows = _csv_rows(text.replace("\r\n", "\n"))
    if not rows:
        raise EvaluationError("missing header line")
    names, *records = rows
    for index, name in enumerate(names):
        if name in names[:index]:
            raise EvaluationError(f'duplicate column name "{name}"')
    kind = Type("object", attributes=dict.fromkeys(sorted(names), STRING))
    found: list[Val] = []
    for line, record in enumerate(records, 2):
        environment.budget.spend(1 + len(record))
        if len(record) != len(names):
            raise EvaluationError(f"CSV parse error on line {line}: wrong number of fields")
        found.append(types.object_of(dict(zip(names, map(types.string, record), strict=True))))
    return types.list_of(kind, found)


def _csv_rows(text: str) -> list[list[str]]:
    """Split CSV into records of fields; empty lines do not count ([RFC4180], as strict as Go)."""
    rows: list[list[str]] = []
    at = 0
    while at < len(text):
        if text[at] == "\n":
            at += 1
            continue
        row: list[str] = []
        more = True
        while more:
            piece, at = _csv_field(text, at)
            row.append(piece)
            more = text.startswith(",", at)
            at += 1
        rows.append(row)
    return rows


def _csv_field(text: str, at: int) -> tuple[str, int]:
    """Read one field; give it, and where the comma or line end behind it is."""
    if not text.startswith('"', at):
        end = min((place for place in (text.find(",", at), text.find("\n", at)) if place >= 0), default=len(text))
        if '"' in text[at:end]:
            raise EvaluationError('CSV parse error: bare " in non-quoted-field')
        return text[at:end], end
    pieces: list[str] = []
    at += 1
    while True:
        end = text.find('"', at)
        if end < 0:
            break
        pieces.append(text[at:end])
        at = end + 1
        if not text.startswith('"', at):
            if at < len(text) and text[at] not in ",\n":
                break
            return "".join(pieces), at
        pieces.append('"')
        at += 1
    raise EvaluationError('CSV parse error: extraneous or missing " in quoted-field')
