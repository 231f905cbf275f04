from __future__ import annotations

import pytest

from checkov_cloudtrail.cloudtrail import grammar
from checkov_cloudtrail.lsp.completion import completions

HCL = """resource "aws_cloudtrail" "this" {
  name = "x"
  event_selector {
    read_write_type = "|"
  }
}
"""


def at_cursor(text: str) -> list[str]:
    """Complete at the `|` of a text."""
    before, _, after = text.partition("|")
    lines = (before + after).splitlines(keepends=True)
    line = before.count("\n")
    return completions(lines, line, len(before.rpartition("\n")[2]))


CASES = [
    ("HCL value", HCL, list(grammar.READ_WRITE_TYPES)),
    ("HCL value, started", HCL.replace("|", "Re|"), ["ReadOnly"]),
    ("HCL key", HCL.replace('read_write_type = "|"', "exc|"), ["exclude_management_event_sources"]),
    ("outside of a selector", HCL.replace('"x"', '"|"').replace('e = "|"\n  }', 'e = "All"\n  }'), []),
    ("behind a selector", HCL.replace('"|"', '"All"').replace("  }\n}", "  }\n  |\n}"), []),
    (
        "operand by field",
        'advanced_event_selector {\n  field_selector {\n    field  = "readOnly"\n    equals = ["|"]\n  }\n}\n',
        ["true", "false"],
    ),
    (
        "operand before field",
        'advanced_event_selector {\n  field_selector {\n    equals = ["Man|"]\n    field  = "eventCategory"\n  }\n}\n',
        ["Management"],
    ),
    (
        "field",
        'advanced_event_selector {\n  field_selector {\n    field = "event|"\n  }\n}\n',
        [field for field in grammar.FIELDS if field.startswith("event")],
    ),
    ("YAML value", "      EventSelectors:\n        - ReadWriteType: |\n", list(grammar.READ_WRITE_TYPES)),
    (
        "YAML item",
        (
            "      AdvancedEventSelectors:\n        - FieldSelectors:\n            - Field: eventCategory\n"
            "              Equals:\n                - |\n"
        ),
        [*grammar.TRAIL_CATEGORIES, *grammar.STORE_ONLY_CATEGORIES],
    ),
    ("YAML behind the selectors", "    EventSelectors:\n      - ReadWriteType: All\n    |\n", []),
    ("YAML list as far left as its key", "EventSelectors:\n- Read|\n", ["ReadWriteType"]),
    (
        "YAML second key of an item",
        "    EventSelectors:\n      - ReadWriteType: All\n        Inc|\n",
        ["IncludeManagementEvents"],
    ),
    (
        "YAML field of this item only",
        (
            "  FieldSelectors:\n    - Field: eventCategory\n      Equals: [Data]\n"
            "    - Equals: [|\n    - Field: eventCategory\n"
        ),
        [],
    ),
    (
        "HCL list over several lines",
        'event_selector {\n  exclude_management_event_sources = [\n    "kms|\n',
        ["kms.amazonaws.com"],
    ),
    (
        "HCL dynamic",
        'dynamic "event_selector" {\n  for_each = [1]\n  content {\n    read_write_type = "A|"\n  }\n}\n',
        ["All"],
    ),
    ("JSON behind the selectors", '"EventSelectors": [\n  {\n    "ReadWriteType": "All"\n  }\n],\n"|', []),
    ("JSON key", '"EventSelectors": [\n  {\n    "Rea|"', ["ReadWriteType"]),
    (
        "JSON value",
        '  "EventSelectors": [\n    {\n      "ReadWriteType": "W|"\n',
        ["WriteOnly"],
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_completions(name: str, text: str, expected: list[str]) -> None:
    assert at_cursor(text) == expected
