"""From repairs to edits: in each syntax, what is replaced, what is inserted, and what is left alone.

In the texts, `«` and `»` stand around the place that the rule reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.fix.apply import edited
from checkov_cloudtrail.fix.propose import Proposer
from checkov_cloudtrail.model.location import Range, Step
from checkov_cloudtrail.model.report import Fix
from checkov_cloudtrail.model.rule import AppendText, Repair, SetAttribute
from checkov_cloudtrail.terraform.syntax import ParseCache, Source


def marked(path: str, text: str) -> tuple[str, Range]:
    start, end = text.index("«"), text.index("»") - 1
    plain = text.replace("«", "").replace("»", "")
    return plain, Source(plain).place(path, start, end)


def proposed(directory: Path, texts: dict[str, str], repair: Repair) -> Fix | None:
    """Write files and ask for a fix; the first holds the place, each other one a step of the evidence."""
    places = []
    for name, text in texts.items():
        plain, place = marked(name, text) if "«" in text else (text, None)
        directory.joinpath(name).parent.mkdir(exist_ok=True)
        directory.joinpath(name).write_bytes(plain.encode())
        places += [place] if place else []
    steps = [Step(place, f"{place.file} says so") for place in places[1:]]
    return Proposer(DiskFiles(directory), ParseCache()).propose(repair, places[0], steps)


def after(directory: Path, fix: Fix, name: str) -> str:
    return edited(directory.joinpath(name).read_bytes(), fix.edits).decode()


MULTI = SetAttribute("multi_region", True, "Make it multi-Region")
WRITES = SetAttribute("read_write_type", "All", "Record everything")
VALIDATION = SetAttribute("log_file_validation", True, "Validate")
VERSIONS = SetAttribute("versioning", "Enabled", "Keep versions")
SUFFIX = AppendText("log_group_arn", ":*", "Append")
PUBLIC = SetAttribute(
    "block_public_acls",
    True,
    "Block",
    others=("ignore_public_acls", "block_public_policy", "restrict_public_buckets"),
)


@dataclass(frozen=True)
class Case:
    name: str
    file: str
    repair: Repair
    before: str
    after: str
    safe: bool = True


TRAIL = 'resource "aws_cloudtrail" "this" {\n'
TEMPLATE = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n"
NAMED = TEMPLATE.replace("Trail:", "«Trail»:", 1)
TAGS = "      Tags:\n        - Key: a\n          Value: b\n"
CASES = [
    Case(
        "HCL literal",
        "main.tf",
        MULTI,
        TRAIL + "  is_multi_region_trail = «false» # ünï\n}\n",
        TRAIL + "  is_multi_region_trail = true # ünï\n}\n",
    ),
    Case(
        "HCL null",
        "main.tf",
        MULTI,
        TRAIL + "  is_multi_region_trail = «null»\n}\n",
        TRAIL + "  is_multi_region_trail = true\n}\n",
    ),
    Case(
        "HCL missing",
        "main.tf",
        VALIDATION,
        '# ü\n«resource "aws_cloudtrail" "this"» {\n  name = "x"\n}\n',
        '# ü\nresource "aws_cloudtrail" "this" {\n  name = "x"\n\n  enable_log_file_validation = true\n}\n',
    ),
    Case(
        "HCL selector literal",
        "main.tf",
        WRITES,
        TRAIL + '  event_selector {\n    read_write_type = «"WriteOnly"»\n  }\n}\n',
        TRAIL + '  event_selector {\n    read_write_type = "All"\n  }\n}\n',
    ),
    Case(
        "HCL selector missing",
        "main.tf",
        SetAttribute("include_management_events", True, "Record"),
        TRAIL + '  «event_selector» {\n    read_write_type = "All"\n  }\n}\n',
        TRAIL + '  event_selector {\n    read_write_type = "All"\n\n    include_management_events = true\n  }\n}\n',
    ),
    Case(
        "HCL dynamic block",
        "main.tf",
        WRITES,
        TRAIL + '  dynamic "event_selector" {\n    for_each = [1]\n    «content» {}\n  }\n}\n',
        TRAIL + '  dynamic "event_selector" {\n    for_each = [1]\n    content {\n      read_write_type = "All"\n'
        "    }\n  }\n}\n",
    ),
    Case(
        "HCL list of one object",
        "main.tf",
        WRITES,
        'resource "awscc_cloudtrail_trail" "t" {\n  event_selectors = «[{\n    read_write_type = "Some"\n  }]»\n}\n',
        'resource "awscc_cloudtrail_trail" "t" {\n  event_selectors = [{\n    read_write_type = "All"\n  }]\n}\n',
    ),
    Case(
        "Terraform JSON list of one block",
        "main.tf.json",
        WRITES,
        '{"resource": {"aws_cloudtrail": {"this": {"event_selector": «[{"read_write_type": "ReadOnly"}]»}}}}',
        '{"resource": {"aws_cloudtrail": {"this": {"event_selector": [{"read_write_type": "All"}]}}}}',
    ),
    Case(
        "opposite argument",
        "main.tf",
        SetAttribute("ingestion", True, "Resume"),
        'resource "aws_cloudtrail_event_data_store" "this" {\n  suspend = «true»\n}\n',
        'resource "aws_cloudtrail_event_data_store" "this" {\n  suspend = false\n}\n',
    ),
    Case(
        "flags, some written",
        "main.tf",
        PUBLIC,
        '«resource "aws_s3_bucket_public_access_block" "b"» {\n  bucket            = a.b\n'
        "  block_public_acls = false\n}\n",
        'resource "aws_s3_bucket_public_access_block" "b" {\n  bucket            = a.b\n  block_public_acls = true\n\n'
        "  ignore_public_acls      = true\n  block_public_policy     = true\n  restrict_public_buckets = true\n}\n",
    ),
    Case(
        "nested block",
        "main.tf",
        VERSIONS,
        'resource "aws_s3_bucket_versioning" "b" {\n  versioning_configuration {\n    status = «"Suspended"»\n  }\n}\n',
        'resource "aws_s3_bucket_versioning" "b" {\n  versioning_configuration {\n    status = "Enabled"\n  }\n}\n',
    ),
    Case(
        "ending of an expression",
        "main.tf",
        SUFFIX,
        TRAIL + "  cloud_watch_logs_group_arn = «aws_cloudwatch_log_group.this.arn»\n}\n",
        TRAIL + '  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.this.arn}:*"\n}\n',
    ),
    Case(
        "ending of a variable",
        "main.tf",
        SUFFIX,
        TRAIL + "  cloud_watch_logs_group_arn = «var.arn»\n}\n",
        TRAIL + '  cloud_watch_logs_group_arn = "${var.arn}:*"\n}\n',
        safe=False,
    ),
    Case(
        "ending of a string",
        "main.tf",
        SUFFIX,
        TRAIL + '  cloud_watch_logs_group_arn = «"arn:${local.x}"»\n}\n',
        TRAIL + '  cloud_watch_logs_group_arn = "arn:${local.x}:*"\n}\n',
        safe=False,
    ),
    Case(
        "Terraform JSON literal",
        "main.tf.json",
        MULTI,
        '{"resource": {"aws_cloudtrail": {"this": {"is_multi_region_trail": «false», "name": "x"}}}}',
        '{"resource": {"aws_cloudtrail": {"this": {"is_multi_region_trail": true, "name": "x"}}}}',
    ),
    Case(
        "Terraform JSON missing",
        "main.tf.json",
        MULTI,
        '{"resource": {"aws_cloudtrail": {"this": «{»\n  "name": "x"\n}}}}',
        '{"resource": {"aws_cloudtrail": {"this": {\n  "name": "x",\n  "is_multi_region_trail": true\n}}}}',
    ),
    Case(
        "YAML literal",
        "t.yaml",
        MULTI,
        TEMPLATE + "      IsMultiRegionTrail: «'false'» # ü\n",
        TEMPLATE + "      IsMultiRegionTrail: true # ü\n",
    ),
    Case(
        "YAML missing",
        "t.yaml",
        MULTI,
        NAMED + "      IsLogging: true # yes\n" + TAGS,
        TEMPLATE + "      IsLogging: true # yes\n      IsMultiRegionTrail: true\n" + TAGS,
    ),
    Case(
        "YAML missing, no short entry",
        "t.yaml",
        MULTI,
        NAMED + "      Tags:\n        - Key: a\n          Value: b\n",
        TEMPLATE + "      IsMultiRegionTrail: true\n      Tags:\n        - Key: a\n          Value: b\n",
    ),
    Case(
        "YAML missing, CRLF",
        "t.yaml",
        MULTI,
        (NAMED + "      IsLogging: true\n").replace("\n", "\r\n"),
        (TEMPLATE + "      IsLogging: true\n      IsMultiRegionTrail: true\n").replace("\n", "\r\n"),
    ),
    Case(
        "YAML selector in a list",
        "t.yaml",
        WRITES,
        TEMPLATE + "      EventSelectors:\n        - «IncludeManagementEvents: true»\n",
        TEMPLATE + "      EventSelectors:\n        - IncludeManagementEvents: true\n          ReadWriteType: All\n",
    ),
    Case(
        "YAML flow",
        "t.yaml",
        WRITES,
        TEMPLATE + "      EventSelectors: [«{IncludeManagementEvents: true}»]\n",
        TEMPLATE + "      EventSelectors: [{IncludeManagementEvents: true, ReadWriteType: All}]\n",
    ),
    Case(
        "YAML nested, absent",
        "t.yaml",
        VERSIONS,
        "Resources:\n  «Logs»:\n    Type: AWS::S3::Bucket\n",
        "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties:\n"
        "      VersioningConfiguration:\n        Status: Enabled\n",
    ),
    Case(
        "YAML flags, some written",
        "t.yaml",
        PUBLIC,
        "Resources:\n  «Logs»:\n    Type: AWS::S3::Bucket\n    Properties:\n      PublicAccessBlockConfiguration:\n"
        "        BlockPublicAcls: false\n",
        "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties:\n      PublicAccessBlockConfiguration:\n"
        "        BlockPublicAcls: true\n        IgnorePublicAcls: true\n        BlockPublicPolicy: true\n"
        "        RestrictPublicBuckets: true\n",
    ),
    Case(
        "YAML ending",
        "t.yaml",
        SUFFIX,
        TEMPLATE + "      CloudWatchLogsLogGroupArn: «!Sub arn:${X}»\n",
        TEMPLATE + "      CloudWatchLogsLogGroupArn: !Sub arn:${X}:*\n",
    ),
    Case(
        "JSON template",
        "t.json",
        MULTI,
        '{"Resources": {"«Trail»": {"Type": "AWS::CloudTrail::Trail", "Properties": {\n\t"IsLogging": true\n}}}}',
        '{"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {\n\t"IsLogging": true,\n'
        '\t"IsMultiRegionTrail": true\n}}}}',
    ),
    Case(
        "JSON template, empty properties",
        "t.json",
        WRITES,
        '{"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"EventSelectors": [«{}»]}}}}',
        '{"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"EventSelectors": '
        '[{"ReadWriteType": "All"}]}}}}',
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("mark", [False, True], ids=["plain", "byte order mark"])
def test_fix(case: Case, mark: bool, tmp_path: Path) -> None:
    fix = proposed(tmp_path, {case.file: case.before}, case.repair)
    assert fix is not None
    if mark:
        path = tmp_path / case.file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert after(tmp_path, fix, case.file).removeprefix("\ufeff") == case.after
    assert fix.safe is case.safe


ORIGINS = [
    ("variable", "variables.tf", 'variable "multi" {\n  default = «false»\n}\n', "default = true"),
    ("variable of strings", "variables.tf", 'variable "multi" {\n  default = «"false"»\n}\n', "default = true"),
    ("line of values", "x.tfvars", "multi = «false» # why\n", "multi = true # why"),
    ("JSON values", "x.tfvars.json", '{"multi": «false»}', '{"multi": true}'),
    ("module", "caller.tf", 'module "m" {\n  multi = «false»\n}\n', "multi = true"),
]


@pytest.mark.parametrize(("name", "file", "text", "expected"), ORIGINS, ids=[case[0] for case in ORIGINS])
def test_a_value_from_elsewhere_is_changed_there_and_unsafe(
    name: str, file: str, text: str, expected: str, tmp_path: Path
) -> None:
    texts = {"main.tf": TRAIL + "  is_multi_region_trail = «var.multi»\n}\n", file: text}
    fix = proposed(tmp_path, texts, MULTI)
    assert fix is not None
    assert not fix.safe
    assert fix.title == f"Make it multi-Region, where {file} says so"
    assert expected in after(tmp_path, fix, file)


def test_a_parameters_default_keeps_its_quotes(tmp_path: Path) -> None:
    template = "Parameters:\n  Multi:\n    Default: 'false'\n" + TEMPLATE + "      IsMultiRegionTrail: «!Ref Multi»\n"
    plain, place = marked("t.yaml", template)
    tmp_path.joinpath("t.yaml").write_text(plain)
    at = plain.index("'false'")
    step = Step(Source(plain).place("t.yaml", at, at + 7), "Multi defaults to false")
    fix = Proposer(DiskFiles(tmp_path), ParseCache()).propose(MULTI, place, [step])
    assert fix is not None
    assert "Default: 'true'\n" in after(tmp_path, fix, "t.yaml")


ALONE = [
    ("an expression", "main.tf", MULTI, TRAIL + '  is_multi_region_trail = «var.env == "prod"»\n}\n'),
    ("no resource", "main.tf", MULTI, '«module "m"» {\n}\n'),
    ("a type without the attribute", "main.tf", MULTI, '«resource "aws_kms_key" "k"» {\n}\n'),
    ("a function", "t.yaml", MULTI, TEMPLATE + "      IsMultiRegionTrail: «!If [A, true, false]»\n"),
    ("a selector's argument outside of one", "main.tf", WRITES, TRAIL.replace("resource", "«resource") + "»}\n"),
    ("the same in JSON", "m.tf.json", WRITES, '{"resource": {"aws_cloudtrail": {"this": «{"name": "x"}»}}}'),
    ("the same in YAML", "t.yaml", WRITES, NAMED + "      IsLogging: true\n"),
    ("one of two objects", "main.tf", WRITES, TRAIL + '  event_selector = «[{ read_write_type = "a" }, {}]»\n}\n'),
    ("a downloaded module", ".terraform/m.tf", MULTI, TRAIL + "  is_multi_region_trail = «false»\n}\n"),
    ("a broken file", "main.tf", MULTI, '«resource "aws_cloudtrail" "this"» {\n'),
    ("an embedded template", "t.yaml", MULTI, TEMPLATE.replace("Trail::Trail", "Formation::Stack") + "      X: «y»\n"),
    ("an aliased value", "t.yaml", MULTI, TEMPLATE + "      IsLogging: &f «false»\n      IsMultiRegionTrail: *f\n"),
    ("two of one anchor", "t.yaml", MULTI, NAMED[:-1] + " &x\n      A: b\n  Other:\n    Properties: *x\n"),
    ("a multi-line ending", "t.yaml", SUFFIX, TEMPLATE + "      CloudWatchLogsLogGroupArn: «!Sub |\n        a»\n"),
    ("an intrinsic ending", "t.yaml", SUFFIX, TEMPLATE + "      CloudWatchLogsLogGroupArn: «!GetAtt A.Arn»\n"),
    ("an anchor's mapping", "t.yaml", MULTI, "X: &x\n  A: b\n" + NAMED[:-1] + " *x\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "repair", "text"), ALONE, ids=[case[0] for case in ALONE])
def test_no_fix(name: str, file: str, repair: Repair, text: str, tmp_path: Path) -> None:
    assert proposed(tmp_path, {file: text}, repair) is None


def test_no_fix_behind_an_expression(tmp_path: Path) -> None:
    """`local.multi` is `!var.single`: to change the variable's default to true would keep the trail in one Region."""
    texts = {
        "main.tf": TRAIL + "  is_multi_region_trail = «local.multi»\n}\n",
        "locals.tf": "locals {\n  multi = «!var.single»\n}\n",
        "variables.tf": 'variable "single" {\n  default = «true»\n}\n',
    }
    assert proposed(tmp_path, texts, MULTI) is None
