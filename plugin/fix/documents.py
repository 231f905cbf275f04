"""Changes of YAML and JSON: templates, and Terraform's JSON syntax.

A new key goes where nothing else moves: in block style behind the last entry that is on one line, else before the
first; in flow style and JSON behind the last entry, on a line of its own where the others have one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as Dict
from typing import TypeAlias

from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Sequence
from checkov_cloudtrail.fix.change import Change, indentation, line_break, line_end, line_start
from checkov_cloudtrail.model.record import record

Literal: TypeAlias = bool | int | str
Content: TypeAlias = "Literal | list[Content] | Dict[str, Content]"


@record
class Route:
    """The way from a document's root to a place.

    Args:
        keys: the keys that lead there, sequences left out.
        mappings: the root and each mapping on the way, innermost last.
        entered: the key of the innermost mapping.
    """

    keys: tuple[str, ...]
    mappings: tuple[Mapping, ...]
    entered: str


def route(root: Node, offset: int) -> Route:
    """Find the mappings around an offset; on a key, the key's own mapping is the innermost."""
    keys: list[str] = []
    mappings: list[Mapping] = []
    entered = ""
    node: Node | None = root
    while node is not None:
        inside: Node | None = None
        if isinstance(node, Sequence):
            inside = next((item for item in node.items if item.start <= offset < item.end), None)
            if inside is None and len(node.items) == 1 and offset == node.start:
                inside = node.items[0]  # the list as a whole means its only element
        elif isinstance(node, Mapping):
            mappings.append(node)
            entered = keys[-1] if keys else ""
            for entry in own(node):
                on_key = entry.key.start <= offset < entry.key.end
                if on_key or entry.value.start <= offset < entry.value.end:
                    keys.append(entry.name)
                    if on_key and isinstance(entry.value, Mapping):
                        mappings.append(entry.value)
                        entered = entry.name
                    inside = None if on_key else entry.value
                    break
        node = inside
    return Route(tuple(keys), tuple(mappings), entered)


def own(mapping: Mapping) -> list[Entry]:
    """Give the entries that are written in a mapping itself, not merged into it and not aliased."""
    within = range(mapping.start, mapping.end + 1)
    return [entry for entry in mapping.entries if entry.key.start in within and entry.value.end in within]


def insert(text: str, mapping: Mapping, content: Dict[str, Content]) -> list[Change] | None:
    """Give a mapping further entries; a mapping in `content` completes the one that is there.

    Returns:
        None where that is not possible: a key is there already and holds something else, or comes from an anchor.
    """
    new: dict[str, Content] = {}
    changes: list[Change] = []
    for name, value in content.items():
        present = mapping.get(name)
        if present is None:
            new[name] = value
            continue
        if not isinstance(present, Mapping) or not isinstance(value, Dict) or present.start < mapping.start:
            return None
        deeper = insert(text, present, value)
        if deeper is None:
            return None
        changes += deeper
    if not new:
        return changes
    entries = own(mapping)
    if text[mapping.start : mapping.start + 1] == "{":
        return [*changes, _inflow(text, mapping, entries, new)]
    return [*changes, _in_block(text, entries, new)] if entries else None


def _inflow(text: str, mapping: Mapping, entries: list[Entry], new: Dict[str, Content]) -> Change:
    quoted = text.lstrip().startswith("{") or (bool(entries) and text[entries[0].key.start] in "\"'")
    written = [f"{flow(name, quoted)}: {flow(value, quoted)}" for name, value in new.items()]
    if not entries:
        return Change(mapping.start + 1, mapping.start + 1, ", ".join(written))
    first, last = entries[0], max(entries, key=lambda entry: entry.value.end)
    separator = ", "
    if "\n" in text[mapping.start : first.key.start]:
        separator = f",{line_break(text)}{indentation(text, first.key.start)}"
    return Change(last.value.end, last.value.end, "".join(separator + entry for entry in written))


def flow(value: Content, quoted: bool) -> str:
    """Write a value on one line, its strings in quotes or not."""
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, quoted) for item in value) + "]"
    if isinstance(value, Dict):
        return "{" + ", ".join(f"{flow(name, quoted)}: {flow(inner, quoted)}" for name, inner in value.items()) + "}"
    return json.dumps(value) if quoted or not isinstance(value, str) else value


def _in_block(text: str, entries: list[Entry], new: Dict[str, Content]) -> Change:
    first = min(entries, key=lambda entry: entry.key.start)
    indent = " " * (first.key.start - line_start(text, first.key.start))
    newline = line_break(text)
    lines = [line for name, value in new.items() for line in _block(name, value, indent)]
    short = [entry for entry in entries if "\n" not in text[entry.key.start : entry.value.end]]
    if short:
        at = line_end(text, max(entry.value.end for entry in short))
        return Change(at, at, "".join(newline + line for line in lines))
    moved = "".join(line + newline for line in lines).removeprefix(indent) + indent
    return Change(first.key.start, first.key.start, moved)


def _block(name: str, value: Content, indent: str) -> list[str]:
    if isinstance(value, Dict):
        return [f"{indent}{name}:", *(line for inner in value for line in _block(inner, value[inner], indent + "  "))]
    return [f"{indent}{name}: {value if isinstance(value, str) else json.dumps(value)}"]
