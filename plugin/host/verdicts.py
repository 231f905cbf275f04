"""The engine's verdicts by file and address, for a host that asks about one resource at a time."""

from __future__ import annotations

import enum
import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


@record
class Finding:
    """A result, with the file that its resource is written in (which may differ from the place of the finding)."""

    result: Result
    file: str
    on_resource: bool


@record
class Answer:
    """The verdict for one rule and entity, with the results behind it.

    Args:
        verdict: the worst of `findings`; None when the rule has nothing to say about the entity.
    """

    verdict: Verdict | None
    level: Level = Level.ERROR
    message: str = ""
    skip_reason: str = ""
    findings: tuple[Finding, ...] = ()


NOTHING = Answer(None)

# One row of checkov's may stand for several results (the same module in several roots): the worst one is shown.
_WORST_FIRST = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.PASS)


@record
class Verdicts:
    """The report on one scan, ready to be asked.

    Args:
        strict_unknown: what the configuration file says.
        findings: by the file that the resource is written in.
        files: what the analysis has read. All paths are absolute, links resolved.
    """

    report: Report
    strict_unknown: bool
    findings: Mapping[str, tuple[Finding, ...]]
    files: frozenset[str]

    def ask(self, rule: str, entity: Entity) -> Answer:
        """Give the verdict of one rule on one entity."""
        here = [finding for finding in self.findings.get(entity.file, ()) if finding.result.rule == rule]
        findings = tuple(_about(entity, here))
        if not findings:
            return NOTHING
        worst = min((finding.result for finding in findings), key=_badness)
        return Answer(worst.verdict, worst.level, worst.message, worst.skip_reason or "", findings)


def ask(scan: Scan, rule: str, entity: Entity) -> Answer:
    """Give the verdict of one rule on one entity of a scan.

    A file that the analysis of the whole scan does not reach (git ignores it, or a discovery rule leaves it out) is
    judged by itself, since checkov has chosen to scan it.
    """
    verdicts = analyse(scan)
    if entity.file not in verdicts.files:
        verdicts = analyse(replace(scan, paths=(entity.file,)))
    return verdicts.ask(rule, entity)


def analyse(scan: Scan) -> Verdicts:
    """Judge what a scan covers, once: a failure is remembered as well, and raised again.

    Raises:
        ConfigurationError: the configuration file cannot be used.
    """
    outcome = _attempt(scan)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


@functools.cache
def _attempt(scan: Scan) -> Verdicts | Exception:
    try:
        return _analyse(scan)
    except Exception as error:  # whatever it is, it is reported by each check that asks
        return error


def _analyse(scan: Scan) -> Verdicts:
    base = Path.cwd()
    start = Path(scan.paths[0])
    folder = start if start.is_dir() else start.parent
    found = config.find(folder)
    configuration = config.load(found, base) if found else config.Configuration()
    options = replace(
        configuration.options,
        inputs=(*configuration.options.inputs, *(VarFile(_relative(path, base)) for path in scan.var_files)),
        environment={name: value for name, value in os.environ.items() if name.startswith("TF_VAR_")},
    )
    if scan.named:
        options = replace(options, select=(*api.selected(options), *scan.named))
    files = DiskFiles(base, boundary(folder, base))
    report = api.analyse([_relative(path, base) for path in scan.paths], options, files)
    return Verdicts(
        report=report,
        strict_unknown=configuration.strict_unknown,
        findings=_by_file(_findings(report, base)),
        files=frozenset(
            os.path.realpath(base / path) for judgement in report.judgements for path in judgement.deployment.files
        ),
    )


def named_rules(patterns: Iterable[str]) -> tuple[str, ...]:
    """Pick the rule ids that `--check` names outright; a wildcard selects among what the profile judges."""
    known = {rule.id for rule in RULES}
    return tuple(pattern for pattern in patterns if pattern in known)


def _findings(report: Report, base: Path) -> Iterator[Finding]:
    for judgement in report.judgements:
        known = judgement.deployment.resources
        for result in judgement.results:
            resource = known.get(result.resource)
            file = resource.block.file if resource else result.range.file
            yield Finding(result, os.path.realpath(base / file), resource is not None)


def _by_file(findings: Iterable[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        found[finding.file] = (*found.get(finding.file, ()), finding)
    return found


def _about(entity: Entity, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Pick the findings of its file that an entity of checkov's stands for."""
    if entity.kind is Kind.PROVIDER:
        yield from (finding for finding in findings if not finding.on_resource and _is_provider(entity, finding.result))
        return
    here = [finding for finding in findings if finding.on_resource]
    known = tuple(dict.fromkeys(finding.result.resource for finding in here))
    if entity.kind is Kind.LOGICAL_ID:
        meant = tuple(address for address in known if address.rpartition("/")[2] == entity.address)
    elif entity.kind is Kind.JSON_RESOURCE:
        meant = addresses.in_file(entity.address, known)
    else:
        meant = addresses.matching(entity.address, known)
    yield from (finding for finding in here if finding.result.resource in meant)


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
