"""Completion inside event selectors: fields, operators, categories and read/write types, from CT020's own tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checkov_cloudtrail.cloudtrail import grammar

_PASCAL = {"equals": "Equals", "not_equals": "NotEquals", "starts_with": "StartsWith",
           "not_starts_with": "NotStartsWith", "ends_with": "EndsWith", "not_ends_with": "NotEndsWith"}  # fmt: skip
_BLOCKS = frozenset({"field_selector", "advanced_event_selector", "event_selector", "data_resource",
                     "FieldSelectors", "AdvancedEventSelectors", "EventSelectors", "DataResources"})  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<skipped>[#].*|//.*)
    |(?P<word>"(?:\\.|[^"\\\n])*"?|'[^'\n]*'|\w+)
    |(?P<opening>[{\[])|(?P<closing>[}\]])""",
    re.VERBOSE,
)
_TOP = re.compile(r"(?:resource|module|data|variable|locals|output|provider|terraform)\b")
_TYPED = re.compile(r"[\w.:]*$")
# What stands before the cursor on its line.
_VALUE = re.compile(r"""(?:^|[\s{,"'-])(?P<key>[A-Za-z_]+)["']?\s*[=:]\s*["']?[\w.:]*$""")
_KEY = re.compile(r"""^(?:.*[{,])?\s*(?:-\s*)?["']?[\w.:]*$""")
_LINE = re.compile(r"""(?P<dash>\s*-)?\s*(?P<rest>["']?(?P<key>\w+)["']?\s*:)?""")
_FIELD = re.compile(r"""\b[Ff]ield["']?\s*[=:]\s*["']?(?P<field>[\w.]+)""")
_ITEM_WITH_KEY = re.compile(r"""\s*-\s*["']?\w+["']?\s*:""")


def completions(lines: Sequence[str], line: int, column: int) -> list[str]:
    """Give the words that fit at a position of HCL, YAML or JSON.

    Args:
        lines: the document.
        line: from 0.
        column: from 0, in code points.
    """
    before = lines[line][:column] if line < len(lines) else ""
    above = lines[:line]
    brackets = _brackets([*above, before])
    parents = list(_parents(above, before))
    block = next((name for _, name in reversed(brackets) if name in _BLOCKS), None)
    block = block or next((name for name in parents if name in _BLOCKS), None)
    if block is None:
        return []
    value = _VALUE.search(before)
    key = None
    if value:
        key = value["key"]
    elif brackets and brackets[-1][0] == "[":
        key = brackets[-1][1]
    elif before.lstrip().startswith("-"):
        key = next(iter(parents), None)
    words = _values(key, block, _field_near(above, before, lines[line + 1 :])) if key else []
    if not words and not value and _KEY.match(before):
        words = _keys(block)
    typed = _TYPED.search(before)
    start = typed[0].lower() if typed else ""
    return [word for word in words if word.lower().startswith(start)]


def _brackets(text: Sequence[str]) -> list[tuple[str, str]]:
    """Give the brackets that are open at the end of a text, outermost first, each with the word before it."""
    found: list[tuple[str, str]] = []
    for line in text:
        if _TOP.match(line):
            found.clear()  # whatever was left open above, a heredoc say
        word = ""
        for token in _TOKEN.finditer(line):
            if token["word"]:
                word = token["word"].strip("\"'")
            elif token["opening"]:
                found.append((token["opening"], word))
                word = ""
            elif token["closing"] and found:
                found.pop()
    return found


def _parents(above: Sequence[str], before: str) -> Iterator[str]:
    """Give the keys of YAML that a line lies under by its indentation, innermost first."""
    limit, is_item = _indentation(before)
    for text in reversed(above):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        found = _LINE.match(text)
        start, begins_item = _indentation(text)
        column = found.start("rest") if found and found["key"] else start
        # A list may stand as far to the left as its key.
        if column < limit or (is_item and column == limit and not begins_item):
            if found and found["key"]:
                yield found["key"]
            limit, is_item = start, begins_item
        elif begins_item and start < limit:
            limit, is_item = start, True


def _indentation(text: str) -> tuple[int, bool]:
    """Give how far a line is indented, and whether it begins an item of a list."""
    content = text.lstrip(" ")
    return len(text) - len(content), content.startswith("-")


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


def _values(key: str, block: str, field: str | None) -> list[str]:
    if key in ("read_write_type", "ReadWriteType"):
        return list(grammar.READ_WRITE_TYPES)
    if key in ("exclude_management_event_sources", "ExcludeManagementEventSources"):
        return sorted(grammar.EXCLUDABLE_SOURCES)
    if key in ("include_management_events", "IncludeManagementEvents"):
        return ["true", "false"]
    if key in ("field", "Field"):
        return list(grammar.FIELDS)
    if block in ("data_resource", "DataResources") and key in ("type", "Type"):
        return list(grammar.BASIC_DATA_TYPES)
    if key in grammar.OPERATORS or key in _PASCAL.values():
        return _operands(field)
    return []


def _field_near(above: Sequence[str], before: str, below: Sequence[str]) -> str | None:
    """The field that the condition at the cursor is about: written before the operator, or behind it."""
    for text in (before, *reversed(above)):
        found = list(_FIELD.finditer(text))
        if found:
            return found[-1]["field"]
        if text.rstrip().endswith("{") or _ITEM_WITH_KEY.match(text):
            break
    for text in below:
        if text.lstrip().startswith(("-", "}")):
            break
        behind = _FIELD.search(text)
        if behind:
            return behind["field"]
    return None


def _operands(field: str | None) -> list[str]:
    match field:
        case "eventCategory":
            return [*grammar.TRAIL_CATEGORIES, *grammar.STORE_ONLY_CATEGORIES]
        case "readOnly":
            return ["true", "false"]
        case "sessionCredentialFromConsole":
            return ["true"]
        case "eventSource":
            return sorted(grammar.EXCLUDABLE_SOURCES)
        case "resources.type":
            return list(grammar.BASIC_DATA_TYPES)
        case "errorCode":
            return list(grammar.ERROR_CODES)
        case _:
            return []
