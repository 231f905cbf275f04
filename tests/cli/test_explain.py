"""`explain` and `rules`."""

from __future__ import annotations

import json

from commandline import BAD, GOOD, Command, Write

from checkov_cloudtrail.checks import RULES


def test_a_rule_by_id_and_by_slug(command: Command) -> None:
    answer = command("explain", "CT002")
    assert answer.code == 0
    assert answer.out.startswith("CT002 single-region-trail  error\n")
    assert {"Why it matters", "What to do", "Profiles", "References"} <= set(answer.out.splitlines())
    assert command("explain", "ct002").out == answer.out
    assert command("explain", "single-region-trail").out == answer.out


def test_every_rule_has_a_page(command: Command) -> None:
    for rule in RULES:
        assert command("explain", rule.id).out.startswith(f"{rule.id} {rule.slug}"), rule.id


def test_an_address(command: Command, write: Write) -> None:
    write("infra/main.tf", BAD)
    answer = command("explain", "aws_cloudtrail.this", "infra")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == "aws_cloudtrail.this of infra (terraform)"
    value = next(index for index, line in enumerate(lines) if line.startswith("  is_multi_region_trail "))
    assert lines[value] == "  is_multi_region_trail false  infra/main.tf:4"
    assert 'infra/main.tf:12: variable "multi" defaults to false' in lines[value + 1]
    verdicts = [line.split()[:2] for line in lines if line.startswith(("  FAIL", "  PASS", "  UNKNOWN"))]
    assert ["FAIL", "CT002"] in verdicts
    assert ["PASS", "CT003"] in verdicts


def test_cases_are_told_apart(command: Command, write: Write) -> None:
    write("t.yaml", (
        "Parameters: {Scope: {Type: String, AllowedValues: [one, all]}}\n"
        "Conditions: {All: !Equals [!Ref Scope, all]}\n"
        "Resources:\n"
        "  T:\n"
        "    Type: AWS::CloudTrail::Trail\n"
        "    Properties: {IsLogging: true, S3BucketName: b, IsMultiRegionTrail: !If [All, true, false]}\n"
    ))  # fmt: skip
    lines = [line.split("  ") for line in command("explain", "T").out.splitlines()]
    shown = {(line[1], line[-1]) for line in lines if len(line) > 2 and line[1].startswith("IsMultiRegionTrail")}
    assert shown == {
        ("IsMultiRegionTrail true", "when Scope = all"),
        ("IsMultiRegionTrail false", "when Scope = one"),
    }


def test_nothing_of_that_name(command: Command, write: Write) -> None:
    write("main.tf", GOOD)
    answer = command("explain", "aws_cloudtrail.that")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "error: there is no rule and no resource 'aws_cloudtrail.that'; there are aws_cloudtrail.this\n"
    )


def test_rules_as_a_table(command: Command) -> None:
    lines = command("rules").out.splitlines()
    assert [line.split()[:3] for line in lines] == [[rule.id, rule.level.value, rule.slug] for rule in RULES]
    assert command("rules", "--profile", "control").out.split()[0] == "CT001"
    assert command("rules", "--profile", "nosuch").code == 2


def test_rules_as_json(command: Command) -> None:
    document = json.loads(command("rules", "--format", "json").out)
    assert document["schema_version"] == 1
    by_id = {rule["id"]: rule for rule in document["rules"]}
    assert list(by_id) == [rule.id for rule in RULES]
    rule = by_id["CT002"]
    assert set(rule) == {
        "id", "slug", "level", "subject", "profiles", "summary", "why", "remedy", "security_severity", "compliance",
        "references",
    }  # fmt: skip
    assert rule["profiles"] == ["all", "aws-config", "cis", "default", "security-hub"]
    assert rule["compliance"]
