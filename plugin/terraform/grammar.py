"""HCL tokens to expressions and bodies, with Terraform's own grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from checkov_cloudtrail.budget import BudgetError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import nodes, numbers
from checkov_cloudtrail.terraform.lexer import HclSyntaxError, Token, template_tokens, tokens

_PRECEDENCE = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_CONSTANTS = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)|\$\$\{|%%\{")
_TEMPLATE_ESCAPE = re.compile(r"\$\$\{|%%\{")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_MAX_CHAIN = 2_000
_SHOWN = {
    "newline": "the end of the line",
    "end": "the end of the text",
    "quote": '"',
    "end-template": "the end of the string",
}


@record
class Assignment:
    """`name = expression` in a body."""

    name: str
    expression: nodes.Expression
    start: int
    end: int


@record
class BlockText:
    """A block in a body. `header_end` is behind the opening brace."""

    type: str
    labels: tuple[str, ...]
    body: BodyText
    start: int
    header_end: int
    end: int


@record
class BodyText:
    """What stands between braces, or in a whole file."""

    assignments: tuple[Assignment, ...]
    blocks: tuple[BlockText, ...]


class Parser:
    """Recursive descent over the tokens of one text. The lexer has limited the nesting already."""

    def __init__(self, text: str, read: list[Token]) -> None:
        self.text = text
        self.read = read
        self.at = 0
        # Newlines count: the lexer leaves out those inside parentheses and brackets, a for-expression ignores the rest.
        self.lines = True

    # Tokens

    def peek(self) -> str:
        """The kind of the next token that counts."""
        if not self.lines:
            while self.read[self.at][0] == "newline":
                self.at += 1
        return self.read[self.at][0]

    def take(self) -> Token:
        """Read the next token that counts."""
        self.peek()
        token = self.read[self.at]
        if token[0] != "end":
            self.at += 1
        return token

    def expect(self, kind: str, what: str) -> Token:
        """Read a token of this kind."""
        if self.peek() != kind:
            raise self.fault(f"expected {what}")
        return self.take()

    def source(self, token: Token) -> str:
        """The text of a token."""
        return self.text[token[1] : token[2]]

    def fault(self, message: str) -> HclSyntaxError:
        """Say what is wrong at the next token."""
        kind, start, end = self.read[self.at]
        found = _SHOWN.get(kind) or repr(self.text[start:end][:40])
        return HclSyntaxError(start, f"{message}, found {found}")

    def word(self) -> str:
        """The next token's text when it is a name."""
        return self.source(self.read[self.at]) if self.peek() == "name" else ""

    @contextmanager
    def counting_lines(self, count: bool) -> Iterator[None]:
        """Let newlines count, or not, for a while."""
        before, self.lines = self.lines, count
        yield
        self.lines = before

    # Bodies

    def body(self, closing: str) -> BodyText:
        """Read attributes and blocks up to a closing token, which is not read."""
        assignments: dict[str, Assignment] = {}
        blocks: list[BlockText] = []
        # Behind the brace on the same line only one argument may stand, and the closing brace behind it.
        alone = closing == "}" and self.peek() != "newline"
        while True:
            while self.peek() == "newline":
                self.at += 1
            if self.peek() == closing:
                return BodyText(tuple(assignments.values()), tuple(blocks))
            name = self.expect("name", "an argument or block")
            if self.peek() == "=":
                self.at += 1
                expression = self.expression()
                text = self.source(name)
                if text in assignments:
                    raise HclSyntaxError(name[1], f"the argument {text!r} was already set")
                assignments[text] = Assignment(text, expression, name[1], expression.end)
            elif alone:
                raise HclSyntaxError(name[1], "expected an argument: a block needs a line of its own")
            else:
                blocks.append(self.block(name))
            if alone:
                if self.peek() != closing:
                    raise self.fault("expected '}': the block has begun on this line")
            elif self.peek() not in ("newline", "end"):
                raise self.fault("expected a new line")

    def block(self, name: Token) -> BlockText:
        """Read the rest of a block whose type was read."""
        labels: list[str] = []
        while self.peek() in ("name", "string"):
            label = self.take()
            labels.append(unquoted(self.text, label) if label[0] == "string" else self.source(label))
        brace = self.expect("{", "'=' or '{'")
        body = self.body("}")
        close = self.take()
        return BlockText(self.source(name), tuple(labels), body, name[1], brace[2], close[2])

    # Expressions

    def whole(self) -> nodes.Expression:
        """Read an expression that is the whole text."""
        self.lines = False
        expression = self.expression()
        self.expect("end", "the end of the expression")
        return expression

    def expression(self) -> nodes.Expression:
        """Read an expression: `a ? b : c` binds loosest and groups to the right."""
        conditions: list[tuple[nodes.Expression, nodes.Expression]] = []
        last = self.binary(1)
        while self.peek() == "?":
            self.at += 1
            yes = self.expression()
            self.expect(":", "':' of the conditional")
            conditions.append((last, yes))
            last = self.binary(1)
            if len(conditions) > _MAX_CHAIN:
                raise self.fault("too many conditionals in one expression")
        for condition, yes in reversed(conditions):
            last = nodes.Conditional(condition.start, last.end, condition, yes, last)
        return last

    def binary(self, lowest: int) -> nodes.Expression:
        """Read operators of at least this precedence; equal ones group to the left."""
        left = self.unary()
        count = 0
        while (precedence := _PRECEDENCE.get(self.peek(), 0)) >= lowest:
            operator = self.take()[0]
            right = self.binary(precedence + 1)
            left = nodes.Binary(left.start, right.end, operator, left, right)
            count += 1
            if count > _MAX_CHAIN:
                raise self.fault("too many operators in one expression")
        return left

    def unary(self) -> nodes.Expression:
        """Read a term with the `!` and `-` before it."""
        signs: list[Token] = []
        while self.peek() in ("!", "-"):
            signs.append(self.take())
            if len(signs) > _MAX_CHAIN:
                raise self.fault("too many operators in one expression")
        operand = self.traversal(self.term())
        for sign in reversed(signs):
            operand = nodes.Unary(sign[1], operand.end, sign[0], operand)
        return operand

    def traversal(self, subject: nodes.Expression) -> nodes.Expression:
        """Read `.name`, `[key]` and splats behind a term."""
        for _ in range(_MAX_CHAIN):
            kind = self.peek()
            if kind == ".":
                self.at += 1
                if self.peek() == "*":
                    star = self.take()
                    each = self.attributes(nodes.Each(star[1], star[2]))
                    subject = nodes.Splat(subject.start, each.end, subject, each)
                else:
                    subject = self.attribute(subject)
            elif kind == "[":
                self.at += 1
                if self.peek() == "*" and self.read[self.at + 1][0] == "]":
                    self.at += 1
                    close = self.take()
                    each = self.traversal(nodes.Each(close[1], close[2]))
                    return nodes.Splat(subject.start, each.end, subject, each)
                with self.counting_lines(False):
                    key = self.expression()
                    self.peek()
                close = self.expect("]", "']'")
                subject = nodes.Index(subject.start, close[2], subject, key)
            else:
                return subject
        raise self.fault("too many steps in one traversal")

    def attributes(self, subject: nodes.Expression) -> nodes.Expression:
        """Read the attributes that belong to `.*`: it goes into attributes only, `[…]` indexes its result."""
        while self.peek() == "." and self.read[self.at + 1][0] in ("name", "number"):
            self.at += 1
            subject = self.attribute(subject)
        return subject

    def attribute(self, subject: nodes.Expression) -> nodes.Expression:
        """Read what follows a dot: a name, or the legacy index `.0`, of which `.0.1` is read as one number."""
        kind, start, end = self.take()
        if kind == "name":
            return nodes.Attribute(subject.start, end, subject, self.text[start:end])
        if kind != "number":
            self.at -= 1
            raise self.fault("expected an attribute name")
        for digits in self.text[start:end].split("."):
            if not digits.isdigit():
                raise HclSyntaxError(start, f"{self.text[start:end]!r} is no attribute name")
            subject = nodes.Attribute(subject.start, end, subject, digits)
        return subject

    def term(self) -> nodes.Expression:
        """Read the smallest expression."""
        kind = self.peek()
        token = self.read[self.at]
        _, start, end = token
        if kind == "name":
            self.at += 1
            return self.named(token)
        if kind == "string":
            self.at += 1
            return nodes.Literal(start, end, unquoted(self.text, token))
        if kind == "number":
            self.at += 1
            return nodes.Literal(start, end, number(self.text[start:end], start))
        if kind in ("quote", "heredoc"):
            return self.template()
        if kind == "(":
            self.at += 1
            with self.counting_lines(False):
                inner = self.expression()
                self.peek()
            close = self.expect(")", "')'")
            return nodes.Parentheses(start, close[2], inner)
        if kind == "[":
            return self.sequence()
        if kind == "{":
            return self.mapping()
        raise self.fault("expected a value")

    def named(self, token: Token) -> nodes.Expression:
        """Read a function call, a constant, or the root of a traversal."""
        _, start, end = token
        name = self.text[start:end]
        if self.peek() == "(":
            self.at += 1
            arguments, expand, close = self.arguments()
            return nodes.Call(start, close, name, arguments, expand)
        if name in _CONSTANTS:
            return nodes.Literal(start, end, _CONSTANTS[name])
        if "::" in name:
            raise HclSyntaxError(start, f"{name!r} is a function: its arguments are missing")
        return nodes.Name(start, end, name)

    def arguments(self) -> tuple[tuple[nodes.Expression, ...], bool, int]:
        """Read a call's arguments: they, whether the last is expanded, and where the call ends."""
        found: list[nodes.Expression] = []
        expand = False
        with self.counting_lines(False):
            while self.peek() != ")":
                found.append(self.expression())
                if self.peek() == "...":
                    self.at += 1
                    expand = True
                    if self.peek() == ",":
                        self.at += 1
                    break
                if self.peek() != ",":
                    break
                self.at += 1
            close = self.expect(")", "',' or ')'")
        return tuple(found), expand, close[2]

    def sequence(self) -> nodes.Expression:
        """Read `[…]`: elements, or a for-expression."""
        _, start, _ = self.take()
        with self.counting_lines(False):
            if self.word() == "for":
                return self.comprehension(start, "]")
            items: list[nodes.Expression] = []
            while self.peek() != "]":
                items.append(self.expression())
                if self.peek() != ",":
                    break
                self.at += 1
            close = self.expect("]", "',' or ']'")
        return nodes.Tuple(start, close[2], tuple(items))

    def mapping(self) -> nodes.Expression:
        """Read `{…}`: items, one a line or separated by commas, or a for-expression."""
        _, start, _ = self.take()
        with self.counting_lines(False):
            if self.word() == "for":
                return self.comprehension(start, "}")
        items: list[tuple[nodes.Expression, nodes.Expression]] = []
        with self.counting_lines(True):
            while True:
                while self.peek() == "newline":
                    self.at += 1
                if self.peek() == "}":
                    break
                key = self.key()
                if self.peek() not in ("=", ":"):
                    raise self.fault("expected '=' and a value")
                self.at += 1
                items.append((key, self.expression()))
                if self.peek() == ",":
                    self.at += 1
                elif self.peek() not in ("newline", "}"):
                    raise self.fault("expected a new line or ','")
            close = self.take()
        return nodes.Object(start, close[2], tuple(items))

    def key(self) -> nodes.Expression:
        """Read an object's key: a bare name is text, anything else an expression."""
        key = self.expression()
        if isinstance(key, nodes.Name):
            return nodes.Literal(key.start, key.end, key.name)
        return key

    def comprehension(self, start: int, closing: str) -> nodes.Expression:
        """Read a for-expression behind its bracket."""
        with self.counting_lines(False):
            key_name, value_name, collection = self.intro()
            self.expect(":", "':'")
            key = None
            value = self.expression()
            if closing == "}":
                self.expect("=>", "'=>'")
                key, value = value, self.expression()
            group = closing == "}" and self.peek() == "..."
            if group:
                self.at += 1
            condition = None
            if self.word() == "if":
                self.at += 1
                condition = self.expression()
            close = self.expect(closing, f"{closing!r}")
        return nodes.For(start, close[2], key_name, value_name, collection, key, value, condition, group)

    def intro(self) -> tuple[str, str, nodes.Expression]:
        """Read `for k, v in collection`: both names (the first may be empty) and the collection."""
        self.take()
        key_name, value_name = "", self.source(self.expect("name", "a variable name"))
        if self.peek() == ",":
            self.at += 1
            key_name, value_name = value_name, self.source(self.expect("name", "a variable name"))
        if self.word() != "in":
            raise self.fault("expected 'in'")
        self.at += 1
        return key_name, value_name, self.expression()

    # Templates

    def template(self) -> nodes.Expression:
        """Read a quoted string or heredoc with interpolations, or a text that is a template as a whole."""
        kind, start, _ = self.take()
        parts = self.pieces(kind)
        if kind == "heredoc" and self.text.startswith("<<-", start):
            parts = _unindented(parts)
        close = self.take()
        tree, rest = _assembled(self, parts, 0, ())
        if rest < len(parts):
            raise HclSyntaxError(parts[rest].start, f"unexpected template directive {parts[rest].word!r}")
        if len(tree) == 1 and len(parts) == 1 and parts[0].expression is not None:
            return parts[0].expression
        texts = [part.value for part in tree if isinstance(part, nodes.Literal) and isinstance(part.value, str)]
        if len(texts) == len(tree):
            return nodes.Literal(start, close[2], "".join(texts))
        return nodes.Template(start, close[2], tree)

    def pieces(self, kind: str) -> list[_Piece]:
        """Read the flat sequence of texts, interpolations and directives, white space trimmed by their markers."""
        pieces: list[_Piece] = []
        trim = False
        while self.peek() != "end-template":
            token = self.take()
            _, start, end = token
            if token[0] == "text":
                text = self.text[start:end]
                text = _unescaped(text, start) if kind == "quote" else _TEMPLATE_ESCAPE.sub(lambda m: m[0][1:], text)
                pieces.append(_Piece(start, end, text=text.lstrip() if trim else text))
                trim = False
                continue
            if self.text[end - 1] == "~" and pieces and pieces[-1].text is not None:
                pieces[-1].text = pieces[-1].text.rstrip()
            with self.counting_lines(False):
                piece = self.interpolation(start) if token[0] == "${" else self.directive(start)
                close = self.expect("}", "'}'")
            trim = self.text[close[1]] == "~"
            pieces.append(piece)
        return pieces

    def interpolation(self, start: int) -> _Piece:
        """Read the inside of `${…}`."""
        expression = self.expression()
        return _Piece(start, expression.end, expression=expression)

    def directive(self, start: int) -> _Piece:
        """Read the inside of `%{…}`."""
        word = self.word()
        if word == "if":
            self.at += 1
            condition = self.expression()
            return _Piece(start, condition.end, word=word, condition=condition)
        if word == "for":
            key_name, value_name, collection = self.intro()
            return _Piece(start, collection.end, word=word, condition=collection, names=(key_name, value_name))
        if word in ("else", "endif", "endfor"):
            token = self.take()
            return _Piece(start, token[2], word=word)
        raise self.fault("expected if, else, endif, for or endfor")


