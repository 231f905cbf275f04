"""`checkov-cloudtrail checkov`."""

from __future__ import annotations

import click

from checkov_cloudtrail.cli.output import complain


@click.command("checkov", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.option("--strict", is_flag=True, help="What checkov's report lacks makes the exit code 2.")
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
def command(strict: bool, arguments: tuple[str, ...]) -> int:
    """Run checkov itself with our checks loaded, offline, with parse errors made visible.

    The arguments are checkov's own. Only our checks run unless --check chooses others. Exit codes: checkov's own 0 and
    1; 2 when checkov could not do its job, which includes a file that it cannot parse.
    """
    from checkov_cloudtrail.host import installation

    problems = list(installation.problems())
    for problem in problems:
        complain(f"error: {problem}")
    if problems:
        return 2
    from checkov_cloudtrail.host.runner import run

    return run(arguments, strict)
