"""hcl2, checkov's parser, and our loader read the same literals in every fixture, and every fixture is formatted."""

import io
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import hcl2
import pytest

from checkov_cloudtrail.terraform import nodes
from checkov_cloudtrail.terraform.grammar import BodyText
from checkov_cloudtrail.terraform.syntax import ParseCache

REPOSITORY = Path(__file__).parents[2]
FILES = sorted(path.relative_to(REPOSITORY) for path in (REPOSITORY / "fixtures").rglob("*.tf"))
OPEN = object()


def ours(node: nodes.Expression) -> Any:
    """Give a literal as Python has it; OPEN for what has to be evaluated, or is written with escapes."""
    match node:
        case nodes.Literal(value=str() as text):
            # hcl2 leaves escapes and heredocs as they are written.
            return OPEN if any(mark in text for mark in ("\\", '"', "${", "%{", "\n", "\t")) else text
        case nodes.Literal(value=value):
            return value
        case nodes.Unary(operator="-", operand=nodes.Literal(value=Fraction() as number)):
            return -number
        case nodes.Tuple(items=items):
            found = [ours(item) for item in items]
            return OPEN if OPEN in found else found
        case nodes.Object(items=items):
            pairs = [(ours(key), ours(value)) for key, value in items]
            return OPEN if any(OPEN in pair for pair in pairs) else dict(pairs)
    return OPEN


def same(own: Any, other: Any) -> bool:
    if isinstance(own, list):
        return isinstance(other, list) and len(own) == len(other) and all(map(same, own, other))
    if isinstance(own, dict):
        return isinstance(other, dict) and own.keys() == other.keys() and all(same(own[key], other[key]) for key in own)
    if isinstance(own, Fraction) and not isinstance(own, bool):
        return isinstance(other, int | float) and not isinstance(other, bool) and Fraction(str(other)) == own
    return bool(own == other) and isinstance(own, bool) == isinstance(other, bool)


def bodies(path: Path) -> Iterator[tuple[str, BodyText, dict[str, Any]]]:
    """Pair the blocks of a file, ours and those of hcl2, at every depth."""
    content = path.read_bytes()
    parsed = ParseCache().configuration(str(path), content)
    assert parsed.fault is None
    theirs = hcl2.load(io.StringIO(content.decode()))
    yield from pairs(parsed.blocks, theirs)


def pairs(blocks: Sequence[Any], theirs: dict[str, Any]) -> Iterator[tuple[str, BodyText, dict[str, Any]]]:
    seen: dict[str, int] = {}
    for block in blocks:
        place = seen.get(block.type, 0)
        seen[block.type] = place + 1
        other = theirs[block.type][place]
        for label in block.labels:
            other = other[label]
        name = ".".join((block.type, *block.labels))
        yield name, block.body, other
        for inner, body, one in pairs(block.body.blocks, other):
            yield f"{name}.{inner}", body, one


@pytest.mark.parametrize("path", FILES, ids=map(str, FILES))
def test_hcl2_reads_the_same_literals(path: Path) -> None:
    try:
        found = list(bodies(REPOSITORY / path))
    except Exception as error:
        if type(error).__module__.startswith("lark"):
            pytest.skip(f"hcl2 cannot read it: {type(error).__name__}")
        raise
    for name, body, theirs in found:
        for assignment in body.assignments:
            own = ours(assignment.expression)
            if own is not OPEN:
                (other,) = theirs[assignment.name]
                assert same(own, other), f"{name}.{assignment.name}: we {own!r}, hcl2 {other!r}"


def test_there_are_literals() -> None:
    found = [body for path in FILES[:20] for _, body, _ in bodies(REPOSITORY / path)]
    assert sum(ours(one.expression) is not OPEN for body in found for one in body.assignments) > 20


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on the PATH")
def test_fixtures_are_formatted() -> None:
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "fixtures"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == []
