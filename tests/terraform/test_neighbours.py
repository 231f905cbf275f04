"""Which neighbours a trail has in Terraform code, and what is read of them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkov_cloudtrail.cloudtrail.buckets import FLAGS, blocked, expiry, exposure
from checkov_cloudtrail.cloudtrail.delivery import bucket_accepts, key_accepts, policy_order
from checkov_cloudtrail.cloudtrail.spelling import Speller
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.deployment import Case
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.values import Known
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform.root import ParseCache, load

LOGS = """
resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs"
}
"""


def case(directory: Path, files: dict[str, str]) -> Case:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    loaded = load(".", DiskFiles(directory), Options(), ParseCache())
    assert loaded.errors == ()
    assert loaded.deployment is not None
    (only,) = loaded.deployment.cases
    return only


def trail(**arguments: str) -> str:
    lines = {"name": '"main"', "s3_bucket_name": '"elsewhere"', **arguments}
    body = "\n".join(f"  {name} = {value}" for name, value in lines.items())
    return f'\nresource "aws_cloudtrail" "main" {{\n{body}\n}}\n'


BUCKETS = [
    ("a reference", LOGS + trail(s3_bucket_name="aws_s3_bucket.logs.id"), "aws_s3_bucket.logs"),
    ("its name", LOGS + trail(s3_bucket_name="aws_s3_bucket.logs.bucket"), "aws_s3_bucket.logs"),
    ("the same literal", LOGS + trail(s3_bucket_name='"audit-logs"'), "aws_s3_bucket.logs"),
    (
        "the first of several, as it was called before Terraform 0.12",
        LOGS.replace("bucket =", "count = 1\n  bucket =") + trail(s3_bucket_name='"${aws_s3_bucket.logs.id}"'),
        "aws_s3_bucket.logs[0]",
    ),
    (
        "through a local",
        LOGS + "locals {\n  b = aws_s3_bucket.logs.id\n}\n" + trail(s3_bucket_name="local.b"),
        "aws_s3_bucket.logs",
    ),
    (
        "through its policy",
        LOGS
        + 'resource "aws_s3_bucket_policy" "logs" {\n  bucket = aws_s3_bucket.logs.id\n  policy = "{}"\n}\n'
        + trail(s3_bucket_name="aws_s3_bucket_policy.logs.id"),
        "aws_s3_bucket.logs",
    ),
    (
        "a name of a variable in both places",
        'variable "b" {\n}\nresource "aws_s3_bucket" "logs" {\n  bucket = "${var.b}-logs"\n}\n'
        + trail(s3_bucket_name='"${var.b}-logs"'),
        "aws_s3_bucket.logs",
    ),
    (
        "a counted bucket",
        'resource "aws_s3_bucket" "logs" {\n  count = 2\n}\n' + trail(s3_bucket_name="aws_s3_bucket.logs[1].id"),
        "aws_s3_bucket.logs[1]",
    ),
    (
        "a bucket of several",
        'resource "aws_s3_bucket" "logs" {\n  for_each = toset(["a", "b"])\n}\n'
        + trail(s3_bucket_name='aws_s3_bucket.logs["b"].id'),
        'aws_s3_bucket.logs["b"]',
    ),
    (
        "the only one",
        'resource "aws_s3_bucket" "logs" {\n  count = 1\n}\n'
        + trail(s3_bucket_name='join("", aws_s3_bucket.logs.*.id)'),
        "aws_s3_bucket.logs[0]",
    ),
    ("another name", LOGS + trail(s3_bucket_name='"audit-logs-2"'), ""),
    ("a name made of it", LOGS + trail(s3_bucket_name='"${aws_s3_bucket.logs.id}-2"'), ""),
    ("a variable", 'variable "b" {\n}\n' + LOGS + trail(s3_bucket_name="var.b"), ""),
    (
        "a data source",
        'data "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n' + trail(s3_bucket_name="data.aws_s3_bucket.b.id"),
        "",
    ),
    ("nothing declared", trail(s3_bucket_name="aws_s3_bucket.logs.id"), ""),
]


@pytest.mark.parametrize(("name", "source", "expected"), BUCKETS, ids=[each[0] for each in BUCKETS])
def test_link_to_bucket(tmp_path: Path, name: str, source: str, expected: str) -> None:
    found = case(tmp_path, {"main.tf": source})
    link = found.trails[0].links.bucket
    assert link is not None
    assert (link.address, bool(link.because)) == (expected, not expected), name
    assert [bucket.address for bucket in found.neighbours.buckets] == [expected] * bool(expected)


def test_the_reason_of_a_missing_link_names_what_would_decide(tmp_path: Path) -> None:
    found = case(tmp_path, {"main.tf": 'variable "b" {\n}\n' + trail(s3_bucket_name="var.b")})
    link = found.trails[0].links.bucket
    assert link is not None
    assert link.because == "the bucket is not in this code: var.b has no value"


KEY = """
resource "aws_kms_key" "logs" {
}

