"""Hostile configurations end soon, with a reason, and take nothing else with them.

Each case has a good trail beside the bad value. Nothing is timed here: what would not end runs into pytest's timeout.
"""

import os
from pathlib import Path

import pytest

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.values import Known, Unknown
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform.root import ParseCache, load

pytestmark = pytest.mark.timeout(20)

TRAILS = """
resource "aws_cloudtrail" "good" {{
  name                  = "good"
  s3_bucket_name        = "b"
  is_multi_region_trail = true
}}
resource "aws_cloudtrail" "bad" {{
  name                  = "bad"
  s3_bucket_name        = "b"
  is_multi_region_trail = {value}
}}
"""


def doubling(first: str, step: str, times: int = 30) -> str:
    """Locals of which each one holds the one before twice."""
    lines = [f"  a0 = {first}", *(f"  a{n + 1} = {step.replace('_', f'local.a{n}')}" for n in range(times))]
    return 'variable "x" {}\nlocals {\n' + "\n".join(lines) + "\n}\n"


VALUES = {
    "text that doubles": (doubling('"xy"', '"${_}${_}"'), 'local.a30 == ""', "characters"),
    "list that doubles": (doubling('["x"]', "concat(_, _)"), "length(local.a30) == 1", "steps"),
    "nested list that doubles": (doubling('["x"]', "[_, _]"), 'jsonencode(local.a30) == ""', "elements"),
    "nested unknown that doubles": (doubling("[var.x]", "[_, _]"), 'jsonencode(local.a30) == ""', "elements"),
    "conditional that doubles": (
        doubling("{ a = 1 }", "var.x ? { a = _, b = _ } : { a = _, b = _ }"),
        "local.a30.a == 1",
        "not evaluated",
    ),
    "loop in a loop": ("", "length([for i in range(1000) : [for j in range(1000) : i]]) == 1", "not evaluated"),
    "product": ("", "length(setproduct(range(1000), range(1000))) == 1", "steps"),
    "chain of locals": (doubling("1", "_", 3000), "local.a3000 == 2", "nested too deeply"),
    "local of itself": ("locals {\n  a = local.b\n  b = local.a\n}\n", "local.a", "depends on itself"),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_without_end_is_unknown(name: str, tmp_path: Path) -> None:
    before, value, reason = VALUES[name]
    (tmp_path / "main.tf").write_text(before + TRAILS.format(value=value))

    result = load(".", DiskFiles(base=tmp_path, boundary=tmp_path), Options(), ParseCache())

    assert result.deployment is not None
    assert not result.errors
    (case, *_) = result.deployment.cases
    good, bad = case.trails
    assert isinstance(good.multi_region, Known)
    assert isinstance(bad.multi_region, Unknown)
    assert reason in bad.multi_region.because


ENDING = {
    "large number": "pow(10, 10000000) > 1",
    "regular expression that backtracks": f'can(regex("^(a+)+$", "{"a" * 40}!"))',
    "long sum": "+".join(["1"] * 1500) + " > 0",
}


@pytest.mark.parametrize("value", ENDING.values(), ids=ENDING)
def test_a_value_with_an_end_is_known(value: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TRAILS.format(value=value))

    result = load(".", DiskFiles(base=tmp_path, boundary=tmp_path), Options(), ParseCache())

    assert result.deployment is not None
    assert all(isinstance(trail.multi_region, Known) for trail in result.deployment.cases[0].trails)


TEXTS = {
    "parentheses": (
        "locals {\n  a = " + "(" * 200_000 + "1" + ")" * 200_000 + "\n}\n",
        "nested more than 100 levels deep",
    ),
    "brackets": ("locals {\n  a = " + "[" * 200_000, "nested more than 100 levels deep"),
    "blocks": ("a {\n" * 20_000, "nested more than 100 levels deep"),
    "interpolations": ("locals {\n  a = " + '"${' * 20_000, "nested more than 100 levels deep"),
    "heredocs": ("locals {\n  a = <<EOT\n" * 20_000, "this heredoc is never closed"),
    "operators": ("locals {\n  a = " + "+".join(["1"] * 100_000) + "\n}\n", "too many operators"),
    "negations": ("locals {\n  a = " + "!" * 100_000 + "true\n}\n", "too many operators"),
    "comment": ("/* " * 100_000, "this comment is never closed"),
    "digits": ("locals {\n  a = " + "9" * 100_000 + "\n}\n", "digits"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_without_end_is_an_error(name: str, tmp_path: Path) -> None:
    text, reason = TEXTS[name]
    (tmp_path / "main.tf").write_text(TRAILS.format(value="true"))
    (tmp_path / "bad.tf").write_text(text)

    result = load(".", DiskFiles(base=tmp_path, boundary=tmp_path), Options(), ParseCache())

    (error,) = result.errors
    assert (error.file, reason in error.message) == ("bad.tf", True)
    assert result.deployment is not None
    assert len(result.deployment.cases[0].trails) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "main.tf")
    (tmp_path / "good.tf").write_text(TRAILS.format(value="true"))

    result = load(".", DiskFiles(base=tmp_path, boundary=tmp_path), Options(), ParseCache())

    assert [(error.file, error.message) for error in result.errors] == [
        ("main.tf", "cannot be read: not a regular file")
    ]


def test_too_many_instances(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_cloudtrail" "t" {\n  count = 200000\n}\n')

    result = load(".", DiskFiles(base=tmp_path, boundary=tmp_path), Options(), ParseCache())

    assert result.deployment is not None
    (trail,) = result.deployment.cases[0].trails
    assert isinstance(trail.exists, Unknown)
    assert "200000" in trail.exists.because


@pytest.mark.parametrize("count", [900, 3])
def test_too_many_modules(count: int, tmp_path: Path) -> None:
    for level in range(12):
        directory = tmp_path / f"m{level}" if level else tmp_path
        directory.mkdir(exist_ok=True)
        source = f"./m{level + 1}" if not level else f"../m{level + 1}"
        (directory / "main.tf").write_text(
            f'# cloudtrail\nmodule "x" {{\n  source = "{source}"\n  count = {count}\n}}\n'
        )
    (tmp_path / "good.tf").write_text(TRAILS.format(value="true"))

    result = load(".", DiskFiles(base=tmp_path, boundary=tmp_path), Options(), ParseCache())

    assert result.deployment is not None
    (case,) = result.deployment.cases
    assert len(case.trails) == 2
    assert [part.because for part in case.unseen] == ["more than 3000 module instances are not looked at"]


def test_too_many_blocks(tmp_path: Path) -> None:
    text = """
    resource "aws_cloudtrail" "t" {
      dynamic "event_selector" {
        for_each = range(1000)
        content {
          dynamic "data_resource" {
            for_each = range(1000)
            content {
              type = "x"
            }
          }
        }
      }
    }
    """
    (tmp_path / "main.tf").write_text(text)

    result = load(".", DiskFiles(base=tmp_path, boundary=tmp_path), Options(), ParseCache())

    assert result.deployment is not None
    (trail,) = result.deployment.cases[0].trails
    assert trail.event_selectors.unknown is not None
    assert "'event_selector' is not written out" in trail.event_selectors.unknown.because
