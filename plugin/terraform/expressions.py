"""The evaluator: what an expression is worth, in Terraform's terms, as far as the code determines it.

Where Terraform knows a value so do we. Where Terraform says "known after apply" we may know more: `false && unknown`
is false, equal branches of an unknown condition are their value. That is allowed only where every completion agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

from checkov_cloudtrail.budget import MAX_TEXT, Budget, BudgetError
from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.values import Reference
from checkov_cloudtrail.terraform import functions, grammar, nodes, numbers, pieces, types
from checkov_cloudtrail.terraform.lexer import HclSyntaxError
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

MAX_CHAIN = 16
MAX_ATOMS = 16
MAX_ELEMENTS = 200_000
NULL = Val(DYNAMIC, None)
EMPTY = Val(Type("tuple"), ())
# The attribute of a reference to a resource or module instance as a whole.
WHOLE = "*"
_LAZY = frozenset(("try", "can", "core::try", "core::can"))
_COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
_ARITHMETIC: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}

Bindings: TypeAlias = Mapping[str, Val]
# One step of a traversal: an attribute's name, or the value of an index.
Access: TypeAlias = str | Val


class Scope(Protocol):
    """What names mean at the place of an expression: a module instance, with `each`, `count` or an iterator."""

    def reference(self, root: str, path: Sequence[Access]) -> tuple[Val, int]:
        """Give the value of a reference, and how many steps of its path were used for it.

        Raises:
            EvaluationError: there is no such thing.
        """

    def member(self, address: str, name: str) -> Val | None:
        """Give an attribute of a resource or module instance that was handed around as a whole."""


class NoScope:
    """Where nothing may be referred to: tfvars, defaults, a template's variables."""

    def reference(self, root: str, path: Sequence[Access]) -> tuple[Val, int]:
        """See Scope.reference."""
        raise EvaluationError(f"{root!r} may not be used here: variables are not allowed")

    def member(self, address: str, name: str) -> Val | None:
        """See Scope.member."""
        return None


@dataclass(slots=True)
class Context:
    """What is shared by every evaluation of one case.

    Args:
        environment: what functions may reach; `render` is filled in here.
        budget: limits.
        assumptions: booleans that this case takes as given, by symbol.
    """

    environment: functions.Environment
    budget: Budget
    assumptions: Mapping[str, bool] = field(default_factory=dict)
    weights: dict[int, tuple[object, int]] = field(default_factory=dict)

    def weigh(self, value: Val) -> int:
        """Count the elements of a value at all depths; what is shared counts as often as it is met.

        Raises:
            BudgetError: there are too many; to look at such a value would take for ever.
        """
        raw = value.raw
        if not isinstance(raw, tuple | Mapping):
            return 1
        known = self.weights.get(id(raw))
        if known is not None:
            return known[1]
        self.budget.spend(1)
        weight = 1 + sum(map(self.weigh, raw if isinstance(raw, tuple) else raw.values()))
        if weight > MAX_ELEMENTS:
            raise BudgetError(f"a value of more than {MAX_ELEMENTS} elements")
        self.weights[id(raw)] = (raw, weight)
        return weight

    def charge(self, *values: Val) -> None:
        """Pay for looking at everything in some values: to compare or convert them.

        Raises:
            BudgetError: there is too much of it.
        """
        self.budget.spend(sum(map(self.weigh, values)))


