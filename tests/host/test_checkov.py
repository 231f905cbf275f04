"""The real checkov with our checks, as it is used: roots, files, variables, modules, filters, outputs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
from checkov_runs import FRAMEWORKS, Terminal

from checkov_cloudtrail.host.installation import checks_dir

TRAIL = """\
resource "aws_cloudtrail" "this" {{
  name                          = "audit"
  s3_bucket_name                = "logs"
  is_multi_region_trail         = {multi}
  enable_log_file_validation    = true
}}
"""
GOOD, BAD = TRAIL.format(multi="true"), TRAIL.format(multi="false")
VARIABLE = TRAIL.format(multi="var.multi") + 'variable "multi" {\n  type = bool\n}\n'
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'


def test_a_command_line_with_everything(terminal: Terminal) -> None:
    """Two roots, a variable file, a module that was fetched, filters, a soft failure, and four outputs at once."""
    fetched = "two/.external_modules/github.com/acme/trail/v1/audit/main.tf"
    terminal.write(
        {
            "one/main.tf": VARIABLE,
            "two/main.tf": BAD + 'module "fetched" {\n  source = "github.com/acme/trail//audit?ref=v1"\n}\n',
            fetched: BAD,
            "values/prod.tfvars": "multi = false\n",
        }
    )
    run = terminal.plain(
        *("--directory", "one", "--directory", "two", "--var-file", "values/prod.tfvars"),
        *("--download-external-modules", "true", "--check", "CT00*", "--skip-check", "CT003,CT008"),
        *("--soft-fail-on", "CT002", "--output-file-path", "reports", "--output", "json", "--output", "sarif"),
        *("--output", "junitxml", "--output", "cli"),
        *FRAMEWORKS,
    )
    reports = terminal.directory / "reports"
    found = json.loads((reports / "results_json.json").read_text())
    shown = {
        (check["check_id"], check["file_abs_path"].removeprefix(f"{terminal.directory}/"), check["resource"])
        for check in found["results"]["failed_checks"]
    }
    assert shown == {
        ("CT001", "one/main.tf", "aws_cloudtrail.this"),
        ("CT002", "one/main.tf", "aws_cloudtrail.this"),
        ("CT001", "two/main.tf", "aws_cloudtrail.this"),
        ("CT002", "two/main.tf", "aws_cloudtrail.this"),
        ("CT002", fetched, "module.fetched.aws_cloudtrail.this"),
    }
    assert {check["check_id"] for check in found["results"]["passed_checks"]} == {"CT004", "CT005", "CT006", "CT007"}
    assert {check["severity"] for check in found["results"]["failed_checks"]} == {"HIGH"}
    assert run.code == 1  # CT001 is not soft

    sarif = json.loads((reports / "results_sarif.sarif").read_text())
    schema = Path(__file__).parents[2] / "fixtures" / "schemas" / "sarif-2.1.0.json"
    jsonschema.validate(sarif, json.loads(schema.read_text()))
    assert {result["ruleId"] for result in sarif["runs"][0]["results"]} == {"CT001", "CT002"}
    assert ElementTree.parse(reports / "results_junitxml.xml").getroot().attrib["failures"] == "5"
    assert 'Check: CT002: "single-region-trail: ' in (reports / "results_cli.txt").read_text()


def test_files_baseline_and_strictness(terminal: Terminal) -> None:
    """`-f` judges a file inside its directory: the value comes from another file, and from variables."""
    terminal.write(
        {
            "root/main.tf": TRAIL.format(multi="local.multi"),
            "root/locals.tf": "locals {\n  multi = false\n}\n",
            "root/other.tf": BAD.replace('"this"', '"other"'),
            "template.yaml": (
                "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n"
                "      IsLogging: true\n      S3BucketName: logs\n      IsMultiRegionTrail: !Ref Multi\n"
                "Parameters:\n  Multi:\n    Type: String\n"
            ),
            "accepted.json": json.dumps(
                {
                    "failed_checks": [
                        {
                            "file": "/main.tf",
                            "findings": [{"resource": "aws_cloudtrail.this", "check_ids": ["CT001", "CT002"]}],
                        }
                    ]
                }
            ),
        }
    )
    arguments = ("--file", "root/main.tf", "--file", "template.yaml", "--check", "CT001,CT002", "--output", "json")
    run = terminal.plain(*arguments, CHECKOV_CLOUDTRAIL_STRICT_UNKNOWN="1")
    assert {(rule, resource): outcome for (rule, _, resource), outcome in run.rows.items()} == {
        ("CT001", "aws_cloudtrail.this"): "FAILED",
        ("CT002", "aws_cloudtrail.this"): "FAILED",
        ("CT001", "AWS::CloudTrail::Trail.Trail"): "FAILED",
        ("CT002", "AWS::CloudTrail::Trail.Trail"): "FAILED",
    }
    accepted = terminal.plain(*arguments, "--baseline", "accepted.json")
    assert (accepted.code, accepted.rows) == (0, {})


def test_suppressions(terminal: Terminal) -> None:
    """checkov shows as skipped what our own command shows as skipped."""
    call = 'module "{0}" {{\n  {1}\n  source = "./module"\n}}\n'
    terminal.write(
        {
            "main.tf": call.format("quiet", "# checkov:skip=CT002,CT004:accepted") + call.format("loud", ""),
            "module/main.tf": BAD.replace("= true", "= false"),
            "template.yaml": (
                "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n"
                "      # checkov:skip=CT002,CT004:accepted\n      IsLogging: true\n      S3BucketName: logs\n"
            ),
            "template.json": json.dumps(
                {
                    "Resources": {
                        "Trail": {
                            "Type": "AWS::CloudTrail::Trail",
                            "Metadata": {"checkov": {"skip": [{"id": "CT002", "comment": "accepted"}]}},
                            "Properties": {"IsLogging": True, "S3BucketName": "logs"},
                        }
                    }
                }
            ),
        }
    )
    rows = terminal.plain("--directory", ".", "--check", "CT002,CT004", "--output", "json").rows
    module, trail = "module/main.tf", "AWS::CloudTrail::Trail.Trail"
    assert rows == {
        ("CT002", module, "module.quiet.aws_cloudtrail.this"): "SKIPPED",
        ("CT004", module, "module.quiet.aws_cloudtrail.this"): "SKIPPED",
        ("CT002", module, "module.loud.aws_cloudtrail.this"): "FAILED",
        ("CT004", module, "module.loud.aws_cloudtrail.this"): "FAILED",
        ("CT002", "template.yaml", trail): "SKIPPED",
        ("CT004", "template.yaml", trail): "SKIPPED",
        ("CT002", "template.json", trail): "SKIPPED",
        ("CT004", "template.json", trail): "FAILED",
    }
    report = json.loads(terminal.command("check", ".", "--select", "CT002,CT004", "--format", "json").stdout)
    ours = {(result["rule"], result["file"], result["resource"]): result for result in report["results"]}
    shown = {"skipped": "SKIPPED", "fail": "FAILED"}
    assert {
        (rule, file, f"AWS::CloudTrail::Trail.{name}" if name == "Trail" else name): shown[result["verdict"]]
        for (rule, file, name), result in ours.items()
    } == rows
    assert {result["skip_reason"] for result in ours.values()} == {"accepted", None}


def test_what_checkov_leaves_out(terminal: Terminal) -> None:
    module = 'module "m" {\n  source = "../m"\n  multi = %s\n}\n' + PROVIDER
    terminal.write(
        {
            "a/main.tf": module % "true",
            "b/main.tf": module % "false",
            "m/main.tf": VARIABLE,
            "open/main.tf": VARIABLE,
        }
    )
    arguments = ("--directory", ".", "--check", "CT002", "--output", "json")
    run = terminal.ours("--strict", *arguments)
    assert run.code == 2
    assert run.rows == {("CT002", "m/main.tf", "module.m.aws_cloudtrail.this"): "FAILED"}
    assert run.stderr.splitlines() == [
        "checkov-cloudtrail: checkov's report does not show everything (3 verdicts):",
        (
            "checkov-cloudtrail:   CT002 on aws_cloudtrail.this (open): unknown, checkov leaves it out: "
            "Cannot tell whether the trail is multi-Region: var.multi has no value"
        ),
        (
            "checkov-cloudtrail:   module.m.aws_cloudtrail.this (a) and module.m.aws_cloudtrail.this (b): "
            "checkov has one row for all of them (CT002)"
        ),
    ]


def test_what_cannot_be_read_is_no_success(terminal: Terminal) -> None:
    """A syntax error, and a folder of checks of the user's own that cannot be loaded: checkov exits with 0."""
    terminal.write(
        {
            "good/main.tf": GOOD,
            "broken/main.tf": 'resource "aws_cloudtrail" "this" {\n',
            "mine/__init__.py": "",
            "mine/broken_check.py": "raise LookupError('mine')\n",
        }
    )
    run = terminal.ours("--directory", ".", "--external-checks-dir", "mine", "--check", "CT002", "--output", "json")
    assert run.code == 2
    assert run.rows == {("CT002", "good/main.tf", "aws_cloudtrail.this"): "PASSED"}
    assert "checkov-cloudtrail: broken/main.tf:1:34: error: " in run.stderr
    assert "checkov-cloudtrail: Cannot load external check 'broken_check' from mine/broken_check.py: mine" in run.stderr
    assert terminal.plain("--directory", ".", "--check", "CT002").code == 0


