"""Functions on paths and files: only files inside the scanned repository are read."""

from __future__ import annotations

import base64
import os
import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.files import join
from checkov_cloudtrail.model.location import UnreadableError
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions import regular
from checkov_cloudtrail.terraform.functions.registry import ANY, TEXT, Environment, check_size, function, text_of
from checkov_cloudtrail.terraform.types import set_of, set_type
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, STRING, EvaluationError, Type, Val

MAX_MATCHES = 10_000


def _located(environment: Environment, path: str, kind: Type) -> str | Val:
    """Find a path of the code: relative to `Files.base`; unknown when it is outside of the repository."""
    if path.startswith("~"):
        return types.unknown(kind, f"{path} is in a home directory, which is outside of the repository")
    place = join(environment.root_directory, path)
    if not environment.files.allowed(place):
        return types.unknown(kind, f"{path} is outside of the repository")
    return place


def read(environment: Environment, path: str) -> bytes | Val:
    """Read a file that the code names; unknown when it is outside of the repository.

    Raises:
        EvaluationError: there is no such file.
    """
    place = _located(environment, path, STRING)
    if isinstance(place, Val):
        return place
    if not environment.files.is_file(place):
        raise EvaluationError(
            f"no file exists at {path}; this function works only with files that are distributed as"
            " part of the configuration source code"
        )
    try:
        return environment.files.read(place)
    except UnreadableError as error:
        return types.unknown(STRING, f"{path} {error.error.message}")


def _text(environment: Environment, path: str) -> str | Val:
    content = read(environment, path)
    if isinstance(content, Val):
        return content
    check_size(environment, len(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"contents of {path} are not valid UTF-8") from error


@function("file", TEXT, result=STRING)
def file(environment: Environment, path: Val) -> Val:
    """Give the text of a file."""
    content = _text(environment, text_of(path))
    return content if isinstance(content, Val) else types.string(content)


@function("filebase64", TEXT, result=STRING)
def filebase64(environment: Environment, path: Val) -> Val:
    """Give the content of a file in Base64."""
    content = read(environment, text_of(path))
    if isinstance(content, Val):
        return content
    check_size(environment, len(content) * 4 // 3)
    return types.string(base64.b64encode(content).decode())


@function("fileexists", TEXT, result=BOOL)
def fileexists(environment: Environment, path: Val) -> Val:
    """Tell whether a file is there; a directory is an error."""
    place = _located(environment, text_of(path), BOOL)
    if isinstance(place, Val):
        return place
    environment.budget.spend(10)
    if environment.files.is_file(place):
        return types.boolean(True)
    if environment.files.is_dir(place):
        raise EvaluationError(f"{text_of(path)} is a directory, not a file")
    return types.boolean(False)


@function("templatefile", TEXT, ANY, result=DYNAMIC)
def templatefile(environment: Environment, path: Val, variables: Val) -> Val:
    """Render a template file with variables."""
    if variables.type.kind not in ("map", "object"):
        raise EvaluationError("invalid vars value: must be a map")
    template = _text(environment, text_of(path))
    if isinstance(template, Val):
        return template
    return environment.render(template, text_of(path), types.entries(variables))


@function("fileset", TEXT, TEXT, result=set_type(STRING))
def fileset(environment: Environment, path: Val, pattern: Val) -> Val:
    """List the files below a directory whose path fits a pattern with `*`, `?`, `[…]`, `{a,b}` and `**`."""
    place = _located(environment, text_of(path), set_type(STRING))
    if isinstance(place, Val):
        return place
    wanted = posixpath.normpath(text_of(pattern))
    if wanted.startswith(".."):
        return types.unknown(set_type(STRING), f"{wanted} leads out of {text_of(path)}")
    fits = regular.compiled(f"(?s)^(?:{_translated(wanted)})$")
    names = [name for name in _files_below(environment, place) if fits.search(name, 0, environment.budget)]
    return set_of(STRING, map(types.string, names))


def _files_below(environment: Environment, directory: str) -> Iterator[str]:
    """List files at any depth, as paths from the directory; links to directories outside are not followed."""
    waiting = [""]
    for _ in range(MAX_MATCHES):
        if not waiting:
            return
        inner = waiting.pop()
        entries = environment.files.entries(join(directory, inner))
        environment.budget.spend(1 + len(entries) * 5)
        for name in entries:
            below = inner + name
            if not name.endswith("/"):
                if environment.files.is_file(join(directory, below)):
                    yield below
            elif environment.files.allowed(join(directory, below)) and below.count("/") < 30:
                waiting.append(below)
    raise BudgetError(f"more than {MAX_MATCHES} directories")


@lru_cache(maxsize=64)
def _translated(pattern: str) -> str:
    """Turn a glob into a regular expression."""
    result: list[str] = []
    at = depth = 0
    while at < len(pattern):
        letter = pattern[at]
        at += 1
        if pattern.startswith("**/", at - 1) and (at == 1 or pattern[at - 2] == "/"):
            result.append("(?:.*/)?")
            at += 2
        elif letter == "*" and pattern[at - 1 :] == "**" and (at == 1 or pattern[at - 2] == "/"):
            result.append(".*")
            at += 1
        elif letter == "*":
            result.append("[^/]*")
        elif letter == "?":
            result.append("[^/]")
        elif letter == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                raise EvaluationError(f"failed to glob pattern {pattern}: syntax error in pattern")
            inner = pattern[at:end]
            negated = inner[:1] in ("^", "!")
            letters = (inner[1:] if negated else inner).replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
            result.append(f"[{'^/' if negated else ''}{letters}]")
            at = end + 1
        elif letter == "{":
            depth += 1
            result.append("(?:")
        elif letter == "}" and depth:
            depth -= 1
            result.append(")")
        elif letter == "," and depth:
            result.append("|")
        elif letter == "\\" and at < len(pattern):
            result.append(re.escape(pattern[at]))
            at += 1
        else:
            result.append(re.escape(letter))
    if depth:
        raise EvaluationError(f"failed to glob pattern {pattern}: syntax error in pattern")
    return "".join(result)


@function("basename", TEXT, result=STRING)
def basename(environment: Environment, path: Val) -> Val:
    """Give the last piece of a path."""
    text = text_of(path).rstrip("/")
    if not text:
        return types.string("/" if text_of(path) else ".")
    return types.string(posixpath.basename(text))


@function("dirname", TEXT, result=STRING)
def dirname(environment: Environment, path: Val) -> Val:
    """Give a path without its last piece."""
    head = text_of(path)[: text_of(path).rfind("/") + 1]
    return types.string(_cleaned(head))


def _cleaned(path: str) -> str:
    normal = posixpath.normpath(path) if path else "."
    return normal[1:] if normal.startswith("//") else normal


@function("pathexpand", TEXT, result=STRING)
def pathexpand(environment: Environment, path: Val) -> Val:
    """Put the home directory for a leading `~`, which depends on the machine."""
    if text_of(path).startswith("~"):
        return types.unknown(STRING, "pathexpand(…) depends on the machine")
    return path


@function("abspath", TEXT, result=STRING)
def abspath(environment: Environment, path: Val) -> Val:
    """Give an absolute path, which depends on the machine unless it is one already."""
    if os.path.isabs(text_of(path)):
        return types.string(_cleaned(text_of(path)))
    return types.unknown(STRING, "abspath(…) depends on the machine")
