"""Whether an account is covered, in one line: above a trail, and in its hover."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from checkov_cloudtrail.lsp.page import Page
from checkov_cloudtrail.model.coverage import Coverage, Extent
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import AccountSummary, Judgement
from checkov_cloudtrail.model.rule import Verdict

# What keeps an account's best trail from covering it, shorter than the rules' slugs say it.
_WORDS = {
    "single-region-trail": "one Region only",
    "single-region-organization-trail": "one Region of each account only",
    "logging-disabled": "not logging",
    "logging-not-declared": "IsLogging is missing",
    "invalid-event-selectors": "CloudTrail refuses the selectors",
    "global-events-conflict": "CloudTrail refuses it without global service events",
}
_INCOMPLETE = "management-events-incomplete"


def account_line(account: AccountSummary, judgement: Judgement) -> str:
    """Say whether an account is covered, and what is in the way."""
    best = next((trail for trail in judgement.trails if trail.address == account.trail), None)
    words = [
        _recorded(best.coverage) if reason == _INCOMPLETE and best is not None else _WORDS.get(reason, reason)
        for reason in account.reasons
    ]
    match account.verdict:
        case Verdict.PASS:
            return "account covered ✓"
        case Verdict.FAIL:
            return f"✗ account not covered: {', '.join(words)}"
        case _:
            return f"? account perhaps covered: {', '.join(words)}"


def _recorded(coverage: Coverage) -> str:
    management = coverage.management
    halves = {"read": management.read, "write": management.write}
    nothing = [half for half, extent in halves.items() if extent is Extent.NONE]
    if nothing:
        return f"no {' or '.join(nothing)} events"
    partly = [half for half, extent in halves.items() if extent is not Extent.ALL]
    return f"not all {' and '.join(partly or halves)} events"


def lenses(page: Page, path: str) -> Iterator[types.CodeLens]:
    """Give a line above each trail of a document; one for many roots that agree."""
    titles: dict[Range, dict[str, int]] = {}
    for judgement in page.view.judgements:
        accounts = {account.scope: account_line(account, judgement) for account in judgement.accounts}
        headers = {(trail.range, accounts[trail.scope]) for trail in judgement.trails if trail.scope in accounts}
        for place, title in headers:
            if place.file == path:
                here = titles.setdefault(place, {})
                here[title] = here.get(title, 0) + 1
    for place, found in sorted(titles.items()):
        for title, roots in sorted(found.items()):
            whose = f" ({roots} of {sum(found.values())} roots)" if len(found) > 1 else ""
            yield types.CodeLens(page.range(place), types.Command(title + whose, ""))
