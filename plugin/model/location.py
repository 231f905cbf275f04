"""Where something is written: ranges in files, and the errors that name them."""

from __future__ import annotations

from dataclasses import dataclass

from checkov_cloudtrail.model.record import record


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A stretch of one file.

    Args:
        file: POSIX path relative to the working directory of the analysis (`Files.base`).
        line: first line, from 1.
        column: first column, from 1, in code points.
        end_line: last line, from 1.
        end_column: column after the last character, from 1, in code points.
        start_byte: offset of the first byte, from 0, in the UTF-8 text.
        end_byte: offset after the last byte.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    start_byte: int = 0
    end_byte: int = 0


@record
class Step:
    """One place that a value passed through, and what happened there: `variable "multi" defaults to false`."""

    range: Range
    text: str


@dataclass(frozen=True, slots=True, order=True)
class SourceError:
    """A file that could not be read or understood, or a part of one. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str


class UnreadableError(Exception):
    """Raised where nothing can be read on; carries the error to report."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(f"{error.file}:{error.line}:{error.column}: {error.message}")
        self.error = error
