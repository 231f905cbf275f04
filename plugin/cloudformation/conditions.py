"""Conditions: Kleene's logic over Equals, And, Or, Not and named conditions, each answer with the places behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Protocol

from checkov_cloudtrail.cloudformation.choices import Choices, Open, Split
from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Scalar, Sequence
from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import AnyValue, Known, Reference, Unknown

_MAX_CHAIN = 12


@record
class Decision:
    """The answer to a condition.

    Args:
        truth: None when it is open.
        because: when open: clause that names what would decide it.
        split: when open: the choice that would decide it.
        chain: the places behind the answer, nearest first.
    """

    truth: bool | None
    because: str = ""
    split: Split | None = None
    chain: tuple[Step, ...] = ()

    @property
    def open(self) -> Open:
        """The open answer as `Choices.needed` takes it."""
        return Open(self.because, self.split)


class Values(Protocol):
    """What conditions need of the evaluator."""

    choices: Choices

    def value(self, node: Node) -> AnyValue:
        """Evaluate a node."""

    def enter(self) -> bool:
        """Go one level deeper; False when that is too deep."""

    def leave(self) -> None:
        """Come back from `enter`."""


def text(value: AnyValue) -> str | None:
    """The text of a known scalar, as CloudFormation compares it."""
    match value:
        case Known(bool() as flag):
            return "true" if flag else "false"
        case Known(str() | int() | float() as plain):
            return str(plain)
    return None


def equal(left: AnyValue, right: AnyValue, choices: Choices) -> Decision:
    """Compare two values as `Fn::Equals` does: scalars as strings."""
    chain = (*left.origin.chain, *right.origin.chain)[:_MAX_CHAIN]
    answer = _equal(left, right, choices)
    if isinstance(answer, Open):
        return Decision(None, answer.because, answer.split, chain)
    return Decision(answer, chain=chain)


def _equal(left: AnyValue, right: AnyValue, choices: Choices) -> bool | Open:
    if isinstance(left, Known) and isinstance(right, Known):
        return _same(left, right, choices)
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        return _both_unknown(left, right, choices)
    unknown, other = (left, right) if isinstance(left, Unknown) else (right, left)
    literal = text(other)
    if isinstance(unknown, Unknown) and literal is not None:
        return _unknown_is(unknown, literal, choices)
    return Open(unknown.because if isinstance(unknown, Unknown) else "AWS::NoValue is compared")


def _same(left: Known[object], right: Known[object], choices: Choices) -> bool | Open:
    """Compare known values; lists and objects member by member."""
    one, other = left.value, right.value
    if isinstance(one, tuple) and isinstance(other, tuple):
        pairs = list(zip(one, other, strict=False))
        if len(one) != len(other):
            return False
    elif isinstance(one, Map) and isinstance(other, Map):
        if one.keys() != other.keys():
            return False
        pairs = [(one[name], other[name]) for name in one]
    else:
        return text(left) is not None and text(left) == text(right)  # type: ignore[arg-type]
    answers = [_equal(first, second, choices) for first, second in pairs]
    if any(answer is False for answer in answers):
        return False
    return next((answer for answer in answers if isinstance(answer, Open)), True)


def _unknown_is(unknown: Unknown, literal: str, choices: Choices) -> bool | Open:
    """Compare a partly known string with a literal."""
    parts = list(unknown.parts)
    if not parts:
        return Open(unknown.because)
    rest = literal
    if isinstance(parts[0], str):
        first = parts.pop(0)
        if not isinstance(first, str) or not rest.startswith(first):
            return False
        rest = rest.removeprefix(first)
    if parts and isinstance(parts[-1], str):
        last = parts.pop()
        if not isinstance(last, str) or not rest.endswith(last):
            return False
        rest = rest.removesuffix(last) if last else rest
    if not parts:
        return not rest
    references = [part for part in parts if isinstance(part, Reference)]
    if len(parts) == 1:
        return choices.equals(key_of(references[0]), rest)
    return _among_few(references, choices) or choices.flip(spelled(unknown.parts), literal)


def _both_unknown(left: Unknown, right: Unknown, choices: Choices) -> bool | Open:
    if not left.parts or not right.parts:
        return Open(left.because if not left.parts else right.because)
    if left.parts == right.parts:
        return True
    references = [part for part in (*left.parts, *right.parts) if isinstance(part, Reference)]
    first, second = sorted((spelled(left.parts), spelled(right.parts)))
    return _among_few(references, choices) or choices.flip(first, second)


def _among_few(references: Iterable[Reference], choices: Choices) -> Open | None:
    """Give the first of several references on which a comparison waits: few values, or a name that nothing has."""
    for reference in references:
        key = key_of(reference)
        answer = choices.value(key)
        if isinstance(answer, Open) and (answer.split is not None or choices.closed(key)):
            return answer
    return None


def key_of(reference: Reference) -> str:
    """The key of the choice that a reference is."""
    return f"{reference.address}.{reference.attribute}" if reference.attribute else reference.address


def spelled(parts: tuple[str | Reference, ...]) -> str:
    """Spell a partly known string as `Fn::Sub` would have it; a reference alone by its name."""
    if len(parts) == 1 and isinstance(parts[0], Reference):
        return key_of(parts[0])
    return "".join(part if isinstance(part, str) else f"${{{key_of(part)}}}" for part in parts)


def _several(value: AnyValue) -> tuple[AnyValue, ...] | None:
    """The members of a list; a string is a list of itself."""
    if isinstance(value, Known) and isinstance(value.value, tuple):
        return value.value
    return None if isinstance(value, Unknown) and not value.parts else (value,)


class Conditions:
    """The conditions of one stack.

    Args:
        find: gives a condition of the `Conditions` section by its name, or says why there is none.
        values: evaluates operands.
    """

    def __init__(self, find: Callable[[str], Entry | str], values: Values) -> None:
        self._find = find
        self._values = values
        self._known: dict[str, Decision] = {}
        self._busy: set[str] = set()

    def named(self, name: str) -> Decision:
        """Decide a condition by its name."""
        found = self._known.get(name)
        if found is not None:
            return found
        entry = self._find(name)
        if isinstance(entry, str):
            return Decision(None, entry)
        if name in self._busy:
            return Decision(None, f"condition {name} refers to itself")
        self._busy.add(name)
        try:
            decision = self.decide(entry.value)
        finally:
            self._busy.discard(name)
        truth = {True: "true", False: "false", None: "open"}[decision.truth]
        step = Step(entry.key.range, f"condition {name} is {truth}")
        decision = replace(decision, chain=(step, *decision.chain)[:_MAX_CHAIN])
        self._known[name] = decision
        return decision

    def decide(self, node: Node) -> Decision:
        """Decide a condition function, or a name in a place that wants a condition."""
        if not self._values.enter():
            return Decision(None, "the condition is nested too deeply")
        try:
            return self._decide(node)
        finally:
            self._values.leave()

    def _decide(self, node: Node) -> Decision:
        if isinstance(node, Scalar):
            if isinstance(node.value, bool):
                return Decision(node.value)
            return self.named(node.text)
        entry = node.sole if isinstance(node, Mapping) else None
        if entry is None:
            return Decision(None, "a condition function is expected here")
        operand = entry.value
        match entry.name:
            case "Condition" if isinstance(operand, Scalar):
                return self.named(operand.text)
            case "Fn::Equals" if isinstance(operand, Sequence) and len(operand.items) == 2:
                left, right = (self._values.value(item) for item in operand.items)
                return equal(left, right, self._values.choices)
            case "Fn::Not" if isinstance(operand, Sequence) and len(operand.items) == 1:
                inner = self.decide(operand.items[0])
                return replace(inner, truth=None if inner.truth is None else not inner.truth)
            case "Fn::And" if isinstance(operand, Sequence):
                return combine([self.decide(item) for item in operand.items], absorbing=False)
            case "Fn::Or" if isinstance(operand, Sequence):
                return combine([self.decide(item) for item in operand.items], absorbing=True)
            case "Fn::Contains" | "Fn::EachMemberEquals" | "Fn::EachMemberIn":
                return self._members(entry.name, operand)
            case "Condition" | "Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or":
                return Decision(None, f"{entry.name} has the wrong operands")
            case _:
                return self._by_value(node)

    def _members(self, function: str, operand: Node) -> Decision:
        """Decide the functions over lists that rules have."""
        sides = [self._values.value(item) for item in operand.items] if isinstance(operand, Sequence) else []
        if len(sides) != 2:
            return Decision(None, f"{function} takes a list and what to look for")
        left, right = (_several(side) for side in sides)
        if left is None or right is None:
            open_side = next((side for side in sides if isinstance(side, Unknown)), None)
            return Decision(None, open_side.because if open_side else f"{function} takes lists")
        choices = self._values.choices
        if function == "Fn::Contains":
            return combine([equal(item, each, choices) for item in left for each in right], absorbing=True)
        each_found = [combine([equal(item, each, choices) for each in right], absorbing=True) for item in left]
        return combine(each_found, absorbing=False)

    def _by_value(self, node: Node) -> Decision:
        """Decide what is no condition function: an FindInMap or Ref that gives true or false."""
        value = self._values.value(node)
        spelling = text(value)
        if spelling is not None and spelling.lower() in ("true", "false"):
            return Decision(spelling.lower() == "true", chain=value.origin.chain)
        return Decision(None, value.because if isinstance(value, Unknown) else "a condition function is expected here")


def combine(decisions: list[Decision], absorbing: bool) -> Decision:
    """Join decisions: And (False absorbs) or Or (True absorbs)."""
    for decision in decisions:
        if decision.truth is absorbing:
            return decision
    for decision in decisions:
        if decision.truth is None:
            return decision
    chain = tuple(dict.fromkeys(step for decision in decisions for step in decision.chain))
    return Decision(not absorbing, chain=chain[:_MAX_CHAIN])
