"""Numbers print, round and compare as in the real `terraform console`, which the expected texts are from."""

import struct
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.terraform import numbers


def parsed(text: str) -> Fraction:
    value = numbers.parse(text)
    assert value is not None
    return value


THIRD = "0." + "3" * 154 + "5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("1E-7", "0.0000001"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        ("1p3", "8"),
        ("-0", "-0"),
        ("123456789012345678901234567890e20", "12345678901234567890123456789000000000000000000000"),
        ("0.1", "0.1"),
        ("Inf", "+Inf"),
    ],
)
def test_text_of_what_was_parsed(text: str, expected: str) -> None:
    assert numbers.text(parsed(text)) == expected


@pytest.mark.parametrize("text", ["", "x", "0x10", "1_000", " 1", "1e", "--1", "1.2.3", "٣"])
def test_no_number(text: str) -> None:
    assert numbers.parse(text) is None


@pytest.mark.parametrize("text", ["1e100000", "1" * 5000, "1e-100000", "1e99999999999999"])
def test_too_many_digits(text: str) -> None:
    with pytest.raises(BudgetError, match="digits"):
        numbers.parse(text)


@pytest.mark.parametrize(
    ("name", "made", "expected"),
    [
        ("third", lambda: numbers.divide(parsed("1"), parsed("3")), THIRD),
        ("third of counted numbers", lambda: numbers.divide(numbers.integer(2), numbers.integer(3)),
         "0.6666666666666666667"),
        ("root", lambda: numbers.real(2**0.5), "1.4142135623730951"),
        ("remainder has the sign of the dividend", lambda: numbers.remainder(parsed("-7"), parsed("3")), "-1"),
        ("remainder of a fraction", lambda: numbers.remainder(parsed("7.5"), parsed("2")), "1.5"),
        ("remainder by zero", lambda: numbers.remainder(parsed("5"), parsed("0")), "5"),
        ("division by zero", lambda: numbers.divide(parsed("-1"), parsed("0")), "-Inf"),
        ("minus zero", lambda: numbers.multiply(parsed("-1"), parsed("0")), "-0"),
        ("difference of equals", lambda: numbers.subtract(parsed("1"), parsed("1")), "0"),
    ],
)  # fmt: skip
def test_arithmetic(name: str, made: object, expected: str) -> None:
    assert callable(made)
    assert numbers.text(made()) == expected


@pytest.mark.parametrize(("left", "right"), [("0", "0"), ("Inf", "Inf")])
def test_no_quotient(left: str, right: str) -> None:
    with pytest.raises(ZeroDivisionError):
        numbers.divide(parsed(left), parsed(right))


def test_equality_is_of_the_text() -> None:
    assert numbers.equal(numbers.add(parsed("0.1"), parsed("0.2")), parsed("0.3"))
    assert numbers.equal(numbers.multiply(numbers.divide(parsed("1"), parsed("3")), parsed("3")), parsed("1"))
    assert numbers.equal(numbers.real(0.1), parsed("0.1"))
    assert not numbers.equal(parsed("0.1"), parsed("0.10000000000000000001"))


def test_floats_print_as_python_prints_them() -> None:
    random = Random(5)
    for _ in range(500):
        value = abs(struct.unpack("d", random.randbytes(8))[0])
        if 1e-280 < value < 1e280:
            assert Decimal(numbers.text(numbers.real(value))) == Decimal(repr(value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("100", "100"), ("1234567890123", "1.23456789e+12"), ("0.00001234", "1.234e-05"), ("-2.5", "-2.5"), ("0", "0")],
)
def test_general(value: str, expected: str) -> None:
    assert numbers.general(parsed(value), 10) == expected
