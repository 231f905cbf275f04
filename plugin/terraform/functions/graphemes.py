"""What Terraform counts as one character: grapheme clusters ([UAX29], without the rules for Indic scripts)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_REGIONAL = range(0x1F1E6, 0x1F200)
_LEADING, _VOWELS, _TRAILING = range(0x1100, 0x1160), range(0x1160, 0x11A8), range(0x11A8, 0x1200)
_SYLLABLES = range(0xAC00, 0xD7A4)
_PICTURES = (range(0x1F000, 0x1FB00), range(0x2190, 0x2C00), range(0x3030, 0x3031), range(0x3297, 0x329A))


def clusters(text: str) -> list[str]:
    """Split text into what a reader sees as characters."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    return list(_split(text))


def _split(text: str) -> Iterator[str]:
    start, regional = 0, 0
    for index in range(1, len(text) + 1):
        regional = regional + 1 if ord(text[index - 1]) in _REGIONAL else 0
        if index == len(text) or _breaks(text, start, index, regional):
            yield text[start:index]
            start, regional = index, 0


def _breaks(text: str, start: int, index: int, regional: int) -> bool:
    before, after = text[index - 1], text[index]
    if before == "\r" and after == "\n":
        return False
    if _control(before) or _control(after):
        return True
    code, following = ord(before), ord(after)
    if _extends(after) or _joins_hangul(code, following):
        return False
    if before == _JOINER and _picture(following):
        base = next((one for one in reversed(text[start : index - 1]) if not _extends(one)), "")
        return not base or not _picture(ord(base))
    return not (following in _REGIONAL and regional % 2)


def _control(letter: str) -> bool:
    if letter in (_JOINER, "\u200c"):
        return False
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cf")


def _extends(letter: str) -> bool:
    if letter in (_JOINER, "\u200c") or 0x1F3FB <= ord(letter) <= 0x1F3FF:
        return True
    return unicodedata.category(letter) in ("Mn", "Me", "Mc")


def _picture(code: int) -> bool:
    return any(code in block for block in _PICTURES)


def _joins_hangul(code: int, following: int) -> bool:
    if code in _LEADING:
        return following in _LEADING or following in _VOWELS or following in _SYLLABLES
    if code in _VOWELS or (code in _SYLLABLES and (code - _SYLLABLES.start) % 28 == 0):
        return following in _VOWELS or following in _TRAILING
    return (code in _TRAILING or code in _SYLLABLES) and following in _TRAILING
