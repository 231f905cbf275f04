"""The `configuration` of a plan: providers, and which resource an argument refers to through variables and outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Origin, Reference
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.blocks import EvaluatedBlock
from checkov_cloudtrail.terraform.values import DYNAMIC, UnknownRaw, Val

MAX_DEPTH = 60
_NOWHERE = Range("")
# One step of an address: a name with its instance key.
_STEP = re.compile(r'(?P<name>[\w-]+)(?P<key>\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?')


def steps(address: str) -> tuple[str, ...]:
    """Split an address at its dots, those in instance keys aside."""
    found, position = [], 0
    while (step := _STEP.match(address, position)) is not None:
        found.append(step[0])
        position = step.end() + 1
    return tuple(found)


def modules_of(address: str) -> tuple[str, ...]:
    """Give the module instances of an address, outermost first: `audit["eu"]` for `module.audit["eu"]`."""
    parts = steps(address)
    found = []
    while len(parts) >= 2 and parts[0] == "module":
        found.append(parts[1])
        parts = parts[2:]
    return tuple(found)


def prefix_of(modules: tuple[str, ...]) -> str:
    """Give what addresses in a module begin with."""
    return "".join(f"module.{step}." for step in modules)


def bare(step: str) -> str:
    """Give a step without its instance key."""
    return step.partition("[")[0]


@record
class PlannedProvider:
    """A provider configuration of the plan; its block holds what identifies an account."""

    name: str
    alias: str
    block: EvaluatedBlock

    @property
    def label(self) -> str:
        """The provider as the code names it."""
        return f"{self.name}.{self.alias}" if self.alias else self.name


@dataclass(slots=True)
class Configuration:
    """The plan's `configuration` and `variables`."""

    document: Mapping[str, Any]
    _root: Mapping[str, Any] = field(init=False)
    _providers: dict[str, PlannedProvider] = field(init=False)

    def __post_init__(self) -> None:
        configuration = _object(self.document.get("configuration"))
        self._root = _object(configuration.get("root_module"))
        self._providers = {
            key: PlannedProvider(
                str(found.get("name", "")), str(found.get("alias", "")), self._block(found.get("expressions"))
            )
            for key, found in _object(configuration.get("provider_config")).items()
            if isinstance(found, dict)
        }

    @property
    def providers(self) -> tuple[PlannedProvider, ...]:
        """The AWS providers, the default one first."""
        found = (one for one in self._providers.values() if one.name in ("aws", "awscc"))
        return tuple(sorted(found, key=lambda one: (one.alias != "", one.name != "aws")))

    def provider(self, declared: Mapping[str, Any], kind: str) -> PlannedProvider:
        """Give the provider of a resource's configuration."""
        key = str(declared.get("provider_config_key", kind.partition("_")[0]))
        name, _, alias = key.rpartition(":")[2].partition(".")
        return self._providers.get(key) or PlannedProvider(name, alias, EvaluatedBlock(_NOWHERE))

    def module(self, modules: tuple[str, ...]) -> Mapping[str, Any]:
        """Give the configuration of a module; empty where there is none."""
        found = self._root
        for step in modules:
            found = _object(self.call(found, step).get("module"))
        return found

    @staticmethod
    def call(module: Mapping[str, Any], step: str) -> Mapping[str, Any]:
        """Give the call of a child module."""
        return _object(_object(module.get("module_calls")).get(bare(step)))

    def resource(self, modules: tuple[str, ...], mode: str, kind: str, name: str) -> Mapping[str, Any]:
        """Give the configuration of a resource."""
        for found in self.module(modules).get("resources", ()):
            told = (found.get("mode"), found.get("type"), found.get("name")) if isinstance(found, dict) else ()
            if told == (mode, kind, name):
                return _object(found)
        return {}

    def follow(self, modules: tuple[str, ...], expression: Any, depth: int = 0) -> Iterator[Reference]:
        """Give the resources that an expression refers to, through module arguments and outputs.

        Args:
            modules: the module instances that the expression is in.
            expression: an object with `references`.
        """
        references = _object(expression).get("references")
        if not isinstance(references, list) or depth > MAX_DEPTH:
            return
        for text in references:
            parts = steps(text) if isinstance(text, str) else ()
            match parts:
                case ("var", name, *_) if modules:
                    outer = self.call(self.module(modules[:-1]), modules[-1])
                    yield from self.follow(modules[:-1], _object(outer.get("expressions")).get(bare(name)), depth + 1)
                case ("module", step, output, *_):
                    inner = (*modules, step)
                    found = _object(_object(self.module(inner).get("outputs")).get(bare(output)))
                    yield from self.follow(inner, found.get("expression"), depth + 1)
                case ("var" | "local" | "each" | "count" | "path" | "terraform" | "module", *_):
                    continue
                case ("data", kind, name, *rest):
                    yield Reference(f"{prefix_of(modules)}data.{kind}.{name}", bare(rest[0]) if rest else "")
                case (kind, name, *rest):
                    yield Reference(f"{prefix_of(modules)}{kind}.{name}", bare(rest[0]) if rest else "")

    def _block(self, expressions: Any) -> EvaluatedBlock:
        values = {name: self._value(expression) for name, expression in _object(expressions).items()}
        return EvaluatedBlock(_NOWHERE, values, dict.fromkeys(values, Origin(_NOWHERE)))

    def _value(self, expression: Any, depth: int = 0) -> Val:
        """A provider's argument: a constant, a variable of the root module, nested blocks, or unknown."""
        if isinstance(expression, list) and depth < MAX_DEPTH:
            return types.tuple_of([self._value(one, depth + 1) for one in expression])
        found = _object(expression)
        if "constant_value" in found:
            return constant(found["constant_value"])
        references = found.get("references")
        if isinstance(references, list):
            variable = (
                _object(_object(self.document.get("variables")).get(str(references[0])[4:])) if references else {}
            )
            if len(references) == 1 and str(references[0]).startswith("var.") and "value" in variable:
                return constant(variable["value"])
            text = ", ".join(str(reference) for reference in references)
            return Val(DYNAMIC, UnknownRaw(f"it depends on {text}", (Reference(text),) if text else ()))
        if found and depth < MAX_DEPTH:
            return types.object_of({name: self._value(one, depth + 1) for name, one in found.items()})
        return Val(DYNAMIC, None)


def constant(value: Any, depth: int = 0) -> Val:
    """Turn a JSON value into a value."""
    match value:
        case bool():
            return types.boolean(value)
        case int() | float():
            return types.number(Fraction(str(value)))
        case str():
            return types.string(value)
        case list() if depth < MAX_DEPTH:
            return types.tuple_of([constant(one, depth + 1) for one in value])
        case dict() if depth < MAX_DEPTH:
            return types.object_of({name: constant(one, depth + 1) for name, one in value.items()})
        case None:
            return Val(DYNAMIC, None)
    return Val(DYNAMIC, UnknownRaw("the plan is nested too deeply"))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
