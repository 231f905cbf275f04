"""What the engine answers: the one structure that every renderer, the editor and checkov read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from checkov_cloudtrail.model.coverage import Coverage, Extent
from checkov_cloudtrail.model.deployment import Deployment, Framework
from checkov_cloudtrail.model.location import Range, SourceError, Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.rule import Level, Repair, Verdict


@record
class Edit:
    """Replace the bytes of `range` (empty to insert) with `text`."""

    range: Range
    text: str


@record
class Fix:
    """A repair as text edits in the user's files; safe ones are applied by `fix`, others are offered by name."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


@record(kw_only=True)
class Result:
    """One rule on one resource, over all cases of its deployment (contract 2, `results`)."""

    rule: str
    slug: str
    verdict: Verdict
    level: Level
    resource: str
    deployment: str
    framework: Framework
    range: Range
    message: str
    evidence: tuple[Step, ...] = ()
    fingerprint: str = ""
    repair: Repair | None = None
    fix: Fix | None = None
    skip_reason: str | None = None


@record(kw_only=True)
class TrailSummary:
    """A trail over all cases (contract 2, `trails`); the words are those of the JSON report."""

    address: str
    range: Range
    block: Range
    scope: str
    exists: str
    multi_region: str
    organization: str
    logging: str
    log_file_validation: str
    global_service_events: str
    coverage: Coverage


@record(kw_only=True)
class StoreSummary:
    """An event data store over all cases."""

    address: str
    range: Range
    block: Range
    scope: str
    exists: str
    coverage: Coverage


@record
class AccountSummary:
    """CT001's answer for one account scope; `trail` is its best trail's address."""

    scope: str
    verdict: Verdict
    trail: str | None
    reasons: tuple[str, ...]


@record
class Judgement:
    """A deployment and everything decided about it. `faults`: rules that broke, also in `Report.errors`."""

    deployment: Deployment
    trails: tuple[TrailSummary, ...]
    event_data_stores: tuple[StoreSummary, ...]
    accounts: tuple[AccountSummary, ...]
    results: tuple[Result, ...]
    faults: tuple[SourceError, ...] = ()


@record
class Loss:
    """Coverage that a change takes away (`check --since`).

    Args:
        deployment: where, as `Deployment.root`.
        subject: address of the trail or event data store, or the account's scope.
        attribute: `exists`, `multi_region`, `management_events.read`, `data_events.AWS::S3::Object.write`, …;
            `verdict` of an account.
        before: the word of the JSON report on the old side.
        after: the word on the new side.
        message: what that means, one sentence.
        range: the trail on the new side; None where it is gone.
    """

    deployment: str
    subject: str
    attribute: str
    before: str
    after: str
    message: str
    range: Range | None = None


@record
class Comparison:
    """What got worse since a revision.

    Args:
        revision: as the user named it.
        commit: what was judged as the old side.
        new: failures that the old side did not have.
        lost: coverage that the old side had.
    """

    revision: str
    commit: str
    new: tuple[Result, ...]
    lost: tuple[Loss, ...]


@record
class Report:
    """The whole answer.

    Args:
        judgements: every deployment.
        errors: what could not be read, and suppressions that are configured to be errors.
        warnings: remarks about the run.
        sources: the text of the files that results point into, by `Range.file`.
        since: what got worse, with `check --since`.
        unread: the files that could not be read, or not in whole; each has an error.
    """

    judgements: tuple[Judgement, ...]
    errors: tuple[SourceError, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: Mapping[str, str] | None = None
    since: Comparison | None = None
    unread: frozenset[str] = frozenset()

    @property
    def results(self) -> tuple[Result, ...]:
        """All results, by file, line and rule."""
        found = [result for judgement in self.judgements for result in judgement.results]
        return tuple(sorted(found, key=lambda r: (r.range.file, r.range.line, r.range.column, r.rule, r.resource)))

    @property
    def summary(self) -> dict[str, int]:
        """The counts of contract 2."""
        counts = Counter(result.verdict.value for result in self.results)
        return {verdict.value: counts[verdict.value] for verdict in Verdict} | {"errors": len(self.errors)}


__all__ = [
    "AccountSummary",
    "Comparison",
    "Edit",
    "Extent",
    "Fix",
    "Judgement",
    "Loss",
    "Report",
    "Result",
    "StoreSummary",
    "TrailSummary",
]
