"""What got worse between two judgements of the same tree: new findings, and coverage that is gone."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from checkov_cloudtrail.model.coverage import Coverage
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Comparison, Judgement, Loss, Report, Result, StoreSummary, TrailSummary
from checkov_cloudtrail.model.rule import Level, Verdict

# The words of the JSON report, from worst to best. What is unknown now and was good before is a loss as well.
_RANKS = (
    ("false", "unknown", "true"),
    ("no", "unknown", "yes"),
    ("none", "partial", "unknown", "all"),
    ("fail", "unknown", "pass"),
)
_LEVELS = (Level.NOTE, Level.WARNING, Level.ERROR)

# attribute: (what is over, what cannot be told any more)
_SWITCHES = {
    "logging": ("stopped logging", "logs"),
    "multi_region": ("stopped being multi-Region", "is multi-Region"),
    "organization": ("stopped covering the organization", "covers the organization"),
    "log_file_validation": ("stopped validating its log files", "validates its log files"),
    "global_service_events": ("stopped recording global service events", "records global service events"),
}


@record
class _Subject:
    """A trail or event data store of one side, with the words that describe it."""

    deployment: str
    address: str
    kind: str
    range: Range
    words: Mapping[str, str]
    other_data: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str]:
        return self.deployment, self.address

    def word(self, attribute: str) -> str:
        """Give the word for an attribute that perhaps only the other side names."""
        if attribute.startswith("management_events of "):
            return self.words.get(attribute, "all")
        return self.words.get(attribute) or self.other_data[attribute.rpartition(".")[2]]


def compare(old: Report, new: Report, revision: str, commit: str, *, strict_unknown: bool = False) -> Comparison:
    """Find what got worse.

    Args:
        old: the judgement of the old side.
        new: the judgement of the new side.
        revision: as the user named the old side.
        commit: what was judged as the old side.
        strict_unknown: unknown counts as failed.
    """
    before, after = _subjects(old), _subjects(new)
    names = _renamed(before, after)
    counted = {Verdict.FAIL, Verdict.UNKNOWN} if strict_unknown else {Verdict.FAIL}
    lost = (*_losses(before, after, names), *_accounts(old, new))
    return Comparison(revision, commit, _new_results(old, new, names, counted), lost)


def narrowed(report: Report) -> Report:
    """Leave only new findings in a report that was compared; accounts and errors stay."""
    if report.since is None:
        return report
    new = set(map(_key, report.since.new))
    judgements = tuple(
        replace(judgement, results=tuple(result for result in judgement.results if _key(result) in new))
        for judgement in report.judgements
    )
    return replace(report, judgements=judgements)


def _key(result: Result) -> tuple[str, str, str, Verdict]:
    return result.rule, result.deployment, result.resource, result.verdict


def _new_results(
    old: Report, new: Report, names: Mapping[tuple[str, str], tuple[str, str]], counted: Container[Verdict]
) -> tuple[Result, ...]:
    known: dict[tuple[str, str, str], int] = {}
    for result in old.results:
        if result.verdict in counted:
            deployment, resource = names.get((result.deployment, result.resource), (result.deployment, result.resource))
            key = (result.rule, deployment, resource)
            known[key] = max(known.get(key, 0), _LEVELS.index(result.level))
    return tuple(
        result
        for result in new.results
        if result.verdict in counted
        and known.get((result.rule, result.deployment, result.resource), -1) < _LEVELS.index(result.level)
    )


def _subjects(report: Report) -> dict[tuple[str, str], _Subject]:
    found = [
        _subject(judgement, summary, kind)
        for judgement in report.judgements
        for kind, summaries in (("trail", judgement.trails), ("event data store", judgement.event_data_stores))
        for summary in summaries
        if summary.exists != "no"
    ]
    return {subject.key: subject for subject in found}


def _subject(judgement: Judgement, summary: TrailSummary | StoreSummary, kind: str) -> _Subject:
    words = {"exists": summary.exists}
    if isinstance(summary, TrailSummary):
        words |= {name: getattr(summary, name) for name in _SWITCHES}
        kind = "organization trail" if summary.organization == "true" else kind
    words |= dict(_coverage(summary.coverage))
    other = summary.coverage.other_data
    other_data = {"read": other.read.value, "write": other.write.value}
    return _Subject(judgement.deployment.root, summary.address, kind, summary.range, words, other_data)


def _coverage(coverage: Coverage) -> Iterator[tuple[str, str]]:
    management = coverage.management
    yield "management_events.read", management.read.value
    yield "management_events.write", management.write.value
    for source in (*management.excluded_sources, *management.unknown_sources):
        yield f"management_events of {source}", "none" if source in management.excluded_sources else "unknown"
    for kind, data in coverage.data.items():
        yield f"data_events.{kind}.read", data.read.value
        yield f"data_events.{kind}.write", data.write.value


def _renamed(
    before: Mapping[tuple[str, str], _Subject], after: Mapping[tuple[str, str], _Subject]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Pair what is only on one side: moved to another directory, or the only one that changed its name."""
    gone = [key for key in before if key not in after]
    come = [key for key in after if key not in before]
    pairs = {}
    for key in gone:
        moved = [other for other in come if other[1] == key[1]]
        renamed = [other for other in come if other[0] == key[0]]
        alone = len([other for other in gone if other[0] == key[0]]) == 1
        if len(moved) == 1 and len([other for other in gone if other[1] == key[1]]) == 1:
            pairs[key] = moved[0]
        elif len(renamed) == 1 and alone and before[key].kind.split()[-1] == after[renamed[0]].kind.split()[-1]:
            pairs[key] = renamed[0]
    return pairs


