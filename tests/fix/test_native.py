"""Changes of native syntax: what they touch, and that `terraform fmt` has nothing to add."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_cloudtrail.fix import native
from checkov_cloudtrail.fix.change import Change
from checkov_cloudtrail.terraform.syntax import ParseCache

needs_terraform = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not here")


def apply(text: str, changes: list[Change]) -> str:
    for change in sorted(changes, key=lambda c: c.start, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def inserted(text: str, *arguments: tuple[str, str]) -> str:
    block = ParseCache().configuration("main.tf", text.encode()).blocks[0]
    return apply(text, native.insert(text, block, arguments))


def formatted(text: str) -> str:
    command = ["terraform", "fmt", "-"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.decode()


INSERTIONS = [
    (
        "into a paragraph of long names",
        "  enable_logging = true\n",
        "  enable_logging = true\n  multi          = true\n",
    ),
    ("behind a paragraph of short ones", "  a = 1\n", "  a = 1\n\n  multi = true\n"),
    ("before a block", "  a = 1\n  b {\n  }\n", "  a = 1\n\n  multi = true\n\n  b {\n  }\n"),
    ("before depends_on", "  a = 1\n\n  depends_on = [x.y]\n", "  a = 1\n\n  multi = true\n\n  depends_on = [x.y]\n"),
    ("behind count", "  count = 1\n\n  t = {\n  }\n", "  count = 1\n\n  multi = true\n\n  t = {\n  }\n"),
    ("before a block alone", "  b {\n  }\n", "  multi = true\n\n  b {\n  }\n"),
    ("behind a comment", "  longer = 1 # why\n", "  longer = 1 # why\n  multi  = true\n"),
    (
        "behind a heredoc of the paragraph",
        "  name   = 1\n  policy = <<EOT\n  a = 1\nEOT\n",
        "  name   = 1\n  policy = <<EOT\n  a = 1\nEOT\n  multi  = true\n",
    ),
    ("into nothing", "\n", "  multi = true\n\n"),
]


@pytest.mark.parametrize(("name", "inside", "expected"), INSERTIONS, ids=[case[0] for case in INSERTIONS])
def test_insert(name: str, inside: str, expected: str) -> None:
    before = f'resource "a" "b" {{\n{inside}}}\n'
    assert inserted(before, ("multi", "true")) == f'resource "a" "b" {{\n{expected}}}\n'


ONE_LINE = [
    ('resource "a" "b" {}\n', 'resource "a" "b" {\n  multi = true\n}\n'),
    ('resource "a" "b" { a = 1 }\n', 'resource "a" "b" {\n  a = 1\n\n  multi = true\n}\n'),
]


@pytest.mark.parametrize(("before", "after"), ONE_LINE)
def test_a_block_on_one_line_is_opened(before: str, after: str) -> None:
    assert inserted(before, ("multi", "true")) == after


def test_the_files_own_line_breaks_are_kept() -> None:
    before = 'resource "a" "b" {\r\n\ta = 1\r\n}\r\n'
    assert inserted(before, ("multi", "true")) == 'resource "a" "b" {\r\n\ta = 1\r\n\r\n\tmulti = true\r\n}\r\n'


def test_several_arguments_make_one_paragraph() -> None:
    after = inserted('resource "a" "b" {\n  c = d.e\n}\n', ("block_public_acls", "true"), ("restrict", "true"))
    assert after == 'resource "a" "b" {\n  c = d.e\n\n  block_public_acls = true\n  restrict          = true\n}\n'


REPLACEMENTS = [
    ("alone", "  a = false\n", "  a = true\n"),
    ("a comment of its own", "  a = false # why\n", "  a = true # why\n"),
    ("aligned comments", "  a = false # why\n  b = 12345 # how\n", "  a = true  # why\n  b = 12345 # how\n"),
    (
        "room for a longer value",
        "  a = 1       # why\n  b = 1234567 # how\n",
        "  a = true    # why\n  b = 1234567 # how\n",
    ),
]


@pytest.mark.parametrize(("name", "inside", "expected"), REPLACEMENTS, ids=[case[0] for case in REPLACEMENTS])
def test_replace(name: str, inside: str, expected: str) -> None:
    before = f'resource "a" "b" {{\n{inside}}}\n'
    block = ParseCache().configuration("main.tf", before.encode()).blocks[0]
    value = block.body.assignments[0].expression
    after = apply(before, native.replace(before, value.start, value.end, "true"))
    assert after == f'resource "a" "b" {{\n{expected}}}\n'


@needs_terraform
@pytest.mark.parametrize("inside", [case[2] for case in (*INSERTIONS, *REPLACEMENTS)])
def test_the_tables_are_formatted(inside: str) -> None:
    text = f'resource "a" "b" {{\n{inside}}}\n'
    assert formatted(text) == text


PARTS = st.lists(
    st.sampled_from(
        [
            "a = 1",
            "enable_logging = false",
            "is_organization_trail_or_something = true",
            'name = "x" # why',
            "logging = false # a longer reason",
            "tags = {\n  a = 1\n  bcd = 2\n}",
            "list = [\n  1,\n]",
            "policy = <<EOT\nx = 1\n  long_name = 2\nEOT",
            "policy_two = <<-EOT\n    x\n  EOT",
            "event_selector {\n  a = 1\n}",
            "lifecycle { a = 1 }",
            "empty {}",
            "depends_on = [x.y]",
            "count = 1",
            "# a comment",
            "/* a\n comment */",
            "",
        ]
    ),
    max_size=7,
)


@needs_terraform
@settings(max_examples=60, deadline=None)
@given(PARTS)
def test_a_formatted_file_stays_formatted(parts: list[str]) -> None:
    named = {part.split(" ")[0] if part[:1].isalpha() else part: part for part in parts}
    before = formatted('resource "a" "b" {\n' + "\n".join(named.values()) + "\n}\n")
    after = inserted(before, ("is_multi_region_trail", "true"))
    assert formatted(after) == after
    remaining = iter(after.splitlines())
    assert all(line in remaining for line in before.splitlines()), "a line was changed"
