"""`check --since`: the command, on real repositories."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).parent / "checkov-cloudtrail"


def check(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [COMMAND, "check", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def test_a_new_finding_and_lost_coverage(repository: Any, good: str, bad: str) -> None:
    repository.commit({"main.tf": good, "old/main.tf": bad})
    repository.commit({"main.tf": bad})
    done = check(repository.path, "--since", "HEAD~1")
    assert done.returncode == 1
    assert "error[CT002]" in done.stdout
    assert "lost the trail aws_cloudtrail.this stopped being multi-Region" in done.stdout
    assert "multi_region: true before, false now" in done.stdout
    assert "old/main.tf:" not in done.stdout


def test_uncommitted_changes_are_the_new_side(repository: Any, good: str, bad: str) -> None:
    repository.commit({"main.tf": good})
    repository.write({"main.tf": bad})
    assert check(repository.path, "--since", "HEAD").returncode == 1
    assert repository.read("main.tf") == bad


def test_what_was_there_before_is_not_reported(repository: Any, bad: str) -> None:
    repository.commit({"main.tf": bad})
    repository.commit({"main.tf": "# moved down\n\n" + bad})
    done = check(repository.path, "--since", "HEAD~1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 new findings, 0 losses of coverage" in done.stdout


def test_a_trail_that_is_gone(repository: Any, good: str) -> None:
    repository.commit({"main.tf": good, "x.tf": ""})
    repository.git("rm", "-q", "main.tf")
    done = check(repository.path, "--since", "HEAD", "--format", "json")
    assert [loss["message"] for loss in json.loads(done.stdout)["since"]["lost"]] == [
        "the trail aws_cloudtrail.this is gone"
    ]


def test_a_module_that_got_worse_is_reported_for_every_root(repository: Any, good: str, bad: str) -> None:
    call = 'module "audit" {\n  source = "../modules/audit"\n}\n'
    repository.commit({"a/main.tf": call, "b/main.tf": call, "modules/audit/main.tf": good})
    repository.commit({"modules/audit/main.tf": bad})
    done = check(repository.path, "--since", "HEAD~1", "--format", "json")
    since = json.loads(done.stdout)["since"]
    assert {result["deployment"] for result in since["new"] if result["rule"] == "CT002"} == {"a", "b"}
    assert {loss["deployment"] for loss in since["lost"]} == {"a", "b"}


def test_a_change_of_values_in_a_subdirectory(repository: Any, bad: str) -> None:
    trail = 'variable "multi" {}\n' + bad.replace("= false", "= var.multi")
    repository.commit({"live/main.tf": trail, "live/terraform.tfvars": "multi = true\n"})
    repository.commit({"live/terraform.tfvars": "multi = false\n"})
    done = check(repository.path / "live", "--since", "HEAD~1", "--format", "concise")
    assert "CT002" in done.stdout
    assert done.stdout.startswith("main.tf:")


def test_only_new_results_in_every_other_format(repository: Any, good: str, bad: str) -> None:
    repository.commit({"main.tf": good, "old/main.tf": bad})
    repository.commit({"main.tf": bad})
    for name in ("text", "concise", "sarif", "github", "gitlab", "junit", "markdown"):
        assert "old/main.tf" not in check(repository.path, "--since", "HEAD~1", "--format", name).stdout
    assert "old/main.tf" in check(repository.path, "--since", "HEAD~1", "--format", "json").stdout


def test_a_revision_that_is_not_there(repository: Any, good: str, tmp_path: Path) -> None:
    repository.commit({"main.tf": good})
    repository.commit({"main.tf": good + "\n"})
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth=1", repository.path.as_uri(), str(clone))
    done = check(clone, "--since", "HEAD~1")
    assert done.returncode == 2
    assert "--since: revision 'HEAD~1' is not in this repository: this clone is shallow: fetch" in done.stderr
    assert done.stdout == ""


def test_outside_of_a_repository(tmp_path: Path, good: str) -> None:
    (tmp_path / "main.tf").write_text(good)
    done = check(tmp_path, "--since", "HEAD")
    assert done.returncode == 2
    assert "is not in a git repository" in done.stderr


def test_what_the_old_side_cannot_read_is_said(repository: Any, good: str) -> None:
    repository.commit({"main.tf": good, "broken.tf": "resource {"})
    repository.commit({"broken.tf": ""})
    done = check(repository.path, "--since", "HEAD~1")
    assert done.returncode == 0
    assert "warning: broken.tf of HEAD~1 could not be read" in done.stderr
