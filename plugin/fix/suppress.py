"""A suppression as an edit: a comment inside the resource, or `Metadata.checkov.skip` where JSON has no comments."""

from __future__ import annotations

from checkov_cloudtrail.fix import documents
from checkov_cloudtrail.fix.change import Change, indentation, line_break, line_end
from checkov_cloudtrail.model.location import UnreadableError


def suppression(text: str, path: str, start: int, end: int, rule: str, reason: str) -> Change | None:
    """Give the change that suppresses a rule for a resource; None where there is no place for it.

    Args:
        text: of the file.
        path: of the file; only its ending matters.
        start: offset of the resource, in code points.
        end: offset behind it.
        rule: id of the rule.
        reason: why.
    """
    if path.endswith((".tf.json", ".tofu.json")):
        return None  # checkov reads no suppressions there
    if text.lstrip().startswith("{") and not path.endswith((".tf", ".tofu")):
        return _in_metadata(text, path, start, {"id": rule, "comment": reason})
    below = line_end(text, start)
    below += len(line_break(text)) if below < len(text) else 0
    first = text[start:below]
    if below >= end or ("{" in first and "}" in first.rpartition("{")[2]):
        return None
    inside = next((line for line in text[below:end].split("\n") if line.strip()), "")
    indent = inside[: len(inside) - len(inside.lstrip())]
    return Change(below, below, f"{indent}# checkov:skip={rule}:{reason}{line_break(text)}")


def _in_metadata(text: str, path: str, start: int, skip: dict[str, documents.Content]) -> Change | None:
    from checkov_cloudtrail.cloudformation import reader

    try:
        root = reader.read(reader.Source(path, text))
    except UnreadableError:
        return None
    resource = documents.route(root, start).mappings[-1] if isinstance(root, reader.Mapping) else None
    if resource is None:
        return None
    inner: reader.Node | None = resource
    for key in ("Metadata", "checkov", "skip"):
        inner = inner.get(key) if isinstance(inner, reader.Mapping) else None
    if isinstance(inner, reader.Sequence) and inner.items:
        last = inner.items[-1]
        separator = ", "
        if "\n" in text[inner.start : last.start]:
            separator = f",{line_break(text)}{indentation(text, last.start)}"
        return Change(last.end, last.end, separator + documents.flow(skip, quoted=True))
    changes = documents.insert(text, resource, {"Metadata": {"checkov": {"skip": [skip]}}})
    return changes[0] if changes is not None and len(changes) == 1 else None
