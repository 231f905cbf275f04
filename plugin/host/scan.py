"""What checkov is doing while it asks a check.

checkov gives a check the path of a file relative to a folder that it does not name, and neither the folder nor the
options of the scan. Both are arguments of `BaseRunner.run`, checkov's interface for every framework, which is on the
stack whenever a check runs: that is where this module reads them. Nothing of checkov is changed for it.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import FrameType
from typing import Any

from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.runners.base_runner import BaseRunner
from checkov.runner_filter import RunnerFilter

from checkov_cloudtrail.host.verdicts import Scan, named_rules
from checkov_cloudtrail.model.record import record


@record
class Running:
    """A framework's run.

    Args:
        framework: checkov's name of it, e.g. `terraform_json`.
        folder: what the paths given to checks are relative to; absolute.
        scan: what to judge.
    """

    framework: str
    folder: str
    scan: Scan

    def absolute(self, scanned_file: str) -> str:
        """Give the absolute path, links resolved, of a path as checks get it (`/modules/audit/main.tf`)."""
        return _real(os.path.join(self.folder, scanned_file.lstrip("/")))


def running(scanned_file: str) -> Running:
    """Describe the run that has called the caller. A check that is called otherwise is about its file alone."""
    arguments = _arguments(sys._getframe(1))
    if arguments is None:
        return Running(CheckType.TERRAFORM, "/", Scan((_real(os.path.abspath(scanned_file)),)))
    runner, folder, files, runner_filter = arguments
    (scan,) = scans(() if files else (folder,), files, runner_filter)
    return Running(runner.check_type, os.path.abspath(folder), scan)


def scans(directories: Iterable[str], files: Iterable[str], chosen: RunnerFilter) -> Iterator[Scan]:
    """Say what to judge for a command line: checkov scans folder by folder, and files only where no folder is given."""
    options = tuple(os.path.abspath(path) for path in chosen.var_files or ()), named_rules(chosen.checks)
    for directory in directories or ():
        yield Scan((_real(os.path.abspath(directory)),), *options)
    if files and not directories:
        yield Scan(tuple(_real(os.path.abspath(path)) for path in files), *options)


def _arguments(
    frame: FrameType | None,
) -> tuple[BaseRunner[Any, Any, Any], str, Sequence[str], RunnerFilter] | None:
    while frame is not None:
        if frame.f_code.co_name == "run":
            values = frame.f_locals
            runner = values.get("self")
            if isinstance(runner, BaseRunner):
                chosen = values.get("runner_filter") or RunnerFilter()
                return runner, values.get("root_folder") or os.curdir, values.get("files") or (), chosen
        frame = frame.f_back
    return None


@functools.cache
def _real(path: str) -> str:
    return os.path.realpath(path)
