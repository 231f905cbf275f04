"""Expressions as the real `terraform console` has them, judged where they matter: as an argument of a trail."""

import json
from pathlib import Path
from typing import Any

import pytest

from checkov_cloudtrail.files import DiskFiles, OverlayFiles
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Absent, Known, Unknown
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform.root import load
from checkov_cloudtrail.terraform.syntax import ParseCache

ORACLE = Path(__file__).parents[2] / "fixtures" / "oracle"
CASES = json.loads((ORACLE / "terraform-expressions.json").read_text(encoding="utf-8"))
TRAIL = """
resource "aws_cloudtrail" "{id}" {{
  name                  = "{id}"
  s3_bucket_name        = "b"
  is_multi_region_trail = {expr}
}}
"""
# Terraform waits for the apply although nothing can change the answer.
DECIDED = {"e149": True, "e152": True}


@pytest.fixture(scope="module")
def trails() -> dict[str, Trail]:
    text = "".join(TRAIL.format(**case) for case in CASES)
    files = OverlayFiles(DiskFiles(ORACLE / "terraform-root"), {"trails.tf": text.encode()})
    loaded = load(".", files, Options(), ParseCache())
    assert loaded.errors == ()
    assert loaded.deployment is not None
    (case,) = loaded.deployment.cases
    return {trail.address.removeprefix("aws_cloudtrail."): trail for trail in case.trails}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']} {case['expr']}" for case in CASES])
def test_expression(case: dict[str, Any], trails: dict[str, Trail]) -> None:
    expected = DECIDED.get(case["id"], case["as_bool"])
    match trails[case["id"]].multi_region:
        case Known(value):
            assert value is expected
        case Absent():
            assert expected is None
        case Unknown(because):
            assert expected == "unknown"
            assert because
