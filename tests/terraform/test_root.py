"""Loading a root: existence, cases, addresses, scopes, modules that are not there, files that cannot be read."""

from pathlib import Path
from textwrap import dedent

import pytest

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.deployment import Case, Loaded
from checkov_cloudtrail.model.location import SourceError
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Absent, Known, Reference, Unknown
from checkov_cloudtrail.options import Options, Var, VarFile
from checkov_cloudtrail.terraform.root import ParseCache, load

REST = 'name = "n"\ns3_bucket_name = "b"\n'


def loaded(directory: Path, files: dict[str, str], options: Options | None = None, root: str = ".") -> Loaded:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return load(root, DiskFiles(base=directory, boundary=directory), options or Options(), ParseCache())


def cases(result: Loaded) -> tuple[Case, ...]:
    assert result.deployment is not None
    return result.deployment.cases


def only(result: Loaded) -> Trail:
    assert not result.errors
    (case,) = cases(result)
    (trail,) = case.trails
    return trail


def existence(result: Loaded) -> dict[tuple[str, ...], dict[str, object]]:
    """Choices of each case, and in it by address: True, False or why it is open."""
    return {
        case.choices: {
            trail.address: trail.exists.value if isinstance(trail.exists, Known) else shown(trail.exists)
            for trail in case.trails
        }
        for case in cases(result)
    }


def shown(value: object) -> object:
    match value:
        case Known(value=known):
            return known
        case Absent():
            return None
        case Unknown(because=because):
            return f"? {because}"
    return value


EXISTENCE = {
    "plain": ("", {(): {"aws_cloudtrail.t": True}}),
    "count 0": ("count = 0", {(): {"aws_cloudtrail.t[0]": False}}),
    "count 2": ("count = 2", {(): {"aws_cloudtrail.t[0]": True, "aws_cloudtrail.t[1]": True}}),
    "empty for_each": ("for_each = {}", {(): {"aws_cloudtrail.t": False}}),
    "for_each": (
        'for_each = toset(["b", "a"])',
        {(): {'aws_cloudtrail.t["a"]': True, 'aws_cloudtrail.t["b"]': True}},
    ),
    "unknown number": ("count = var.number", {(): {"aws_cloudtrail.t[0]": "? var.number has no value"}}),
    "at least one": (
        "count = var.flag ? 2 : 1",
        {
            ("var.flag = true",): {"aws_cloudtrail.t[0]": True, "aws_cloudtrail.t[1]": True},
            ("var.flag = false",): {"aws_cloudtrail.t[0]": True, "aws_cloudtrail.t[1]": False},
        },
    ),
    "unknown flag": (
        "count = var.flag ? 1 : 0",
        {
            ("var.flag = true",): {"aws_cloudtrail.t[0]": True},
            ("var.flag = false",): {"aws_cloudtrail.t[0]": False},
        },
    ),
    "null test": (
        "count = var.any == null ? 1 : 0",
        {
            ("var.any == null",): {"aws_cloudtrail.t[0]": True},
            ("var.any != null",): {"aws_cloudtrail.t[0]": False},
        },
    ),
    "length of an unknown list": (
        "count = length(var.list) > 0 ? 1 : 0",
        {
            ("length(var.list) > 0",): {"aws_cloudtrail.t[0]": True},
            ("not length(var.list) > 0",): {"aws_cloudtrail.t[0]": False},
        },
    ),
    "set of a conditional": (
        'for_each = toset(var.flag ? ["x"] : [])',
        {
            ("var.flag = true",): {'aws_cloudtrail.t["x"]': True},
            ("var.flag = false",): {'aws_cloudtrail.t["x"]': False},
        },
    ),
    "filtered unknown map": (
        "for_each = { for k, v in var.map : k => v if v.on }",
        {(): {"aws_cloudtrail.t[*]": "? var.map has no value"}},
    ),
    "a list": (
        'for_each = ["a"]',
        {(): {"aws_cloudtrail.t[*]": "? the for_each of aws_cloudtrail.t is a tuple: Terraform refuses it"}},
    ),
    "equal branches": ("count = var.flag ? 1 : 1", {(): {"aws_cloudtrail.t[0]": True}}),
    "false and unknown": ("count = false && var.flag ? 1 : 0", {(): {"aws_cloudtrail.t[0]": False}}),
}

DECLARED = """
variable "flag" { type = bool }
variable "any" {}
variable "number" { type = number }
variable "list" { type = list(string) }
variable "map" { type = map(object({ on = bool })) }
"""


