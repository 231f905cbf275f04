"""How a function is declared and called: conversion of arguments, nulls, unknown arguments, sensitivity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, TypeAlias

from checkov_cloudtrail.budget import MAX_TEXT, Budget, BudgetError
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.values import DYNAMIC, NUMBER, STRING, EvaluationError, Type, UnknownRaw, Val


@record
class Environment:
    """What functions may reach beside their arguments.

    Args:
        files: the scanned tree.
        root_directory: the root module's directory, which Terraform runs in: relative paths start there.
        budget: limits of the whole deployment.
        render: renders template text with variables: `render(text, name of the file, variables)`.
    """

    files: Files
    root_directory: str
    budget: Budget
    render: Callable[[str, str, Mapping[str, Val]], Val]


class NotEvaluatedError(Exception):
    """Terraform knows the result and we do not; the text says what is not evaluated."""


MAX_SEARCHED = 64

Body: TypeAlias = Callable[..., Val]
ResultType: TypeAlias = Callable[[Sequence[Val]], Type]


@record
class Parameter:
    """One parameter.

    Args:
        type: arguments are converted to it.
        null: null is allowed.
        unknown: the function looks at unknown arguments itself; otherwise they make the result unknown.
    """

    type: Type = DYNAMIC
    null: bool = False
    unknown: bool = False


@record
class Function:
    """One function.

    Args:
        name: as Terraform calls it.
        parameters: those that must be given.
        rest: what further arguments are, if there can be any.
        result: type of an unknown result, or what tells it.
        body: takes the environment and the converted arguments.
        not_null: its result is never null.
        marks: its result is sensitive when an argument is.
    """

    name: str
    parameters: tuple[Parameter, ...]
    rest: Parameter | None
    result: Type | ResultType
    body: Body
    not_null: bool
    marks: bool


FUNCTIONS: Final[dict[str, Function]] = {}

ANY = Parameter()
ANY_NULL = Parameter(null=True)
ANY_UNKNOWN = Parameter(unknown=True)
ANYTHING = Parameter(null=True, unknown=True)
TEXT = Parameter(STRING)
NUMERIC = Parameter(NUMBER)
TEXTS = Parameter(types.list_type(STRING))
LIST = Parameter(types.list_type(DYNAMIC))


def function(
    name: str,
    *parameters: Parameter,
    result: Type | ResultType,
    rest: Parameter | None = None,
    not_null: bool = True,
    marks: bool = True,
) -> Callable[[Body], Body]:
    """Register the decorated body as a function; see Function for the arguments."""

    def register(body: Body) -> Body:
        FUNCTIONS[name] = Function(name, parameters, rest, result, body, not_null, marks)
        return body

    return register


def evaluate(spec: Function, arguments: Sequence[Val], environment: Environment) -> Val:
    """Call one function as Terraform does; see `call`."""
    environment.budget.spend(1 + len(arguments))
    _check_count(spec, len(arguments))
    converted: list[Val] = []
    why: UnknownRaw | None = None
    for index, argument in enumerate(arguments):
        parameter = spec.parameters[index] if index < len(spec.parameters) else spec.rest
        if parameter is None:
            raise EvaluationError(f"too many arguments for function {spec.name}")
        value = types.convert(argument, parameter.type)
        if value.raw is None and not parameter.null:
            raise EvaluationError("argument must not be null")
        if isinstance(value.raw, UnknownRaw) and not parameter.unknown and why is None:
            why = value.raw
        converted.append(value)
    if why is not None:
        made = Val(_result_type(spec, converted), UnknownRaw(why.because))
    else:
        try:
            made = spec.body(environment, *converted)
        except NotEvaluatedError as error:
            made = Val(_result_type(spec, converted), UnknownRaw(str(error)))
    if isinstance(made.raw, UnknownRaw):
        symbol = made.raw.symbol or types.call_symbol(spec.name, *map(types.symbol_of, arguments))
        raw = replace(made.raw, symbol=symbol, not_null=made.raw.not_null or spec.not_null)
        made = replace(made, raw=raw)
    if spec.marks and not made.sensitive and any(map(_sensitive, arguments)):
        made = replace(made, sensitive=True)
    return made


def _sensitive(value: Val) -> bool:
    """Tell whether a value is sensitive, or an element that is easy to find: large collections are not searched."""
    if value.sensitive:
        return True
    held = value.raw if isinstance(value.raw, tuple | Mapping) else ()
    elements = held.values() if isinstance(held, Mapping) else held
    return len(held) <= MAX_SEARCHED and any(element.sensitive for element in elements)


def _result_type(spec: Function, arguments: Sequence[Val]) -> Type:
    return spec.result if isinstance(spec.result, Type) else spec.result(arguments)


def _check_count(spec: Function, given: int) -> None:
    wanted = len(spec.parameters)
    if given < wanted:
        raise EvaluationError(f'function "{spec.name}" expects {wanted} arguments, got {given}')
    if given > wanted and spec.rest is None:
        raise EvaluationError(f'function "{spec.name}" expects only {wanted} arguments, got {given}')


def text_of(value: Val) -> str:
    """Give the text of a known string."""
    assert isinstance(value.raw, str)
    return value.raw


def number_of(value: Val) -> Fraction:
    """Give a known number."""
    assert isinstance(value.raw, Fraction)
    return value.raw


def whole(value: Val) -> int:
    """Give a known number that has to be whole and fit into 64 bits.

    Raises:
        EvaluationError: it is not.
    """
    held = number_of(value)
    if held.denominator != 1 or not -(2**63) <= held.numerator < 2**63:
        raise EvaluationError("value must be a whole number, between -9223372036854775808 and 9223372036854775807")
    return held.numerator


def made_text(environment: Environment, text: str) -> Val:
    """Make a string that was built, against the budget: one step for a hundred characters."""
    check_size(environment, len(text))
    return types.string(text)


def check_size(environment: Environment, characters: int) -> None:
    """Count text that is built, or about to be.

    Raises:
        BudgetError: there is too much of it.
    """
    if characters > MAX_TEXT:
        raise BudgetError(f"a text of more than {MAX_TEXT} characters")
    environment.budget.spend(characters // 100)
