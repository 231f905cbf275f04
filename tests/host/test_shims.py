"""Our checks in checkov's registries, without a run of checkov."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.registry import resource_registry

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.host import shims, verdicts
from checkov_cloudtrail.host.verdicts import Answer
from checkov_cloudtrail.model.rule import Level, Subject, Verdict

IDS = {rule.id for rule in RULES}


@pytest.fixture(autouse=True)
def registered() -> None:
    shims.register()
    shims.register()


def ours(registry: BaseCheckRegistry) -> Counter[str]:
    """Count our checks; one is listed once for each type that it supports."""
    return Counter({check.id: 1 for _, check in registry.all_checks() if check.id in IDS})


def objects(registry: BaseCheckRegistry) -> int:
    return len({id(check) for _, check in registry.all_checks() if check.id in IDS})


def test_every_rule_is_registered_once() -> None:
    accounts = {rule.id for rule in RULES if rule.subject is Subject.ACCOUNT}
    assert ours(resource_registry).keys() == ours(cfn_registry).keys() == IDS
    assert ours(provider_registry).keys() == accounts
    assert [objects(registry) for registry in (resource_registry, cfn_registry, provider_registry)] == [
        len(IDS),
        len(IDS),
        len(accounts),
    ]
    everything = Counter(check.id for check in BaseCheckRegistry.get_all_registered_checks() if check.id in IDS)
    assert everything == {identifier: 3 if identifier in accounts else 2 for identifier in IDS}


def test_no_id_is_checkovs_own() -> None:
    others = {check.id for check in BaseCheckRegistry.get_all_registered_checks() if check.id not in IDS}
    assert others
    assert all(re.fullmatch(r"CT\d{3}", identifier) for identifier in IDS)
    assert not any(identifier.startswith("CT0") for identifier in others)


def test_severity_and_name() -> None:
    checks = {check.id: check for _, check in resource_registry.all_checks() if check.id in IDS}
    levels = {Level.ERROR: "HIGH", Level.WARNING: "MEDIUM", Level.NOTE: "LOW"}
    for rule in RULES:
        assert checks[rule.id].severity.name == levels[rule.level]
        assert checks[rule.id].name == f"{rule.slug}: {rule.summary}"


@pytest.mark.parametrize(
    ("answer", "strict", "expected"),
    [
        (Answer(Verdict.FAIL, Level.ERROR), False, CheckResult.FAILED),
        (Answer(Verdict.FAIL, Level.WARNING), False, CheckResult.FAILED),
        (Answer(Verdict.FAIL, Level.NOTE), False, CheckResult.PASSED),
        (Answer(Verdict.PASS), False, CheckResult.PASSED),
        (Answer(Verdict.SKIPPED), False, CheckResult.SKIPPED),
        (Answer(Verdict.UNKNOWN, Level.ERROR), False, CheckResult.UNKNOWN),
        (Answer(Verdict.UNKNOWN, Level.ERROR), True, CheckResult.FAILED),
        (Answer(Verdict.UNKNOWN, Level.NOTE), True, CheckResult.UNKNOWN),
        (Answer(None), True, CheckResult.UNKNOWN),
    ],
)
def test_result(answer: Answer, strict: bool, expected: CheckResult) -> None:
    assert shims.result(answer, strict) is expected


@pytest.mark.parametrize("registry", [resource_registry, cfn_registry, provider_registry])
def test_no_exception_leaves_a_check(
    registry: BaseCheckRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*arguments: object) -> None:
        raise ZeroDivisionError(f"while {tmp_path} was judged")

    monkeypatch.setattr(verdicts.api.Session, "analyse", explode)
    monkeypatch.chdir(tmp_path)
    check = next(check for _, check in registry.all_checks() if check.id == "CT001")
    calm = check.name
    outcome = check.run(f"{tmp_path}/main.tf", {"__address__": "aws_cloudtrail.this"}, "this", "aws_cloudtrail", {})
    assert outcome["result"] is CheckResult.FAILED
    for text in (check.name, outcome["message"], caplog.text):
        assert "CT001 (no-compliant-trail) could not be judged" in text
        assert "please report this" in text
        assert f"ZeroDivisionError: while {tmp_path} was judged" in text
    assert check.details == []
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    check.run(f"{tmp_path}/other.tf", {"__address__": "aws_cloudtrail.this"}, "this", "aws_cloudtrail", {})
    assert check.name == calm
