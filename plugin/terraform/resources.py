"""Evaluated resources: every resource of a type with its addresses, existence, scope and values; trails among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from checkov_cloudtrail.model.attributes import common
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.trail import (
    AdvancedEventSelector,
    DataResource,
    EventDataStore,
    EventSelector,
    FieldSelector,
    InsightSelector,
    Trail,
)
from checkov_cloudtrail.model.values import Absent, Items, Known, Origin, Resource, Unknown, Value
from checkov_cloudtrail.terraform import blocks, providers, references
from checkov_cloudtrail.terraform.blocks import EvaluatedBlock
from checkov_cloudtrail.terraform.modules import Declaration, plain_text
from checkov_cloudtrail.terraform.providers import Scopes
from checkov_cloudtrail.terraform.tree import Frame, Instance, Module, Tree

TRAILS: Final = ("aws_cloudtrail", "awscc_cloudtrail_trail")
STORES: Final = ("aws_cloudtrail_event_data_store", "awscc_cloudtrail_event_data_store")
INSIGHTS: Final = "aws_cloudtrail_insight_selectors"


@record
class Evaluated:
    """A resource instance: what the model has of every resource, and its values as Terraform has them."""

    resource: Resource
    block: EvaluatedBlock
    module: Module
    declaration: Declaration


def evaluate_resource(module: Module, declaration: Declaration, instance: Instance, scopes: Scopes) -> Evaluated:
    """Evaluate one instance of a resource or data source.

    Args:
        module: the module instance that it is in.
        declaration: its block.
        instance: its key, and `each.value`.
        scopes: the account scopes of the case.

    Returns:
        The resource with every argument in `attributes`: configured values are Known, Absent when null, and Unknown
        with `parts` where they refer to what only a provider knows (`Reference("aws_s3_bucket.logs", "id")`).
        Nested blocks are tuples of mappings; a `dynamic` block over an unknown collection ends in an Unknown.
    """
    address = f"{module.prefix}{declaration.address}{instance.suffix}"
    frame = Frame(module, instance, address)
    body = declaration.body
    block = blocks.evaluate(frame, body, declaration.header)
    type = declaration.labels[0]
    provider = providers.provider_of(frame, body, type)
    region = block.text("region")
    resource = Resource(
        address=address,
        type=type,
        location=declaration.header,
        block=declaration.range,
        scope=scopes.key(provider),
        exists=_existence(module, instance, declaration),
        attributes=block.attributes,
        skips=(*declaration.skips, *module.skips),
        region=scopes.region(provider) if isinstance(region, Absent) else region,
    )
    return Evaluated(resource, block, module, declaration)


def _existence(module: Module, instance: Instance, declaration: Declaration) -> Value[bool]:
    """Say whether an instance exists: it does when nothing about it or the modules around it is open."""
    doubts = (*module.doubts, instance.doubt) if instance.doubt else module.doubts
    arguments = declaration.body.arguments
    argument = arguments.get("count") or arguments.get("for_each")
    origin = Origin(argument.range if argument else declaration.header, missing=argument is None)
    if module.absent or instance.absent:
        return Known(False, origin)
    if doubts:
        return Unknown("; ".join(dict.fromkeys(doubt.because for doubt in doubts)), origin)
    return Known(True, origin)


@dataclass(slots=True)
class Declared:
    """The resources of one case, evaluated when they are asked for."""

    tree: Tree
    scopes: Scopes
    _modules: tuple[Module, ...] | None = None
    _outside: dict[str, frozenset[str]] | None = None
    _evaluated: dict[str, Evaluated] = field(default_factory=dict)
    _by_type: dict[str, tuple[Evaluated, ...]] = field(default_factory=dict)

    @property
    def modules(self) -> tuple[Module, ...]:
        """Every module instance that exists, or may."""
        if self._modules is None:
            walked = self.tree.modules(lambda directory, names: True)
            self._modules = tuple(module for module in walked if not module.absent)
        return self._modules

    def evaluated(self, module: Module, declaration: Declaration) -> Iterator[Evaluated]:
        """Evaluate the instances of a resource that exist, or may."""
        yield from self.each(module, declaration, module.expansion(declaration).instances)

    def each(self, module: Module, declaration: Declaration, instances: Sequence[Instance]) -> Iterator[Evaluated]:
        """Evaluate instances of a resource."""
        for instance in instances:
            address = f"{module.prefix}{declaration.address}{instance.suffix}"
            if address not in self._evaluated:
                self._evaluated[address] = evaluate_resource(module, declaration, instance, self.scopes)
            yield self._evaluated[address]

    def resources(self, kind: str) -> Sequence[Resource]:
        """Give the managed resources of a type, without the instances that surely do not exist."""
        return tuple(one.resource for one in self._of_type(kind))

    def called(self, kind: str, argument: str, name: str) -> Sequence[Resource]:
        """See neighbours.Declared. What is written out as another name is not evaluated: a root has many buckets."""
        return tuple(
            one.resource
            for module in self.modules
            for declaration in module.directory.resources.values()
            if declaration.type == "resource"
            and declaration.labels[0] == kind
            and plain_text(declaration.body.arguments.get(argument)) in ("", name)
            for one in self.evaluated(module, declaration)
        )

    def _of_type(self, kind: str) -> tuple[Evaluated, ...]:
        if kind not in self._by_type:
            self._by_type[kind] = tuple(
                one
                for module in self.modules
                for declaration in module.directory.resources.values()
                if declaration.type == "resource" and declaration.labels[0] == kind
                for one in self.evaluated(module, declaration)
            )
        return self._by_type[kind]

    def data(self, address: str) -> Resource | None:
        """Give the data source at an address."""
        found = self._at(address)
        return found.resource if found is not None and found.declaration.type == "data" else None

    def has(self, address: str) -> bool:
        """Tell whether a managed resource of any type is at an address."""
        found = self._located(address)
        return found is not None and found[1].type == "resource"

    def outside(self, address: str) -> str | None:
        """Give the call of a module that is not there to be read and is told about a resource; it may add to it."""
        if self._outside is None:
            self._outside = {
                f"{module.prefix}{call.address}": references.told_of(module, call)
                for module in self.modules
                for call in module.directory.calls.values()
                if module.called(call) is None and module.expansion(call).instances
            }
        return next((call for call, known in self._outside.items() if address in known), None)

    def _located(self, address: str) -> tuple[Module, Declaration, Instance] | None:
        for module in self.modules:
            if not address.startswith(module.prefix):
                continue
            inside = address.removeprefix(module.prefix)
            name = inside.partition("[")[0]
            declaration = module.directory.resources.get(name)
            if declaration is None:
                continue
            for instance in module.expansion(declaration).instances:
                if inside == f"{name}{instance.suffix}":
                    return module, declaration, instance
        return None

    def _at(self, address: str) -> Evaluated | None:
        found = self._located(address)
        if found is None:
            return None
        module, declaration, _ = found
        return next((one for one in self.evaluated(module, declaration) if one.resource.address == address), None)


# -- trails and event data stores -------------------------------------------------------------------------------------


def trail(evaluated: Evaluated, insights: Sequence[EvaluatedBlock] = ()) -> Trail:
    """Make a trail of an `aws_cloudtrail` or `awscc_cloudtrail_trail`.

    Args:
        evaluated: the resource.
        insights: the `aws_cloudtrail_insight_selectors` that name it.
    """
    waits_for = references.waits_for(evaluated.module, evaluated.declaration)
    return trail_of(replace(evaluated.resource, depends_on=waits_for), evaluated.block, insights)


def trail_of(resource: Resource, block: EvaluatedBlock, insights: Sequence[EvaluatedBlock] = ()) -> Trail:
    """Make a trail of what every resource has and of its arguments."""
    fields = common(resource)
    cc = resource.type == "awscc_cloudtrail_trail"
    return Trail(
        **fields,
        name=block.text("trail_name" if cc else "name"),
        logging=block.flag("is_logging" if cc else "enable_logging"),
        multi_region=block.flag("is_multi_region_trail"),
        organization=block.flag("is_organization_trail"),
        global_service_events=block.flag("include_global_service_events"),
        log_file_validation=block.flag("enable_log_file_validation"),
        kms_key=block.text("kms_key_id"),
        bucket_name=block.text("s3_bucket_name"),
        key_prefix=block.text("s3_key_prefix"),
        log_group_arn=block.text("cloudwatch_logs_log_group_arn" if cc else "cloud_watch_logs_group_arn"),
        log_group_role=block.text("cloudwatch_logs_role_arn" if cc else "cloud_watch_logs_role_arn"),
        sns_topic=block.text("sns_topic_name"),
        event_selectors=_each(block, "event_selectors" if cc else "event_selector", _event_selector),
        advanced_event_selectors=_each(
            block, "advanced_event_selectors" if cc else "advanced_event_selector", _advanced_selector
        ),
        insight_selectors=_insights(block, "insight_selectors" if cc else "insight_selector", insights),
    )


def store(evaluated: Evaluated, insights: Sequence[EvaluatedBlock] = ()) -> EventDataStore:
    """Make an event data store of its Terraform resource; arguments as for `trail`."""
    return store_of(evaluated.resource, evaluated.block, insights)


def store_of(resource: Resource, block: EvaluatedBlock, insights: Sequence[EvaluatedBlock] = ()) -> EventDataStore:
    """Make an event data store of what every resource has and of its arguments."""
    fields = common(resource)
    cc = resource.type == "awscc_cloudtrail_event_data_store"
    ingestion = block.flag("ingestion_enabled") if cc else _negated(_nullable(block, "suspend"))
    return EventDataStore(
        **fields,
        name=block.text("name"),
        multi_region=block.flag("multi_region_enabled"),
        organization=block.flag("organization_enabled"),
        termination_protection=block.flag("termination_protection_enabled"),
        retention_days=block.whole("retention_period"),
        billing_mode=block.text("billing_mode"),
        ingestion=ingestion,
        kms_key=block.text("kms_key_id"),
        advanced_event_selectors=_each(
            block, "advanced_event_selectors" if cc else "advanced_event_selector", _advanced_selector
        ),
        insight_selectors=_insights(block, "insight_selectors", insights),
    )


def _nullable(block: EvaluatedBlock, name: str) -> Value[bool]:
    """Give a boolean that the provider keeps as text, to tell false from what is not set: an empty string [TF]."""
    match block.text(name):
        case Known("", origin):
            return Absent(origin)
    return block.flag(name)


def _negated(value: Value[bool]) -> Value[bool]:
    if isinstance(value, Known):
        return Known(not value.value, replace(value.origin, literal=False))
    return value


def _each(block: EvaluatedBlock, name: str, make: Callable[[EvaluatedBlock], Any]) -> Items[Any]:
    found = block.items(name)
    known, possible = tuple(map(make, found.known)), tuple(map(make, found.possible))
    return Items(known, possible, found.unknown, found.origin, found.undecided)


def _event_selector(block: EvaluatedBlock) -> EventSelector:
    plural = "data_resources" in block.values
    return EventSelector(
        read_write_type=block.text("read_write_type"),
        include_management_events=block.flag("include_management_events"),
        exclude_management_event_sources=block.texts("exclude_management_event_sources"),
        data_resources=_each(block, "data_resources" if plural else "data_resource", _data_resource),
        range=block.range,
    )


def _data_resource(block: EvaluatedBlock) -> DataResource:
    return DataResource(type=block.text("type"), values=block.texts("values"), range=block.range)


def _advanced_selector(block: EvaluatedBlock) -> AdvancedEventSelector:
    plural = "field_selectors" in block.values
    return AdvancedEventSelector(
        name=block.text("name"),
        field_selectors=_each(block, "field_selectors" if plural else "field_selector", _field_selector),
        range=block.range,
    )


def _field_selector(block: EvaluatedBlock) -> FieldSelector:
    return FieldSelector(
        field=block.text("field"),
        equals=block.texts("equals"),
        not_equals=block.texts("not_equals"),
        starts_with=block.texts("starts_with"),
        not_starts_with=block.texts("not_starts_with"),
        ends_with=block.texts("ends_with"),
        not_ends_with=block.texts("not_ends_with"),
        range=block.range,
    )


def _insights(block: EvaluatedBlock, name: str, separate: Sequence[EvaluatedBlock]) -> Items[InsightSelector]:
    found = _each(block, name, _insight_selector)
    others = [_each(one, "insight_selector", _insight_selector) for one in separate]
    return Items(
        (*found.known, *(one for items in others for one in items.known)),
        (*found.possible, *(one for items in others for one in items.possible)),
        found.unknown or next((items.unknown for items in others if items.unknown), None),
        found.origin,
        found.undecided or next((items.undecided for items in others if items.undecided), None),
    )


def _insight_selector(block: EvaluatedBlock) -> InsightSelector:
    return InsightSelector(
        insight_type=block.text("insight_type"), event_categories=block.texts("event_categories"), range=block.range
    )
