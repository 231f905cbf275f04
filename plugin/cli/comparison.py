"""`check --since`: the same analysis once more, of a revision of the repository."""

from __future__ import annotations

from dataclasses import replace

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.cli.failure import Failure
from checkov_cloudtrail.cli.runs import Run
from checkov_cloudtrail.gittree import GitFiles, RevisionError
from checkov_cloudtrail.model.report import Report
from checkov_cloudtrail.since import compare


def compared(run: Run, report: Report, revision: str, strict_unknown: bool) -> Report:
    """Judge the old side as well and add what got worse to the report of the new one.

    Raises:
        Failure: the revision cannot be read.
    """
    # One process: the objects come through a pipe that cannot be shared.
    options = replace(run.configuration.options, jobs=1)
    named = (*options.parameters, *options.var_files)
    try:
        with GitFiles(run.files.base, revision, run.files, named, run.files.boundary) as files:
            there = tuple(path for path in run.paths if files.is_file(path) or files.is_dir(path))
            old = analyse(there, options, files) if there else Report(())
            since = compare(old, report, revision, files.commit, strict_unknown=strict_unknown)
    except RevisionError as error:
        raise Failure(f"--since: {error}") from error
    unread = tuple(f"{error.file} of {revision} could not be read: {error.message}" for error in old.errors)
    return replace(report, since=since, warnings=(*report.warnings, *unread))
