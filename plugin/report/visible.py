"""Text from scanned files made harmless and measurable for a terminal."""

from __future__ import annotations

import re
import unicodedata

# Control characters (C0, DEL, C1), line and paragraph separators, and what reorders or hides text: all of these could
# move the cursor, recolour the screen, or show a reader something else than what is written.
_HOSTILE = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_TAB = "    "


def visible(text: str) -> str:
    """Give text for one line of a terminal: tabs become spaces, every hostile character its escape (`\\x1b`)."""
    return _HOSTILE.sub(_escape, text)


def width(text: str) -> int:
    """Count the terminal columns of visible text: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\t":
        return _TAB
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
