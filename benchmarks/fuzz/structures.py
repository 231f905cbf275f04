"""Random configurations: modules, count, for_each, object types; what `terraform plan` makes of them beside what we do.

A configuration is written twice: for Terraform with `terraform_data`, whose `input` shows the values, and for us with
trails, which take the same values as arguments.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Absent, AnyValue, Known, Unknown
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform.root import load
from checkov_cloudtrail.terraform.syntax import ParseCache
from fuzz import console

UNKNOWN = "(unknown)"
NAMES = ("flag", "text", "selectors")
# Variables as they are declared, with values for them: what the caller gives is chosen among those.
DECLARED = {
    "on": ("type = bool\n  default = false", ("true", "false", '"true"', "null")),
    "on_nn": ("type = bool\n  default = true\n  nullable = false", ("true", '"false"', "null")),
    "name": ('type = string\n  default = "dflt"', ('"n"', "12", "true", "null")),
    "n": ("type = number\n  default = 2", ("0", "1", '"3"', "1 + 1")),
    "names": ('type = list(string)\n  default = ["a", "b"]', ("[]", '["x"]', '["b", 1, true]', 'toset(["q", "p"])')),
    "set": ('type = set(string)\n  default = ["a", "b", "a"]', ("[]", '["z", "y"]', "[1, 2, 1]")),
    "map": ('type = map(string)\n  default = { a = "1" }', ("{}", "{ x = true, y = 2 }", '{ "c d" = "v" }')),
    "flags": ("type = map(bool)\n  default = { a = true, b = false }", ('{ p = "true" }', "{}", "{ q = null }")),
    "conf": (
        """type = object({
    on   = optional(bool, true)
    name = optional(string)
    in   = optional(object({ x = optional(string, "d"), l = optional(list(number), [1]) }), {})
  })
  default = {}""",
        ("{}", "{ on = false }", '{ name = "k", in = { x = null } }', '{ on = null, in = { l = ["2"] }, extra = 1 }'),
    ),
    "confs": (
        """type = map(object({
    on   = optional(bool, false)
    tags = optional(map(string))
  }))
  default = { a = { on = true }, b = {} }""",
        ("{}", "{ z = { tags = { k = 1 } } }", '{ "c d" = {}, e = { on = "true" } }'),
    ),
    "list": (
        'type = list(object({ name = string, on = optional(bool) }))\n  default = [{ name = "a" }]',
        ("[]", '[{ name = "b", on = true }, { name = 1 }]', '[{ name = "c", on = "false" }]'),
    ),
    "any": ("type = any\n  default = { a = [1, true] }", ('"s"', "[1, 2]", '{ b = { c = "d" } }', "null")),
    "plain": ('default = { k = ["v"] }', ('{ k = ["w", "x"] }', "{ k = [], z = 1 }")),
    "tuple": ('type = tuple([string, bool])\n  default = [1, "true"]', ('["t", false]', '["u", "true"]')),
}
COUNTS = (
    "2", "0", "1", "var.on ? 1 : 0", "var.n", "length(var.names)", "var.conf.on ? 1 : 0", "length(local.pairs)",
    "var.name == null ? 0 : 1", "length(var.list) > 0 ? 1 : 0", "var.on_nn && var.on ? 2 : 1",
    "min(length(var.set), 2)",
    "var.any == null ? 0 : 1", "var.map == {} ? 0 : 1", "contains(var.names, \"x\") ? 0 : 1",
    "tobool(var.on) == true ? 1 : 0",
)  # fmt: skip
FOR_EACHS = (
    "var.map", "var.set", "toset(var.names)", 'toset(var.on ? ["x"] : [])', "var.confs", "var.flags", "local.pairs",
    "{ for k, v in var.confs : k => v if v.on }", "{ for o in var.list : o.name => o }", "local.by_name",
    "{ for i, n in var.names : n => i }", 'var.on_nn ? { only = var.name } : {}',
    "toset([for n in var.names : upper(n)])",
    "{ for k, v in var.flags : k => v if v != null && v }", "merge(var.map, { extra = \"e\" })", "toset(keys(var.map))",
    "{ for o in var.list : o.name => o if o.on == true }", "zipmap(var.names, range(length(var.names)))",
)  # fmt: skip
LOCALS = (
    "pairs = { for k, v in var.map : k => \"${k}-${v}\" }",
    "by_name = { for o in var.list : o.name => coalesce(o.on, false) }",
    "all_on = alltrue([for k, v in var.confs : v.on])",
    "flat = flatten([for k, v in var.confs : [for t, w in coalesce(v.tags, {}) : \"${k}.${t}\"]])",
    "either = var.on ? var.conf : { on = true, name = \"e\", in = { x = \"y\", l = [] } }",
    "first = try(var.names[0], \"none\")",
    "settings = merge({ on = false, name = \"s\" }, var.conf.in, { name = var.name })",
)  # fmt: skip
FLAGS = (
    "var.on", "!var.on_nn", "var.conf.on", "local.all_on", "local.either.on", "var.on || var.conf.on", "var.n > 1",
    "length(var.names) == 2", 'try(var.flags["a"], false)', 'lookup(var.flags, "p", true)', "var.tuple[1]",
    'contains(keys(var.map), "a")', "var.name == \"n\"", "try(var.list[0].on, null)", "anytrue(values(local.by_name))",
    "local.settings.on", "var.conf.name != null", "can(var.any.a)", "can(regex(\"^[a-z]\", var.name))",
    "terraform_data.seed.id == \"x\"", "var.on && terraform_data.seed.id == \"x\"", "tobool(var.map.a)",
)  # fmt: skip
TEXTS = (
    "var.name", "local.first", 'join(",", var.names)', 'join(",", sort(tolist(var.set)))', "var.conf.in.x",
    "jsonencode(var.conf)", "jsonencode(var.any)", 'join("|", local.flat)', "var.tuple[0]",
    "jsonencode(local.settings)",
    '"${var.n}-${length(var.map)}"', 'format("%s/%d", local.first, var.n)', "jsonencode(var.confs)",
    "jsonencode(var.list)",
    '"%{ for n in var.names }${n};%{ endfor }"', 'try(var.any.a[0], var.any.b.c, "none")', "jsonencode(var.plain)",
    '"x-${terraform_data.seed.id}"', "jsonencode(var.set)", "path.module", "terraform.workspace",
    "jsonencode(local.either)",
)  # fmt: skip
EACH_FLAGS = {
    "count": ("count.index == 0", "count.index > 0 && var.on", "count.index % 2 == 0"),
    "for_each": ('each.key == "a"', "try(tobool(each.value), false)", "try(each.value.on, null)"),
}
EACH_TEXTS = {
    "count": ('"i${count.index}"', "tostring(count.index + 1)", "try(var.names[count.index], null)"),
    "for_each": ("each.key", "jsonencode(each.value)", '"${each.key}-x"', "try(each.value.name, each.key)"),
}
# Collections for dynamic blocks, and what their content makes of an element; v is the element, k its key.
BLOCKS = ("var.names", "var.map", "var.set", "var.flags", "var.confs", "var.list", "local.pairs", "var.on ? [1] : []",
          "[for n in var.names : n if n != \"a\"]", "{ for k, v in var.confs : k => v if v.on }")  # fmt: skip
BLOCK_FLAGS = ("true", 'k == "a"', "try(tobool(v), false)", "try(v.on, var.on)", 'v == "x"', "var.on", "v != null")


@dataclass(slots=True)
class Structure:
    """A configuration: module directories with their text, in which `@…@` stands for what differs."""

    files: dict[str, str] = field(default_factory=dict)
    tfvars: str = ""

    def written(self, directory: Path, plan: bool) -> None:
        """Write it for Terraform, or for us."""
        for path, text in self.files.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_worded(text, plan), encoding="utf-8")
        if self.tfvars:
            (directory / "terraform.tfvars").write_text(self.tfvars, encoding="utf-8")


_BLOCK = re.compile(r"@BLOCKS:(.*?):::(.*?)@")


def _worded(text: str, plan: bool) -> str:
    if plan:
        text = _BLOCK.sub(r"    selectors = [for k, v in \1 : \2]", text)
        return text.replace("@TYPE@", "terraform_data").replace("@OPEN@", "input = {").replace("@CLOSE@", "}")
    text = _BLOCK.sub(_dynamic, text)
    text = text.replace("@TYPE@", "aws_cloudtrail").replace("@OPEN@", 's3_bucket_name = "b"').replace("@CLOSE@", "")
    return text.replace("flag = ", "is_multi_region_trail = ").replace("text = ", "name = ")


def _dynamic(found: "re.Match[str]") -> str:
    content = re.sub(r"\b([kv])\b", lambda name: "it.key" if name[0] == "k" else "it.value", found[2])
    return (
        f'  dynamic "event_selector" {{\n    for_each = {found[1]}\n    iterator = it\n    content {{\n'
        f"      include_management_events = {content}\n    }}\n  }}\n"
    )


class Builder:
    """Makes a structure from a seed."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.structure = Structure()

    def build(self) -> Structure:
        """Make a root module that calls others, two levels deep at most."""
        names = self.module("", 2, self.random.randint(1, 3))
        given = [name for name in names if self.random.random() < 0.4]
        # tfvars hold literals only.
        lines = [f"{name} = {self.literal(name)}" for name in given]
        self.structure.tfvars = "\n".join(lines) + "\n"
        return self.structure

    def literal(self, name: str) -> str:
        values = [value for value in DECLARED[name][1] if "(" not in value and "+" not in value]
        return self.random.choice(values)

    def module(self, path: str, depth: int, resources: int) -> list[str]:
        """Write a module's directory; give the names of its variables."""
        random = self.random
        blocks = [f'variable "{name}" {{\n  {declaration}\n}}\n' for name, (declaration, _) in DECLARED.items()]
        blocks.append("locals {\n" + "".join(f"  {line}\n" for line in LOCALS) + "}\n")
        blocks.append('resource "terraform_data" "seed" {\n}\n')
        blocks += [self.resource(f"t{index}") for index in range(resources)]
        if depth:
            for index in range(random.choice((0, 1, 1, 2))):
                directory = f"m{index}"
                names = self.module(f"{path}{directory}/", depth - 1, random.randint(1, 2))
                blocks.append(self.call(f"c{index}", directory, names))
        blocks.append('output "flag" {\n  value = ' + random.choice(FLAGS) + "\n}\n")
        blocks.append('output "conf" {\n  value = var.conf\n}\n')
        self.structure.files[f"{path}main.tf"] = "\n".join(blocks)
        return list(DECLARED)

    def repetition(self) -> tuple[str, str]:
        kind = self.random.choice(("", "count", "count", "for_each", "for_each", "for_each"))
        if not kind:
            return "", ""
        return kind, f"  {kind} = {self.random.choice(COUNTS if kind == 'count' else FOR_EACHS)}\n"

    def resource(self, name: str) -> str:
        kind, repeated = self.repetition()
        flag = self.random.choice((*FLAGS, *EACH_FLAGS.get(kind, ()) * 3))
        text = self.random.choice((*TEXTS, *EACH_TEXTS.get(kind, ()) * 3))
        body = f"    flag = {flag}\n    text = {text}\n"
        if self.random.random() < 0.4:
            body += f"@BLOCKS:{self.random.choice(BLOCKS)}:::{self.random.choice(BLOCK_FLAGS)}@\n"
        return f'resource "@TYPE@" "{name}" {{\n{repeated}  @OPEN@\n{body}  @CLOSE@\n}}\n'

    def call(self, name: str, directory: str, names: list[str]) -> str:
        """Call a module; arguments are literals, or the caller's own variables, or what is repeated."""
        random = self.random
        kind, repeated = self.repetition()
        lines = []
        for variable in random.sample(names, random.randint(0, 5)):
            choices = [*DECLARED[variable][1], f"var.{variable}", f"var.{variable}"]
            if variable == "name" and kind:
                choices += EACH_TEXTS[kind]
            if variable == "on" and kind:
                choices += EACH_FLAGS[kind]
            lines.append(f"  {variable} = {random.choice(choices)}\n")
        single = f"[for k, m in module.{name} : m.conf.on]" if kind else f"[module.{name}.conf.on, module.{name}.flag]"
        body = f'  @OPEN@\n    flag = anytrue({single})\n    text = "t"\n  @CLOSE@\n'
        outcome = f'resource "@TYPE@" "of_{name}" {{\n{body}}}\n'
        return f'module "{name}" {{\n  source = "./{directory}"\n{repeated}{"".join(lines)}}}\n{outcome}'


