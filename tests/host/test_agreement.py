"""The same verdicts from `check`, from plain checkov, and from `checkov-cloudtrail checkov`, for every fixture."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from checkov_runs import FRAMEWORKS, Row, Terminal

from checkov_cloudtrail import api
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.deployment import Framework
from checkov_cloudtrail.model.rule import Level, Verdict
from checkov_cloudtrail.options import Options

FIXTURES = Path(__file__).parents[2] / "fixtures"
SHOWN = {Verdict.PASS: "PASSED", Verdict.FAIL: "FAILED", Verdict.SKIPPED: "SKIPPED", Verdict.UNKNOWN: "UNKNOWN"}
# Where several results share a row of checkov's, it shows the worst.
WORST_FIRST = ("FAILED", "UNKNOWN", "SKIPPED", "PASSED")


@pytest.fixture
def fixtures(tmp_path: Path) -> Terminal:
    for folder in ("rules", "projects", "plans"):
        shutil.copytree(FIXTURES / folder, tmp_path / folder)
    (tmp_path / "checkov-cloudtrail.toml").write_text('profile = "all"\n')
    return Terminal(tmp_path)


def engine(directory: Path) -> dict[Row, list[str]]:
    """The engine's verdicts, by what checkov calls the resource."""
    found: dict[Row, list[str]] = {}
    report = api.analyse(["."], Options(profile="all"), DiskFiles(directory))
    assert report.errors == ()
    for judgement in report.judgements:
        resources = judgement.deployment.resources
        for result in judgement.results:
            resource = resources.get(result.resource)
            name, file = result.resource, resource.block.file if resource else result.range.file
            if resource and result.framework is Framework.CLOUDFORMATION:
                name = f"{resource.type}.{name.rpartition('/')[2]}"
            shown = SHOWN[result.verdict]
            if (result.verdict, result.level) == (Verdict.FAIL, Level.NOTE):
                shown = "PASSED"
            found.setdefault((result.rule, file, name), []).append(shown)
    return found


def expected(verdicts: dict[Row, list[str]], rows: dict[Row, str]) -> dict[Row, str]:
    """What checkov has to show: it leaves the keys of instances out where it cannot tell how many there are."""
    merged: dict[Row, list[str]] = {}
    known = {row[1:] for row in rows}
    for (rule, file, name), outcomes in verdicts.items():
        bare = next((each for each in shorter(name) if (file, each) in known), name)
        merged.setdefault((rule, file, bare), []).extend(outcomes)
    worst = {row: min(outcomes, key=WORST_FIRST.index) for row, outcomes in merged.items()}
    return {row: outcome for row, outcome in worst.items() if outcome != "UNKNOWN"}


def shorter(name: str) -> list[str]:
    """The address, and what is left of it with fewer and fewer keys, the outermost first."""
    names = [name]
    while (short := re.sub(r"\[[^\]]*\]", "", names[-1], count=1)) != names[-1]:
        names.append(short)
    return names


@pytest.mark.timeout(400)
@pytest.mark.parametrize("ours", [False, True], ids=["plain checkov", "checkov-cloudtrail checkov"])
def test_same_verdicts(ours: bool, fixtures: Terminal) -> None:
    arguments = ("--directory", ".", "--output", "json", *FRAMEWORKS)
    run = fixtures.ours(*arguments) if ours else fixtures.plain(*arguments, "--check", "CT0*")
    rows = run.rows
    assert len(rows) > 5_000
    assert rows == expected(engine(fixtures.directory), rows)
    assert run.code == 1
    if ours:
        # An account without a trail and without a provider block is nothing that checkov could ask about.
        unseen = [line for line in run.stderr.splitlines() if "checkov does not know" in line]
        assert [line.split()[1] for line in unseen] == ["aws.default"]
