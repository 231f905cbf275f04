"""The fixtures of the rules: the comments in them are the expectations.

`# expect: CT002 fail` at the end of a line: the finding points at this line. On a line of its own: it is about the
resource that the next line begins, wherever it points. After the verdict may come a level, then an address. A rule has
no other result in a file than the expected ones. `# options: profile=all` sets options and policies of its deployment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cfn_flip import to_json

from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.files import DiskFiles, OverlayFiles
from checkov_cloudtrail.model.report import Report, Result
from checkov_cloudtrail.model.rule import Policy
from checkov_cloudtrail.options import Options

FOLDER = Path(__file__).parents[1] / "fixtures" / "rules"
EXPECTATION = re.compile(
    r"# expect: (?P<rule>CT\d{3}) (?P<verdict>pass|fail|unknown|skipped)"
    r"(?: (?P<level>error|warning|note))?(?: (?P<address>\S+))?$"
)
OPTION = re.compile(r"# options: (.+)$")
SCENARIOS = {"pass", "fail", "unknown", "skipped"}


@dataclass(frozen=True)
class Expectation:
    """One comment. `line` is the finding's own line, or that of the resource's first line (`begins`)."""

    rule: str
    verdict: str
    file: str
    line: int
    begins: bool
    level: str | None
    address: str | None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule} {self.verdict} {self.level or ''} {self.address or ''}".strip()


def expectations(file: str) -> Iterator[Expectation]:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        found = EXPECTATION.search(line)
        if found is None:
            continue
        begins = line.strip().startswith("#")
        after = (at for at, text in enumerate(lines[number:], number + 1) if not text.strip().startswith("#"))
        yield Expectation(
            found["rule"],
            found["verdict"],
            file,
            next(after) if begins else number,
            begins,
            found["level"],
            found["address"],
        )


def options(slug: str, texts: list[str]) -> Options:
    """Read the options of a deployment; the fixture's own rule is judged without them."""
    rule = next(rule for rule in RULES if rule.slug == slug)
    chosen, policy = Options(select=(rule.id,)), Policy()
    for line in "\n".join(texts).splitlines():
        for pair in OPTION.findall(line)[0].split() if OPTION.search(line) else ():
            name, value = pair.split("=")
            if name == "profile":
                chosen = replace(chosen, profile=value, select=())
            elif isinstance(getattr(policy, name), tuple):
                policy = replace(policy, **{name: (value,)})
            else:
                policy = replace(policy, **{name: type(getattr(policy, name))(value)})
    return replace(chosen, policy=policy)


def deployments() -> list[str]:
    """Give every Terraform directory and every template, relative to the folder."""
    roots = {path.parent for path in FOLDER.rglob("*.tf") if "modules" not in path.parts}
    roots |= {path.parent for path in FOLDER.rglob("*.tf.json") if "modules" not in path.parts}
    return sorted(str(path.relative_to(FOLDER)) for path in roots | set(FOLDER.rglob("*.yaml")))


def texts(root: str) -> list[str]:
    """Give what is written in a deployment's own files."""
    path = FOLDER / root
    return [file.read_text(encoding="utf-8") for file in (sorted(path.glob("*.tf*")) if path.is_dir() else [path])]


def judged(root: str, files: DiskFiles | OverlayFiles | None = None) -> Report:
    slug = root.split("/", maxsplit=1)[0]
    own = files or DiskFiles(FOLDER)
    report = analyse([root], options(slug, texts(root)), own)
    nested = [judgement for judgement in report.judgements if judgement.deployment.root == root]
    return replace(report, judgements=tuple(nested))


def meant(expected: Expectation, result: Result, report: Report) -> bool:
    if expected.rule != result.rule or expected.verdict != result.verdict.value:
        return False
    if expected.level not in (None, result.level.value) or expected.address not in (None, result.resource):
        return False
    if not expected.begins:
        return (result.range.file, result.range.line) == (expected.file, expected.line)
    resource = report.judgements[0].deployment.resources.get(result.resource)
    place = resource.location if resource is not None else result.range
    return (place.file, place.line) == (expected.file, expected.line)


@pytest.mark.parametrize("root", deployments())
def test_fixture(root: str) -> None:
    report = judged(root)
    assert report.errors == ()
    files = sorted({file for judgement in report.judgements for file in judgement.deployment.files})
    wanted = [each for file in files for each in expectations(file)]
    assert wanted, "a fixture expects something"
    rules = {each.rule for each in wanted}
    left = [result for result in report.results if result.rule in rules]
    missing = []
    for each in wanted:
        found = next((result for result in left if meant(each, result, report)), None)
        if found is None:
            missing.append(str(each))
        else:
            left.remove(found)
    shown = [
        f"{r.range.file}:{r.range.line}: {r.rule} {r.verdict.value} {r.level.value} {r.resource}: {r.message}"
        for r in left
    ]
    assert (missing, shown) == ([], [])


@pytest.mark.parametrize("root", [root for root in deployments() if root.endswith(".yaml")])
def test_template_as_json_gets_the_same_verdicts(root: str) -> None:
    flipped = root.removesuffix(".yaml") + ".json"
    overlay = OverlayFiles(DiskFiles(FOLDER), {flipped: to_json((FOLDER / root).read_text(encoding="utf-8")).encode()})
    as_yaml = judged(root).results
    as_json = analyse([flipped], options(root.split("/", maxsplit=1)[0], texts(root)), overlay).results

    def verdicts(results: tuple[Result, ...]) -> Counter[tuple[str, ...]]:
        return Counter((r.rule, r.resource, r.verdict.value, r.level.value, r.message) for r in results)

    assert verdicts(as_json) == verdicts(as_yaml)


# What a language cannot express, and why.
TAKES_ANY_FORM = "CloudFormation takes every form of a key's name"
EXCEPTIONS: dict[tuple[str, str, str], str] = {
    ("kms-key-not-arn", "cloudformation", "fail"): TAKES_ANY_FORM,
    ("kms-key-not-arn", "cloudformation", "unknown"): TAKES_ANY_FORM,
    ("kms-key-not-arn", "cloudformation", "skipped"): TAKES_ANY_FORM,
    ("logging-not-declared", "terraform", "unknown"): "an argument that is written is declared, whatever its value",
}


@pytest.mark.parametrize("framework", ["terraform", "cloudformation"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_every_rule_has_every_scenario(rule, framework: str) -> None:  # type: ignore[no-untyped-def]
    folder = FOLDER / rule.slug / framework
    files = [str(path.relative_to(FOLDER)) for path in folder.rglob("*.*") if path.suffix in (".tf", ".yaml", ".json")]
    found = {each.verdict for file in files for each in expectations(file) if each.rule == rule.id}
    found |= {"omitted"} if any("omitted" in text.lower() for file in files for text in (file, *texts(file))) else set()
    wanted = SCENARIOS | {"omitted"}
    excused = {scenario for slug, language, scenario in EXCEPTIONS if (slug, language) == (rule.slug, framework)}
    assert wanted - found == excused
