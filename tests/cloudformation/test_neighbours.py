"""Which neighbours a trail has in CloudFormation templates, and what is read of them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from checkov_cloudtrail.cloudformation.template import load
from checkov_cloudtrail.cloudtrail.buckets import exposure
from checkov_cloudtrail.cloudtrail.delivery import bucket_accepts, key_accepts, policy_order
from checkov_cloudtrail.cloudtrail.outcomes import present
from checkov_cloudtrail.cloudtrail.spelling import Speller
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.deployment import Case
from checkov_cloudtrail.model.values import Absent, Known
from checkov_cloudtrail.options import Options


def cases(directory: Path, *resources: str, parameters: str = "", **nested: str) -> tuple[Case, ...]:
    """Load a template of resources; `nested` are further templates by name."""
    head = f"Parameters:\n{indent(dedent(parameters), '  ')}\n" if parameters else ""
    body = "".join(indent(dedent(resource).strip("\n") + "\n", "  ") for resource in resources)
    (directory / "template.yaml").write_text(f"{head}Resources:\n{body}")
    for name, text in nested.items():
        (directory / f"{name}.yaml").write_text(dedent(text))
    loaded = load("template.yaml", DiskFiles(directory), Options())
    assert loaded.errors == ()
    assert loaded.deployment is not None
    return loaded.deployment.cases


def trail(depends: str = "", **properties: str) -> str:
    written = {"IsLogging": "true", "S3BucketName": "elsewhere", **properties}
    lines = "\n".join(f"    {name}: {value}" for name, value in written.items())
    waits = f"  DependsOn: {depends}\n" if depends else ""
    return f"Trail:\n  Type: AWS::CloudTrail::Trail\n{waits}  Properties:\n{lines}\n"


NAMED = "Logs:\n  Type: AWS::S3::Bucket\n  Properties:\n    BucketName: audit-logs\n"
PLAIN = "Logs:\n  Type: AWS::S3::Bucket\n"
KEY = """
Key:
  Type: AWS::KMS::Key
Alias:
  Type: AWS::KMS::Alias
  Properties:
    AliasName: alias/logs
    TargetKeyId: !Ref Key
