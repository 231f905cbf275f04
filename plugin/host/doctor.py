"""`checkov-cloudtrail doctor`: proof that checkov runs our checks, by running it on files whose answer is known."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from checkov_cloudtrail.host import installation, journal

# A trail of one Region is against CT002 in any version of this package.
_RULE = "CT002"
_KNOWN: Mapping[str, tuple[str, str]] = {
    "main.tf": (
        "aws_cloudtrail.doctor",
        """\
resource "aws_cloudtrail" "doctor" {
  name                  = "doctor"
  s3_bucket_name        = "doctor"
  is_multi_region_trail = false
}
""",
    ),
    "template.yaml": (
        "AWS::CloudTrail::Trail.Doctor",
        """\
Resources:
  Doctor:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      IsMultiRegionTrail: false
      S3BucketName: doctor
""",
    ),
}
_SECONDS = 300


def problems() -> Iterator[str]:
    """Find everything that keeps checkov from running our checks here; each problem names its repair."""
    found = list(installation.problems())
    yield from found
    if not found:
        yield from _trial()
    yield from _stranger()


def _trial() -> Iterator[str]:
    """Run the real checkov on files with a known finding each."""
    with tempfile.TemporaryDirectory(prefix="checkov-cloudtrail-") as name:
        folder = Path(name)
        for file, (_, text) in _KNOWN.items():
            (folder / file).write_text(text, encoding="utf-8")
        events = folder / "journal"
        events.touch()
        # The variables and configuration files of the user's checkov are not what is tried here.
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("CKV_", "CHECKOV_"))}
        command = [sys.executable, "-m", "checkov.main", "--directory", name, "--skip-download", "--output", "json"]
        command += ["--external-checks-dir", str(installation.checks_dir()), "--check", _RULE]
        command += ["--framework", "terraform", "cloudformation"]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment | {journal.VARIABLE: str(events)},
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            yield f"checkov has not finished a trial run after {_SECONDS} s"
            return
        yield from _judge(done, journal.read(events))


def _judge(done: subprocess.CompletedProcess[str], events: list[journal.Event]) -> Iterator[str]:
    from checkov_cloudtrail.checks import RULES

    loaded = [event["checks"] for event in events if event["event"] == "registered"]
    if not loaded:
        yield f"checkov has not loaded our checks: {_last_line(done.stderr)}"
        return
    missing = {rule.id for rule in RULES} - set.intersection(
        *(set(ids) for checks in loaded for registry, ids in checks.items() if registry != "provider")
    )
    if missing:
        yield f"checkov has not registered {', '.join(sorted(missing))}"
    try:
        reports = json.loads(done.stdout)
    except ValueError:
        yield f"checkov has written no report: {_last_line(done.stderr)}"
        return
    failed = {
        check["resource"]
        for report in (reports if isinstance(reports, list) else [reports])
        for check in report.get("results", {}).get("failed_checks", ())
        if check["check_id"] == _RULE
    }
    for file, (resource, _) in _KNOWN.items():
        if resource not in failed:
            yield f"checkov does not find {_RULE} on {resource} in a {file} that violates it: {_last_line(done.stderr)}"


def _stranger() -> Iterator[str]:
    """Look at the `checkov` of the command line: it may be one that cannot import this package."""
    path = shutil.which("checkov")
    if path is None:
        return
    interpreter = _interpreter(Path(path))
    if interpreter is None or os.path.dirname(interpreter) == os.path.dirname(sys.executable):
        return
    done = subprocess.run(
        [interpreter, "-c", "import checkov_cloudtrail.checks"],
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        yield (
            f"{path} belongs to another environment, which cannot import checkov_cloudtrail, so that it runs without "
            f"our checks and exits with 0: {interpreter} -m pip install checkov-cloudtrail"
        )


def _interpreter(script: Path) -> str | None:
    """Read which Python a console script is run by; None when the script does not say."""
    try:
        first = script.read_bytes().split(b"\n", 1)[0].decode()
    except (OSError, UnicodeDecodeError):
        return None
    path = first.removeprefix("#!").strip()
    return path if first.startswith("#!") and os.path.isfile(path) else None


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it says nothing"