resource "aws_kms_alias" "logs" {
  name          = "alias/logs"
  target_key_id = aws_kms_key.logs.id
}
"""
OTHERS = [
    ("key", "kms_key_id", KEY, "aws_kms_key.logs.arn", "aws_kms_key.logs"),
    ("alias", "kms_key_id", KEY, "aws_kms_alias.logs.arn", "aws_kms_key.logs"),
    ("alias target", "kms_key_id", KEY, "aws_kms_alias.logs.target_key_arn", "aws_kms_key.logs"),
    ("alias name", "kms_key_id", KEY, '"alias/logs"', "aws_kms_key.logs"),
    ("another key", "kms_key_id", KEY, '"arn:aws:kms:eu-west-1:1:key/k"', ""),
    (
        "group",
        "cloud_watch_logs_group_arn",
        'resource "aws_cloudwatch_log_group" "g" {\n}\n',
        '"${aws_cloudwatch_log_group.g.arn}:*"',
        "aws_cloudwatch_log_group.g",
    ),
    (
        "group by name",
        "cloud_watch_logs_group_arn",
        'resource "aws_cloudwatch_log_group" "g" {\n  name = "audit"\n}\n',
        '"arn:aws:logs:eu-west-1:1:log-group:audit:*"',
        "aws_cloudwatch_log_group.g",
    ),
    (
        "group by name of a variable",
        "cloud_watch_logs_group_arn",
        'variable "n" {\n}\nresource "aws_cloudwatch_log_group" "g" {\n  name = var.n\n}\n',
        '"arn:aws:logs:eu-west-1:1:log-group:${var.n}:*"',
        "aws_cloudwatch_log_group.g",
    ),
    ("role", "cloud_watch_logs_role_arn", 'resource "aws_iam_role" "r" {\n}\n', "aws_iam_role.r.arn", "aws_iam_role.r"),
    ("topic", "sns_topic_name", 'resource "aws_sns_topic" "t" {\n  name = "audit"\n}\n', '"audit"', "aws_sns_topic.t"),
    ("topic ARN", "sns_topic_name", 'resource "aws_sns_topic" "t" {\n}\n', "aws_sns_topic.t.arn", "aws_sns_topic.t"),
]


@pytest.mark.parametrize(("name", "attribute", "source", "value", "expected"), OTHERS, ids=[each[0] for each in OTHERS])
def test_other_links(tmp_path: Path, name: str, attribute: str, source: str, value: str, expected: str) -> None:
    found = case(tmp_path, {"main.tf": source + trail(**{attribute: value})})
    links = found.trails[0].links
    named = [link.address for link in (links.key, links.log_group, links.role, links.topic) if link is not None]
    assert named == [expected], name
    around = found.neighbours
    built = [one.address for one in (*around.keys, *around.log_groups, *around.roles, *around.topics)]
    assert built == [expected] * bool(expected)


MODULE = {
    "main.tf": """
        module "bucket" {
          source   = "./bucket"
          for_each = toset(["audit", "other"])
          name     = each.key
        }

        module "trail" {
          source = "./trail"
          bucket = module.bucket["audit"].name
        }
    """,
    "bucket/main.tf": """
        variable "name" {
        }

        resource "aws_s3_bucket" "this" {
          count  = 1
          bucket = "logs-${var.name}"
        }

        resource "aws_s3_bucket_versioning" "this" {
          count  = 1
          bucket = aws_s3_bucket.this[0].id
          versioning_configuration {
            status = var.name == "audit" ? "Enabled" : "Suspended"
          }
        }

        resource "aws_s3_bucket_policy" "this" {
          bucket = one(aws_s3_bucket.this[*].id)
          policy = templatefile("${path.module}/policy.json.tftpl", { arn = aws_s3_bucket.this[0].arn })
        }

        output "name" {
          value      = aws_s3_bucket.this[0].bucket
          depends_on = [aws_s3_bucket_policy.this]
        }
    """,
    "bucket/policy.json.tftpl": """
        {"Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
          "Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": ["${arn}", "${arn}/*"]}]}
    """,
    "trail/main.tf": """
        variable "bucket" {
        }

        resource "aws_cloudtrail" "main" {
          name           = "main"
          s3_bucket_name = var.bucket
        }
    """,
}


def test_modules(tmp_path: Path) -> None:
    found = case(tmp_path, MODULE)
    (bucket,) = found.neighbours.buckets
    (subject,) = found.trails
    assert bucket.address == 'module.bucket["audit"].aws_s3_bucket.this[0]'
    assert isinstance(bucket.versioning, Known)
    assert bucket.versioning.value == "Enabled"
    assert bucket_accepts(subject, bucket, found).granted is True
    assert policy_order(subject, bucket).granted is True


def only_bucket(tmp_path: Path, source: str) -> tuple[Bucket, Case]:
    found = case(tmp_path, {"main.tf": LOGS + trail(s3_bucket_name="aws_s3_bucket.logs.id") + source})
    return found.neighbours.buckets[0], found


def statement(resources: str, more: str = "") -> str:
    return f"""
      statement {{
        actions   = ["s3:GetBucketAcl", "s3:PutObject"]
        resources = {resources}
        principals {{
          type        = "Service"
          identifiers = ["cloudtrail.amazonaws.com"]
        }}
        {more}
      }}
    """


ATTACH = """
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.p.json
}
"""
ALL = '[aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]'
DENY = """
data "aws_iam_policy_document" "deny" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
"""
OTHER_TRAIL = """
condition {
  test     = "StringEquals"
  variable = "aws:SourceArn"
  values   = ["arn:aws:cloudtrail:eu-west-1:1:trail/other"]
}
"""


def document(*parts: str) -> str:
    body = "\n".join(parts)
    return f'data "aws_iam_policy_document" "p" {{\n{body}\n}}\n'


DOCUMENTS = [
    ("a statement", document(statement(ALL)), True),
    ("a statement in vain", document(statement('["arn:aws:s3:::x"]')), False),
    (
        "a Deny besides",
        DENY + document("source_policy_documents = [data.aws_iam_policy_document.deny.json]", statement(ALL)),
        False,
    ),
    (
        "a Deny on top",
        DENY + document("override_policy_documents = [data.aws_iam_policy_document.deny.json]", statement(ALL)),
        False,
    ),
    (
        "an unknown one on top",
        'variable "more" {\n}\n' + document("override_policy_documents = [var.more]", statement(ALL)),
        None,
    ),
    ("nothing on top", document("override_policy_documents = []", statement(ALL)), True),
    ("an empty one on top", document('override_json = ""', statement(ALL)), True),
    ("an empty one among others", document('override_policy_documents = [""]', statement(ALL)), True),
    (
        "the partition's suffix",
        'data "aws_partition" "here" {\n}\n'
        + document(statement(ALL)).replace("amazonaws.com", "${data.aws_partition.here.dns_suffix}"),
        True,
    ),
    (
        "the older spelling",
        DENY + document("source_json = data.aws_iam_policy_document.deny.json", statement(ALL)),
        False,
    ),
    ("a condition", document(statement(ALL, OTHER_TRAIL)), False),
    ("not declared", "", None),
]


@pytest.mark.parametrize(("name", "source", "expected"), DOCUMENTS, ids=[each[0] for each in DOCUMENTS])
def test_policy_documents(tmp_path: Path, name: str, source: str, expected: bool | None) -> None:
    bucket, found = only_bucket(tmp_path, ATTACH + source)
    assert bucket_accepts(found.trails[0], bucket, found).granted is expected, name


def test_documents_that_multiply_are_read_once(tmp_path: Path) -> None:
    several = "".join(
        document(
            f"source_policy_documents = [data.aws_iam_policy_document.d{level - 1}.json,"
            f" data.aws_iam_policy_document.d{level - 1}.json]"
        ).replace('"p"', f'"d{level}"')
        for level in range(1, 14)
    )
    first = document(statement(ALL)).replace('"p"', '"d0"')
    bucket, found = only_bucket(tmp_path, ATTACH.replace("document.p.", "document.d13.") + first + several)
    assert bucket_accepts(found.trails[0], bucket, found).because == "the policy is larger than AWS accepts"


def test_a_document_that_is_made_of_itself(tmp_path: Path) -> None:
    itself = document("source_policy_documents = [data.aws_iam_policy_document.p.json]", statement(ALL))
    bucket, found = only_bucket(tmp_path, ATTACH + itself)
    assert bucket_accepts(found.trails[0], bucket, found).granted is not True


def test_a_policy_from_a_file(tmp_path: Path) -> None:
    document = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}'
    source = LOGS + trail(s3_bucket_name="aws_s3_bucket.logs.id")
    source += (
        'resource "aws_s3_bucket_policy" "p" {\n  bucket = "audit-logs"\n  policy = file("${path.module}/p.json")\n}\n'
    )
    found = case(tmp_path, {"main.tf": source, "p.json": document})
    (bucket,) = found.neighbours.buckets
    assert exposure(bucket, Speller(found, found.trails[0])).granted is True


@pytest.mark.parametrize("vars", ["vars =", "vars"])
def test_a_policy_from_a_template(tmp_path: Path, vars: str) -> None:
    document = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "${bucket}/*"}}'
    source = LOGS + trail(s3_bucket_name="aws_s3_bucket.logs.id")
    source += """
    data "template_file" "p" {
      template = file("${path.module}/p.json")
      VARS {
        bucket = aws_s3_bucket.logs.arn
      }
    }
    resource "aws_s3_bucket_policy" "p" {
      bucket = "audit-logs"
      policy = data.template_file.p.rendered
    }
    """.replace("VARS", vars)
    found = case(tmp_path, {"main.tf": source, "p.json": document})
    assert exposure(found.neighbours.buckets[0], Speller(found, found.trails[0])).granted is True


def test_an_aspect_of_another_bucket_is_not_taken(tmp_path: Path) -> None:
    source = """
        resource "aws_s3_bucket" "other" {
        }

        resource "aws_s3_bucket_versioning" "other" {
          bucket = aws_s3_bucket.other.id
          versioning_configuration {
            status = "Enabled"
          }
        }
    """
    bucket, _ = only_bucket(tmp_path, dedent(source))
    assert not isinstance(bucket.versioning, Known)


def test_an_aspect_of_an_unknown_bucket_leaves_it_open(tmp_path: Path) -> None:
    flags = "\n".join(f"  {flag} = true" for flag in FLAGS)
    source = (
        'variable "b" {\n}\nresource "aws_s3_bucket_public_access_block" "b" {\n  bucket = var.b\n' + flags + "\n}\n"
    )
    bucket, _ = only_bucket(tmp_path, source)
    assert [blocked(bucket, flag) for flag in FLAGS] == [None] * 4


def test_inline_and_separate_is_a_conflict(tmp_path: Path) -> None:
    source = """
        resource "aws_s3_bucket" "logs" {
          acl = "private"
        }

        resource "aws_s3_bucket_acl" "logs" {
          bucket = aws_s3_bucket.logs.id
          acl    = "public-read"
        }
    """
    found = case(tmp_path, {"main.tf": dedent(source) + trail(s3_bucket_name="aws_s3_bucket.logs.id")})
    (bucket,) = found.neighbours.buckets
    assert isinstance(bucket.acl, Known)
    assert (bucket.acl.value, bucket.conflicts) == ("public-read", ("acl",))


RULES = [
    ("filter", 'filter {\n prefix = "AWSLogs/"\n}\nexpiration {\n days = 30\n}', "fail"),
    ("and", 'filter {\n and {\n  prefix = "other/"\n  tags = { a = "b" }\n }\n}\nexpiration {\n days = 30\n}', "pass"),
    ("tag", 'filter {\n tag {\n  key = "a"\n  value = "b"\n }\n}\nexpiration {\n days = 30\n}', "unknown"),
    ("empty filter", "filter {}\nexpiration {\n days = 364\n}", "fail"),
    ("older prefix", 'prefix = "AWSLogs/1"\nexpiration {\n days = 30\n}', "fail"),
    ("date", 'expiration {\n date = "2030-01-01T00:00:00Z"\n}', "fail"),
    ("only old versions", "noncurrent_version_expiration {\n noncurrent_days = 30\n}", "pass"),
    ("only moved", 'transition {\n days = 30\n storage_class = "GLACIER"\n}', "pass"),
    ("long enough", "expiration {\n days = 365\n}", "pass"),
]


@pytest.mark.parametrize(("name", "rule", "expected"), RULES, ids=[each[0] for each in RULES])
def test_lifecycle(tmp_path: Path, name: str, rule: str, expected: str) -> None:
    source = (
        'resource "aws_s3_bucket_lifecycle_configuration" "l" {\n  bucket = aws_s3_bucket.logs.id\n'
        f'  rule {{\n id = "r"\n status = "Enabled"\n{rule}\n  }}\n}}\n'
    )
    bucket, found = only_bucket(tmp_path, source)
    outcome = expiry(bucket, "AWSLogs/", 365, Speller(found, found.trails[0]))
    assert outcome.verdict.value == expected, name


def test_a_replica_key_rotates_with_its_primary(tmp_path: Path) -> None:
    source = """
        resource "aws_kms_key" "primary" {
          multi_region        = true
          enable_key_rotation = true
        }

        resource "aws_kms_replica_key" "logs" {
          primary_key_arn = aws_kms_key.primary.arn
        }
    """
    found = case(tmp_path, {"main.tf": dedent(source) + trail(kms_key_id="aws_kms_replica_key.logs.arn")})
    (key,) = found.neighbours.keys
    assert isinstance(key.rotation, Known)
    assert key.rotation.value is True
    assert key_accepts(found.trails[0], key, found).granted is False


def test_what_nobody_reaches_is_not_built(tmp_path: Path) -> None:
    bucket, found = only_bucket(tmp_path, KEY + 'resource "aws_s3_bucket" "other" {\n}\n')
    assert found.neighbours.buckets == (bucket,)
    assert found.neighbours.keys == ()


UNSEEN = """
module "guard" {
  source = "registry.example.com/acme/guard/aws"
  bucket = local.bucket
}

