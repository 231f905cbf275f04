"""The GitHub Action and the GitLab template: valid, and their shell does what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
TEMPLATE: dict[str, Any] = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text())
COMMAND = Path(sys.executable).parent / "checkov-cloudtrail"


def step(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in ACTION["runs"]["steps"] if step["name"] == name)
    return found


@dataclass
class Runner:
    """What a runner gives to a step, and what the step leaves there."""

    temp: Path
    workspace: Path
    log: str = ""
    code: int = 0
    outputs: dict[str, str] = field(default_factory=dict)

    def run(self, name: str, **inputs: str) -> None:
        """Run the shell of a step as the runner does, with the inputs' defaults."""
        values = {key: str(value["default"]) for key, value in ACTION["inputs"].items()} | {
            key.replace("_", "-"): value for key, value in inputs.items()
        }
        environment = os.environ | {"RUNNER_TEMP": str(self.temp), "GITHUB_ACTION_PATH": str(ROOT)}
        for file in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            environment[file] = str(self.temp / file)
            (self.temp / file).touch()
        for variable, expression in step(name)["env"].items():
            key = expression.removeprefix("${{ inputs.").removesuffix(" }}")
            environment[variable] = values[key]
        script = self.temp / "script.sh"
        script.write_text(step(name)["run"])
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        done = subprocess.run(command, cwd=self.workspace, env=environment, capture_output=True, text=True, check=False)
        self.log, self.code = done.stdout + done.stderr, done.returncode
        lines = (self.temp / "GITHUB_OUTPUT").read_text().splitlines()
        self.outputs = dict(line.split("=", 1) for line in lines)

    @property
    def summary(self) -> str:
        return (self.temp / "GITHUB_STEP_SUMMARY").read_text()

    @property
    def sarif(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(Path(self.outputs["sarif-file"]).read_text())["runs"][0]
        return read

    @property
    def places(self) -> set[str]:
        """Where the results of the SARIF report are."""
        locations = [result["locations"][0]["physicalLocation"] for result in self.sarif["results"]]
        return {location["artifactLocation"]["uri"] for location in locations}


@pytest.fixture
def runner(tmp_path: Path, repository: Any) -> Runner:
    """A runner on which the step before has installed the command."""
    temp = tmp_path / "runner temp"
    (temp / "checkov-cloudtrail" / "bin").mkdir(parents=True)
    (temp / "checkov-cloudtrail" / "bin" / "checkov-cloudtrail").symlink_to(COMMAND)
    return Runner(temp, repository.path)


def test_findings_are_annotated_and_summarised(runner: Runner, repository: Any, bad: str) -> None:
    repository.commit({"infra/main.tf": bad})
    runner.run("Check")
    assert runner.code == 0, "the last step fails the job, after the upload"
    assert runner.outputs["exit-code"] == "1"
    assert "::error file=infra/main.tf,line=4,endLine=4,title=CT002 single-region-trail," in runner.log
    assert "CT002 single-region-trail" in runner.summary
    assert "CT002" in {result["ruleId"] for result in runner.sarif["results"]}


def test_nothing_found(runner: Runner, repository: Any, good: str) -> None:
    repository.commit({"main.tf": good})
    runner.run("Check")
    assert runner.outputs["exit-code"] == "0"
    assert "::error" not in runner.log
    assert runner.sarif["results"] == []


def test_code_scanning_instead_of_annotations(runner: Runner, repository: Any, bad: str) -> None:
    repository.commit({"main.tf": bad})
    runner.run("Check", upload_sarif="true", summary="false")
    assert "::error" not in runner.log
    assert "error[CT002]" in runner.log
    assert runner.summary == ""


def test_inputs_are_options_and_paths_never_code(runner: Runner, repository: Any, bad: str) -> None:
    repository.commit({"a b/main.tf": bad, "$(touch evil)/main.tf": bad, "other/main.tf": bad, "--help/main.tf": bad})
    runner.run("Check", paths="a b\n\n$(touch evil)\n--help\n", profile="all", fail_on="never")
    assert runner.places == {"a%20b/main.tf", "%24%28touch%20evil%29/main.tf", "--help/main.tf"}
    assert runner.outputs["exit-code"] == "0"
    assert not (repository.path / "evil").exists()


def test_bad_input_says_so(runner: Runner, repository: Any, good: str) -> None:
    repository.commit({"main.tf": good})
    runner.run("Check", profile="nonsense; echo evil")
    assert runner.outputs == {"exit-code": "2"}
    assert "there is no profile 'nonsense; echo evil'" in runner.log


def test_only_what_a_pull_request_made_worse(
    runner: Runner, repository: Any, good: str, bad: str, tmp_path: Path
) -> None:
    base = repository.commit({"main.tf": good, "old/main.tf": bad})
    repository.commit({"main.tf": bad})
    clone = tmp_path / "clone"
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repository.git("clone", "-q", "--depth=1", repository.path.as_uri(), str(clone))
    runner.workspace = clone
    runner.run("Check", since=base)
    assert runner.places == {"main.tf"}
    assert "stopped being multi-Region" in runner.summary
    assert runner.outputs["exit-code"] == "1"


@pytest.mark.parametrize("code", ["0", "1", "2"])
def test_the_last_step_fails_the_job(code: str) -> None:
    environment = os.environ | {"CHECKOV_CLOUDTRAIL_EXIT_CODE": code}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", step("Result")["run"]], env=environment, check=False)
    assert done.returncode == int(code)


def test_no_input_is_written_into_a_script() -> None:
    assert not [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")]


def test_gitlab(repository: Any, bad: str, tmp_path: Path) -> None:
    repository.commit({"main.tf": bad})
    job = TEMPLATE["checkov-cloudtrail"]
    script = job["script"][-1].replace("/tmp/checkov-cloudtrail/bin/checkov-cloudtrail", str(COMMAND))
    environment = os.environ | job["variables"] | {"CHECKOV_CLOUDTRAIL_OPTIONS": "--profile cis --fail-on never"}
    subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=repository.path, env=environment, check=True)
    written = {path.name for path in repository.path.iterdir()}
    assert set(job["artifacts"]["reports"].values()) < written
    findings = json.loads((repository.path / job["artifacts"]["reports"]["codequality"]).read_text())
    assert "CT002" in {finding["check_name"] for finding in findings}


class TestLinted:
    @pytest.mark.parametrize(
        ("schema", "file", "more"),
        [
            ("vendor.github-actions", "action.yml", []),
            ("vendor.gitlab-ci", "templates/gitlab-ci.yml", ["--data-transform", "gitlab-ci"]),
        ],
    )
    def test_schema(self, schema: str, file: str, more: list[str], linters: Path) -> None:
        command = [linters / "check-jsonschema", "--builtin-schema", schema, *more, ROOT / file]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

    def test_zizmor(self, linters: Path) -> None:
        command = [linters / "zizmor", "--offline", "--persona=pedantic", ROOT / "action.yml"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
