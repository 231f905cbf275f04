"""The pages about commits and pull requests: what they show is valid, and names what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def snippets(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text()
    found: list[str] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    # What stands for the reader's own.
    return [snippet.replace("OWNER", "example").replace("COMMIT", "0" * 40) for snippet in found]


PRE_COMMIT = snippets("pre-commit.md")
WORKFLOW, GITLAB = snippets("pull-requests.md")


@pytest.mark.parametrize("number", range(len(PRE_COMMIT)))
def test_pre_commit_takes_the_configuration(number: int, tmp_path: Path) -> None:
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(PRE_COMMIT[number])
    subprocess.run([BIN / "pre-commit", "validate-config", file], check=True)


@pytest.mark.parametrize("number", range(len(PRE_COMMIT)))
def test_hooks_and_their_arguments(number: int, repository: Any, good: str) -> None:
    repository.commit({"main.tf": good})
    manifest = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    for hook in yaml.safe_load(PRE_COMMIT[number])["repos"][0]["hooks"]:
        entry = manifest[hook["id"]]["entry"].split()
        command = [BIN / entry[0], *entry[1:], *hook.get("args", []), "main.tf"]
        assert subprocess.run(command, cwd=repository.path, capture_output=True, check=False).returncode == 0


def test_the_page_names_every_hook() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    named = re.findall(r"^\| `(.*?)` \|", (ROOT / "docs" / "pre-commit.md").read_text(), re.MULTILINE)
    assert named == [hook["id"] for hook in hooks]


def test_the_page_names_every_input_with_its_default() -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    rows = re.findall(r"^\| `([\w-]+)` \|.*\|(.*)\|$", (ROOT / "docs" / "pull-requests.md").read_text(), re.MULTILINE)
    assert [name for name, _ in rows] == list(inputs)
    for name, shown in rows:
        assert not inputs[name]["default"] or f"`{inputs[name]['default']}`" in shown
    used = yaml.safe_load(WORKFLOW)["jobs"]["check"]["steps"][1]["with"]
    assert set(used) <= set(inputs)


def test_the_workflow(linters: Path, tmp_path: Path) -> None:
    file = tmp_path / ".github" / "workflows" / "cloudtrail.yml"
    file.parent.mkdir(parents=True)
    file.write_text(WORKFLOW)
    for command in (
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", file],
        ["zizmor", "--offline", "--persona=pedantic", file],
    ):
        done = subprocess.run([linters / command[0], *command[1:]], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_gitlab_configuration(linters: Path, tmp_path: Path) -> None:
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(GITLAB)
    subprocess.run([linters / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", file], check=True)
    job = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text())["checkov-cloudtrail"]
    assert set(yaml.safe_load(GITLAB)["checkov-cloudtrail"]["variables"]) <= set(job["variables"])
