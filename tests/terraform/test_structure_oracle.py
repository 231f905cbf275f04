"""Structure as the real `terraform plan` has it: addresses and values of `terraform_data` in modules, loops and files.

Every case is planned by Terraform where it is installed, and read by us; addresses and planned `input`s must agree.
"""

import json
import os
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from checkov_cloudtrail.budget import Budget
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform.modules import Library
from checkov_cloudtrail.terraform.providers import Scopes
from checkov_cloudtrail.terraform.resources import Declared
from checkov_cloudtrail.terraform.syntax import ParseCache
from checkov_cloudtrail.terraform.tree import Tree
from checkov_cloudtrail.terraform.values import UnknownRaw, Val
from checkov_cloudtrail.terraform.variables import inputs

TERRAFORM = shutil.which("terraform")
pytestmark = pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")

UNKNOWN = "(known after apply)"

CASES = {
    "count and for_each": {
        "main.tf": """
            variable "on" { default = true }
            variable "off" { default = false }
            resource "terraform_data" "single" { input = "one" }
            resource "terraform_data" "counted" {
              count = 3
              input = "n-${count.index}"
            }
            resource "terraform_data" "none" {
              count = var.off ? 1 : 0
              input = "never"
            }
            resource "terraform_data" "set" {
              for_each = toset(["b", "a", "b"])
              input    = "${each.key}=${each.value}"
            }
            resource "terraform_data" "map" {
              for_each = { for k, v in { x = 1, y = 2, "z.w" = 3, "q\\"r" = 4 } : k => v * 10 if v != 2 }
              input    = each.value + 1
            }
            resource "terraform_data" "maybe" {
              for_each = toset(var.on ? ["x"] : [])
              input    = terraform_data.counted[1].input
            }
            resource "terraform_data" "empty" {
              for_each = {}
              input    = each.value
            }
        """
    },
    "references between instances": {
        "main.tf": """
            resource "terraform_data" "a" {
              count = 2
              input = { name = "a${count.index}", on = count.index == 0 }
            }
            resource "terraform_data" "b" {
              for_each = { x = "1", y = "2" }
              input    = each.value
            }
            resource "terraform_data" "c" {
              input = {
                splat  = terraform_data.a[*].input.name
                legacy = terraform_data.a.*.input.name
                loop   = [for one in terraform_data.a : one.input.name if one.input.on]
                keys   = keys(terraform_data.b)
                values = values(terraform_data.b)[*].input
                first  = terraform_data.a.0.input.name
                tried  = try(terraform_data.a[5].input.name, "none")
                one    = one(terraform_data.a[*].input.name == [] ? [] : ["x"])
                merged = { for k, v in terraform_data.b : k => v.input }
                count  = length(terraform_data.a)
                id     = terraform_data.a[0].id
              }
            }
        """
    },
    "modules": {
        "main.tf": """
            variable "names" { default = ["p", "q"] }
            locals { prefix = "root" }
            module "counted" {
              count  = length(var.names)
              source = "./inner"
              name   = "${local.prefix}-${var.names[count.index]}"
            }
            module "each" {
              for_each = { a = true, b = false }
              source   = "./inner"
              name     = each.key
              on       = each.value
            }
            module "single" {
              source = "./inner"
              name   = module.each["a"].name
              tags   = null
            }
            module "none" {
              count  = 0
              source = "./inner"
              name   = "x"
            }
            resource "terraform_data" "outputs" {
              input = {
                all    = module.counted[*].name
                one    = module.single.name
                each   = { for k, m in module.each : k => m.name }
                nested = module.single.deep.value
                empty  = module.none[*].name
              }
            }
        """,
        "inner/main.tf": """
            variable "name" { type = string }
            variable "on" {
              type    = bool
              default = true
            }
            variable "tags" {
              type     = map(string)
              default  = { k = "v" }
              nullable = false
            }
            resource "terraform_data" "this" {
              count = var.on ? 1 : 0
              input = { name = upper(var.name), tags = var.tags, path = path.module, root = path.root }
            }
            module "deep" {
              source = "../deep"
              value  = var.on
            }
            output "name" { value = "<${var.name}>" }
            output "deep" { value = module.deep }
        """,
        "deep/main.tf": """
            variable "value" { type = string }
            resource "terraform_data" "d" {
              for_each = toset([var.value])
              input    = each.key
            }
            output "value" { value = terraform_data.d[var.value].input }
        """,
    },
    "variables": {
        "main.tf": """
            variable "a" { default = "default" }
            variable "b" { default = "default" }
            variable "c" { default = "default" }
            variable "d" { default = "default" }
            variable "e" { type = number }
            variable "f" {
              type = object({
                name  = string
                multi = optional(bool, true)
                deep  = optional(object({ n = optional(number, 3), l = optional(list(string)) }), {})
              })
            }
            variable "g" { type = list(any) }
            variable "h" {
              type     = string
              default  = "kept"
              nullable = false
            }
            variable "i" { type = map(object({ on = optional(bool, false) })) }
            variable "j" { type = set(string) }
            variable "k" { type = tuple([string, number]) }
            resource "terraform_data" "v" {
              input = {
                a = var.a, b = var.b, c = var.c, d = var.d, e = var.e, f = var.f, g = var.g, h = var.h, i = var.i
                j = var.j, k = var.k, l = var.f.deep.n == 3
              }
            }
        """,
        "terraform.tfvars": (
            'a = "tfvars"\nb = "tfvars"\nc = "tfvars"\ne = "12"\nf = { name = 5, extra = 1 }\nh = null\n'
        ),
        "terraform.tfvars.json": '{"b": "json", "c": "json", "g": [1, 2, "3"], "d": "${not a template}"}',
        "a.auto.tfvars": 'c = "auto"\ni = { x = {}, y = { on = "true" } }\n',
        "b.auto.tfvars.json": '{"j": ["b", "a", "a"], "k": [1, "2"]}',
    },
    "overrides": {
        "main.tf": """
            resource "terraform_data" "o" {
              count = 2
              input = "main"
            }
            variable "v" { default = "main" }
            locals { x = "main" }
            resource "terraform_data" "p" { input = "${var.v} ${local.x}" }
        """,
        "override.tf": 'resource "terraform_data" "o" {\n  input = "override"\n}\n',
        "z_override.tf": 'variable "v" {\n  default = "z"\n}\nlocals {\n  x = "z"\n}\n',
        "more_override.tf.json": '{"resource": {"terraform_data": {"o": {"count": 1}}}}',
    },
    "JSON syntax": {
        "main.tf.json": json.dumps(
            {
                "//": "made by a program",
                "variable": {"multi": {"type": "bool", "default": "true"}},
                "locals": {
                    "x": "${var.multi ? 1 : 2}",
                    "y": "a-${local.x}",
                    "z": ["${local.x}", {"k": "%{ if true }v%{ endif }"}],
                },
                "resource": {
                    "terraform_data": {
                        "one": {"input": "${local.z}"},
                        "two": [{"for_each": {"a": "b"}, "input": "${each.key}-${each.value}"}],
                        "three": {
                            "//": "note",
                            "count": 2,
                            "input": {"n": "${count.index}", "t": "$${x}", "null": None},
                        },
                    }
                },
                "module": {"m": {"source": "./m", "value": "${terraform_data.one.input[0]}"}},
            }
        ),
        "m/main.tf": 'variable "value" {}\nresource "terraform_data" "m" {\n  input = var.value\n}\n',
    },
    "templates and heredocs": {
        "main.tf": """
            locals {
              list = ["a", "b"]
              text = <<-EOT
                first ${local.list[0]}
                  indented

                %{for x in local.list~}
                - ${x}
                %{endfor~}
                last $${kept} %%{kept}
              EOT
              raw = <<EOT
              kept ${ "x" ~}
                 trimmed
            EOT
            }
            resource "terraform_data" "t" {
              input = {
                text  = local.text
                raw   = local.raw
                line  = "a %{if true}yes%{else}no%{endif} ${~ "b" ~} c \\"q\\" \\u00e9 \\t|"
                cond  = true ? "x" : false ? "y" : "z"
                cond2 = false ? "x" : false ? "y" : "z"
                nums  = [1e3, 1.50, 0.1 + 0.2, 10 / 4, 7 % 3, -5 % 3, 1e-2]
                keys  = { (local.list[0]) = 1, "b-${local.list[1]}" = 2, c : 3 }
                multi = {
                  x = local.list
                  (local.list[1]) = 1
                }
              }
            }
        """
    },
    "what is ignored": {
        "main.tf": """
            terraform { required_version = ">= 1.0" }
            resource "terraform_data" "new" { input = 1 }
            moved {
              from = terraform_data.old
              to   = terraform_data.new
            }
            removed {
              from = terraform_data.gone
              lifecycle { destroy = false }
            }
            check "x" {
              assert {
                condition     = terraform_data.new.input == 1
                error_message = "no"
              }
            }
            output "o" { value = terraform_data.new.id }
        """
    },
    "known and unknown": {
        "main.tf": """
            resource "terraform_data" "a" { input = "x" }
            resource "terraform_data" "b" {
              input = {
                id      = terraform_data.a.id
                name    = "n-${terraform_data.a.id}"
                list    = [terraform_data.a.id, "k"]
                size    = length([terraform_data.a.id])
                chosen  = true ? "known" : terraform_data.a.id
                workspace = terraform.workspace
              }
            }
        """
    },
}


