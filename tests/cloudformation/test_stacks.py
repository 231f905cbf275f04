"""Nested stacks, stack sets, applications and what of them cannot be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from checkov_cloudtrail.model.deployment import Deployment, Loaded
from checkov_cloudtrail.model.values import Known, Unknown

CHILD = """Parameters:
  Multi: {Type: String, Default: 'false', AllowedValues: ['true', 'false']}
  BucketName: {Type: String, Default: none}
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, IsMultiRegionTrail: !Ref Multi, S3BucketName: !Ref BucketName}
Outputs:
  Name: {Value: !Ref Trail}
"""


def deployed(loaded: Loaded) -> Deployment:
    assert loaded.errors == ()
    assert loaded.deployment is not None
    return loaded.deployment


def seen(deployment: Deployment) -> list[Any]:
    def word(value: Any) -> Any:
        return value.value if isinstance(value, Known) else value.parts if isinstance(value, Unknown) else "absent"

    return [
        (*case.choices, *((t.address, t.scope, word(t.exists), word(t.multi_region)) for t in case.trails))
        for case in deployment.cases
    ]


NESTED: list[tuple[str, str, Mapping[str, str], list[Any]]] = [
    (
        "the child's default holds, nobody can choose it",
        "Resources:\n  Audit: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./child.yaml}}\n",
        {"child.yaml": CHILD},
        [(("Audit/Trail", "default", True, False),)],
    ),
    (
        "parameters are passed down",
        (
            "Resources:\n  Audit:\n    Type: AWS::CloudFormation::Stack\n"
            "    Properties: {TemplateURL: nested/child.yaml, Parameters: {Multi: true}}\n"
        ),
        {"nested/child.yaml": CHILD},
        [(("Audit/Trail", "default", True, True),)],
    ),
    (
        "open parameters of the parent stay the parent's choices",
        (
            "Parameters: {M: {Type: String}}\nResources:\n  Audit:\n    Type: AWS::CloudFormation::Stack\n"
            "    Properties: {TemplateURL: child.yaml, Parameters: {Multi: !Ref M}}\n"
        ),
        {"child.yaml": CHILD},
        [
            ("M = true", ("Audit/Trail", "default", True, True)),
            ("M = false", ("Audit/Trail", "default", True, False)),
        ],
    ),
    (
        "a child that is not deployed",
        (
            "Conditions: {No: !Equals [a, b]}\nResources:\n  Audit:\n    Type: AWS::CloudFormation::Stack\n"
            "    Condition: No\n    Properties: {TemplateURL: child.yaml}\n"
        ),
        {"child.yaml": CHILD},
        [()],
    ),
    (
        "a child that may be deployed",
        (
            "Parameters: {E: {Type: String}}\nConditions: {Prod: !Equals [!Ref E, prod]}\nResources:\n  Audit:\n"
            "    Type: AWS::CloudFormation::Stack\n    Condition: Prod\n    Properties: {TemplateURL: child.yaml}\n"
        ),
        {"child.yaml": CHILD},
        [("E = prod", ("Audit/Trail", "default", True, False)), ("E is not prod",)],
    ),
    (
        "two levels",
        "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a/middle.yaml}}\n",
        {
            "a/middle.yaml": "Resources:\n  B:\n    Type: AWS::CloudFormation::Stack\n"
            "    Properties: {TemplateURL: ../child.yaml}\n",
            "child.yaml": CHILD,
        },
        [(("A/B/Trail", "default", True, False),)],
    ),
    (
        "a serverless application",
        (
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Audit:\n    Type: AWS::Serverless::Application\n"
            "    Properties: {Location: child.yaml}\n  # AWS::CloudTrail::Trail is in there\n"
        ),
        {"child.yaml": CHILD},
        [(("Audit/Trail", "default", True, False),)],
    ),
    (
        "an asset of the CDK",
        (
            '{"Resources": {"Audit": {"Type": "AWS::CloudFormation::Stack",'
            ' "Metadata": {"aws:asset:path": "child.yaml"}, "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::URLSuffix}/x"}}}}}'
        ),
        {"child.yaml": CHILD},
        [(("Audit/Trail", "default", True, False),)],
    ),
    (
        "a stack set has accounts of its own",
        (
            "Resources:\n  Everywhere:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n"
            "      StackSetName: x\n      TemplateURL: child.yaml\n"
            "      Parameters: [{ParameterKey: Multi, ParameterValue: 'true'}]\n"
        ),
        {"child.yaml": CHILD},
        [(("Everywhere/Trail", "Everywhere", True, True),)],
    ),
]


@pytest.mark.parametrize(("name", "text", "others", "expected"), NESTED, ids=[row[0] for row in NESTED])
def test_nested(
    name: str, text: str, others: Mapping[str, str], expected: list[Any], load_text: Callable[..., Loaded]
) -> None:
    deployment = deployed(load_text(text, others))
    assert seen(deployment) == expected, name
    assert all(case.unseen == () for case in deployment.cases)
    if expected != [()]:
        assert deployment.files == {"template.yaml", *others}


UNSEEN: list[tuple[str, str, list[tuple[str, str]]]] = [
    (
        "elsewhere",
        "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://x/y.yaml'}}\n",
        [("A", "its template is not in this code: https://x/y.yaml")],
    ),
    (
        "not known",
        (
            "Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n"
            "    Properties: {TemplateURL: !Sub 'https://${AWS::Region}/y.yaml'}\n"
        ),
        [("A", "its template is not in this code")],
    ),
    (
        "outside of the repository",
        "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../../../../etc/passwd}}\n",
        [("A", "its template is not in this code: ../../../../etc/passwd")],
    ),
    (
        "module",
        "Resources:\n  A: {Type: My::Audit::MODULE}\n",
        [("A", "the module My::Audit::MODULE is not in this code")],
    ),
    (
        "macro",
        "Transform: [AWS::LanguageExtensions, Mine]\nResources:\n  A: {Type: AWS::CloudTrail::Trail}\n",
        [("Transform", "the macro Mine may add resources")],
    ),
    (
        "include from elsewhere",
        "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://a/b'}}\n",
        [("Resources", "a macro may add to it")],
    ),
    (
        "loop over an open list",
        (
            "Parameters: {L: {Type: CommaDelimitedList}}\nTransform: AWS::LanguageExtensions\nResources:\n"
            "  Fn::ForEach::T: [X, !Ref L, {'T${X}': {Type: AWS::CloudTrail::Trail}}]\n"
        ),
        [("Resources", "parameter L has no value")],
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), UNSEEN, ids=[row[0] for row in UNSEEN])
def test_unseen(name: str, text: str, expected: list[tuple[str, str]], load_text: Callable[..., Loaded]) -> None:
    (case,) = deployed(load_text(text)).cases
    assert [(unseen.address, unseen.because) for unseen in case.unseen] == expected, name


def test_a_broken_child_is_an_error(load_text: Callable[..., Loaded]) -> None:
    text = "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}\n"
    loaded = load_text(text, {"child.yaml": "Resources: [\n"})
    assert [(error.file, error.line, error.column) for error in loaded.errors] == [("child.yaml", 2, 1)]
    assert loaded.deployment is not None
    assert loaded.deployment.cases[0].unseen[0].because == "its template child.yaml cannot be read"


def test_outputs_reach_a_sibling(load_text: Callable[..., Loaded]) -> None:
    text = """Resources:
  Storage: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: storage.yaml}}
  Audit:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters: {BucketName: !GetAtt Storage.Outputs.Bucket}
