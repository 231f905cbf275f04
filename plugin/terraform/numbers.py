"""Terraform's numbers: binary floating point of at most 512 bits, kept as fractions that were rounded the same way.

Terraform parses literals and text with 512 bits; a few functions give less (`length` 64, `pow` and `log` 53), and an
operation has the larger precision of its operands. That shows in the decimal text, and equality compares the text.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from checkov_cloudtrail.budget import BudgetError

if TYPE_CHECKING:
    from typing import Self

PRECISION = 512
INTEGER_PRECISION = 64
FLOAT_PRECISION = 53
MAX_EXPONENT = 4_000
TOO_LARGE = f"a number with more than {MAX_EXPONENT} digits"

# Stands for an infinite number: larger than anything that can be written.
_INFINITE = Fraction(1 << 20_000)

_DECIMAL = re.compile(r"([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([eEpP])([+-]?\d+))?", re.ASCII)


class Number(Fraction):
    """A number of less than full precision, or a zero with a minus sign.

    Args:
        precision: bits of its mantissa.
        minus_zero: it is zero and prints as `-0`.
    """

    __slots__ = ("minus_zero", "precision")
    precision: int
    minus_zero: bool

    @classmethod
    def of(cls, value: Fraction | int, precision: int, minus_zero: bool = False) -> Self:
        """Make a number that is already rounded."""
        made = cls(value)
        made.precision = precision
        made.minus_zero = minus_zero
        return made


def infinity(negative: bool = False) -> Fraction:
    """Give what a division by zero is worth in Terraform."""
    return -_INFINITE if negative else _INFINITE


def infinite(value: Fraction) -> bool:
    """Tell whether a number stands for an infinite one."""
    return abs(value) == _INFINITE


def integer(value: int) -> Fraction:
    """Give a whole number as Terraform's functions count: `length(…)`, `count.index`, an index of a list."""
    return Number.of(value, INTEGER_PRECISION)


def real(value: float) -> Fraction:
    """Give the number that a 64-bit float is, which prints as short as a float; it is not NaN."""
    if math.isinf(value):
        return infinity(value < 0)
    return Number.of(Fraction(value), FLOAT_PRECISION, not value and math.copysign(1, value) < 0)


def precision_of(value: Fraction) -> int:
    """Tell how many bits the mantissa of a number has."""
    return value.precision if isinstance(value, Number) else PRECISION


def negative(value: Fraction) -> bool:
    """Tell whether a minus sign is printed before it."""
    return value < 0 or (isinstance(value, Number) and value.minus_zero)


def rounded(value: Fraction, precision: int = PRECISION, minus: bool = False) -> Fraction:
    """Round to the nearest number of `precision` bits, ties to even.

    Args:
        value: the exact result of an operation.
        precision: bits of the mantissa.
        minus: the sign of a zero.

    Raises:
        BudgetError: it has too many digits to be worth working with.
    """
    top, bottom = value.numerator, value.denominator
    scale = top.bit_length() - bottom.bit_length()
    if abs(scale) > MAX_EXPONENT * 10 // 3:
        raise BudgetError(TOO_LARGE)
    if bottom != 1 or top.bit_length() > precision:
        value = _to_bits(value, precision)
    if precision == PRECISION and not (minus and not value):
        return value
    return Number.of(value, precision, minus and not value)


def _to_bits(value: Fraction, precision: int) -> Fraction:
    top, bottom = abs(value.numerator), value.denominator
    shift = precision - (top.bit_length() - bottom.bit_length())
    if (top << shift if shift > 0 else top) >= bottom << precision - min(shift, 0):
        shift -= 1
    mantissa = round(_shifted(top, bottom, shift))
    result = _shifted(mantissa, 1, -shift)
    return -result if value < 0 else result


def _shifted(top: int, bottom: int, shift: int) -> Fraction:
    return Fraction(top << shift, bottom) if shift >= 0 else Fraction(top, bottom << -shift)


def add(left: Fraction, right: Fraction) -> Fraction:
    """Add as Terraform does.

    Raises:
        ZeroDivisionError: opposing infinities have no sum.
    """
    if infinite(left) or infinite(right):
        if left == -right:
            raise ZeroDivisionError("can't compute the sum of opposing infinities")
        return left if infinite(left) else right
    minus = negative(left) and negative(right)
    return rounded(Fraction(left) + Fraction(right), max(precision_of(left), precision_of(right)), minus)


def negate(value: Fraction) -> Fraction:
    """Change the sign, of a zero too."""
    if infinite(value):
        return -value
    return rounded(-Fraction(value), precision_of(value), not negative(value))


def subtract(left: Fraction, right: Fraction) -> Fraction:
    """Subtract as Terraform does."""
    return add(left, negate(right))


def multiply(left: Fraction, right: Fraction) -> Fraction:
    """Multiply as Terraform does.

    Raises:
        ZeroDivisionError: zero times infinity is no number.
    """
    minus = negative(left) != negative(right)
    if infinite(left) or infinite(right):
        if not left or not right:
            raise ZeroDivisionError("can't multiply zero by infinity")
        return infinity(minus)
    return rounded(Fraction(left) * Fraction(right), max(precision_of(left), precision_of(right)), minus)


def divide(left: Fraction, right: Fraction) -> Fraction:
    """Divide as Terraform does: by zero it is infinite.

    Raises:
        ZeroDivisionError: zero by zero, or infinity by infinity.
    """
    minus = negative(left) != negative(right)
    if (not left and not right) or (infinite(left) and infinite(right)):
        raise ZeroDivisionError("can't divide zero by zero or infinity by infinity")
    if infinite(left) or not right:
        return infinity(minus)
    if infinite(right):
        return rounded(Fraction(0), max(precision_of(left), precision_of(right)), minus)
    return rounded(Fraction(left) / Fraction(right), max(precision_of(left), precision_of(right)), minus)