def _written(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_dedented(text), encoding="utf-8")


def _dedented(text: str) -> str:
    lines = text.split("\n")
    if lines[0].strip():
        return text
    return "\n".join(line.removeprefix(" " * 12) for line in lines)


def _planned(directory: Path) -> dict[str, object]:
    environment = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}

    def run(*arguments: str) -> str:
        made = subprocess.run(
            [str(TERRAFORM), *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
        return made.stdout

    run("init", "-backend=false", "-no-color")
    run("plan", "-out=plan", "-no-color", "-input=false")
    plan = json.loads(run("show", "-json", "plan"))
    found: dict[str, object] = {}
    waiting = [plan["planned_values"]["root_module"]]
    while waiting:
        module = waiting.pop()
        waiting.extend(module.get("child_modules", ()))
        for resource in module.get("resources", ()):
            found[resource["address"]] = resource["values"].get("input")
    for change in plan["resource_changes"]:
        unknown = change["change"].get("after_unknown", {})
        found[change["address"]] = _with_unknown(found[change["address"]], unknown.get("input", False))
    return found


def _with_unknown(value: object, unknown: object) -> object:
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(value, dict):
        keys = value.keys() | unknown.keys()
        return {key: _with_unknown(value.get(key), unknown.get(key, False)) for key in keys}
    if isinstance(unknown, list) and isinstance(value, list):
        padded = value + [None] * (len(unknown) - len(value))
        return [_with_unknown(one, unknown[i] if i < len(unknown) else False) for i, one in enumerate(padded)]
    return value


def _ours(directory: Path) -> dict[str, object]:
    files = DiskFiles(base=directory, boundary=directory)
    tree = Tree(Library(files, ParseCache(), "."), inputs(files, ".", Options()), Budget())
    declared = Declared(tree, Scopes(tree.root, Range(".")))
    assert not [error for one in tree.library.directories for error in one.errors]
    found: dict[str, object] = {}
    for module in declared.modules:
        for declaration in module.directory.resources.values():
            for one in declared.evaluated(module, declaration):
                found[one.resource.address] = _plain(one.block.values["input"])
    return found


def _plain(value: Val) -> object:
    raw = value.raw
    if isinstance(raw, UnknownRaw):
        return UNKNOWN
    if isinstance(raw, Fraction):
        return int(raw) if raw.denominator == 1 else float(raw)
    if isinstance(raw, tuple):
        return [_plain(element) for element in raw]
    if isinstance(raw, dict):
        return {key: _plain(element) for key, element in raw.items()}
    return raw


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_terraform(name: str, tmp_path: Path) -> None:
    _written(tmp_path, CASES[name])
    planned = _planned(tmp_path)

    assert planned, "a case must plan something"
    assert _ours(tmp_path) == planned
