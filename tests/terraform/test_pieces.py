"""Strings of known and unknown pieces."""

import pytest

from checkov_cloudtrail.model.values import Reference
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.pieces import joined, merged, parts_of
from checkov_cloudtrail.terraform.values import STRING, UnknownRaw, Val

ARN = Reference("aws_s3_bucket.logs", "arn")
BUCKET = Val(STRING, UnknownRaw("aws_s3_bucket.logs is not applied", (ARN,), "aws_s3_bucket.logs.arn"))
CALLED = Val(STRING, UnknownRaw("var.x has no value", symbol="upper(var.x)"))
NOTHING = Val(STRING, UnknownRaw("nobody knows"))


def test_known_strings() -> None:
    assert joined([types.string("e"), types.string("\u0301x")]) == types.string("\u00e9x")


@pytest.mark.parametrize(
    ("values", "parts", "symbol"),
    [
        ([BUCKET, types.string("/*")], (ARN, "/*"), 'join("", [aws_s3_bucket.logs.arn, "/*"])'),
        ([types.string("a"), types.string("b"), CALLED], ("ab", Reference("upper(var.x)")),
         'join("", ["a", "b", upper(var.x)])'),
        ([types.string("a"), NOTHING], (), ""),
        ([types.string(""), BUCKET], (ARN,), 'join("", ["", aws_s3_bucket.logs.arn])'),
    ],
)  # fmt: skip
def test_unknown_strings(values: list[Val], parts: tuple[object, ...], symbol: str) -> None:
    raw = joined(values).raw
    assert isinstance(raw, UnknownRaw)
    assert (raw.parts, raw.symbol, raw.not_null) == (parts, symbol, True)


def test_sensitive_pieces_make_a_sensitive_string() -> None:
    assert joined([types.string("a"), Val(STRING, "b", sensitive=True)]).sensitive


def test_pieces_of_what_is_no_string() -> None:
    assert parts_of(types.boolean(True)) == ()
    assert merged([("a",), ()]) == ()
