"""A trail written in HCL and the same trail in a template record the same, whatever the trail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_cloudtrail.cloudformation.template import load as load_template
from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.files import DiskFiles, OverlayFiles
from checkov_cloudtrail.model.coverage import Coverage
from checkov_cloudtrail.model.deployment import Loaded
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform.root import ParseCache
from checkov_cloudtrail.terraform.root import load as load_root

NAMES = {
    "IsMultiRegionTrail": "is_multi_region_trail",
    "IsLogging": "enable_logging",
    "IncludeGlobalServiceEvents": "include_global_service_events",
    "EnableLogFileValidation": "enable_log_file_validation",
    "ReadWriteType": "read_write_type",
    "IncludeManagementEvents": "include_management_events",
    "ExcludeManagementEventSources": "exclude_management_event_sources",
    "Type": "type",
    "Values": "values",
    "Name": "name",
    "Field": "field",
    "Equals": "equals",
    "NotEquals": "not_equals",
    "StartsWith": "starts_with",
    "EndsWith": "ends_with",
}
BLOCKS = {
    "EventSelectors": "event_selector",
    "DataResources": "data_resource",
    "AdvancedEventSelectors": "advanced_event_selector",
    "FieldSelectors": "field_selector",
}

KINDS = ["AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"]
ARNS = ["arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::logs/", "arn:aws:lambda", "arn:aws:dynamodb", "arn:aws:s3:::*"]
FIELDS = ["eventCategory", "readOnly", "resources.type", "eventSource", "eventName", "resources.ARN"]
VALUES = ["Management", "Data", "true", "false", "kms.amazonaws.com", "AWS::S3::Object", "arn:aws:s3:::logs/"]


def members(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=optional)


DATA = st.fixed_dictionaries(
    {"Type": st.sampled_from(KINDS), "Values": st.lists(st.sampled_from(ARNS), min_size=1, max_size=2)}
)
BASIC = members(
    ReadWriteType=st.sampled_from(["All", "ReadOnly", "WriteOnly"]),
    IncludeManagementEvents=st.booleans(),
    ExcludeManagementEventSources=st.lists(
        st.sampled_from(["kms.amazonaws.com", "rdsdata.amazonaws.com"]), max_size=2, unique=True
    ),
    DataResources=st.lists(DATA, max_size=2),
)
SOME = st.lists(st.sampled_from(VALUES), min_size=1, max_size=2)
CONDITION = st.builds(
    lambda field, operators: {"Field": field, **operators},
    st.sampled_from(FIELDS),
    members(Equals=SOME, NotEquals=SOME, StartsWith=SOME, EndsWith=SOME),
)
ADVANCED = st.builds(
    lambda category, conditions: {
        "FieldSelectors": [{"Field": "eventCategory", "Equals": [category]}, *conditions],
    },
    st.sampled_from(["Management", "Data", "NetworkActivity"]),
    st.lists(CONDITION, max_size=3),
)
TRAILS = st.builds(
    lambda flags, selectors: {"IsLogging": True, **flags, **selectors},
    members(
        IsMultiRegionTrail=st.booleans(),
        IncludeGlobalServiceEvents=st.booleans(),
        EnableLogFileValidation=st.booleans(),
    ),
    st.one_of(
        st.just({}),
        st.lists(BASIC, min_size=1, max_size=3).map(lambda selectors: {"EventSelectors": selectors}),
        st.lists(ADVANCED, min_size=1, max_size=3).map(lambda selectors: {"AdvancedEventSelectors": selectors}),
    ),
)


def hcl(body: dict[str, Any], indent: str = "  ") -> str:
    lines = []
    for name, value in body.items():
        if name in BLOCKS:
            lines += [f"{indent}{BLOCKS[name]} {{\n{hcl(item, indent + '  ')}{indent}}}" for item in value]
        else:
            lines.append(f"{indent}{NAMES[name]} = {json.dumps(value)}")
    return "".join(f"{line}\n" for line in lines)


def only(loaded: Loaded) -> Trail:
    assert loaded.errors == ()
    assert loaded.deployment is not None
    (case,) = loaded.deployment.cases
    (trail,) = case.trails
    return trail


def what(found: Coverage) -> Any:
    """Everything but the places and the wording."""
    codes = [sorted(problem.code for problem in problems) for problems in (found.errors, found.warnings)]
    return found.management, dict(found.data), dict(found.network), found.other_data, codes


def trails(body: dict[str, Any], folder: Path = Path(__file__).parent) -> tuple[Trail, Trail]:
    resource = {"Type": "AWS::CloudTrail::Trail", "Properties": {"S3BucketName": "logs", **body}}
    template = json.dumps({"Resources": {"Trail": resource}}).encode()
    root = f'resource "aws_cloudtrail" "this" {{\n  name = "t"\n  s3_bucket_name = "logs"\n{hcl(body)}}}\n'.encode()
    files = OverlayFiles(DiskFiles(folder, folder), {"template.json": template, "root/main.tf": root})
    return (
        only(load_root("root", files, Options(), ParseCache())),
        only(load_template("template.json", files, Options())),
    )


@settings(max_examples=150, deadline=None)
@given(TRAILS)
def test_same_coverage(body: dict[str, Any]) -> None:
    from_hcl, from_template = trails(body)
    assert what(coverage(from_hcl)) == what(coverage(from_template))
    for name in ("logging", "multi_region", "global_service_events", "log_file_validation"):
        one, other = getattr(from_hcl, name), getattr(from_template, name)
        assert (type(one), getattr(one, "value", None)) == (type(other), getattr(other, "value", None)), name


def test_the_generator_writes_what_it_should() -> None:
    body = {"IsLogging": True, "EventSelectors": [{"DataResources": [{"Type": KINDS[0], "Values": ["arn:aws:s3"]}]}]}
    assert hcl(body) == (
        "  enable_logging = true\n"
        "  event_selector {\n"
        "    data_resource {\n"
        '      type = "AWS::S3::Object"\n'
        '      values = ["arn:aws:s3"]\n'
        "    }\n"
        "  }\n"
    )
