"""Policies as Terraform code gives them: JSON text, and `aws_iam_policy_document` data sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from checkov_cloudtrail.cloudtrail import documents
from checkov_cloudtrail.model import attributes
from checkov_cloudtrail.model.attributes import Block
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.neighbours import Condition, PolicyDocument, Principal, Statement
from checkov_cloudtrail.model.values import Absent, AnyValue, Items, Known, Reference, Resource, Unknown, Value

KIND = "aws_iam_policy_document"
_MAX_DEPTH = 16


@dataclass(slots=True)
class Reader:
    """Reads the policies of one case, each data source once.

    Args:
        data: gives the data source at an address, evaluated; None when there is none.
    """

    data: Callable[[str], Resource | None]
    _known: dict[str, PolicyDocument] = field(default_factory=dict)
    _depth: int = 0

    def read(self, address: str, value: AnyValue, fallback: Range) -> PolicyDocument:
        """Read a policy, through data sources where it is made of one.

        Args:
            address: the resource that holds it.
            value: the `policy` argument.
            fallback: where the argument would be.
        """
        # What JSON has around it does not count: a heredoc ends in a new line.
        parts = value.parts if isinstance(value, Unknown) else ()
        match [part for part in parts if not isinstance(part, str) or part.strip(" \t\r\n")]:
            case [Reference(source, "json" | "minified_json")] if f".{KIND}." in f".{source}":
                if (found := self._source(source)) is not None:
                    return replace(found, address=address)
            case _:
                pass
        return documents.read(address, value, fallback)

    def _source(self, address: str) -> PolicyDocument | None:
        """Evaluate a data source, once."""
        if address in self._known:
            return self._known[address]
        source = self.data(address)
        if source is None or self._depth >= _MAX_DEPTH:
            return None
        self._depth += 1
        self._known[address] = self._merged(source)
        self._depth -= 1
        return self._known[address]

    def _merged(self, source: Resource) -> PolicyDocument:
        """Merge what a data source has: sources, then statements, then overrides [TF]."""
        body = attributes.body(source)

        def nested(*names: str) -> list[PolicyDocument]:
            values = [value for name in names for value in _elements(body.get(name))]
            return [self.read(source.address, value, source.location) for value in values]

        written = body.blocks("statement")
        own = Items(
            tuple(map(_statement, written.known)),
            tuple(map(_statement, written.possible)),
            written.unknown,
            written.origin,
        )
        return documents.merge(
            source.address,
            nested("source_json", "source_policy_documents"),
            own,
            nested("override_policy_documents", "override_json"),
            source.location,
        )


def _elements(value: AnyValue) -> tuple[AnyValue, ...]:
    """Give the documents of a list; one document counts as a list of it."""
    match value:
        case Known(tuple() as several):
            return tuple(each for each in several if not _is_empty(each))
        case Absent() | Known(""):
            return ()
        case _:
            return (value,)


def _is_empty(value: AnyValue) -> bool:
    """Tell whether nothing is merged in: an optional document that a module's caller leaves out, mostly [TF]."""
    return isinstance(value, Absent) or (isinstance(value, Known) and value.value == "")


def _statement(block: Block) -> Statement:
    effect = block.string("effect")
    return Statement(
        sid=documents.text(block.get("sid")),
        effect=Known("Allow", effect.origin) if isinstance(effect, Absent) else effect,
        principals=_principals(block.blocks("principals")),
        not_principals=_principals(block.blocks("not_principals")),
        actions=_list(block.get("actions")),
        not_actions=_list(block.get("not_actions")),
        resources=_list(block.get("resources")),
        not_resources=_list(block.get("not_resources")),
        conditions=_conditions(block.blocks("condition")),
        range=block.range,
    )


def _list(value: AnyValue) -> Value[tuple[Value[str], ...]]:
    """Read a list of strings; an empty one is the same as none."""
    found = documents.texts(value)
    return Absent(found.origin) if isinstance(found, Known) and not found.value else found


def _principals(blocks: Items[Block]) -> Items[Principal]:
    def one(block: Block) -> Principal:
        return Principal(type=block.string("type"), identifiers=documents.texts(block.get("identifiers")))

    return Items(tuple(map(one, blocks.known)), tuple(map(one, blocks.possible)), blocks.unknown, blocks.origin)


def _conditions(blocks: Items[Block]) -> Items[Condition]:
    def one(block: Block) -> Condition:
        values = documents.texts(block.get("values"))
        return Condition(operator=block.string("test"), key=block.string("variable"), values=values)

    return Items(tuple(map(one, blocks.known)), tuple(map(one, blocks.possible)), blocks.unknown, blocks.origin)
