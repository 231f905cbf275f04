"""What the checks did inside of checkov, told to whoever started it.

checkov runs frameworks in processes of their own and drops UNKNOWN from every output, so `checkov-cloudtrail checkov`
cannot see from checkov's report what was asked. Its checks write one line of JSON per event to the file that this
environment variable names; without the variable nothing is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

Event: TypeAlias = Mapping[str, Any]
"""`event` names the kind; the rest depends on it."""

VARIABLE = "CHECKOV_CLOUDTRAIL_JOURNAL"


def wanted() -> bool:
    """Tell whether somebody reads along."""
    return bool(os.environ.get(VARIABLE))


def write(event: str, **details: Any) -> None:
    """Append an event. One write of one line: processes may share the file."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    line = json.dumps({"event": event, **details}).encode() + b"\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def read(path: Path) -> list[Event]:
    """Read every event back."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
