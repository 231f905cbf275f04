"""The sign of life on stderr."""

from __future__ import annotations

import io
import sys
import time

import pytest

from checkov_cloudtrail.cli import progress as module
from checkov_cloudtrail.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, patience: float) -> str:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", patience)
    monkeypatch.setattr(module, "REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(sys, "stderr", stream)
    deadline = time.monotonic() + 10
    with progress("judging"):
        while patience == 0 and "judging" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
            if not stream.isatty():
                break
    return stream.getvalue()


def test_a_long_run_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    written = shown(Terminal(), monkeypatch, patience=0)
    assert written.startswith("\rjudging ... 0 s")
    assert written.endswith("\r\x1b[K")


def test_a_short_run_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(Terminal(), monkeypatch, patience=60) == ""


def test_not_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(io.StringIO(), monkeypatch, patience=0) == ""
