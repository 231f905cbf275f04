"""What is wrong with suppressions: one without a reason, and one that suppresses nothing.

Neither changes a verdict. How loud they are is configured: `skip_without_reason` and `unused_skip` are `ignore`,
`warning` (on stderr) or `error` (exit code 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.location import Range, SourceError, UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Judgement
from checkov_cloudtrail.model.values import Skip

# Our ids only: what is meant for checkov's own checks is no business of ours.
_OURS = re.compile(r"CT\d{3}")
_COMMENT = re.compile(r"(?:checkov|bridgecrew|cortex):skip= *([\w,-]+)")


@record
class Remark:
    """Something about one suppression; `kind` is the key that configures it."""

    kind: str
    range: Range
    message: str

    @property
    def text(self) -> str:
        """The remark as one line."""
        return f"{self.range.file}:{self.range.line}: {self.message}"

    @property
    def error(self) -> SourceError:
        """The remark as an error."""
        return SourceError(self.range.file, self.range.line, self.range.column, self.message)


def remarks(judgements: Iterable[Judgement], judged: Iterable[str], known: Iterable[str], files: Files) -> list[Remark]:
    """Find what is wrong with the suppressions in some deployments.

    Args:
        judgements: everything that was judged; a module's suppression may be of use in one root only.
        judged: ids of the rules that were judged: of the others nothing can be said.
        known: ids of all rules.
        files: to find suppressions that belong to no resource.
    """
    judgements = tuple(judgements)
    used = _used(judgements)
    subject = frozenset(judged)
    found = {*_without_reason(used), *_idle(used, subject, frozenset(known))}
    found.update(_outside(judgements, used, subject, files))
    return sorted(found, key=lambda remark: (remark.range, remark.kind))


def _used(judgements: Iterable[Judgement]) -> Mapping[Skip, bool]:
    """Say of each suppression that belongs to a resource whether there is a result that it applies to."""
    used: dict[Skip, bool] = {}
    for judgement in judgements:
        results = {(result.resource, result.rule) for result in judgement.results}
        for address, resource in judgement.deployment.resources.items():
            for skip in resource.skips:
                if _OURS.fullmatch(skip.rule):
                    used[skip] = used.get(skip, False) or (address, skip.rule) in results
    return used


def _without_reason(used: Iterable[Skip]) -> Iterator[Remark]:
    for skip in used:
        if not skip.reason:
            yield Remark("skip_without_reason", skip.range, f"{skip.rule} is skipped without a reason")


def _idle(used: Mapping[Skip, bool], judged: frozenset[str], known: frozenset[str]) -> Iterator[Remark]:
    for skip, is_used in used.items():
        if skip.rule not in known:
            yield Remark("unused_skip", skip.range, f"there is no rule {skip.rule} to skip")
        elif skip.rule in judged and not is_used:
            yield Remark("unused_skip", skip.range, f"there is nothing here that {skip.rule} judges")


def _outside(
    judgements: Iterable[Judgement], used: Iterable[Skip], judged: frozenset[str], files: Files
) -> Iterator[Remark]:
    """Find comments that belong to nothing which is judged: above a block, say, instead of inside."""
    inside = {(skip.range.file, skip.range.line) for skip in used}
    for file in sorted({file for judgement in judgements for file in judgement.deployment.files}):
        if file.endswith(".json"):
            continue  # JSON has no comments
        try:
            text = files.read(file)
        except UnreadableError:
            continue  # an error of its own already
        if b":skip=" not in text:
            continue
        for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
            match = _COMMENT.search(line)
            if match is None or (file, number) in inside:
                continue
            place = Range(file, number, match.start() + 1, number, match.end() + 1)
            for rule in judged.intersection(match[1].split(",")):
                message = f"{rule} is skipped where it judges nothing: a suppression stands inside of what it is about"
                yield Remark("unused_skip", place, message)
