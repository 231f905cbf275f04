"""Functions that search for regular expressions, or replace what is found."""

from __future__ import annotations

from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions import regular
from checkov_cloudtrail.terraform.functions.registry import (
    TEXT,
    Environment,
    check_size,
    function,
    made_text,
    text_of,
)
from checkov_cloudtrail.terraform.values import STRING, EvaluationError, Val


@function("replace", TEXT, TEXT, TEXT, result=STRING)
def replace(environment: Environment, value: Val, wanted: Val, replacement: Val) -> Val:
    """Replace all of a text, or of a regular expression between slashes."""
    text, old, new = text_of(value), text_of(wanted), text_of(replacement)
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        return made_text(environment, regular.substitute(old[1:-1], text, new, environment))
    check_size(environment, len(text) + text.count(old) * max(0, len(new) - len(old)))
    return types.string(text.replace(old, new))


@function("regex", TEXT, TEXT, result=lambda arguments: regular.result_type(arguments[0]))
def regex(environment: Environment, pattern: Val, value: Val) -> Val:
    """Give the first match: its text, a tuple of its groups, or an object of its named groups."""
    compiled = regular.compiled(text_of(pattern))
    found = compiled.search(text_of(value), 0, environment.budget)
    if found is None:
        raise EvaluationError("pattern did not match any part of the given string")
    return regular.captures(compiled, text_of(value), found)


@function("regexall", TEXT, TEXT, result=lambda arguments: types.list_type(regular.result_type(arguments[0])))
def regexall(environment: Environment, pattern: Val, value: Val) -> Val:
    """Give all matches, each as `regex` does."""
    compiled, text = regular.compiled(text_of(pattern)), text_of(value)
    found = [regular.captures(compiled, text, slots) for slots in compiled.all(text, environment.budget)]
    return types.list_of(regular.result_type(pattern), found)
