"""Blocks with all their values: arguments, nested blocks, `dynamic` blocks written out as far as that can be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from fractions import Fraction
from typing import TypeVar

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, AnyValue, Items, Known, Origin, Unknown, Value
from checkov_cloudtrail.terraform import nodes, types
from checkov_cloudtrail.terraform.expressions import Bindings, handle_of, unknown_from
from checkov_cloudtrail.terraform.modules import Argument, Body, NestedBlock
from checkov_cloudtrail.terraform.tree import Frame
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, NUMBER, STRING, EvaluationError, Type, UnknownRaw, Val

# Not what a resource is made of; `lifecycle` is kept, for `prevent_destroy`.
META = frozenset(("count", "for_each", "provider", "depends_on", "provisioner", "connection", "dynamic"))
_MAX_BLOCKS = 1_000

T = TypeVar("T")


@record
class EvaluatedBlock:
    """A block: values by argument, blocks by type.

    Args:
        range: its header; a missing argument is reported here.
        values: its arguments, evaluated.
        origins: where each of them is written.
        blocks: its nested blocks.
    """

    range: Range
    values: Mapping[str, Val] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    blocks: Mapping[str, Items[EvaluatedBlock]] = field(default_factory=dict)

    def value(self, name: str) -> AnyValue:
        """Give an argument as the model has it."""
        if name not in self.values:
            return Absent(Origin(self.range, missing=True))
        return as_value(self.values[name], self.origins[name])

    def text(self, name: str) -> Value[str]:
        """Give an argument that is a string."""
        return self._typed(name, STRING, str)

    def flag(self, name: str) -> Value[bool]:
        """Give an argument that is a boolean."""
        return self._typed(name, BOOL, bool)

    def whole(self, name: str) -> Value[int]:
        """Give an argument that is a whole number."""
        return self._typed(name, NUMBER, int)

    def texts(self, name: str) -> Value[tuple[Value[str], ...]]:
        """Give an argument that is a list or set of strings."""
        return self._typed(name, Type("list", element=STRING), tuple)

    def _typed(self, name: str, wanted: Type, kind: type[T]) -> Value[T]:
        if name not in self.values:
            return Absent(Origin(self.range, missing=True))
        origin = self.origins[name]
        held = self.values[name]
        try:
            converted = types.convert(held, wanted)
        except EvaluationError as error:
            shown = types.symbol_of(held)
            because = f"{name} is {shown}: {error}" if shown else f"{name} does not fit: {error}"
            return Unknown(because, origin)
        value = as_value(converted, origin if converted.raw == held.raw else replace(origin, literal=False))
        if isinstance(value, Known) and not isinstance(value.value, kind):
            return Unknown(f"{name} is {types.symbol_of(held)}: a whole number is required", origin)
        return value  # type: ignore[return-value]

    def items(self, name: str) -> Items[EvaluatedBlock]:
        """Give the nested blocks of a type; JSON syntax, and a value assigned to a block's name, are blocks as well."""
        written = self.blocks.get(name, Items(origin=Origin(self.range, missing=True)))
        if name not in self.values:
            return written
        assigned = self._assigned(self.values[name], self.origins[name])
        known, possible = written.known + assigned.known, written.possible + assigned.possible
        undecided = written.undecided or assigned.undecided
        return Items(known, possible, written.unknown or assigned.unknown, assigned.origin, undecided)

    def _assigned(self, value: Val, origin: Origin) -> Items[EvaluatedBlock]:
        raw = value.raw
        if raw is None:
            return Items(origin=origin)
        if isinstance(raw, UnknownRaw):
            return Items(unknown=as_unknown(value, raw, origin), origin=origin)
        if isinstance(raw, Mapping):
            return Items((_of_object(value, origin),), origin=origin)
        if isinstance(raw, tuple):
            parts = [self._assigned(element, origin) for element in raw]
            unknown = next((part.unknown for part in parts if part.unknown), None)
            return Items(tuple(block for part in parts for block in part.known), (), unknown, origin)
        return Items(unknown=Unknown("a block is expected here", origin), origin=origin)

    @property
    def attributes(self) -> Mapping[str, AnyValue]:
        """Everything in it by name, for `Resource.attributes`: nested blocks are tuples of mappings."""
        found: dict[str, AnyValue] = {name: self.value(name) for name in self.values if name not in META}
        for name, items in self.blocks.items():
            origin = items.origin or Origin(self.range)
            elements: list[AnyValue] = [Known(block.attributes, Origin(block.range)) for block in items.known]
            if items.unknown is not None:
                elements.append(items.unknown)
            elif items.possible:
                reason = Unknown(f"it is open how many {name} blocks there are", origin)
                found[name] = Known((*elements, reason), origin) if elements else reason
                continue
            found[name] = Known(tuple(elements), origin)
        return found


def evaluate(frame: Frame, body: Body, header: Range, bindings: Bindings | None = None) -> EvaluatedBlock:
    """Evaluate everything in a block.

    Args:
        frame: the scope.
        body: the block's inside.
        header: where the block is.
        bindings: iterators of the `dynamic` blocks around it.
    """
    values: dict[str, Val] = {}
    origins: dict[str, Origin] = {}
    for name, argument in body.arguments.items():
        if name in META:
            continue
        values[name] = frame.evaluate(argument, bindings)
        origins[name] = origin_of(argument, values[name])
    blocks: dict[str, Items[EvaluatedBlock]] = {}
    for block in body.blocks:
        kind = block.kind
        if kind != block.text.type:
            made = _limited(frame, block, bindings or {})
        elif kind in META:
            continue
        else:
            made = Items((evaluate(frame, block.body, block.header, bindings),), origin=Origin(block.header))
        blocks[kind] = _together(blocks[kind], made) if kind in blocks else made
    return EvaluatedBlock(header, values, origins, blocks)


