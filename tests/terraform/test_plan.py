"""Plans: one written by hand exactly in the shape of `terraform show -json`, others made by the real terraform."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.deployment import Case, Deployment
from checkov_cloudtrail.model.location import UnreadableError
from checkov_cloudtrail.model.rule import Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known, Unknown
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform import plan
from checkov_cloudtrail.terraform.plan_configuration import modules_of, steps

AUDIT = Path(__file__).parents[2] / "fixtures" / "plans" / "audit"
terraform = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")


def load(directory: Path, name: str = "plan.json", source: str | None = None) -> Deployment:
    loaded = plan.load(name, DiskFiles(directory, directory), Options(source=source))
    assert loaded.errors == ()
    assert loaded.deployment is not None
    return loaded.deployment


def trails(deployment: Deployment) -> dict[str, Trail]:
    (case,) = deployment.cases
    return {trail.address: trail for trail in case.trails}


def test_planned_values_and_what_is_known_after_apply() -> None:
    found = trails(load(AUDIT))
    assert sorted(found) == [
        "aws_cloudtrail.stopped",
        'module.trail["data"].aws_cloudtrail.this',
        'module.trail["main"].aws_cloudtrail.this',
    ]
    main = found['module.trail["main"].aws_cloudtrail.this']
    assert isinstance(main.multi_region, Known)
    assert main.multi_region.value is True
    assert isinstance(main.kms_key, Unknown)
    assert main.kms_key.present
    assert "known after apply" in main.kms_key.because
    stopped = found["aws_cloudtrail.stopped"]
    assert isinstance(stopped.logging, Known)
    assert stopped.logging.value is False


def test_references_lead_through_module_arguments_to_the_neighbours() -> None:
    (case,) = load(AUDIT).cases
    main = next(trail for trail in case.trails if '"main"' in trail.address)
    assert main.links.bucket is not None
    assert main.links.bucket.address == "aws_s3_bucket.logs"
    assert main.links.key is not None
    assert main.links.key.address == "aws_kms_key.logs"
    assert _addresses(case) == {"aws_s3_bucket.logs", "aws_kms_key.logs"}


def _addresses(case: Case) -> set[str]:
    return {one.address for one in (*case.neighbours.buckets, *case.neighbours.keys)}


def test_accounts_come_from_the_providers() -> None:
    deployment = load(AUDIT)
    assert {scope.key for scope in deployment.scopes} == {"default", "111122223333"}
    assert {trail.scope for trail in trails(deployment).values()} == {"default", "111122223333"}


@pytest.mark.parametrize("name", ["plan.json", "pretty.json"])
def test_findings_point_into_the_plan(name: str) -> None:
    place = trails(load(AUDIT, name))["aws_cloudtrail.stopped"].logging.origin.range
    text = (AUDIT / name).read_text(encoding="utf-8")
    assert text.encode()[place.start_byte : place.end_byte] == b"false"
    assert text.splitlines()[place.line - 1][place.column - 1 :].startswith("false")


def test_findings_point_into_the_source_when_it_is_at_hand() -> None:
    found = trails(load(AUDIT, source="."))
    stopped = found["aws_cloudtrail.stopped"]
    assert (stopped.logging.origin.range.file, stopped.logging.origin.range.line) == ("main.tf", 35)
    assert [(skip.rule, skip.reason) for skip in stopped.skips] == [("CT003", "replaced by the organization trail")]
    main = found['module.trail["main"].aws_cloudtrail.this'].multi_region.origin.range
    assert (main.file, main.line, main.column) == ("modules/trail/main.tf", 17, 32)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("no JSON", '{"format_version": "1.2", "planned_values": {', "is not valid JSON"),
        ("an old format", '{"format_version": "0.1", "planned_values": {}}', "is a plan of format 0.1; 1.x is read"),
        ("no plan", '{"format_version": "1.2", "planned_values": []}', "is not a plan"),
        ("deep", '{"planned_values":' + "[" * 200_000, "is nested too deeply"),
    ],
)
def test_bad_plans(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match=message):
        load(tmp_path)


@pytest.mark.parametrize(
    ("address", "parts", "modules"),
    [
        ("aws_x.y", ("aws_x", "y"), ()),
        (
            'module.a["b.c"].module.d[0].aws_x.y[1]',
            ("module", 'a["b.c"]', "module", "d[0]", "aws_x", "y[1]"),
            ('a["b.c"]', "d[0]"),
        ),
        ('module.a["]"]', ("module", 'a["]"]'), ('a["]"]',)),
    ],
)
def test_addresses(address: str, parts: tuple[str, ...], modules: tuple[str, ...]) -> None:
    assert steps(address) == parts
    assert modules_of(address) == modules


@terraform
def test_a_plan_of_the_real_terraform(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(
        'variable "id" {}\nresource "terraform_data" "c" {\n  input = { key = var.id, list = [var.id, 1] }\n}\n'
    )
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "a" {\n  count = 2\n  input = count.index\n}\n'
        'module "m" {\n  source   = "./m"\n  for_each = toset(["eu.1"])\n  id       = terraform_data.a[1].id\n}\n'
    )

    def run(*arguments: str) -> str:
        done = subprocess.run(["terraform", *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    run("init", "-input=false")
    run("plan", "-input=false", "-out=plan.bin")
    text = run("show", "-json", "plan.bin")
    document = json.loads(text)
    assert plan.is_plan(text.encode())
    configuration = plan.Configuration(document)
    planned = plan.Planned(document, configuration, plan.plan_places.PlanText("plan.json", text))
    inner = next(one for one in planned.resources("terraform_data") if "module" in one.address)
    assert inner.address == 'module.m["eu.1"].terraform_data.c'
    assert inner.depends_on == {"terraform_data.a[1]"}
    given = inner.attributes["input"]
    assert isinstance(given, Known)
    assert isinstance(given.value, Mapping)
    assert isinstance(given.value["key"], Unknown)
    assert given.value["key"].present
    first = next(one for one in planned.resources("terraform_data") if one.address == "terraform_data.a[1]")
    assert isinstance(first.attributes["input"], Known)
    assert first.attributes["input"].value == 1


def test_findings_and_skips_through_the_engine() -> None:
    report = analyse(["plan.json"], Options(source="."), DiskFiles(AUDIT, AUDIT))
    failed = {
        (result.rule, result.resource, result.range.file, result.range.line)
        for result in report.results
        if result.verdict is Verdict.FAIL
    }
    data = 'module.trail["data"].aws_cloudtrail.this'
    assert failed == {
        ("CT001", "aws_cloudtrail.stopped", "main.tf", 35),
        ("CT002", "aws_cloudtrail.stopped", "main.tf", 31),
        ("CT002", data, "modules/trail/main.tf", 17),
        ("CT004", "aws_cloudtrail.stopped", "main.tf", 31),
        ("CT008", "aws_cloudtrail.stopped", "main.tf", 5),
        ("CT008", data, "main.tf", 1),
        ("CT046", "aws_s3_bucket.logs", "main.tf", 14),
        ("CT051", "aws_kms_key.logs", "main.tf", 18),
    }
    skipped = [result.rule for result in report.results if result.verdict is Verdict.SKIPPED]
    assert skipped == ["CT003"]
