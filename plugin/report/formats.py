"""The formats of `--format` and `--output`; a renderer is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module

from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.model.rule import Rule
from checkov_cloudtrail.since import narrowed

# Relative to the working directory, for whoever ran the command, and relative to the repository, for a code host.
HERE = ("text", "concise", "json")
HOSTED = ("sarif", "github", "gitlab", "junit", "markdown")
FORMATS = HERE + HOSTED


@record
class Settings:
    """What renderers depend on beside the report.

    Args:
        rules: every rule that may have answered.
        prefix: the working directory, relative to the repository.
        strict_unknown: unknown counts as failed.
    """

    rules: Sequence[Rule] = ()
    prefix: str = "."
    strict_unknown: bool = False


def write(name: str, report: Report, settings: Settings) -> Iterator[str]:
    """Write a report in one of FORMATS, in pieces; JSON alone holds every result of a report that was compared."""
    module = import_module(f"checkov_cloudtrail.report.{name}")
    if name == "json":
        yield from module.parts(report)
    elif name in HERE:
        yield module.render(narrowed(report))
    else:
        yield module.render(
            narrowed(report), rules=settings.rules, prefix=settings.prefix, strict_unknown=settings.strict_unknown
        )
