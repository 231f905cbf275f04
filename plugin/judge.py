"""Rules × subjects × cases: everything that is decided about one deployment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from checkov_cloudtrail import cases, summaries
from checkov_cloudtrail.cases import Answer
from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.cloudtrail.accounts import Account, accounts
from checkov_cloudtrail.cloudtrail.verdicts import account_outcome
from checkov_cloudtrail.model.deployment import Case, Deployment, Framework, Scope
from checkov_cloudtrail.model.location import SourceError
from checkov_cloudtrail.model.neighbours import Link
from checkov_cloudtrail.model.report import AccountSummary, Judgement, Result
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject, Verdict
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Resource
from checkov_cloudtrail.options import Options

ALL = "all"
HARDENING = "hardening"
NO_TRAIL = "there is no trail"
NO_REASON = "No comment provided"  # as checkov has it

# What a trail calls the neighbours that rules are about.
_LINKS: Mapping[Subject, str] = {Subject.BUCKET: "bucket", Subject.KEY: "key", Subject.LOG_GROUP: "log_group"}


def selected(options: Options) -> tuple[Rule, ...]:
    """Choose the rules to judge: the selected ones, else the profile's, without the ignored ones."""
    if options.select:
        chosen = [rule for rule in RULES if rule.id in options.select]
    elif options.profile == ALL:
        chosen = list(RULES)
    else:
        profiles = {options.profile} | ({"default"} if options.profile == HARDENING else set())
        chosen = [rule for rule in RULES if rule.profiles & profiles]
    return tuple(rule for rule in chosen if rule.id not in options.ignore)


def judge(deployment: Deployment, options: Options) -> Judgement:
    """Judge a deployment by the rules that the options select."""
    views = [_View(deployment, case, options) for case in deployment.cases]
    others = [_View(deployment, case, options) for case in deployment.alternatives]
    results: list[Result] = []
    faults: dict[str, SourceError] = {}
    for rule in selected(options):
        results += _results(rule, deployment, views, others, faults)
    return Judgement(
        deployment=deployment,
        trails=summaries.trails(deployment),
        event_data_stores=summaries.stores(deployment),
        accounts=tuple(_accounts(deployment, views)),
        results=tuple(results),
        faults=tuple(faults.values()),
    )


@dataclass(slots=True)
class _View:
    """One case with its accounts judged."""

    deployment: Deployment
    case: Case
    options: Options
    context: Context = field(init=False)
    accounts: Mapping[str, Account] = field(init=False)
    compliant: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        deployment, policy = self.deployment, self.options.policy
        self.context = Context(deployment.framework, deployment.root, self.case, policy)
        self.accounts = accounts(deployment.scopes, deployment.root, self.case, policy)
        self.compliant = {key: frozenset(account.compliant) for key, account in self.accounts.items()}

    def level(self, rule: Rule, subject: Any, outcome: Outcome) -> Level:
        """Give the level of a finding: a secondary trail is not a violation."""
        if (
            rule.drops_to_note
            and isinstance(subject, Trail)
            and self.compliant.get(subject.scope, frozenset()) - {subject.address}
        ):
            return Level.NOTE
        return outcome.level or rule.level

    def subjects(self, kind: Subject) -> Iterator[Resource]:
        """Give the resources of a kind that exist, or may."""
        if kind is Subject.TRAIL:
            yield from filter(summaries.may_exist, self.case.trails)
        elif kind is Subject.EVENT_DATA_STORE:
            yield from filter(summaries.may_exist, self.case.event_data_stores)
        else:
            around = self.case.neighbours
            held: Mapping[Subject, Sequence[Resource]] = {
                Subject.BUCKET: around.buckets,
                Subject.KEY: around.keys,
                Subject.LOG_GROUP: around.log_groups,
            }
            reached = {link.address for _, link in self.links(kind)}
            yield from (each for each in held[kind] if each.address in reached and summaries.may_exist(each))

    def links(self, kind: Subject) -> Iterator[tuple[Trail | EventDataStore, Link]]:
        """Give what the trails and event data stores say about their neighbours of a kind."""
        resources: tuple[Trail | EventDataStore, ...] = (*self.case.trails, *self.case.event_data_stores)
        for resource in resources:
            link: Link | None = getattr(resource.links, _LINKS[kind])
            if link is not None and summaries.may_exist(resource):
                yield resource, link


