"""`checkov-cloudtrail checks-dir`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from checkov_cloudtrail.cli.failure import Failure
from checkov_cloudtrail.cli.output import emit


@click.command("checks-dir")
def command() -> None:
    """Print the folder to give to checkov's --external-checks-dir."""
    found = find_spec("checkov_cloudtrail.checks")
    if found is None or found.origin is None:
        raise Failure("the checks are not installed; reinstall checkov-cloudtrail")
    emit(f"{Path(found.origin).parent}\n")
