"""`checkov-cloudtrail doctor`."""

from __future__ import annotations

import click

from checkov_cloudtrail.cli.output import emit


@click.command("doctor")
def command() -> int:
    """Prove that the installation works: checkov's parser is intact, our checks are loaded, a known finding is found.

    Exit codes: 0 it works; 2 it does not, and the sentence says how to repair it.
    """
    from checkov_cloudtrail.host.doctor import problems
    from checkov_cloudtrail.host.installation import checkov_version

    found = False
    for problem in problems():
        found = True
        emit(f"problem: {problem}\n")
    if found:
        return 2
    emit(f"checkov {checkov_version()} loads every check and finds what is known to be wrong.\n")
    return 0