def remainder(left: Fraction, right: Fraction) -> Fraction:
    """Give what is left of a division truncated towards zero, with the sign of the dividend; by zero all is left.

    Raises:
        ZeroDivisionError: infinity has no remainder.
    """
    if infinite(left) or infinite(right):
        raise ZeroDivisionError("can't use modulo with infinity")
    if not left or not right:
        return left
    whole = int(divide(left, right))
    bits = precision_of(left)
    return rounded(Fraction(left) - rounded(Fraction(right) * whole, bits), bits)


def parse(text: str) -> Fraction | None:
    """Read a decimal number, or `Inf`, as Terraform reads literals and text; None when it is none.

    Raises:
        BudgetError: it has too many digits.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        if text.lstrip("+-").lower() == "inf" and len(text) <= len("+inf"):
            return infinity(text.startswith("-"))
        return None
    sign, whole, behind, bare, kind, exponent = found.groups()
    fraction = behind or bare or ""
    digits = (whole or "") + fraction
    if len(digits) > MAX_EXPONENT or len(exponent or "") > len(str(MAX_EXPONENT)) + 1:
        raise BudgetError(TOO_LARGE)
    power = int(exponent or 0)
    if abs(power) > MAX_EXPONENT:
        raise BudgetError(TOO_LARGE)
    base = Fraction(2) if kind in ("p", "P") else Fraction(10)
    value = Fraction(int(digits), 10 ** len(fraction)) * base**power
    return rounded(-value if sign == "-" else value, minus=sign == "-")


def text(value: Fraction) -> str:
    """Print a number as Terraform does: the shortest decimal that stands for it at its precision, no exponent."""
    if infinite(value):
        return "+Inf" if value > 0 else "-Inf"
    sign = "-" if negative(value) else ""
    digits, point = shortest(value)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}" if digits else f"{sign}0"
    whole = digits[:point].ljust(point, "0")
    return f"{sign}{whole}.{digits[point:]}" if len(digits) > point else sign + whole


def shortest(value: Fraction) -> tuple[str, int]:
    """Give the digits of the shortest decimal for a number, and where its point is: 0.00123 is ("123", -2)."""
    size, bits = abs(Fraction(value)), precision_of(value)
    if not size:
        return "", 0
    if size.denominator == 1 and size.numerator.bit_length() <= bits:
        plain = str(size.numerator)
        return plain.rstrip("0"), len(plain)
    point = _point(size)
    scale = size.numerator.bit_length() - size.denominator.bit_length()
    exponent = scale if _shifted(1, 1, scale) <= size else scale - 1  # 2**exponent <= size < 2**(exponent + 1)
    half = _shifted(1, 1, exponent - bits)
    lower = size - (half / 2 if size == _shifted(1, 1, exponent) else half)
    upper = size + half
    even = _shifted(size.numerator, size.denominator, bits - 1 - exponent).numerator % 2 == 0

    def candidates(count: int) -> list[Fraction]:
        step = Fraction(10) ** (point - count)
        down = size // step * step
        near = [down] if down == size else [down, down + step]
        return [one for one in near if lower < one < upper or (even and one in (lower, upper))]

    fewest, enough = 1, bits // 3 + 3
    while fewest < enough:
        middle = (fewest + enough) // 2
        if candidates(middle):
            enough = middle
        else:
            fewest = middle + 1
    unit = Fraction(10) ** (fewest - point)
    best = min(candidates(fewest), key=lambda one: (abs(one - size), int(one * unit) % 2))
    digits = str(int(best * unit))
    return digits.rstrip("0"), point + len(digits) - fewest


def _point(size: Fraction) -> int:
    """Count the digits before the decimal point; below 0.1 the negated count of the zeros behind it."""
    point = int((size.numerator.bit_length() - size.denominator.bit_length()) * 0.30103) - 1
    while Fraction(10) ** point <= size:
        point += 1
    return point


def equal(left: Fraction, right: Fraction) -> bool:
    """Compare as Terraform's `==`: by the decimal text, so that numbers of unlike precision can be the same."""
    if left.denominator == 1 or right.denominator == 1 or precision_of(left) == precision_of(right):
        return Fraction.__eq__(left, right)
    return text(left) == text(right)


def significant(value: Fraction, count: int) -> tuple[str, int]:
    """Round to a count of decimal digits, ties to even; give them without trailing zeros, and the point's place."""
    size = abs(Fraction(value))
    if not size:
        return "", 0
    point = _point(size)
    digits = str(round(size * Fraction(10) ** (count - point)))
    return digits.rstrip("0"), point + len(digits) - count


def general(value: Fraction, count: int) -> str:
    """Print as Go's `%.<count>g`, for numbers inside the elements of sets."""
    digits, point = significant(value, count)
    sign, limit = "-" if value < 0 else "", count
    if not digits:
        return "0"
    if limit > len(digits) >= point:
        limit = len(digits)
    if -4 <= point - 1 < limit:
        if point <= 0:
            return f"{sign}0.{'0' * -point}{digits}"
        whole = digits[:point].ljust(point, "0")
        return f"{sign}{whole}.{digits[point:]}" if len(digits) > point else sign + whole
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{'-' if point <= 0 else '+'}{abs(point - 1):02d}"
