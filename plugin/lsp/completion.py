"""Completion inside event selectors: fields, operators, categories and read/write types, from CT020's own tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checkov_cloudtrail.cloudtrail import grammar

_PASCAL = {"equals": "Equals", "not_equals": "NotEquals", "starts_with": "StartsWith",
           "not_starts_with": "NotStartsWith", "ends_with": "EndsWith", "not_ends_with": "NotEndsWith"}  # fmt: skip
_LOOK_BACK = 60

# What stands before the cursor on its line, and whose words belong there.
_VALUE = re.compile(
    r"""(?:^|[\s{,"'-])(?P<key>[A-Za-z_]+)["']?\s*(?:=|:)\s*
    (?P<list>\[\s*(?:["'][^"']*["']\s*,\s*)*)?["']?(?P<typed>[\w.:]*)$""",
    re.VERBOSE,
)
_ITEM = re.compile(r"""^\s*-\s*["']?(?P<typed>[\w.:]*)$""")
_KEY = re.compile(r"""^\s*(?:-\s*)?["']?(?P<typed>\w*)$""")
_FIELD = re.compile(r"""\b[Ff]ield["']?\s*(?:=|:)\s*["']?(?P<field>[\w.]+)""")
_OPENING = re.compile(
    r"""\b(?P<block>field_selector|advanced_event_selector|event_selector|data_resource
    |FieldSelectors|AdvancedEventSelectors|EventSelectors|DataResources)\b""",
    re.VERBOSE,
)


def completions(lines: Sequence[str], line: int, column: int) -> list[str]:
    """Give the words that fit at a position of HCL, YAML or JSON.

    Args:
        lines: the document.
        line: from 0.
        column: from 0, in code points.
    """
    before = lines[line][:column] if line < len(lines) else ""
    above = lines[max(0, line - _LOOK_BACK) : line]
    block = _enclosing([*above, before])
    if block is None:
        return []
    value = _VALUE.search(before)
    if value:
        return _fitting(_values(value["key"], block, above, before, lines[line + 1 :]), value["typed"])
    item = _ITEM.match(before)
    if item:
        key = next((found[1] for found in map(_HEAD.match, reversed(above)) if found), None)
        words = _values(key, block, above, before, lines[line + 1 :]) if key else []
        return _fitting(words, item["typed"])
    key_typed = _KEY.match(before)
    return _fitting(_keys(block), key_typed["typed"]) if key_typed else []


_HEAD = re.compile(r"""^\s*(?:-\s*)?["']?(\w+)["']?\s*:\s*$""")


def _enclosing(above: Sequence[str]) -> str | None:
    """The innermost selector block that is still open, by indentation and braces as far as text can tell."""
    depth = 0
    for index in range(len(above) - 1, -1, -1):
        text = above[index]
        depth += text.count("}") - text.count("{")
        found = _OPENING.search(text)
        if found and depth <= 0 and (depth < 0 or "{" not in text):
            return found["block"]
        depth = max(depth, 0) if depth >= 0 else 0
        if re.match(r"(resource|module|data|variable|locals|output)\b", text):
            return None
    return None


def _keys(block: str) -> list[str]:
    match block:
        case "field_selector":
            return ["field", *grammar.OPERATORS]
        case "FieldSelectors":
            return ["Field", *_PASCAL.values()]
        case "event_selector":
            return ["read_write_type", "include_management_events", "exclude_management_event_sources", "data_resource"]
        case "EventSelectors":
            return ["ReadWriteType", "IncludeManagementEvents", "ExcludeManagementEventSources", "DataResources"]
        case "advanced_event_selector":
            return ["name", "field_selector"]
        case "AdvancedEventSelectors":
            return ["Name", "FieldSelectors"]
        case "data_resource":
            return ["type", "values"]
        case _:
            return ["Type", "Values"]


def _values(key: str, block: str, above: Sequence[str], before: str, below: Sequence[str]) -> list[str]:
    if key in ("read_write_type", "ReadWriteType"):
        return list(grammar.READ_WRITE_TYPES)
    if key in ("exclude_management_event_sources", "ExcludeManagementEventSources"):
        return sorted(grammar.EXCLUDABLE_SOURCES)
    if key in ("field", "Field"):
        return list(grammar.FIELDS)
    if block in ("data_resource", "DataResources") and key in ("type", "Type"):
        return list(grammar.BASIC_DATA_TYPES)
    if key in grammar.OPERATORS or key in _PASCAL.values():
        return _operands(_field_near(above, before, below))
    return []


def _field_near(above: Sequence[str], before: str, below: Sequence[str]) -> str | None:
    """The field that the condition is about: written before the operator, or just behind it."""
    for text in (before, *reversed(above)):
        found = _FIELD.search(text)
        if found:
            return found["field"]
        if _OPENING.search(text):
            break
    for text in below:
        found = _FIELD.search(text)
        if found:
            return found["field"]
        if "}" in text or text.lstrip().startswith("-"):
            break
    return None


def _operands(field: str | None) -> list[str]:
    match field:
        case "eventCategory":
            return [*grammar.TRAIL_CATEGORIES, *grammar.STORE_ONLY_CATEGORIES]
        case "readOnly" | "sessionCredentialFromConsole":
            return ["true", "false"] if field == "readOnly" else ["true"]
        case "eventSource":
            return sorted(grammar.EXCLUDABLE_SOURCES)
        case "resources.type":
            return list(grammar.BASIC_DATA_TYPES)
        case "errorCode":
            return list(grammar.ERROR_CODES)
        case _:
            return []


def _fitting(words: Sequence[str], typed: str) -> list[str]:
    return [word for word in words if word.lower().startswith(typed.lower())]
