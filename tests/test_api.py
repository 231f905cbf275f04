"""The one door: whole analyses of trees on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkov_cloudtrail import api
from checkov_cloudtrail.api import Session, analyse
from checkov_cloudtrail.files import DiskFiles, OverlayFiles
from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.options import Options

BAD = 'resource "aws_cloudtrail" "bad" {\n  name           = "bad"\n  s3_bucket_name = "logs"\n}\n'
MODULE = BAD + 'variable "multi" {\n  default = false\n}\n'
PARENT = (
    "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
    "      TemplateURL: child.yaml\n      Parameters:\n        Multi: true\n"
)
CHILD = (
    "Parameters:\n  Multi:\n    Type: String\n    Default: false\n"
    "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n"
    "      IsLogging: true\n      S3BucketName: logs\n      IsMultiRegionTrail: !Ref Multi\n"
)
ONE = Options(select=("CT002",))


def lay(folder: Path, **tree: str) -> DiskFiles:
    for name, text in tree.items():
        path = folder / name.replace("__", "/").replace("_tf", ".tf").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return DiskFiles(folder)


def seen(report: Report) -> list[tuple[str, str, str]]:
    return [(result.deployment, result.resource, result.verdict.value) for result in report.results]


def test_a_broken_file_is_an_error_and_the_rest_is_judged(tmp_path: Path) -> None:
    files = lay(tmp_path, a__main_tf=BAD, b__main_tf=BAD, b__broken_tf='resource "aws_cloudtrail" {\n', c__main_tf=BAD)
    report = analyse(["."], ONE, files)
    assert [error.file for error in report.errors] == ["b/broken.tf"]
    assert {result.deployment for result in report.results} >= {"a", "c"}


def test_only_what_lies_in_named_files_is_reported(tmp_path: Path) -> None:
    files = lay(tmp_path, main_tf=BAD, other_tf=BAD.replace("bad", "other"))
    report = analyse(["other.tf"], ONE, files)
    assert seen(report) == [(".", "aws_cloudtrail.other", "fail")]
    assert [trail.address for judgement in report.judgements for trail in judgement.trails] == ["aws_cloudtrail.other"]


def test_a_named_module_file_is_reported_for_each_root(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "../m"\n}\n'
    files = lay(tmp_path, dev__main_tf=call, prod__main_tf=call, m__main_tf=BAD)
    assert seen(analyse(["m/main.tf"], ONE, files)) == [
        ("dev", "module.m.aws_cloudtrail.bad", "fail"),
        ("prod", "module.m.aws_cloudtrail.bad", "fail"),
    ]


def test_a_named_variable_file_reports_what_it_decides(tmp_path: Path) -> None:
    source = BAD.replace("\n}", "\n  is_multi_region_trail = var.multi\n}") + 'variable "multi" {}\n'
    files = lay(tmp_path, main_tf=source)
    (tmp_path / "terraform.tfvars").write_text("multi = false\n", encoding="utf-8")
    assert seen(analyse(["terraform.tfvars"], ONE, files)) == [(".", "aws_cloudtrail.bad", "fail")]


def test_a_nested_template_is_judged_with_its_parents_parameters(tmp_path: Path) -> None:
    files = lay(tmp_path, parent_yaml=PARENT, child_yaml=CHILD)
    assert seen(analyse(["."], ONE, files)) == [("parent.yaml", "Child/Trail", "pass")]
    assert seen(analyse(["child.yaml"], ONE, files)) == [("child.yaml", "Trail", "fail")]
    assert seen(analyse(["parent.yaml"], ONE, files)) == [("parent.yaml", "Child/Trail", "pass")]


def test_processes_find_the_same(tmp_path: Path) -> None:
    files = lay(tmp_path, a__main_tf=BAD, b__main_tf=BAD, c_yaml=CHILD, d__main_tf="resource {\n# cloudtrail")
    alone = analyse(["."], Options(profile="all"), files)
    together = analyse(["."], Options(profile="all", jobs=2), files)
    assert together == alone


def test_sources_are_the_texts_that_findings_point_into(tmp_path: Path) -> None:
    report = analyse(["."], ONE, lay(tmp_path, main_tf=BAD, other_tf='variable "x" {}\n'))
    assert report.sources == {"main.tf": BAD}


def test_a_session_sees_changed_text(tmp_path: Path) -> None:
    files = lay(tmp_path, main_tf=BAD)
    session = Session()
    good = BAD.replace("\n}", "\n  is_multi_region_trail = true\n}")
    assert seen(session.analyse(["."], ONE, files)) == [(".", "aws_cloudtrail.bad", "fail")]
    overlay = OverlayFiles(files, {"main.tf": good.encode()})
    assert seen(session.analyse(["."], ONE, overlay)) == [(".", "aws_cloudtrail.bad", "pass")]


def test_a_loader_that_breaks_is_an_error_of_its_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from checkov_cloudtrail.cloudformation import template

    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(template, "load", broken)
    report = analyse(["."], ONE, lay(tmp_path, a__main_tf=BAD, b_yaml=CHILD))
    assert [(error.file, error.message) for error in report.errors] == [
        ("b.yaml", "internal error: ZeroDivisionError: oops; please report this")
    ]
    assert seen(report) == [("a", "aws_cloudtrail.bad", "fail")]


def test_selected_names_the_rules_of_a_profile() -> None:
    assert api.selected(Options(profile="control")) == ("CT001",)


def test_an_undecided_block_names_what_would_decide_it(tmp_path: Path) -> None:
    block = '\n  dynamic "event_selector" {\n    for_each = var.quiet ? [1] : []\n    content {\n'
    block += '      read_write_type = "WriteOnly"\n    }\n  }\n}'
    source = BAD.replace("\n}", block) + 'variable "quiet" {}\n'
    (result,) = analyse(["."], Options(select=("CT005",)), lay(tmp_path, main_tf=source)).results
    assert (result.verdict.value, result.range.line) == ("unknown", 5)
    assert result.message.endswith("it cannot be told which selectors are there: var.quiet has no value")


def test_what_is_broken_but_not_needed_is_the_same_in_a_session(tmp_path: Path) -> None:
    """Only blocks that are needed are parsed; a session must not go on about one that was needed before."""
    disk = lay(tmp_path, main_tf=BAD, broken_tf='variable "multi" {\n  default = true false\n}\n')
    text = BAD.replace("\n}", "\n  is_multi_region_trail = var.multi\n}").encode()
    session = Session()
    assert session.analyse(["main.tf"], ONE, OverlayFiles(disk, {"main.tf": text})).errors
    session.changed("main.tf")
    later = session.analyse(["main.tf"], ONE, OverlayFiles(disk, {"main.tf": BAD.encode()}))
    assert later.errors == analyse(["main.tf"], ONE, disk).errors
