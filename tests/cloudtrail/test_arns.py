"""The forms of key and log group names."""

from __future__ import annotations

import pytest

from checkov_cloudtrail.cloudtrail.arns import KeyForm, ending_problem, key_form
from checkov_cloudtrail.cloudtrail.delivery import name_problem
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.values import Absent, Known, Origin, Reference, Unknown, Value

ORIGIN = Origin(Range("main.tf"))


def made_of(*parts: str | Reference) -> Value[str]:
    if len(parts) == 1 and isinstance(parts[0], str):
        return Known(parts[0], ORIGIN)
    return Unknown("known after apply", ORIGIN, parts)


KEY = "arn:aws:kms:eu-west-1:111122223333:"
FORMS = [
    ("a key's ARN", made_of(KEY + "key/k"), KeyForm.KEY_ARN),
    ("an alias ARN", made_of(KEY + "alias/logs"), KeyForm.ALIAS_ARN),
    ("an alias", made_of("alias/logs"), KeyForm.OTHER),
    ("an id", made_of("1234abcd-12ab-34cd-56ef-1234567890ab"), KeyForm.OTHER),
    ("a key", made_of(Reference("aws_kms_key.k", "arn")), KeyForm.KEY_ARN),
    ("a key of a module", made_of(Reference("module.m[0].aws_kms_key.k", "arn")), KeyForm.KEY_ARN),
    ("a key's id", made_of(Reference("aws_kms_key.k", "key_id")), KeyForm.OTHER),
    ("a key elsewhere", made_of(Reference("data.aws_kms_key.k", "arn")), KeyForm.KEY_ARN),
    ("a key elsewhere, as it was asked for", made_of(Reference("data.aws_kms_key.k", "key_id")), KeyForm.UNKNOWN),
    ("an alias resource", made_of(Reference("aws_kms_alias.k", "arn")), KeyForm.ALIAS_ARN),
    ("an alias resource's name", made_of(Reference("aws_kms_alias.k", "name")), KeyForm.OTHER),
    ("an alias resource's key", made_of(Reference("aws_kms_alias.k", "target_key_arn")), KeyForm.KEY_ARN),
    ("a variable", made_of(Reference("var.key")), KeyForm.UNKNOWN),
    ("an alias of a variable", made_of("alias/", Reference("var.key")), KeyForm.OTHER),
    ("an ARN around an id", made_of("arn:aws:kms:", Reference("var.region"), ":1:key/k"), KeyForm.KEY_ARN),
    ("an ARN around an alias", made_of("arn:aws:kms:", Reference("var.region"), ":1:alias/k"), KeyForm.ALIAS_ARN),
]


@pytest.mark.parametrize(("name", "value", "expected"), FORMS, ids=[case[0] for case in FORMS])
def test_key_form(name: str, value: Value[str], expected: KeyForm) -> None:
    assert key_form(value) is expected, name


GROUP = Reference("aws_cloudwatch_log_group.g", "arn")
ENDINGS = [
    ("literal", made_of("arn:aws:logs:eu-west-1:1:log-group:g:*"), False),
    ("literal without", made_of("arn:aws:logs:eu-west-1:1:log-group:g"), True),
    ("literal twice", made_of("arn:aws:logs:eu-west-1:1:log-group:g:*:*"), True),
    ("only the ending", made_of(":*"), True),
    ("Terraform", made_of(GROUP, ":*"), False),
    ("Terraform without", made_of(GROUP), True),
    ("Terraform twice", made_of(GROUP, ":*:*"), True),
    ("a data source without", made_of(Reference("data.aws_cloudwatch_log_group.g", "arn")), True),
    ("CloudFormation", made_of(Reference("Group", "Arn")), False),
    ("CloudFormation twice", made_of(Reference("Group", "Arn"), ":*"), True),
    ("around a name", made_of("arn:aws:logs:eu-west-1:1:log-group:", Reference("Group", "Ref"), ":*"), False),
    ("around a name without", made_of("arn:aws:logs:eu-west-1:1:log-group:", Reference("Group", "Ref")), True),
    ("a variable", made_of(Reference("var.group")), None),
    ("a variable with the ending", made_of(Reference("var.group"), ":*"), False),
    ("nothing known", Unknown("no", ORIGIN), None),
    ("absent", Absent(ORIGIN), False),
]


@pytest.mark.parametrize(("name", "value", "expected"), ENDINGS, ids=[case[0] for case in ENDINGS])
def test_ending_problem(name: str, value: Value[str], expected: bool | None) -> None:
    assert ending_problem(value)[0] is expected, name


NAMES = [
    ("plain", made_of("main-trail.1_a"), False),
    ("two symbols", made_of("my--trail"), True),
    ("two different symbols", made_of("my._trail"), True),
    ("starts with a symbol", made_of("-trail"), True),
    ("ends with a symbol", made_of("trail-"), True),
    ("a space", made_of("my trail"), True),
    ("a slash", made_of("my/trail"), True),
    ("an accent", made_of("pisteä"), True),
    ("too short", made_of("ab"), True),
    ("empty", made_of(""), True),
    ("too long", made_of("a" * 129), True),
    ("the longest", made_of("a" * 128), False),
    ("an address", made_of("192.168.5.4"), True),
    ("part of it", made_of(Reference("var.env"), "-trail"), None),
    ("part of it, broken", made_of(Reference("var.env"), "-my trail"), True),
    ("part of it, ends with a symbol", made_of("trail-", Reference("var.env"), "-"), True),
    ("part of it, starts with a symbol", made_of("-trail-", Reference("var.env")), True),
    ("absent", Absent(ORIGIN), False),
]


@pytest.mark.parametrize(("name", "value", "expected"), NAMES, ids=[case[0] for case in NAMES])
def test_name_problem(name: str, value: Value[str], expected: bool | None) -> None:
    assert name_problem(value)[0] is expected, name