locals {
  bucket = aws_s3_bucket.logs.id
}
"""


def test_a_module_that_cannot_be_read_may_add_to_a_bucket(tmp_path: Path) -> None:
    bucket, found = only_bucket(tmp_path, UNSEEN)
    answer = bucket_accepts(found.trails[0], bucket, found)
    assert (answer.granted, answer.because) == (
        None,
        "module.guard knows of it, and the module is not there to be read",
    )
    assert [blocked(bucket, flag) for flag in FLAGS] == [None] * 4


def test_a_module_that_cannot_be_read_and_has_nothing_to_do_with_the_bucket(tmp_path: Path) -> None:
    bucket, found = only_bucket(tmp_path, UNSEEN.replace("aws_s3_bucket.logs.id", "aws_cloudtrail.main.arn"))
    assert bucket_accepts(found.trails[0], bucket, found).granted is False


def test_a_bucket_of_a_module_that_cannot_be_read(tmp_path: Path) -> None:
    module = 'module "logs" {\n  source = "terraform-aws-modules/s3-bucket/aws"\n}\n'
    found = case(tmp_path, {"main.tf": module + trail(s3_bucket_name="module.logs.s3_bucket_id")})
    link = found.trails[0].links.bucket
    assert link is not None
    assert link.because == "the bucket is not in this code: module.logs is not there to be read"
