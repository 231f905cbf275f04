"""The truth table, every case written out as people would write it: as HCL, and as a template."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.report import Judgement, StoreSummary, TrailSummary
from checkov_cloudtrail.model.rule import Policy, Verdict
from checkov_cloudtrail.options import Options

TABLE = json.loads((Path(__file__).parents[1] / "fixtures/truth-table/trails.json").read_text(encoding="utf-8"))
LANGUAGES = ("terraform", "cloudformation")


def is_unknown(given: Any) -> bool:
    return isinstance(given, dict) and "$unknown" in given


# The API's members in Terraform's words.
NAMES = {
    "IsMultiRegionTrail": "is_multi_region_trail",
    "IsLogging": "enable_logging",
    "IsOrganizationTrail": "is_organization_trail",
    "IncludeGlobalServiceEvents": "include_global_service_events",
    "EnableLogFileValidation": "enable_log_file_validation",
    "EventSelectors": "event_selector",
    "ReadWriteType": "read_write_type",
    "IncludeManagementEvents": "include_management_events",
    "ExcludeManagementEventSources": "exclude_management_event_sources",
    "DataResources": "data_resource",
    "Type": "type",
    "Values": "values",
    "AdvancedEventSelectors": "advanced_event_selector",
    "Name": "name",
    "FieldSelectors": "field_selector",
    "Field": "field",
    "Equals": "equals",
    "NotEquals": "not_equals",
    "StartsWith": "starts_with",
    "NotStartsWith": "not_starts_with",
    "EndsWith": "ends_with",
    "NotEndsWith": "not_ends_with",
}
BLOCKS = {
    "EventSelectors": ("ReadWriteType", "IncludeManagementEvents"),
    "DataResources": ("Type", "Values"),
    "AdvancedEventSelectors": ("FieldSelectors",),
    "FieldSelectors": ("Field", "Equals"),
}


@dataclass
class Hcl:
    """Writes a root module; what is not known becomes a variable without a value."""

    lines: list[str] = field(default_factory=list)
    variables: int = 0

    def variable(self) -> str:
        self.variables += 1
        self.lines.append(f'variable "v{self.variables}" {{}}')
        return f"var.v{self.variables}"

    def expression(self, given: Any) -> str:
        if is_unknown(given):
            return self.variable()
        if isinstance(given, list):
            return "[" + ", ".join(self.expression(element) for element in given) + "]"
        return json.dumps(given)

    def body(self, given: dict[str, Any]) -> list[str]:
        written: list[str] = []
        for member, content in given.items():
            if member.startswith("_"):
                continue
            if member not in BLOCKS:
                written.append(f"{NAMES[member]} = {self.expression(content)}")
            elif is_unknown(content):
                written += self.dynamic(member, self.variable())
            elif content == []:
                written += self.dynamic(member, "[]")
            else:
                for element in content or ():
                    written += self.element(member, element)
        return written

    def element(self, member: str, given: dict[str, Any]) -> list[str]:
        if is_unknown(given):
            return self.dynamic(member, self.variable())
        return [f"{NAMES[member]} {{", *self.body(given), "}"]

    def dynamic(self, member: str, collection: str, iterator: str = "") -> list[str]:
        """Write a dynamic block whose content comes from the collection."""
        name = NAMES[member]
        written = [f'dynamic "{name}" {{', f"for_each = {collection}", "content {"]
        for inner in BLOCKS[member]:
            source = f"{name}.value.{NAMES[inner]}"
            written += self.dynamic(inner, source) if inner in BLOCKS else [f"{NAMES[inner]} = {source}"]
        return [*written, "}", "}"]

    def resource(self, kind: str, name: str, given: dict[str, Any], *meta: str) -> None:
        required = [f'name = "{name}"'] + (['s3_bucket_name = "audit-logs"'] if kind == "aws_cloudtrail" else [])
        self.lines += [f'resource "{kind}" "{name}" {{', *meta, *required, *self.body(given), "}"]


@dataclass
class Template:
    """Writes a template; what is not known is a parameter without a value, or an attribute of a custom resource."""

    parameters: dict[str, Any] = field(default_factory=dict)
    conditions: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=dict)

    def parameter(self) -> dict[str, str]:
        name = f"Parameter{len(self.parameters) + 1}"
        self.parameters[name] = {"Type": "String"}
        return {"Ref": name}

    def value(self, given: Any, *, structure: bool = False) -> Any:
        if given is None:
            return {"Ref": "AWS::NoValue"}
        if is_unknown(given):
            if not structure:
                return self.parameter()
            self.resources["Lookup"] = {"Type": "Custom::Lookup", "Properties": {"ServiceToken": "arn:aws:lambda:x"}}
            return {"Fn::GetAtt": ["Lookup", "Answer"]}
        if isinstance(given, list):
            return [self.value(element, structure=isinstance(element, dict) and structure) for element in given]
        if isinstance(given, dict):
            lists = {*BLOCKS, "ExcludeManagementEventSources", "Values"}
            return {
                member: self.value(content, structure=member in lists)
                for member, content in given.items()
                if not member.startswith("_")
            }
        return given

    def resource(self, kind: str, name: str, given: dict[str, Any], **attributes: Any) -> None:
        required = {"S3BucketName": "audit-logs"} if kind.endswith("Trail") else {"Name": "store"}
        self.resources[name] = {"Type": kind, **attributes, "Properties": required | self.value(given)}

    def text(self) -> str:
        sections = {"Parameters": self.parameters, "Conditions": self.conditions, "Resources": self.resources}
        return json.dumps({name: content for name, content in sections.items() if content}, indent=1)


def judged(folder: Path, written: Hcl | Template, policy: Policy | None = None) -> Judgement:
    if isinstance(written, Hcl):
        (folder / "main.tf").write_text("\n".join(written.lines) + "\n", encoding="utf-8")
    else:
        (folder / "template.json").write_text(written.text(), encoding="utf-8")
    options = replace(Options(profile="all"), policy=policy or Policy())
    report = analyse(["."], options, DiskFiles(folder))
    assert report.errors == ()
    (judgement,) = report.judgements
    return judgement


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", TABLE["selector_cases"], ids=lambda case: case["id"])
def test_selectors(tmp_path: Path, language: str, case: dict[str, Any]) -> None:
    store = case["kind"] == "eds"
    if language == "terraform":
        hcl = Hcl()
        hcl.resource("aws_cloudtrail_event_data_store" if store else "aws_cloudtrail", "subject", case["input"])
        judgement = judged(tmp_path, hcl)
    else:
        template = Template()
        kind = "AWS::CloudTrail::EventDataStore" if store else "AWS::CloudTrail::Trail"
        template.resource(kind, "Subject", ({} if store else {"IsLogging": True}) | case["input"])
        judgement = judged(tmp_path, template)
    subject: TrailSummary | StoreSummary
    (subject,) = judgement.event_data_stores if store else judgement.trails
    management = subject.coverage.management
    (accepted,) = (result for result in judgement.results if result.rule == "CT020")
    seen = {
        "valid": accepted.verdict is not Verdict.FAIL,
        "errors": sorted({error.code for error in subject.coverage.errors}),
        "management": {
            "read": management.read.value,
            "write": management.write.value,
            "excluded_sources": list(management.excluded_sources),
            "unknown_sources": list(management.unknown_sources),
        },
        "data": {
            kind: {"read": span.read.value, "write": span.write.value}
            | ({"deselect_only": True} if span.deselect_only else {})
            for kind, span in subject.coverage.data.items()
        },
    }
    expected = {key: content for key, content in case["expected"].items() if key in seen}
    assert {key: seen[key] for key in expected} == expected, case["title"]
    assert all(code in accepted.message for code in seen["errors"])


# The table's reasons, as the rules that report them.
SLUGS = {
    "NOT_LOGGING": "logging-disabled",
    "SINGLE_REGION": "single-region-trail",
    "SINGLE_REGION_ORG": "single-region-organization-trail",
    "MGMT_READ_NONE": "management-events-incomplete",
    "MGMT_WRITE_NONE": "management-events-incomplete",
}


def write_trail(language: str, trails: list[tuple[str, dict[str, Any], Any]]) -> Hcl | Template:
    """Write trails: scope, members, and whether they exist (None: cannot be told)."""
    if language == "terraform":
        hcl = Hcl()
        for scope in {scope for scope, _, _ in trails} - {"default"}:
            alias = scope.removeprefix("aws.")
            hcl.lines += ['provider "aws" {', f'alias = "{alias}"', f'profile = "{alias}"', "}"]
        for number, (scope, members, exists) in enumerate(trails):
            count = {True: "1", False: "0", None: "var.create ? 1 : 0"}[exists]
            if exists is None:
                hcl.lines.append('variable "create" {\n type = bool\n}')
            meta = [] if exists is True else [f"count = {count}"]
            meta += [] if scope == "default" else [f"provider = {scope}"]
            hcl.resource("aws_cloudtrail", f"trail{number}", members, *meta)
        return hcl
    template = Template()
    for number, (_, members, exists) in enumerate(trails):
        attributes = {}
        if exists is not True:
            other = template.parameter() if exists is None else "never"
            template.conditions["Create"] = {"Fn::Equals": [other, "yes"]}
            attributes["Condition"] = "Create"
        template.resource("AWS::CloudTrail::Trail", f"Trail{number}", members, **attributes)
    return template


@pytest.mark.parametrize("case", TABLE["trail_cases"], ids=lambda case: case["id"])
def test_trails(tmp_path: Path, case: dict[str, Any]) -> None:
    language = {"tf": "terraform", "cfn": "cloudformation"}[case["input"]["_iac"]]
    accept = case.get("policy", {}).get("single_region_org_ok", False)
    policy = Policy(single_region_organization_trail="accept" if accept else "fail")
    judgement = judged(tmp_path, write_trail(language, [("default", case["input"], True)]), policy)
    (account,) = judgement.accounts
    assert account.verdict.value == case["expected"]["verdict"].lower(), case["title"]
    if account.verdict is not Verdict.UNKNOWN:
        assert sorted(account.reasons) == sorted({SLUGS[reason] for reason in case["expected"]["reasons"]})
    (result,) = (result for result in judgement.results if result.rule == "CT001")
    assert result.verdict is account.verdict


# A stack is one account: cases with several are Terraform's.
ACCOUNT_CASES = [
    pytest.param(language, case, id=f"{case['id']}-{language}")
    for case in TABLE["account_cases"]
    for language in LANGUAGES
    if language == "terraform" or all(each["scope"] == "default" for each in case["input"])
]


@pytest.mark.parametrize(("language", "case"), ACCOUNT_CASES)
def test_accounts(tmp_path: Path, language: str, case: dict[str, Any]) -> None:
    trails = [(each["scope"], dict(each["trail"]), each.get("exists", True)) for each in case["input"]]
    if language == "cloudformation":
        for _, members, _ in trails:
            members.setdefault("IsLogging", True)
    judgement = judged(tmp_path, write_trail(language, trails))
    seen = {account.scope: account.verdict.value.upper() for account in judgement.accounts}
    wanted = {scope: verdict for scope, verdict in case["expected"].items() if verdict != "NO_TRAIL"}
    assert seen == wanted, case["title"]
