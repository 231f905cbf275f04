"""Lines in colour, for terminals. The only importer of rich."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from checkov_cloudtrail.report.lines import Line

_FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)

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


def paint(lines: Iterable[Line]) -> str:
    """Join lines with the terminal's escape sequences for their styles."""
    out = io.StringIO()
    print_to(Console(file=out, force_terminal=True, theme=THEME, highlight=False), lines)
    return out.getvalue()


def picture(lines: Iterable[Line], title: str, columns: int) -> str:
    """Draw lines as a terminal window, in SVG that loads nothing from elsewhere."""
    console = Console(file=io.StringIO(), record=True, width=columns, theme=THEME, highlight=False)
    print_to(console, lines)
    return _FONT_FACE.sub("", console.export_svg(title=title, unique_id="checkov-cloudtrail"))


def print_to(console: Console, lines: Iterable[Line]) -> None:
    """Print lines; they are not wrapped, so that they can be copied and carets stay where they belong."""
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
