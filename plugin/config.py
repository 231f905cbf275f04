"""Reads `checkov-cloudtrail.toml`, or `[tool.checkov-cloudtrail]` in `pyproject.toml` (contract 5)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from glob import escape
from pathlib import Path
from typing import Any

from checkov_cloudtrail.catalogue import UnknownNameError, profile_name, rule_ids
from checkov_cloudtrail.files import join
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.rule import Policy
from checkov_cloudtrail.options import Options, VarFile

NAME = "checkov-cloudtrail.toml"
FAIL_ON = ("error", "warning", "note", "never")
LOUDNESS = ("ignore", "warning", "error")


class ConfigurationError(Exception):
    """A configuration file that cannot be used; the text is one sentence that names the file and the key."""


@record
class Key:
    """One key of the file.

    Args:
        type: `string`, `strings`, `boolean`, `days`, `choice` or `roots` (strings, or tables with `root` and `reason`).
        description: one sentence for the schema and the documentation.
        choices: the words of a `choice`.
    """

    type: str
    description: str
    choices: tuple[str, ...] = ()


KEYS: Mapping[str, Key] = {
    "profile": Key("string", "Which rules are judged: the name of a profile."),
    "select": Key("strings", "Ids of the rules to judge instead of the profile's."),
    "ignore": Key("strings", "Ids of rules to leave out."),
    "exclude": Key("strings", "Glob patterns of files and directories to leave out."),
    "fail_on": Key("choice", "The lowest level of a finding that makes the exit code 1.", FAIL_ON),
    "strict_unknown": Key("boolean", "A verdict that cannot be told counts as a failure."),
    "min_retention_days": Key("days", "How long logs have to be kept."),
    "account_roots": Key(
        "strings", "Globs of the roots that are an account's baseline: no trail at all is a failure; `**` is any depth."
    ),
    "covered_by_organization_trail": Key("roots", "Roots that an organization trail elsewhere covers, and why."),
    "single_region_organization_trail": Key(
        "choice", "What an organization trail of one Region is worth.", ("fail", "accept")
    ),
    "split_selectors": Key("choice", "Whether reads and writes may come from different selectors.", ("accept", "fail")),
    "var_files": Key("strings", "Terraform variable files, in order, as --var-file."),
    "parameters": Key("strings", "CloudFormation parameter files, as --parameters."),
    "baseline": Key("string", "A file of accepted findings."),
    "skip_without_reason": Key("choice", "How loud a suppression without a reason is.", LOUDNESS),
    "unused_skip": Key("choice", "How loud a suppression of nothing is.", LOUDNESS),
}

_EXPECTED = {
    "string": "a string",
    "strings": "a list of strings",
    "boolean": "true or false",
    "days": "a number of days, 1 or more",
    "roots": "a list of roots, each a string or a table { root = ..., reason = ... }",
}


@record
class Configuration:
    """What a configuration file says, paths made relative to the working directory; the defaults without a file."""

    options: Options = field(default_factory=Options)
    fail_on: str = "warning"
    strict_unknown: bool = False
    baseline: str | None = None


def find(start: Path) -> Path | None:
    """Find the closest configuration file, from a scanned file or directory upwards.

    Raises:
        ConfigurationError: a `pyproject.toml` on the way is not TOML.
    """
    resolved = start.resolve()
    for directory in (resolved, *resolved.parents):
        own = directory / NAME
        if own.is_file():
            return own
        project = directory / "pyproject.toml"
        if project.is_file() and _section(project) is not None:
            return project
    return None


def load(path: Path, base: Path) -> Configuration:
    """Read a configuration file.

    Args:
        path: the file; one named `pyproject.toml` holds `[tool.checkov-cloudtrail]`.
        base: the working directory that the paths of the analysis are relative to.

    Raises:
        ConfigurationError: the file cannot be read, is not TOML, has an unknown key, a value of the wrong type, or the
            name of a rule or profile that there is not.
    """
    section = _section(path)
    if section is None:
        raise ConfigurationError(f"{path} has no section [tool.checkov-cloudtrail]")
    for key, value in section.items():
        if key not in KEYS:
            raise ConfigurationError(f"{path} has an unknown key {key!r}{_suggestion(key)}")
        _check(path, key, KEYS[key], value)
    folder = path.resolve().parent
    prefix = os.path.relpath(folder, base.resolve()).replace(os.sep, "/")

    def paths(key: str) -> tuple[str, ...]:
        return tuple(join(prefix, entry) for entry in section.get(key, ()))

    # Roots are compared by their full names: a relative one (`.`) tells nothing about the folders around it.
    home = escape(folder.as_posix())
    roots = [entry if isinstance(entry, str) else entry["root"] for entry in section.get(_COVERED, ())]
    policy = Policy(
        account_roots=tuple(join(home, root) for root in section.get("account_roots", ())),
        covered_by_organization_trail=tuple(join(home, root) for root in roots),
        base=base.resolve().as_posix(),
        **{key: section[key] for key in _POLICY if key in section},
    )
    try:
        profile = profile_name(section.get("profile", "default"))
        select, ignore = rule_ids(section.get("select", ())), rule_ids(section.get("ignore", ()))
    except UnknownNameError as error:
        raise ConfigurationError(f"{path}: {error}") from error
    options = Options(
        profile=profile,
        select=select,
        ignore=ignore,
        policy=policy,
        inputs=tuple(VarFile(path) for path in paths("var_files")),
        parameters=paths("parameters"),
        exclude=tuple(_rebased(glob, folder, base) for glob in section.get("exclude", ())),
        suppressions={key: section.get(key, default) for key, default in Options().suppressions.items()},
    )
    return Configuration(
        options=options,
        fail_on=section.get("fail_on", "warning"),
        strict_unknown=section.get("strict_unknown", False),
        baseline=join(prefix, section["baseline"]) if "baseline" in section else None,
    )


def schema() -> dict[str, Any]:
    """Give the JSON schema of the file, for editors."""
    root = {
        "type": "object",
        "properties": {"root": {"type": "string", "minLength": 1}, "reason": {"type": "string", "minLength": 1}},
        "required": ["root", "reason"],
        "additionalProperties": False,
    }
    types: dict[str, dict[str, Any]] = {
        "string": {"type": "string"},
        "strings": {"type": "array", "items": {"type": "string"}},
        "boolean": {"type": "boolean"},
        "days": {"type": "integer", "minimum": 1},
        "roots": {"type": "array", "items": {"anyOf": [{"type": "string"}, root]}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": NAME,
        "type": "object",
        "properties": {
            name: (types[key.type] if key.type != "choice" else {"enum": list(key.choices)})
            | {"description": key.description}
            for name, key in KEYS.items()
        },
        "additionalProperties": False,
    }


_COVERED = "covered_by_organization_trail"
_POLICY = ("min_retention_days", "single_region_organization_trail", "split_selectors")


def _rebased(glob: str, folder: Path, base: Path) -> str:
    """Make a glob of a configuration's folder one of the working directory; bare names match at any depth anyway."""
    if "/" not in glob.rstrip("/") or glob.startswith("**/"):
        return glob
    return os.path.relpath(folder / glob, base.resolve()).replace(os.sep, "/")


