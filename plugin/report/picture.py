"""A trail or event data store with what is around it, as a small tree: each neighbour with its verdicts."""

from __future__ import annotations

from collections.abc import Iterator

from checkov_cloudtrail.model.deployment import Case
from checkov_cloudtrail.model.neighbours import Link, Links
from checkov_cloudtrail.model.report import Judgement, Result
from checkov_cloudtrail.model.rule import Verdict
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.report.lines import Line
from checkov_cloudtrail.report.visible import visible

_ORDER = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.PASS)


def picture(judgement: Judgement, address: str) -> Iterator[Line]:
    """Draw the tree of every trail and store that is, or reaches, the resource at an address.

    Args:
        judgement: the deployment.
        address: a trail, an event data store, or one of their neighbours.
    """
    drawn: set[str] = set()
    for case in judgement.deployment.cases:
        subjects: tuple[Trail | EventDataStore, ...] = (*case.trails, *case.event_data_stores)
        for subject in subjects:
            around = _around(subject.links)
            reached = {link.address for _, link in around}
            if around and subject.address not in drawn and address in {subject.address, *reached}:
                drawn.add(subject.address)
                yield from _tree(judgement, case, subject, around)
                yield []


def _around(links: Links) -> list[tuple[str, Link]]:
    """Give the neighbours that are named, with what they are."""
    named = (
        ("bucket", links.bucket),
        ("key", links.key),
        ("log group", links.log_group),
        ("role", links.role),
        ("topic", links.topic),
    )
    return [(what, link) for what, link in named if link is not None]


def _tree(
    judgement: Judgement, case: Case, subject: Trail | EventDataStore, around: list[tuple[str, Link]]
) -> Iterator[Line]:
    yield [("  ", ""), (visible(subject.address), "message"), _place(subject.location.file, subject.location.line)]
    yield from _verdicts(judgement, subject.address, "  │ ")
    resources = {resource.address: resource for resource in case.resources}
    for at, (what, link) in enumerate(around):
        last = at == len(around) - 1
        branch: Line = [("  └─ " if last else "  ├─ ", "frame"), (f"{what} ", "")]
        found = resources.get(link.address)
        if found is None:
            yield [*branch, (visible(link.because), "unknown"), _place(link.range.file, link.range.line)]
            continue
        yield [*branch, (visible(found.address), "message"), _place(found.location.file, found.location.line)]
        yield from _verdicts(judgement, found.address, "     " if last else "  │  ")


def _place(file: str, line: int) -> tuple[str, str]:
    return visible(f"  {file}:{line}"), "place"


def _verdicts(judgement: Judgement, address: str, margin: str) -> Iterator[Line]:
    """Write one line for each verdict, the passes together on the last one."""
    results = [result for result in judgement.results if result.resource == address]
    results.sort(key=lambda result: (_ORDER.index(result.verdict), result.rule))
    passed = [result.rule for result in results if result.verdict is Verdict.PASS]
    for result in results:
        if result.verdict is not Verdict.PASS:
            yield [(f"{margin}  ", "frame"), *_verdict(result)]
    if passed:
        yield [(f"{margin}  ", "frame"), (f"{'PASS':<8} ", "pass"), (" ".join(passed), "")]


def _verdict(result: Result) -> Line:
    word = result.verdict.value
    return [(f"{word.upper():<8} ", word), (f"{result.rule} {result.slug}", "")]
