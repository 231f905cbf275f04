"""Terraform's regular expressions: RE2's syntax and meaning, matched in time linear to the text.

Python's `re` reads other syntax and can take exponential time, so patterns are compiled to a list of instructions that
are run for all alternatives at once: one pass over the text, whatever the pattern.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from checkov_cloudtrail.budget import Budget, BudgetError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.registry import (
    Environment,
    NotEvaluatedError,
    check_size,
)
from checkov_cloudtrail.terraform.values import DYNAMIC, STRING, EvaluationError, Type, Val

MAX_PROGRAM = 5_000
MAX_DEPTH = 100
MAX_REPEAT = 1_000

Slots: TypeAlias = tuple[int, ...]
Matcher: TypeAlias = Callable[[str], bool]


# -- syntax tree ------------------------------------------------------------------------------------------------------


@record
class _Letter:
    """One character that passes a test."""

    matches: Matcher


@record
class _Place:
    """A position: `start`, `end` of the text, `line start`, `line end`, `word` boundary or `no word` boundary."""

    kind: str


@record
class _Sequence:
    items: tuple[_Node, ...]


@record
class _Choice:
    options: tuple[_Node, ...]


@record
class _Repeat:
    item: _Node
    least: int
    most: int | None
    greedy: bool


@record
class _Group:
    index: int
    item: _Node


_Node: TypeAlias = _Letter | _Place | _Sequence | _Choice | _Repeat | _Group


@dataclass(slots=True)
class _Flags:
    fold: bool = False
    lines: bool = False
    dot_all: bool = False
    ungreedy: bool = False

    def copy(self) -> _Flags:
        return _Flags(self.fold, self.lines, self.dot_all, self.ungreedy)


_DIGITS = (("0", "9"),)
_WORDS = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_BLANKS = (("\t", "\n"), ("\f", "\r"), (" ", " "))
_CLASSES = {"d": _DIGITS, "w": _WORDS, "s": _BLANKS}
_POSIX = {
    "alnum": (("0", "9"), ("A", "Z"), ("a", "z")),
    "alpha": (("A", "Z"), ("a", "z")),
    "ascii": (("\0", "\x7f"),),
    "blank": (("\t", "\t"), (" ", " ")),
    "cntrl": (("\0", "\x1f"), ("\x7f", "\x7f")),
    "digit": _DIGITS,
    "graph": (("!", "~"),),
    "lower": (("a", "z"),),
    "print": ((" ", "~"),),
    "punct": (("!", "/"), (":", "@"), ("[", "`"), ("{", "~")),
    "space": (("\t", "\r"), (" ", " ")),
    "upper": (("A", "Z"),),
    "word": _WORDS,
    "xdigit": (("0", "9"), ("A", "F"), ("a", "f")),
}
_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CATEGORIES = {"C": "cfos", "L": "lmotu", "M": "cen", "N": "dlo", "P": "cdefios", "S": "ckmo", "Z": "lps"}
_Ranges: TypeAlias = tuple[tuple[str, str], ...]


def _refuse(reason: str) -> EvaluationError:
    return EvaluationError(f"invalid regexp pattern: {reason}")


def _in_ranges(ranges: _Ranges) -> Matcher:
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        wanted = ranges[0][0]
        return lambda letter: letter == wanted
    return lambda letter: any(low <= letter <= high for low, high in ranges)


def _in_category(name: str) -> Matcher:
    if name == "Any":
        return lambda letter: True
    if name[:1] not in _CATEGORIES or name[1:] not in ("", *_CATEGORIES[name[:1]]):
        raise NotEvaluatedError(f"the regular expression class \\p{{{name}}} is not evaluated")
    return lambda letter: unicodedata.category(letter).startswith(name)


def _not(matches: Matcher) -> Matcher:
    return lambda letter: not matches(letter)


def _any_of(tests: Sequence[Matcher]) -> Matcher:
    if len(tests) == 1:
        return tests[0]
    return lambda letter: any(test(letter) for test in tests)


def _folded(matches: Matcher) -> Matcher:
    def test(letter: str) -> bool:
        upper, lower = letter.upper(), letter.lower()
        variants = {letter, upper, lower, upper.lower(), lower.upper()}
        return any(len(one) == 1 and matches(one) for one in variants)

    return test


@dataclass(slots=True)
class _Parser:
    """Reads a pattern into a tree."""

    text: str
    at: int = 0
    flags: _Flags = field(default_factory=_Flags)
    names: list[str] = field(default_factory=list)
    depth: int = 0

    def look(self, ahead: str) -> bool:
        return self.text.startswith(ahead, self.at)

    def take(self, ahead: str) -> bool:
        if self.look(ahead):
            self.at += len(ahead)
            return True
        return False

    def letter(self) -> str:
        if self.at >= len(self.text):
            raise _refuse("trailing backslash at end of expression")
        self.at += 1
        return self.text[self.at - 1]

    def until(self, end: str, what: str) -> str:
        found = self.text.find(end, self.at)
        if found < 0:
            raise _refuse(what)
        piece, self.at = self.text[self.at : found], found + len(end)
        return piece

    def whole(self) -> _Node:
        tree = self.choice()
        if self.at < len(self.text):
            raise _refuse(f"unexpected ): {self.text}")
        return tree

    def choice(self) -> _Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BudgetError(f"a regular expression with more than {MAX_DEPTH} nested groups")
        outer = self.flags.copy()
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        self.flags = outer
        self.depth -= 1
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def sequence(self) -> _Node:
        items: list[_Node] = []
        while self.at < len(self.text) and not self.look("|") and not self.look(")"):
            if self.take("\\Q"):
                quoted = self.text[self.at :].split("\\E", 1)[0]
                self.at = min(len(self.text), self.at + len(quoted) + 2)
                items.extend(self.literal(letter) for letter in quoted)
            else:
                item = self.item()
                if item is None:
                    continue
                items.append(item)
            if items:
                items[-1] = self.repeated(items[-1])
        return items[0] if len(items) == 1 else _Sequence(tuple(items))

    def item(self) -> _Node | None:
        letter = self.letter()
        match letter:
            case "(":
                return self.group()
            case "[":
                return self.bracket()
            case ".":
                return _Letter((lambda one: True) if self.flags.dot_all else (lambda one: one != "\n"))
            case "^":
                return _Place("line start" if self.flags.lines else "start")
            case "$":
                return _Place("line end" if self.flags.lines else "end")
            case "\\":
                return self.escape()
            case "*" | "+" | "?":
                raise _refuse(f"missing argument to repetition operator: {letter}")
            case "{" if self.counts(self.at - 1) is not None:
                raise _refuse("missing argument to repetition operator: {")
        return self.literal(letter)

    def literal(self, letter: str) -> _Letter:
        return self.tested(_in_ranges(((letter, letter),)))

    def tested(self, matches: Matcher) -> _Letter:
        return _Letter(_folded(matches) if self.flags.fold else matches)

    def escape(self) -> _Node:
        places = {"A": "start", "z": "end", "b": "word", "B": "no word"}
        if self.at < len(self.text) and self.text[self.at] in places:
            return _Place(places[self.letter()])
        matches = self.class_escape()
        if matches is not None:
            return self.tested(matches)
        return self.literal(self.character())

    def class_escape(self) -> Matcher | None:
        """Read `\\d`, `\\W`, `\\pL`, `\\P{Lu}` behind the backslash; None when it is none of them."""
        letter = self.text[self.at : self.at + 1]
        if letter.lower() in _CLASSES and letter:
            self.at += 1
            matches = _in_ranges(_CLASSES[letter.lower()])
            return _not(matches) if letter.isupper() else matches
        if letter not in ("p", "P") or not letter:
            return None
        self.at += 1
        name = self.until("}", "invalid character class range") if self.take("{") else self.letter()
        inverted = (letter == "P") != name.startswith("^")
        matches = _in_category(name.removeprefix("^"))
        return _not(matches) if inverted else matches

    def character(self) -> str:
        """Read the escape of one character behind the backslash."""
        letter = self.letter()
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter == "x":
            digits = (
                self.until("}", "invalid escape sequence: \\x") if self.take("{") else self.letter() + self.letter()
            )
            return self.code(digits, 16)
        following = self.text[self.at : self.at + 1]
        if letter == "0" or (letter in "1234567" and following and following in "01234567"):
            digits = letter
            while len(digits) < 3 and self.text[self.at : self.at + 1] in tuple("01234567"):
                digits += self.letter()
            return self.code(digits, 8)
        if letter.isascii() and letter.isalnum():
            raise _refuse(f"invalid escape sequence: \\{letter}")
        return letter

    def code(self, digits: str, base: int) -> str:
        try:
            return chr(int(digits, base))
        except (ValueError, OverflowError) as error:
            raise _refuse(f"invalid escape sequence: \\x{{{digits}}}") from error

    def group(self) -> _Node | None:
        index: int | None = None
        if self.take("?"):
            if self.take("P<") or self.take("<"):
                name = self.until(">", f"invalid named capture: {self.text}")
                if not name or not all(one == "_" or (one.isascii() and one.isalnum()) for one in name):
                    raise _refuse(f"invalid named capture: {name}")
                if name in self.names:
                    raise _refuse(f"duplicate capture group name: {name}")
                self.names.append(name)
                index = len(self.names)
            else:
                changed, closed = self.flag_group()
                if closed:
                    self.flags = changed
                    return None
                outer, self.flags = self.flags, changed
                inner = self.choice()
                self.flags = outer
                self.close()
                return inner
        else:
            self.names.append("")
            index = len(self.names)
        inner = self.choice()
        self.close()
        return _Group(index, inner)

    def close(self) -> None:
        if not self.take(")"):
            raise _refuse(f"missing closing ): {self.text}")

    def flag_group(self) -> tuple[_Flags, bool]:
        """Read `i-s:` or `i)` behind `(?`; tell whether it was the latter, for the rest of the group."""
        flags, value, start, fresh = self.flags.copy(), True, self.at, True
        while self.at < len(self.text):
            match self.letter():
                case "i":
                    flags.fold = value
                case "m":
                    flags.lines = value
                case "s":
                    flags.dot_all = value
                case "U":
                    flags.ungreedy = value
                case "-" if value:
                    value, fresh = False, True
                    continue
                case (":" | ")") as end if value or not fresh:
                    return flags, end == ")"
                case _:
                    break
            fresh = False
        raise _refuse(f"invalid or unsupported Perl syntax: (?{self.text[start : self.at]}")

    def bracket(self) -> _Node:
        inverted = self.take("^")
        tests: list[Matcher] = []
        first = True
        while first or not self.look("]"):
            if self.at >= len(self.text):
                raise _refuse(f"missing closing ]: {self.text}")
            first = False
            if self.look("[:"):
                end = self.text.find(":]", self.at)
                if end >= 0:
                    tests.append(self.posix(self.text[self.at + 2 : end]))
                    self.at = end + 2
                    continue
            if self.look("\\"):
                mark = self.at
                self.at += 1
                matches = self.class_escape()
                if matches is not None:
                    tests.append(matches)
                    continue
                self.at = mark
            low = self.bracket_letter()
            high = low
            if self.look("-") and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self.bracket_letter()
                if high < low:
                    raise _refuse(f"invalid character class range: {low}-{high}")
            tests.append(_in_ranges(((low, high),)))
        self.take("]")
        matches = _any_of(tests)
        if self.flags.fold:
            matches = _folded(matches)
        return _Letter(_not(matches) if inverted else matches)

    def bracket_letter(self) -> str:
        letter = self.letter()
        return self.character() if letter == "\\" else letter

    def posix(self, name: str) -> Matcher:
        ranges = _POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise _refuse(f"invalid character class range: [:{name}:]")
        matches = _in_ranges(ranges)
        return _not(matches) if name.startswith("^") else matches

    def repeated(self, item: _Node) -> _Node:
        """Apply the operator that follows, if one does."""
        start = self.at
        if self.take("*"):
            least, most = 0, None
        elif self.take("+"):
            least, most = 1, None
        elif self.take("?"):
            least, most = 0, 1
        else:
            counts = self.counts(self.at)
            if counts is None:
                return item
            least, most, self.at = counts
            if least > MAX_REPEAT or (most is not None and (most > MAX_REPEAT or most < least)):
                raise _refuse(f"invalid repeat count: {self.text[start : self.at]}")
        greedy = not self.take("?")
        if self.look("*") or self.look("+") or self.look("?") or self.counts(self.at) is not None:
            raise _refuse(f"invalid nested repetition operator: {self.text[start : self.at + 1]}")
        return _Repeat(item, least, most, greedy != self.flags.ungreedy)

    def counts(self, start: int) -> tuple[int, int | None, int] | None:
        """Read `{2}`, `{2,}` or `{2,5}`; None when the brace is a plain character."""
        end = self.text.find("}", start)
        if not self.text.startswith("{", start) or end < 0 or end - start > len("{10000,10000}"):
            return None
        low, comma, high = self.text[start + 1 : end].partition(",")
        if not (low.isascii() and low.isdigit()) or (high and not (high.isascii() and high.isdigit())):
            return None
        return int(low), (int(high) if high else None) if comma else int(low), end + 1


# -- program ----------------------------------------------------------------------------------------------------------

# Operation, then what it works on: ("letter", test), ("place", kind), ("fork", first, second), ("jump", to),
# ("save", slot), ("match",).
_Step: TypeAlias = tuple[str, Matcher | str | int, int]


@dataclass(slots=True)
class Pattern:
    """A compiled pattern.

    Args:
        names: of the groups, in order; empty for those without a name.
        steps: the program.
    """

    names: tuple[str, ...]
    steps: list[_Step] = field(default_factory=list)

    def search(self, text: str, start: int, budget: Budget) -> Slots | None:
        """Find the first match from a position on, the preferred one of those that start there.

        Returns:
            Start and end of the match and of each group, -1 for groups without a part in it; None for no match.
        """
        blank = (-1,) * (2 * len(self.names) + 2)
        threads: list[tuple[int, Slots]] = []
        best: Slots | None = None
        for at in range(start, len(text) + 1):
            if best is None:
                seen = {counter for counter, _ in threads}
                self._follow(threads, seen, 0, blank, text, at)
            budget.spend(1 + len(threads) // 4)
            if not threads and best is not None:
                break
            following: list[tuple[int, Slots]] = []
            seen = set()
            letter = text[at] if at < len(text) else ""
            for counter, slots in threads:
                operation, argument, _ = self.steps[counter]
                if operation == "match":
                    best = slots
                    break
                if letter and callable(argument) and argument(letter):
                    self._follow(following, seen, counter + 1, slots, text, at + 1)
            threads = following
        return best

    def _follow(
        self, threads: list[tuple[int, Slots]], seen: set[int], counter: int, slots: Slots, text: str, at: int
    ) -> None:
        """Add what can be reached from a step without reading a character, the preferred first."""
        waiting = [(counter, slots)]
        while waiting:
            counter, slots = waiting.pop()
            if counter in seen:
                continue
            seen.add(counter)
            operation, argument, other = self.steps[counter]
            if operation == "jump":
                waiting.append((other, slots))
            elif operation == "fork":
                assert isinstance(argument, int)
                waiting.append((other, slots))
                waiting.append((argument, slots))
            elif operation == "save":
                waiting.append((counter + 1, (*slots[:other], at, *slots[other + 1 :])))
            elif operation == "place":
                if _holds(str(argument), text, at):
                    waiting.append((counter + 1, slots))
            else:
                threads.append((counter, slots))

    def all(self, text: str, budget: Budget) -> Iterator[Slots]:
        """Find all matches that do not overlap; an empty one right behind another does not count."""
        at, end = 0, -1
        while at <= len(text):
            found = self.search(text, at, budget)
            if found is None:
                return
            accepted = not (found[1] == at and found[0] == end)
            at = at + 1 if found[1] == at else found[1]
            end = found[1]
            if accepted:
                yield found


def _holds(kind: str, text: str, at: int) -> bool:
    match kind:
        case "start":
            return at == 0
        case "end":
            return at == len(text)
        case "line start":
            return at == 0 or text[at - 1] == "\n"
        case "line end":
            return at == len(text) or text[at] == "\n"
    boundary = _word(text[at - 1 : at] if at else "") != _word(text[at : at + 1])
    return boundary == (kind == "word")


def _word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


@lru_cache(maxsize=256)
def compiled(text: str) -> Pattern:
    """Compile a pattern.

    Raises:
        EvaluationError: Terraform refuses it.
        BudgetError: it is too large.
    """
    parser = _Parser(text)
    tree = parser.whole()
    pattern = Pattern(tuple(parser.names))
    pattern.steps.append(("save", 0, 0))
    _emit(tree, pattern.steps)
    pattern.steps.extend((("save", 0, 1), ("match", 0, 0)))
    return pattern


def _emit(node: _Node, steps: list[_Step]) -> None:
    if len(steps) > MAX_PROGRAM:
        raise BudgetError("a regular expression that is too large")
    match node:
        case _Letter(matches):
            steps.append(("letter", matches, 0))
        case _Place(kind):
            steps.append(("place", kind, 0))
        case _Sequence(items):
            for item in items:
                _emit(item, steps)
        case _Group(index, item):
            steps.append(("save", 0, 2 * index))
            _emit(item, steps)
            steps.append(("save", 0, 2 * index + 1))
        case _Choice(options):
            _emit_choice(options, steps)
        case _Repeat():
            _emit_repeat(node, steps)


def _emit_choice(options: tuple[_Node, ...], steps: list[_Step]) -> None:
    ends: list[int] = []
    for option in options[:-1]:
        fork = len(steps)
        steps.append(("fork", 0, 0))
        _emit(option, steps)
        ends.append(len(steps))
        steps.append(("jump", 0, 0))
        steps[fork] = ("fork", fork + 1, len(steps))
    _emit(options[-1], steps)
    for end in ends:
        steps[end] = ("jump", 0, len(steps))


def _emit_repeat(node: _Repeat, steps: list[_Step]) -> None:
    for _ in range(node.least):
        _emit(node.item, steps)
    if node.most is None:
        fork = len(steps)
        steps.append(("fork", 0, 0))
        _emit(node.item, steps)
        steps.append(("jump", 0, fork))
        steps[fork] = _fork(fork + 1, len(steps), node.greedy)
        return
    forks: list[int] = []
    for _ in range(node.most - node.least):
        forks.append(len(steps))
        steps.append(("fork", 0, 0))
        _emit(node.item, steps)
    for fork in forks:
        steps[fork] = _fork(fork + 1, len(steps), node.greedy)


def _fork(inside: int, behind: int, greedy: bool) -> _Step:
    return ("fork", inside, behind) if greedy else ("fork", behind, inside)


# -- what functions need ----------------------------------------------------------------------------------------------


def result_type(pattern: Val) -> Type:
    """Tell what `regex` gives for a pattern.

    Raises:
        EvaluationError: the pattern is not valid, or only some of its groups have names.
    """
    if not isinstance(pattern.raw, str):
        return DYNAMIC
    try:
        names = compiled(pattern.raw).names
    except NotEvaluatedError:
        return DYNAMIC
    if not names:
        return STRING
    if all(names):
        return Type("object", attributes=dict.fromkeys(sorted(names), STRING))
    if any(names):
        raise _refuse("cannot mix both named and unnamed capture groups")
    return Type("tuple", elements=(STRING,) * len(names))


def captures(pattern: Pattern, text: str, slots: Slots) -> Val:
    """Give the value of one match as `regex` does."""
    groups = [
        types.string(text[slots[index] : slots[index + 1]]) if slots[index] >= 0 else Val(STRING, None)
        for index in range(0, len(slots), 2)
    ]
    if not pattern.names:
        return groups[0]
    if all(pattern.names):
        return types.object_of(dict(zip(pattern.names, groups[1:], strict=True)))
    if any(pattern.names):
        raise _refuse("cannot mix both named and unnamed capture groups")
    return types.tuple_of(groups[1:])


def substitute(source: str, text: str, template: str, environment: Environment) -> str:
    """Replace all matches by a template with `$1` and `${name}`, as Go does."""
    pattern = compiled(source)
    result: list[str] = []
    at = done = size = 0
    while at <= len(text):
        found = pattern.search(text, at, environment.budget)
        if found is None:
            break
        result.append(text[done : found[0]])
        if found[1] > done or found[0] == 0:
            result.append(_expanded(template, pattern, text, found))
            size += len(result[-1])
            check_size(environment, size)
        done = found[1]
        at = max(found[1], at + 1)
    result.append(text[done:])
    return "".join(result)


def _expanded(template: str, pattern: Pattern, text: str, slots: Slots) -> str:
    pieces: list[str] = []
    rest = template
    while "$" in rest:
        before, rest = rest.split("$", 1)
        pieces.append(before)
        if rest.startswith("$"):
            pieces.append("$")
            rest = rest[1:]
            continue
        braced = rest.startswith("{")
        body = rest[1:] if braced else rest
        size = next((index for index, one in enumerate(body) if not (one.isalnum() or one == "_")), len(body))
        name = body[:size]
        if not name or (braced and not body.startswith("}", size)):
            pieces.append("$")
            continue
        rest = body[size + braced :]
        pieces.append(_captured(name, pattern, text, slots))
    return "".join((*pieces, rest))


def _captured(name: str, pattern: Pattern, text: str, slots: Slots) -> str:
    if name.isascii() and name.isdigit():
        index = int(name) if len(name) < 5 else len(slots)
    else:
        index = pattern.names.index(name) + 1 if name in pattern.names else len(slots)
    if 2 * index + 1 >= len(slots) or slots[2 * index] < 0:
        return ""
    return text[slots[2 * index] : slots[2 * index + 1]]
