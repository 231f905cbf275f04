"""Conversion functions, and those that only mark a value."""

from __future__ import annotations

from dataclasses import replace

from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.registry import ANYTHING, Body, Environment, Parameter, function
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, NUMBER, STRING, EvaluationError, Type, UnknownRaw, Val

_TARGETS = {
    "tostring": STRING,
    "tonumber": NUMBER,
    "tobool": BOOL,
    "tolist": types.list_type(DYNAMIC),
    "toset": types.set_type(DYNAMIC),
    "tomap": types.map_type(DYNAMIC),
}


def _conversion(wanted: Type) -> Body:
    def convert(environment: Environment, value: Val) -> Val:
        environment.budget.spend(len(types.members(value)) + len(types.entries(value)))
        converted = types.convert(value, wanted)
        # Terraform waits for the value before it settles what `any` stands for.
        return replace(converted, type=wanted) if isinstance(value.raw, UnknownRaw) else converted

    return convert


for _name, _wanted in _TARGETS.items():
    function(_name, ANYTHING, result=_wanted, not_null=False)(_conversion(_wanted))


@function("sensitive", ANYTHING, result=DYNAMIC, not_null=False)
def sensitive(environment: Environment, value: Val) -> Val:
    """Mark a value as sensitive."""
    return replace(value, sensitive=True)


@function("nonsensitive", ANYTHING, result=DYNAMIC, not_null=False, marks=False)
def nonsensitive(environment: Environment, value: Val) -> Val:
    """Take the mark off a value."""
    return replace(value, sensitive=False)


@function("issensitive", ANYTHING, result=BOOL, marks=False)
def issensitive(environment: Environment, value: Val) -> Val:
    """Tell whether a value is marked; a mark can still come to an unknown one."""
    if isinstance(value.raw, UnknownRaw) and not value.sensitive:
        return types.unknown(BOOL, value.raw.because)
    return types.boolean(value.sensitive)


@function("ephemeralasnull", ANYTHING, result=DYNAMIC, not_null=False)
def ephemeralasnull(environment: Environment, value: Val) -> Val:
    """Give null for an ephemeral value, which nothing here is."""
    return value


def _removed(name: str, instead: str) -> None:
    def refuse(environment: Environment, *values: Val) -> Val:
        raise EvaluationError(f'the "{name}" function was deprecated in Terraform v0.12; use {instead} instead')

    function(name, result=DYNAMIC, rest=Parameter(null=True, unknown=True))(refuse)


_removed("list", "tolist([ ... ])")
_removed("map", "tomap({ ... })")