"""
    storage = "Resources: {Bucket: {Type: AWS::S3::Bucket}}\nOutputs: {Bucket: {Value: !Ref Bucket}}\n"
    (case,) = deployed(load_text(text, {"storage.yaml": storage, "child.yaml": CHILD})).cases
    (trail,) = case.trails
    assert isinstance(trail.bucket_name, Unknown)
    assert trail.links.bucket is not None
    assert trail.links.bucket.address == "Storage/Bucket"
    assert [bucket.address for bucket in case.neighbours.buckets] == ["Storage/Bucket"]
    assert trail.depends_on == {"Storage", "Storage/Bucket"}


def test_template_body_keeps_its_places(load_text: Callable[..., Loaded]) -> None:
    text = """Resources:
  Everywhere:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateBody: |
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: false
"""
    deployment = deployed(load_text(text))
    (trail,) = deployment.cases[0].trails
    assert (trail.address, trail.scope) == ("Everywhere/Trail", "Everywhere")
    assert (trail.location.line, trail.location.column) == (7, 11)
    where = trail.logging.origin.range
    assert (where.line, where.column, where.end_column) == (10, 26, 31)
    assert text.encode()[where.start_byte : where.end_byte] == b"false"
    assert [(scope.key, scope.target_only) for scope in deployment.scopes] == [("default", False), ("Everywhere", True)]


def test_quoted_template_body_is_at_its_value(load_text: Callable[..., Loaded]) -> None:
    body = r"{\"Resources\": {\"Trail\": {\"Type\": \"AWS::CloudTrail::Trail\", \"Properties\": {}}}}"
    text = f'Resources:\n  S:\n    Type: AWS::CloudFormation::StackSet\n    Properties: {{TemplateBody: "{body}"}}\n'
    (trail,) = deployed(load_text(text)).cases[0].trails
    assert (trail.location.line, trail.location.column) == (4, 32)


def test_a_stack_set_may_vary_a_parameter(load_text: Callable[..., Loaded]) -> None:
    text = """Resources:
  Everywhere:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateURL: child.yaml
      Parameters: [{ParameterKey: Multi, ParameterValue: 'true'}]
      StackInstancesGroup:
        - ParameterOverrides: [{ParameterKey: Multi, ParameterValue: 'false'}]