"""
OPEN_KEY = KEY.replace("alias/logs", '!Sub "alias/${AWS::StackName}"')
GROUP = "Group:\n  Type: AWS::Logs::LogGroup\n"
NAMED_GROUP = "Group:\n  Type: AWS::Logs::LogGroup\n  Properties:\n    LogGroupName: audit\n"
CUT = "!Select [0, !Split [':*', !GetAtt Group.Arn]]"
TOPIC = "Topic:\n  Type: AWS::SNS::Topic\n  Properties:\n    TopicName: audit\n"
ARN = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"

LINKS = [
    ("Ref", PLAIN, "S3BucketName", "!Ref Logs", "Logs"),
    ("Ref to a name", NAMED, "S3BucketName", "!Ref Logs", "Logs"),
    ("the same literal", NAMED, "S3BucketName", "audit-logs", "Logs"),
    ("Sub", PLAIN, "S3BucketName", '!Sub "${Logs}"', "Logs"),
    ("another literal", NAMED, "S3BucketName", "audit-logs-2", ""),
    ("a longer name", PLAIN, "S3BucketName", '!Sub "${Logs}-2"', ""),
    ("not declared", "", "S3BucketName", "!Ref Logs", ""),
    ("a key", KEY, "KMSKeyId", "!Ref Key", "Key"),
    ("a key's ARN", KEY, "KMSKeyId", "!GetAtt Key.Arn", "Key"),
    ("an alias", KEY, "KMSKeyId", "!Ref Alias", "Key"),
    ("an alias by name", KEY, "KMSKeyId", "alias/logs", "Key"),
    ("an alias by an open name", OPEN_KEY, "KMSKeyId", '!Sub "alias/${AWS::StackName}"', "Key"),
    ("an alias by another open name", OPEN_KEY, "KMSKeyId", '!Sub "alias/${AWS::Region}"', ""),
    ("an alias's ARN", KEY, "KMSKeyId", '!Sub "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${Alias}"', "Key"),
    ("another alias", KEY, "KMSKeyId", "alias/other", ""),
    ("a log group", GROUP, "CloudWatchLogsLogGroupArn", "!GetAtt Group.Arn", "Group"),
    ("a log group by name", NAMED_GROUP, "CloudWatchLogsLogGroupArn", f'!Sub "{ARN}audit:*"', "Group"),
    ("a log group by reference", GROUP, "CloudWatchLogsLogGroupArn", f'!Sub "{ARN}${{Group}}:*"', "Group"),
    ("an ARN without its ending", GROUP, "CloudWatchLogsLogGroupArn", CUT, "Group"),
    ("a role", "Role:\n  Type: AWS::IAM::Role\n", "CloudWatchLogsRoleArn", "!GetAtt Role.Arn", "Role"),
    ("a topic", TOPIC, "SnsTopicName", "audit", "Topic"),
    ("a topic's ARN", TOPIC, "SnsTopicName", "!Ref Topic", "Topic"),
]


@pytest.mark.parametrize(("name", "other", "attribute", "value", "expected"), LINKS, ids=[each[0] for each in LINKS])
def test_links(tmp_path: Path, name: str, other: str, attribute: str, value: str, expected: str) -> None:
    (found,) = cases(tmp_path, other, trail(**{attribute: value}))
    links = found.trails[0].links
    bucket = [links.bucket] if attribute == "S3BucketName" else []
    named = [one for one in (*bucket, links.key, links.log_group, links.role, links.topic) if one is not None]
    assert [(one.address, bool(one.because)) for one in named] == [(expected, not expected)], name
    built = {one.address for one in found.resources} - {"Trail"}
    assert built == ({expected} if expected else set())


POLICY = """
Policy:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: !Ref Logs
    PolicyDocument:
      Statement:
        - Effect: Allow
          Principal:
            Service: cloudtrail.amazonaws.com
          Action: s3:GetBucketAcl
          Resource: !GetAtt Logs.Arn
        - Effect: Allow
          Principal:
            Service: cloudtrail.amazonaws.com
          Action: s3:PutObject
          Resource: RESOURCE
