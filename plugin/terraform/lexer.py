"""HCL text to tokens, with Terraform's newline rule: a newline counts only in a body and directly inside braces.

Tokens are tuples `(kind, start, end)`. The kind of an operator or bracket is its own text; the others are `name`,
`string` (a quoted string without interpolation), `number`, `newline` and `end`. Any other template is a sequence of
tokens: `quote`, `heredoc` or `bare`, then `text`, `${` … `}` and `%{` … `}` (which keep a trim marker in their range),
then `end-template`. A heredoc's text comes line by line.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TypeAlias

Token: TypeAlias = tuple[str, int, int]

MAX_NESTING = 100

_ESCAPED = r"\$\$\{|%%\{|\$(?!\{)|%(?!\{)"
_PLAIN = rf'"(?:[^"\\$%\n]++|\\[^\n]|{_ESCAPED})*+"'
_COMMENT = r"\#[^\n]*+|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_HEREDOC = r"<<-?[^\W\d][\w-]*+\r?\n"
_NAME = r"[^\W\d][\w-]*+"

_TOKEN = re.compile(
    rf"""(?:[^\S\n]++|{_COMMENT})*+(?:
    (?P<newline>\n)
    |(?P<name>{_NAME}(?:::{_NAME})*+)
    |(?P<string>{_PLAIN})
    |(?P<number>\d++(?:\.\d++)*+(?:[eE][+-]?\d++)?)
    |(?P<heredoc>{_HEREDOC})
    |(?P<operator>&&|\|\||[=!<>]=|=>|\.\.\.|~\}}|/(?!\*)|[-+*%!<>=?:.,(){{}}\[\]])
    |(?P<quote>")
    |(?P<blank>\Z))""",
    re.VERBOSE,
)
_BLANK = re.compile(rf"(?:[^\S\n]++|{_COMMENT})*+")
_TEXT = {
    "quote": re.compile(rf'(?:[^"\\$%\n]++|\\[^\n]|{_ESCAPED})++'),
    "bare": re.compile(rf"(?:[^$%]++|{_ESCAPED})++"),
    "heredoc": re.compile(rf"(?:[^$%\n]++|{_ESCAPED})*+\n?"),
}
_OPENING = re.compile(r"[$%]\{~?")
_CLOSER = {"(": ")", "[": "]", "{": "}", "${": "}", "%{": "}"}
_CLOSING = frozenset((")", "]", "}", "~}"))
_NEED_VALUE = ("=", "&&", "||", "==", "!=", "<", ">", "<=", ">=", "+", "-", "/", "%", "?", "!", "${")
_NO_VALUE = (
    *("=", "&&", "||", "==", "!=", "<", ">", "<=", ">=", "+", "*", "/", "%"),
    *("?", ":", ",", ".", ")", "]", "}", "end"),
)
_NEVER = frozenset({(kind, after) for kind in _NEED_VALUE for after in _NO_VALUE} | {("=", "newline")})
_NAMED = {
    "(": "parenthesis",
    "[": "bracket",
    "{": "brace",
    "${": "interpolation",
    "%{": "directive",
    "quote": "string",
    "heredoc": "heredoc",
}


class HclSyntaxError(Exception):
    """The text is not HCL: the offset of the place and what is wrong there."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class _Lexer:
    """One run over the text. The stack holds the open brackets and templates with their offsets, innermost last."""

    def __init__(self, text: str, brace: int | None = None) -> None:
        self.text = text
        # With a brace, reading begins behind it and ends where it is closed.
        self.bounded = brace is not None
        self.position = 0 if brace is None else brace + 1
        self.stack: list[tuple[str, int]] = [] if brace is None else [("{", brace)]
        # What stands outside of all brackets, as indexes of the tokens that begin and end it.
        self.outermost: list[tuple[int, int]] = []
        self.markers: list[str] = []
        self.tokens: list[Token] = []

    def push(self, what: str, at: int) -> None:
        if len(self.stack) >= MAX_NESTING:
            raise HclSyntaxError(at, f"nested more than {MAX_NESTING} levels deep")
        self.stack.append((what, at))

    def run(self) -> list[Token]:
        """Read the whole text, or the block whose brace was given."""
        size = len(self.text)
        while self.position < size and (self.stack or not self.bounded):
            if self.stack and self.stack[-1][0] in _TEXT:
                self.template()
            else:
                self.code()
        if self.stack and self.stack[-1][0] == "bare":
            self.stack.pop()
            self.tokens.append(("end-template", size, size))
        if self.stack:
            what, at = self.stack[-1]
            raise HclSyntaxError(at, f"this {_NAMED.get(what, what)} is never closed")
        self.tokens.append(("end", self.position, self.position))
        return self.tokens

    def code(self) -> None:
        """Read tokens until a template begins or goes on, or nothing more is to be read."""
        text, stack, tokens = self.text, self.stack, self.tokens
        position = self.position
        for found in _TOKEN.finditer(text, position):
            begin, end = found.span()
            if begin != position:
                raise HclSyntaxError(*_strange(text, position))
            kind, position = found.lastgroup, end
            if kind == "newline" and stack and stack[-1][0] != "{":
                continue
            if kind is None or kind == "blank":
                break
            start = found.start(kind)
            if kind == "operator":
                kind = text[start:position]
                if kind in _CLOSER:
                    if not stack:
                        self.outermost.append((len(tokens), 0))
                    self.push(kind, start)
                elif kind in _CLOSING:
                    self.close(kind, start)
                    if not stack:
                        if self.bounded:
                            tokens.append((kind, start, position))
                            break
                        self.outermost[-1] = (self.outermost[-1][0], len(tokens))
                    if stack and stack[-1][0] in _TEXT:
                        tokens.append(("}", start, position))
                        break
            tokens.append((kind, start, position))
            if kind in _TEXT:
                self.push(kind, start)
                if kind == "heredoc":
                    self.markers.append(text[start:position].lstrip("<-").rstrip())
                break
        else:
            if position < len(text):
                raise HclSyntaxError(*_strange(text, position))
        self.position = position

    def close(self, kind: str, at: int) -> None:
        """Close the innermost bracket or interpolation."""
        opened = self.stack[-1][0] if self.stack else ""
        trimmed = kind == "~}" and opened in ("${", "%{")
        if not trimmed and _CLOSER.get(opened) != kind:
            where = f" inside a {_NAMED.get(opened, opened)}" if opened else ""
            raise HclSyntaxError(at, f"unexpected {kind!r}{where}")
        self.stack.pop()

    def template(self) -> None:
        """Read one piece of the innermost template."""
        kind, at = self.stack[-1]
        text, position = self.text, self.position
        if kind == "heredoc" and text[position - 1] == "\n" and self.at_marker(position):
            return
        if kind == "quote" and text[position] == '"':
            self.tokens.append(("end-template", position, position + 1))
            self.position = position + 1
            self.stack.pop()
            return
        found = _TEXT[kind].match(text, position)
        if found is not None and found.end() > position:
            self.tokens.append(("text", position, found.end()))
            self.position = found.end()
            return
        opening = _OPENING.match(text, position)
        if opening is None:
            raise HclSyntaxError(at, f"this {_NAMED[kind]} is never closed")
        self.tokens.append((opening[0][:2], position, opening.end()))
        self.push(opening[0][:2], position)
        self.position = opening.end()

    def at_marker(self, position: int) -> bool:
        """Tell whether a heredoc's last line begins here, and read it."""
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        if self.text[position:end].strip() != self.markers[-1]:
            return False
        self.tokens.append(("end-template", position, end))
        self.position = end
        self.markers.pop()
        self.stack.pop()
        return True


