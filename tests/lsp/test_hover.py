"""Hovers through a real client."""

from __future__ import annotations

from pathlib import Path

import pytest
from open_documents import TRAIL, Document
from pytest_lsp import LanguageClient

SELECTORS = """variable "kind" {
  default = "ReadOnly"
}

resource "aws_cloudtrail" "main" {
  for_each              = toset(["a", "b"])
  name                  = "trail-${each.key}"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = var.kind
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3", "a`b"]
    }
  }
}
"""
SKIPPED = """Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Metadata:
      checkov:
        skip:
          - id: CT003
            comment: it is stopped on purpose
    Properties:
      IsLogging: false
      S3BucketName: logs
      IsMultiRegionTrail: !If [Wide, true, false]
Conditions:
  Wide: !Equals [!Ref Env, prod]
Parameters:
  Env:
    Type: String
    AllowedValues: [prod, dev]
"""
STORE = """resource "aws_cloudtrail_event_data_store" "lake" {
  name             = "lake"
  retention_period = 90
}
"""


def cursor(text: str, mark: str) -> tuple[int, int]:
    """The position of the first character of a text in a document."""
    before = text[: text.index(mark)]
    return before.count("\n"), len(before.rpartition("\n")[2])


HOVERS = [
    ("an attribute's name", "main.tf", SELECTORS, "read_write_type", "`event_selector.read_write_type` of"),
    (
        "its value",
        "main.tf",
        SELECTORS,
        "var.kind",
        '`ReadOnly`\n- variable "kind" defaults to "ReadOnly" ([main.tf:2]',
    ),
    ("instances that agree", "main.tf", SELECTORS, "var.kind", 'of `aws_cloudtrail.main["a"]` and 1 more: `ReadOnly`'),
    ("instances that differ", "main.tf", SELECTORS, '"trail-', 'of `aws_cloudtrail.main["b"]`: `trail-b`'),
    ("a list", "main.tf", SELECTORS, "values", "`` [arn:aws:s3, a`b] ``"),
    ("a selector's header", "main.tf", SELECTORS, "event_selector {", "| management writes | none |"),
    ("a trail's header", "main.tf", SELECTORS, 'resource "aws_cloudtrail"', "✗ account not covered: no write events"),
    ("nothing", "main.tf", SELECTORS, "variable", ""),
    (
        "a resource that is skipped",
        "main.tf",
        TRAIL.replace("MULTI", "true # checkov:skip=CT002:why"),
        "CT002",
        "# CT002",
    ),
    ("an entry of Metadata", "t.yaml", SKIPPED, "CT003", "# CT003 logging-disabled"),
    ("each case", "t.yaml", SKIPPED, "!If", "of `Trail when Env = dev`: `false`"),
    ("an event data store", "main.tf", STORE, "resource", "| management reads | all |"),
    ("an event data store's attribute", "main.tf", STORE, "90", "`retention_period` of"),
]


@pytest.mark.asyncio
@pytest.mark.parametrize(("case", "name", "text", "mark", "said"), HOVERS, ids=[case[0] for case in HOVERS])
async def test_hover(
    client: LanguageClient, tmp_path: Path, case: str, name: str, text: str, mark: str, said: str
) -> None:
    document = Document(client, tmp_path / name, text)
    hover = await document.hover(*cursor(text, mark))
    assert said in hover, case
    assert bool(hover) == bool(said), case
