"""Projects as people write them, judged whole. `python tests/test_projects.py` writes what is expected anew."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECTS = Path(__file__).parents[1] / "fixtures" / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())

# Texts, fingerprints and fixes have tests of their own; what is left changes only with a verdict or a place.
STABLE = ("rule", "verdict", "level", "resource", "deployment", "file", "line", "column", "end_line", "end_column")


def stable(report: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a JSON report what may change without being wrong."""
    kept = {key: report[key] for key in ("schema_version", "deployments", "errors", "summary")}
    return kept | {"results": [{key: result[key] for key in STABLE} for result in report["results"]]}


def judge(name: str) -> dict[str, Any]:
    """Run the real command on a project."""
    command = [sys.executable, "-m", "checkov_cloudtrail", "check", name, "--format", "json", "--exit-zero"]
    done = subprocess.run(command, cwd=PROJECTS, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return stable(json.loads(done.stdout))


@pytest.mark.parametrize("name", NAMES)
def test_project(name: str) -> None:
    assert judge(name) == json.loads((PROJECTS / name / "expected.json").read_text(encoding="utf-8"))


def test_the_demo_shows_all_three_answers() -> None:
    done = subprocess.run(
        ["sh", "demo.sh"],
        cwd=PROJECTS,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
    )
    assert {line.split()[0] for line in done.stdout.splitlines() if line.startswith(("PASS", "FAIL", "UNKNOWN"))} == {
        "PASS",
        "FAIL",
        "UNKNOWN",
    }
    assert done.stderr == ""


@pytest.mark.skipif(shutil.which("terraform") is None, reason="needs terraform on the PATH")
def test_terraform_fmt_changes_nothing() -> None:
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "."], cwd=PROJECTS, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def main() -> None:
    """Write every `expected.json`; read the difference before it is committed."""
    for name in NAMES:
        text = json.dumps(judge(name), indent=2) + "\n"
        (PROJECTS / name / "expected.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
