"""Intrinsic functions: what they give, and what is left of them when something is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from checkov_cloudtrail.model.deployment import Loaded
from checkov_cloudtrail.model.values import Absent, AnyValue, Known, Reference, Unknown

TEMPLATE = """
Transform: AWS::LanguageExtensions
Parameters:
  Env: {{Type: String, Default: dev}}
  Flag: {{Type: String, Default: 'true'}}
  Plain: {{Type: String, Default: yes}}
  Count: {{Type: Number, Default: 2}}
  Open: {{Type: String}}
  List: {{Type: CommaDelimitedList, Default: 'a, b,c'}}
  Empty: {{Type: CommaDelimitedList, Default: ''}}
  OpenList: {{Type: 'List<String>'}}
  Stored: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}}
  StoredName: {{Type: 'AWS::SSM::Parameter::Name', Default: /x}}
Mappings:
  Settings:
    dev: {{Logging: false, Names: [x, y], Other: one}}
    prod: {{Logging: true, Names: [z], Other: two}}
Conditions:
  Yes: !Equals [a, a]
  No: !Not [!Condition Yes]
Resources:
  Bucket: {{Type: AWS::S3::Bucket}}
  Group: {{Type: AWS::Logs::LogGroup}}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      TrailName: {expression}
"""
ABSENT = object()
NAME = Reference("Bucket", "Ref")
PARTITION, REGION, ACCOUNT = (Reference(f"AWS::{name}") for name in ("Partition", "Region", "AccountId"))
GROUP = ("arn:", PARTITION, ":logs:", REGION, ":", ACCOUNT, ":log-group:", Reference("Group", "Ref"))
OPEN = Reference("Open")


def plain(value: AnyValue) -> Any:
    match value:
        case Known(tuple() as items):
            return [plain(item) for item in items]
        case Known(Mapping() as members):
            return {name: plain(member) for name, member in members.items()}
        case Known(data):
            return data
        case Absent():
            return ABSENT
        case Unknown(because, _, parts):
            return parts or because


TABLE: list[tuple[str, Any]] = [
    ("text", "text"),
    ("!Ref Env", "dev"),
    ("!Ref Flag", "true"),
    ("!Ref Plain", "true"),
    ("!Ref Count", "2"),
    ("!Ref List", ["a", "b", "c"]),
    ("!Ref Empty", []),
    ("!Ref Open", (OPEN,)),
    ("!Ref OpenList", (Reference("OpenList"),)),
    ("!Ref Stored", (Reference("Stored"),)),
    ("!Ref StoredName", "/x"),
    ("!Ref AWS::Region", (Reference("AWS::Region"),)),
    ("!Ref AWS::NoValue", ABSENT),
    ("!Ref Bucket", (NAME,)),
    ("!Ref Nothing", (Reference("Nothing", "Ref"),)),
    ("!Ref [a]", "the name in Ref is open"),
    ("!GetAtt Bucket.Arn", (Reference("Bucket", "Arn"),)),
    ("!GetAtt Nothing.Arn", (Reference("Nothing", "Arn"),)),
    ("!Sub 'x-${Env}-y'", "x-dev-y"),
    ("!Sub '${!Env}-${ Env }'", "${Env}-dev"),
    ("!Sub 'arn:${AWS::Partition}:s3:::${Bucket}/${Env}'", None),
    ("!Sub ['${A}-${Env}', {A: !Ref Bucket}]", (NAME, "-dev")),
    ("!Sub ['${A}', {A: x}]", "x"),
    ("!Sub '${Bucket.Arn}/*'", (Reference("Bucket", "Arn"), "/*")),
    ("!Sub '${List}'", "a list or an object is put into text"),
    ("!Sub '${Nothing}-x'", (Reference("Nothing", "Ref"), "-x")),
    ("!Join ['-', [a, !Ref Env, !Ref Count]]", "a-dev-2"),
    ("!Join ['', ['arn:aws:s3:::', !Ref Bucket]]", ("arn:aws:s3:::", NAME)),
    ("!Join [',', !Ref List]", "a,b,c"),
    ("!Join ['', !Ref OpenList]", (Reference("Fn::Join  of OpenList"),)),
    ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
    ("!Select [1, !Ref List]", "b"),
    ("!Select [!Ref Count, !Ref List]", "c"),
    ("!Select ['0', !Split ['-', 'x-y']]", "x"),
    ("!Select [0, [true, false]]", True),
    ("!Select [5, !Ref List]", "Fn::Select has no item 5"),
    ("!Select [0, !Split [':', !GetAtt Bucket.Arn]]", (Reference("Fn::Select 0 of Fn::Split : of Bucket", "derived"),)),
    ("!Split [',', 'a,b']", ["a", "b"]),
    ("!Split [':*', !GetAtt Group.Arn]", [GROUP, ""]),
    ("!Split [':*', !Sub '${Group.Arn}:*']", [GROUP, "", ""]),
    ("!Select [6, !Split [':', !GetAtt Group.Arn]]", (Reference("Group", "Ref"),)),
    ("!Select [3, !Split [':', !GetAtt Group.Arn]]", (REGION,)),
    ("!Join [':', [!Select [0, !Split [':*', !GetAtt Group.Arn]], '*']]", (*GROUP, ":*")),
    ("!Split [':', !Sub 'a:${AWS::Region}*:${Group}']", ["a", (REGION, "*"), (Reference("Group", "Ref"),)]),
    ("!Split [':', !Sub 'a:${Open}']", (Reference("Fn::Split : of a:${Open}"),)),
    ("!Split ['-', !Sub '${AWS::Region}']", (Reference("Fn::Split - of AWS::Region"),)),
    ("!If [Yes, a, b]", "a"),
    ("!If [No, a, !Ref AWS::NoValue]", ABSENT),
    ("[a, !If [No, b, !Ref AWS::NoValue], c]", ["a", "c"]),
    ("{a: !If [No, b, !Ref AWS::NoValue], c: d}", {"a": ABSENT, "c": "d"}),
    ("!If [Yes, !If [No, a, b], c]", "b"),
    ("!FindInMap [Settings, !Ref Env, Logging]", False),
    ("!FindInMap [Settings, prod, Names]", ["z"]),
    ("!Select [0, !FindInMap [Settings, dev, Names]]", "x"),
    ("!FindInMap [Settings, test, Logging]", "Fn::FindInMap finds nothing"),
    ("!FindInMap [Settings, test, Logging, {DefaultValue: !Ref Env}]", "dev"),
    ("!FindInMap [Nothing, test, Logging, {DefaultValue: x}]", "x"),
    ("!FindInMap [!Sub 'Sett${Suffix}', dev, Other]", "Suffix is not declared"),
    ("!FindInMap [!Join ['', [Set, tings]], dev, Other]", "one"),
    ("!Base64 abc", "YWJj"),
    ("!Base64 {Ref: Bucket}", (Reference("Fn::Base64 of Bucket", "derived"),)),
    ("!ImportValue shared", (Reference("export shared", "Fn::ImportValue"),)),
    ("!ImportValue {'Fn::Sub': '${Env}-bucket'}", (Reference("export dev-bucket", "Fn::ImportValue"),)),
    ("!GetAZs us-east-1", "Fn::GetAZs is evaluated at deployment"),
    ("!Select [0, !GetAZs '']", "Fn::GetAZs is evaluated at deployment"),
    ("!Cidr [10.0.0.0/16, 2, 8]", "Fn::Cidr is evaluated at deployment"),
    ("{'Fn::Length': !Ref List}", 3),
    ("{'Fn::Length': [a, b]}", 2),
    (
        "{'Fn::ToJsonString': {a: [1, !Ref Bucket]}}",
        ('{"a":[1,"', Reference("Bucket", "Ref"), '"]}'),
    ),
    ("{'Fn::ToJsonString': {a: !Ref AWS::NoValue, b: !Ref Bucket}}", ('{"b":"', NAME, '"}')),
    ("{'Fn::ToJsonString': {a: !Sub '\"${Bucket}'}}", ('{"a":"\\"', NAME, '"}')),
    ("{'Fn::ToJsonString': {a: !GetAZs x}}", ('{"a":', Reference("what is at template.yaml:27:43"), "}")),
    ("{'Fn::ToJsonString': {a: [1, true], b: !Ref Env}}", '{"a":[1,true],"b":"dev"}'),
    ("'{{resolve:ssm:/a/b}}'", (Reference("{{resolve:ssm:/a/b}}"),)),
    ("'x-{{resolve:ssm:/a}}-y'", ("x-", Reference("{{resolve:ssm:/a}}"), "-y")),
    ("{'Fn::Transform': {Name: Mine, Parameters: {}}}", "a macro is evaluated at deployment"),
    ("{'Fn::ValueOf': [Env, x]}", "Fn::ValueOf is not evaluated"),
    ("{Condition: Yes}", True),
    ("!Equals [a, b]", False),
    ("{Effect: Allow, Condition: {Bool: {x: 'true'}}}", {"Effect": "Allow", "Condition": {"Bool": {"x": "true"}}}),
]
LONG = {
    "!Sub 'arn:${AWS::Partition}:s3:::${Bucket}/${Env}'": (
        *("arn:", Reference("AWS::Partition"), ":s3:::"),
        *(NAME, "/dev"),
    ),
}


@pytest.mark.parametrize(("expression", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_expression(expression: str, expected: Any, load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(TEMPLATE.format(expression=expression))
    assert loaded.errors == ()
    assert loaded.deployment is not None
    (case,) = loaded.deployment.cases
    assert plain(case.trails[0].attributes["TrailName"]) == LONG.get(expression, expected)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("${Bucket.Arn}/${AWS::AccountId}/${Open}", "parameter Open has no value"),
        ("${Bucket.Arn}/${AWS::AccountId}", "AWS::AccountId is known at deployment"),
        ("${Bucket.Arn}/${Bucket}", "Bucket.Arn is known at deployment"),
        ("${Open}/${Nothing}", "Nothing is not declared"),
    ],
)
def test_what_somebody_decides_is_why_a_text_is_unknown(
    text: str, because: str, load_text: Callable[..., Loaded]
) -> None:
    deployment = load_text(TEMPLATE.format(expression=f"!Sub '{text}'")).deployment
    assert deployment is not None
    name = deployment.cases[0].trails[0].name
    assert isinstance(name, Unknown)
    assert name.because == because


def test_chain_and_places(load_text: Callable[..., Loaded]) -> None:
    text = """Parameters:
  Env:
    Type: String
    Default: dev
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: !If [IsDev, false, true]
"""
    deployment = load_text(text).deployment
    assert deployment is not None
    logging = deployment.cases[0].trails[0].logging
    assert isinstance(logging, Known)
    where = logging.origin.range
    assert (where.line, where.column, where.end_column) == (12, 18, 42)
    assert [(step.range.line, step.range.column, step.text) for step in logging.origin.chain] == [
        (7, 3, "condition IsDev is true"),
        (6, 3, "condition IsProd is false"),
        (4, 14, 'parameter Env defaults to "dev"'),
    ]
    missing = deployment.cases[0].trails[0].multi_region
    assert isinstance(missing, Absent)
    assert (missing.origin.missing, missing.origin.range.line, missing.origin.range.column) == (True, 9, 3)
