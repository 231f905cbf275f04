"""A trail that surely does not exist asks nothing of its neighbours."""

from __future__ import annotations

from pathlib import Path

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.options import Options

TEMPLATE = """
Parameters:
  Organization:
    Type: String
    AllowedValues: ["yes", "no"]
Conditions:
  IsOrganization: !Equals [!Ref Organization, "yes"]
Resources:
  Logs:
    Type: AWS::S3::Bucket
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
            Resource: !Sub "${Logs.Arn}/AWSLogs/${AWS::AccountId}/*"
  Trail:
    Type: AWS::CloudTrail::Trail
    DependsOn: Policy
    Properties:
      IsLogging: true
      S3BucketName: !Ref Logs
  OrganizationTrail:
    Type: AWS::CloudTrail::Trail
    Condition: IsOrganization
    DependsOn: Policy
    Properties:
      IsLogging: true
      IsOrganizationTrail: true
      S3BucketName: !Ref Logs
"""


def test_the_bucket_serves_those_that_exist(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    report = analyse(["template.yaml"], Options(select=("CT046",)), DiskFiles(tmp_path))
    (result,) = report.results
    assert (result.resource, result.verdict.value) == ("Logs", "unknown")
    assert result.message.startswith("It depends: fails when Organization = yes, passes when Organization = no.")
