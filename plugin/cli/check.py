"""`checkov-cloudtrail check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checkov_cloudtrail import config
from checkov_cloudtrail.cli.failure import Failure
from checkov_cloudtrail.cli.output import colourful, complain, emit
from checkov_cloudtrail.cli.runs import JudgingCommand, Run, analysis_options, complain_about, merge, plan
from checkov_cloudtrail.files import normalise, repository
from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.model.rule import Verdict
from checkov_cloudtrail.report.formats import FORMATS, HERE, Settings, write
from checkov_cloudtrail.since import narrowed

if TYPE_CHECKING:
    from checkov_cloudtrail.baseline import Baseline


@click.command("check", cls=JudgingCommand)
@analysis_options
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="text", help="What to print.")
@click.option("--output", "outputs", metavar="FORMAT=PATH", multiple=True, help="Write another report to a file.")
@click.option("--fail-on", type=click.Choice(config.FAIL_ON), help="Lowest level that makes the exit code 1.")
@click.option("--strict-unknown", is_flag=True, help="What cannot be told counts as failed.")
@click.option("--baseline", metavar="FILE", help="Findings that are accepted; see `baseline`.")
@click.option("--since", metavar="REV", help="Report only what got worse since this revision of the repository.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
def command(format_name: str, outputs: tuple[str, ...], since: str | None, exit_zero: bool, **given: Any) -> int:
    """Judge files and directories (default: the current directory).

    Exit codes: 0 nothing at or above --fail-on; 1 something was; 2 the command could not do its job.
    """
    files = [_output(text) for text in outputs]
    reports = []
    strict = given["strict_unknown"]
    found = False
    runs = plan(given)
    baselines = [_accepted(given["baseline"] or run.configuration.baseline) for run in runs]
    for run, baseline in zip(runs, baselines, strict=True):
        report = run.analyse()
        if baseline is not None:
            report = baseline.apply(report)
        strict_here = given["strict_unknown"] or run.configuration.strict_unknown
        strict = strict or strict_here
        if since is not None:
            report = _compared(run, report, since, strict_here)
        reports.append(report)
        found = found or has_finding(narrowed(report), given["fail_on"] or run.configuration.fail_on, strict_here)
    report = merge(reports)
    unwritten = [_save(path, write(name, report, _settings(name, strict))) for name, path in files]
    emit(_printed(format_name, report, strict))
    for problem in filter(None, unwritten):
        complain(f"error: {problem}")
    complain_about(report)
    if report.errors or any(unwritten):
        return 2
    return int(found and not exit_zero)


def has_finding(report: Report, fail_on: str, strict_unknown: bool) -> bool:
    """Tell whether something at or above a level was found."""
    if fail_on == "never":
        return False
    counted = {Verdict.FAIL, Verdict.UNKNOWN} if strict_unknown else {Verdict.FAIL}
    levels = config.FAIL_ON[: config.FAIL_ON.index(fail_on) + 1]
    return any(result.verdict in counted and result.level.value in levels for result in report.results)


def _printed(name: str, report: Report, strict: bool) -> str | Iterator[str]:
    if name == "text" and colourful(sys.stdout):
        from checkov_cloudtrail.report.terminal import paint
        from checkov_cloudtrail.report.text import layout

        return paint(layout(narrowed(report)))
    return write(name, report, _settings(name, strict))


def _settings(name: str, strict: bool) -> Settings:
    if name in HERE:
        return Settings()
    from checkov_cloudtrail.checks import RULES

    base = Path.cwd().resolve()
    prefix = normalise(os.path.relpath(base, repository(base)))
    return Settings(rules=RULES, prefix=prefix, strict_unknown=strict)


def _compared(run: Run, report: Report, revision: str, strict_unknown: bool) -> Report:
    from checkov_cloudtrail.cli.comparison import compared

    return compared(run, report, revision, strict_unknown)


def _accepted(path: str | None) -> Baseline | None:
    if path is None:
        return None
    from checkov_cloudtrail.cli.baseline import accepted

    return accepted(path)


def _output(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise Failure(f"--output {text}: write it as FORMAT=PATH")
    if name not in FORMATS:
        raise Failure(f"--output {text}: there is no format {name!r}; there are {', '.join(FORMATS)}")
    return name, path


def _save(path: str, parts: Iterable[str]) -> str | None:
    """Write a report to a file; gives what went wrong, because the report on stdout is wanted all the same."""
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.writelines(parts)
    except OSError as error:
        return f"--output: {path} cannot be written: {error.strerror}"
    return None
