"""Text that is safe on a terminal, and its width."""

from __future__ import annotations

import pytest

from checkov_cloudtrail.report.visible import visible, width

CASES = [
    ("plain", "a b", "a b", 3),
    ("tab", "\ta", "    a", 5),
    ("escape", "\x1b[0m", "\\x1b[0m", 7),
    ("newline", "a\nb", "a\\x0ab", 6),
    ("right to left", "a\u202eb", "a\\u202eb", 8),
    ("wide", "日本", "日本", 4),
    ("combining", "e\u0301", "e\u0301", 1),
    ("umlaut", "Zürich", "Zürich", 6),
]


@pytest.mark.parametrize(("name", "text", "shown", "columns"), CASES, ids=[case[0] for case in CASES])
def test_visible(name: str, text: str, shown: str, columns: int) -> None:
    assert (visible(text), width(visible(text))) == (shown, columns), name
