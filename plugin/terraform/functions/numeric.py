"""Numeric functions."""

from __future__ import annotations

import math
from fractions import Fraction

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.terraform import numbers, types
from checkov_cloudtrail.terraform.functions.registry import (
    ANY,
    NUMERIC,
    Environment,
    NotEvaluatedError,
    Parameter,
    function,
    number_of,
    text_of,
    whole,
)
from checkov_cloudtrail.terraform.values import NUMBER, EvaluationError, UnknownRaw, Val

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER_UNKNOWN = Parameter(NUMBER, unknown=True)


@function("abs", NUMERIC, result=NUMBER)
def absolute(environment: Environment, value: Val) -> Val:
    """Give the distance to zero."""
    number = number_of(value)
    return types.number(numbers.negate(number) if numbers.negative(number) else number)


@function("ceil", NUMERIC, result=NUMBER)
def ceil(environment: Environment, value: Val) -> Val:
    """Round up to a whole number."""
    number = number_of(value)
    if numbers.infinite(number):
        return value
    return types.number(numbers.rounded(Fraction(math.ceil(number)), numbers.precision_of(number)))


@function("floor", NUMERIC, result=NUMBER)
def floor(environment: Environment, value: Val) -> Val:
    """Round down to a whole number."""
    number = number_of(value)
    if numbers.infinite(number):
        return value
    return types.number(numbers.rounded(Fraction(math.floor(number)), numbers.precision_of(number)))


@function("signum", NUMERIC, result=NUMBER)
def signum(environment: Environment, value: Val) -> Val:
    """Give the sign of a whole number."""
    number = whole(value)
    return types.number((number > 0) - (number < 0))


@function("max", result=NUMBER, rest=_NUMBER_UNKNOWN)
def maximum(environment: Environment, *values: Val) -> Val:
    """Give the largest number."""
    return _extreme(values, largest=True)


@function("min", result=NUMBER, rest=_NUMBER_UNKNOWN)
def minimum(environment: Environment, *values: Val) -> Val:
    """Give the smallest number."""
    return _extreme(values, largest=False)


def _extreme(values: tuple[Val, ...], largest: bool) -> Val:
    """Find the largest or smallest number; an unknown one leaves a bound."""
    if not values:
        raise EvaluationError("must pass at least one number")
    known = [value.raw for value in values if isinstance(value.raw, Fraction)]
    best = (max if largest else min)(known) if known else None
    why = next((value.raw for value in values if isinstance(value.raw, UnknownRaw)), None)
    if why is None:
        return next(value for value in values if value.raw == best)
    low, high = (best, None) if largest else (None, best)
    return Val(NUMBER, UnknownRaw(why.because, not_null=True, low=low, high=high))


def _real(value: Val) -> float:
    number = number_of(value)
    if numbers.infinite(number):
        return math.copysign(math.inf, number)
    try:
        return float(number)
    except OverflowError as error:
        raise EvaluationError("value must be a number that fits into 64 bits") from error


@function("log", NUMERIC, NUMERIC, result=NUMBER)
def log(environment: Environment, value: Val, base: Val) -> Val:
    """Give the logarithm to a base."""
    number, radix = _real(value), _real(base)
    if number < 0 or radix < 0:
        raise EvaluationError("the logarithm of a negative number is not a number")
    top, bottom = _logarithm(number), _logarithm(radix)
    if not bottom and top:
        return types.number(numbers.infinity(top < 0))
    if math.isnan(result := top / bottom if bottom else math.nan):
        raise EvaluationError("the logarithm is not a number")
    return types.number(numbers.real(result))


@function("pow", NUMERIC, NUMERIC, result=NUMBER)
def power(environment: Environment, value: Val, exponent: Val) -> Val:
    """Raise to a power, in 64-bit floating point."""
    try:
        return types.number(numbers.real(_power(_real(value), _real(exponent))))
    except OverflowError:
        return types.number(numbers.infinity(number_of(value) < 0 and number_of(exponent).numerator % 2 == 1))


# The coefficients of the polynomial that stands for the logarithm near 1 ([FDLIBM] e_log.c).
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ODD = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_EVEN = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)


