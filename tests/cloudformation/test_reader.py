"""The reader: YAML 1.1 as CloudFormation reads it, JSON, places, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from checkov_cloudtrail.cloudformation.reader import Mapping, Node, Scalar, Sequence, decode, read
from checkov_cloudtrail.model.location import Range, UnreadableError


def data(node: Node | None) -> Any:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [data(item) for item in node.items]
    return None if node is None else {entry.name: data(entry.value) for entry in node.entries}


def parsed(text: str | bytes) -> Node | None:
    return read(decode("t.yaml", text.encode() if isinstance(text, str) else text))


READ: list[tuple[str, str | bytes, Any]] = [
    (
        "booleans",
        "[yes, No, on, OFF, true, False, y, n, yEs]",
        [True, False, True, False, True, False, "y", "n", "yEs"],
    ),
    ("quoted booleans are text", "['yes', \"true\"]", ["yes", "true"]),
    ("dates stay text", "2012-10-17", "2012-10-17"),
    ("timestamps stay text", "[2001-12-14t21:59:43.10-05:00, 20:30]", ["2001-12-14t21:59:43.10-05:00", "20:30"]),
    ("numbers", "[0, 12, -3, 1.5]", [0, 12, -3, 1.5]),
    ("numbers that would look different stay text", "[012, 0x1f, 1_000, 1.10, 1e3, 012345678901]", None),
    ("nulls", "[~, null, ]", [None, None]),
    ("tagged text", "[!!str yes, !!bool 'true', ! 12]", ["yes", True, "12"]),
    ("short functions", "!Sub x", {"Fn::Sub": "x"}),
    ("Ref and Condition have no prefix", "[!Ref A, !Condition B]", [{"Ref": "A"}, {"Condition": "B"}]),
    ("a tagged boolean is a name", "!Ref yes", {"Ref": "yes"}),
    ("GetAtt splits at the first dot", "!GetAtt A.Outputs.B", {"Fn::GetAtt": ["A", "Outputs.B"]}),
    ("GetAtt as list", "!GetAtt [A, Arn]", {"Fn::GetAtt": ["A", "Arn"]}),
    ("functions of functions", "!If [C, !Ref A, !Sub b]", {"Fn::If": ["C", {"Ref": "A"}, {"Fn::Sub": "b"}]}),
    ("merge keys", "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}", {"a": {"x": 1, "y": 2}, "b": {"y": 3, "x": 1}}),
    ("merge of several", "a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc: {<<: [*a, *b]}", None),
    ("anchors", "a: &a [1]\nb: *a", {"a": [1], "b": [1]}),
    ("block text", "a: |\n  x\n  y\nb: >-\n  c\n  d\n", {"a": "x\ny\n", "b": "c d"}),
    ("comments", "# one\na: 1 # two\n# three\n", {"a": 1}),
    ("nothing", "# only a comment\n", None),
    ("JSON with tabs", '\t{\n\t"a":\t[1,\n\t\t"b"]}', {"a": [1, "b"]}),
    ("JSON escapes", r'{"a": "x\/y\u00e9 \"\\ud83d"}', {"a": 'x/yé "\\ud83d'}),
    ("JSON beyond the first plane", r'{"a": "\ud83d\ude00"}', {"a": "��"}),
    ("byte order mark", b"\xef\xbb\xbfa: 1\n", {"a": 1}),
    ("Windows lines", b"a: 1\r\nb:\r\n  - x\r\n", {"a": 1, "b": ["x"]}),
    ("delete character", '{"a": "\x7f"}', {"a": "�"}),
]
EXPECTED = {
    "numbers that would look different stay text": ["012", "0x1f", "1_000", "1.10", "1e3", "012345678901"],
    "merge of several": {"a": {"x": 1}, "b": {"x": 2, "z": 3}, "c": {"x": 1, "z": 3}},
}


@pytest.mark.parametrize(("name", "text", "expected"), READ, ids=[row[0] for row in READ])
def test_values(name: str, text: str | bytes, expected: Any) -> None:
    found = data(parsed(text))
    wanted = EXPECTED.get(name, expected)
    assert (found, repr(found)) == (wanted, repr(wanted)), name


REFUSED: list[tuple[str, str | bytes, str]] = [
    ("duplicate key", "a: 1\nb: 2\n\na: 3\n", '4:1 duplicate key "a", first written in line 1'),
    ("duplicate key in JSON", '{"a": {"b": 1,\n "b": 2}}', '2:2 duplicate key "b", first written in line 1'),
    ("two documents", "a: 1\n---\nb: 2\n", "2:1 holds more than one YAML document"),
    ("unknown tag", "a:\n  - !Reff x\n", "2:5 unknown tag !Reff"),
    ("object of another language", "!!python/object/apply:os.system ['x']", None),
    ("syntax", "a: [1,\nb: }", "2:4 is not valid YAML: while parsing a flow node did not find expected node content"),
    (
        "unclosed string",
        'a: "x\n',
        "2:1 is not valid YAML: while scanning a quoted scalar found unexpected end of stream",
    ),
    (
        "JSON syntax",
        '{"a": 1,\n "b" 2}',
        "2:6 is not valid JSON: while parsing a flow mapping did not find expected ','",
    ),
    ("tab", "a:\n\tb: 1", "2:1 is not valid YAML: while scanning for the next token found character that cannot start"),
    ("not UTF-8", b"a: 1\nb: \xff\n", "2:1 is not UTF-8 text"),
    ("undefined alias", "a: *b", "1:4 alias *b has no anchor before it"),
    ("merge of text", "a: {<<: b}", "1:9 only mappings can be merged with <<"),
    ("key that is a mapping", "{a: b}: c", "1:1 a key must be a string"),
]


@pytest.mark.parametrize(("name", "text", "expected"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(name: str, text: str | bytes, expected: str | None) -> None:
    with pytest.raises(UnreadableError) as caught:
        parsed(text)
    error = caught.value.error
    said = f"{error.line}:{error.column} {error.message}"
    assert said.startswith(expected or "1:1 unknown tag tag:yaml.org,2002:python"), (name, said)


def at(text: str | bytes, *path: str) -> Node:
    node = parsed(text)
    for name in path:
        assert isinstance(node, Mapping)
        node = node.get(name)
    assert node is not None
    return node


def cut(text: str | bytes, where: Range) -> str:
    raw = text.encode() if isinstance(text, str) else text
    return raw[where.start_byte : where.end_byte].decode()


PLACES: list[tuple[str, str | bytes, tuple[str, ...], str, tuple[int, int, int, int]]] = [
    ("plain", "a:\n  b: word # c\n", ("a", "b"), "word", (2, 6, 2, 10)),
    ("quoted, with its quotes", "a: 'x'\n", ("a",), "'x'", (1, 4, 1, 7)),
    ("function, with its tag", "a: !Sub 'x'\n", ("a",), "!Sub 'x'", (1, 4, 1, 12)),
    ("flow list", "a: [1,\n 2]\n", ("a",), "[1,\n 2]", (1, 4, 2, 4)),
    ("block list without what follows", "a:\n  - 1\n  - 2\n\n# c\nb: 3\n", ("a",), "- 1\n  - 2", (2, 3, 3, 6)),
    ("block mapping", "a:\n  x: 1\n  y: |\n    t\n\n\nb: 3\n", ("a",), "x: 1\n  y: |\n    t", (2, 3, 4, 6)),
    ("columns count characters, bytes count bytes", "é: {ü: ä}\n", ("é", "ü"), "ä", (1, 8, 1, 9)),
    ("after a byte order mark", b"\xef\xbb\xbfa: x\n", ("a",), "x", (1, 4, 1, 5)),
    ("Windows lines", b"a: 1\r\nb: x\r\n", ("b",), "x", (2, 4, 2, 5)),
    ("JSON", '{\n\t"a": {"b": true}}', ("a", "b"), "true", (2, 13, 2, 17)),
]


@pytest.mark.parametrize(("name", "text", "path", "expected", "place"), PLACES, ids=[row[0] for row in PLACES])
def test_places(
    name: str, text: str | bytes, path: tuple[str, ...], expected: str, place: tuple[int, int, int, int]
) -> None:
    where = at(text, *path).range
    assert cut(text, where) == expected, name
    assert (where.line, where.column, where.end_line, where.end_column) == place, name


def test_key_has_its_own_place() -> None:
    node = parsed("a:\n  long key : 1\n")
    assert isinstance(node, Mapping)
    inner = node.get("a")
    assert isinstance(inner, Mapping)
    assert inner.entries[0].key.range == Range("t.yaml", 2, 3, 2, 11, 5, 13)


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CLoader")
    text = "a: !Sub '${x}'\nb:\n  - yes\n# c\n"
    assert data(parsed(text)) == {"a": {"Fn::Sub": "${x}"}, "b": [True]}
    assert cut(text, at(text, "b").range) == "- yes"
    with pytest.raises(UnreadableError, match="2:1: is not valid YAML"):
        parsed("a: [1,\n")
