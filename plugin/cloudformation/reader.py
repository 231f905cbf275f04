"""Templates as text: YAML 1.1 and JSON to a small frozen tree in which every key and value knows its place.

The parser is PyYAML's, at the level of events: composing its own nodes crashes the interpreter on deep nesting, and
loses the ranges of keys. JSON goes through the same reader. Tags such as `!Sub` become the long form.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeAlias

from checkov_cloudtrail.model.location import Range, SourceError, UnreadableError
from checkov_cloudtrail.model.record import record

if TYPE_CHECKING:
    import yaml

# CloudFormation takes 1 MB; what is larger than this is no template that anybody deploys.
MAX_BYTES = 4_000_000
MAX_DEPTH = 100
MAX_NODES = 200_000
_TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep"


class Source:
    """The text of one template and where its characters are: marks of the parser in, `Range` out.

    Args:
        file: as in `Range.file`.
        text: decoded, without a byte order mark.
        shift: bytes before the text (a byte order mark).
    """

    __slots__ = ("_bytes", "_lines", "file", "shift", "text")

    def __init__(self, file: str, text: str, shift: int = 0) -> None:
        self.file = file
        self.text = text
        self.shift = shift
        self._lines: list[int] = []
        self._bytes: list[int] = []

    def _place(self, index: int) -> tuple[int, int, int]:
        """Line, column and byte of a character."""
        if not self._lines:
            self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
            if not self.text.isascii():
                sizes = (len(line.encode()) + 1 for line in self.text.split("\n"))
                self._bytes = list(accumulate(sizes, initial=self.shift))
        line = bisect_right(self._lines, index)
        first = self._lines[line - 1]
        if not self._bytes:
            return line, index - first + 1, index + self.shift
        return line, index - first + 1, self._bytes[line - 1] + len(self.text[first:index].encode())

    def range(self, start: int, end: int) -> Range:
        """Give the range of the characters from `start` up to `end`."""
        line, column, first = self._place(start)
        end_line, end_column, last = self._place(end)
        return Range(self.file, line, column, end_line, end_column, first, last)

    def error(self, index: int, message: str) -> UnreadableError:
        """Make the error for the character at `index`."""
        line, column, _ = self._place(min(max(index, 0), len(self.text)))
        return UnreadableError(SourceError(self.file, line, column, message))


class EmbeddedSource(Source):
    """A template written inside another one (`TemplateBody`): its places are places of the outer text.

    Args:
        outer: the text around it.
        start: where the text of the value starts in it, and `end` where it ends.
        text: the inner text.
        offsets: the outer index of the first character of each inner line; None when the lines do not correspond
            (a quoted string): everything is then at the whole value.
    """

    __slots__ = ("_end", "_offsets", "_outer", "_start")

    def __init__(self, outer: Source, start: int, end: int, text: str, offsets: list[int] | None) -> None:
        super().__init__(outer.file, text)
        self._outer = outer
        self._start = start
        self._end = end
        self._offsets = offsets

    def _outer_index(self, index: int) -> int | None:
        if self._offsets is None:
            return None
        line, column, _ = self._place(index)
        return self._offsets[line - 1] + column - 1 if line <= len(self._offsets) else None

    def range(self, start: int, end: int) -> Range:
        """See Source.range."""
        first, last = self._outer_index(start), self._outer_index(end)
        if first is None or last is None:
            return self._outer.range(self._start, self._end)
        return self._outer.range(first, last)

    def error(self, index: int, message: str) -> UnreadableError:
        """See Source.error."""
        place = self._outer_index(min(index, len(self.text)))
        return self._outer.error(self._start if place is None else place, message)


class FixedSource(Source):
    """A template that an expression of another language gives: everything in it is at that expression.

    Args:
        where: the expression.
        text: the template.
    """

    __slots__ = ("_where",)

    def __init__(self, where: Range, text: str) -> None:
        super().__init__(where.file, text)
        self._where = where

    def range(self, start: int, end: int) -> Range:
        """See Source.range."""
        return self._where

    def error(self, index: int, message: str) -> UnreadableError:
        """See Source.error."""
        line, column, _ = self._place(min(max(index, 0), len(self.text)))
        inside = f"the template {message} (line {line}, column {column} of it)"
        return UnreadableError(SourceError(self._where.file, self._where.line, self._where.column, inside))


def embedded(scalar: Scalar, text: str) -> Source:
    """Make the source of a template that is the text of a scalar, with places in the outer file.

    Args:
        scalar: where it is written.
        text: the text that came of it; the lines correspond when it is that of a `|` block as written.
    """
    outer = scalar.source
    offsets: list[int] | None = None
    if scalar.literal_block and text == scalar.text:
        offsets = _block_lines(outer.text, scalar.start, scalar.end)
    return EmbeddedSource(outer, scalar.start, scalar.end, text, offsets)


def _block_lines(text: str, start: int, end: int) -> list[int]:
    """The index of the first character of each line of a `|` block, after its indentation."""
    position = text.find("\n", start, end) + 1
    lines = []
    while 0 < position <= end:
        following = text.find("\n", position, end)
        lines.append(position)
        position = following + 1
    indents = [len(line) - len(line.lstrip(" ")) for line in text[lines[0] : end].split("\n") if line.strip()]
    return [line + indents[0] for line in lines] if indents else lines


@record
class _Node:
    source: Source = field(repr=False, compare=False)
    start: int = field(compare=False)
    end: int = field(compare=False)

    @property
    def range(self) -> Range:
        """Where it is written."""
        return self.source.range(self.start, self.end)


@record
class Scalar(_Node):
    """A string, number, boolean or null.

    Args:
        text: as written, quotes and escapes resolved.
        value: what YAML 1.1 makes of it as CloudFormation reads it: dates stay strings, and so do numbers that do not
            look the same when they are printed again (`012`, `1.10`).
        literal_block: written as `|` block.
    """

    text: str
    value: str | bool | int | float | None
    literal_block: bool = field(default=False, compare=False)


@record
class Sequence(_Node):
    """A list."""

    items: tuple[Node, ...]


@record
class Entry:
    """One key of a mapping with its value; `key` has the key's own range."""

    key: Scalar
    value: Node

    @property
    def name(self) -> str:
        """The key's text."""
        return self.key.text