"""
    (trail,) = deployed(load_text(text, {"child.yaml": CHILD})).cases[0].trails
    assert isinstance(trail.multi_region, Unknown)
    assert trail.multi_region.because == "Multi differs between the accounts of the stack set"


def test_what_a_parent_passes_is_evidence(load_text: Callable[..., Loaded]) -> None:
    parent = (
        "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
        "      TemplateURL: child.yaml\n      Parameters:\n        Multi: 'false'\n"
    )
    child = (
        "Parameters:\n  Multi:\n    Type: String\nResources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n"
        "    Properties:\n      IsMultiRegionTrail: !Ref Multi\n"
    )
    (case,) = deployed(load_text(parent, {"child.yaml": child})).cases
    (trail,) = case.trails
    assert [(step.range.file, step.range.line, step.text) for step in trail.multi_region.origin.chain] == [
        ("template.yaml", 7, 'parameter Multi is passed as "false"')
    ]


def test_a_trail_waits_for_what_others_wait_for(load_text: Callable[..., Loaded]) -> None:
    text = (
        "Resources:\n"
        "  Trail: {Type: AWS::CloudTrail::Trail, DependsOn: Topic, Properties: {IsLogging: true}}\n"
        "  Topic: {Type: 'Custom::Topic', Properties: {Role: !GetAtt Role.Arn}}\n"
        "  Role: {Type: AWS::IAM::Role, DependsOn: [Policy]}\n"
        "  Policy: {Type: AWS::S3::BucketPolicy, DependsOn: Trail}\n"
        "  Other: {Type: AWS::SNS::Topic}\n"
    )
    (case,) = deployed(load_text(text)).cases
    assert case.trails[0].depends_on == {"Topic", "Role", "Policy", "Trail"}


def test_loops_make_outputs(load_text: Callable[..., Loaded]) -> None:
    parent = (
        "Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}\n"
        "  Trail:\n    Type: AWS::CloudTrail::Trail\n"
        "    Properties: {IsLogging: true, S3BucketName: !GetAtt Child.Outputs.LogsName}\n"
    )
    child = (
        "Transform: AWS::LanguageExtensions\nResources:\n  LogsBucket: {Type: AWS::S3::Bucket}\n"
        "Outputs:\n  Fn::ForEach::Names: [Id, [Logs], {'${Id}Name': {Value: {Ref: {'Fn::Sub': '${Id}Bucket'}}}}]\n"
    )
    (case,) = deployed(load_text(parent, {"child.yaml": child})).cases
    assert [bucket.address for bucket in case.neighbours.buckets] == ["Child/LogsBucket"]


def test_a_name_that_a_function_makes_is_waited_for(load_text: Callable[..., Loaded]) -> None:
    text = (
        "Transform: AWS::LanguageExtensions\nResources:\n"
        "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {S3KeyPrefix: {Ref: {'Fn::Sub': 'Policy'}}}\n"
        "  Policy: {Type: AWS::S3::BucketPolicy}\n"
    )
    (case,) = deployed(load_text(text)).cases
    assert case.trails[0].depends_on == {"Policy"}
