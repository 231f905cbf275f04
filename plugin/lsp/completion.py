"""Completion inside event selectors: fields, operators, categories and read/write types, from CT020's own tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from checkov_cloudtrail.cloudtrail import grammar
from checkov_cloudtrail.model.record import record

# What stands in each kind of block, in Terraform's spelling; the two others are derived from it.
_KEYS: Mapping[str, Sequence[str]] = {
    "event_selector": (
        *("read_write_type", "include_management_events", "exclude_management_event_sources", "data_resource"),
    ),
    "data_resource": ("type", "values"),
    "advanced_event_selector": ("name", "field_selector"),
    "field_selector": ("field", *grammar.OPERATORS),
}
_BOOLEAN = "include_management_events"
_BOOLEANS = ("true", "false")


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


# By what a block or list is called: Terraform's block, the list of the Cloud Control provider, CloudFormation's list.
_BLOCKS: Mapping[str, str] = {
    name: block for block in _KEYS for name in (block, f"{block}s", f"{_pascal(block)}s")
}  # fmt: skip

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


@record
class Completion:
    """A word that fits.

    Args:
        word: the word.
        text: what is to be written, in quotes where the language wants them and there are none yet.
        start: where it begins, from 0: what was typed of it is replaced.
    """

    word: str
    text: str
    start: int


def completions(lines: Sequence[str], line: int, column: int, *, quoted: bool) -> list[Completion]:
    """Give what fits at a position of HCL, YAML or JSON.

    Args:
        lines: the document.
        line: from 0.
        column: from 0, in code points.
        quoted: strings are in quotes (HCL and JSON).
    """
    before = lines[line][:column] if line < len(lines) else ""
    typed = _TYPED.search(before)
    start = typed.start() if typed else len(before)
    words, are_strings = _words(lines, line, before)
    quote = '"' if quoted and are_strings and not before[:start].endswith(('"', "'")) else ""
    begun = before[start:].lower()
    return [Completion(word, f"{quote}{word}{quote}", start) for word in words if word.lower().startswith(begun)]


def _in_json(lines: Sequence[str]) -> bool:
    return next((line.lstrip() for line in lines if line.strip()), "").startswith("{")


def _words(lines: Sequence[str], line: int, before: str) -> tuple[Iterable[str], bool]:
    """Give the words that fit behind the beginning of a line, and whether they are strings."""
    above = lines[:line]
    brackets = _brackets([*above, before])
    parents = list(_parents(above, before))
    block = next((name for _, name in reversed(brackets) if name in _BLOCKS), None)
    block = block or next((name for name in parents if name in _BLOCKS), None)
    if block is None:
        return (), False
    value = _VALUE.search(before)
    key = None
    if value:
        key = value["key"]
    elif brackets and brackets[-1][0] == "[":
        key = brackets[-1][1]
    elif before.lstrip().startswith("-"):
        key = next(iter(parents), None)
    name = _snake(key) if key else ""
    words = _values(name, _BLOCKS[block], _field_near(above, before, lines[line + 1 :]))
    if words or value or not _KEY.match(before):
        return words, name != _BOOLEAN
    return _keys(block), _in_json(lines)


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
    """Give the keys of a block in its own spelling."""
    names = [name if block in _KEYS or name not in _KEYS else f"{name}s" for name in _KEYS[_BLOCKS[block]]]
    return names if block.islower() else [_pascal(name) for name in names]


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


def _values(key: str, block: str, field: str | None) -> Collection[str]:
    """Give the values of a key, both in Terraform's spelling."""
    match block, key:
        case "event_selector", "read_write_type":
            return grammar.READ_WRITE_TYPES
        case "event_selector", "exclude_management_event_sources":
            return sorted(grammar.EXCLUDABLE_SOURCES)
        case "event_selector", _ if key == _BOOLEAN:
            return _BOOLEANS
        case "data_resource", "type":
            return grammar.BASIC_DATA_TYPES
        case "field_selector", "field":
            return grammar.FIELDS
        case "field_selector", _ if key in grammar.OPERATORS:
            return _operands(field)
        case _:
            return ()


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


def _operands(field: str | None) -> Collection[str]:
    match field:
        case "eventCategory":
            return [*grammar.TRAIL_CATEGORIES, *grammar.STORE_ONLY_CATEGORIES]
        case "readOnly":
            return _BOOLEANS
        case "sessionCredentialFromConsole":
            return _BOOLEANS[:1]
        case "eventSource":
            return sorted(grammar.EXCLUDABLE_SOURCES)
        case "resources.type":
            return grammar.BASIC_DATA_TYPES
        case "errorCode":
            return grammar.ERROR_CODES
        case _:
            return ()
