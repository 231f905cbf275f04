"""What changes a template before it is deployed: `AWS::Include` of a local file, and `Fn::ForEach`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Protocol

from checkov_cloudtrail.budget import MAX_INSTANCES, BudgetError
from checkov_cloudtrail.cloudformation.document import Document
from checkov_cloudtrail.cloudformation.library import Library
from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Scalar, Sequence
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import AnyValue, Known, Unknown

_LOOP = "Fn::ForEach::"
_TRANSFORM = "Fn::Transform"
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


class Stack(Protocol):
    """What macros need of the stack that they work on."""

    document: Document

    def value(self, node: Node) -> AnyValue:
        """Evaluate a node."""


@record
class Gap:
    """Members of a mapping that a macro makes and that cannot be told."""

    because: str
    location: Range


class Macros:
    """Expands mappings of one deployment.

    Args:
        library: reads included files.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def expand(self, members: Collection[Entry], stack: Stack) -> tuple[list[Entry], list[Gap]]:
        """Give the members of a mapping with loops unrolled and includes merged, and what could not be."""
        entries: list[Entry] = []
        gaps: list[Gap] = []
        for entry in members:
            if entry.name.startswith(_LOOP):
                self._unroll(entry, stack, entries, gaps)
            elif entry.name == _TRANSFORM:
                included = self.included(entry.value, stack)
                if included is None:
                    gaps.append(Gap("a macro may add to it", entry.key.range))
                else:
                    entries.extend(included)
            else:
                entries.append(entry)
            if len(entries) > MAX_INSTANCES:
                raise BudgetError(f"loops that make more than {MAX_INSTANCES} members")
        return entries, gaps

    def included(self, operand: Node, stack: Stack) -> tuple[Entry, ...] | None:
        """Give the members that `Fn::Transform` of `AWS::Include` adds; None when they are elsewhere."""
        if not isinstance(operand, Mapping):
            return None
        name, parameters = operand.get("Name"), operand.get("Parameters")
        if not isinstance(name, Scalar) or name.text != "AWS::Include" or not isinstance(parameters, Mapping):
            return None
        location = parameters.get("Location")
        where = stack.value(location) if location is not None else None
        if not isinstance(where, Known) or not isinstance(where.value, str):
            return None
        path = self._library.local(stack.document.file, where.value)
        snippet = self._library.snippet(path) if path is not None else None
        return snippet.entries if snippet is not None else None

    def _unroll(self, entry: Entry, stack: Stack, entries: list[Entry], gaps: list[Gap]) -> None:
        operand = entry.value
        if not isinstance(operand, Sequence) or len(operand.items) != 3:
            gaps.append(Gap("Fn::ForEach takes a name, a list and a template", entry.key.range))
            return
        name, collection, body = operand.items
        values = stack.value(collection)
        if not isinstance(name, Scalar) or not isinstance(body, Mapping):
            gaps.append(Gap("Fn::ForEach takes a name, a list and a template", entry.key.range))
            return
        if not isinstance(values, Known) or not isinstance(values.value, tuple):
            because = values.because if isinstance(values, Unknown) else "Fn::ForEach takes a list"
            gaps.append(Gap(because, entry.key.range))
            return
        for value in values.value:
            if not isinstance(value, Known):
                gaps.append(Gap(value.because if isinstance(value, Unknown) else "an item is open", entry.key.range))
                continue
            inner = _substituted(body, name.text, str(value.value))
            if isinstance(inner, Mapping):
                made, missed = self.expand(inner.entries, stack)
                entries.extend(made)
                gaps.extend(missed)
            if len(entries) > MAX_INSTANCES:
                raise BudgetError(f"loops that make more than {MAX_INSTANCES} members")


def _substituted(node: Node, name: str, value: str) -> Node:
    """Put a loop's value into its template: `${Name}`, `&{Name}` (letters and digits only) and `Ref`."""
    if isinstance(node, Scalar):
        if not isinstance(node.value, str):
            return node
        text = node.text.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", _NOT_ALPHANUMERIC.sub("", value))
        return node if text == node.text else Scalar(node.source, node.start, node.end, text, text)
    if isinstance(node, Sequence):
        items = tuple(_substituted(item, name, value) for item in node.items)
        return Sequence(node.source, node.start, node.end, items)
    sole = node.sole
    if sole is not None and sole.name == "Ref" and isinstance(sole.value, Scalar) and sole.value.text == name:
        return Scalar(node.source, node.start, node.end, value, value)
    return Mapping(node.source, node.start, node.end, tuple(_members(node, name, value)))


def _members(node: Mapping, name: str, value: str) -> Iterator[Entry]:
    for entry in node.entries:
        key = _substituted(entry.key, name, value)
        yield Entry(key if isinstance(key, Scalar) else entry.key, _substituted(entry.value, name, value))
