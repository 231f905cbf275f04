"""The oracle: what the real `terraform console` prints for expressions, and our values printed the same way."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from checkov_cloudtrail.terraform import numbers, types
from checkov_cloudtrail.terraform.values import Type, UnknownRaw, Val

UNKNOWN = "(known after apply)"
ERROR = "error"
BATCH = 25
_MARK = "=====fuzz====="


def available() -> bool:
    return shutil.which("terraform") is not None


def terraform(root: Path, command: str, *arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command of Terraform; what it says about its own configuration goes to stderr and is of no interest."""
    return subprocess.run(
        ["terraform", command, "-no-color", *arguments],
        cwd=root,
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "CHECKPOINT_DISABLE": "1"},
    )


def ask(root: Path, expressions: Sequence[str], doubtful: Sequence[bool] = ()) -> list[str]:
    """Print the value of each expression in a module; ERROR for those that Terraform refuses.

    Args:
        root: the module's directory, initialised.
        expressions: each on one line.
        doubtful: which of them are likely to be refused: they are asked one by one, the others together.
    """
    answers: dict[int, str] = {}
    together = [index for index in range(len(expressions)) if not (doubtful and doubtful[index])]
    alone = [index for index in range(len(expressions)) if doubtful and doubtful[index]]
    batches = [together[at : at + BATCH] for at in range(0, len(together), BATCH)] + [[index] for index in alone]
    while batches:
        batch = batches.pop()
        found = _batch(root, [expressions[index] for index in batch])
        if found is not None:
            answers.update(zip(batch, found, strict=True))
        elif len(batch) == 1:
            answers[batch[0]] = ERROR
        else:
            middle = len(batch) // 2
            batches += [batch[:middle], batch[middle:]]
    return [answers[index] for index in range(len(expressions))]


def _batch(root: Path, expressions: Sequence[str]) -> list[str] | None:
    """Ask for a tuple of expressions, since the console prints only the last answer; None when there is an error."""
    question = "".join(f'{expression}, "{_MARK}", ' for expression in expressions)
    done = terraform(root, "console", text=f"[{question}]\n")
    pieces = done.stdout.strip("\n").removeprefix("[\n").split(f',\n  "{_MARK}",\n')
    if done.returncode or len(pieces) != len(expressions) + 1:
        return None
    return [piece.removeprefix("  ") for piece in pieces[:-1]]


def printed(value: Val, indent: int = 2) -> str:
    """Print a value as the console does inside of a tuple."""
    raw = value.raw
    if value.sensitive:
        return "(sensitive value)"
    if isinstance(raw, UnknownRaw):
        return UNKNOWN
    if raw is None:
        return _null(value.type)
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Fraction):
        return numbers.text(raw)
    if isinstance(raw, str):
        return _text(raw, indent)
    if isinstance(raw, Mapping):
        lines = [f"{_text(key, indent + 2)} = {printed(raw[key], indent + 2)}" for key in sorted(raw)]
        body = _block("{}", lines, indent, "")
    else:
        body = _block("[]", [printed(inner, indent + 2) for inner in raw], indent, ",")
    return body if value.type.kind in ("tuple", "object") else f"to{value.type.kind}({body})"


def _block(brackets: str, lines: Sequence[str], indent: int, comma: str) -> str:
    if not lines:
        return brackets
    blank = " " * indent
    inner = "".join(f"{blank}  {line}{comma}\n" for line in lines)
    return f"{brackets[0]}\n{inner}{blank}{brackets[1]}"


def _null(kind: Type) -> str:
    if kind.kind == "dynamic":
        return "null"
    if kind.primitive:
        return f"to{kind.kind}(null)"
    if kind.kind in ("list", "set", "map"):
        return f"to{kind.kind}(null) /* of {_friendly(types.element_of(kind))} */"
    return f"null /* {kind.kind} */"


def _friendly(kind: Type) -> str:
    return "dynamic" if kind.kind == "dynamic" else types.friendly(kind)


def _text(text: str, indent: int) -> str:
    lines = text.split("\n")
    if len(lines) < 2:
        return _quoted(text)
    blank, delimiter = " " * indent, "EOT"
    while any(line.strip() == delimiter for line in lines):
        delimiter += "_"
    inner = "".join(f"\n{blank}{line}" for line in lines)
    return f"<<{'-' if indent else ''}{delimiter}{inner}\n{blank}{delimiter}"


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def _quoted(text: str) -> str:
    pieces = []
    for letter in text:
        code = ord(letter)
        if letter in _ESCAPES:
            pieces.append(_ESCAPES[letter])
        elif letter.isprintable():
            pieces.append(letter)
        elif code < 0x80:
            pieces.append(f"\\x{code:02x}")
        else:
            pieces.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return '"' + "".join(pieces) + '"'
