"""A template's sections, as read."""

from __future__ import annotations

from collections.abc import Mapping as Map

from checkov_cloudtrail.cloudformation.parameters import Parameter, declared
from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Scalar, Sequence, Source, read
from checkov_cloudtrail.model.record import record


@record
class Document:
    """One template.

    Args:
        file: where it is written.
        source: its text.
        parameters: by name.
        conditions, resources, outputs, rules, mappings: entries of the section, by name.
        transforms: names of the macros that the whole template goes through, each with its node.
    """

    file: str
    source: Source
    root: Mapping
    parameters: Map[str, Parameter]
    conditions: Map[str, Entry]
    resources: Mapping
    outputs: Map[str, Entry]
    rules: Map[str, Entry]
    mappings: Map[str, Entry]
    transforms: tuple[tuple[str, Node], ...]


def parse(source: Source) -> Document | None:
    """Read a template; None when the text is something else: no mapping with `Resources` in it.

    Raises:
        UnreadableError: see `reader.read`.
    """
    return of(read(source), source)


def of(root: Node | None, source: Source) -> Document | None:
    """Take the sections out of a template that has been read; None when it is something else."""
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or not isinstance(resources, Mapping):
        return None
    return Document(
        source.file,
        source,
        root,
        declared(root.get("Parameters")),
        _section(root, "Conditions"),
        resources,
        _section(root, "Outputs"),
        _section(root, "Rules"),
        _section(root, "Mappings"),
        tuple(_transforms(root.get("Transform"))),
    )


def kind(entry: Entry) -> str | None:
    """Give the type of a resource; None when it has none that can be read."""
    node = entry.value.get("Type") if isinstance(entry.value, Mapping) else None
    return node.text if isinstance(node, Scalar) else None


def _section(root: Mapping, name: str) -> dict[str, Entry]:
    section = root.get(name)
    return {entry.name: entry for entry in section.entries} if isinstance(section, Mapping) else {}


def _transforms(node: Node | None) -> list[tuple[str, Node]]:
    if isinstance(node, Sequence):
        return [found for item in node.items for found in _transforms(item)]
    if isinstance(node, Scalar):
        return [(node.text, node)]
    if isinstance(node, Mapping):
        name = node.get("Name")
        return [(name.text, node)] if isinstance(name, Scalar) else []
    return []
