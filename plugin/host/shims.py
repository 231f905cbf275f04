"""checkov's checks: each rule under its own id, once per registry, with the engine's verdicts.

checkov has one registry for resources in Terraform source, `.tf.json` and plans, one for provider blocks, and one for
CloudFormation resources.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as CloudFormationCheck
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.bridgecrew.severities import BcSeverities, Severities, Severity
from checkov.common.checks.base_check import BaseCheck
from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.common.typing import _CheckResult
from checkov.terraform.checks.provider.base_check import BaseProviderCheck
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as TerraformCheck
from checkov.terraform.checks.resource.registry import resource_registry

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.config import ConfigurationError
from checkov_cloudtrail.host import journal
from checkov_cloudtrail.host.scan import running
from checkov_cloudtrail.host.verdicts import Answer, BrokenError, Entity, Kind, Verdicts, analyse, ask
from checkov_cloudtrail.model.rule import Level, Rule, Subject, Verdict

STRICT_UNKNOWN = "CHECKOV_CLOUDTRAIL_STRICT_UNKNOWN"

_SEVERITIES = {
    Level.ERROR: BcSeverities.HIGH,
    Level.WARNING: BcSeverities.MEDIUM,
    Level.NOTE: BcSeverities.LOW,
}

# What checkov can ask about, by what a rule judges: Terraform's types, and CloudFormation's.
_TYPES: Mapping[Subject, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Subject.TRAIL: (("aws_cloudtrail", "awscc_cloudtrail_trail"), ("AWS::CloudTrail::Trail",)),
    Subject.EVENT_DATA_STORE: (
        ("aws_cloudtrail_event_data_store", "awscc_cloudtrail_event_data_store"),
        ("AWS::CloudTrail::EventDataStore",),
    ),
    Subject.BUCKET: (("aws_s3_bucket",), ("AWS::S3::Bucket",)),
    Subject.KEY: (
        ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key"),
        ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    ),
    Subject.LOG_GROUP: (("aws_cloudwatch_log_group",), ("AWS::Logs::LogGroup",)),
}


class _Checked(_CheckResult, total=False):
    message: str
    """The engine's own sentence, which checkov's JSON report shows."""


class _EngineCheck(BaseCheck):
    """What the three kinds of check share: `run` asks the engine, and lets no exception out."""

    registry: ClassVar[str]
    rule: Rule

    def run(
        self,
        scanned_file: str,
        entity_configuration: Mapping[str, Any],
        entity_name: str,
        entity_type: str,
        skip_info: object,
    ) -> _Checked:
        """Answer as BaseCheck.run does. Skips are the engine's: it reads the same comments, and leaks none."""
        self.details = []  # checkov's SARIF is invalid as soon as a check sets it
        self.evaluated_keys = []
        self.name = title(self.rule)
        try:
            now = running(scanned_file)
            entity = self.entity(
                now.framework, now.absolute(scanned_file), entity_configuration, entity_name, entity_type
            )
            answer = ask(now.scan, self.rule.id, entity)
            outcome = result(answer, strict_unknown(analyse(now.scan)))
            _record(self.rule.id, entity, answer)
        except Exception as error:
            message = _apology(self.rule, error)
            self.name = message  # the one text of a check that every output of checkov shows
            _log(message, error)
            journal.write("error", message=message)
            return {"result": CheckResult.FAILED, "evaluated_keys": [], "message": message}
        checked: _Checked = {"result": outcome, "evaluated_keys": []}
        if outcome is CheckResult.SKIPPED:
            checked["suppress_comment"] = answer.skip_reason
        elif answer.message:
            checked["message"] = answer.message
        return checked

    def scan_resource_conf(self, conf: Mapping[str, Any]) -> CheckResult:
        """Never asked: `run` does not look at what checkov has rendered."""
        return CheckResult.UNKNOWN

    scan_provider_conf = scan_resource_conf

    def entity(self, framework: str, file: str, conf: Mapping[str, Any], name: str, kind: str) -> Entity:
        """Name the block that checkov asks about in the engine's terms."""
        raise NotImplementedError


class _TerraformResource(_EngineCheck, TerraformCheck):
    registry = "terraform"

    def entity(self, framework: str, file: str, conf: Mapping[str, Any], name: str, kind: str) -> Entity:
        """See _EngineCheck."""
        address = conf.get("__address__")
        if framework == CheckType.TERRAFORM_JSON or not isinstance(address, str):
            return Entity(Kind.JSON_RESOURCE, file, f"{kind}.{name}")
        return Entity(Kind.RESOURCE, file, address)


class _Provider(_EngineCheck, BaseProviderCheck):
    registry = "provider"

    def entity(self, framework: str, file: str, conf: Mapping[str, Any], name: str, kind: str) -> Entity:
        """See _EngineCheck."""
        lines = (_line(conf, "__start_line__", "__startline__"), _line(conf, "__end_line__", "__endline__"))
        return Entity(Kind.PROVIDER, file, str(conf.get("__address__") or name), lines)


