"""The engine's verdicts by file and address, for a host that asks about one resource at a time."""

from __future__ import annotations

import enum
import functools
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from checkov_cloudtrail import api, config
from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.files import DiskFiles, boundary
from checkov_cloudtrail.host import addresses
from checkov_cloudtrail.model.deployment import Framework
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Level, Verdict
from checkov_cloudtrail.options import VarFile


class Kind(enum.Enum):
    """How checkov names what it asks about."""

    RESOURCE = "resource"
    """A Terraform resource in source or plan, by its full address."""
    JSON_RESOURCE = "terraform json resource"
    """A resource of a `.tf.json` file, by type and name only."""
    PROVIDER = "provider"
    """A provider block, by its lines in source and by `aws.alias` in a plan."""
    LOGICAL_ID = "logical id"
    """A resource of a template."""


@record
class Entity:
    """What checkov asks about.

    Args:
        file: absolute path.
        lines: first and last line of the block.
    """

    kind: Kind
    file: str
    address: str
    lines: tuple[int, int] = (0, 0)


@record
class Scan:
    """What checkov was told to scan, as far as the engine has to know it.

    Args:
        paths: the directory of `-d`, or the files of `-f`; absolute.
        var_files: `--var-file`.
        named: rule ids that `--check` names: they are judged whatever the profile says.
    """

    paths: tuple[str, ...]
    var_files: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class BrokenError(Exception):
    """Something went wrong inside of the engine; the text is the engine's own."""


@record
class Answer:
    """The verdict for one rule and entity, with the results behind it.

    Args:
        verdict: the worst of `results`; None when the rule has nothing to say about the entity.
    """

    verdict: Verdict | None
    level: Level = Level.ERROR
    message: str = ""
    skip_reason: str = ""
    results: tuple[Result, ...] = ()


NOTHING = Answer(None)

# One row of checkov's may stand for several results (the same module in several roots): the worst one is shown.
_WORST_FIRST = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.PASS)


@record
class Written:
    """What is written in one file. Results may point elsewhere: a bucket's, at the resource that opens it.

    Args:
        addresses: every resource that the engine knows here, in every deployment.
        results: by rule, those of the resources.
        accounts: by rule, those that are on no resource but on a provider or a template.
    """

    addresses: dict[str, None]
    results: dict[str, list[Result]]
    accounts: dict[str, list[Result]]


@record
class Verdicts:
    """The report on one scan, ready to be asked.

    Args:
        strict_unknown: what the configuration file says.
        written: by file. Files are absolute, links resolved.
        files: what the analysis has read.
        base: what the paths in the report are relative to.
    """

    report: Report
    strict_unknown: bool
    written: Mapping[str, Written]
    files: frozenset[str]
    base: Path

    def ask(self, rule: str, entity: Entity) -> Answer:
        """Give the verdict of one rule on one entity.

        Raises:
            BrokenError: the engine could not judge it.
        """
        here = self.written.get(entity.file)
        results = tuple(_about(rule, entity, here)) if here else ()
        if not results:
            self._complain(rule, entity)
            return NOTHING
        worst = min(results, key=_badness)
        return Answer(worst.verdict, worst.level, worst.message, worst.skip_reason or "", results)

    def _complain(self, rule: str, entity: Entity) -> None:
        """Tell a verdict that got lost from one that there is no need for."""
        for judgement in self.report.judgements:
            for fault in judgement.faults:
                read = judgement.deployment.files
                if fault.message.startswith(f"{rule} ") and entity.file in {self._absolute(path) for path in read}:
                    raise BrokenError(fault.message)
        if entity.file not in self.files:
            for error in self.report.errors:
                place = self._absolute(error.file)
                if error.message.startswith("internal error") and place in (entity.file, os.path.dirname(entity.file)):
                    raise BrokenError(error.message)

    def _absolute(self, path: str) -> str:
        return os.path.realpath(self.base / path)


def ask(scan: Scan, rule: str, entity: Entity) -> Answer:
    """Give the verdict of one rule on one entity of a scan.

    A file that the analysis of the whole scan does not reach is judged by itself: git ignores it, say, but checkov has
    chosen to scan it. Mostly it is a file that has nothing to do with CloudTrail, which is cheap to see.

    Raises:
        BrokenError: the engine could not judge it.
        ConfigurationError: the configuration file cannot be used.
    """
    engine = _engine(scan)
    verdicts = engine.judge(scan.paths)
    if entity.file not in verdicts.files:
        verdicts = engine.judge((entity.file,))
    return verdicts.ask(rule, entity)


