"""`checkov-cloudtrail checkov`: checkov itself, with our checks, and with nothing lost on the way."""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from checkov.common.bridgecrew.check_type import checkov_runners
from checkov.main import Checkov
from checkov.runner_filter import RunnerFilter

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.host import gap, installation, journal
from checkov_cloudtrail.host.journal import Event
from checkov_cloudtrail.host.scan import scans
from checkov_cloudtrail.host.shims import severity, strict_unknown
from checkov_cloudtrail.host.verdicts import Verdicts, analyse
from checkov_cloudtrail.model.deployment import Framework

FRAMEWORKS = ("terraform", "terraform_json", "terraform_plan", "cloudformation")

# A wildcard, not the ids: an id that is named is judged even when the profile leaves it out (docs/checkov.md).
OUR_CHECKS = "CT0*"

_BROKEN_FILE = "Cannot load external check"


def run(arguments: Sequence[str], strict: bool) -> int:
    """Run checkov in this process and give the exit code: checkov's own 0 or 1, or 2 when something got lost.

    Args:
        arguments: checkov's own.
        strict: what checkov's report lacks makes the exit code 2.
    """
    with tempfile.NamedTemporaryFile(prefix="checkov-cloudtrail-", suffix=".jsonl") as file:
        os.environ[journal.VARIABLE] = file.name
        try:
            return _run(arguments, Path(file.name), strict)
        finally:
            del os.environ[journal.VARIABLE]


def complain(text: str) -> None:
    """Say something on stderr; stdout is checkov's report."""
    print(f"checkov-cloudtrail: {text}", file=sys.stderr)


def _run(arguments: Sequence[str], file: Path, strict: bool) -> int:
    sys.argv = ["checkov", *arguments]  # checkov looks for its configuration files by it
    logging.getLogger().addHandler(_Witness())
    checkov = Checkov(list(arguments))
    configure(checkov.config)
    try:
        code = checkov.run() or 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 2
    sys.stdout.flush()
    config = checkov.config
    if not (config.directory or config.file) or config.list:
        return code
    chosen = RunnerFilter(
        framework=config.framework,
        skip_framework=config.skip_framework,
        checks=config.check,
        skip_checks=config.skip_check,
        runners=checkov_runners,
        var_files=config.var_file,
    )
    judged = [analyse(scan) for scan in scans(config.directory, config.file, chosen)]
    events = journal.read(file)
    losses = [*_failures(events, chosen), *_unparsed(judged, checkov)]
    for loss in losses:
        complain(loss)
    found = _gap(judged, config, chosen, events)
    for line in found.lines():
        complain(line)
    return 2 if losses or (strict and found) else code


def configure(config: Namespace) -> None:
    """Load our checks, stay offline, and run only our checks unless the user has chosen some."""
    config.external_checks_dir = [*(config.external_checks_dir or ()), str(installation.checks_dir())]
    config.skip_download = True
    if not config.check:
        config.check = [OUR_CHECKS]
        if config.framework == ["all"]:
            config.framework = [name for name in FRAMEWORKS if name not in (config.skip_framework or ())]
            config.skip_framework = []


class _Witness(logging.Handler):
    """Notes what checkov only logs: a file of checks that it could not load."""

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        message = record.getMessage()
        if message.startswith(_BROKEN_FILE):
            reason = f": {record.exc_info[1]}" if record.exc_info else ""
            journal.write("broken", message=message + reason)


def _failures(events: Sequence[Event], chosen: RunnerFilter) -> Iterator[str]:
    """Find what kept checks from running."""
    for kind in ("broken", "error"):
        yield from dict.fromkeys(event["message"] for event in events if event["event"] == kind)
    ours = {"all", *FRAMEWORKS} & set(chosen.framework)
    if ours and not any(event["event"] == "registered" for event in events):
        yield "checkov has not loaded the checks of this package: run `checkov-cloudtrail doctor`"


def _unparsed(judged: Sequence[Verdicts], checkov: Checkov) -> Iterator[str]:
    """Find the files that could not be read, by the engine and by checkov, which says so in no exit code."""
    named = set()
    for verdicts in judged:
        for error in verdicts.report.errors:
            named.add(os.path.realpath(error.file))
            yield f"{error.file}:{error.line}:{error.column}: error: {error.message}"
    # checkov tries every YAML and JSON file; only those that are judged are of interest.
    known = {path for verdicts in judged for path in verdicts.files}
    for report in checkov.scan_reports:
        for path in report.parsing_errors:
            real = os.path.realpath(path)
            if real in known and real not in named:
                named.add(real)
                yield f"{os.path.relpath(path)}: error: checkov cannot parse this file and reports nothing on it"


def _gap(judged: Sequence[Verdicts], config: Namespace, chosen: RunnerFilter, events: Sequence[Event]) -> gap.Gap:
    severities = {rule.id: severity(rule) for rule in RULES}
    expected = [
        result
        for verdicts in judged
        for result in verdicts.report.results
        if chosen.should_run_check(check_id=result.rule, severity=severities[result.rule])
        and _is_scanned(result.framework, chosen.framework)
        and not any(re.search(pattern, result.range.file) for pattern in config.skip_path or ())
    ]
    asked = [event for event in events if event["event"] == "asked"]
    return gap.compare(expected, asked, any(strict_unknown(verdicts) for verdicts in judged))


def _is_scanned(framework: Framework, frameworks: Iterable[str]) -> bool:
    names = {framework.value, "all"}
    if framework is Framework.TERRAFORM:
        names.add("terraform_json")
    return bool(names & set(frameworks))
