"""Why the command cannot do its job."""

from __future__ import annotations

import click


class Failure(click.ClickException):
    """One sentence for stderr; the exit code is 2, because 1 means that something was found."""

    exit_code = 2