def _section(path: Path) -> dict[str, Any] | None:
    """Give the keys of a file, None for a pyproject.toml that has none for us."""
    import tomllib  # only where there is a file

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise ConfigurationError(f"{path} is not valid TOML: {error}") from error
    if path.name != "pyproject.toml":
        return document
    tool = document.get("tool")
    section = tool.get("checkov-cloudtrail") if isinstance(tool, dict) else None
    if section is not None and not isinstance(section, dict):
        raise ConfigurationError(f"{path} has a [tool] key 'checkov-cloudtrail' that is not a table")
    return section


def _check(path: Path, name: str, key: Key, value: object) -> None:
    if key.type == "choice":
        if value not in key.choices:
            words = ", ".join(f'"{word}"' for word in key.choices)
            raise ConfigurationError(f"{path}: {name!r} must be one of {words}")
    elif not _fits(key.type, value):
        raise ConfigurationError(f"{path}: {name!r} must be {_EXPECTED[key.type]}")


def _fits(kind: str, value: object) -> bool:
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "days":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1
    if not isinstance(value, list):
        return False
    return all(isinstance(entry, str) or (kind == "roots" and _is_root(entry)) for entry in value)


def _is_root(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() == {"root", "reason"}
        and all(isinstance(value, str) and value for value in entry.values())
    )


def _suggestion(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, KEYS, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; the keys are {', '.join(KEYS)}"
