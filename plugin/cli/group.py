"""The subcommands, each imported when it is called, and what happens when one fails."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from checkov_cloudtrail import __version__
from checkov_cloudtrail.cli.output import close_quietly, complain, prepare

# name: (module below checkov_cloudtrail.cli that holds a command of that name, help in one line)
COMMANDS = {
    "check": ("check", "Judge files and directories."),
    "fix": ("fix", "Repair what is found, in the files themselves."),
    "explain": ("explain", "Say what a rule means, or why a trail got its verdict, value by value."),
    "rules": ("rules", "List the rules."),
    "baseline": ("baseline", "Accept what fails now: write it to a file that --baseline reads."),
    "lsp": ("lsp", "Language server on stdio."),
    "checkov": ("run_checkov", "Run checkov itself with our checks loaded, and show what it leaves out."),
    "checks-dir": ("checks_dir", "Print the folder to give to checkov's --external-checks-dir."),
    "doctor": ("doctor", "Prove that the installation works."),
}


class Lazy(click.Group):
    """A group that knows its commands by name and imports one only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = COMMANDS[cmd_name][0]
        command: click.Command = importlib.import_module(f"checkov_cloudtrail.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=Lazy, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="checkov-cloudtrail", message="%(prog)s %(version)s")
@click.pass_context
def group(context: click.Context) -> None:
    """Prove, before anything is deployed, that AWS CloudTrail will record what it must."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run a command line and give its exit code; every failure is one sentence on stderr."""
    prepare()
    try:
        code = group.main(list(arguments), prog_name="checkov-cloudtrail", standalone_mode=False)
        if not sys.stdout.closed:  # the language server's transport closes it
            sys.stdout.flush()
    except click.ClickException as error:
        complain(f"error: {error.format_message()}")
        return 2
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return 130
    except BrokenPipeError:
        close_quietly()
        return 0
    except Exception as error:  # the last resort: exit code 1 would mean that something was found
        complain(f"internal error: {type(error).__name__}: {error}; please report it with what was judged")
        return 2
    return code if isinstance(code, int) else 0
