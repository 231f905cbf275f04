"""Fixes applied to a tree until none is left: in memory, so that a patch can be shown and a mistake costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from checkov_cloudtrail.files import Files, OverlayFiles
from checkov_cloudtrail.model.report import Edit, Fix, Report, Result
from checkov_cloudtrail.model.rule import Verdict

_BOM = b"\xef\xbb\xbf"
# Each round judges again; a fix that needs another one first comes in the next.
MAX_ROUNDS = 20


@dataclass(slots=True)
class Repaired:
    """What came of it.

    Args:
        report: the judgement of the repaired tree.
        before: the content of the files that changed, as it was judged.
        texts: their new content.
        applied: what was repaired, with the place where it was found.
        outside: fixes that were left alone because they would change files that were not named.
    """

    report: Report
    before: dict[str, bytes] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    applied: list[Result] = field(default_factory=list)
    outside: list[Result] = field(default_factory=list)


def repair(
    analyse: Callable[[Files], Report], files: Files, *, unsafe: bool, writable: Callable[[str], bool]
) -> Repaired:
    """Apply fixes, judging again after each round, until nothing can be repaired any more.

    Args:
        analyse: judges a tree.
        files: the tree.
        unsafe: apply unsafe fixes as well.
        writable: tells whether a file may be changed.
    """
    done = Repaired(analyse(files))
    tried: set[tuple[object, ...]] = set()
    for _ in range(MAX_ROUNDS):
        wanted = [
            result
            for result in done.report.results
            if result.verdict is Verdict.FAIL
            and result.fix is not None
            and (result.fix.safe or unsafe)
            and _key(result) not in tried
        ]
        done.outside = [result for result in wanted if not all(map(writable, _files(result)))]
        chosen = _chosen(result for result in wanted if result not in done.outside)
        if not chosen:
            break
        tried.update(map(_key, chosen))
        edits: dict[str, list[Edit]] = {}
        for edit in dict.fromkeys(edit for result in chosen if result.fix for edit in result.fix.edits):
            edits.setdefault(edit.range.file, []).append(edit)
        now = OverlayFiles(files, done.texts)
        done.before = {name: files.read(name) for name in edits} | done.before
        done.texts = done.texts | {name: edited(now.read(name), found) for name, found in edits.items()}
        done.applied += chosen
        done.report = analyse(OverlayFiles(files, done.texts))
    return done


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Apply edits that do not overlap to the bytes of a file; a byte order mark is not counted by their ranges."""
    shift = len(_BOM) if data.startswith(_BOM) else 0
    for edit in sorted(edits, key=lambda edit: edit.range.start_byte, reverse=True):
        start, end = edit.range.start_byte + shift, edit.range.end_byte + shift
        data = data[:start] + edit.text.encode() + data[end:]
    return data


def _key(result: Result) -> tuple[object, ...]:
    return result.deployment, result.resource, result.rule, result.fix and result.fix.edits


def _files(result: Result) -> set[str]:
    return {edit.range.file for edit in result.fix.edits} if result.fix else set()


def _chosen(results: Iterable[Result]) -> list[Result]:
    """Choose fixes that do not touch each other; equal ones, of a module with many callers, count as one.

    Long ones go first: a block that gets two arguments gets the longer name first, and the shorter is aligned with it.
    """
    found = sorted(results, key=lambda result: -sum(len(edit.text) for edit in result.fix.edits) if result.fix else 0)
    taken: dict[str, list[Edit]] = {}
    chosen = []
    for result in found:
        if result.fix is not None and _free(result.fix, taken):
            chosen.append(result)
            for edit in result.fix.edits:
                taken.setdefault(edit.range.file, []).append(edit)
    return chosen


def _free(fix: Fix, taken: Mapping[str, list[Edit]]) -> bool:
    others = {other for edit in fix.edits for other in taken.get(edit.range.file, ())}
    if others.issuperset(fix.edits):
        return True
    return not any(_touch(edit, other) for edit in fix.edits for other in others if edit.range.file == other.range.file)


def _touch(one: Edit, other: Edit) -> bool:
    return one.range.start_byte <= other.range.end_byte and other.range.start_byte <= one.range.end_byte