def _results(
    rule: Rule, deployment: Deployment, views: Sequence[_View], others: Sequence[_View], faults: dict[str, SourceError]
) -> Iterator[Result]:
    """Judge everything that a rule is about, one result each."""

    def guarded(subject: Any, view: _View) -> Outcome | None:
        try:
            return rule.evaluate(subject, view.context)
        except Exception as error:  # a broken rule must not hide what the others find
            place = subject.location
            name = subject.key if isinstance(subject, Scope) else subject.address
            message = f"{rule.id} could not judge {name}: {type(error).__name__}: {error}; please report this"
            faults[rule.id] = SourceError(place.file, place.line, place.column, message)
            return None

    skips = {address: resource.skips for address, resource in deployment.resources.items()}
    collect = _account_answers if rule.subject is Subject.ACCOUNT else _resource_answers
    nothing = NO_TRAIL if rule.subject is Subject.ACCOUNT else ""
    found = collect(rule, views, guarded)
    elsewhere = collect(rule, others, guarded)
    for key, answers in found.items():
        answer = cases.merge(answers, nothing)
        if answer is None or answer.outcome is None:
            continue
        outcome = cases.with_alternatives(answer.outcome, elsewhere.get(key, ()))
        if not answer.resource:
            answer = replace(answer, resource=_without_trail(key, deployment.framework))
        skip = next((skip for skip in skips.get(answer.resource, ()) if skip.rule == rule.id), None)
        yield _result(rule, deployment, key, answer, outcome, (skip.reason or NO_REASON) if skip is not None else None)


def _account_answers(
    rule: Rule, views: Iterable[_View], evaluate: Callable[[Any, _View], Outcome | None]
) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for view in views:
        for scope in view.deployment.scopes:
            outcome = evaluate(scope, view)
            resource = _best(view.accounts[scope.key])
            level = outcome.level if outcome is not None and outcome.level is not None else rule.level
            found.setdefault(scope.key, []).append(Answer(view.case.choices, outcome, level, resource))
    return found


def _best(account: Account) -> str:
    """Name an account's best trail."""
    return account.best.trail.address if account.best is not None else ""


def _without_trail(key: str, framework: Framework) -> str:
    """Name what the verdict of an account without a trail is reported on: its provider or template."""
    return "aws.default" if key == "default" and framework is not Framework.CLOUDFORMATION else key


def _resource_answers(
    rule: Rule, views: Iterable[_View], evaluate: Callable[[Any, _View], Outcome | None]
) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for view in views:
        for kind in (rule.subject, *rule.also):
            for subject in view.subjects(kind):
                outcome = evaluate(subject, view)
                if outcome is not None:
                    level = view.level(rule, subject, outcome)
                    answer = Answer(view.case.choices, outcome, level, subject.address)
                    found.setdefault(subject.address, []).append(answer)
            if kind not in _LINKS:
                continue
            for trail, link in view.links(kind):
                if not link.address and isinstance(trail, Trail):
                    message = link.because[:1].upper() + link.because[1:]
                    outcome = Outcome(Verdict.UNKNOWN, message, link.range)
                    answer = Answer(view.case.choices, outcome, rule.level, trail.address)
                    found.setdefault(trail.address, []).append(answer)
    return found


def _result(
    rule: Rule, deployment: Deployment, key: str, answer: Answer, outcome: Outcome, skip_reason: str | None
) -> Result:
    # A rule is about one attribute, so its id stands for it; an account's verdict keeps its identity when another trail
    # becomes the best one.
    identity = "\0".join((rule.id, deployment.root, key))
    return Result(
        rule=rule.id,
        slug=rule.slug,
        verdict=outcome.verdict if skip_reason is None else Verdict.SKIPPED,
        level=answer.level,
        resource=answer.resource,
        deployment=deployment.root,
        framework=deployment.framework,
        range=outcome.range,
        message=outcome.message,
        evidence=outcome.evidence,
        fingerprint=hashlib.sha256(identity.encode()).hexdigest()[:32],
        repair=outcome.repair if skip_reason is None else None,
        skip_reason=skip_reason,
    )


def _accounts(deployment: Deployment, views: Sequence[_View]) -> Iterator[AccountSummary]:
    """Merge the verdict of every account scope, whatever rules are judged."""
    for scope in deployment.scopes:
        answers = []
        for view in views:
            account = view.accounts[scope.key]
            answers.append(Answer(view.case.choices, account_outcome(account), Level.ERROR, _best(account)))
        merged = cases.merge(answers, NO_TRAIL)
        if merged is not None and merged.outcome is not None:
            outcome = merged.outcome
            yield AccountSummary(scope.key, outcome.verdict, merged.resource or None, outcome.reasons)