def _strange(text: str, position: int) -> tuple[int, str]:
    """Say where and why no token begins at or behind an offset."""
    found = _BLANK.match(text, position)
    at = found.end() if found else position
    if text.startswith("/*", at):
        return at, "this comment is never closed"
    if text.startswith("<<", at):
        return at, "a heredoc needs a name and a line of its own"
    return at, f"unexpected character {text[at]!r}"


def tokens(text: str) -> list[Token]:
    """Read a whole text: a file's, or one expression's.

    Raises:
        HclSyntaxError: it is not HCL.
    """
    return _Lexer(text).run()


def body_tokens(text: str, brace: int) -> list[Token]:
    """Read a block, from behind its opening brace at an offset to its closing one.

    Raises:
        HclSyntaxError: it is not HCL.
    """
    return _Lexer(text, brace).run()


def blocks(text: str) -> list[list[Token]]:
    """Find the top-level blocks of a file: the tokens of each header, the opening brace and the closing one.

    What is inside is not parsed; of the errors there only those are found that can be seen in passing.

    Raises:
        HclSyntaxError: the text is not HCL, or something else than a block stands in it.
    """
    lexer = _Lexer(text)
    read = lexer.run()
    _check_neighbours(text, read)
    found: list[list[Token]] = []
    behind = 0
    for opening, closing in lexer.outermost:
        header = read[behind : opening + 1]
        while header[0][0] == "newline":
            header = header[1:]
        wrong = next((token for token in header[1:-1] if token[0] not in ("name", "string")), None)
        if wrong is not None and wrong[0] == "=":
            raise HclSyntaxError(header[0][1], "an argument is not expected outside of a block")
        if wrong is not None or header[0][0] != "name" or header[-1][0] != "{":
            raise HclSyntaxError((wrong or header[0])[1], "expected a block: a type, names and '{' on one line")
        if behind and read[behind][0] != "newline":
            raise HclSyntaxError(header[0][1], "expected a new line behind the block")
        found.append([*header, read[closing]])
        behind = closing + 1
    rest = next((token for token in read[behind:] if token[0] not in ("newline", "end")), None)
    if rest is not None:
        raise HclSyntaxError(rest[1], "expected a block: a type, names and '{' on one line")
    return found


def _check_neighbours(text: str, read: list[Token]) -> None:
    """Find neighbours that no HCL has: an operator without what it operates on."""
    kinds = [token[0] for token in read]
    if _NEVER.isdisjoint(pairwise(kinds)):
        return
    for (kind, _, _), (after, start, end) in pairwise(read):
        if (kind, after) in _NEVER:
            shown = "the end of the line" if after == "newline" else repr(text[start:end])
            raise HclSyntaxError(start, f"expected a value behind {kind!r}, found {shown}")


def template_tokens(text: str) -> list[Token]:
    """Read a text that is a template as a whole: a string of JSON syntax, a file for `templatefile`.

    Raises:
        HclSyntaxError: it is not a template.
    """
    lexer = _Lexer(text)
    lexer.push("bare", 0)
    lexer.tokens.append(("bare", 0, 0))
    return lexer.run()
