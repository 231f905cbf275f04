"""What a rule is: its metadata, a function that judges one subject, and what that function answers."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, TypeAlias

from checkov_cloudtrail.model.deployment import Case, Framework
from checkov_cloudtrail.model.location import Range, Step
from checkov_cloudtrail.model.record import record


class Verdict(enum.Enum):
    """The `verdict` of the JSON report."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Level(enum.Enum):
    """How bad a failure is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Subject(enum.Enum):
    """What a rule judges, one result each. ACCOUNT rules are reported on the scope's best trail."""

    ACCOUNT = "account"
    TRAIL = "trail"
    BUCKET = "bucket"
    KEY = "key"
    LOG_GROUP = "log group"
    EVENT_DATA_STORE = "event data store"


@record
class Policy:
    """The configuration that rules may depend on (contract 5).

    Args:
        base: what roots are relative to before they are compared with the globs of roots.
    """

    min_retention_days: int = 365
    single_region_organization_trail: str = "fail"
    split_selectors: str = "accept"
    account_roots: tuple[str, ...] = ()
    covered_by_organization_trail: tuple[str, ...] = ()
    base: str = "."


@record
class Context:
    """What a rule may look at beside its subject: one case of the deployment, and the policy."""

    framework: Framework
    root: str
    case: Case
    policy: Policy


@record
class SetAttribute:
    """A repair in the model's terms: give this attribute of the subject this value.

    Args:
        attribute: the model's name (`multi_region`); `cloudtrail/defaults.py` has the name in each language.
        value: the literal to write.
        title: what the fix does, imperative: `Set is_multi_region_trail to true`.
        safe: it changes nothing but what the rule asks for, and no one can have meant the opposite.
        others: further attributes that get the same value.
    """

    attribute: str
    value: bool | str | int
    title: str
    safe: bool = True
    others: tuple[str, ...] = ()


@record
class AppendText:
    """A repair of a string: add text at the end of what the attribute holds, be it a literal or an expression.

    Args:
        attribute: the model's name (`log_group_arn`).
        text: what is missing: `:*`.
        title: what the fix does, imperative: `Append ":*" to cloud_watch_logs_group_arn`.
        safe: see SetAttribute.
    """

    attribute: str
    text: str
    title: str
    safe: bool = True


Repair: TypeAlias = SetAttribute | AppendText


@record
class Outcome:
    """A rule's answer about one subject in one case.

    Args:
        verdict: PASS, FAIL or UNKNOWN; the engine alone makes SKIPPED.
        message: what is wrong here, with the value seen; the first sentence stands alone.
        range: the attribute's value, or the nearest parent that exists.
        evidence: where the value came from.
        reasons: for account rules: slugs in the way, or the unknowns that would decide.
        level: where it differs from the rule's own.
        repair: how to mend it.
    """

    verdict: Verdict
    message: str
    range: Range
    evidence: tuple[Step, ...] = ()
    reasons: tuple[str, ...] = ()
    level: Level | None = None
    repair: Repair | None = None


@record(kw_only=True)
class Rule:
    """One rule of contract.md 3. Everything that documents it stands here; docs/rules is generated.

    Args:
        evaluate: judges one subject (a Scope, Trail, Bucket, ...) in one case; None when it does not apply.
        summary: one sentence, "fails when ...".
        why: what goes wrong when it is ignored.
        remedy: what to do, in both languages' terms.
        compliance: framework name to control ids, e.g. `{"CIS 3.0": ("3.1",)}`.
        references: pages that state the facts.
        examples: failing and passing snippets are taken from the rule's own fixtures.
        also: further kinds of subject, each judged by the same function (CT020: trails and event data stores).
        drops_to_note: the finding is a note while another trail of the scope satisfies CT001.
    """

    id: str
    slug: str
    subject: Subject
    level: Level
    profiles: frozenset[str]
    summary: str
    why: str
    remedy: str
    evaluate: Callable[[Any, Context], Outcome | None]
    compliance: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    also: tuple[Subject, ...] = ()
    drops_to_note: bool = False
    security_severity: str = "5.0"