@record
class Mapping(_Node):
    """A mapping; keys are distinct, `<<` is merged."""

    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Find a key."""
        return next((entry for entry in self.entries if entry.key.text == name), None)

    def get(self, name: str) -> Node | None:
        """Find the value of a key."""
        found = self.entry(name)
        return found.value if found else None

    @property
    def sole(self) -> Entry | None:
        """The only entry, which makes a mapping an intrinsic function when its key is one."""
        return self.entries[0] if len(self.entries) == 1 else None


Node: TypeAlias = Scalar | Sequence | Mapping

_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LONGEST_WORD = max(map(len, (*_BOOLEANS, *_NULLS)))
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}\Z")

# Short forms that stand for `Fn::…`; Ref and Condition have no prefix.
_FUNCTIONS = frozenset(
    {
        *("And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "ForEach"),
        *("GetAtt", "GetAZs", "GetStackOutput", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select"),
        *("Split", "Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll"),
    }
)
_PLAIN_FUNCTIONS = frozenset({"Ref", "Condition"})
_YAML_TAG = "tag:yaml.org,2002:"
_YAML_TAGS = frozenset({"str", "int", "float", "bool", "null", "map", "seq", "binary", "timestamp"})

# An escaped half of a surrogate pair, which JSON has and YAML refuses.
_SURROGATE = re.compile(r"((?<!\\)(?:\\\\)*)\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def _boolean(text: str) -> bool | None:
    """YAML 1.1: `yes`, `Yes` and `YES`, not `yEs`."""
    return _BOOLEANS.get(text.lower()) if text in (text.lower(), text.upper(), text.capitalize()) else None


def _plain(text: str) -> str | bool | int | float | None:
    """What an unquoted scalar means."""
    if len(text) > _LONGEST_WORD and text[0] not in "-0123456789":
        return text
    if text in _NULLS:
        return None
    boolean = _boolean(text)
    if boolean is not None:
        return boolean
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text) and repr(float(text)) == text:
        return float(text)
    return text


def decode(file: str, data: bytes) -> Source:
    """Decode a template.

    Raises:
        UnreadableError: it is too large or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        message = f"is too large for a template: {len(data)} bytes, the limit is {MAX_BYTES}"
        raise UnreadableError(SourceError(file, 1, 1, message))
    shift = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    try:
        return Source(file, data[shift:].decode("utf-8"), shift)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start + shift) + 1
        raise UnreadableError(SourceError(file, line, 1, "is not UTF-8 text")) from error