def _logarithm(value: float) -> float:
    """Give the natural logarithm to the last bit as Go does, which is not always the nearest float."""
    if value == 0:
        return -math.inf
    if math.isinf(value):
        return value
    fraction, exponent = math.frexp(value)
    if fraction < math.sqrt(2) / 2:
        fraction, exponent = fraction * 2, exponent - 1
    rest = fraction - 1
    ratio = rest / (2 + rest)
    square = ratio * ratio
    fourth = square * square
    odd = square * (_ODD[0] + fourth * (_ODD[1] + fourth * (_ODD[2] + fourth * _ODD[3])))
    even = fourth * (_EVEN[0] + fourth * (_EVEN[1] + fourth * _EVEN[2]))
    half = 0.5 * rest * rest
    return exponent * _LN2_HIGH - ((half - (ratio * (half + (odd + even)) + exponent * _LN2_LOW)) - rest)


def _power(base: float, exponent: float) -> float:
    """Raise as Go does, by squaring; a fractional exponent depends on the processor.

    Raises:
        NotEvaluatedError: for such an exponent.
    """
    if exponent == 0 or base == 1:
        return 1.0
    if exponent == 1:
        return base
    if base == 0:
        return math.inf if exponent < 0 else 0.0
    if abs(exponent) == 0.5:
        if base < 0:
            raise EvaluationError("the root of a negative number is not a number")
        return math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base)
    fraction, steps = math.modf(abs(exponent))
    if fraction and base < 0:
        raise EvaluationError("the root of a negative number is not a number")
    if fraction:
        raise NotEvaluatedError("pow(…) with a fractional exponent depends on the processor")
    if steps >= 1 << 63:
        return math.pow(base, exponent)
    result, scale = 1.0, 0
    squared, doubling = math.frexp(base)
    remaining = int(steps)
    while remaining:
        if abs(doubling) > 1 << 13:
            scale += doubling
            break
        if remaining & 1:
            result *= squared
            scale += doubling
        squared *= squared
        doubling *= 2
        if squared < 0.5:
            squared += squared
            doubling -= 1
        remaining >>= 1
    if exponent < 0:
        result, scale = 1 / result, -scale
    return math.ldexp(result, scale)


@function("parseint", Parameter(unknown=True), NUMERIC, result=NUMBER)
def parseint(environment: Environment, value: Val, base: Val) -> Val:
    """Read a whole number that is written with a base from 2 to 62."""
    if isinstance(value.raw, UnknownRaw):
        return types.unknown(NUMBER, value.raw.because)
    if value.type.kind != "string":
        raise EvaluationError(f"first argument must be a string, not {types.friendly(value.type)}")
    text, radix = text_of(value), whole(base)
    if not 2 <= radix <= 62:
        raise EvaluationError("base must be a whole number between 2 and 62 inclusive")
    digits = text[1:] if text[:1] in ("+", "-") else text
    if radix <= 36:
        digits = digits.lower()
    places = [_DIGITS.find(digit) for digit in digits]
    if not places or min(places) < 0 or max(places) >= radix:
        raise EvaluationError(f'cannot parse "{text}" as a base {radix} integer')
    if len(places) > numbers.MAX_EXPONENT // 2:
        raise BudgetError(numbers.TOO_LARGE)
    result = 0
    for place in places:
        result = result * radix + place
    bits = max(numbers.INTEGER_PRECISION, result.bit_length())
    return types.number(numbers.rounded(Fraction(-result if text.startswith("-") else result), bits))


@function("sum", ANY, result=NUMBER)
def total(environment: Environment, value: Val) -> Val:
    """Add up the elements."""
    if value.type.kind not in ("list", "set", "tuple"):
        raise EvaluationError(f"argument must be list, set, or tuple. Received {types.friendly(value.type)}")
    elements = types.members(value)
    if not elements:
        raise EvaluationError("cannot sum an empty list")
    environment.budget.spend(len(elements))
    why = types.reason(value)
    if why is not None:
        return types.unknown(NUMBER, why.because)
    result: Fraction | None = None
    for element in elements:
        converted = types.convert(element, NUMBER)
        if converted.raw is None:
            raise EvaluationError("argument must be list, set, or tuple of number values")
        result = number_of(converted) if result is None else numbers.add(result, number_of(converted))
    return types.number(result or Fraction(0))
