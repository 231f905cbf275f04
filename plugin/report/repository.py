"""Paths as code hosts want them: relative to the root of the repository, whatever the working directory was."""

from __future__ import annotations

from checkov_cloudtrail.files import join


def in_repository(path: str, prefix: str) -> str:
    """Give a report's path relative to the repository.

    Args:
        path: as in `Range.file`, relative to the working directory of the analysis.
        prefix: that working directory, relative to the repository; `.` when it is its root.
    """
    return join(prefix, path)