def analyse(scan: Scan) -> Verdicts:
    """Judge what a scan covers, once.

    Raises:
        ConfigurationError: the configuration file cannot be used.
    """
    return _engine(scan).judge(scan.paths)


class _Engine:
    """The engine as one scan has configured it."""

    def __init__(self, scan: Scan) -> None:
        self.base = Path.cwd()
        start = Path(scan.paths[0])
        folder = start if start.is_dir() else start.parent
        found = config.find(folder)
        self.configuration = config.load(found, self.base) if found else config.Configuration()
        options = self.configuration.options
        self.options = replace(
            options,
            inputs=(*options.inputs, *(VarFile(_relative(path, self.base)) for path in scan.var_files)),
            environment={name: value for name, value in os.environ.items() if name.startswith("TF_VAR_")},
        )
        if scan.named:
            self.options = replace(self.options, select=(*api.selected(options), *scan.named))
        self.files = DiskFiles(self.base, boundary(folder, self.base))
        self.session = api.Session()
        self.judged: dict[tuple[str, ...], Verdicts | Exception] = {}

    def judge(self, paths: tuple[str, ...]) -> Verdicts:
        """Judge files or directories, once: a failure is remembered as well, and raised again."""
        if paths not in self.judged:
            try:
                self.judged[paths] = self._judge(paths)
            except Exception as error:  # whatever it is, it is reported by each check that asks
                self.judged[paths] = error
        outcome = self.judged[paths]
        if isinstance(outcome, Exception):
            # An exception that is raised again and again collects the traceback of every time.
            raise outcome.with_traceback(None)
        return outcome

    def _judge(self, paths: tuple[str, ...]) -> Verdicts:
        report = self.session.analyse([_relative(path, self.base) for path in paths], self.options, self.files)
        return Verdicts(
            report=report,
            strict_unknown=self.configuration.strict_unknown,
            written=_written(report, self.base),
            files=frozenset(
                os.path.realpath(self.base / path)
                for judgement in report.judgements
                for path in judgement.deployment.files
            ),
            base=self.base,
        )


@functools.cache
def _engine(scan: Scan) -> _Engine:
    return _Engine(scan)


def named_rules(patterns: Iterable[str]) -> tuple[str, ...]:
    """Pick the rule ids that `--check` names outright; a wildcard selects among what the profile judges."""
    known = {rule.id for rule in RULES}
    return tuple(pattern for pattern in patterns if pattern in known)


def _written(report: Report, base: Path) -> Mapping[str, Written]:
    found: defaultdict[str, Written] = defaultdict(lambda: Written({}, defaultdict(list), defaultdict(list)))
    for judgement in report.judgements:
        known = judgement.deployment.resources
        for address, resource in known.items():
            found[os.path.realpath(base / resource.block.file)].addresses[address] = None
        for result in judgement.results:
            if result.resource in known:
                file = os.path.realpath(base / known[result.resource].block.file)
                found[file].results[result.rule].append(result)
            else:
                found[os.path.realpath(base / result.range.file)].accounts[result.rule].append(result)
    return found


def _about(rule: str, entity: Entity, here: Written) -> Iterator[Result]:
    """Pick the results in its file that an entity of checkov's stands for."""
    if entity.kind is Kind.PROVIDER:
        yield from (result for result in here.accounts.get(rule, ()) if _is_provider(entity, result))
        return
    if rule not in here.results:
        return
    meant: Iterable[str]
    if entity.kind is Kind.LOGICAL_ID:
        meant = [address for address in here.addresses if address.rpartition("/")[2] == entity.address]
    elif entity.kind is Kind.JSON_RESOURCE:
        meant = addresses.in_file(entity.address, here.addresses)
    else:
        meant = addresses.matching(entity.address, here.addresses)
    yield from (result for result in here.results[rule] if result.resource in meant)


def _is_provider(entity: Entity, result: Result) -> bool:
    if result.framework is Framework.TERRAFORM_PLAN:
        # A plan does not say where its providers are written; checkov counts them as `aws.default`, `aws.audit`.
        return entity.address.removesuffix(".default") in (result.resource, result.resource.removesuffix(".default"))
    first, last = entity.lines
    return first <= result.range.line <= last


def _badness(result: Result) -> tuple[int, int]:
    levels = tuple(Level)
    return _WORST_FIRST.index(result.verdict), levels.index(result.level)


def _relative(path: str, base: Path) -> str:
    return os.path.relpath(path, base).replace(os.sep, "/")