@dataclass(slots=True)
class _Piece:
    """One piece of a template: text, or an expression, or a directive's word with its expression."""

    start: int
    end: int
    text: str | None = None
    expression: nodes.Expression | None = None
    word: str = ""
    condition: nodes.Expression | None = None
    names: tuple[str, str] = ("", "")


def _assembled(
    parser: Parser, pieces: list[_Piece], at: int, until: tuple[str, ...]
) -> tuple[tuple[nodes.Expression, ...], int]:
    """Nest the directives: the parts from a piece on, and the index of the directive that ends them."""
    parts: list[nodes.Expression] = []
    while at < len(pieces):
        piece = pieces[at]
        if piece.word in until or piece.word in ("else", "endif", "endfor"):
            break
        at += 1
        if piece.text is not None:
            if piece.text:
                parts.append(nodes.Literal(piece.start, piece.end, piece.text))
        elif piece.expression is not None:
            parts.append(piece.expression)
        elif piece.condition is not None:
            part, at = _directive(parser, pieces, at, piece, piece.condition)
            parts.append(part)
    return tuple(parts), at


def _directive(
    parser: Parser, pieces: list[_Piece], at: int, opening: _Piece, condition: nodes.Expression
) -> tuple[nodes.Expression, int]:
    """Read the pieces of an `if` or `for` up to its end, and behind it."""

    def ends_with(*words: str) -> str:
        if at >= len(pieces) or pieces[at].word not in words:
            raise HclSyntaxError(opening.start, f"this %{{ {opening.word} }} has no {words[-1]}")
        return pieces[at].word

    body, at = _assembled(parser, pieces, at, ())
    whole = nodes.Template(opening.start, opening.end, body)
    if opening.word == "for":
        ends_with("endfor")
        end = pieces[at].end
        return nodes.TemplateFor(opening.start, end, *opening.names, condition, whole), at + 1
    otherwise: tuple[nodes.Expression, ...] = ()
    if ends_with("else", "endif") == "else":
        otherwise, at = _assembled(parser, pieces, at + 1, ())
        ends_with("endif")
    end = pieces[at].end
    no = nodes.Template(opening.start, end, otherwise)
    return nodes.Conditional(opening.start, end, condition, whole, no), at + 1


