"""Our answers beside Terraform's, and what the difference means."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from checkov_cloudtrail.budget import Budget, BudgetError
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform import grammar, variables
from checkov_cloudtrail.terraform.modules import Library
from checkov_cloudtrail.terraform.syntax import ParseCache
from checkov_cloudtrail.terraform.tree import Tree
from checkov_cloudtrail.terraform.values import EvaluationError
from fuzz import console
from fuzz.console import ERROR, UNKNOWN, printed
from fuzz.generate import Generator

ROOT = Path(__file__).parents[2] / "fixtures" / "oracle" / "fuzz-root"
COMPLETIONS = 6
# Values that the unknown ones may turn out to have.
POSSIBLE = {
    "var.ub": ("tobool(true)", "tobool(false)", "tobool(null)"),
    "var.us": ('"a"', '""', '"prod"', '"12"', '"true"', "tostring(null)"),
    "var.un": ("tonumber(0)", "tonumber(2)", "tonumber(-3.5)", "tonumber(null)"),
    "var.ul": ('tolist(["a"])', "slice(var.l, 0, 0)", 'tolist(["b", "a", "x"])', "tolist(var.nl)"),
    "var.um": ('tomap({ a = "1" })', "tomap(var.me)", 'tomap({ b = "true", k = "z" })'),
    "var.uo": ('{ name = "n", on = true }', "{ name = tostring(null), on = tobool(null) }"),
    "terraform_data.x.output": ('"a"', '"12"', '"true"', '"0c1d-22"'),
}
_OPEN = re.compile(r"terraform_data\.x\.output|local\.part\.unknown|local\.part\b(?!\.)|var\.(?:ub|us|un|ul|um|uo)\b")


@dataclass(frozen=True, slots=True)
class Difference:
    """One expression on which we and Terraform differ.

    Args:
        kind: wrong; miss (we do not know what Terraform knows); bolder (we know more, and every completion that was
            tried agrees); refused (Terraform refuses it, we do not).
    """

    kind: str
    expression: str
    theirs: str
    ours: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.expression}\n  Terraform: {self.theirs}\n  we:        {self.ours}\n  {self.detail}"


@contextmanager
def initialised(root: Path = ROOT) -> Iterator[Path]:
    """Copy a module, so that Terraform can write beside it, and initialise it."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "root"
        shutil.copytree(root, copy)
        console.terraform(copy, "init", "-input=false")
        yield copy


def answers(root: Path, expressions: Sequence[str]) -> list[str]:
    """Print what we make of expressions in a module."""
    files = DiskFiles(root, root)
    library = Library(files, ParseCache(), ".")
    tree = Tree(library, variables.inputs(files, ".", Options()), Budget())
    found = []
    for expression in expressions:
        tree.context.budget = Budget()
        try:
            found.append(printed(tree.root.frame.evaluator.evaluate(grammar.expression(expression))))
        except EvaluationError:
            found.append(ERROR)
        except BudgetError:
            found.append(UNKNOWN)
    return found


def differences(root: Path, seed: int, count: int, depth: int) -> list[Difference]:
    """Generate expressions and compare."""
    generator = Generator(Random(seed))
    expressions: list[str] = []
    while len(expressions) < count:
        made = generator.expression(generator.random.choice(("any", "bool")), depth)
        if len(made) < 600:
            expressions.append(made)
    ours = answers(root, expressions)
    theirs = console.ask(root, expressions, [answer == ERROR for answer in ours])
    found: list[Difference] = []
    bolder: list[Difference] = []
    for expression, own, other in zip(expressions, ours, theirs, strict=True):
        if own == other or _secret(own, other):
            continue
        if other == ERROR:
            found.append(Difference("refused", expression, other, own))
        elif UNKNOWN in other and not (own != ERROR and UNKNOWN in own and _fits(own, other)):
            bolder.append(Difference("bolder", expression, other, own))
        elif UNKNOWN in own:
            found.append(Difference("miss", expression, other, own))
        else:
            found.append(Difference("wrong", expression, other, own))
    return found + completed(root, bolder, Random(seed))


def _secret(own: str, other: str) -> bool:
    """Which parts of a sensitive result are sensitive is not compared."""
    return "(sensitive value)" in other or "(sensitive value)" in own


def _fits(pattern: str, answer: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(re.escape(UNKNOWN), ".*"), answer, re.DOTALL) is not None


def completed(root: Path, bolder: Sequence[Difference], random: Random) -> list[Difference]:
    """Put values for what is unknown, and see whether what we said already holds for all of them."""
    questions = [_completion(one.expression, random) for one in bolder for _ in range(COMPLETIONS)]
    answers = console.ask(root, questions, [True] * len(questions))
    found: list[Difference] = []
    for index, one in enumerate(bolder):
        tried = range(index * COMPLETIONS, (index + 1) * COMPLETIONS)
        answered = [at for at in tried if answers[at] != ERROR]
        against = [at for at in answered if one.ours == ERROR or not _fits(one.ours, answers[at])]
        if against:
            detail = f"{questions[against[0]]} is {answers[against[0]]}"
            found.append(Difference("wrong", one.expression, one.theirs, one.ours, detail))
        else:
            found.append(one)
    return found


def _completion(expression: str, random: Random) -> str:
    chosen = {name: random.choice(values) for name, values in POSSIBLE.items()}
    chosen["local.part.unknown"] = chosen["terraform_data.x.output"]
    chosen["local.part"] = f'{{ known = "k", unknown = {chosen["terraform_data.x.output"]} }}'
    return _OPEN.sub(lambda found: chosen[found[0]], expression)
