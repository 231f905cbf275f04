"""The resource around a place in a text: what it says about an attribute, and how it is told more."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from checkov_cloudtrail.fix import native
from checkov_cloudtrail.fix.change import Change
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import nodes
from checkov_cloudtrail.terraform.grammar import BlockText

if TYPE_CHECKING:
    from checkov_cloudtrail.cloudformation.reader import Mapping, Node
    from checkov_cloudtrail.fix.documents import Route

# The path of an attribute, the blocks or properties around it first, and its value.
Wanted: TypeAlias = tuple[tuple[str, ...], bool | str | int]


@record
class Site:
    """The resource around a place.

    Args:
        type: of the resource.
        nested: the place is in a block or property of the resource.
        value: finds where the value of an attribute of the innermost block or mapping stands, by its path.
        insert: gives that block or mapping further attributes; None where it cannot.
    """

    type: str
    nested: bool
    value: Callable[[tuple[str, ...]], tuple[int, int] | None]
    insert: Callable[[Sequence[Wanted]], list[Change] | None]


def native_site(text: str, block: BlockText, offset: int) -> Site:
    """Give the site of a place in a `resource` block."""
    inner = block
    while deeper := next((b for b in inner.body.blocks if b.start <= offset < b.end), None):
        inner = deeper
    if inner.type == "dynamic":
        inner = _nested(inner, "content") or inner
    written = next((a.expression for a in inner.body.assignments if a.start <= offset < a.end), None)
    if isinstance(written, nodes.Tuple) and len(written.items) == 1:
        written = written.items[0]  # the list as a whole means its only element
    if isinstance(written, nodes.Object):
        return _object_site(block.labels[0], written)

    def holder(path: tuple[str, ...]) -> BlockText | None:
        found: BlockText | None = inner
        for name in path[:-1]:
            if found is not None and found.type != name:
                found = _nested(found, name)
        return found

    def value(path: tuple[str, ...]) -> tuple[int, int] | None:
        at = holder(path)
        found = next((a.expression for a in at.body.assignments if a.name == path[-1]), None) if at else None
        return (found.start, found.end) if found else None

    def insert(missing: Sequence[Wanted]) -> list[Change] | None:
        holders = [holder(path) for path, _ in missing]
        if holders[0] is None or any(at is not holders[0] for at in holders):
            return None
        return native.insert(text, holders[0], [(path[-1], json.dumps(wanted)) for path, wanted in missing])

    return Site(block.labels[0], inner is not block, value, insert)


def _object_site(kind: str, written: nodes.Object) -> Site:
    """Give the site of an object, whose members are changed but not added to."""
    members = {key.value: value for key, value in written.items if isinstance(key, nodes.Literal)}

    def value(path: tuple[str, ...]) -> tuple[int, int] | None:
        found = members.get(path[-1])
        return (found.start, found.end) if found else None

    return Site(kind, True, value, lambda missing: None)


def _nested(block: BlockText, name: str) -> BlockText | None:
    return next((nested for nested in block.body.blocks if nested.type == name), None)


def document_site(text: str, root: Node, offset: int, terraform: bool) -> Site | None:
    """Give the site of a place in a template, or in Terraform's JSON syntax; None where no resource is around it."""
    from checkov_cloudtrail.cloudformation import reader
    from checkov_cloudtrail.fix import documents

    route = documents.route(root, offset)
    found = _terraform_resource(route) if terraform else _template_resource(route)
    if found is None:
        return None
    kind, target, above = found
    if terraform:  # the root, its resources, those of the type, the resource
        nested = len(route.mappings) > 4
    else:
        nested = target is route.mappings[-1] and not above and route.entered != "Properties"
    if not _is_sole(root, target):
        return None

    def within(path: tuple[str, ...]) -> tuple[str, ...]:
        """Give the path from the mapping at hand, which may be the one that the path leads into."""
        entered = target is route.mappings[-1] and len(path) > 1 and path[0] == route.entered
        return path[1:] if entered else (*above, *path)

    def value(path: tuple[str, ...]) -> tuple[int, int] | None:
        node: reader.Node | None = target
        for name in within(path):
            node = node.get(name) if isinstance(node, reader.Mapping) else None
        if node is None or not target.start <= node.start <= target.end:
            return None
        return node.start, node.end

    def insert(missing: Sequence[Wanted]) -> list[Change] | None:
        content: dict[str, Any] = {}
        for path, wanted in missing:
            holder = content
            for name in within(path)[:-1]:
                holder = holder.setdefault(name, {})
            holder[path[-1]] = wanted
        return documents.insert(text, target, content)

    return Site(kind, nested, value, insert)


def _is_sole(root: Node, mapping: Mapping) -> bool:
    """Tell whether a mapping stands for one thing: what has an anchor is many things at once."""
    from checkov_cloudtrail.cloudformation import reader

    same = [node for node in reader.walk(root) if isinstance(node, reader.Mapping) and node.start == mapping.start]
    return len(same) == 1


def _terraform_resource(route: Route) -> tuple[str, Mapping, tuple[str, ...]] | None:
    """Give type, innermost mapping, and the path from it to where attributes stand."""
    if route.keys[:1] != ("resource",) or len(route.keys) < 3:
        return None
    return route.keys[1], route.mappings[-1], ()


def _template_resource(route: Route) -> tuple[str, Mapping, tuple[str, ...]] | None:
    from checkov_cloudtrail.cloudformation import reader

    for resource in reversed(route.mappings):
        kind = resource.get("Type")
        if isinstance(kind, reader.Scalar) and "::" in kind.text:
            if route.mappings[-1] is not resource:
                return kind.text, route.mappings[-1], ()
            properties = resource.get("Properties")
            if properties is None:
                return kind.text, resource, ("Properties",)
            if isinstance(properties, reader.Mapping) and properties.start >= resource.start:
                return kind.text, properties, ()
            return None
    return None
