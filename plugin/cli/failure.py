"""Why the command cannot do its job."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click


class Failure(click.ClickException):
    """One sentence for stderr; the exit code is 2, because 1 means that something was found."""

    exit_code = 2


@contextlib.contextmanager
def naming(option: str) -> Iterator[None]:
    """Names in here are those of an option: one that is not known is a failure of that option."""
    from checkov_cloudtrail.catalogue import UnknownNameError  # and with it the rules, which not every command needs

    try:
        yield
    except UnknownNameError as error:
        raise Failure(f"{option}: {error}") from error
