"""checkov's addresses and the engine's."""

from __future__ import annotations

import pytest

from checkov_cloudtrail.host.addresses import Segment, in_file, matching, parse

ENGINE = (
    "aws_cloudtrail.one",
    "aws_cloudtrail.many[0]",
    "aws_cloudtrail.many[1]",
    'aws_cloudtrail.each["eu.west"]',
    'aws_cloudtrail.each["a]b"]',
    "aws_cloudtrail.open[*]",
    'module.m["k"].aws_cloudtrail.one',
    "module.n[0].module.o.aws_cloudtrail.one",
    "module.n[1].module.o.aws_cloudtrail.one",
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param("aws_cloudtrail.one", ("aws_cloudtrail.one",), id="the same address"),
        pytest.param("aws_cloudtrail.many[1]", ("aws_cloudtrail.many[1]",), id="the same instance"),
        pytest.param(
            "aws_cloudtrail.many",
            ("aws_cloudtrail.many[0]", "aws_cloudtrail.many[1]"),
            id="checkov did not expand the block",
        ),
        pytest.param("aws_cloudtrail.open[0]", ("aws_cloudtrail.open[*]",), id="only checkov expanded the block"),
        pytest.param(
            "aws_cloudtrail.many[7]",
            ("aws_cloudtrail.many[0]", "aws_cloudtrail.many[1]"),
            id="checkov counted wrongly",
        ),
        pytest.param('aws_cloudtrail.each["eu.west"]', ('aws_cloudtrail.each["eu.west"]',), id="a dot in a key"),
        pytest.param('aws_cloudtrail.each["a]b"]', ('aws_cloudtrail.each["a]b"]',), id="a bracket in a key"),
        pytest.param("aws_cloudtrail.each[eu.west]", ('aws_cloudtrail.each["eu.west"]',), id="a key without quotes"),
        pytest.param('module.m["k"].aws_cloudtrail.one', ('module.m["k"].aws_cloudtrail.one',), id="a module's key"),
        pytest.param(
            "module.n.module.o.aws_cloudtrail.one",
            ("module.n[0].module.o.aws_cloudtrail.one", "module.n[1].module.o.aws_cloudtrail.one"),
            id="a module that checkov did not expand",
        ),
        pytest.param("module.z.aws_cloudtrail.one", (), id="another module"),
        pytest.param("aws_s3_bucket.one", (), id="another type"),
    ],
)
def test_matching(asked: str, expected: tuple[str, ...]) -> None:
    assert matching(asked, ENGINE) == expected


def test_in_file_finds_every_instance_in_every_module() -> None:
    assert in_file("aws_cloudtrail.one", ENGINE) == (
        "aws_cloudtrail.one",
        'module.m["k"].aws_cloudtrail.one',
        "module.n[0].module.o.aws_cloudtrail.one",
        "module.n[1].module.o.aws_cloudtrail.one",
    )


def test_parse_of_an_empty_address() -> None:
    assert parse("") == ()
    assert parse("a[0].b") == (Segment("a", "0"), Segment("b", None))
