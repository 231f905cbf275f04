"""The line hash by which GitHub recognises an alert whose line has moved (`primaryLocationLineHash`).

The algorithm is that of github/codeql-action's `fingerprints.ts`, which fills the hash in when a SARIF file lacks it
and warns when it finds another: a polynomial hash (base 37, modulo 2**64) over the hundred characters from the start
of a line, without blanks and tabs, padded with zeros after an end mark; and a count, since lines may be alike.
"""

from __future__ import annotations

import re
import struct
from collections import Counter

_WINDOW = 100
_BASE = 37
_MODULUS = 2**64
_END_MARK = "\uffff"


def line_hashes(text: str) -> tuple[str, ...]:
    """Hash every line of a text: `("8b7cf3e952e7aeb2:1", …)`, the first line's first."""
    lines = [line.translate({0x20: None, 0x09: None}) for line in re.split(r"\r\n|\r|\n", text)]
    # GitHub's tool reads UTF-16: a character beyond the first plane counts as two.
    stream = _utf16("\n".join(lines) + _END_MARK)
    seen: Counter[tuple[int, ...]] = Counter()
    hashes = []
    start = 0
    for line in lines:
        window = stream[start : start + _WINDOW]
        seen[window] += 1
        hashes.append(f"{_polynomial(window):x}:{seen[window]}")
        start += len(_utf16(line)) + 1
    return tuple(hashes)


def _utf16(text: str) -> tuple[int, ...]:
    encoded = text.encode("utf-16-le", "surrogatepass")
    return struct.unpack(f"<{len(encoded) // 2}H", encoded)


def _polynomial(window: tuple[int, ...]) -> int:
    value = 0
    for unit in window:
        value = value * _BASE + unit
    return value * pow(_BASE, _WINDOW - len(window), _MODULUS) % _MODULUS