def read(source: Source) -> Node | None:
    """Read a template; None when it has no content.

    Raises:
        UnreadableError: bad syntax, duplicate keys, a second document, an unknown tag, or too much of something.
    """
    if type(source) is Source:
        return _tree(source.file, source.text, source.shift)
    return _Reader(source).document()  # it knows better where its characters are


@lru_cache(maxsize=2)
def _tree(file: str, text: str, shift: int) -> Node | None:
    """Read a text that was not read just before: its fixes need the template again."""
    return _Reader(Source(file, text, shift)).document()


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    event: yaml.CollectionStartEvent
    mapping: bool
    before: int
    children: list[Node] = field(default_factory=list)


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


class _Reader:
    """Turns the parser's events into nodes without recursion."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._nodes = 0
        self._anchors: dict[str, tuple[Node, int]] = {}

    def _events(self) -> Iterator[yaml.Event]:
        import yaml  # only when a template is read

        text = self._source.text
        head = text.lstrip("\t\r\n ")
        language = "JSON" if head.startswith("{") else "YAML"
        if language == "JSON":
            # JSON allows tabs before the first brace, YAML does not.
            text = text[: len(text) - len(head)].replace("\t", " ") + head
            # Same length: every place stays the same. Nothing that CloudTrail reads lies beyond U+FFFF.
            text = _SURROGATE.sub(r"\1\\ufffd", text)
        text = text.replace("\x7f", "\ufffd")
        try:
            parser: Any = yaml.CLoader(text)
        except AttributeError:  # PyYAML without libyaml
            parser = yaml.Loader(text)
        try:
            while True:
                event = parser.get_event()
                if event is None or isinstance(event, yaml.StreamEndEvent):
                    return
                yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = " ".join(str(part) for part in (error.context, error.problem) if part)
            # libyaml 0.2.6 has a limit of its own, which its look-ahead reaches before we have counted to ours.
            reason = _TOO_DEEP if "maximum nesting depth" in message else f"is not valid {language}: {message}"
            raise self._source.error(mark.index if mark else 0, reason) from error
        except yaml.reader.ReaderError as error:
            position = error.position if isinstance(error.position, int) else 0
            raise self._source.error(position, f"is not valid {language}: {error.reason}") from error
        finally:
            parser.dispose()

    def document(self) -> Node | None:
        """Read the one document."""
        import yaml

        stack: list[_Open] = []
        root: Node | None = None
        documents = 0
        try:
            for event in self._events():
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self._source.error(_start(event), "holds more than one YAML document")
                    continue
                if isinstance(event, yaml.CollectionStartEvent):
                    if len(stack) >= MAX_DEPTH:
                        raise self._source.error(_start(event), _TOO_DEEP)
                    stack.append(_Open(event, isinstance(event, yaml.MappingStartEvent), self._nodes))
                    self._count(event, 1)
                    continue
                if isinstance(event, yaml.ScalarEvent):
                    node = self._scalar(event)
                elif isinstance(event, yaml.AliasEvent):
                    node = self._alias(event)
                elif isinstance(event, yaml.CollectionEndEvent):
                    node = self._collection(stack.pop(), _end(event))
                else:
                    continue
                if stack:
                    stack[-1].children.append(node)
                else:
                    root = node
        except UnreadableError:
            raise
        except UnicodeEncodeError as error:  # a lone surrogate, which the text of an editor may hold
            raise self._source.error(error.start, "is not UTF-8 text") from error
        return root

    def _count(self, event: yaml.Event, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise self._source.error(_start(event), f"holds more than {MAX_NODES} values, aliases counted")

    def _remember(self, event: yaml.NodeEvent, node: Node, size: int) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, size)

    def _alias(self, event: yaml.AliasEvent) -> Node:
        found = self._anchors.get(event.anchor or "")
        if found is None:
            raise self._source.error(_start(event), f"alias *{event.anchor} has no anchor before it")
        self._count(event, found[1])
        return found[0]

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        self._count(event, 1)
        start, end = _start(event), _end(event)
        if event.style in ("|", ">"):
            end = self._trimmed(start, end)
        text: str = event.value
        value: str | bool | int | float | None = text
        name = self._tag(event)
        if (event.tag is None and event.implicit[0]) or name in ("bool", "int", "float", "null"):
            value = _plain(text)
        node: Node = Scalar(self._source, start, end, text, value, event.style == "|")
        node = self._function(event, name, node)
        self._remember(event, node, 1)
        return node

    def _trimmed(self, start: int, end: int) -> int:
        """The end without the white space (and line comments) that the parser counts to a block."""
        return start + len(self._source.text[start:end].rstrip())

    def _collection(self, opened: _Open, end: int) -> Node:
        start: int = _start(opened.event)
        if not opened.event.flow_style:
            # The parser ends a block where the next token starts, comments included. (An alias ends before `start`.)
            end = max((start, *(child.end for child in opened.children)))
        name = self._tag(opened.event)
        node: Node
        if opened.mapping:
            node = Mapping(self._source, start, end, self._entries(opened.children))
        else:
            node = Sequence(self._source, start, end, tuple(opened.children))
        node = self._function(opened.event, name, node)
        self._remember(opened.event, node, self._nodes - opened.before)
        return node

    def _entries(self, children: list[Node]) -> tuple[Entry, ...]:
        found: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise self._source.error(key.start, "a key must be a string")
            if key.text == "<<" and key.value == "<<":
                for entry in self._merge(value):
                    merged.setdefault(entry.name, entry)
                continue
            first = found.get(key.text)
            if first is not None:
                line = first.key.range.line
                raise self._source.error(key.start, f'duplicate key "{key.text}", first written in line {line}')
            found[key.text] = Entry(key, value)
        return (*found.values(), *(entry for name, entry in merged.items() if name not in found))

    def _merge(self, value: Node) -> Iterator[Entry]:
        for part in value.items if isinstance(value, Sequence) else (value,):
            if not isinstance(part, Mapping):
                raise self._source.error(part.start, "only mappings can be merged with <<")
            yield from part.entries

    def _tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> str | None:
        """The name of a tag: `Sub` for `!Sub`, `str` for `!!str`; None when there is none."""
        tag: str | None = event.tag
        if tag is None or tag == "!":
            return None
        if tag.startswith(_YAML_TAG) and tag.removeprefix(_YAML_TAG) in _YAML_TAGS:
            return tag.removeprefix(_YAML_TAG)
        if tag.startswith("!"):
            name = tag[1:].removeprefix("Fn::")
            if name in _FUNCTIONS or name in _PLAIN_FUNCTIONS:
                return name
        raise self._source.error(_start(event), f"unknown tag {tag}")

    def _function(self, event: yaml.Event, name: str | None, node: Node) -> Node:
        """Wrap the operand of `!Sub` as `{"Fn::Sub": operand}`."""
        if name is None or (name not in _FUNCTIONS and name not in _PLAIN_FUNCTIONS):
            return node
        if name == "GetAtt" and isinstance(node, Scalar):
            resource, _, attribute = node.text.partition(".")
            parts = (
                Scalar(self._source, node.start, node.end, resource, resource),
                Scalar(self._source, node.start, node.end, attribute, attribute),
            )
            node = Sequence(self._source, node.start, node.end, parts)
        elif isinstance(node, Scalar) and node.value is not None and not isinstance(node.value, str):
            # `!Ref yes`: a tagged scalar is always text.
            node = Scalar(self._source, node.start, node.end, node.text, node.text)
        start: int = _start(event)
        long = name if name in _PLAIN_FUNCTIONS else f"Fn::{name}"
        key = Scalar(self._source, start, start + len(name) + 1, long, long)
        return Mapping(self._source, start, node.end, (Entry(key, node),))


def walk(node: Node) -> Iterator[Node]:
    """Give a node and everything in it, in order of writing."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if isinstance(current, Sequence):
            pending.extend(reversed(current.items))
        elif isinstance(current, Mapping):
            pending.extend(entry.value for entry in reversed(current.entries))


def rewrite(node: Node, text: Callable[[str], str]) -> Node:
    """Give the same tree with `text` applied to every string and key; untouched parts are shared.

    The depth is limited by MAX_DEPTH, so recursion is safe.
    """
    if isinstance(node, Scalar):
        if not isinstance(node.value, str):
            return node
        new = text(node.text)
        return node if new == node.text else Scalar(node.source, node.start, node.end, new, new)
    if isinstance(node, Sequence):
        return Sequence(node.source, node.start, node.end, tuple(rewrite(item, text) for item in node.items))
    entries = []
    for entry in node.entries:
        key = rewrite(entry.key, text)
        entries.append(Entry(key if isinstance(key, Scalar) else entry.key, rewrite(entry.value, text)))
    return Mapping(node.source, node.start, node.end, tuple(entries))
