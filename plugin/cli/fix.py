"""`checkov-cloudtrail fix`."""

from __future__ import annotations

from typing import Any

import click

from checkov_cloudtrail import config
from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.cli.check import has_finding
from checkov_cloudtrail.cli.output import complain, emit
from checkov_cloudtrail.cli.runs import JudgingCommand, Run, analysis_options, complain_about, plan
from checkov_cloudtrail.fix.apply import Repaired, repair
from checkov_cloudtrail.fix.write import WriteError, patch, replace_file
from checkov_cloudtrail.model.report import Result
from checkov_cloudtrail.report.lines import count
from checkov_cloudtrail.report.visible import visible


@click.command("fix", cls=JudgingCommand)
@analysis_options
@click.option("--unsafe", is_flag=True, help="Apply fixes as well that may change more than the finding.")
@click.option("--diff", is_flag=True, help="Print a patch and write nothing.")
@click.option("--fail-on", type=click.Choice(config.FAIL_ON), help="Lowest remaining level that makes the exit code 1.")
def command(unsafe: bool, diff: bool, fail_on: str | None, **given: Any) -> int:
    """Apply safe fixes to the named files and directories, and judge again.

    Exit codes: 0 nothing at or above --fail-on is left; 1 something is, or with --diff: there is a patch; 2 the command
    could not do its job.
    """
    left = failed = False
    patches = []
    for run in plan(given):
        done = _repaired(run, unsafe)
        if diff:
            patches.append(patch(done.before, done.texts))
        else:
            failed = _written(done, run) or failed
            emit("".join(dict.fromkeys(map(_line, done.applied))))
        complain_about(done.report)
        for result in done.outside:
            complain(f"{_place(result)}: not fixed, because {_files(result)} is not among the given paths")
        failed = failed or bool(done.report.errors)
        left = left or has_finding(done.report, fail_on or run.configuration.fail_on, strict_unknown=False)
        if not diff:
            complain(f"{count(len(done.applied), 'finding')} repaired, {count(len(done.texts), 'file')} changed")
    emit("".join(patches))
    if failed:
        return 2
    return int(any(patches) if diff else left)


def _repaired(run: Run, unsafe: bool) -> Repaired:
    named = [(run.files.base / path).resolve() for path in run.paths]

    def writable(name: str) -> bool:
        file = (run.files.base / name).resolve()
        return run.files.allowed(name) and any(file == path or path in file.parents for path in named)

    options = run.configuration.options
    return repair(lambda files: analyse(run.paths, options, files), run.files, unsafe=unsafe, writable=writable)


def _written(done: Repaired, run: Run) -> bool:
    """Write the changed files; gives whether one could not be written."""
    failed = False
    for name, text in done.texts.items():
        try:
            replace_file(run.files.base / name, done.before[name], text)
        except WriteError as error:
            complain(f"error: {error}")
            failed = True
    return failed


def _line(result: Result) -> str:
    title = result.fix.title if result.fix else ""
    return visible(f"{_place(result)}: {result.rule} fixed: {title}") + "\n"


def _place(result: Result) -> str:
    return f"{result.range.file}:{result.range.line}:{result.range.column}"


def _files(result: Result) -> str:
    return ", ".join(sorted({edit.range.file for edit in result.fix.edits})) if result.fix else ""
