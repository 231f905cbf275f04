"""The syntax tree of HCL: small, frozen, the same for native and JSON syntax.

`start` and `end` are offsets in code points into the text of the source; `syntax.Source.range` turns them into a Range.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from checkov_cloudtrail.model.record import record


@record
class Node:
    """What every expression has."""

    start: int
    end: int


@record
class Literal(Node):
    """A number, a boolean, null, or a string without interpolation."""

    value: str | bool | Fraction | None


@record
class Name(Node):
    """The first identifier of a traversal: `var`, `aws_s3_bucket`, a for-expression's variable."""

    name: str


@record
class Attribute(Node):
    """`subject.name`; `name` is digits for the legacy index `subject.0`."""

    subject: Expression
    name: str


@record
class Index(Node):
    """`subject[key]`."""

    subject: Expression
    key: Expression


@record
class Each(Node):
    """Inside a splat: the element at hand."""


@record
class Splat(Node):
    """`subject[*].rest` or `subject.*.rest`; `each` is the rest, applied to Each."""

    subject: Expression
    each: Expression


@record
class Call(Node):
    """A function call; `expand` when the last argument is followed by `...`."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool


@record
class Tuple(Node):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@record
class Object(Node):
    """`{ k = v }`; a bare identifier as key has become a Literal."""

    items: tuple[tuple[Expression, Expression], ...]


@record
class For(Node):
    """`[for k, v in collection : value if condition]`, or with `key =>` and braces an object.

    Args:
        key_name: first of two variables, empty when there is one.
        group: `value...`
    """

    key_name: str
    value_name: str
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    group: bool


@record
class Unary(Node):
    """`!operand` or `-operand`."""

    operator: str
    operand: Expression


@record
class Binary(Node):
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@record
class Conditional(Node):
    """`condition ? yes : no`, and `%{ if }` in a template."""

    condition: Expression
    yes: Expression
    no: Expression


@record
class Parentheses(Node):
    """`(inner)`: an object key in parentheses is never a bare name."""

    inner: Expression


@record
class Template(Node):
    """A string made of parts. A quoted string that is one interpolation alone is that expression, not a Template."""

    parts: tuple[Expression, ...]


@record
class TemplateFor(Node):
    """`%{ for k, v in collection }body%{ endfor }`."""

    key_name: str
    value_name: str
    collection: Expression
    body: Template


Expression: TypeAlias = (
    Literal
    | Name
    | Attribute
    | Index
    | Each
    | Splat
    | Call
    | Tuple
    | Object
    | For
    | Unary
    | Binary
    | Conditional
    | Parentheses
    | Template
    | TemplateFor
)