def test_a_folder_that_checkov_forgets_is_named(terminal: Terminal) -> None:
    """With several folders and one framework, checkov scans the first folder again and again."""
    terminal.write({"one/main.tf": GOOD, "two/main.tf": BAD})
    folders = ("--directory", "one", "--directory", "two")
    run = terminal.ours(*folders, "--framework", "terraform", "--check", "CT002", "--strict", "--quiet")
    assert run.code == 2
    assert "aws_cloudtrail.this (two): checkov does not know this resource (CT002)" in run.stderr


def test_two_folders_of_checks_and_a_rule_by_name(terminal: Terminal) -> None:
    """A checkout beside the installed folder: each rule answers once. What --check names is judged in any profile."""
    terminal.write({"main.tf": BAD})
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(checks_dir(), terminal.directory / "checkout", ignore=ignored)
    arguments = ("--external-checks-dir", "checkout", "--check", "CT002,CT009", "--output", "json")
    run = terminal.plain("--directory", ".", *arguments)
    assert sorted((check["check_id"], check["check_result"]["result"]) for check in run.checks) == [
        ("CT002", "FAILED"),
        ("CT009", "FAILED"),
    ]


def test_one_baseline_for_both_commands(terminal: Terminal) -> None:
    template = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      S3BucketName: logs\n"
    terminal.write({"infra/a/main.tf": BAD, "infra/template.yaml": template})
    written = terminal.command("baseline", "infra")
    assert (written.code, written.stdout) == (0, "")
    accepted = "infra/.checkov.baseline"
    check = ("check", "infra", "--baseline", accepted, "--format", "concise")
    assert terminal.command(*check).code == 0
    plain = terminal.plain("--directory", "infra", "--check", "CT00*", "--baseline", accepted, "--compact")
    assert (plain.code, "FAILED" in plain.stdout) == (0, False)

    terminal.write({"infra/a/main.tf": "\n\n# moved\n" + BAD, "infra/b/main.tf": BAD})
    run = terminal.command(*check)
    assert run.code == 1
    assert {line.partition(":")[0] for line in run.stdout.splitlines() if " unknown: " not in line} == {
        "infra/b/main.tf"
    }


def test_a_baseline_that_cannot_be_read(terminal: Terminal) -> None:
    terminal.write({"main.tf": GOOD, "b.json": "[]"})
    for name, reason in {
        "missing.json": "cannot be read: ",
        "b.json": "cannot be used: b.json is not a baseline",
    }.items():
        run = terminal.command("check", ".", "--baseline", name)
        assert run.code == 2
        assert run.stderr.startswith(f"error: {name} {reason}")
