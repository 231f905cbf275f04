"""The report for people, plain and coloured."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.report import Fix, Report
from checkov_cloudtrail.report import concise, terminal, text
from checkov_cloudtrail.report.lines import plain


def test_plain(report: Report, snapshot: SnapshotAssertion) -> None:
    assert text.render(report) == snapshot


def test_concise(report: Report, snapshot: SnapshotAssertion) -> None:
    assert concise.render(report) == snapshot


def test_the_frame_is_ascii(report: Report) -> None:
    assert text.render(report).isascii()


def test_colours_change_nothing_but_the_colours(report: Report) -> None:
    coloured = terminal.paint(text.layout(report))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text.render(report)
    assert "\x1b[1;31merror[CT002]" in coloured


def test_the_picture_holds_the_report(report: Report) -> None:
    svg = terminal.picture(text.layout(report), "check", 120)
    assert svg.startswith("<svg")
    assert "CT002" in svg


def test_nothing_found() -> None:
    assert text.render(Report(())) == "Nothing to judge: no trail and no event data store was found.\n"


def test_the_same_place_in_many_roots_is_one_finding(report: Report) -> None:
    judgement = report.judgements[0]
    failed = judgement.results[3]
    many = tuple(replace(failed, deployment=f"root{number}") for number in range(5))
    written = text.render(replace(report, judgements=(replace(judgement, results=many),)))
    assert written.count("error[CT002]") == 1
    assert "and in 2 more" in written
    assert "5 errors" in written


def test_fixes_are_offered(report: Report) -> None:
    judgement = report.judgements[0]

    def with_fix(safe: bool) -> str:
        fixed = replace(judgement.results[3], fix=Fix("Set it to true", safe, ()))
        return text.render(replace(report, judgements=(replace(judgement, results=(fixed,)),)))

    assert "= fix: Set it to true\n" in with_fix(safe=True)
    assert "1 finding can be repaired" in with_fix(safe=True)
    assert "= fix: Set it to true (unsafe" in with_fix(safe=False)
    assert "can be repaired" not in with_fix(safe=False)


SNIPPETS = [
    ("the whole value", "a = true\n", Range("f", 1, 5, 1, 9), "a = true", "    ^^^^"),
    ("tabs before", "\ta = true\n", Range("f", 1, 6, 1, 10), "    a = true", "        ^^^^"),
    ("wide characters before", "日本 = true\n", Range("f", 1, 6, 1, 10), "日本 = true", "       ^^^^"),
    ("CRLF", "a = true\r\n", Range("f", 1, 5, 1, 9), "a = true", "    ^^^^"),
    ("several lines", "a = [\n]\n", Range("f", 1, 5, 2, 2), "a = [", "    ^"),
    ("an empty range", "a = true\n", Range("f", 1, 1, 1, 1), "a = true", "^"),
    ("past the end of the line", "a\n", Range("f", 1, 5, 1, 9), "a", " ^"),
    ("escape sequences", "\x1b[31ma = true\n", Range("f", 1, 10, 1, 14), "\\x1b[31ma = true", "            ^^^^"),
]


@pytest.mark.parametrize(("name", "source", "place", "line", "carets"), SNIPPETS, ids=[case[0] for case in SNIPPETS])
def test_carets(report: Report, name: str, source: str, place: Range, line: str, carets: str) -> None:
    judgement = report.judgements[0]
    failed = replace(judgement.results[3], range=place, evidence=())
    one = replace(report, judgements=(replace(judgement, results=(failed,)),), sources={"f": source})
    assert f"1 | {line}\n  | {carets}\n" in plain(text.layout(one)), name


def test_a_long_line_is_cut_around_the_value(report: Report) -> None:
    judgement = report.judgements[0]
    source = "{" + "x" * 5_000 + "true" + "y" * 5_000 + "}"
    failed = replace(judgement.results[3], range=Range("f", 1, 5_002, 1, 5_006), evidence=())
    one = replace(report, judgements=(replace(judgement, results=(failed,)),), sources={"f": source})
    line, carets = re.findall(r"^(?:1| ) \| (.*)$", plain(text.layout(one)), re.MULTILINE)
    assert len(line) < 200
    assert line[carets.index("^") : carets.rindex("^") + 1] == "true"


@pytest.mark.parametrize("where", ["\x1b]0;title\x07", "\x9b31m", "\r", "\u202e", "\u2028", "\x7f", "\ud800"])
def test_no_control_character_reaches_the_terminal(report: Report, where: str) -> None:
    judgement = report.judgements[0]
    hostile = f"a{where}b"
    failed = replace(
        judgement.results[3],
        resource=hostile,
        deployment=hostile,
        message=hostile,
        range=Range(hostile, 1, 1, 1, 2),
        evidence=(replace(judgement.results[3].evidence[0], text=hostile),),
    )
    account = replace(judgement.accounts[0], scope=hostile, reasons=(hostile,), trail=hostile)
    one = Report((replace(judgement, results=(failed,), accounts=(account,)),), sources={hostile: hostile})
    assert where not in text.render(one)
    assert where not in concise.render(one)
    assert where not in terminal.paint(text.layout(one))
