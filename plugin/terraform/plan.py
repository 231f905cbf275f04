"""Terraform plans (`terraform show -json`, format 1.x, OpenTofu's too) on the same model as source code.

Planned values win. What is known only after apply is Unknown but present. The configuration in the plan gives
references, providers and accounts. Drift and the prior state are not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.deployment import Case, Deployment, Framework, Loaded, Scope, Unseen
from checkov_cloudtrail.model.location import SourceError, UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, Known, Origin, Reference, Resource, Value
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform import neighbours, plan_places, providers, resources, types
from checkov_cloudtrail.terraform.blocks import EvaluatedBlock
from checkov_cloudtrail.terraform.plan_configuration import (
    Configuration,
    PlannedProvider,
    constant,
    modules_of,
    prefix_of,
)
from checkov_cloudtrail.terraform.plan_places import Places
from checkov_cloudtrail.terraform.resources import INSIGHTS, STORES, TRAILS
from checkov_cloudtrail.terraform.values import DYNAMIC, UnknownRaw, Val

MAX_DEPTH = 60
_HEAD = 4096
AFTER_APPLY = "known after apply"


def is_plan(data: bytes) -> bool:
    """Tell whether a JSON file is a plan: an object with `format_version` and `planned_values`."""
    return data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and (
        b'"format_version"' in data and b'"planned_values"' in data
    )


def load(path: str, files: Files, options: Options) -> Loaded:
    """Read a plan.

    Args:
        path: the JSON file.
        files: the tree to read.
        options: with `source`, findings point into the `.tf` files below that directory.

    Raises:
        UnreadableError: the file cannot be read, is no JSON, or no plan of format 1.x.
    """
    data = files.read(path)
    document = _document(path, data)
    configuration = Configuration(document)
    places = plan_places.places(path, data, files, options.source)
    planned = Planned(document, configuration, places)
    linked, stores, around = neighbours.connect(planned, planned.trails(), planned.stores())
    case = Case((), linked, stores, planned.unseen(), around)
    read = frozenset({path, *places.files})
    return Loaded(Deployment(path, Framework.TERRAFORM_PLAN, planned.scopes, (case,), files=read))


def _document(path: str, data: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError(SourceError(path, 1, 1, "is not UTF-8 text")) from error
    except RecursionError as error:
        raise UnreadableError(SourceError(path, 1, 1, "is nested too deeply")) from error
    except ValueError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        message = f"is not valid JSON: {getattr(error, 'msg', error)}"
        raise UnreadableError(SourceError(path, line, column, message)) from error
    if not isinstance(document, dict) or not isinstance(document.get("planned_values"), dict):
        raise UnreadableError(SourceError(path, 1, 1, "is not a plan: it has no planned_values"))
    version = str(document.get("format_version", ""))
    if not version.startswith("1."):
        message = f"is a plan of format {version or 'unknown'}; 1.x is read"
        raise UnreadableError(SourceError(path, 1, 1, message))
    return document


@record
class _Entry:
    """One resource of `planned_values`.

    Args:
        modules: the module instances that it is in, outermost first.
        suffix: its instance key, `[0]`.
        unknown: the `after_unknown` of its change.
    """

    address: str
    modules: tuple[str, ...]
    mode: str
    type: str
    name: str
    suffix: str
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]


@dataclass(slots=True)
class Planned:
    """The resources of a plan as the linking of neighbours asks for them."""

    document: Mapping[str, Any]
    configuration: Configuration
    places: Places
    _entries: dict[str, _Entry] = field(default_factory=dict)
    _resources: dict[str, tuple[Resource, EvaluatedBlock]] = field(default_factory=dict)
    _scopes: dict[object, Scope] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = {
            change["address"]: change["change"].get("after_unknown")
            for change in _objects(self.document.get("resource_changes"))
            if isinstance(change.get("address"), str) and isinstance(change.get("change"), dict)
        }
        for entry in _walk(self.document["planned_values"].get("root_module"), (), unknown):
            self._entries[entry.address] = entry
        for change in _objects(self.document.get("resource_changes")):
            if change.get("mode") == "data" and change.get("address") not in self._entries:
                read_later = _of_change(change)  # a data source that is read during apply
                if read_later is not None:
                    self._entries[read_later.address] = read_later
        for provider in self.configuration.providers:
            self._scope(provider)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The account scopes that the providers name."""
        return tuple({scope.key: scope for scope in self._scopes.values()}.values())

    def trails(self) -> tuple[Any, ...]:
        """Give the trails."""
        found = (self._built(entry) for entry in self._of(TRAILS))
        return tuple(resources.trail_of(one, block, self._insights(block, "trail_name")) for one, block in found)

    def stores(self) -> tuple[Any, ...]:
        """Give the event data stores."""
        found = (self._built(entry) for entry in self._of(STORES))
        return tuple(resources.store_of(one, block, self._insights(block, "event_data_store")) for one, block in found)

    def _insights(self, block: EvaluatedBlock, argument: str) -> tuple[EvaluatedBlock, ...]:
        name = block.text("name")
        if not isinstance(name, Known):
            return ()
        others = (self._built(entry)[1] for entry in self._of((INSIGHTS,)))
        return tuple(one for one in others if _same(one.text(argument), name.value))

    def unseen(self) -> tuple[Unseen, ...]:
        """A plan holds everything that it deploys."""
        return ()

    def resources(self, kind: str) -> Sequence[Resource]:
        """Give the managed resources of a type."""
        return tuple(self._built(entry)[0] for entry in self._of((kind,)))

    def called(self, kind: str, argument: str, name: str) -> Sequence[Resource]:
        """See neighbours.Declared."""
        return self.resources(kind)

    def data(self, address: str) -> Resource | None:
        """Give the data source at an address."""
        entry = self._entries.get(address)
        return self._built(entry)[0] if entry is not None and entry.mode == "data" else None

    def has(self, address: str) -> bool:
        """Tell whether a managed resource is at an address."""
        entry = self._entries.get(address)
        return entry is not None and entry.mode == "managed"

    def outside(self, address: str) -> str | None:
        """Nothing is outside: a plan has every module."""
        return None

    def _of(self, kinds: Sequence[str]) -> Iterator[_Entry]:
        return (entry for entry in self._entries.values() if entry.mode == "managed" and entry.type in kinds)

    def _built(self, entry: _Entry) -> tuple[Resource, EvaluatedBlock]:
        if entry.address not in self._resources:
            self._resources[entry.address] = self._build(entry)
        return self._resources[entry.address]

    def _build(self, entry: _Entry) -> tuple[Resource, EvaluatedBlock]:
        place = self.places.of(entry.address, entry.modules, f"{entry.type}.{entry.name}", entry.mode)
        declared = self.configuration.resource(entry.modules, entry.mode, entry.type, entry.name)
        values, origins = {}, {}
        for name in {*entry.values, *entry.unknown}:
            held, open_ = entry.values.get(name), entry.unknown.get(name, False)
            if open_ is True and declared and name not in declared.get("expressions", {}):
                continue  # nobody configures it: the provider computes it, as it does without a plan
            refers = self._refers(entry, declared, name) if open_ is True else ()
            values[name] = _value(held, open_, f"{entry.address}.{name} is {AFTER_APPLY}", refers)
            origins[name] = Origin(place.argument(name) or place.header, missing=place.argument(name) is None)
        block = EvaluatedBlock(place.header, values, origins)
        region = block.text("region")
        provider = self.configuration.provider(declared, entry.type)
        resource = Resource(
            address=entry.address,
            type=entry.type,
            location=place.header,
            block=place.block,
            scope=self._scope(provider).key,
            exists=Known(True, Origin(place.header, missing=True)),
            attributes=block.attributes,
            depends_on=frozenset(self._waits_for(entry, declared)),
            skips=place.skips,
            region=self._region(provider) if isinstance(region, Absent) else region,
        )
        return resource, block

    def _refers(self, entry: _Entry, declared: Mapping[str, Any], name: str) -> tuple[Reference, ...]:
        """What an unknown argument refers to, when it can be nothing but a reference.

        A plan does not tell `x.arn` from `"${x.arn}:*"`, so arguments that are written either way have no parts.
        """
        if name in ("cloud_watch_logs_group_arn", "cloudwatch_logs_log_group_arn", "policy", "s3_key_prefix"):
            return ()
        expression = declared.get("expressions", {}).get(name)
        found = self.configuration.follow(entry.modules, expression)
        for reference in found:
            address = self._planned(reference.address, entry.suffix)
            if reference.attribute and address is not None:
                return (Reference(address, reference.attribute),)
        return ()

    def _waits_for(self, entry: _Entry, declared: Mapping[str, Any]) -> Iterator[str]:
        named = [{"references": declared.get("depends_on", [])}, *_expressions(declared.get("expressions"))]
        for expression in named:
            for reference in self.configuration.follow(entry.modules, expression):
                address = self._planned(reference.address, entry.suffix)
                if address is not None:
                    yield address

    def _planned(self, address: str, suffix: str) -> str | None:
        """Give the one planned resource that a reference can mean: references in a plan have no instance keys."""
        for exact in (address, f"{address}{suffix}"):
            if exact in self._entries:
                return exact
        several = [found for found in self._entries if found.startswith(f"{address}[")]
        return several[0] if len(several) == 1 else None

    def _region(self, provider: PlannedProvider) -> Value[str]:
        origin = Origin(self.places.provider(provider.name, provider.alias))
        return replace(provider.block.text("region"), origin=origin)

    def _scope(self, provider: PlannedProvider) -> Scope:
        account = providers.account_of(provider.block)
        told_apart = account or providers.identity(provider.label, provider.block)
        if told_apart not in self._scopes:
            plain = provider.label == "aws" or (
                told_apart == () and all(scope.key != providers.DEFAULT for scope in self._scopes.values())
            )
            key = account or (providers.DEFAULT if plain else provider.label)
            self._scopes[told_apart] = Scope(key, self.places.provider(provider.name, provider.alias))
        return self._scopes[told_apart]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _walk(module: Any, modules: tuple[str, ...], unknown: Mapping[str, Any], depth: int = 0) -> Iterator[_Entry]:
    """Give the resources of a module and of those below it."""
    if not isinstance(module, dict) or depth > MAX_DEPTH:
        return
    for found in _objects(module.get("resources")):
        entry = _entry(found, modules, found.get("values"), unknown.get(found.get("address", "")))
        if entry is not None:
            yield entry
    for child in _objects(module.get("child_modules")):
        yield from _walk(child, modules_of(str(child.get("address", ""))), unknown, depth + 1)


