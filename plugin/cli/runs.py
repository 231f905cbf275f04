"""From a command line to analyses: the options that every judging command has, the configuration, the paths."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from checkov_cloudtrail import config
from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.catalogue import profile_name, rule_ids
from checkov_cloudtrail.cli.failure import Failure, naming
from checkov_cloudtrail.cli.output import complain
from checkov_cloudtrail.cli.progress import progress
from checkov_cloudtrail.files import DiskFiles, boundary, normalise
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Comparison, Report
from checkov_cloudtrail.options import Options, Var, VarFile

Command = TypeVar("Command", bound=Callable[..., object])

_ORDER = "checkov_cloudtrail.order"

_OPTIONS = (
    click.argument("paths", metavar="[PATH]...", nargs=-1),
    click.option("--profile", metavar="NAME", help="Which rules to judge; see `rules`."),
    click.option("--select", metavar="IDS", multiple=True, help="Judge these rules instead, separated by commas."),
    click.option("--ignore", metavar="IDS", multiple=True, help="Leave these rules out, separated by commas."),
    click.option("--var", "variables", metavar="NAME=VALUE", multiple=True, help="A Terraform variable."),
    click.option("--var-file", "var_files", metavar="FILE", multiple=True, help="Terraform variables; the last wins."),
    click.option("--parameters", metavar="FILE", multiple=True, help="CloudFormation parameters."),
    click.option("--all-choices", is_flag=True, help="Judge over every allowed value of a CloudFormation parameter."),
    click.option("--source", metavar="DIR", help="For a plan: the root module that it was made from."),
    click.option("--config", "configuration", metavar="FILE", help="Configuration file instead of the closest one."),
    click.option("--force-exclude", is_flag=True, help="Apply the configured `exclude` to the named paths as well."),
    click.option("--jobs", metavar="N", type=click.IntRange(min=1), default=1, help="Processes to judge with."),
)


class JudgingCommand(click.Command):
    """A command that knows the order of `--var` and `--var-file`: the later one wins, as in Terraform."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the order before click sorts the options by name."""
        words = args[: args.index("--")] if "--" in args else args
        options = (word.partition("=")[0] for word in words)
        ctx.meta[_ORDER] = [option for option in options if option in {"--var", "--var-file"}]
        return super().parse_args(ctx, args)


def analysis_options(command: Command) -> Command:
    """Give a command the paths and the options that decide what is judged and how."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@record
class Run:
    """Paths that share a configuration and a repository.

    Args:
        paths: relative to the working directory.
        files: reads them, and nothing outside of their repository.
        configuration: what the file says, completed by the command line.
    """

    paths: tuple[str, ...]
    files: DiskFiles
    configuration: config.Configuration

    def analyse(self) -> Report:
        """Judge the paths, with a sign of life on a terminal."""
        with progress("judging"):
            return analyse(self.paths, self.configuration.options, self.files)


def plan(given: Mapping[str, Any]) -> list[Run]:
    """Give the analyses that a command line asks for; usually one.

    Args:
        given: the values of `analysis_options`.

    Raises:
        Failure: a path or file that is not there, an unknown rule or profile, a configuration that cannot be used.
    """
    base = Path.cwd()
    for name in (*given["var_files"], *given["parameters"]):
        if not os.path.isfile(name):
            raise Failure(f"{name}: there is no such file")
    groups: dict[tuple[Path | None, Path], list[str]] = {}
    places: dict[Path, tuple[Path | None, Path]] = {}
    for path in given["paths"] or (".",):
        directory = _directory(path)
        if directory not in places:
            places[directory] = (_configuration_file(given["configuration"], directory), boundary(directory, base))
        groups.setdefault(places[directory], []).append(_relative(path))
    named = frozenset(map(_relative, (*given["paths"], *given["var_files"], *given["parameters"])))
    return [
        Run(tuple(paths), DiskFiles(base, limit, named), _configuration(file, base, given))
        for (file, limit), paths in groups.items()
    ]


def merge(reports: Sequence[Report]) -> Report:
    """Put the answers of several runs together."""
    if len(reports) == 1:
        return reports[0]
    return Report(
        judgements=tuple(judgement for report in reports for judgement in report.judgements),
        errors=tuple(sorted({error for report in reports for error in report.errors})),
        warnings=tuple(dict.fromkeys(warning for report in reports for warning in report.warnings)),
        sources={name: text for report in reports for name, text in (report.sources or {}).items()},
        since=_merged([report.since for report in reports if report.since is not None]),
        unread=frozenset(name for report in reports for name in report.unread),
    )


def _merged(compared: Sequence[Comparison]) -> Comparison | None:
    if not compared:
        return None
    return replace(
        compared[0],
        new=tuple(result for each in compared for result in each.new),
        lost=tuple(loss for each in compared for loss in each.lost),
    )


def complain_about(report: Report) -> None:
    """Write a report's warnings and errors to stderr."""
    for warning in report.warnings:
        complain(f"warning: {warning}")
    for error in report.errors:
        complain(f"{error.file}:{error.line}:{error.column}: error: {error.message}")


def _directory(path: str) -> Path:
    if os.path.isdir(path):
        return Path(path).resolve()
    if not os.path.lexists(path):
        raise Failure(f"{path}: there is no such file or directory")
    return Path(path).parent.resolve()


def _relative(path: str) -> str:
    return normalise(os.path.relpath(path))


def _configuration_file(named: str | None, directory: Path) -> Path | None:
    if named is not None:
        return Path(named)
    try:
        return config.find(directory)
    except config.ConfigurationError as error:
        raise Failure(str(error)) from error


def _configuration(file: Path | None, base: Path, given: Mapping[str, Any]) -> config.Configuration:
    """Read the file and let the command line win: rules are replaced, variable and parameter files come after."""
    try:
        configuration = config.load(file, base) if file else config.Configuration()
    except config.ConfigurationError as error:
        raise Failure(str(error)) from error
    options = configuration.options
    changes: dict[str, Any] = {
        "inputs": (*options.inputs, *_inputs(given)),
        "parameters": (*options.parameters, *(_relative(name) for name in given["parameters"])),
        "all_choices": given["all_choices"],
        "force_exclude": given["force_exclude"],
        "environment": {name: value for name, value in os.environ.items() if name.startswith("TF_VAR_")},
        "jobs": given["jobs"],
        "source": _source(given["source"]),
    }
    if given["profile"] is not None:
        with naming("--profile"):
            changes |= {"profile": profile_name(given["profile"]), "select": ()}
    for key in ("select", "ignore"):
        if given[key]:
            with naming(f"--{key}"):
                changes[key] = rule_ids(_listed(given[key]))
    completed: Options = replace(options, **changes)
    return replace(configuration, options=completed)


def _source(directory: str | None) -> str | None:
    if directory is None:
        return None
    if not os.path.isdir(directory):
        raise Failure(f"--source: {directory}: there is no such directory")
    return _relative(directory)


def _listed(values: Sequence[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def _inputs(given: Mapping[str, Any]) -> Iterator[Var | VarFile]:
    """Give `--var` and `--var-file` in the order of the command line."""
    variables, files = iter(given["variables"]), iter(given["var_files"])
    for option in click.get_current_context().meta[_ORDER]:
        yield _variable(next(variables)) if option == "--var" else VarFile(_relative(next(files)))


def _variable(text: str) -> Var:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise Failure(f"--var {text}: write it as NAME=VALUE")
    return Var(name, value)
