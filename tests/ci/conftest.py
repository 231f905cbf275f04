"""Throw-away repositories, and the linters of CI files in an environment of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]

GOOD = """\
resource "aws_cloudtrail" "this" {
  name                       = "audit"
  s3_bucket_name             = "logs"
  is_multi_region_trail      = true
  enable_log_file_validation = true
}
"""
BAD = GOOD.replace("is_multi_region_trail      = true", "is_multi_region_trail      = false")


@dataclass(frozen=True)
class Repository:
    """A git repository on the disk."""

    path: Path

    def write(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())

    def read(self, name: str) -> str:
        return (self.path / name).read_bytes().decode()

    def git(self, *arguments: str) -> str:
        command = ["git", *IDENTITY, *arguments]
        return subprocess.run(command, cwd=self.path, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, texts: Mapping[str, str], message: str = "change") -> str:
        self.write(texts)
        self.git("add", "-A")
        self.git("commit", "-qm", message, "--allow-empty")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def good() -> str:
    return GOOD


@pytest.fixture
def bad() -> str:
    return BAD


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.path.mkdir()
    made.git("init", "-q", "-b", "main")
    return made


@pytest.fixture(scope="session")
def linters(pytestconfig: pytest.Config) -> Path:
    """Give the folder of check-jsonschema and zizmor; their dependencies must not meet ours."""
    cache = pytestconfig.cache
    if cache is None:
        pytest.skip("pytest runs without its cache, which keeps the linters")
    directory = cache.mkdir("ci-linters")
    tools = directory / "bin"
    if not (tools / ".complete").exists():
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        install = [tools / "python", "-m", "pip", "install", "--quiet", "check-jsonschema", "zizmor"]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            pytest.skip("check-jsonschema and zizmor cannot be installed here")
        (tools / ".complete").touch()
    return tools