def _together(first: Items[EvaluatedBlock], second: Items[EvaluatedBlock]) -> Items[EvaluatedBlock]:
    return Items(
        first.known + second.known,
        first.possible + second.possible,
        first.unknown or second.unknown,
        first.origin,
        first.undecided or second.undecided,
    )


def _limited(frame: Frame, block: NestedBlock, bindings: Bindings) -> Items[EvaluatedBlock]:
    """Write out a `dynamic` block within its share of the limits."""
    try:
        with frame.module.tree.sharing():
            return _dynamic(frame, block, bindings)
    except BudgetError as error:
        origin = Origin(block.header)
        because = f"the dynamic block {block.kind!r} is not written out: {error}"
        return Items(unknown=Unknown(because, origin), origin=origin)


def _dynamic(frame: Frame, block: NestedBlock, bindings: Bindings) -> Items[EvaluatedBlock]:
    """Write out a `dynamic` block: one block for each element; over an unknown collection there may be any number."""
    body, origin = block.body, Origin(block.header)
    kind = block.kind
    content = next((inner for inner in body.blocks if inner.text.type == "content"), None)
    if "for_each" not in body.arguments or content is None:
        return Items(
            unknown=Unknown(f"the dynamic block {kind!r} has no for_each or no content", origin), origin=origin
        )
    chosen = body.arguments.get("iterator")
    iterator = chosen.expression.name if chosen and isinstance(chosen.expression, nodes.Name) else kind
    around = f" of {frame.where}" if frame.where else ""
    what = f"the for_each of the dynamic block {kind!r}{around}"
    collection = frame.evaluate(body.arguments["for_each"], bindings, what)

    def made(key: Val, value: Val) -> EvaluatedBlock:
        frame.module.tree.context.budget.spend(10)
        bound = {**bindings, iterator: types.object_of({"key": key, "value": value})}
        return evaluate(frame, content.body, content.header, bound)

    raw = collection.raw
    if raw is None or isinstance(raw, bool | Fraction | str):
        reason = "is null" if raw is None else f"is a {collection.type.kind}"
        unknown = Unknown(f"the for_each of the dynamic block {kind!r} {reason}: Terraform refuses it", origin)
        return Items(unknown=unknown, origin=origin)
    if isinstance(raw, UnknownRaw):
        element = types.element_of(collection.type) if collection.type.kind in ("list", "set", "map") else DYNAMIC
        value = unknown_from(element, collection)
        possible = made(unknown_from(DYNAMIC, collection, not_null=True), value)
        undecided = Unknown(raw.because, origin_of(body.arguments["for_each"], collection))
        return Items(possible=(possible,), origin=origin, undecided=undecided)
    if len(raw) > _MAX_BLOCKS:
        unknown = Unknown(f"the dynamic block {kind!r} makes {len(raw)} blocks: too many to look at", origin)
        return Items(unknown=unknown, origin=origin)
    pairs: list[tuple[Val, Val]]
    if isinstance(raw, Mapping):
        pairs = [(types.string(key), value) for key, value in raw.items()]
    elif collection.type.kind == "set":
        pairs = [(value, value) for value in raw]
    else:
        pairs = [(types.number(index), value) for index, value in enumerate(raw)]
    chained = [(key, replace(value, chain=(*value.chain, *collection.chain))) for key, value in pairs]
    return Items(tuple(made(key, value) for key, value in chained), origin=origin)


def origin_of(argument: Argument, value: Val) -> Origin:
    """Say where an argument's value is written and came from."""
    return Origin(argument.range, value.chain, literal=_is_literal(argument.expression))


def _is_literal(node: nodes.Expression) -> bool:
    if isinstance(node, nodes.Tuple):
        return all(map(_is_literal, node.items))
    return isinstance(node, nodes.Literal)


def as_value(value: Val, origin: Origin) -> AnyValue:
    """Turn a value of Terraform's into one of the model's."""
    raw = value.raw
    if raw is None:
        return Absent(origin)
    if isinstance(raw, UnknownRaw):
        return as_unknown(value, raw, origin)
    if isinstance(raw, Fraction):
        return Known(int(raw) if raw.denominator == 1 else float(raw), origin)
    if isinstance(raw, tuple):
        return Known(tuple(as_value(element, _inner(origin, element)) for element in raw), origin)
    if isinstance(raw, Mapping):
        return Known({key: as_value(element, _inner(origin, element)) for key, element in raw.items()}, origin)
    return Known(raw, origin)


def _inner(origin: Origin, element: Val) -> Origin:
    chain = tuple(dict.fromkeys((*element.chain, *origin.chain)))
    return origin if chain == origin.chain else replace(origin, chain=chain)


def as_unknown(value: Val, raw: UnknownRaw, origin: Origin) -> Unknown:
    """Turn an unknown value of Terraform's into one of the model's."""
    parts = raw.parts if value.type.kind in ("string", "dynamic") and not handle_of(value) else ()
    return Unknown(raw.because, origin, parts, raw.not_null)


def _of_object(value: Val, origin: Origin) -> EvaluatedBlock:
    """Make a block of an object."""
    members = types.entries(value)
    origins = {name: _inner(replace(origin, literal=False), member) for name, member in members.items()}
    return EvaluatedBlock(origin.range, members, origins)