def planned(directory: Path) -> dict[str, tuple[Any, ...]] | None:
    """Plan with the real Terraform: flag, text and selectors of every instance by its address; None when it refuses."""
    console.terraform(directory, "init", "-input=false")
    done = console.terraform(directory, "plan", "-input=false", "-refresh=false", "-out=plan.bin")
    if done.returncode:
        return None
    plan = json.loads(console.terraform(directory, "show", "-json", "plan.bin").stdout)
    found: dict[str, tuple[Any, ...]] = {}
    for change in plan.get("resource_changes", []):
        if change["name"] == "seed":
            continue
        after = change["change"]["after"].get("input") or {}
        open_ones = change["change"]["after_unknown"].get("input") or {}
        if open_ones is True:
            found[change["address"]] = (UNKNOWN, UNKNOWN, UNKNOWN)
            continue
        known = {name: UNKNOWN if open_ones.get(name) not in (None, False, []) else after.get(name) for name in NAMES}
        found[change["address"]] = (_flag(known["flag"]), _text(known["text"]), known["selectors"] or [])
    return found


def _flag(value: Any) -> Any:
    return value == "true" if value in ("true", "false") else value


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else value


def judged(directory: Path) -> dict[str, tuple[Any, ...]]:
    """Evaluate it ourselves: the same of every trail; UNKNOWN in place of both where it is open whether it exists."""
    loaded = load(".", DiskFiles(directory, directory), Options(), ParseCache())
    assert not loaded.errors, loaded.errors
    assert loaded.deployment is not None
    found: dict[str, tuple[Any, ...]] = {}
    for case in loaded.deployment.cases:
        for trail in case.trails:
            if trail.exists == Known(False, trail.exists.origin):
                continue
            found[trail.address.replace("aws_cloudtrail.", "terraform_data.")] = _values(trail)
    return found


