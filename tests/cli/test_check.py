"""`check`: exit codes, options, where things are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import BAD, BROKEN, GOOD, OPEN, Command, Write

from checkov_cloudtrail.report.formats import FORMATS

EXIT_CODES = [
    ("nothing", {}, [], 0),
    ("compliant", {"main.tf": GOOD}, [], 0),
    ("a finding", {"main.tf": BAD}, [], 1),
    ("named file", {"main.tf": BAD}, ["main.tf"], 1),
    ("exit zero", {"main.tf": BAD}, ["--exit-zero"], 0),
    ("never", {"main.tf": BAD}, ["--fail-on", "never"], 0),
    ("a warning counts", {"main.tf": BAD}, ["--select", "CT004,CT006"], 0),
    ("unknown", {"main.tf": OPEN}, [], 0),
    ("strictly unknown", {"main.tf": OPEN}, ["--strict-unknown"], 1),
    ("strict, but never", {"main.tf": OPEN}, ["--strict-unknown", "--fail-on", "never"], 0),
    ("unreadable", {"main.tf": BROKEN}, [], 2),
    ("unreadable wins", {"a/main.tf": BAD, "b/main.tf": BROKEN}, [], 2),
    ("unreadable wins over exit zero", {"a/main.tf": BAD, "b/main.tf": BROKEN}, ["--exit-zero"], 2),
]


@pytest.mark.parametrize(("name", "files", "options", "code"), EXIT_CODES, ids=[case[0] for case in EXIT_CODES])
def test_exit_codes(
    command: Command, write: Write, name: str, files: dict[str, str], options: list[str], code: int
) -> None:
    for file, text in files.items():
        write(file, text)
    assert command("check", *options).code == code, name


def test_levels(command: Command, write: Write) -> None:
    write("main.tf", GOOD.replace("validation = true", "validation = false"))
    codes = {level: command("check", "--fail-on", level).code for level in ("error", "warning", "note", "never")}
    assert codes == {"error": 0, "warning": 1, "note": 1, "never": 0}
    assert command("check").code == 1


def test_findings_are_printed_beside_a_broken_file(command: Command, write: Write) -> None:
    write("a/main.tf", BAD)
    write("b/main.tf", BROKEN)
    answer = command("check", "--format", "concise")
    assert "a/main.tf:4:32: CT002 " in answer.out
    assert "b/main.tf:" in answer.err
    assert "b/main.tf:1:1: CT001 unknown: " in answer.out


REFUSED = [
    ("no such path", ["nosuch"], "nosuch: there is no such file or directory"),
    ("unknown rule", ["--select", "CT999"], "--select: there is no rule 'CT999'"),
    ("a rule nearly", ["--ignore", "single-region-trial"], "did you mean 'single-region-trail'?"),
    ("unknown profile", ["--profile", "soc2"], "--profile: there is no profile 'soc2'; there are all, aws-config, cis"),
    ("unknown format", ["--format", "xml"], "'xml' is not one of"),
    ("output without path", ["--output", "json"], "--output json: write it as FORMAT=PATH"),
    ("output format", ["--output", "xml=x"], "--output xml=x: there is no format 'xml'"),
    ("variable", ["--var", "multi"], "--var multi: write it as NAME=VALUE"),
    ("variable file", ["--var-file", "none.tfvars"], "none.tfvars: there is no such file"),
    ("parameters", ["--parameters", "none.json"], "none.json: there is no such file"),
    ("configuration", ["--config", "none.toml"], "none.toml cannot be read: No such file"),
    ("level", ["--fail-on", "high"], "'high' is not one of"),
    ("jobs", ["--jobs", "0"], "0 is not in the range x>=1"),
    ("option", ["--nosuch"], "No such option: --nosuch"),
]


@pytest.mark.parametrize(("name", "arguments", "reason"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(command: Command, write: Write, name: str, arguments: list[str], reason: str) -> None:
    write("main.tf", BAD)
    answer = command("check", *arguments)
    assert (answer.code, answer.out) == (2, ""), name
    assert reason.lower() in answer.err.lower().replace("no such option '--nosuch'", "no such option: --nosuch"), name
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("error: ")


def test_profiles_and_rules(command: Command, write: Write) -> None:
    write("main.tf", BAD)

    def judged(*options: str) -> set[str]:
        return set(command("check", "--format", "json", *options).verdicts)

    assert judged("--profile", "control") == {"CT001"}
    assert judged("--select", "CT002,single-region-trail", "--select", "ct004") == {"CT002", "CT004"}
    assert judged("--profile", "control", "--ignore", "CT001") == set()
    assert judged() < judged("--profile", "all")
    write("checkov-cloudtrail.toml", 'select = ["CT005"]\nignore = ["CT002"]\n')
    assert judged() == {"CT005"}
    assert judged("--profile", "control") == {"CT001"}
    assert judged("--select", "CT004") == {"CT004"}


def test_the_last_variable_wins(command: Command, write: Write) -> None:
    write("main.tf", OPEN)
    write("on.tfvars", "multi = true\n")

    def multi_region(*options: str) -> str:
        report = command("check", "--format", "json", *options).json
        value: str = report["deployments"][0]["trails"][0]["multi_region"]
        return value

    assert multi_region() == "unknown"
    assert multi_region("--var", "multi=false") == "false"
    assert multi_region("--var", "multi=false", "--var-file", "on.tfvars") == "true"
    assert multi_region("--var-file=on.tfvars", "--var=multi=false") == "false"
    assert multi_region("--var", "multi=true", "--var-file", "on.tfvars", "--var", "multi=false") == "false"


def test_the_environment(command: Command, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("main.tf", OPEN)
    monkeypatch.setenv("TF_VAR_multi", "true")
    assert command("check", "--format", "json").verdicts["CT002"] == "pass"


def test_configuration(command: Command, write: Write) -> None:
    write("infra/prod/main.tf", BAD)
    write("infra/checkov-cloudtrail.toml", 'fail_on = "never"\nvar_files = ["on.tfvars"]\n')
    write("infra/on.tfvars", "multi = true\n")
    assert command("check", "infra/prod", "--format", "json").verdicts["CT002"] == "pass"
    assert command("check", "infra/prod", "--var", "multi=false").code == 0
    assert command("check", "infra/prod", "--var", "multi=false", "--fail-on", "error").code == 1
    write("other.toml", "")
    assert command("check", "infra/prod", "--config", "other.toml").code == 1
    # The search goes up from the scanned path, not down from it.
    assert command("check").code == 1


def test_two_configurations_in_one_run(command: Command, write: Write) -> None:
    write("a/main.tf", BAD)
    write("a/checkov-cloudtrail.toml", 'select = ["CT002"]\nfail_on = "never"\n')
    write("b/main.tf", BAD)
    write("b/checkov-cloudtrail.toml", 'select = ["CT001"]\n')
    answer = command("check", "a", "b", "--format", "json")
    assert [(result["deployment"], result["rule"]) for result in answer.json["results"]] == [
        ("a", "CT002"),
        ("b", "CT001"),
    ]
    assert answer.code == 1
    assert command("check", "a").code == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('profil = "cis"\n', "checkov-cloudtrail.toml has an unknown key 'profil'; did you mean 'profile'?"),
        ('profile = "nosuch"\n', "there is no profile 'nosuch'"),
        ('ignore = ["CT999"]\n', "there is no rule 'CT999'"),
        ("profile = \n", "is not valid TOML"),
    ],
)
def test_a_bad_configuration(command: Command, write: Write, text: str, reason: str) -> None:
    write("main.tf", BAD)
    write("checkov-cloudtrail.toml", text)
    answer = command("check")
    assert (answer.code, answer.out) == (2, "")
    assert reason in answer.err
    assert "checkov-cloudtrail.toml" in answer.err


def test_account_roots_are_relative_to_the_configuration(
    command: Command, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("checkov-cloudtrail.toml", 'account_roots = ["accounts/*"]\n')
    write("accounts/dev/main.tf", 'provider "aws" {}\n')
    write("accounts/dev/network/main.tf", 'resource "aws_vpc" "main" {}\n')  # below an account, not one itself
    write("accounts/stack.yaml", "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n")
    answer = command("check", "--format", "json")
    found = [(each["rule"], each["verdict"], each["deployment"]) for each in json.loads(answer.out)["results"]]
    assert found == [("CT001", "fail", "accounts/dev"), ("CT001", "fail", "accounts/stack.yaml")]
    assert command("check", "accounts/dev", "--format", "json").verdicts == {"CT001": "fail"}
    monkeypatch.chdir(tmp_path / "accounts" / "dev")
    assert command("check", "--format", "json").verdicts == {"CT001": "fail"}


def test_many_reports_of_one_analysis(command: Command, write: Write, tmp_path: Path) -> None:
    write("main.tf", BAD)
    outputs = [f"--output={name}=out.{name}" for name in FORMATS]
    answer = command("check", "--format", "concise", *outputs)
    assert answer.code == 1
    assert (tmp_path / "out.concise").read_text(encoding="utf-8") == answer.out
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["summary"]["fail"] > 0
    assert all((tmp_path / f"out.{name}").stat().st_size for name in FORMATS)


def test_an_output_that_cannot_be_written(command: Command, write: Write) -> None:
    write("main.tf", BAD)
    answer = command("check", "--output", "json=none/out.json")
    assert answer.code == 2
    assert "error[CT002]" in answer.out
    assert "--output: none/out.json cannot be written: No such file or directory" in answer.err


def test_paths_are_relative_to_the_working_directory(
    command: Command, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("infra/main.tf", BAD)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for path in ("../infra", str(tmp_path / "infra"), "../infra/main.tf"):
        report = command("check", path, "--format", "json").json
        assert report["deployments"][0]["root"] == "../infra", path
        assert {result["file"] for result in report["results"]} == {"../infra/main.tf"}, path


def test_a_baseline(command: Command, write: Write, tmp_path: Path) -> None:
    write("main.tf", BAD)
    assert command("baseline", "--output", "accepted.json").code == 0
    answer = command("check", "--baseline", "accepted.json", "--format", "json")
    assert answer.code == 0
    assert answer.verdicts["CT002"] == "skipped"
    assert command("check", "--baseline", "none.json").code == 2
    assert command("check", "--baseline", "main.tf").code == 2


def test_every_judging_command_takes_variables(command: Command, write: Write) -> None:
    write("main.tf", OPEN)
    for name in ("check", "baseline", "fix"):
        answer = command(name, "--var", "multi=true")
        assert "internal error" not in answer.err, name
        assert answer.code == 0, name
