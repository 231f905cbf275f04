"""The formats of `--format` and `--output`; each renderer is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checkov_cloudtrail.model.report import Report


@dataclass(frozen=True, slots=True)
class Settings:
    """What a renderer may depend on beside the report.

    Args:
        colour: the output is a terminal that shows colours.
        strict_unknown: unknown counts as failed.
    """

    colour: bool = False
    strict_unknown: bool = False


def _text(report: Report, settings: Settings) -> str:
    if settings.colour:
        from checkov_cloudtrail.report import terminal

        return terminal.render(report)
    from checkov_cloudtrail.report import text

    return text.render(report)


def _concise(report: Report, settings: Settings) -> str:
    from checkov_cloudtrail.report import concise

    return concise.render(report)


def _json(report: Report, settings: Settings) -> str:
    from checkov_cloudtrail.report import json

    return json.render(report)


FORMATS: Mapping[str, Callable[[Report, Settings], str]] = {"text": _text, "concise": _concise, "json": _json}