@pytest.mark.parametrize("name", EXISTENCE)
def test_existence(name: str, tmp_path: Path) -> None:
    repetition, expected = EXISTENCE[name]
    text = f'{DECLARED}\nresource "aws_cloudtrail" "t" {{\n{repetition}\n{REST}}}\n'

    result = loaded(tmp_path, {"main.tf": text})

    assert not result.errors
    assert existence(result) == expected


def test_two_trails_behind_one_flag_are_never_both_missing(tmp_path: Path) -> None:
    text = f"""
    variable "own" {{ type = bool }}
    module "own" {{
      source = "./trail"
      count  = var.own ? 1 : 0
    }}
    resource "aws_cloudtrail" "other" {{
      count = !var.own ? 1 : 0
      {REST.replace(chr(10), chr(10) + " " * 6)}
    }}
    """
    inner = f'resource "aws_cloudtrail" "t" {{\n{REST}}}\n'

    result = loaded(tmp_path, {"main.tf": text, "trail/main.tf": inner})

    assert existence(result) == {
        ("var.own = true",): {"module.own[0].aws_cloudtrail.t": True, "aws_cloudtrail.other[0]": False},
        ("var.own = false",): {"module.own[0].aws_cloudtrail.t": False, "aws_cloudtrail.other[0]": True},
    }


def test_contradictions_are_no_cases(tmp_path: Path) -> None:
    trails = "".join(
        f'resource "aws_cloudtrail" "{name}" {{\ncount = var.env == "{name}" ? 1 : 0\n{REST}}}\n' for name in "abcde"
    )

    result = loaded(tmp_path, {"main.tf": f'variable "env" {{}}\n{trails}'})

    assert [case.choices for case in cases(result)] == [
        *((f'var.env == "{name}"',) for name in "abcde"),
        tuple(f'var.env != "{name}"' for name in "abcde"),
    ]


def test_too_many_flags_leave_existence_open(tmp_path: Path) -> None:
    trails = "".join(
        f'variable "f{n}" {{\ntype = bool\n}}\n'
        f'resource "aws_cloudtrail" "t{n}" {{\ncount = var.f{n} ? 1 : 0\n{REST}}}\n'
        for n in range(6)
    )

    result = loaded(tmp_path, {"main.tf": trails})

    assert len(cases(result)) == 8
    assert {existence for case in cases(result) for existence in [shown(case.trails[5].exists)]} == {
        "? var.f5 has no value"
    }


ATTRIBUTES = {
    "literal": ("true", True),
    "text": ('"true"', True),
    "null": ("null", None),
    "no boolean": ('"maybe"', '? is_multi_region_trail is "maybe": a bool is required'),
    "no boolean at all": ("[]", "? is_multi_region_trail is []: a bool is required"),
    "unknown": ("var.flag", "? var.flag has no value"),
    "refused": ("[][0]", None),
    "missing reference": ("local.nothing", None),
    "unknown function": ('provider::aws::arn_parse("x")', "? function provider::aws::arn_parse is not evaluated"),
}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes(name: str, tmp_path: Path) -> None:
    written, expected = ATTRIBUTES[name]
    text = f'resource "aws_cloudtrail" "t" {{\nis_multi_region_trail = {written}\n{REST}}}\n'

    trail = only(loaded(tmp_path, {"main.tf": text, "variables.tf": 'variable "flag" {\n  type = bool\n}\n'}))

    if expected is None and name != "null":
        assert isinstance(trail.multi_region, Unknown)
    else:
        assert shown(trail.multi_region) == expected


def test_a_value_remembers_its_way(tmp_path: Path) -> None:
    files = {
        "main.tf": """
            variable "multi" { default = false }
            module "m" {
              source = "./m"
              on     = local.on
            }
            locals {
              on = var.multi
            }
        """,
        "terraform.tfvars": "multi = true\n",
        "m/main.tf": 'variable "on" {}\n'
        f'resource "aws_cloudtrail" "t" {{\n  is_multi_region_trail = var.on\n{REST}}}\n',
    }

    trail = only(loaded(tmp_path, files))

    assert isinstance(trail.multi_region, Known)
    origin = trail.multi_region.origin
    assert (trail.address, trail.multi_region.value, origin.range.file, origin.range.line, origin.literal) == (
        "module.m.aws_cloudtrail.t", True, "m/main.tf", 3, False,
    )  # fmt: skip
    assert [(step.range.file, step.range.line, step.text) for step in origin.chain] == [
        ("main.tf", 5, "module.m sets on to true"),
        ("main.tf", 8, "local.on is set to true here"),
        ("terraform.tfvars", 1, "terraform.tfvars sets multi to true"),
    ]


