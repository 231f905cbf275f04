"""The report for people on a terminal: text.py's lines in colour. The only importer of rich."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.report.text import layout

THEME = Theme(
    {
        "error": "bold red",
        "fail": "bold red",
        "warning": "bold yellow",
        "note": "bold blue",
        "unknown": "bold magenta",
        "pass": "bold green",
        "skipped": "dim",
        "message": "bold",
        "place": "cyan",
        "frame": "dim",
        "fix": "green",
    }
)


def render(report: Report) -> str:
    """Write the report with the terminal's escape sequences."""
    out = io.StringIO()
    print_to(Console(file=out, force_terminal=True, theme=THEME, highlight=False, markup=False), report)
    return out.getvalue()


def print_to(console: Console, report: Report) -> None:
    """Print the report; lines are not wrapped, so that they can be copied and the carets stay where they belong."""
    for line in layout(report):
        console.print(Text.assemble(*line), soft_wrap=True)