def _unindented(pieces: list[_Piece]) -> list[_Piece]:
    """Take the common indentation from the lines of a `<<-` heredoc; blank lines have no say in it."""
    spaces: list[int] = []
    adjusted: list[_Piece] = []
    fresh = True
    for piece in pieces:
        if fresh:
            fresh = False
            text = piece.text
            if text is None:
                spaces.append(0)
            elif text.strip() or not text.endswith("\n"):
                spaces.append(len(text) - len(text.lstrip()))
                adjusted.append(piece)
        fresh = piece.text is not None and piece.text.endswith("\n")
    for piece in adjusted:
        piece.text = (piece.text or "")[min(spaces) :]
    return pieces


def number(text: str, start: int) -> Fraction:
    """Read a number literal.

    Raises:
        HclSyntaxError: it has too many digits.
    """
    try:
        value = numbers.parse(text)
    except BudgetError as error:
        raise HclSyntaxError(start, str(error)) from error
    if value is None:
        raise HclSyntaxError(start, f"{text!r} is no number")
    return value


def unquoted(text: str, token: Token) -> str:
    """Give the value of a quoted string without interpolations."""
    inner = text[token[1] + 1 : token[2] - 1]
    if "\\" in inner or "{" in inner:
        return _unescaped(inner, token[1] + 1)
    return inner


def _unescaped(text: str, start: int) -> str:
    def one(found: re.Match[str]) -> str:
        short, long, letter = found.groups()
        if short or long:
            code = int(short or long, 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        elif letter is None:
            return found[0][1:]
        elif letter in _LETTERS:
            return _LETTERS[letter]
        raise HclSyntaxError(start + found.start(), f"unknown escape sequence {found[0]!r} in a string")

    return _ESCAPE.sub(one, text)


def expression(text: str) -> nodes.Expression:
    """Parse a text that is one expression.

    Raises:
        HclSyntaxError: it is not one.
    """
    return Parser(text, tokens(text)).whole()


def template(text: str) -> nodes.Expression:
    """Parse a text that is a template: a string of JSON syntax, a file for `templatefile`.

    Raises:
        HclSyntaxError: it is not one.
    """
    if "${" not in text and "%{" not in text:
        return nodes.Literal(0, len(text), text)
    return Parser(text, template_tokens(text)).template()
