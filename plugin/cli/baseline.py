"""`checkov-cloudtrail baseline`, and what `--baseline` reads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from checkov_cloudtrail import baseline
from checkov_cloudtrail.cli.failure import Failure
from checkov_cloudtrail.cli.output import complain
from checkov_cloudtrail.cli.runs import JudgingCommand, Run, analysis_options, complain_about, merge, plan
from checkov_cloudtrail.files import normalise
from checkov_cloudtrail.report.lines import count

NAME = ".checkov.baseline"


@click.command("baseline", cls=JudgingCommand)
@analysis_options
@click.option("--output", "--baseline", "output", metavar="FILE", help="Where to write; see below.")
def command(output: str | None, **given: Any) -> int:
    """Accept everything that fails now: write it to a file that --baseline and checkov read.

    The file is the configured `baseline`, else .checkov.baseline in the directory that is judged, or in the current one
    when several paths are.
    """
    runs = plan(given)
    report = merge([run.analyse() for run in runs])
    path = output or _place(runs, given["paths"])
    try:
        Path(path).write_text(baseline.write(report, normalise(os.path.relpath(path))), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}") from error
    complain(f"wrote {count(report.summary['fail'], 'finding')} to {path}")
    complain_about(report)
    return 2 if report.errors else 0


def accepted(path: str) -> baseline.Baseline:
    """Read a baseline.

    Raises:
        Failure: it cannot be read, or is none.
    """
    try:
        return baseline.read(Path(path).read_text(encoding="utf-8"), normalise(os.path.relpath(path)))
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}") from error
    except (baseline.BaselineError, UnicodeDecodeError) as error:
        raise Failure(f"{path} cannot be used: {error}") from error


def _place(runs: list[Run], paths: tuple[str, ...]) -> str:
    configured = runs[0].configuration.baseline
    if configured is not None:
        return configured
    if len(paths) == 1 and os.path.isdir(paths[0]):
        return os.path.join(paths[0], NAME)
    return NAME
