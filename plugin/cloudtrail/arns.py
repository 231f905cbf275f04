"""The forms in which keys and log groups are named, and which of them CloudTrail and Terraform accept."""

from __future__ import annotations

import enum
import re
from collections.abc import Collection

from checkov_cloudtrail.model.values import Absent, Known, Reference, Unknown, Value

_ENDING = ":*"


class KeyForm(enum.Enum):
    """How a KMS key is named."""

    KEY_ARN = "key ARN"
    ALIAS_ARN = "alias ARN"
    OTHER = "not an ARN"
    UNKNOWN = "unknown"


def key_form(value: Value[str]) -> KeyForm:
    """Tell how a key is named, as far as the text and the attributes that it is made of show it."""
    match value:
        case Known(text):
            return _form_of(text)
        case Unknown(_, _, (Reference() as only,)):
            return _form_of_attribute(only)
        case Unknown(_, _, (str() as first, *rest)):
            if not first.startswith("arn:"[: len(first)]):
                return KeyForm.OTHER
            return _form_of("".join((first, *(part if isinstance(part, str) else "" for part in rest))))
        case _:
            return KeyForm.UNKNOWN


def _form_of(text: str) -> KeyForm:
    if not text.startswith("arn:"):
        return KeyForm.OTHER
    return KeyForm.ALIAS_ARN if ":alias/" in text else KeyForm.KEY_ARN


def _form_of_attribute(reference: Reference) -> KeyForm:
    """Judge `aws_kms_key.logs.arn` and its like."""
    kind = re.search(r"(?:^|\.)(aws_kms_[a-z_]+)\.", reference.address)
    if kind is None:
        return KeyForm.UNKNOWN
    alias = kind[1] == "aws_kms_alias"
    match reference.attribute:
        case "arn":
            return KeyForm.ALIAS_ARN if alias else KeyForm.KEY_ARN
        case "target_key_arn":
            return KeyForm.KEY_ARN
        case "id" | "name" | "target_key_id":
            return KeyForm.OTHER
        case "key_id" if not reference.address.rpartition(f"{kind[1]}.")[0].endswith("data."):
            # The data source echoes whatever form it was asked with.
            return KeyForm.OTHER
        case _:
            return KeyForm.UNKNOWN


def ending_problem(value: Value[str]) -> tuple[bool | None, str]:
    """Tell whether a log group's ARN lacks `:*` at its end or has it twice, and why.

    Terraform's `aws_cloudwatch_log_group.arn` comes without it, CloudFormation's `LogGroup.Arn` with it (semantics.md
    a.4).
    """
    match value:
        case Known(text):
            if not text.startswith("arn:"):
                return True, f'"{text}" is not an ARN'
            if text.endswith(_ENDING * 2):
                return True, 'it ends with ":*" twice'
            return (False, "") if text.endswith(_ENDING) else (True, 'it does not end with ":*"')
        case Unknown(because, _, (*_, str() as last)) if value.parts:
            if not last.endswith(_ENDING):
                return True, 'it does not end with ":*"'
            before = value.parts[-2] if last == _ENDING and len(value.parts) > 1 else None
            doubled = isinstance(before, Reference) and _has_ending(before)
            return (True, 'it ends with ":*" twice') if doubled or last.endswith(_ENDING * 2) else (False, "")
        case Unknown(because, _, (*before, Reference() as last)):
            has = _has_ending(last)
            if has is None and before and str(before[-1]).endswith("log-group:"):
                return True, 'it does not end with ":*"'
            if has is None:
                return None, because
            return (False, "") if has else (True, f'{last.address}.{last.attribute} comes without ":*"')
        case Unknown(because):
            return None, because
        case Absent():
            return False, ""


def is_group_name(value: Value[str], groups: Collection[str]) -> bool:
    """Tell whether a value is the name of one of these log groups, which is what a `Ref` of one gives, too."""
    match value:
        case Unknown(_, _, (Reference(address, attribute),)):
            return address in groups and attribute in ("Ref", "name", "id")
        case _:
            return False


def lacks_ending(value: Value[str]) -> bool:
    """Tell whether `:*` at its end is all that a log group's ARN with a problem lacks."""
    match value:
        case Known(text):
            return text.startswith("arn:") and not text.endswith(_ENDING)
        case Unknown(_, _, (*_, str() as last)):
            return not last.endswith(_ENDING)
        case Unknown(_, _, (*_, Reference())):
            return True
        case _:
            return False


def _has_ending(reference: Reference) -> bool | None:
    """Tell whether a log group's attribute ends with `:*`."""
    if reference.attribute == "Arn" or (reference.attribute == "arn" and "awscc_logs_log_group" in reference.address):
        return True
    if reference.attribute == "arn" and "aws_cloudwatch_log_group" in reference.address:
        return False
    return None
