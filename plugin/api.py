"""The one door of the engine: paths in, a Report out. The command, checkov and the editor all come through here."""

from __future__ import annotations

from collections.abc import Sequence

from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.options import Options


def analyse(paths: Sequence[str], options: Options, files: Files) -> Report:
    """Judge files and directories.

    Args:
        paths: relative to the base of `files`. A file is judged inside its root; only what lies in the named files is
            reported. A directory is searched for every deployment below it.
        options: see Options.
        files: the tree to read.
    """
    raise NotImplementedError