def _values(trail: Trail) -> tuple[Any, ...]:
    if not isinstance(trail.exists, Known):
        return ("(may exist)",) * len(NAMES)
    blocks = trail.event_selectors
    settled = not blocks.possible and blocks.unknown is None
    selectors = [_plain(one.include_management_events) for one in blocks.known] if settled else UNKNOWN
    return _plain(trail.multi_region), _plain(trail.name), selectors


def _plain(value: AnyValue) -> Any:
    match value:
        case Known(held):
            return held
        case Absent():
            return None
        case Unknown():
            return UNKNOWN


def compared(seed: int) -> tuple[int, list[str]] | None:
    """Build one structure and compare; give the number of values and what differs, None when Terraform refuses it."""
    structure = Builder(Random(seed)).build()
    with tempfile.TemporaryDirectory() as place:
        theirs_in, ours_in = Path(place) / "plan", Path(place) / "own"
        structure.written(theirs_in, plan=True)
        structure.written(ours_in, plan=False)
        theirs = planned(theirs_in)
        if theirs is None:
            return None
        ours = judged(ours_in)
    return len(theirs) * len(NAMES), [*_differences(theirs, ours)]


def _differences(theirs: Mapping[str, tuple[Any, ...]], ours: Mapping[str, tuple[Any, ...]]) -> list[str]:
    found = []
    for address in sorted({*theirs, *ours}):
        other, own = theirs.get(address), ours.get(address)
        if other is None or own is None:
            found.append(f"{address}: Terraform {other}, we {own}")
            continue
        for name, their, our in zip(NAMES, other, own, strict=True):
            if their not in (our, UNKNOWN):
                found.append(f"{address}.{name}: Terraform {their!r}, we {our!r}")
    return found
