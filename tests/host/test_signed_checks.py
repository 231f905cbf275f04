"""Signed checks, and the branch that `--external-checks-git` can read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkov_runs import PLAIN, Terminal
from ecdsa import NIST256p, NIST384p, SigningKey

from checkov_cloudtrail.host.installation import checks_dir

TOOLS = Path(__file__).parents[2] / "tools"
TRAIL = 'resource "aws_cloudtrail" "this" {\n  name           = "audit"\n  s3_bucket_name = "logs"\n}\n'
SCAN = ("--directory", "code", "--framework", "terraform", "--check", "CT002", "--output", "json")


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(checks_dir(), tmp_path / "checks", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    )


def key(path: Path, curve: object = NIST256p) -> Path:
    private = SigningKey.generate(curve=curve)
    path.write_bytes(private.to_pem())
    path.with_suffix(".pub").write_bytes(private.verifying_key.to_pem())
    return path


def sign(key: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOLS / "sign_checks.py"), str(key), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_signed_checks(checks: Path, terminal: Terminal, tmp_path: Path) -> None:
    """checkov accepts what is signed, also when it is signed again, and refuses what was changed afterwards."""
    terminal.write({"code/main.tf": TRAIL})
    private = key(tmp_path / "throw-away.pem")
    count = len(list(checks.glob("*.py")))
    for _ in range(2):
        done = sign(private, checks)
        assert (done.returncode, done.stdout) == (0, f"signed {count} files in {checks}\n")
    command = (*PLAIN, "--external-checks-dir", str(checks), *SCAN)
    verify = ("--external-checks-public-key", str(private.with_suffix(".pub")))

    accepted = terminal.run((*command, *verify))
    assert accepted.rows == {("CT002", "main.tf", "aws_cloudtrail.this"): "FAILED"}

    with (checks / "ct_checkov.py").open("r+") as file:
        text = file.read().replace("register()\n", "register()\nprint('tampered')\n")
        file.seek(0)
        file.write(text)
    refused = terminal.run((*command, *verify))
    assert refused.code not in (0, 1)
    assert "tampered" not in refused.stdout
    assert "signature verification failed: ct_checkov.py" in refused.stderr


def test_what_is_no_key(checks: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no key\n")
    assert sign(tmp_path / "text", checks).returncode == 2
    done = sign(key(tmp_path / "wrong.pem", NIST384p), checks)
    assert (done.returncode, done.stderr) == (
        2,
        f"{tmp_path}/wrong.pem is a key on NIST384p; checkov accepts P-256 (prime256v1) only\n",
    )
    assert not any(b"checkov-digest" in file.read_bytes() for file in checks.glob("*.py"))


@pytest.fixture
def repository(checks: Path, tmp_path: Path) -> Path:
    """A repository like this one: checks beside code that must not be executed."""
    place = tmp_path / "repository"
    shutil.copytree(checks, place / "checks")
    (place / "tests").mkdir()
    (place / "tests/__init__.py").write_text("")
    (place / "tests/danger.py").write_text("raise SystemExit('executed by checkov')\n")
    git(place, "init", "--quiet", "--initial-branch=main")
    git(place, "add", ".")
    git(place, "commit", "--quiet", "--message=everything")
    return place


def git(place: Path, *arguments: str) -> str:
    identity = {f"GIT_{role}_{what}": "test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", *arguments], cwd=place, env={**os.environ, **identity}, capture_output=True, text=True, check=True
    )
    return done.stdout


def branch(place: Path) -> str:
    identity = {f"GIT_{role}_{what}": "test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    script = str(TOOLS / "checks-branch.sh")
    done = subprocess.run(
        ["sh", script], cwd=place, env={**os.environ, **identity}, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_branch_with_the_checks_alone(repository: Path, checks: Path, terminal: Terminal) -> None:
    branch(repository)
    names = git(repository, "ls-tree", "--name-only", "checks").split()
    assert names == sorted(file.name for file in checks.iterdir())
    assert branch(repository) == "branch checks is up to date\n"

    terminal.write({"code/main.tf": TRAIL})
    run = terminal.run((*PLAIN, "--external-checks-git", f"file://{repository}?ref=heads/checks", *SCAN))
    assert run.rows == {("CT002", "main.tf", "aws_cloudtrail.this"): "FAILED"}

    (repository / "checks/ct_new.py").write_text("")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=one more")
    branch(repository)
    assert git(repository, "rev-list", "--count", "refs/heads/checks").strip() == "2"
    assert "ct_new.py" in git(repository, "ls-tree", "--name-only", "checks").split()
