"""`fix`: the command, on real files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).parent / "checkov-cloudtrail"


def fix(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [COMMAND, "fix", *arguments]
    done = subprocess.run(command, cwd=directory, capture_output=True, check=False)
    # Decoded here, because text mode would change the line ends of a patch.
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_fixes_are_written_once(repository: Any, good: str, bad: str) -> None:
    repository.commit({"main.tf": bad})
    done = fix(repository.path)
    assert done.returncode == 0
    assert done.stdout == "main.tf:4:32: CT002 fixed: Set is_multi_region_trail to true\n"
    assert done.stderr == "1 finding repaired, 1 file changed\n"
    assert repository.read("main.tf") == good
    again = fix(repository.path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "0 findings repaired, 0 files changed\n")


def test_the_patch_is_what_is_written(repository: Any, bad: str) -> None:
    text = "\ufeff" + bad.replace("\n", "\r\n").replace("audit", "äudit")
    repository.commit({"infra/main.tf": text})
    made = fix(repository.path, "--diff", "infra")
    assert made.returncode == 1
    assert repository.read("infra/main.tf") == text
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=repository.path, input=made.stdout.encode(), check=True)
    patched = repository.read("infra/main.tf")
    repository.git("checkout", "-q", ".")
    fix(repository.path, "infra")
    assert repository.read("infra/main.tf") == patched == text.replace("= false", "= true", 1)
    assert fix(repository.path, "--diff").returncode == 0


def test_unsafe_fixes_are_asked_for(repository: Any, bad: str) -> None:
    trail = 'variable "multi" {\n  default = false # why\n}\n' + bad.replace("= false", "= var.multi")
    repository.commit({"main.tf": trail})
    assert fix(repository.path).returncode == 1
    assert repository.read("main.tf") == trail
    done = fix(repository.path, "--unsafe")
    assert 'CT002 fixed: Set is_multi_region_trail to true, where variable "multi" defaults to false' in done.stdout
    assert repository.read("main.tf") == trail.replace("default = false", "default = true")


def test_a_file_that_was_not_named_is_left_alone(repository: Any, bad: str) -> None:
    repository.commit({"root/main.tf": 'module "m" {\n  source = "../m"\n}\n', "m/main.tf": bad})
    done = fix(repository.path, "root")
    assert done.returncode == 1
    assert "m/main.tf:4:32: not fixed, because m/main.tf is not among the given paths" in done.stderr
    assert repository.read("m/main.tf") == bad


def test_a_skipped_finding_is_left_alone(repository: Any, bad: str) -> None:
    skipped = bad.replace("{\n", "{\n  # checkov:skip=CT002:one Region is enough here\n", 1)
    repository.commit({"main.tf": skipped})
    fix(repository.path)
    assert repository.read("main.tf") == skipped


def test_a_broken_file_is_an_error_and_the_others_are_repaired(repository: Any, good: str, bad: str) -> None:
    repository.commit({"a/main.tf": bad, "b/main.tf": bad + "\nresource {"})
    done = fix(repository.path)
    assert done.returncode == 2
    assert "b/main.tf:" in done.stderr
    assert repository.read("a/main.tf") == good
