"""Judging: over all cases, with skips, levels, neighbours, and rules that break."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import api_shapes as shapes
import pytest

from checkov_cloudtrail import judge as judging
from checkov_cloudtrail.judge import judge, selected
from checkov_cloudtrail.model.deployment import Case, Deployment, Framework, Scope, Unseen
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.neighbours import Link, Links
from checkov_cloudtrail.model.report import AccountSummary, Judgement, Result
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Policy, Verdict
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Skip
from checkov_cloudtrail.options import Options

PLACE = Range("main.tf")
GOOD: dict[str, Any] = {"IsMultiRegionTrail": True}
BAD: dict[str, Any] = {}
UNKNOWN: dict[str, Any] = {"IsMultiRegionTrail": {"$unknown": "var.multi"}}
ORGANIZATION = GOOD | {"IsOrganizationTrail": True}
DEFAULT = Scope("default", PLACE)


def deployment(*cases: Case, scopes: tuple[Scope, ...] = (DEFAULT,), root: str = ".") -> Deployment:
    return Deployment(root, Framework.TERRAFORM, scopes, cases or (Case(),))


def case(*trails: Trail, choices: tuple[str, ...] = (), unseen: tuple[Unseen, ...] = ()) -> Case:
    return Case(choices, trails, unseen=unseen)


def one(judgement: Judgement, rule: str, resource: str = "aws_cloudtrail.main") -> Result:
    (found,) = (r for r in judgement.results if r.rule == rule and r.resource == resource)
    return found


def account(*cases: Case, policy: Policy | None = None, **given: Any) -> AccountSummary | None:
    found = judge(deployment(*cases, **given), replace(Options(), policy=policy or Policy())).accounts
    return found[0] if found else None


# name, what each case holds (None: no trail), verdict
ACCOUNTS = [
    ("a good trail", [GOOD], Verdict.PASS),
    ("a bad trail", [BAD], Verdict.FAIL),
    ("good in every case", [GOOD, GOOD], Verdict.PASS),
    ("good in one case", [GOOD, BAD], Verdict.UNKNOWN),
    ("good or not there", [GOOD, None], Verdict.UNKNOWN),
    ("bad or not there", [BAD, None], Verdict.FAIL),
    ("unknown or bad", [UNKNOWN, BAD], Verdict.UNKNOWN),
    ("never there", [None, None], None),
]


@pytest.mark.parametrize(("name", "held", "verdict"), ACCOUNTS, ids=[each[0] for each in ACCOUNTS])
def test_accounts_over_cases(name: str, held: list[dict[str, Any] | None], verdict: Verdict | None) -> None:
    cases = [
        case(*([] if given is None else [shapes.trail(given)]), choices=(f"var.env = {number}",))
        for number, given in enumerate(held)
    ]
    found = account(*cases)
    assert (found.verdict if found else None) is verdict


def test_cases_that_disagree_name_a_witness_of_each_side() -> None:
    cases = (
        case(shapes.trail(BAD), choices=("Env = dev", "Size = small")),
        case(shapes.trail(GOOD), choices=("Env = prod", "Size = small")),
    )
    result = one(judge(deployment(*cases), Options()), "CT002")
    assert result.verdict is Verdict.UNKNOWN
    assert result.message.startswith(
        "It depends: fails when Env = dev, passes when Env = prod. The trail is single-Region"
    )
    assert result.repair is None


def test_alternatives_only_add_evidence() -> None:
    whole = replace(
        deployment(case(shapes.trail(GOOD))), alternatives=(case(shapes.trail(BAD), choices=("Env = dev",)),)
    )
    judgement = judge(whole, Options())
    result = one(judgement, "CT002")
    assert result.verdict is Verdict.PASS
    assert result.evidence[-1].text.startswith("fails when Env = dev: The trail is single-Region")
    assert judgement.accounts == (AccountSummary("default", Verdict.PASS, "aws_cloudtrail.main", ()),)


def test_a_trail_that_does_not_exist_is_listed_and_not_judged() -> None:
    judgement = judge(deployment(case(shapes.trail(BAD, exists=False))), Options(profile="all"))
    assert [(trail.address, trail.exists) for trail in judgement.trails] == [("aws_cloudtrail.main", "no")]
    assert (judgement.results, judgement.accounts) == ((), ())


def test_a_secondary_trail_is_no_violation() -> None:
    other = shapes.trail(BAD, address="aws_cloudtrail.other")
    elsewhere = shapes.trail(BAD, address="aws_cloudtrail.elsewhere", scope="aws.audit")
    scopes = (DEFAULT, Scope("aws.audit", PLACE))
    judgement = judge(deployment(case(shapes.trail(GOOD), other, elsewhere), scopes=scopes), Options())
    levels = {r.resource: r.level for r in judgement.results if r.rule == "CT002" and r.verdict is Verdict.FAIL}
    assert levels == {"aws_cloudtrail.other": Level.NOTE, "aws_cloudtrail.elsewhere": Level.ERROR}
    # What is not about completeness stays what it is.
    assert one(judgement, "CT004", "aws_cloudtrail.other").level is Level.WARNING


def test_a_refused_trail_satisfies_nothing() -> None:
    refused = GOOD | {"EventSelectors": [{}], "AdvancedEventSelectors": [{"FieldSelectors": []}]}
    found = account(case(shapes.trail(refused)))
    assert found is not None
    assert found.verdict is Verdict.FAIL
    assert found.reasons == ("invalid-event-selectors", "management-events-incomplete")


def test_what_cannot_be_seen_is_never_no_trail() -> None:
    unseen = (Unseen("module.audit", "the module is not there", PLACE),)
    judgement = judge(deployment(case(unseen=unseen)), Options())
    assert judgement.accounts == (
        AccountSummary("default", Verdict.UNKNOWN, None, ("module.audit: the module is not there",)),
    )
    assert one(judgement, "CT001", "aws.default").verdict is Verdict.UNKNOWN


def test_an_unknown_account_is_reported_on_the_trail_that_another_case_has() -> None:
    unseen = (Unseen("module.audit", "the module is not there", PLACE),)
    without = case(choices=("var.create = false",), unseen=unseen)
    created = case(shapes.trail(GOOD), choices=("var.create = true",), unseen=unseen)
    judgement = judge(deployment(without, created), Options())
    (summary,) = judgement.accounts
    assert (summary.verdict, summary.trail) == (Verdict.UNKNOWN, "aws_cloudtrail.main")
    assert one(judgement, "CT001").verdict is Verdict.UNKNOWN


# name, trails by scope, policy, verdicts by scope
POLICIES = [
    ("a root that must have a trail", {}, Policy(account_roots=("accounts/*",)), {"default": "fail"}),
    ("a root that need not", {}, Policy(account_roots=("others/*",)), {}),
    (
        "declared coverage",
        {"default": BAD},
        Policy(covered_by_organization_trail=("accounts/prod",)),
        {"default": "pass"},
    ),
    (
        "coverage of the organization",
        {"default": BAD, "aws.mgmt": ORGANIZATION},
        Policy(),
        {"default": "pass", "aws.mgmt": "pass"},
    ),
    (
        "coverage that may be",
        {"default": BAD, "aws.mgmt": GOOD | {"IsOrganizationTrail": {"$unknown": "var.o"}}},
        Policy(),
        {"default": "unknown", "aws.mgmt": "pass"},
    ),
    (
        "no coverage by one account's trail",
        {"default": BAD, "aws.mgmt": GOOD},
        Policy(),
        {"default": "fail", "aws.mgmt": "pass"},
    ),
    (
        "split selectors",
        {"default": GOOD | {"EventSelectors": [{"ReadWriteType": "ReadOnly"}, {"ReadWriteType": "WriteOnly"}]}},
        Policy(split_selectors="fail"),
        {"default": "fail"},
    ),
    (
        "split selectors accepted",
        {"default": GOOD | {"EventSelectors": [{"ReadWriteType": "ReadOnly"}, {"ReadWriteType": "WriteOnly"}]}},
        Policy(),
        {"default": "pass"},
    ),
]


@pytest.mark.parametrize(("name", "trails", "policy", "verdicts"), POLICIES, ids=[each[0] for each in POLICIES])
def test_policies(name: str, trails: dict[str, Any], policy: Policy, verdicts: dict[str, str]) -> None:
    held = [shapes.trail(given, address=f"aws_cloudtrail.{n}", scope=s) for n, (s, given) in enumerate(trails.items())]
    scopes = tuple(Scope(key, PLACE) for key in trails) or (DEFAULT,)
    whole = deployment(case(*held), scopes=scopes, root="accounts/prod")
    found = judge(whole, replace(Options(), policy=policy)).accounts
    assert {account.scope: account.verdict.value for account in found} == verdicts


def test_a_skip_wins_over_every_verdict() -> None:
    skips = (Skip("CT002", "the other Regions are denied", PLACE),)
    for given in (GOOD, BAD, UNKNOWN):
        result = one(judge(deployment(case(replace(shapes.trail(given), skips=skips))), Options()), "CT002")
        assert (result.verdict, result.skip_reason) == (Verdict.SKIPPED, "the other Regions are denied")


def test_a_neighbour_that_is_not_in_the_code_is_unknown_on_the_trail() -> None:
    link = Link("", "the bucket is not in this code: var.bucket has no value", PLACE)
    trail = replace(shapes.trail(GOOD), links=Links(bucket=link))
    result = one(judge(deployment(case(trail)), Options()), "CT040")
    assert (result.verdict, result.message) == (
        Verdict.UNKNOWN,
        "The bucket is not in this code: var.bucket has no value",
    )


def test_a_rule_that_breaks_is_named_and_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(subject: Trail, context: Context) -> Outcome:
        raise ZeroDivisionError("oops")

    rules = tuple(replace(rule, evaluate=broken) if rule.id == "CT002" else rule for rule in judging.RULES)
    monkeypatch.setattr(judging, "RULES", rules)
    judgement = judge(deployment(case(shapes.trail(BAD))), Options())
    assert [fault.message for fault in judgement.faults] == [
        "CT002 could not judge aws_cloudtrail.main: ZeroDivisionError: oops; please report this"
    ]
    assert "CT002" not in {result.rule for result in judgement.results}
    assert one(judgement, "CT001").verdict is Verdict.FAIL


def test_fingerprints_are_stable_and_distinct() -> None:
    def fingerprints(line: int) -> list[str]:
        trail = replace(shapes.trail(BAD), location=Range("main.tf", line))
        return [result.fingerprint for result in judge(deployment(case(trail)), Options(profile="all")).results]

    assert fingerprints(1) == fingerprints(7)
    assert len(set(fingerprints(1))) == len(fingerprints(1))


def test_profiles_and_selections() -> None:
    def ids(**given: Any) -> set[str]:
        return {rule.id for rule in selected(Options(**given))}

    assert ids(profile="control") == {"CT001"}
    assert ids(profile="hardening") > ids(profile="default")
    assert "CT041" in ids(profile="hardening") - ids(profile="default")
    assert ids(profile="all") == {rule.id for rule in judging.RULES}
    assert ids(select=("CT013",)) == {"CT013"}
    assert ids(select=("CT013", "CT002"), ignore=("CT002",)) == {"CT013"}


def test_what_differs_between_cases_is_unknown_in_the_summary() -> None:
    excluding = GOOD | {"EventSelectors": [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]}
    cases = (case(shapes.trail(excluding), choices=("a",)), case(shapes.trail(BAD), choices=("b",)))
    (trail,) = judge(deployment(*cases), Options()).trails
    management = trail.coverage.management
    assert (trail.exists, trail.multi_region, trail.logging) == ("yes", "unknown", "true")
    assert (management.excluded_sources, management.unknown_sources) == ((), ("kms.amazonaws.com",))
