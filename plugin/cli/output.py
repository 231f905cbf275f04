"""stdout and stderr: encodings, colour, readers that go away, and text that must not reach a terminal raw."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from checkov_cloudtrail.report.visible import visible


def prepare() -> None:
    """Make both streams take any text: UTF-8 where a file or a pipe reads it, escapes for what a terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def complain(text: str) -> None:
    """Write one line to stderr."""
    print(visible(text), file=sys.stderr, flush=True)


def emit(text: str | Iterable[str]) -> None:
    """Write a report, or its pieces, to stdout. A reader that goes away (`| head`) ends the report, not the command."""
    try:
        sys.stdout.writelines((text,) if isinstance(text, str) else text)
        sys.stdout.flush()
    except BrokenPipeError:
        close_quietly()


def close_quietly() -> None:
    """Let nothing more be written to stdout, not even when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def colourful(stream: TextIO) -> bool:
    """Tell whether a stream is to be coloured: a terminal, or FORCE_COLOR; never with NO_COLOR."""
    if os.environ.get("NO_COLOR"):
        return False
    if force := os.environ.get("FORCE_COLOR"):
        return force != "0"
    return stream.isatty() and os.environ.get("TERM") != "dumb"
