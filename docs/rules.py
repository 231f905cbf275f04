"""The rules' pages: from their metadata, with the examples of their fixtures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.model.rule import Rule
from checkov_cloudtrail.report.catalogue import markdown

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
_COMMENT = re.compile(r"^[ ]*# (?:expect|options):.*\n|[ ]*# expect:.*(?=\n)", re.MULTILINE)
# A resource with the comments above it; the group is its name.
_RESOURCE = re.compile(r'(?:^#.*\n)*^resource "\w+" "(\w+)" \{\n(?:.*\n)*?^\}\n', re.MULTILINE)
_LOGICAL_ID = re.compile(r"(?:^  #.*\n)*^  (\w+):\n(?:    .*\n|\n)*", re.MULTILINE)


def pages() -> Mapping[str, str]:
    """Give a page for each rule, and the table of all."""
    return {"rules/README.md": _index()} | {f"rules/{rule.id}.md": _page(rule) for rule in RULES}


def _index() -> str:
    rows = [
        f"| [{rule.id}]({rule.id}.md) | {rule.slug} | {rule.level.value} | {rule.subject.value} | {_profiles(rule)} |"
        for rule in RULES
    ]
    return "\n".join(
        [
            "# Rules",
            "",
            "A slug names the problem. Every rule is in the profile `all`; `hardening` holds `default` as well.",
            "",
            "| id | slug | level | subject | profiles |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _page(rule: Rule) -> str:
    return markdown(rule, [*_examples(rule, "fail", "## Example"), *_examples(rule, "pass", "## Use instead")])


def _profiles(rule: Rule) -> str:
    return ", ".join(f"`{profile}`" for profile in sorted({*rule.profiles, "all"}))


def _examples(rule: Rule, scenario: str, title: str) -> Iterator[str]:
    """Show a scenario of the rule's fixtures in each language that has it."""
    found = {
        "terraform": _terraform(rule, FIXTURES / rule.slug / "terraform", scenario),
        "yaml": _template(rule, FIXTURES / rule.slug / "cloudformation", scenario),
    }
    if any(found.values()):
        yield from (title, "")
    for language, example in found.items():
        if example:
            yield from (f"```{language}", _COMMENT.sub("", example).strip("\n"), "```", "")


def _terraform(rule: Rule, folder: Path, scenario: str) -> str:
    """Take the resources that are named after the scenario, else the deployment that is."""
    if (folder / scenario).is_dir():
        return (folder / scenario / "main.tf").read_text(encoding="utf-8")
    text = (folder / "main.tf").read_text(encoding="utf-8")
    blocks = [(found[1], found[0]) for found in _RESOURCE.finditer(text)]
    name = _named(rule, blocks, scenario, scenario)
    return "\n".join(block for own, block in blocks if own == name)


def _template(rule: Rule, folder: Path, scenario: str) -> str:
    """Take the resources whose logical id begins with the scenario, else the template that is named after it."""
    if (folder / f"{scenario}.yaml").is_file():
        return (folder / f"{scenario}.yaml").read_text(encoding="utf-8")
    _, _, text = (folder / "template.yaml").read_text(encoding="utf-8").partition("\nResources:\n")
    blocks = [(found[1], found[0]) for found in _LOGICAL_ID.finditer(text.rstrip("\n") + "\n")]
    name = _named(rule, blocks, scenario, scenario.capitalize())
    resources = [block for own, block in blocks if name and re.fullmatch(rf"{name}([A-Z]\w*)?", own)]
    return "".join(["Resources:\n", *resources]) if resources else ""


def _named(rule: Rule, blocks: list[tuple[str, str]], scenario: str, name: str) -> str | None:
    """Give the name of the scenario's resources: its own, else that of the first one with its verdict."""
    if name in {own for own, _ in blocks}:
        return name
    return next((own for own, block in blocks if f"# expect: {rule.id} {scenario}" in block), None)
