from __future__ import annotations

import pytest

from checkov_cloudtrail.cloudtrail import grammar
from checkov_cloudtrail.lsp.completion import Completion, completions

HCL = """resource "aws_cloudtrail" "this" {
  name = "x"
  event_selector {
    read_write_type = "|"
  }
}
"""


def at_cursor(text: str, *, quoted: bool = True) -> list[Completion]:
    """Complete at the `|` of a text."""
    before, _, after = text.partition("|")
    line = before.count("\n")
    return completions((before + after).split("\n"), line, len(before.rpartition("\n")[2]), quoted=quoted)


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
    assert [each.word for each in at_cursor(text)] == expected


INSERTED = [
    ("HCL value in quotes", HCL.replace("|", "Re|"), Completion("ReadOnly", "ReadOnly", 23)),
    ("HCL value without", HCL.replace('"|"', "Re|"), Completion("ReadOnly", '"ReadOnly"', 22)),
    ("HCL key", HCL.replace('read_write_type = "|"', "read|"), Completion("read_write_type", "read_write_type", 4)),
    (
        "HCL boolean",
        HCL.replace('read_write_type = "|"', "include_management_events = t|"),
        Completion("true", "true", 32),
    ),
    (
        "HCL boolean that is a string",
        'advanced_event_selector {\n  field_selector {\n    field  = "readOnly"\n    equals = [t|]\n  }\n}\n',
        Completion("true", '"true"', 14),
    ),
    (
        "a dot is part of the word",
        'advanced_event_selector {\n  field_selector {\n    field = "resources.t|"\n  }\n}\n',
        Completion("resources.type", "resources.type", 13),
    ),
    (
        "JSON key without quotes",
        '{"EventSelectors": [\n  {\n    Rea|',
        Completion("ReadWriteType", '"ReadWriteType"', 4),
    ),
    ("awscc", "event_selectors = [{\n  read|\n}]\n", Completion("read_write_type", "read_write_type", 2)),
    ("awscc, list inside", "event_selectors = [{\n  data|\n}]\n", Completion("data_resources", "data_resources", 2)),
]


@pytest.mark.parametrize(("name", "text", "expected"), INSERTED, ids=[case[0] for case in INSERTED])
def test_what_is_written(name: str, text: str, expected: Completion) -> None:
    assert at_cursor(text) == [expected]


def test_yaml_needs_no_quotes() -> None:
    text = "      EventSelectors:\n        - ReadWriteType: R|\n"
    assert at_cursor(text, quoted=False) == [Completion("ReadOnly", "ReadOnly", 25)]
