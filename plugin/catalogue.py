"""Names of rules and profiles, as people write them."""

from __future__ import annotations

from collections.abc import Iterable

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.model.rule import Rule


class UnknownNameError(ValueError):
    """There is no rule or profile of that name; the text is one clause that helps to find the right one."""


def find_rule(name: str) -> Rule | None:
    """Find a rule by id or slug, in any case."""
    wanted = name.casefold()
    return next((rule for rule in RULES if wanted in {rule.id.casefold(), rule.slug}), None)


def rule_ids(names: Iterable[str]) -> tuple[str, ...]:
    """Give the ids of rules named by id or slug.

    Raises:
        UnknownNameError: there is no such rule.
    """
    ids = []
    for name in names:
        rule = find_rule(name)
        if rule is None:
            known = [word for rule in RULES for word in (rule.id, rule.slug)]
            raise UnknownNameError(f"there is no rule {name!r}{_suggestion(name, known)}")
        ids.append(rule.id)
    return tuple(ids)


def profiles() -> tuple[str, ...]:
    """Give the names of the profiles; `all` holds every rule."""
    return tuple(sorted({profile for rule in RULES for profile in rule.profiles} | {"all"}))


def profile_name(name: str) -> str:
    """Check the name of a profile.

    Raises:
        UnknownNameError: there is no such profile.
    """
    if name not in profiles():
        raise UnknownNameError(f"there is no profile {name!r}; there are {', '.join(profiles())}")
    return name


def _suggestion(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # only needed for a mistake

    close = get_close_matches(name.casefold(), [word.casefold() for word in known], n=1)
    if not close:
        return "; `checkov-cloudtrail rules` lists them"
    return f"; did you mean {next(word for word in known if word.casefold() == close[0])!r}?"
