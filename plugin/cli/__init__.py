"""The command line: a thin shell over api.py."""

from __future__ import annotations

import sys

from checkov_cloudtrail import __version__


def main() -> None:
    """Run `checkov-cloudtrail` and exit with its code: 0, 1 or 2 (contract 1)."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        print(f"checkov-cloudtrail {__version__}")
        return
    from checkov_cloudtrail.cli.group import run

    sys.exit(run(arguments))