def test_order_of_values(tmp_path: Path) -> None:
    names = ("default", "environment", "tfvars", "auto", "file", "option")
    declared = "".join(f'variable "{name}" {{\n  default = "default"\n}}\n' for name in names)
    shown_name = "-".join(f"${{var.{name}}}" for name in names)

    def setting(*wanted: str) -> str:
        return "".join(f'{name} = "{wanted[0]}"\n' for name in names if name in wanted)

    files = {
        "main.tf": f'{declared}resource "aws_cloudtrail" "t" {{\n  name = "{shown_name}"\n  s3_bucket_name = "b"\n}}\n',
        "terraform.tfvars": setting("tfvars", "auto", "file", "option"),
        "x.auto.tfvars": setting("auto", "file", "option"),
        "given/prod.tfvars": setting("file", "option"),
        "other.tfvars": 'default = "must not be read"\n',
    }
    options = Options(
        inputs=(VarFile("given/prod.tfvars"), Var("option", "option")),
        environment={f"TF_VAR_{name}": "environment" for name in names[1:]},
    )

    trail = only(loaded(tmp_path, files, options))

    assert shown(trail.name) == "-".join(names)


def test_blocks(tmp_path: Path) -> None:
    text = """
    variable "unknown" { type = list(string) }
    resource "aws_cloudtrail" "t" {
      name           = "n"
      s3_bucket_name = "b"
      event_selector {
        read_write_type = "ReadOnly"
      }
      dynamic "event_selector" {
        for_each = { a = ["x", "y"], b = [] }
        iterator = chosen
        content {
          read_write_type = chosen.key
          dynamic "data_resource" {
            for_each = chosen.value
            content {
              type   = "AWS::S3::Object"
              values = ["arn:aws:s3:::${data_resource.value}/", data_resource.key]
            }
          }
        }
      }
      dynamic "event_selector" {
        for_each = var.unknown
        content {
          read_write_type           = event_selector.value
          include_management_events = false
        }
      }
      dynamic "insight_selector" {
        for_each = []
        content {
          insight_type = "never"
        }
      }
    }
    """

    trail = only(loaded(tmp_path, {"main.tf": text}))

    selectors = trail.event_selectors
    assert [shown(one.read_write_type) for one in selectors.known] == ["ReadOnly", "a", "b"]
    assert [
        [
            [shown(value) for value in one.values.value]
            for one in selector.data_resources.known
            if isinstance(one.values, Known)
        ]
        for selector in selectors.known
    ] == [[], [["arn:aws:s3:::x/", "0"], ["arn:aws:s3:::y/", "1"]], []]
    (possible,) = selectors.possible
    assert (shown(possible.read_write_type), shown(possible.include_management_events)) == (
        "? var.unknown has no value",
        False,
    )
    assert trail.insight_selectors.surely_empty


SCOPES = {
    "no provider": ("", "", ("default", None)),
    "Regions only": (
        'provider "aws" {\n  alias = "eu"\n  region = "eu-west-1"\n}',
        "provider = aws.eu",
        ("default", "eu-west-1"),
    ),
    "role": (
        'provider "aws" {\n  alias = "x"\n  assume_role {\n    role_arn = "arn:aws:iam::111122223333:role/r"\n  }\n}',
        "provider = aws.x",
        ("111122223333", None),
    ),
    "role with an unknown name": (
        (
            'variable "r" {}\nprovider "aws" {\n  alias = "x"\n  assume_role {\n'
            '    role_arn = "arn:aws:iam::111122223333:role/${var.r}"\n  }\n}'
        ),
        "provider = aws.x",
        ("111122223333", None),
    ),
    "role in an unknown account": (
        (
            'variable "a" {}\nprovider "aws" {\n  alias = "x"\n  assume_role {\n'
            '    role_arn = "arn:aws:iam::${var.a}:role/r"\n  }\n}'
        ),
        "provider = aws.x",
        ("aws.x", None),
    ),
    "allowed account": (
        'provider "aws" {\n  alias = "x"\n  allowed_account_ids = ["111122223333"]\n}',
        "provider = aws.x",
        ("111122223333", None),
    ),
    "profile": ('provider "aws" {\n  alias = "x"\n  profile = "p"\n}', "provider = aws.x", ("aws.x", None)),
    "profile of the default provider": (
        'provider "aws" {\n  profile = "p"\n}\nprovider "aws" {\n  alias = "x"\n  profile = "p"\n}',
        "provider = aws.x",
        ("default", None),
    ),
    "own Region": ('provider "aws" {\n  region = "eu-west-1"\n}', 'region = "us-east-1"', ("default", "us-east-1")),
}


