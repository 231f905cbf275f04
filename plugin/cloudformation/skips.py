"""Suppressions: comments inside a resource, and its `Metadata`, as checkov reads them."""

from __future__ import annotations

import re

from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Scalar, Sequence, Source
from checkov_cloudtrail.model.values import Skip

_COMMENT = re.compile(r"(?:checkov|bridgecrew|cortex):skip= *([A-Za-z_\d-]+(?:,[A-Za-z_\d-]+)*)(?::([^\n]*))?")
_TOOLS = ("checkov", "bridgecrew")


def skips(resource: Entry) -> tuple[Skip, ...]:
    """Find the suppressions of one resource: one comment a line, from its logical id to the next thing in the file."""
    source = resource.key.source
    start, end = resource.key.start, _end_of_comments(source, resource.value.end)
    found: list[Skip] = []
    if ":skip=" in source.text[start:end]:
        begin = start
        for line in source.text[start:end].splitlines(keepends=True):
            match = _COMMENT.search(line)
            if match:
                place = source.range(begin + match.start(), begin + match.end())
                reason = (match[2] or "").strip()
                found.extend(Skip(rule, reason, place) for rule in match[1].split(","))
            begin += len(line)
    if isinstance(resource.value, Mapping):
        found.extend(_metadata(resource.value.get("Metadata")))
    return tuple(found)


def _end_of_comments(source: Source, end: int) -> int:
    """Take in the rest of the line, and the blank lines and comments that follow."""
    text = source.text
    while True:
        newline = text.find("\n", end)
        if newline < 0:
            return len(text)
        following = text[newline + 1 : newline + 201].lstrip(" \t\r")
        end = newline + 1
        if not following.startswith(("#", "\n")):
            return end


def _metadata(metadata: Node | None) -> list[Skip]:
    found: list[Skip] = []
    for tool in _TOOLS:
        own = metadata.get(tool) if isinstance(metadata, Mapping) else None
        entries = own.get("skip") if isinstance(own, Mapping) else None
        for entry in entries.items if isinstance(entries, Sequence) else ():
            if isinstance(entry, Mapping) and isinstance(rule := entry.get("id"), Scalar):
                comment = entry.get("comment")
                reason = comment.text if isinstance(comment, Scalar) else ""
                found.append(Skip(rule.text, reason, entry.range))
    return found
