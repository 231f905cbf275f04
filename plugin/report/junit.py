"""JUnit XML: one suite for each deployment, one case for each rule and resource, passes included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from checkov_cloudtrail.model.location import SourceError
from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Rule, Verdict
from checkov_cloudtrail.report.repository import in_repository

# What XML 1.0 cannot hold, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, *, rules: Iterable[Rule] = (), prefix: str = ".", strict_unknown: bool = False) -> str:
    """Write test suites. Suppressed and undecided cases are skipped ones.

    Args:
        report: the analysis.
        rules: not needed.
        prefix: the working directory of the analysis, relative to the repository.
        strict_unknown: unknown counts as failed.
    """
    root = ElementTree.Element("testsuites", name="checkov-cloudtrail")
    for judgement in report.judgements:
        results = sorted(judgement.results, key=lambda r: (r.range.file, r.range.line, r.rule, r.resource))
        _suite(root, in_repository(judgement.deployment.root, prefix), results, prefix, strict_unknown)
    if report.errors:
        _unreadable(root, report.errors, prefix)
    _total(root, list(root))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ElementTree.Element, name: str, results: Sequence[Result], prefix: str, strict_unknown: bool) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_text(name), hostname="")
    counts = {"failures": 0, "skipped": 0, "errors": 0}
    for result in results:
        case = _case(suite, in_repository(result.range.file, prefix), result.range.line)
        case.set("name", _text(f"{result.rule} {result.slug} {result.resource}"))
        if result.verdict is Verdict.FAIL or (strict_unknown and result.verdict is Verdict.UNKNOWN):
            counts["failures"] += 1
            failure = ElementTree.SubElement(case, "failure", message=_text(result.message), type=result.level.value)
            failure.text = _text(_details(result, prefix))
        elif result.verdict is not Verdict.PASS:
            counts["skipped"] += 1
            reason = result.skip_reason or "" if result.verdict is Verdict.SKIPPED else result.message
            ElementTree.SubElement(case, "skipped", message=_text(f"{result.verdict.value}: {reason}"))
    _count(suite, tests=len(results), **counts)


def _unreadable(root: ElementTree.Element, errors: Sequence[SourceError], prefix: str) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name="unreadable files", hostname="")
    for error in errors:
        path = in_repository(error.file, prefix)
        case = _case(suite, path, error.line)
        case.set("name", _text(f"read {path}:{error.line}:{error.column}"))
        ElementTree.SubElement(case, "error", message=_text(error.message), type="unreadable")
    _count(suite, tests=len(errors), failures=0, skipped=0, errors=len(errors))


def _case(suite: ElementTree.Element, path: str, line: int) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=_text(path), file=_text(path), line=str(line), time="0")


def _details(result: Result, prefix: str) -> str:
    lines = [f"{in_repository(result.range.file, prefix)}:{result.range.line}:{result.range.column}"]
    lines += [f"{in_repository(s.range.file, prefix)}:{s.range.line}: {s.text}" for s in result.evidence]
    return "\n".join(lines)


def _count(suite: ElementTree.Element, **counts: int) -> None:
    for name, count in counts.items():
        suite.set(name, str(count))
    suite.set("time", "0")


def _total(root: ElementTree.Element, suites: Sequence[ElementTree.Element]) -> None:
    names = ("tests", "failures", "skipped", "errors")
    _count(root, **{name: sum(int(suite.get(name, "0")) for suite in suites) for name in names})


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