@pytest.mark.parametrize("name", SCOPES)
def test_scopes(name: str, tmp_path: Path) -> None:
    providers, argument, expected = SCOPES[name]
    text = f'{providers}\nresource "aws_cloudtrail" "t" {{\n{argument}\n{REST}}}\n'

    trail = only(loaded(tmp_path, {"main.tf": text}))

    assert (trail.scope, shown(trail.region)) == expected


def test_providers_are_passed_through_modules(tmp_path: Path) -> None:
    role = 'assume_role {\n    role_arn = "arn:aws:iam::111122223333:role/r"\n  }'
    files = {
        "main.tf": f'provider "aws" {{\n  alias = "audit"\n  {role}\n}}\n'
        'module "a" {\n  source = "./a"\n  providers = {\n    aws.main = aws.audit\n  }\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n  providers = { aws = aws.main }\n}\n',
        "b/main.tf": f'resource "aws_cloudtrail" "t" {{\n{REST}}}\n',
    }

    assert only(loaded(tmp_path, files)).scope == "111122223333"


def test_a_module_that_is_not_there_is_unseen(tmp_path: Path) -> None:
    text = """
    module "audit" {
      source = "cloudposse/cloudtrail/aws"
    }
    module "off" {
      source = "x/y/aws"
      count  = 0
    }
    """

    (case,) = cases(loaded(tmp_path, {"main.tf": text}))

    assert [(part.address, part.scope, part.location.line) for part in case.unseen] == [("module.audit", "default", 2)]
    assert "cloudposse/cloudtrail/aws" in case.unseen[0].because


def test_an_installed_module_is_read(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "audit" {\n  source = "cloudposse/cloudtrail/aws"\n}\n',
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "audit", "Dir": ".terraform/modules/audit"}]}',
        ".terraform/modules/audit/main.tf": f'resource "aws_cloudtrail" "t" {{\n{REST}}}\n',
    }

    assert only(loaded(tmp_path, files)).address == "module.audit.aws_cloudtrail.t"


def test_a_module_outside_of_the_repository_is_unseen(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text(f'resource "aws_cloudtrail" "t" {{\n{REST}}}\n')
    inside = tmp_path / "repository"

    (case,) = cases(loaded(inside, {"main.tf": 'module "m" {\n  source = "../outside"\n}\n'}))

    assert (case.trails, [part.address for part in case.unseen]) == ((), ["module.m"])


def test_modules_that_call_each_other_are_an_error(tmp_path: Path) -> None:
    files = {
        "main.tf": f'module "a" {{\n  source = "./a"\n}}\nresource "aws_cloudtrail" "t" {{\n{REST}}}\n',
        "a/main.tf": '# cloudtrail\nmodule "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n',
    }

    result = loaded(tmp_path, files)

    assert result.errors == (SourceError("b/main.tf", 1, 1, "module.a.module.b.module.a calls itself"),)
    assert existence(result) == {(): {"aws_cloudtrail.t": True}}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('resource "aws_s3_bucket" "b" {\n  bucket =\n}\n', 2, 11),
        ('resource "aws_cloudtrail" "u" {\n  name = "a" "b"\n}\n', 2, 14),
        ("locals {\n  a = [1, 2\n}\n", 3, 1),
        ('resource "aws_s3_bucket" {\n', 1, 26),
    ],
)
def test_a_broken_file_is_an_error_and_the_others_are_read(text: str, line: int, column: int, tmp_path: Path) -> None:
    good = f'resource "aws_cloudtrail" "t" {{\n{REST}}}\n'

    result = loaded(tmp_path, {"good.tf": good, "broken.tf": text})

    assert [(error.file, error.line, error.column) for error in result.errors] == [("broken.tf", line, column)]
    assert existence(result) == {(): {"aws_cloudtrail.t": True}}
    hidden = [part.address for part in cases(result)[0].unseen]
    assert hidden == (["broken.tf"] if "cloudtrail" in text else [])


def test_what_a_broken_file_may_declare(tmp_path: Path) -> None:
    good = f'resource "aws_cloudtrail" "t" {{\n{REST}is_multi_region_trail = var.multi\n}}\n'

    (case,) = cases(loaded(tmp_path, {"good.tf": good, "broken.tf": 'variable "multi" {\n  default =\n}\n'}))

    assert "var.multi may be declared in broken.tf, which cannot be read" in str(shown(case.trails[0].multi_region))


