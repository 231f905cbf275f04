"""Conversion, unification, equality and the order of sets; what Terraform does was seen in its console."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from checkov_cloudtrail.model.location import Range, Step
from checkov_cloudtrail.model.values import Reference
from checkov_cloudtrail.terraform import numbers, types
from checkov_cloudtrail.terraform.types import (
    boolean,
    convert,
    list_of,
    list_type,
    map_of,
    map_type,
    object_of,
    set_of,
    set_type,
    string,
    tuple_of,
)
from checkov_cloudtrail.terraform.values import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    EvaluationError,
    Type,
    UnknownRaw,
    Val,
)


def number(text: str | int) -> Val:
    return types.number(numbers.parse(str(text)) or 0)


def optional(default: Val | None, kind: Type = STRING) -> Type:
    return Type("object", attributes={"a": kind, "b": kind}, optional={"b": default})


NULL = Val(DYNAMIC, None)
ANY_LIST, ANY_SET, ANY_MAP = list_type(DYNAMIC), set_type(DYNAMIC), map_type(DYNAMIC)
OPEN = Val(STRING, UnknownRaw("var.x has no value", symbol="var.x"))
UNTYPED = Val(DYNAMIC, UnknownRaw("var.y has no value", symbol="var.y"))
NESTED = Type(
    "object",
    attributes={"name": STRING, "on": BOOL, "in": optional(string("d"))},
    optional={"on": boolean(True), "in": object_of({"a": string("x")})},
)
CONVERSIONS = [
    ("bool", string("true"), BOOL, boolean(True)),
    ("bool from 1", string("1"), BOOL, boolean(True)),
    ("number", string("1.50"), NUMBER, number("1.5")),
    ("text of a number", number("1e3"), STRING, string("1000")),
    ("text of a bool", boolean(False), STRING, string("false")),
    ("null takes the type", NULL, BOOL, Val(BOOL, None)),
    ("tuple to list", tuple_of([number(1), string("a"), boolean(True)]), ANY_LIST,
     list_of(STRING, map(string, ("1", "a", "true")))),
    ("tuple to list of a type", tuple_of([string("1"), number(2)]), list_type(NUMBER),
     list_of(NUMBER, [number(1), number(2)])),
    ("empty tuple to list", tuple_of([]), ANY_LIST, list_of(DYNAMIC, [])),
    ("null in a list", tuple_of([NULL, number(1)]), ANY_LIST, list_of(NUMBER, [Val(NUMBER, None), number(1)])),
    ("tuples of unlike length", tuple_of([tuple_of([number(1)]), tuple_of([string("a"), string("b")])]), ANY_LIST,
     list_of(list_type(STRING), [list_of(STRING, [string("1")]), list_of(STRING, [string("a"), string("b")])])),
    ("objects of one shape", tuple_of([object_of({"a": number(1)}), object_of({"a": string("b")})]), ANY_LIST,
     list_of(Type("object", attributes={"a": STRING}), [object_of({"a": string("1")}), object_of({"a": string("b")})])),
    ("objects of two shapes", tuple_of([object_of({}), object_of({"a": number(1)})]), ANY_LIST,
     list_of(map_type(NUMBER), [map_of(NUMBER, {}), map_of(NUMBER, {"a": number(1)})])),
    ("set drops duplicates and sorts", tuple_of([string("b"), string("a"), string("b")]), ANY_SET,
     set_of(STRING, [string("a"), string("b")])),
    ("set to list", set_of(STRING, [string("b"), string("a")]), list_type(STRING),
     list_of(STRING, [string("a"), string("b")])),
    ("object to map", object_of({"b": boolean(True), "a": string("x")}), ANY_MAP,
     map_of(STRING, {"a": string("x"), "b": string("true")})),
    ("map to object", map_of(STRING, {"a": string("x"), "z": string("y")}), optional(None),
     object_of({"a": string("x"), "b": Val(STRING, None)})),
    ("object loses what is not wanted", object_of({"a": string("x"), "z": string("y")}), optional(string("d")),
     object_of({"a": string("x"), "b": string("d")})),
    ("null gets the default", object_of({"a": string("x"), "b": NULL}), optional(string("d")),
     object_of({"a": string("x"), "b": string("d")})),
    ("default of a default", object_of({"name": string("n")}), NESTED,
     object_of({"name": string("n"), "on": boolean(True), "in": object_of({"a": string("x"), "b": string("d")})})),
    ("defaults in a list", tuple_of([object_of({"name": string("n"), "in": object_of({"a": number(1)})})]),
     list_type(NESTED),
     list_of(types.without_optional(NESTED), [
         object_of({"name": string("n"), "on": boolean(True), "in": object_of({"a": string("1"), "b": string("d")})}),
     ])),
    ("defaults in a map", object_of({"k": object_of({"a": string("x")})}), map_type(optional(string("d"))),
     map_of(types.without_optional(optional(None)), {"k": object_of({"a": string("x"), "b": string("d")})})),
    ("no default inside of a null object", NULL, NESTED, Val(types.without_optional(NESTED), None)),
    ("unknown element", tuple_of([OPEN, string("a")]), ANY_LIST, list_of(STRING, [OPEN, string("a")])),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "wanted", "expected"), CONVERSIONS, ids=[row[0] for row in CONVERSIONS])
def test_convert(name: str, value: Val, wanted: Type, expected: Val) -> None:
    made = convert(value, wanted)
    assert made == expected
    assert types.same(made.type, expected.type)


REFUSALS = [
    ("word", string("x"), BOOL, "a bool is required"),
    ("capital", string("True"), BOOL, 'a bool is required; to convert from string, use lowercase "true"'),
    ("number as bool", number(1), BOOL, "a bool is required"),
    ("no number", string("0x10"), NUMBER, "a number is required"),
    ("list as text", tuple_of([]), STRING, "a string is required"),
    ("text as list", string("a"), list_type(STRING), "list of string required"),
    ("nothing in common", tuple_of([string("a"), object_of({})]), ANY_LIST,
     "all list elements must have the same type"),
    ("null and object", tuple_of([NULL, object_of({})]), ANY_LIST, "all elements must have the same type"),
    ("missing attribute", object_of({}), optional(None), 'attribute "a" is required'),
    ("missing attributes", object_of({}), Type("object", attributes={"a": STRING, "b": BOOL, "c": BOOL}),
     'attributes "a", "b" and "c" are required'),
    ("wrong attribute", object_of({"a": tuple_of([])}), optional(None), 'attribute "a": a string is required'),
    ("wrong element", tuple_of([string("a"), tuple_of([])]), list_type(STRING), "element 1: a string is required"),
    ("missing key", map_of(STRING, {}), optional(None), 'map has no element for required attribute "a"'),
    ("wrong element type", list_of(BOOL, []), list_type(NUMBER),
     "incorrect list element type: a number is required"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "wanted", "reason"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_refusals(name: str, value: Val, wanted: Type, reason: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        convert(value, wanted)
    assert str(raised.value) == reason


def test_what_is_known_of_an_unknown_survives() -> None:
    value = Val(STRING, UnknownRaw("why", ("a-", Reference("x.y", "id")), "f(x)", not_null=True))
    assert convert(value, DYNAMIC) is value
    assert convert(value, BOOL) == Val(BOOL, UnknownRaw("why", symbol="tobool(f(x))", not_null=True))
    many = Val(list_type(STRING), UnknownRaw("why", low=2, high=4))
    assert convert(many, set_type(STRING)) == Val(set_type(STRING), UnknownRaw("why", low=1, high=4))


def test_a_converted_value_knows_where_it_came_from() -> None:
    step = Step(Range("main.tf"), "a step")
    assert convert(string("true").via(step), BOOL) == boolean(True).via(step)
    assert convert(Val(STRING, "1", sensitive=True), NUMBER).sensitive


UNIFIED: list[tuple[str, Sequence[Type], Type | None]] = [
    ("one", [BOOL], BOOL),
    ("bool and text", [BOOL, STRING], STRING),
    ("number and bool", [NUMBER, BOOL], None),
    ("number, bool and text", [NUMBER, BOOL, STRING], STRING),
    ("untyped and number", [DYNAMIC, NUMBER], NUMBER),
    ("untyped and list", [DYNAMIC, list_type(STRING)], DYNAMIC),
    ("list and tuple", [list_type(STRING), Type("tuple", elements=(NUMBER,))], list_type(STRING)),
    ("list and set", [set_type(STRING), list_type(STRING)], list_type(STRING)),
    ("set and tuple", [set_type(STRING), Type("tuple", elements=(STRING,))], set_type(STRING)),
    ("lists", [list_type(NUMBER), list_type(STRING)], list_type(STRING)),
    ("map and object", [map_type(NUMBER), Type("object", attributes={"a": STRING})], map_type(STRING)),
    ("object and tuple", [Type("object", attributes={}), Type("tuple")], None),
    ("text and list", [STRING, list_type(STRING)], None),
    ("objects", [Type("object", attributes={"a": BOOL}), Type("object", attributes={"a": STRING})],
     Type("object", attributes={"a": STRING})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kinds", "expected"), UNIFIED, ids=[row[0] for row in UNIFIED])
def test_unify(name: str, kinds: Sequence[Type], expected: Type | None) -> None:
    for order in permutations(kinds):
        assert types.unify(order) == expected


PREFIXED = Val(STRING, UnknownRaw("why", ("a-", Reference("x.y", "id"))))
EQUALITIES = [
    ("text", string("a"), string("a"), True),
    ("text and bool", string("true"), boolean(True), False),
    ("list and tuple", list_of(STRING, [string("a")]), tuple_of([string("a")]), False),
    ("nulls of two types", Val(STRING, None), Val(NUMBER, None), True),
    ("untyped null in a tuple", tuple_of([NULL]), tuple_of([Val(STRING, None)]), False),
    ("null and text", NULL, string(""), False),
    ("null and what may be null", NULL, OPEN, None),
    ("null and what is not", NULL, Val(STRING, UnknownRaw("why", not_null=True)), False),
    ("unknown text and number", OPEN, number(1), False),
    ("untyped unknown and number", UNTYPED, number(1), None),
    ("unknowns of two types", OPEN, Val(NUMBER, UnknownRaw("why")), None),
    ("one unknown twice", OPEN, OPEN, True),
    ("another start", PREFIXED, string("b-1"), False),
    ("that start", PREFIXED, string("a-1"), None),
    ("too small", Val(NUMBER, UnknownRaw("why", low=2)), number(1), False),
    ("too short", Val(list_type(STRING), UnknownRaw("why", low=2)), list_of(STRING, [string("a")]), False),
    ("unknown inside", object_of({"a": OPEN}), object_of({"a": string("x")}), None),
    ("unlike beside unknown", tuple_of([OPEN, number(1)]), tuple_of([string("a"), number(2)]), False),
    ("sets", set_of(STRING, [string("a"), string("b")]), set_of(STRING, [string("b"), string("a")]), True),
    ("set with unknown", set_of(STRING, [string("a"), OPEN]), set_of(STRING, [string("a")]), None),
    ("set with unknown and another", set_of(STRING, [string("b"), OPEN]), set_of(STRING, [string("a")]), False),
    ("empty set and unknown element", set_of(STRING, []), set_of(STRING, [OPEN]), False),
    ("maps", map_of(BOOL, {"a": boolean(True)}), map_of(BOOL, {"b": boolean(True)}), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "left", "right", "expected"), EQUALITIES, ids=[row[0] for row in EQUALITIES])
def test_equal(name: str, left: Val, right: Val, expected: bool | None) -> None:
    for result in (types.equal(left, right), types.equal(right, left)):
        assert (None if isinstance(result.raw, UnknownRaw) else result.raw) is expected


def test_symbol_of_an_equality() -> None:
    raw = types.equal(OPEN, string("prod")).raw
    assert isinstance(raw, UnknownRaw)
    assert (raw.because, raw.symbol) == ("var.x has no value", 'var.x == "prod"')


@pytest.mark.parametrize(
    ("name", "element", "values"),
    [
        ("text by code point", STRING, [string("A"), string("B"), string("a"), string("é"), string("日")]),
        ("numbers ascending", NUMBER, [number(-1), number(2), number(10)]),
        ("bools", BOOL, [boolean(False), boolean(True)]),
        ("null behind", STRING, [string("z"), Val(STRING, None)]),
        ("tuples by their text", Type("tuple", elements=(NUMBER,)), [tuple_of([number(n)]) for n in (10, 1, 2)]),
        ("objects by their text", Type("object", attributes={"a": NUMBER}),
         [object_of({"a": number(n)}) for n in (10, 2)]),
        ("unknown last", STRING, [string("z"), OPEN]),
    ],
)  # fmt: skip
def test_order_of_sets(name: str, element: Type, values: Sequence[Val]) -> None:
    for order in permutations(values):
        assert types.members(set_of(element, order)) == tuple(values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (set_of(STRING, [OPEN]), (1, 1)),
        (set_of(STRING, [OPEN, string("a")]), (1, 2)),
        (list_of(STRING, [OPEN, string("a")]), (2, 2)),
        (Val(list_type(STRING), UnknownRaw("why")), (0, None)),
        (Val(Type("tuple", elements=(STRING, STRING)), UnknownRaw("why")), (2, 2)),
    ],
)
def test_length(value: Val, expected: tuple[int | None, int | None]) -> None:
    raw = types.length(value).raw
    assert ((raw.low, raw.high) if isinstance(raw, UnknownRaw) else (raw, raw)) == expected
