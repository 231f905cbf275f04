"""Functions against answers of the real `terraform console`, recorded in fixtures/oracle/functions.json."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import pytest
from fuzz.console import UNKNOWN, printed

from checkov_cloudtrail.budget import Budget, BudgetError
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.values import Reference
from checkov_cloudtrail.terraform import functions, grammar, types
from checkov_cloudtrail.terraform.expressions import Access, Context, Evaluator
from checkov_cloudtrail.terraform.functions.registry import FUNCTIONS
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, STRING, EvaluationError, Type, UnknownRaw, Val

ORACLE = Path(__file__).parents[2] / "fixtures" / "oracle"
RECORDED = json.loads((ORACLE / "functions.json").read_text(encoding="utf-8"))
ERROR = "error"


class Scope:
    """One resource of which nothing is known, as the console sees it, and variables that tests hand in."""

    def __init__(self, variables: Mapping[str, Val]) -> None:
        self.variables = variables

    def reference(self, root: str, path: Sequence[Access]) -> tuple[Val, int]:
        if root == "terraform_data":
            raw = UnknownRaw("terraform_data.x is not applied", symbol=f"terraform_data.{'.'.join(map(str, path))}")
            return Val(DYNAMIC, raw), len(path)
        name = path[0]
        if root != "var" or not isinstance(name, str):
            raise EvaluationError(f"there is no {root}.{name}")
        return self.variables[name], 1

    def member(self, address: str, name: str) -> Val | None:
        return None


def refuse(text: str, name: str, variables: Mapping[str, Val]) -> Val:
    raise AssertionError("the evaluator renders templates itself")


def evaluate(text: str, **variables: Val) -> Val:
    budget = Budget()
    files = DiskFiles(ORACLE / "terraform-root")
    environment = functions.Environment(files=files, root_directory=".", budget=budget, render=refuse)
    return Evaluator(Context(environment, budget), Scope(variables)).evaluate(grammar.expression(text))


def answer(text: str) -> str:
    try:
        return printed(evaluate(text))
    except EvaluationError:
        return ERROR
    except BudgetError:
        return UNKNOWN


@pytest.mark.parametrize("row", RECORDED, ids=[row["expression"][:60] for row in RECORDED])
def test_recorded(row: Mapping[str, str]) -> None:
    assert answer(row["expression"]) == row["printed"]


def test_every_function_of_terraform_is_recorded() -> None:
    text = " ".join(row["expression"] for row in RECORDED)
    names = {name for family in functions.FAMILIES.values() for name in family.split()}
    called = {name for name in names if f"{name}(" in text}
    # What is OpenTofu's, or differs from one machine, run or console to the next, is in the test below.
    assert names - called == {
        "base64gunzip",
        "base64gzip",
        "bcrypt",
        "cidrcontains",
        "plantimestamp",
        "rsadecrypt",
        "templatestring",
        "timestamp",
        "urldecode",
        "uuid",
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # More than Terraform says, because every completion agrees.
        ("contains([], terraform_data.x.id)", "false"),
        ("alltrue([tobool(terraform_data.x.id), false])", "false"),
        ("[tostring(terraform_data.x.id), 1] == [\"a\", 2]", "false"),
        ("setsubtract([], [tostring(terraform_data.x.id)])", "toset([])"),
        ("length(tolist(terraform_data.x.id)) >= 0", "true"),
        ('join(",", ["a", terraform_data.x.id]) == "b"', "false"),
        ('startswith("a${terraform_data.x.id}", "a")', "true"),
        ('startswith("a${terraform_data.x.id}", "b")', "false"),
        ('format("a%s", terraform_data.x.id) == "b"', "false"),
        # Less than the console of one machine says.
        ("timestamp()", UNKNOWN),
        ("uuid()", UNKNOWN),
        ('bcrypt("a")', UNKNOWN),
        ('pathexpand("~/x")', UNKNOWN),
        ('abspath("x")', UNKNOWN),
        ('base64gzip("a")', UNKNOWN),
        ('fileset(".", "../*")', UNKNOWN),
        ('file("/etc/passwd")', UNKNOWN),
        ('file("../../../../../../../../etc/passwd")', UNKNOWN),
        ('fileexists("~/.ssh/id_rsa")', UNKNOWN),
        ('templatefile("/etc/passwd", {})', UNKNOWN),
        ("pow(4, 1.5)", UNKNOWN),
        ('regex("\\\\p{Greek}", "a")', UNKNOWN),
        ('textencodebase64("a", "Shift_JIS")', UNKNOWN),
        # OpenTofu's, and its prefix.
        ('core::upper("a")', '"A"'),
        ('urldecode("a+b%26")', '"a b&"'),
        ('cidrcontains("10.0.0.0/8", "10.1.2.3")', "true"),
        ('cidrcontains("10.0.0.0/8", "11.0.0.0/16")', "false"),
        ('base64gunzip("H4sIAAAAAAAA/0oEAAAA//8BAAD//0O+t+gBAAAA")', '"a"'),
        # Marks.
        ('nonsensitive(sensitive("a"))', '"a"'),
        ('issensitive(upper(sensitive("a")))', "true"),
        ('upper(sensitive("a"))', "(sensitive value)"),
        ('sha1("a")', '"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"'),
        ('filesha256("flag.txt")', '"a17fcf0a2f50e2d495e4f90ce263410edc183add6c62699a2facbccf60410f74"'),
        ('filebase64("flag.txt")', '"dHJ1ZQo="'),
    ],
)  # fmt: skip
def test_beside_the_console(expression: str, expected: str) -> None:
    assert answer(expression) == expected


@pytest.mark.parametrize("family", functions.FAMILIES)
def test_a_family_has_the_functions_that_it_is_imported_for(family: str) -> None:
    module = import_module(f"checkov_cloudtrail.terraform.functions.{family}")
    found = {name for name, function in FUNCTIONS.items() if function.body.__module__ == module.__name__}
    assert " ".join(sorted(found)) == functions.FAMILIES[family]


@pytest.mark.parametrize("name", ["provider::aws::arn_parse", "nonsense"])
def test_a_function_that_we_lack_is_named(name: str) -> None:
    raw = evaluate(f'{name}("x")').raw
    assert isinstance(raw, UnknownRaw)
    assert raw.because == f"function {name} is not evaluated"


OPEN = {
    "list": Val(types.list_type(STRING), UnknownRaw("var.list has no value", symbol="var.list")),
    "name": Val(STRING, UnknownRaw("var.name has no value", (Reference("var.name"),), "var.name")),
    "on": Val(BOOL, UnknownRaw("var.on has no value", symbol="var.on")),
}


@pytest.mark.parametrize(
    ("expression", "symbol"),
    [
        ("length(var.list)", "length(var.list)"),
        ('contains(var.list, "a")', 'contains(var.list, "a")'),
        ("upper(var.name)", "upper(var.name)"),
        ("lower(upper(var.name))", "lower(upper(var.name))"),
        ('startswith(var.name, "pr")', 'startswith(var.name, "pr")'),
        ("upper(terraform_data.x.id)", "upper(terraform_data.x.id)"),
        ('join(",", var.list)', 'join(",", var.list)'),
        (f'contains(var.list, "{"a" * 300}")', ""),
    ],
)
def test_symbols_of_calls(expression: str, symbol: str) -> None:
    raw = evaluate(expression, **OPEN).raw
    assert isinstance(raw, UnknownRaw)
    assert raw.symbol == symbol


NAME = Reference("var.name")


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ('join("-", ["a", var.name, "b"])', ("a-", NAME, "-b")),
        ('format("arn:%s/%s", var.name, 5)', ("arn:", NAME, "/5")),
        ('format("%s", var.name)', (NAME,)),
        ('format("a-%5s", var.name)', ("a-", Reference('format("%5s", var.name)'))),
        ('jsonencode({ Resource = ["${var.name}/*"] })', ('{"Resource":["', NAME, '/*"]}')),
        ("jsonencode({ a = var.on })", ('{"a":', Reference("var.on"), "}")),
        ('join("", [upper(var.name), "x"])', (Reference("upper(var.name)"), "x")),
        ("tostring(var.name)", (NAME,)),
    ],
)
def test_pieces_of_strings(expression: str, parts: tuple[object, ...]) -> None:
    raw = evaluate(expression, **OPEN).raw
    assert isinstance(raw, UnknownRaw)
    assert raw.parts == parts


def test_template_file_is_rendered_with_its_variables_only() -> None:
    assert evaluate('templatefile("t.tftpl", { v = true })').raw == "true"
    with pytest.raises(EvaluationError):
        evaluate('templatefile("t.tftpl", { w = true })')


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\\n" + "".join(
    f"{after}: &{after} [*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before}]\\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "expression",
    [
        'format("%1000000s", "x")',
        'format("%999999.999999f", 1)',
        'format("%9999999999s", "x")',
        "range(1000000)",
        'indent(1000000000, "a\\nb")',
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]",
        "setproduct(range(1000), range(1000), range(1000))",
        'replace(join("", [for i in range(1000) : "aaaaaaaaaa"]), "a", join("", [for i in range(1000) : "bbbbbbbb"]))',
        'regex("(a+)+$", join("", [for i in range(1000) : "aaaaaaaaaaaaaaaa!"]))',
        'regexall("(a|aa|aaa|aaaa)*b", join("", [for i in range(1000) : "aaaaaaaaaaaaaaaa"]))',
        'regex("(((a{1000}){1000}){1000})", "a")',
        f'regex("{"(" * 5000}", "a")',
        'replace(join("", [for i in range(1000) : "aaaa"]), "/a/", join("", [for i in range(1000) : "$0$0$0$0"]))',
        f'yamldecode("{BOMB}")',
        f'yamldecode("{"[" * 5000}")',
        f'jsondecode("{"[" * 100000}")',
        "pow(10, 10000000)",
        'parseint(join("", [for i in range(1000) : "9999999999"]), 10)',
        'fileset(".", "**********************a")',
        'timeadd("2020-01-01T00:00:00Z", "99999999999999999999h")',
        'cidrsubnets("10.0.0.0/8", 99999999999)',
        'cidrhost("10.0.0.0/8", 1e300)',
        'uuidv5("dns", join("", [for i in range(1000) : "aaaaaaaaaa"]))',
    ],
    ids=lambda text: text[:40],
)
def test_hostile_calls_end(expression: str) -> None:
    # However it ends: pytest-timeout is the judge of what does not, and memory is bounded by the budget.
    assert answer(expression) is not None


def test_conversion_functions_are_of_their_type() -> None:
    assert evaluate("tomap({})").type == types.map_type(DYNAMIC)
    assert evaluate("keys({ b = 1 })").type == Type("tuple", elements=(STRING,))