def test_unknown_strings_keep_their_parts(tmp_path: Path) -> None:
    text = """
    data "aws_caller_identity" "me" {}
    variable "stage" {}
    module "b" {
      source = "./b"
    }
    resource "aws_s3_bucket" "own" { bucket = "own" }
    resource "aws_cloudtrail" "t" {
      name           = "t-${data.aws_caller_identity.me.account_id}-${var.stage}"
      s3_bucket_name = module.b.id
      s3_key_prefix  = aws_s3_bucket.own.bucket
      kms_key_id     = aws_s3_bucket.own.arn
    }
    """
    inner = 'resource "aws_s3_bucket" "x" {\n  count = 1\n}\noutput "id" {\n  value = one(aws_s3_bucket.x[*].id)\n}\n'

    trail = only(loaded(tmp_path, {"main.tf": text, "b/main.tf": inner}))

    assert isinstance(trail.name, Unknown)
    assert isinstance(trail.bucket_name, Unknown)
    assert isinstance(trail.kms_key, Unknown)
    assert trail.name.parts == (
        "t-", Reference("data.aws_caller_identity.me", "account_id"), "-", Reference("var.stage"),
    )  # fmt: skip
    assert trail.bucket_name.parts == (Reference("module.b.aws_s3_bucket.x[0]", "id"),)
    assert shown(trail.key_prefix) == "own"
    assert (trail.kms_key.parts, trail.kms_key.present) == ((Reference("aws_s3_bucket.own", "arn"),), True)


def test_what_a_trail_waits_for(tmp_path: Path) -> None:
    text = f"""
    module "b" {{
      source = "./b"
    }}
    resource "aws_s3_bucket" "own" {{}}
    resource "aws_cloudtrail" "t" {{
      {REST.replace('"b"', "local.bucket").replace(chr(10), chr(10) + "      ")}
      depends_on = [module.b, "aws_s3_bucket.quoted"]
    }}
    resource "aws_s3_bucket" "quoted" {{}}
    locals {{
      bucket = aws_s3_bucket.own.id
    }}
    """
    inner = 'resource "aws_s3_bucket_policy" "x" {\n  count = 2\n  bucket = "b"\n}\n'

    trail = only(loaded(tmp_path, {"main.tf": text, "b/main.tf": inner}))

    assert trail.depends_on == {
        "module.b",
        "module.b.aws_s3_bucket_policy.x[0]",
        "module.b.aws_s3_bucket_policy.x[1]",
        "aws_s3_bucket.own",
        "aws_s3_bucket.quoted",
    }


def test_json_syntax(tmp_path: Path) -> None:
    text = """
    {"variable": {"multi": {"type": "bool", "default": true}},
     "resource": {"aws_cloudtrail": {"t": {
       "name": "n-${var.multi}", "s3_bucket_name": "b", "is_multi_region_trail": "${!var.multi}",
       "event_selector": [{
         "read_write_type": "All",
         "data_resource": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}],
       "dynamic": {"insight_selector": {
         "for_each": ["ApiCallRateInsight"],
         "content": {"insight_type": "${insight_selector.value}"}}}
     }}}}
    """

    trail = only(loaded(tmp_path, {"cdk.tf.json": text}))

    (selector,) = trail.event_selectors.known
    (data,) = selector.data_resources.known
    (insight,) = trail.insight_selectors.known
    found = (trail.name, trail.multi_region, selector.read_write_type, data.type, insight.insight_type)
    assert [shown(value) for value in found] == ["n-true", False, "All", "AWS::S3::Object", "ApiCallRateInsight"]


def test_event_data_store_and_separate_insights(tmp_path: Path) -> None:
    text = f"""
    resource "aws_cloudtrail" "t" {{
      {REST.replace(chr(10), chr(10) + "      ")}
    }}
    resource "aws_cloudtrail_insight_selectors" "i" {{
      trail_name = aws_cloudtrail.t.name
      insight_selector {{
        insight_type = "ApiErrorRateInsight"
      }}
    }}
    resource "aws_cloudtrail_event_data_store" "s" {{
      name             = "s"
      retention_period = "30"
      suspend          = "true"
    }}
    resource "awscc_cloudtrail_trail" "c" {{
      s3_bucket_name        = "b"
      is_logging            = true
      is_multi_region_trail = true
      event_selectors = [{{
        read_write_type = "ReadOnly"
        data_resources  = [{{ type = "AWS::S3::Object", values = ["arn:aws:s3"] }}]
      }}]
    }}
    """

    result = loaded(tmp_path, {"main.tf": text})

    (case,) = cases(result)
    trails = {trail.address: trail for trail in case.trails}
    (insight,) = trails["aws_cloudtrail.t"].insight_selectors.known
    (store,) = case.event_data_stores
    other = trails["awscc_cloudtrail_trail.c"]
    (selector,) = other.event_selectors.known
    found = (insight.insight_type, store.retention_days, store.ingestion, other.logging, selector.read_write_type)
    assert [shown(value) for value in found] == ["ApiErrorRateInsight", 30, False, True, "ReadOnly"]
    assert len(selector.data_resources.known) == 1


def test_suppressions(tmp_path: Path) -> None:
    text = f'resource "aws_cloudtrail" "t" {{\n  # checkov:skip=CT002,CT003: decided in 2026\n{REST}}}\n'

    trail = only(loaded(tmp_path, {"main.tf": text}))

    assert [(skip.rule, skip.reason, skip.range.line) for skip in trail.skips] == [
        ("CT002", "decided in 2026", 2), ("CT003", "decided in 2026", 2),
    ]  # fmt: skip


_DYNAMIC = 'dynamic "%s" {\n  for_each = ["%s"]\n  content {\n    %s = %s.value\n  }\n}\n'
READS = 'event_selector {\n  read_write_type = "ReadOnly"\n}\n'
READS_MADE = _DYNAMIC % ("event_selector", "ReadOnly", "read_write_type", "event_selector")
INSIGHTS_MADE = _DYNAMIC % ("insight_selector", "ApiErrorRateInsight", "insight_type", "insight_selector")
OVERRIDES = [
    pytest.param(READS_MADE, INSIGHTS_MADE, ["ReadOnly"], id="dynamic blocks of two types"),
    pytest.param(READS_MADE, READS.replace("Read", "Write"), ["WriteOnly"], id="a block over a dynamic one"),
    pytest.param(READS, READS_MADE.replace("Read", "Write"), ["WriteOnly"], id="a dynamic block over one"),
    pytest.param(READS_MADE, READS_MADE.replace("Read", "Write"), ["WriteOnly"], id="a dynamic block over another"),
    pytest.param(READS, "enable_logging = false\n", ["ReadOnly"], id="only arguments"),
]


@pytest.mark.parametrize(("base", "override", "expected"), OVERRIDES)
def test_overrides_replace_the_blocks_of_a_type(tmp_path: Path, base: str, override: str, expected: list[str]) -> None:
    files = {
        "main.tf": f'resource "aws_cloudtrail" "t" {{\n{REST}{base}}}\n',
        "o_override.tf": f'resource "aws_cloudtrail" "t" {{\n{override}}}\n',
    }
    trail = only(loaded(tmp_path, files))
    assert [shown(one.read_write_type) for one in trail.event_selectors.known] == expected
    assert trail.event_selectors.undecided is None


@pytest.mark.parametrize("native", [True, False])
def test_overrides_replace_blocks_across_syntaxes(tmp_path: Path, native: bool) -> None:
    in_json = '{"resource": {"aws_cloudtrail": {"t": {%s"event_selector": {"read_write_type": "%s"}}}}}'
    in_native = 'resource "aws_cloudtrail" "t" {\n%s}\n'
    both = {
        "main.tf": in_native % (REST + READS),
        "override.tf.json": in_json % ("", "WriteOnly"),
    }
    other = {
        "main.tf.json": in_json % ('"name": "n", "s3_bucket_name": "b", ', "ReadOnly"),
        "override.tf": in_native % READS.replace("Read", "Write"),
    }
    trail = only(loaded(tmp_path, both if native else other))
    assert [shown(one.read_write_type) for one in trail.event_selectors.known] == ["WriteOnly"]


def test_overrides_of_providers(tmp_path: Path) -> None:
    role = "arn:aws:iam::111111111111:role/x"
    files = {
        "main.tf": f"""
            provider "aws" {{
              region = "eu-west-1"
            }}
            provider "aws" {{
              alias = "audit"
            }}
            resource "aws_cloudtrail" "a" {{
              {REST}
            }}
            resource "aws_cloudtrail" "b" {{
              {REST}
              provider = aws.audit
            }}
            """,
        "override.tf": f'provider "aws" {{\nalias = "audit"\nassume_role {{\nrole_arn = "{role}"\n}}\n}}\n',
        "x_override.tf.json": '{"provider": {"aws": {"region": "us-east-1"}}}',
    }
    (case,) = cases(loaded(tmp_path, files))
    assert [(trail.scope, shown(trail.region)) for trail in case.trails] == [
        ("default", "us-east-1"),
        ("111111111111", None),
    ]


