"""`checkov-cloudtrail rules`."""

from __future__ import annotations

import click

from checkov_cloudtrail.catalogue import profile_name
from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.cli.failure import naming
from checkov_cloudtrail.cli.output import emit
from checkov_cloudtrail.report import catalogue


@click.command("rules")
@click.option("--format", "format_name", type=click.Choice(("text", "json")), default="text", help="What to print.")
@click.option("--profile", metavar="NAME", default="all", help="Only the rules of this profile.")
def command(format_name: str, profile: str) -> None:
    """List the rules."""
    with naming("--profile"):
        name = profile_name(profile)
    rules = [rule for rule in RULES if name == "all" or name in rule.profiles]
    emit(catalogue.as_json(rules) if format_name == "json" else catalogue.as_table(rules))
