"""Running the real checkov, as users do, and reading what it reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checkov_cloudtrail.host.installation import checks_dir

PLAIN = (sys.executable, "-m", "checkov.main", "--skip-download")
OURS = (sys.executable, "-m", "checkov_cloudtrail", "checkov")
FRAMEWORKS = ("--framework", "terraform", "terraform_json", "terraform_plan", "cloudformation")

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Run:
    """One finished process."""

    code: int
    stdout: str
    stderr: str

    @property
    def rows(self) -> dict[Row, str]:
        """Rule, file and resource of every row of ours in checkov's JSON report, with what became of it."""
        found: dict[Row, str] = {}
        for check in self.checks:
            row = (check["check_id"], os.path.normpath(check["file_path"]).lstrip("/"), check["resource"])
            outcome = check["check_result"]["result"]
            assert found.setdefault(row, outcome) == outcome, f"{row} is both {found[row]} and {outcome}"
        return found

    @property
    def checks(self) -> list[Mapping[str, Any]]:
        """Everything of ours in checkov's JSON report."""
        reports = json.loads(self.stdout)
        return [
            check
            for report in (reports if isinstance(reports, list) else [reports])
            for group in ("passed_checks", "failed_checks", "skipped_checks")
            for check in report.get("results", {}).get(group, ())
            if check["check_id"].startswith("CT")
        ]


class Terminal:
    """Runs commands in one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.directory / name).parent.mkdir(parents=True, exist_ok=True)
            (self.directory / name).write_text(text, encoding="utf-8")

    def run(self, command: Iterable[str], **environment: str) -> Run:
        done = subprocess.run(
            list(command),
            cwd=self.directory,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def plain(self, *arguments: str, **environment: str) -> Run:
        """Run checkov with our folder of checks, as the manual says."""
        return self.run((*PLAIN, "--external-checks-dir", str(checks_dir()), *arguments), **environment)

    def ours(self, *arguments: str, **environment: str) -> Run:
        """Run `checkov-cloudtrail checkov`."""
        return self.run((*OURS, *arguments), **environment)

    def command(self, *arguments: str, **environment: str) -> Run:
        """Run any of our commands."""
        return self.run((sys.executable, "-m", "checkov_cloudtrail", *arguments), **environment)
