"""The selector algebra, put to the truth table without any language in between."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import Coverage

HERE = Path(__file__).parent
TABLE = json.loads((HERE.parents[1] / "fixtures/truth-table/trails.json").read_text())


def _shapes() -> Any:
    spec = importlib.util.spec_from_file_location("api_shapes", HERE / "api_shapes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


shapes = _shapes()


def seen(found: Coverage) -> dict[str, Any]:
    management = found.management
    return {
        "valid": not found.errors,
        "errors": sorted({error.code for error in found.errors}),
        "management": {
            "read": management.read.value,
            "write": management.write.value,
            "excluded_sources": list(management.excluded_sources),
            "unknown_sources": list(management.unknown_sources),
        },
        "warnings": sorted({warning.code for warning in found.warnings}),
        "data": {
            kind: {"read": span.read.value, "write": span.write.value}
            | ({"deselect_only": True} if span.deselect_only else {})
            for kind, span in found.data.items()
        },
    }


@pytest.mark.parametrize("case", TABLE["selector_cases"], ids=lambda case: case["id"])
def test_truth_table(case: dict[str, Any]) -> None:
    make = shapes.store if case["kind"] == "eds" else shapes.trail
    found = seen(coverage(make(case["input"])))
    assert {key: found[key] for key in case["expected"]} == case["expected"], case["title"]