class Evaluator:
    """Evaluates expressions in one scope."""

    __slots__ = ("_lenient", "_shaping", "context", "scope")

    def __init__(self, context: Context, scope: Scope) -> None:
        self.context = context
        self.scope = scope
        # Inside try() and can() an error is an answer, so a value that may turn out to be an error is unknown.
        self._lenient = 0
        # Only the type matters of a branch that is not chosen: what fails in it is unknown.
        self._shaping = False

    @property
    def lenient(self) -> bool:
        """An error would be an answer: inside `try` or `can`."""
        return self._lenient > 0

    def evaluate(self, node: nodes.Expression, bindings: Bindings | None = None) -> Val:
        """Give the value of an expression.

        Args:
            node: the expression.
            bindings: variables of for-expressions and iterators of dynamic blocks.

        Raises:
            EvaluationError: Terraform would refuse it.
            BudgetError: it takes too long or gets too large.
        """
        try:
            return self._evaluate(node, bindings or {})
        except RecursionError as error:
            raise BudgetError("an expression or a chain of references is nested too deeply") from error

    def _evaluate(self, node: nodes.Expression, bindings: Bindings) -> Val:
        self.context.budget.spend()
        if self._shaping:
            return self._shaped(node, bindings)
        return _METHODS[type(node)](self, node, bindings)

    def _shape(self, node: nodes.Expression, bindings: Bindings) -> Val:
        """Evaluate for the sake of the type: where something fails, that part is unknown, as in Terraform."""
        outer, self._shaping = self._shaping, True
        try:
            return self._evaluate(node, bindings)
        finally:
            self._shaping = outer

    def _shaped(self, node: nodes.Expression, bindings: Bindings) -> Val:
        # An argument that fails makes the whole call fail.
        self._shaping = not isinstance(node, nodes.Call)
        try:
            return _METHODS[type(node)](self, node, bindings)
        except EvaluationError as error:
            return types.unknown(STRING if isinstance(node, nodes.Template) else DYNAMIC, str(error))
        finally:
            self._shaping = True

    # Plain values

    def _literal(self, node: nodes.Literal, bindings: Bindings) -> Val:
        value = node.value
        if value is None:
            return NULL
        if isinstance(value, bool):
            return Val(BOOL, value)
        return types.string(value) if isinstance(value, str) else Val(NUMBER, value)

    def _parentheses(self, node: nodes.Parentheses, bindings: Bindings) -> Val:
        return self._evaluate(node.inner, bindings)

    def _tuple(self, node: nodes.Tuple, bindings: Bindings) -> Val:
        return self._weighed(types.tuple_of([self._evaluate(item, bindings) for item in node.items]))

    def _object(self, node: nodes.Object, bindings: Bindings) -> Val:
        members: dict[str, Val] = {}
        undecided: Val | None = None
        for key_node, value_node in node.items:
            if isinstance(key_node, nodes.Attribute):
                raise EvaluationError("a key with a dot must stand in parentheses or quotes")
            # A bare word is a name, `null` too.
            named = isinstance(key_node, nodes.Literal) and key_node.value is None
            key = types.string("null") if named else self._text(self._evaluate(key_node, bindings), "an object's key")
            value = self._evaluate(value_node, bindings)
            if key.unknown is not None:
                undecided = undecided or key
            elif isinstance(key.raw, str):
                members[key.raw] = value
        if undecided is not None:
            return unknown_from(DYNAMIC, undecided, not_null=True)
        return self._weighed(types.object_of(members))

    def _weighed(self, value: Val) -> Val:
        self.context.weigh(value)
        return value

    def _text(self, value: Val, what: str) -> Val:
        if value.null:
            raise EvaluationError(f"{what} cannot be null")
        if value.unknown is not None and not types.convertible(value.type, STRING):
            # Terraform looks at an unknown value in a template only once it is known.
            return unknown_from(STRING, value)
        return types.convert(value, STRING)

    # Templates

    def _template(self, node: nodes.Template, bindings: Bindings) -> Val:
        values = [self._text(self._evaluate(part, bindings), "a value in a string template") for part in node.parts]
        size = sum(len(value.raw) for value in values if isinstance(value.raw, str))
        if size > MAX_TEXT:
            raise BudgetError(f"a text of more than {MAX_TEXT} characters")
        self.context.budget.spend(size // 100)
        return self._carrying(pieces.joined(values), *values)

    def _template_for(self, node: nodes.TemplateFor, bindings: Bindings) -> Val:
        collection = self._evaluate(node.collection, bindings)
        elements = self._elements(collection, "for directive")
        if elements is None:
            return unknown_from(STRING, collection, not_null=True)
        made = [self._evaluate(node.body, self._bound(bindings, node, key, value)) for key, value in elements]
        size = sum(len(value.raw) for value in made if isinstance(value.raw, str))
        if size > MAX_TEXT:
            raise BudgetError(f"a text of more than {MAX_TEXT} characters")
        return self._carrying(pieces.joined(made), collection, *made)

    def render(self, text: str, name: str, variables: Mapping[str, Val]) -> Val:
        """Render a template of `templatefile` or `templatestring` with its own variables and nothing else.

        Raises:
            EvaluationError: it is no template, or refers to something else.
        """
        try:
            tree = grammar.template(text)
        except HclSyntaxError as fault:
            raise EvaluationError(f"{name} is no valid template: {fault.message}") from fault
        return Evaluator(self.context, NoScope()).evaluate(tree, variables)

    # References

    def _name(self, node: nodes.Name, bindings: Bindings) -> Val:
        if node.name in bindings:
            return bindings[node.name]
        return self.scope.reference(node.name, ())[0]

    def _each(self, node: nodes.Each, bindings: Bindings) -> Val:
        return bindings[""]

    def _traversal(self, node: nodes.Attribute | nodes.Index, bindings: Bindings) -> Val:
        steps: list[nodes.Attribute | nodes.Index] = []
        base: nodes.Expression = node
        while isinstance(base, nodes.Attribute | nodes.Index):
            steps.append(base)
            base = base.subject
        steps.reverse()
        self.context.budget.spend(len(steps))
        path: list[Access] = [
            step.name if isinstance(step, nodes.Attribute) else self._evaluate(step.key, bindings) for step in steps
        ]
        if isinstance(base, nodes.Name) and base.name not in bindings:
            value, used = self.scope.reference(base.name, path)
        else:
            value, used = self._evaluate(base, bindings), 0
        for access in path[used:]:
            value = self.access(value, access)
        return self._settled(value)

    def access(self, value: Val, access: Access) -> Val:
        """Go one step into a value: `.name` or `[key]`.

        Raises:
            EvaluationError: there is no such element.
        """
        if isinstance(access, str):
            if access.isdigit() and value.type.kind not in ("object", "map"):
                return self._indexed(value, types.number(int(access)))
            return self._attribute(value, access)
        return self._indexed(value, access)

    def _attribute(self, value: Val, name: str) -> Val:
        if value.null:
            raise EvaluationError(f"attempt to get attribute {name!r} from a null value")
        kind, raw = value.type, value.raw
        if isinstance(raw, UnknownRaw):
            if kind.kind == "object" and name not in types.attributes_of(kind):
                raise EvaluationError(f"this object does not have an attribute named {name!r}")
            if kind.kind not in ("object", "map", "dynamic"):
                raise EvaluationError(f"this value, a {types.friendly(kind)}, does not have attributes")
            handle = handle_of(value)
            found = self.scope.member(handle, name) if handle else None
            return found if found is not None else _part(value, raw, _inner_type(kind, name), f".{name}")
        if isinstance(raw, Mapping):
            if name not in raw:
                raise EvaluationError(f"this {kind.kind} does not have an attribute named {name!r}")
            return self._carrying(raw[name], value)
        raise EvaluationError(f"this value, a {types.friendly(kind)}, does not have attributes")

    def _indexed(self, value: Val, key: Val) -> Val:
        if value.null:
            raise EvaluationError("attempt to index a null value")
        if key.null:
            raise EvaluationError("cannot use a null value as an index")
        kind, raw = value.type, value.raw
        if kind.kind in ("list", "tuple"):
            key = types.convert(key, NUMBER)
        elif kind.kind in ("map", "object"):
            key = types.convert(key, STRING)
        elif kind.kind != "dynamic" or not isinstance(raw, UnknownRaw):
            raise EvaluationError(f"this value, a {types.friendly(kind)}, does not have any indices")
        if isinstance(key.raw, UnknownRaw):
            inner = _inner_type(kind, None)
            symbol = types.symbol_of(value)
            made = unknown_from(inner, key, symbol=f"{symbol}[{key.raw.symbol}]" if symbol and key.raw.symbol else "")
            return self._carrying(made, value)
        if isinstance(raw, UnknownRaw):
            if kind.kind == "tuple" and not self._in_range(key, len(kind.elements)):
                raise EvaluationError("the given index is out of range")
            if kind.kind == "object" and key.raw not in types.attributes_of(kind):
                raise EvaluationError(f"the given key {key.raw!r} does not identify an element")
            name = key.raw if isinstance(key.raw, str | Fraction) and not isinstance(key.raw, bool) else None
            return _part(value, raw, _inner_type(kind, name), f"[{types.symbol_of(key)}]")
        if isinstance(raw, tuple):
            index = self._in_range(key, len(raw))
            if index is None:
                raise EvaluationError("the given index is not a whole number in the range of the collection")
            return self._carrying(raw[index[0]], value)
        if isinstance(raw, Mapping) and isinstance(key.raw, str):
            if key.raw not in raw:
                raise EvaluationError(f"the given key {key.raw!r} does not identify an element in this collection")
            return self._carrying(raw[key.raw], value)
        raise EvaluationError("this value does not have any indices")

    @staticmethod
    def _in_range(key: Val, size: int) -> tuple[int] | None:
        index = key.raw
        if isinstance(index, Fraction) and index.denominator == 1 and 0 <= index < size:
            return (int(index),)
        return None

    def _splat(self, node: nodes.Splat, bindings: Bindings) -> Val:
        subject = self._evaluate(node.subject, bindings)
        kind, raw = subject.type, subject.raw
        if raw is None:
            if kind.kind in ("list", "set", "tuple"):
                raise EvaluationError("splat expressions (with the * symbol) cannot be applied to null sequences")
            return replace(EMPTY, chain=subject.chain)

        def each(value: Val) -> Val:
            return self._evaluate(node.each, {**bindings, "": value})

        if isinstance(raw, UnknownRaw) and not handle_of(subject):
            if kind.kind in ("list", "set"):
                one = each(unknown_from(types.element_of(kind), subject))
                return unknown_from(types.list_type(one.type), subject, not_null=True, low=raw.low, high=raw.high)
            if kind.kind == "tuple":
                parts = (_part(subject, raw, inner, f"[{index}]") for index, inner in enumerate(kind.elements))
                return types.tuple_of([each(part) for part in parts])
            return unknown_from(DYNAMIC, subject)
        if kind.kind not in ("list", "set", "tuple"):
            return types.tuple_of([each(subject)])
        made = [each(value) for value in types.members(subject)]
        if kind.kind == "tuple":
            result = types.tuple_of(made)
        elif not made:
            result = types.list_of(
                each(Val(types.element_of(kind), UnknownRaw("an empty list has no elements"))).type, ()
            )
        elif all(types.same(one.type, made[0].type) for one in made):
            result = types.list_of(made[0].type, made)
        else:
            result = types.tuple_of(made)
        return self._carrying(self._weighed(result), subject)

    # For-expressions

    def _elements(self, collection: Val, what: str) -> list[tuple[Val, Val]] | None:
        """Give keys and values of a collection; None when it is unknown."""
        raw, kind = collection.raw, collection.type.kind
        if raw is None:
            raise EvaluationError(f"a null value cannot be used as the collection in a {what}")
        if isinstance(raw, UnknownRaw):
            if kind in ("bool", "number", "string"):
                raise EvaluationError(f"a {kind} cannot be used as the collection in a {what}")
            return None
        if isinstance(raw, Mapping):
            return [(types.string(key), self._carrying(value, collection)) for key, value in raw.items()]
        if isinstance(raw, tuple):
            values = [self._carrying(value, collection) for value in raw]
            if kind == "set":
                return [(value, value) for value in values]
            return [(types.number(index), value) for index, value in enumerate(values)]
        raise EvaluationError(f"a {kind} cannot be used as the collection in a {what}")

    @staticmethod
    def _bound(bindings: Bindings, node: nodes.For | nodes.TemplateFor, key: Val, value: Val) -> Bindings:
        bound = {**bindings, node.value_name: value}
        if node.key_name:
            bound[node.key_name] = key
        return bound

    def _for(self, node: nodes.For, bindings: Bindings) -> Val:
        collection = self._evaluate(node.collection, bindings)
        elements = self._elements(collection, "for expression")
        if node.condition is not None and not elements and collection.type.kind != "dynamic":
            # Terraform looks at the condition even when there is nothing to choose from yet.
            open_one = types.unknown(DYNAMIC, "an empty collection has no elements")
            condition = self._evaluate(node.condition, self._bound(bindings, node, open_one, open_one))
            self._condition(condition, "the if clause of a for expression")
        if elements is None:
            return unknown_from(DYNAMIC, collection, not_null=True)
        undecided: Val | None = None
        values: list[Val] = []
        members: dict[str, list[Val]] = {}
        for key, value in elements:
            bound = self._bound(bindings, node, key, value)
            if node.condition is not None:
                wanted = self._condition(self._evaluate(node.condition, bound), "the if clause of a for expression")
                if wanted.unknown is not None:
                    undecided = undecided or wanted
                    continue
                if not wanted.raw:
                    continue
            if node.key is None:
                values.append(self._evaluate(node.value, bound))
                continue
            name = self._text(self._evaluate(node.key, bound), "the key in a for expression")
            made = self._evaluate(node.value, bound)
            if not isinstance(name.raw, str):
                undecided = undecided or name
                continue
            if name.raw in members and not node.group:
                raise EvaluationError(f"two different items produced the key {name.raw!r} in this for expression")
            members.setdefault(name.raw, []).append(made)
        if undecided is not None:
            return self._carrying(unknown_from(DYNAMIC, undecided, not_null=True), collection)
        if node.key is None:
            return self._carrying(self._weighed(types.tuple_of(values)), collection)
        made_of = {name: types.tuple_of(found) if node.group else found[0] for name, found in members.items()}
        return self._carrying(self._weighed(types.object_of(made_of)), collection)

    # Operators

    def _condition(self, value: Val, what: str) -> Val:
        """Make a boolean of a condition, or say why it is none."""
        if value.null:
            raise EvaluationError(f"{what} must not be null")
        converted = types.convert(value, BOOL)
        if converted.unknown is not None and not converted.unknown.not_null:
            converted = replace(converted, raw=replace(converted.unknown, not_null=True))
        return self._settled(converted)

    def _settled(self, value: Val) -> Val:
        """Name an unknown boolean, and take it as given where this case assumes it."""
        raw = value.raw
        if value.type.kind != "bool" or not isinstance(raw, UnknownRaw) or not raw.symbol:
            return value
        if raw.symbol in self.context.assumptions:
            return replace(value, raw=self.context.assumptions[raw.symbol])
        return value if raw.atoms else replace(value, raw=replace(raw, atoms=frozenset((raw.symbol,))))

    def _unary(self, node: nodes.Unary, bindings: Bindings) -> Val:
        value = self._evaluate(node.operand, bindings)
        if value.null:
            raise EvaluationError("an operand must not be null")
        if node.operator == "-":
            value = types.convert(value, NUMBER)
            if isinstance(value.raw, UnknownRaw):
                return unknown_from(NUMBER, value, symbol=_symbol("-", value), not_null=True)
            return replace(value, raw=numbers.negate(_number(value)))
        value = self._settled(types.convert(value, BOOL))
        if isinstance(value.raw, UnknownRaw):
            return unknown_from(BOOL, value, symbol=_symbol("!", value), not_null=True)
        return replace(value, raw=not value.raw)

    def _binary(self, node: nodes.Binary, bindings: Bindings) -> Val:
        spine: list[nodes.Binary] = []
        left_most: nodes.Expression = node
        while isinstance(left_most, nodes.Binary):
            spine.append(left_most)
            left_most = left_most.left
        left = self._evaluate(left_most, bindings)
        for operation in reversed(spine):
            self.context.budget.spend()
            left = self._operated(operation, left, bindings)
        return left

    def _operated(self, node: nodes.Binary, left: Val, bindings: Bindings) -> Val:
        operator = node.operator
        if operator in ("&&", "||"):
            return self._logic(operator == "||", left, node.right, bindings)
        right = self._evaluate(node.right, bindings)
        if operator in ("==", "!="):
            return self._compared(operator == "!=", left, right)
        if left.null or right.null:
            raise EvaluationError(f"an operand of {operator} must not be null")
        first, second = types.convert(left, NUMBER), types.convert(right, NUMBER)
        if operator in _COMPARE:
            return self._ordered(operator, first, second)
        if first.unknown is not None or second.unknown is not None:
            symbol = _symbol(f" {operator} ", first, second)
            return self._carrying(unknown_from(NUMBER, first, second, symbol=symbol, not_null=True), left, right)
        try:
            made = _ARITHMETIC[operator](_number(first), _number(second))
        except ZeroDivisionError as error:
            raise EvaluationError(str(error)) from error
        return self._carrying(Val(NUMBER, made), left, right)

    def _logic(self, decisive: bool, left: Val, right_node: nodes.Expression, bindings: Bindings) -> Val:
        """Evaluate `&&` and `||`: the decisive value on either side is the result, whatever the other is."""
        first = self._condition(left, "an operand")
        if first.raw is decisive:
            return first
        second = self._condition(self._evaluate(right_node, bindings), "an operand")
        if second.raw is decisive or not first.unknown:
            return self._carrying(second, first)
        if not second.unknown:
            return self._carrying(first, second)
        symbol = _symbol(" || " if decisive else " && ", first, second)
        return self._carrying(unknown_from(BOOL, first, second, symbol=symbol, not_null=True), first, second)

    def _compared(self, negated: bool, left: Val, right: Val) -> Val:
        self.context.charge(left, right)
        result = types.equal(left, right)
        raw = result.raw
        if isinstance(raw, UnknownRaw):
            result = self._settled(replace(result, raw=replace(raw, atoms=atoms_of(left, right))))
            raw = result.raw
        result = self._carrying(result, left, right)
        if not negated:
            return result
        if isinstance(raw, UnknownRaw):
            return replace(result, raw=replace(raw, symbol=f"!({raw.symbol})" if raw.symbol else ""))
        return replace(result, raw=not raw)

    def _ordered(self, operator: str, left: Val, right: Val) -> Val:
        decided = _decided(operator, left, right)
        if decided is not None:
            return self._carrying(Val(BOOL, decided), left, right)
        if left.unknown is None:
            left, right, operator = right, left, _MIRRORED[operator]
        symbol = _symbol(f" {operator} ", left, right)
        return self._settled(self._carrying(unknown_from(BOOL, left, right, symbol=symbol, not_null=True), left, right))

    def _conditional(self, node: nodes.Conditional, bindings: Bindings) -> Val:
        given = self._evaluate(node.condition, bindings)
        if given.unknown is not None and not types.convertible(given.type, BOOL):
            # Terraform asks for a bool only once the condition is known.
            given = unknown_from(BOOL, given)
        try:
            condition = self._condition(given, "the condition of a conditional")
        except EvaluationError:
            if not self._shaping:
                raise
            condition = unknown_from(BOOL, given)
        if condition.unknown is None:
            chosen, other = (node.yes, node.no) if condition.raw else (node.no, node.yes)
            value = self._evaluate(chosen, bindings)
            if value.type.kind != "string" or self.lenient:
                value = self._brought_together(value, other, bindings)
            return self._carrying(value, condition)
        yes, no = (self._branch(branch, condition, bindings) for branch in (node.yes, node.no))
        self.context.charge(yes, no)
        yes, no = _unified(yes, no)
        return self._carrying(self._either(condition, yes, no), condition)

    def _branch(self, branch: nodes.Expression, condition: Val, bindings: Bindings) -> Val:
        """Evaluate a branch of an unknown condition: its errors do not matter as long as it may not be chosen."""
        try:
            return self._evaluate(branch, bindings)
        except EvaluationError:
            return unknown_from(self._shape(branch, bindings).type, condition)

    def _brought_together(self, value: Val, other: nodes.Expression, bindings: Bindings) -> Val:
        """Give a branch the type that both branches have in common; an error in the other one does not matter."""
        other_value = self._shape(other, bindings)
        self.context.charge(value, other_value)
        return _unified(value, other_value)[0]

    def _either(self, condition: Val, yes: Val, no: Val) -> Val:
        """Give what two branches have in common when it is open which one it is."""
        self.context.charge(yes, no)
        if types.same(yes.type, no.type):
            if types.equal(yes, no).raw is True:
                return yes
            if isinstance(yes.raw, tuple) and isinstance(no.raw, tuple) and yes.type.kind != "set":
                if len(yes.raw) == len(no.raw) and yes.raw:
                    both = [self._either(condition, *pair) for pair in zip(yes.raw, no.raw, strict=True)]
                    return replace(yes, raw=tuple(both))
            elif isinstance(yes.raw, Mapping) and isinstance(no.raw, Mapping) and yes.raw.keys() == no.raw.keys():
                return replace(
                    yes, raw={key: self._either(condition, one, no.raw[key]) for key, one in yes.raw.items()}
                )
        branches = types.symbol_of(yes), types.symbol_of(no)
        asked = types.symbol_of(condition)
        symbol = f"{asked} ? {branches[0]} : {branches[1]}" if asked and all(branches) else ""
        low, high = _bounds(yes, no)
        kind = yes.type if types.same(yes.type, no.type) else DYNAMIC
        made = unknown_from(kind, condition, symbol=symbol, not_null=types.not_null(yes) and types.not_null(no))
        if made.unknown is None:
            return made
        atoms = made.unknown.atoms | atoms_of(yes, no)
        filled = types.not_empty(yes) and types.not_empty(no)
        return replace(made, raw=replace(made.unknown, not_empty=filled, low=low, high=high, atoms=_few(atoms)))

    # Functions

    def _call(self, node: nodes.Call, bindings: Bindings) -> Val:
        if node.name in _LAZY:
            return self._lazy(node, bindings)
        arguments = [self._evaluate(argument, bindings) for argument in node.arguments]
        if node.expand:
            last = arguments.pop()
            if last.null:
                raise EvaluationError("a null value cannot be expanded as arguments")
            if last.unknown is not None:
                return unknown_from(DYNAMIC, last)
            if last.type.kind not in ("list", "set", "tuple"):
                raise EvaluationError("only a list, set or tuple can be expanded as arguments")
            arguments.extend(types.members(last))
        environment = replace(self.context.environment, budget=self.context.budget, render=self.render)
        result = functions.call(node.name, arguments, environment)
        if isinstance(result.raw, UnknownRaw) and not result.raw.atoms:
            result = replace(result, raw=replace(result.raw, atoms=atoms_of(*arguments)))
        elif isinstance(result.raw, tuple | Mapping):
            self.context.weigh(result)
        # The function itself tells whether its result is sensitive.
        return self._settled(replace(self._carrying(result, *arguments), sensitive=result.sensitive))

    def _lazy(self, node: nodes.Call, bindings: Bindings) -> Val:
        """Evaluate `try` and `can`: the arguments' errors are what they are about."""
        if not node.arguments or node.expand:
            raise EvaluationError(f"{node.name} needs plain arguments")
        self._lenient += 1
        try:
            if node.name.endswith("can"):
                return self._can(node.arguments[0], bindings)
            failure: EvaluationError | None = None
            for argument in node.arguments:
                try:
                    value = self._evaluate(argument, bindings)
                    return value if _certain(argument) else _undecided(value)
                except EvaluationError as error:
                    failure = error
            raise EvaluationError(f"no argument of try can be evaluated: {failure}")
        finally:
            self._lenient -= 1

    def _can(self, argument: nodes.Expression, bindings: Bindings) -> Val:
        try:
            value = self._evaluate(argument, bindings)
        except EvaluationError:
            return types.boolean(False)
        why = types.reason(value)
        if why is None:
            return types.boolean(True)
        symbol = types.call_symbol("can", types.symbol_of(value))
        return self._settled(Val(BOOL, UnknownRaw(why.because, symbol=symbol, not_null=True, atoms=why.atoms)))

    def _carrying(self, value: Val, *sources: Val) -> Val:
        """Let a value remember where what it was made of came from."""
        chain, secret = value.chain, value.sensitive
        for source in sources:
            if source.chain and source.chain is not chain:
                chain = joined_chains(chain, source.chain)
            secret = secret or source.sensitive
        if chain is value.chain and secret is value.sensitive:
            return value
        return replace(value, chain=chain, sensitive=secret)


_METHODS: Mapping[type[nodes.Node], Callable[[Evaluator, Any, Bindings], Val]] = {
    nodes.Literal: Evaluator._literal,
    nodes.Name: Evaluator._name,
    nodes.Attribute: Evaluator._traversal,
    nodes.Index: Evaluator._traversal,
    nodes.Each: Evaluator._each,
    nodes.Splat: Evaluator._splat,
    nodes.Call: Evaluator._call,
    nodes.Tuple: Evaluator._tuple,
    nodes.Object: Evaluator._object,
    nodes.For: Evaluator._for,
    nodes.Unary: Evaluator._unary,
    nodes.Binary: Evaluator._binary,
    nodes.Conditional: Evaluator._conditional,
    nodes.Parentheses: Evaluator._parentheses,
    nodes.Template: Evaluator._template,
    nodes.TemplateFor: Evaluator._template_for,
}


def _certain(node: nodes.Expression) -> bool:
    """Tell whether an expression only refers to something: an unknown in it cannot turn out to be an error."""
    while isinstance(node, nodes.Attribute | nodes.Index | nodes.Splat | nodes.Parentheses):
        node = node.inner if isinstance(node, nodes.Parentheses) else node.subject
    return isinstance(node, nodes.Name)


def _undecided(value: Val) -> Val:
    """Give what `try` gives for a value with unknown parts: until they are known it can turn out to be an error."""
    return value if types.wholly_known(value) else unknown_from(DYNAMIC, value)


def joined_chains(first: tuple[Step, ...], second: tuple[Step, ...]) -> tuple[Step, ...]:
    """Put two chains of places together, each place once, the first ones of many."""
    return tuple(dict.fromkeys((*first, *second)))[:MAX_CHAIN]


def handle(address: str, because: str, *, step: Step | None = None) -> Val:
    """Make the value of a whole resource or module instance: its attributes are asked for one by one (Scope.member)."""
    raw = UnknownRaw(because, parts=(Reference(address, WHOLE),), symbol=address, not_null=True)
    return Val(DYNAMIC, raw, (step,) if step else ())


def handle_of(value: Val) -> str:
    """Give the address of the instance that a value stands for; empty when it stands for none."""
    raw = value.raw
    if isinstance(raw, UnknownRaw) and len(raw.parts) == 1 and value.type.kind == "dynamic":
        part = raw.parts[0]
        if isinstance(part, Reference) and part.attribute == WHOLE:
            return part.address
    return ""


def atoms_of(*values: Val) -> frozenset[str]:
    """Collect the booleans that the unknowns in some values hang on."""
    found: frozenset[str] = frozenset()
    for value in values:
        why = types.reason(value)
        if why is not None:
            found |= why.atoms
    return _few(found)


def _few(atoms: frozenset[str]) -> frozenset[str]:
    return atoms if len(atoms) <= MAX_ATOMS else frozenset(sorted(atoms)[:MAX_ATOMS])


def unknown_from(
    kind: Type,
    *sources: Val,
    symbol: str = "",
    not_null: bool = False,
    low: int | Fraction | None = None,
    high: int | Fraction | None = None,
) -> Val:
    """Make an unknown that is unknown because one of its sources is."""
    why = next((raw for raw in map(types.reason, sources) if raw is not None), None)
    because = why.because if why is not None else "a value is not known"
    if len(symbol) > types.MAX_SYMBOL:
        symbol = ""
    raw = UnknownRaw(because, symbol=symbol, not_null=not_null, low=low, high=high, atoms=atoms_of(*sources))
    return Val(kind, raw, sources[0].chain if sources else ())


def _symbol(operator: str, *operands: Val) -> str:
    """Write an operation on symbols: a sign before one, or an operator between two."""
    texts = [types.symbol_of(operand) for operand in operands]
    if not all(texts):
        return ""
    # Only a name or a call needs no parentheses.
    texts = [
        f"({text})" if " " in text and not text.endswith(")") and not text.startswith('"') else text for text in texts
    ]
    return operator + texts[0] if len(texts) == 1 else operator.join(texts)


def _part(value: Val, raw: UnknownRaw, kind: Type, step: str) -> Val:
    """Give a part of an unknown value: unknown for the same reason."""
    symbol = f"{raw.symbol}{step}" if raw.symbol and len(raw.symbol) + len(step) <= types.MAX_SYMBOL else ""
    return Val(kind, UnknownRaw(raw.because, symbol=symbol, atoms=raw.atoms), value.chain, value.sensitive)


def _inner_type(kind: Type, name: str | Fraction | None) -> Type:
    if kind.kind == "object" and isinstance(name, str):
        return types.attributes_of(kind)[name]
    if kind.kind == "tuple" and isinstance(name, Fraction):
        return kind.elements[int(name)]
    if kind.kind in ("list", "set", "map"):
        return types.element_of(kind)
    inner = kind.elements or tuple(types.attributes_of(kind).values())
    return inner[0] if inner and all(types.same(one, inner[0]) for one in inner) else DYNAMIC


def _unified(yes: Val, no: Val) -> tuple[Val, Val]:
    """Bring both branches of a conditional to one type.

    Raises:
        EvaluationError: they have none in common.
    """
    if types.same(yes.type, no.type):
        return yes, no
    if yes.null and yes.type.kind == "dynamic":
        return replace(yes, type=no.type), no
    if no.null and no.type.kind == "dynamic":
        return yes, replace(no, type=yes.type)
    if "dynamic" in (yes.type.kind, no.type.kind):
        return yes, no
    common = types.unify((yes.type, no.type))
    if common is None:
        raise EvaluationError("the true and false result expressions must have consistent types")
    return types.convert(yes, common), types.convert(no, common)


def _range_of(value: Val) -> tuple[int | Fraction | None, int | Fraction | None]:
    raw = value.raw
    if isinstance(raw, UnknownRaw):
        return raw.low, raw.high
    if isinstance(raw, Fraction):
        return raw, raw
    return None, None


def _bounds(yes: Val, no: Val) -> tuple[int | Fraction | None, int | Fraction | None]:
    """Give the least and the most that a number, or the size of a collection, can be in two branches."""
    sizes = []
    for value in (yes, no):
        if value.type.kind in ("list", "set", "map") and not isinstance(value.raw, UnknownRaw | None):
            sizes.append(_range_of(types.length(value)))
        else:
            sizes.append(_range_of(value))
    (low, high), (other_low, other_high) = sizes
    least = None if low is None or other_low is None else min(low, other_low)
    most = None if high is None or other_high is None else max(high, other_high)
    return least, most


def _decided(operator: str, left: Val, right: Val) -> bool | None:
    """Compare two numbers by what they can be; None when that does not decide."""
    (low, high), (other_low, other_high) = _range_of(left), _range_of(right)
    compare = _COMPARE[operator]
    if operator in ("<", "<="):
        least, most = (low, other_high), (high, other_low)
    else:
        least, most = (high, other_low), (low, other_high)
    if None not in most and compare(*map(Fraction, most)):  # type: ignore[arg-type]
        return True
    if None not in least and not compare(*map(Fraction, least)):  # type: ignore[arg-type]
        return False
    return None


def _number(value: Val) -> Fraction:
    assert isinstance(value.raw, Fraction)
    return value.raw