ROLE = 'assume_role {{\n role_arn = "{}"\n}}\n'
CHAINS = {
    "the last role": ([ROLE.format(f"arn:aws:iam::{digit * 12}:role/x") for digit in "12"], "222222222222"),
    "a role from a web identity": (
        [
            ROLE.format("arn:aws:iam::111111111111:role/x"),
            ROLE.format("arn:aws:iam::222222222222:role/x").replace("role {", "role_with_web_identity {", 1),
        ],
        "111111111111",
    ),
    "an open role in the only allowed account": (
        [ROLE.format("${var.role}"), 'allowed_account_ids = ["333333333333"]\n'],
        "333333333333",
    ),
    "a last role that is open": (
        [ROLE.format("arn:aws:iam::111111111111:role/x"), ROLE.format("${var.role}")],
        "default",
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_account_of_chained_roles(tmp_path: Path, name: str) -> None:
    body, expected = CHAINS[name]
    text = f'variable "role" {{\n}}\nprovider "aws" {{\n{"".join(body)}}}\n'
    trail = only(loaded(tmp_path, {"main.tf": f'{text}resource "aws_cloudtrail" "t" {{\n{REST}}}\n'}))
    assert trail.scope == expected


NEVER_EMPTY = """
variable "open" {
}
variable "none" {
  default = null
}
resource "aws_kms_key" "k" {
  count = 1
}
resource "aws_s3_bucket" "b" {
}
resource "aws_cloudwatch_log_group" "g" {
}
data "aws_kms_key" "found" {
}
"""
KEY = Reference("aws_kms_key.k[0]", "arn")
BUCKET = Reference("aws_s3_bucket.b", "id")
KEPT = [
    ("coalesce(var.none, try(aws_kms_key.k[0].arn, null))", (KEY,)),
    ('coalesce("", aws_kms_key.k[0].arn, "x")', (KEY,)),
    ('coalesce(one(aws_s3_bucket.b[*].id), "x")', (BUCKET,)),
    ('coalesce("a-${var.open}", "x")', ("a-", Reference("var.open"))),
    ('coalesce(aws_s3_bucket.b.bucket, "x")', (Reference("aws_s3_bucket.b", "bucket"),)),
    ('coalesce(var.open, "x")', ()),
    ('coalesce(data.aws_kms_key.found.arn, "x")', ()),
    ('compact([aws_kms_key.k[0].arn, "", null])[0]', (KEY,)),
    ("compact(concat(aws_s3_bucket.b[*].id, []))[0]", (BUCKET,)),
    ('compact(["${aws_kms_key.k[0].arn}/", ""])[0]', (KEY, "/")),
    ("compact([aws_kms_key.k[0].arn, var.open])[0]", ()),
    ("[for one in [aws_kms_key.k[0].arn, null] : one if one != null][0]", (KEY,)),
    ('[for one in [aws_kms_key.k[0].arn, ""] : one if one != ""][0]', (KEY,)),
    ('aws_kms_key.k[0].arn == "" ? "x" : aws_kms_key.k[0].arn', (KEY,)),
    ('length(aws_kms_key.k[0].arn) > 0 ? aws_kms_key.k[0].arn : "x"', (KEY,)),
    ("flatten([[aws_kms_key.k[0].arn], []])[0]", (KEY,)),
    ("distinct([aws_kms_key.k[0].arn])[0]", (KEY,)),
    ("sort([aws_kms_key.k[0].arn])[0]", (KEY,)),
    ('matchkeys([aws_kms_key.k[0].arn], ["a"], ["a"])[0]', (KEY,)),
    ('trimsuffix("${aws_s3_bucket.b.id}/x", "/x")', (BUCKET,)),
    ('trimsuffix("${aws_s3_bucket.b.id}/xy", "/x")', (BUCKET, "/xy")),
    ('trimsuffix("${aws_s3_bucket.b.id}x", "/x")', ()),
    ('trimsuffix(aws_s3_bucket.b.id, "/")', ()),
    ('trimsuffix(aws_cloudwatch_log_group.g.arn, ":*")', (Reference("aws_cloudwatch_log_group.g", "arn"),)),
    ('"${trimsuffix(aws_cloudwatch_log_group.g.arn, ":*")}:*"', (Reference("aws_cloudwatch_log_group.g", "arn"), ":*")),
    ('trimsuffix(data.aws_kms_key.found.arn, ":*")', ()),
]


@pytest.mark.parametrize(("expression", "expected"), KEPT, ids=[expression for expression, _ in KEPT])
def test_a_reference_that_is_never_empty_is_kept(tmp_path: Path, expression: str, expected: object) -> None:
    text = f'{NEVER_EMPTY}resource "aws_cloudtrail" "t" {{\n{REST}kms_key_id = {expression}\n}}\n'
    value = only(loaded(tmp_path, {"main.tf": text})).kms_key
    assert isinstance(value, Unknown)
    assert value.parts == expected


def test_the_size_of_a_list_without_empty_strings(tmp_path: Path) -> None:
    body = "enable_logging = length(compact([aws_kms_key.k[0].arn, var.open])) > 0\n"
    text = f'{NEVER_EMPTY}resource "aws_cloudtrail" "t" {{\n{REST}{body}}}\n'
    assert shown(only(loaded(tmp_path, {"main.tf": text})).logging) is True


def test_json_syntax_may_be_an_array_of_objects(tmp_path: Path) -> None:
    text = """
    [{"variable": {"n": {"default": "x"}}, "//": "a comment"},
     {"resource": {"aws_cloudtrail": {"t": {"name": "${var.n}", "s3_bucket_name": "b"}}}}]
    """
    assert shown(only(loaded(tmp_path, {"main.tf.json": text})).name) == "x"


@pytest.mark.parametrize(("text", "column"), [("[[{}]]", 2), ('"x"', 1), ("[{}, 1]", 6)])
def test_json_syntax_needs_objects(tmp_path: Path, text: str, column: int) -> None:
    assert loaded(tmp_path, {"main.tf.json": text}).errors == (
        SourceError("main.tf.json", 1, column, "syntax error: expected a JSON object"),
    )


def test_an_error_in_a_dynamic_block_names_the_block(tmp_path: Path) -> None:
    body = 'dynamic "event_selector" {\n  for_each = upper([])\n  content {\n  }\n}\n'
    trail = only(loaded(tmp_path, {"main.tf": f'resource "aws_cloudtrail" "t" {{\n{REST}{body}}}\n'}))
    assert trail.event_selectors.undecided is not None
    assert trail.event_selectors.undecided.because.startswith(
        "the for_each of the dynamic block 'event_selector' of aws_cloudtrail.t cannot be evaluated: "
    )


def test_an_empty_suspend_is_none(tmp_path: Path) -> None:
    text = 'resource "aws_cloudtrail_event_data_store" "s" {\n  name = "s"\n  suspend = ""\n}\n'
    (case,) = cases(loaded(tmp_path, {"main.tf": text}))
    assert shown(case.event_data_stores[0].ingestion) is None


PER_ACCOUNT = """
provider "aws" {
  for_each = %s
  alias    = "by"
  assume_role {
    role_arn = "arn:aws:iam::${each.value}:role/x"
  }
}
"""
ACCOUNTS = '{ a = "111111111111", b = "222222222222" }'
BY_KEY = f'resource "aws_cloudtrail" "t" {{\n  for_each = toset(["a", "b"])\n  provider = aws.by[each.key]\n{REST}}}\n'
INSIDE = f'resource "aws_cloudtrail" "t" {{\n{REST}}}\n'
CALLED = 'module "m" {\n  source = "./m"\n  for_each = toset(["a", "b"])\n  providers = { aws = aws.by[each.key] }\n}\n'
PROVIDERS = {
    "by the key of the resource": (ACCOUNTS, BY_KEY, ["111111111111", "222222222222"]),
    "by the key of the module": (ACCOUNTS, CALLED, ["111111111111", "222222222222"]),
    "by a literal key": (ACCOUNTS, BY_KEY.replace("each.key", '"b"'), ["222222222222", "222222222222"]),
    "by a key that is open": (ACCOUNTS, BY_KEY.replace("each.key", "var.open"), ["aws.by[*]", "aws.by[*]"]),
    "without a key": (ACCOUNTS, BY_KEY.replace("[each.key]", ""), ["aws.by[*]", "aws.by[*]"]),
    "over what is open": ("var.open", BY_KEY, ["aws.by[*]", "aws.by[*]"]),
}


@pytest.mark.parametrize("name", PROVIDERS)
def test_providers_of_several_accounts(tmp_path: Path, name: str) -> None:
    given, use, expected = PROVIDERS[name]
    files = {"main.tofu": f'variable "open" {{\n}}\n{PER_ACCOUNT % given}{use}', "m/main.tofu": INSIDE}

    result = loaded(tmp_path, files)

    (case,) = cases(result)
    assert not result.errors
    assert [trail.scope for trail in case.trails] == expected
    assert result.deployment is not None
    every = {"111111111111", "222222222222"} if given == ACCOUNTS else set()
    assert {scope.key for scope in result.deployment.scopes} == {*every, *expected}


def test_an_unseen_module_of_several_accounts_is_in_none_of_them_for_sure(tmp_path: Path) -> None:
    call = CALLED.replace("./m", "acme/trail/aws")
    (case,) = cases(loaded(tmp_path, {"main.tofu": PER_ACCOUNT % ACCOUNTS + call}))
    assert [unseen.scope for unseen in case.unseen] == [None]
    one = call.replace("each.key", '"a"')
    (case,) = cases(loaded(tmp_path, {"main.tofu": PER_ACCOUNT % ACCOUNTS + one}))
    assert [unseen.scope for unseen in case.unseen] == ["111111111111"]