def _losses(
    before: Mapping[tuple[str, str], _Subject],
    after: Mapping[tuple[str, str], _Subject],
    names: Mapping[tuple[str, str], tuple[str, str]],
) -> Iterator[Loss]:
    for key, old in before.items():
        new = after.get(names.get(key, key))
        if new is None:
            message = f"the {old.kind} {old.address} is gone"
            yield Loss(old.deployment, old.address, "exists", old.words["exists"], "no", message)
            continue
        for attribute in {**old.words, **new.words}:
            was, now = old.word(attribute), new.word(attribute)
            if _worse(was, now):
                message = f"the {old.kind} {new.address} {_what(attribute, now)}"
                yield Loss(new.deployment, new.address, attribute, was, now, message, new.range)


def _worse(before: str, after: str) -> bool:
    ranks = next(ranks for ranks in _RANKS if before in ranks and after in ranks)
    return ranks.index(after) < ranks.index(before)


def _what(attribute: str, now: str) -> str:
    """Say what a worse word means, as the end of a sentence."""
    if attribute == "exists":
        return "may not exist any more"
    if attribute in _SWITCHES:
        stopped, doing = _SWITCHES[attribute]
        return stopped if now == "false" else f"may have {stopped}: it cannot be told any more whether it {doing}"
    events = _events(attribute)
    return {
        "none": f"stopped recording {events}",
        "partial": f"records only a part of the {events}",
        "unknown": f"may have stopped recording {events}: it cannot be told any more",
    }[now]


def _events(attribute: str) -> str:
    if attribute.startswith("management_events of "):
        return f"management events of {attribute.removeprefix('management_events of ')}"
    kind, _, half = attribute.rpartition(".")
    if kind == "management_events":
        return f"{half}s"
    return f"{half}s of {kind.removeprefix('data_events.')}"


def _accounts(old: Report, new: Report) -> Iterator[Loss]:
    before = {(j.deployment.root, a.scope): a for j in old.judgements for a in j.accounts}
    for judgement in new.judgements:
        for account in judgement.accounts:
            was = before.get((judgement.deployment.root, account.scope))
            if was is None or not _worse(was.verdict.value, account.verdict.value):
                continue
            why = f": {', '.join(account.reasons)}" if account.reasons else ""
            answer = "has no compliant trail any more" if account.verdict is Verdict.FAIL else "may have lost its trail"
            yield Loss(
                judgement.deployment.root,
                account.scope,
                "verdict",
                was.verdict.value,
                account.verdict.value,
                f"the account {account.scope} {answer}{why}",
            )
