"""What a template leaves open, and the cases that follow: a decision tree that grows only where a decision needs it.

Every parameter, pseudo parameter, import or secret is a Choice with a Domain. Evaluation runs with an assignment of
narrower domains; where it has to decide something that the assignment leaves open, it raises Split, and `explore` runs
it again in each part. So only the choices that matter are enumerated, and equal choices are correlated everywhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import Generic, TypeVar

from checkov_cloudtrail.model.record import record

T = TypeVar("T")


@record
class Domain:
    """What something can still be.

    Args:
        values: one of these; None when it is open.
        excluded: when open: none of these.
    """

    values: tuple[str, ...] | None = None
    excluded: tuple[str, ...] = ()

    @property
    def single(self) -> str | None:
        """The value when there is only one."""
        return self.values[0] if self.values is not None and len(self.values) == 1 else None

    def holds(self, value: str) -> bool:
        """Tell whether a value is possible."""
        return value not in self.excluded if self.values is None else value in self.values

    def text(self, label: str) -> str:
        """Say it for people: `Env = dev`, `Env is not prod`."""
        if self.values is not None:
            shown = [value or '""' for value in self.values[:4]]
            more = ", …" * (len(self.values) > 4)
            last = f" or {shown.pop()}" if len(shown) > 1 and not more else ""
            return f"{label} = {', '.join(shown)}{more}{last}"
        shown = [value or '""' for value in self.excluded]
        return f"{label} is not {' or '.join(shown)}" if shown else f"{label} is anything"


def _anything(_: str) -> bool:
    return True


@record
class Choice:
    """Something that the template does not decide.

    Args:
        key: address of the parameter, or the text of the comparison.
        label: what people call it.
        domain: what it can be at all.
        default: what it is unless somebody chooses otherwise; None when it has to be chosen.
        admits: whether a value meets the constraints of an open domain.
        words: for a comparison: what people call it when it is true, and when it is false.
        closed: why nobody can choose it after all; empty when somebody can.
    """

    key: str
    label: str
    domain: Domain = Domain()
    default: str | None = None
    admits: Callable[[str], bool] = field(default=_anything, compare=False)
    words: tuple[str, str] | None = None
    closed: str = ""

    def text(self, domain: Domain) -> str:
        """Say for people what it is."""
        if self.words is not None and domain.single is not None:
            return self.words[0 if domain.single == "true" else 1]
        return domain.text(self.label)


@record
class Split:
    """The parts into which a choice falls at a decision."""

    key: str
    parts: tuple[Domain, ...]


class SplitError(Exception):
    """Evaluation cannot go on before a choice is split."""

    def __init__(self, split: Split) -> None:
        super().__init__(split.key)
        self.split = split


@record
class Open:
    """The answer to a question that the assignment leaves open.

    Args:
        because: clause for people that names what would decide it.
        split: how to get an answer; None when there is no way.
    """

    because: str
    split: Split | None = None


Assignment = Mapping[str, Domain]


class Choices:
    """The choices of one run.

    Args:
        assignment: the narrowed domains.
        opened: keys whose default does not count in this run.
        may_split: whether questions may be answered by splitting; else they stay open.

    `offered` holds the choices that came up, `touched` the keys whose default was used, `missed` counts the questions
    that splitting would answer.
    """

    def __init__(self, assignment: Assignment, opened: frozenset[str], may_split: bool) -> None:
        self.assignment = assignment
        self.may_split = may_split
        self.missed = 0
        self.touched: dict[str, None] = {}
        self.offered: dict[str, Choice] = {}
        self._opened = opened

    def offer(self, choice: Choice) -> None:
        """Make a choice known; it keeps its first form."""
        self.offered.setdefault(choice.key, choice)

    def _choice(self, key: str) -> Choice:
        self.offer(Choice(key, key))
        return self.offered[key]

    def domain(self, key: str) -> Domain:
        """Give what a choice can be in this run."""
        choice = self._choice(key)
        if choice.default is not None and key not in self._opened:
            self.touched[key] = None
            return Domain((choice.default,))
        return self.assignment.get(key, choice.domain)

    def undecided(self, key: str, *parts: Domain) -> Open:
        """Give the open answer that the parts of a choice would decide, if anybody can choose."""
        choice = self._choice(key)
        return Open(
            choice.closed or f"{choice.label} is open", Split(key, parts) if parts and not choice.closed else None
        )

    def closed(self, key: str) -> str:
        """Say why nobody can choose something; empty when somebody can."""
        return self.offered[key].closed if key in self.offered else ""

    def needed(self, answer: Open) -> None:
        """Say that evaluation depends on an open answer.

        Raises:
            SplitError: when splitting can answer it in this run.
        """
        if answer.split is not None:
            self.missed += 1
            if self.may_split:
                raise SplitError(answer.split)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Leave questions open for a while instead of splitting."""
        before, self.may_split = self.may_split, False
        try:
            yield
        finally:
            self.may_split = before

    def equals(self, key: str, literal: str) -> bool | Open:
        """Compare a choice with a literal."""
        domain = self.domain(key)
        choice = self._choice(key)
        if not domain.holds(literal) or (domain.values is None and not choice.admits(literal)):
            return False
        if domain.single is not None:
            return True
        if domain.values is None:
            rest = Domain(None, (*domain.excluded, literal))
        else:
            rest = Domain(tuple(value for value in domain.values if value != literal))
        return self.undecided(key, Domain((literal,)), rest)

    def among(self, key: str, groups: Sequence[tuple[str, ...]], rest: bool) -> int | Open | None:
        """Find the group of values that a choice is in; `len(groups)` when in none and `rest` allows that.

        Args:
            key: the choice.
            groups: disjoint groups of values.
            rest: whether it may be in none of them. If not, values outside are not possible at all.
        """
        domain = self.domain(key)
        parts = [Domain(tuple(value for value in group if domain.holds(value))) for group in groups]
        outside: Domain | None = None
        if rest:
            grouped = [value for group in groups for value in group]
            if domain.values is None:
                outside = Domain(None, tuple(dict.fromkeys((*domain.excluded, *grouped))))
            else:
                outside = Domain(tuple(value for value in domain.values if value not in grouped))
        alive = [(index, part) for index, part in enumerate(parts) if part.values]
        if outside is not None and outside.values != ():
            alive.append((len(groups), outside))
        if not alive:
            return None
        if len(alive) == 1:
            return alive[0][0]
        return self.undecided(key, *(part for _, part in alive))

    def value(self, key: str, limit: int = 16) -> str | Open:
        """Find the value of a choice among few."""
        domain = self.domain(key)
        if domain.single is not None:
            return domain.single
        if domain.values is None or len(domain.values) > limit:
            return self.undecided(key)
        return self.undecided(key, *(Domain((value,)) for value in domain.values))

    def boolean(self, key: str) -> bool | Open | None:
        """Find out whether a choice is true or false; None when it can be neither."""
        values = self.domain(key).values or ("true", "false")
        true, false = (tuple(value for value in values if value.lower() == word) for word in ("true", "false"))
        answer = self.among(key, (true, false), rest=False)
        return answer == 0 if isinstance(answer, int) else answer

    def flip(self, left: str, right: str) -> bool | Open:
        """Answer a comparison that nothing decides but itself: it may be true or not."""
        key = f"{left} = {right}"
        self.offer(Choice(key, key, words=(key, f"{left} is not {right}")))
        domain = self.assignment.get(key)
        if domain is not None and domain.single is not None:
            return domain.single == "true"
        return Open(f"{key} is open", Split(key, (Domain(("true",)), Domain(("false",)))))


@record
class Leaf(Generic[T]):
    """One case: the narrowed choices, in the order in which they came up, and what evaluation gave."""

    assignment: Assignment
    result: T


@record
class Explored(Generic[T]):
    """Every case. `complete` is False when the budget left some choices open in some of them."""

    leaves: tuple[Leaf[T], ...]
    complete: bool


def explore(run: Callable[[Assignment, bool], T | None], budget: int) -> Explored[T]:
    """Run an evaluation in every case, breadth first, so that the choices that came up first are split everywhere.

    Args:
        run: evaluates under an assignment; the flag allows it to raise SplitError. None when nobody can choose so.
        budget: how many cases there may be.
    """
    waiting: deque[Assignment] = deque([{}])
    leaves: list[Leaf[T]] = []
    complete = True
    while waiting:
        assignment = waiting.popleft()
        try:
            result = run(assignment, True)
        except SplitError as error:
            split = error.split
            if len(leaves) + len(waiting) + len(split.parts) > budget:
                complete = False
                result = run(assignment, False)
            else:
                waiting.extend({**assignment, split.key: part} for part in split.parts)
                continue
        if result is not None:
            leaves.append(Leaf(assignment, result))
    return Explored(tuple(leaves), complete)