def _entry(found: Mapping[str, Any], modules: tuple[str, ...], values: Any, unknown: Any) -> _Entry | None:
    address, kind, name = found.get("address"), found.get("type"), found.get("name")
    if not isinstance(address, str) or not isinstance(kind, str) or not isinstance(name, str):
        return None
    return _Entry(
        address=address,
        modules=modules,
        mode=str(found.get("mode", "managed")),
        type=kind,
        name=name,
        suffix=address.removeprefix(prefix_of(modules)).removeprefix("data.").removeprefix(f"{kind}.{name}"),
        values=values if isinstance(values, dict) else {},
        unknown=unknown if isinstance(unknown, dict) else {},
    )


def _of_change(change: Mapping[str, Any]) -> _Entry | None:
    inner = change.get("change")
    if not isinstance(inner, dict) or inner.get("after") is None:
        return None
    modules = modules_of(str(change.get("module_address") or ""))
    return _entry(change, modules, inner.get("after"), inner.get("after_unknown"))


def _value(held: Any, open_: Any, because: str, refers: tuple[Reference, ...] = (), depth: int = 0) -> Val:
    """Turn a planned value, and what of it is unknown, into a value."""
    if open_ is True or depth > MAX_DEPTH:
        return Val(DYNAMIC, UnknownRaw(because, refers, not_null=True))
    match held:
        case None:
            if isinstance(open_, dict | list) and open_:
                return Val(DYNAMIC, UnknownRaw(because, not_null=True))
            return constant(held)
        case list():
            marks = open_ if isinstance(open_, list) else []
            size = max(len(held), len(marks))
            padded = [*held, *[None] * (size - len(held))]
            parts = zip(padded, [*marks, *[False] * (size - len(marks))], strict=True)
            return types.tuple_of([_value(item, mark, because, (), depth + 1) for item, mark in parts])
        case dict():
            inner = open_ if isinstance(open_, dict) else {}
            names = {*held, *inner}
            return types.object_of(
                {name: _value(held.get(name), inner.get(name, False), because, (), depth + 1) for name in names}
            )
    return constant(held)


def _expressions(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Give every expression of a configuration's block, nested blocks included."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        if isinstance(value.get("references"), list):
            yield value
        for inner in value.values():
            yield from _expressions(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _expressions(inner, depth + 1)


def _same(value: Value[str], name: str) -> bool:
    return isinstance(value, Known) and (value.value == name or value.value.endswith(f":trail/{name}"))
