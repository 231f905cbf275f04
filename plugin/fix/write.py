"""Changed files on their way to the disk, or into a patch."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

_QUOTED = {ord('"'): '\\"', ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}


class WriteError(Exception):
    """A file that was left alone; the text names it and says why."""


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Give a file new content, whole or not at all; a link stays a link and its target is changed.

    Args:
        path: the file.
        before: its content when it was judged.
        after: the new content.

    Raises:
        WriteError: it changed since it was judged, or cannot be written.
    """
    target = path.resolve()
    try:
        if target.read_bytes() != before:
            raise WriteError(f"{path} was changed meanwhile and is left alone")
        if not os.access(target, os.W_OK):
            raise WriteError(f"{path} is read-only and is left alone")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(handle)
            os.chmod(name, target.stat().st_mode)
            os.replace(name, target)
        except OSError:
            os.unlink(name)
            raise
    except OSError as error:
        raise WriteError(f"{path} cannot be written: {error.strerror}") from error


def patch(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Write the difference between two states of files as a patch that `git apply` takes."""
    parts: list[str] = []
    for name in sorted(after):
        old, new = before[name].decode(), after[name].decode()
        # Only a line feed ends a line in a patch; splitlines() knows eleven more.
        lines = difflib.unified_diff(_lines(old), _lines(new), _name(f"a/{name}"), _name(f"b/{name}"))
        parts += [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
    return "".join(parts)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])


def _name(name: str) -> str:
    """Quote a name as git does; one with blanks needs a tab behind it."""
    quoted = name.translate(_QUOTED)
    if quoted != name:
        return f'"{quoted}"'
    return name + "\t" * (" " in name)