class _CloudFormationResource(_EngineCheck, CloudFormationCheck):
    registry = "cloudformation"

    def entity(self, framework: str, file: str, conf: Mapping[str, Any], name: str, kind: str) -> Entity:
        """See _EngineCheck."""
        return Entity(Kind.LOGICAL_ID, file, name)


def register() -> None:
    """Register every rule that is not registered yet; checkov calls this once for each framework and folder."""
    for registry, kind, rules in _plan():
        known = {check.id for _, check in registry.all_checks()}
        for rule, entities in rules:
            if rule.id not in known:
                _create(kind, rule, entities)
    if journal.wanted():
        journal.write("registered", checks=_registered())


def title(rule: Rule) -> str:
    """Name a check: checkov shows the id beside it."""
    return f"{rule.slug}: {rule.summary}"


def result(answer: Answer, strict_unknown: bool) -> CheckResult:
    """Translate a verdict. A note is no violation; checkov drops UNKNOWN from every output."""
    if answer.verdict is None:
        return CheckResult.UNKNOWN
    if answer.verdict is Verdict.SKIPPED:
        return CheckResult.SKIPPED
    if answer.verdict is Verdict.PASS:
        return CheckResult.PASSED
    if answer.verdict is Verdict.FAIL:
        return CheckResult.PASSED if answer.level is Level.NOTE else CheckResult.FAILED
    return CheckResult.FAILED if strict_unknown and answer.level is not Level.NOTE else CheckResult.UNKNOWN


def strict_unknown(verdicts: Verdicts) -> bool:
    """Tell whether what cannot be told counts as failed: by the environment, or by the configuration file."""
    return os.environ.get(STRICT_UNKNOWN, "0") not in {"", "0"} or verdicts.strict_unknown


def severity(rule: Rule) -> Severity:
    """Give checkov's severity for a rule's level."""
    return Severities[_SEVERITIES[rule.level]]


_Kinds = type[_TerraformResource] | type[_Provider] | type[_CloudFormationResource]


def _registered() -> dict[str, list[str]]:
    return {
        kind.registry: sorted({rule.id for rule, _ in rules} & {check.id for _, check in registry.all_checks()})
        for registry, kind, rules in _plan()
    }


def _plan() -> Iterator[tuple[BaseCheckRegistry, _Kinds, Sequence[tuple[Rule, Sequence[str]]]]]:
    """Say which rules belong into which registry, for which types."""
    terraform = [(rule, [name for subject in _subjects(rule) for name in _TYPES[subject][0]]) for rule in RULES]
    templates = [(rule, [name for subject in _subjects(rule) for name in _TYPES[subject][1]]) for rule in RULES]
    yield resource_registry, _TerraformResource, terraform
    yield provider_registry, _Provider, [(rule, ["aws"]) for rule in RULES if rule.subject is Subject.ACCOUNT]
    yield cfn_registry, _CloudFormationResource, templates


def _subjects(rule: Rule) -> set[Subject]:
    """Say what a rule may be reported on: an account on its trail, and on a trail what is said of its neighbours."""
    return {rule.subject, *rule.also, Subject.TRAIL} - {Subject.ACCOUNT}


def _create(kind: _Kinds, rule: Rule, entities: Sequence[str]) -> None:
    # checkov's constructors name the types differently; each registers the new check.
    check = kind(title(rule), rule.id, [CheckCategories.LOGGING], entities, next(iter(rule.references), None))
    check.rule = rule
    check.severity = severity(rule)  # type: ignore[assignment]  # checkov declares it None


def _record(rule: str, entity: Entity, answer: Answer) -> None:
    journal.write(
        "asked",
        rule=rule,
        file=entity.file,
        address=entity.address,
        meant=[(meant.deployment, meant.resource) for meant in answer.results],
    )


def _apology(rule: Rule, error: Exception) -> str:
    if isinstance(error, (ConfigurationError, BrokenError)):
        return f"{rule.id} ({rule.slug}) could not be judged: {error}"
    return (
        f"{rule.id} ({rule.slug}) could not be judged, please report this to the authors of checkov-cloudtrail: "
        f"{type(error).__name__}: {error}"
    )


_logged: set[str] = set()


def _log(message: str, error: Exception) -> None:
    """Log a failure once: what breaks for one resource tends to break for hundreds."""
    if message not in _logged:
        _logged.add(message)
        logging.error("%s", message, exc_info=None if isinstance(error, (ConfigurationError, BrokenError)) else error)


def _line(conf: Mapping[str, Any], *names: str) -> int:
    for name in names:
        value = conf.get(name)
        number = value[0] if isinstance(value, list) and value else value
        if isinstance(number, int):
            return number
    return 0
