"""Every renderer on one report that holds a result of every kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion

from checkov_cloudtrail.model.report import Judgement, Report, Result
from checkov_cloudtrail.model.rule import Rule, Verdict
from checkov_cloudtrail.report import github, gitlab, junit, markdown, sarif

RENDERERS = {module.__name__.rpartition(".")[2]: module.render for module in (github, gitlab, junit, markdown, sarif)}
VIEWS = {"at the root": (".", False), "below, strict": ("infra/prod", True)}
SCHEMAS = Path(__file__).parents[2] / "fixtures" / "schemas"
GITLAB_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"minimum": 1}}},
                },
            },
        },
    },
}


def many(report: Report, make: Callable[[Result, int], Result], count: int) -> Report:
    judgement: Judgement = report.judgements[0]
    sample = next(result for result in judgement.results if result.verdict is Verdict.FAIL)
    results = tuple(make(sample, number) for number in range(count))
    return replace(report, judgements=(replace(judgement, results=results),), errors=())


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", RENDERERS)
def test_snapshot(name: str, view: str, report: Report, rules: tuple[Rule, ...], snapshot: SnapshotAssertion) -> None:
    prefix, strict = VIEWS[view]
    assert RENDERERS[name](report, rules=rules, prefix=prefix, strict_unknown=strict) == snapshot


@pytest.mark.parametrize("name", RENDERERS)
def test_a_file_name_that_is_not_utf8(name: str, report: Report, rules: tuple[Rule, ...]) -> None:
    odd = many(report, lambda r, n: replace(r, range=replace(r.range, file="caf\udce9.tf")), 1)
    written = RENDERERS[name](odd, rules=rules)
    assert "caf" in written
    assert written.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", RENDERERS)
def test_an_empty_report(name: str, rules: tuple[Rule, ...], snapshot: SnapshotAssertion) -> None:
    written = RENDERERS[name](Report(()), rules=rules)
    assert written.endswith("\n")
    if name != "sarif":
        assert written == snapshot


class TestGithub:
    def test_ten_annotations_of_a_level_and_the_rest_in_a_group(self, report: Report) -> None:
        lines = github.render(many(report, lambda r, n: replace(r, resource=f"trail {n:02}"), 13)).splitlines()
        annotated = [line for line in lines if line.startswith("::warning ")]
        assert len(annotated) == 10
        start = lines.index("::group::3 more warnings")
        assert lines[start + 4] == "::endgroup::"
        assert [line.split(": ")[3] for line in lines[start + 1 : start + 4]] == ["trail 10", "trail 11", "trail 12"]

    def test_text_from_the_code_starts_no_command(self, report: Report) -> None:
        evil = "x\n::add-mask::a\r::stop-commands::b ##[add-mask]c"
        written = github.render(many(report, lambda r, n: replace(r, message=evil, resource=evil), 12))
        commands = [line for line in written.splitlines() if line.lstrip().startswith("::")]
        assert {line.split(" ")[0].split("::")[1] for line in commands} == {"warning", "group", "endgroup"}
        assert not [line for line in written.splitlines() if "##[" in line and not line.startswith("::")]

    def test_columns_only_within_one_line(self, report: Report) -> None:
        written = github.render(report)
        found = {
            match["title"]: match["properties"]
            for match in re.finditer(r"^::\w+ (?P<properties>.*title=(?P<title>[^,:]*).*?)::", written, re.M)
        }
        assert "col=27,endColumn=35" in found["CT002 single-region-trail"]
        assert "col" not in found["CT002 single-region-trail (cannot be decided)"]


class TestGitlab:
    @pytest.mark.parametrize("view", VIEWS)
    def test_schema(self, view: str, report: Report) -> None:
        prefix, strict = VIEWS[view]
        jsonschema.validate(json.loads(gitlab.render(report, prefix=prefix, strict_unknown=strict)), GITLAB_SCHEMA)

    def test_the_fingerprint_does_not_depend_on_the_line(self, report: Report) -> None:
        def at(line: int) -> list[str]:
            moved = many(report, lambda r, n: replace(r, range=replace(r.range, line=line)), 1)
            return [entry["fingerprint"] for entry in json.loads(gitlab.render(moved))]

        assert at(3) == at(300)

    def test_findings_that_are_alike_are_kept_apart(self, report: Report) -> None:
        entries = json.loads(
            gitlab.render(many(report, lambda r, n: replace(r, range=replace(r.range, line=n + 1)), 5))
        )
        assert len({entry["fingerprint"] for entry in entries}) == 5


class TestJunit:
    def test_what_xml_cannot_hold_is_replaced(self, report: Report) -> None:
        written = junit.render(many(report, lambda r, n: replace(r, message="a\x00\x1b\ud800\uffffb"), 1))
        failure = ElementTree.fromstring(written.encode()).find(".//failure")
        assert failure is not None
        assert failure.get("message") == "a\ufffd\ufffd\ufffd\ufffdb"


class TestMarkdown:
    def test_long_tables_are_cut_and_say_so(self, report: Report) -> None:
        written = markdown.render(many(report, lambda r, n: replace(r, resource=f"trail {n}"), 1_000))
        assert "800 more are not shown." in written
        assert written.count("<code>trail ") == markdown.MAX_ROWS

    def test_stays_below_githubs_limit(self, report: Report) -> None:
        evil = "|" * 5_000
        worst = many(
            report,
            lambda r, n: replace(r, message=evil, resource=evil, evidence=(), range=replace(r.range, file=evil)),
            1_000,
        )
        assert len(markdown.render(worst).encode()) < 2**20


class TestSarif:
    @pytest.mark.parametrize("view", VIEWS)
    def test_schema(self, view: str, report: Report, rules: tuple[Rule, ...]) -> None:
        prefix, strict = VIEWS[view]
        written = json.loads(sarif.render(report, rules=rules, prefix=prefix, strict_unknown=strict))
        schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
        jsonschema.validate(written, schema, format_checker=jsonschema.FormatChecker())

    def test_descriptions_are_cut_at_githubs_limit(self, report: Report, rules: tuple[Rule, ...]) -> None:
        long = [replace(rule, why="Why. " * 400) for rule in rules]
        run = json.loads(sarif.render(report, rules=long))["runs"][0]
        described = [rule["fullDescription"]["text"] for rule in run["tool"]["driver"]["rules"]]
        assert [len(text) for text in described] == [1024] * 3

    def test_results_name_their_rule(self, report: Report, rules: tuple[Rule, ...]) -> None:
        run = json.loads(sarif.render(report, rules=rules))["runs"][0]
        described = run["tool"]["driver"]["rules"]
        assert [described[r["ruleIndex"]]["id"] for r in run["results"]] == [r["ruleId"] for r in run["results"]]

    def test_the_worst_come_first(self, report: Report, rules: tuple[Rule, ...]) -> None:
        run = json.loads(sarif.render(report, rules=rules))["runs"][0]
        assert [result["level"] for result in run["results"]] == ["error", "warning", "warning", "note"]

    def test_unknown_is_a_result_only_when_it_counts(self, report: Report, rules: tuple[Rule, ...]) -> None:
        def undecided(strict: bool) -> tuple[int, int]:
            run = json.loads(sarif.render(report, rules=rules, strict_unknown=strict))["runs"][0]
            notes = run["invocations"][0]["toolExecutionNotifications"]
            results = [r for r in run["results"] if "cannot be decided" in r["message"]["text"]]
            return len(results), len([n for n in notes if n["descriptor"]["id"] == "undecided"])

        assert undecided(strict=False) == (0, 1)
        assert undecided(strict=True) == (1, 0)

    def test_uris_are_encoded_and_relative_to_the_repository(self, report: Report, rules: tuple[Rule, ...]) -> None:
        written = sarif.render(report, rules=rules, prefix="infra/prod", strict_unknown=True)
        uris = set(re.findall(r'"uri": "([^"]*)"', written))
        assert uris == {
            "infra/prod/main.tf",
            "infra/prod/variables.tf",
            "infra/prod/broken.tf",
            "infra/prod/modules/a%20b%2C%2050%25%3A%20%3Cx%3E%7C%60y%60/main.tf",
        }
