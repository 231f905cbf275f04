"""Hash functions of strings and files, and identifiers; what is random or needs a key is unknown."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable

from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.files import read
from checkov_cloudtrail.terraform.functions.registry import (
    ANYTHING,
    NUMERIC,
    TEXT,
    Body,
    Environment,
    function,
    text_of,
)
from checkov_cloudtrail.terraform.values import STRING, EvaluationError, Val

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "oid": uuid.NAMESPACE_OID,
    "url": uuid.NAMESPACE_URL,
    "x500": uuid.NAMESPACE_X500,
}


def _hexadecimal(name: str) -> Callable[[bytes], str]:
    return lambda content: hashlib.new(name, content, usedforsecurity=False).hexdigest()


def _base64(name: str) -> Callable[[bytes], str]:
    return lambda content: base64.b64encode(hashlib.new(name, content, usedforsecurity=False).digest()).decode()


def _of_text(digest: Callable[[bytes], str]) -> Body:
    def body(environment: Environment, value: Val) -> Val:
        content = text_of(value).encode("utf-8", "surrogatepass")
        environment.budget.spend(len(content) // 100)
        return types.string(digest(content))

    return body


def _of_file(digest: Callable[[bytes], str]) -> Body:
    def body(environment: Environment, path: Val) -> Val:
        content = read(environment, text_of(path))
        if isinstance(content, Val):
            return content
        environment.budget.spend(len(content) // 100)
        return types.string(digest(content))

    return body


_DIGESTS = {
    "md5": _hexadecimal("md5"),
    "sha1": _hexadecimal("sha1"),
    "sha256": _hexadecimal("sha256"),
    "sha512": _hexadecimal("sha512"),
    "base64sha256": _base64("sha256"),
    "base64sha512": _base64("sha512"),
}

for _name, _digest in _DIGESTS.items():
    function(_name, TEXT, result=STRING)(_of_text(_digest))
    function(f"file{_name}", TEXT, result=STRING)(_of_file(_digest))


@function("uuidv5", TEXT, TEXT, result=STRING)
def uuidv5(environment: Environment, namespace: Val, name: Val) -> Val:
    """Give the name-based identifier of a namespace and a name."""
    space = _NAMESPACES.get(text_of(namespace))
    if space is None:
        try:
            space = uuid.UUID(text_of(namespace))
        except ValueError as error:
            raise EvaluationError("uuidv5() doesn't support namespace " + text_of(namespace)) from error
    return types.string(str(uuid.uuid5(space, text_of(name))))


@function("uuid", result=STRING)
def random_uuid(environment: Environment) -> Val:
    """Give a random identifier: known when Terraform runs."""
    return types.unknown(STRING, "uuid() is random")


@function("bcrypt", TEXT, result=STRING, rest=NUMERIC)
def bcrypt(environment: Environment, value: Val, *cost: Val) -> Val:
    """Hash with a random salt: known when Terraform runs."""
    return types.unknown(STRING, "bcrypt(…) is random")


@function("rsadecrypt", ANYTHING, ANYTHING, result=STRING)
def rsadecrypt(environment: Environment, ciphertext: Val, key: Val) -> Val:
    """Decrypt with a private key: never done here."""
    return types.unknown(STRING, "function rsadecrypt is not evaluated")