"""
WRITES = [
    ("Sub", '!Sub "${Logs.Arn}/AWSLogs/${AWS::AccountId}/*"', True),
    ("Sub of the name", '!Sub "arn:aws:s3:::${Logs}/AWSLogs/${AWS::AccountId}/*"', True),
    ("Sub with values", '!Sub ["${B}/AWSLogs/*", {B: !GetAtt Logs.Arn}]', True),
    ("Join", '!Join ["", [!GetAtt Logs.Arn, "/AWSLogs/", !Ref "AWS::AccountId", "/*"]]', True),
    ("literal account", '!Sub "${Logs.Arn}/AWSLogs/111122223333/*"', True),
    ("another prefix", '!Sub "${Logs.Arn}/logs/*"', False),
    ("another bucket", "arn:aws:s3:::other/*", False),
    ("a parameter", '!Sub "${Logs.Arn}/${Prefix}/*"', None),
]


@pytest.mark.parametrize(("name", "resource", "expected"), WRITES, ids=[each[0] for each in WRITES])
def test_bucket_policy(tmp_path: Path, name: str, resource: str, expected: bool | None) -> None:
    policy = POLICY.replace("RESOURCE", resource)
    parameters = "Prefix:\n  Type: String\n"
    (found,) = cases(tmp_path, PLAIN, policy, trail(S3BucketName="!Ref Logs"), parameters=parameters)
    (bucket,) = found.neighbours.buckets
    assert bucket_accepts(found.trails[0], bucket, found).granted is expected, name


@pytest.mark.parametrize(("depends", "expected"), [("Policy", True), ("Logs", False), ("", False)])
def test_order(tmp_path: Path, depends: str, expected: bool) -> None:
    (found,) = cases(tmp_path, PLAIN, POLICY, trail(depends, S3BucketName="!Ref Logs"))
    (bucket,) = found.neighbours.buckets
    assert policy_order(found.trails[0], bucket).granted is expected


def test_a_policy_as_text(tmp_path: Path) -> None:
    policy = """
        Policy:
          Type: AWS::S3::BucketPolicy
          Properties:
            Bucket: !Ref Logs
            PolicyDocument: !Sub |
              {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "${Logs.Arn}/*"}}
    """
    (found,) = cases(tmp_path, PLAIN, policy, trail(S3BucketName="!Ref Logs"))
    (bucket,) = found.neighbours.buckets
    assert exposure(bucket, Speller(found, found.trails[0])).granted is True


def test_a_policy_for_another_bucket(tmp_path: Path) -> None:
    other = PLAIN.replace("Logs", "Other")
    policy = POLICY.replace("!Ref Logs", "!Ref Other").replace("RESOURCE", '"*"')
    (found,) = cases(tmp_path, PLAIN, other, policy, trail(S3BucketName="!Ref Logs"))
    assert found.neighbours.buckets[0].policies.surely_empty


def test_deletion_policies(tmp_path: Path) -> None:
    kept = PLAIN.replace("Type", "DeletionPolicy: Retain\n  Type")
    (found,) = cases(tmp_path, kept, trail(S3BucketName="!Ref Logs"))
    policy = found.neighbours.buckets[0].deletion_policy
    assert isinstance(policy, Known)
    assert policy.value == "Retain"
    (found,) = cases(tmp_path, PLAIN, trail(S3BucketName="!Ref Logs"))
    assert isinstance(found.neighbours.buckets[0].deletion_policy, Absent)


def test_a_key_of_a_condition(tmp_path: Path) -> None:
    policy = """
        Key:
          Type: AWS::KMS::Key
          Properties:
            KeyPolicy:
              Statement:
                - Effect: Allow
                  Principal:
                    Service: cloudtrail.amazonaws.com
                  Action: kms:*
                  Resource: "*"
                - Effect: Deny
                  Principal: "*"
                  Action: kms:GenerateDataKey*
                  Resource: "*"
                  Condition:
                    StringNotEquals:
                      aws:SourceArn: !Sub "arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/main"
    """
    (found,) = cases(tmp_path, policy, trail(TrailName="main", KMSKeyId="!Ref Key"))
    assert key_accepts(found.trails[0], found.neighbours.keys[0], found).granted is True
    (found,) = cases(tmp_path, policy, trail(TrailName="other", KMSKeyId="!Ref Key"))
    assert key_accepts(found.trails[0], found.neighbours.keys[0], found).granted is False


def test_a_bucket_of_a_nested_stack(tmp_path: Path) -> None:
    stack = """
        Storage:
          Type: AWS::CloudFormation::Stack
          Properties:
            TemplateURL: storage.yaml
    """
    storage = """
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: Enabled
        Outputs:
          Name:
            Value: !Ref Logs
    """
    (found,) = cases(tmp_path, stack, trail(S3BucketName="!GetAtt Storage.Outputs.Name"), storage=storage)
    (bucket,) = found.neighbours.buckets
    assert bucket.address == "Storage/Logs"
    assert isinstance(bucket.versioning, Known)
    assert bucket.versioning.value == "Enabled"


def test_why_there_is_no_neighbour(tmp_path: Path) -> None:
    values = {"KMSKeyId": "!Select [1, !Split [/, !GetAtt Key.Arn]]", "SnsTopicName": "!ImportValue topic"}
    (found,) = cases(tmp_path, KEY, trail(**values))
    links = found.trails[0].links
    assert [one.because for one in (links.key, links.topic) if one is not None] == [
        "the key is not in this code: Key.Arn is known at deployment",
        'the topic is not in this code: the export "topic" is in another stack',
    ]


def test_names_that_nothing_has_are_given_all_the_same(tmp_path: Path) -> None:
    (found,) = cases(tmp_path, trail(KMSKeyId="!Ref Key", SnsTopicName="!GetAtt Topic.TopicName"))
    (subject,) = found.trails
    assert (present(subject.kms_key), present(subject.sns_topic)) == (True, True)
    assert subject.links.key is not None
    assert subject.links.key.because == "the key is not in this code: Key is not declared"
