"""Microsoft's SARIF Multitool has no complaint about our SARIF: neither its own rules nor those of GitHub.

It is a 44 MB npm package that needs no network once it is there; pytest's cache directory keeps it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.model.rule import Rule
from checkov_cloudtrail.report import sarif

PACKAGE = "@microsoft/sarif-multitool-linux@5.7.0"
# Advice that does not fit: no network to try links with, no snippets of the user's code in a file that is uploaded,
# no revision (the CI service knows it), no page of our own to name.
ADVICE = {"SARIF2002", "SARIF2003", "SARIF2005", "SARIF2006", "SARIF2010", "SARIF2011", "SARIF2012"}


@pytest.fixture(scope="session")
def multitool(pytestconfig: pytest.Config) -> Path:
    cache = pytestconfig.cache
    npm = shutil.which("npm")
    if cache is None or npm is None:
        pytest.skip("npm is not here to fetch the SARIF Multitool")
    directory = cache.mkdir("sarif-multitool-5.7.0")
    tool = directory / "package" / "Sarif.Multitool"
    if not tool.exists():
        fetched = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=directory, capture_output=True, check=False)
        archives = list(directory.glob("*.tgz"))
        if fetched.returncode != 0 or not archives:
            pytest.skip("the SARIF Multitool could not be fetched from the npm registry")
        with tarfile.open(archives[0]) as archive:
            archive.extractall(directory, filter="data")
        archives[0].unlink()
        tool.chmod(0o755)
    return tool


@pytest.mark.parametrize("strict_unknown", [False, True])
def test_no_complaint(
    strict_unknown: bool, multitool: Path, report: Report, rules: tuple[Rule, ...], tmp_path: Path
) -> None:
    written = tmp_path / "written.sarif"
    written.write_text(sarif.render(report, rules=rules, prefix="infra/prod", strict_unknown=strict_unknown))
    answer = tmp_path / "answer.sarif"
    options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--log", "ForceOverwrite"]
    subprocess.run([multitool, "validate", written, "--output", answer, *options], capture_output=True, check=True)
    run = json.loads(answer.read_text())["runs"][0]
    assert run["invocations"][0]["executionSuccessful"]
    complaints = [r for r in run["results"] if r["ruleId"] not in ADVICE or r.get("level") == "error"]
    assert complaints == []
