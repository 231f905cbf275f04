"""The statements of an advanced event selector, and the rules by which CloudTrail refuses them [API, CDK, FLT]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from checkov_cloudtrail.cloudtrail import grammar
from checkov_cloudtrail.cloudtrail.contribution import Remarks
from checkov_cloudtrail.cloudtrail.spelling import event_source
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.trail import FieldSelector
from checkov_cloudtrail.model.values import Known, Unknown, Value


@record
class Statement:
    """One field selector.

    Args:
        selector: as written.
        values: operator (the model's name) to its values; a list that cannot be told is one unknown value.
    """

    selector: FieldSelector
    values: dict[str, tuple[Value[str], ...]]

    @property
    def name(self) -> str:
        """The field's name; empty when it cannot be told."""
        return self.selector.field.value if isinstance(self.selector.field, Known) else ""

    @property
    def deselects_only(self) -> bool:
        """No operator selects: everything is taken but what is named."""
        return not any(operator in self.values for operator in grammar.SELECT)

    @property
    def all_values(self) -> Iterator[Value[str]]:
        """The values of all operators."""
        for values in self.values.values():
            yield from values

    def known(self, operator: str) -> list[Known[str]]:
        """Give the values of one operator that are known."""
        return [value for value in self.values.get(operator, ()) if isinstance(value, Known)]

    def unknown(self, operator: str) -> Unknown | None:
        """Give the first value of one operator that cannot be told."""
        return next((value for value in self.values.get(operator, ()) if isinstance(value, Unknown)), None)

    def other_than(self, *legal: str) -> str | None:
        """Give an operator that is used but not among the legal ones."""
        return next((operator for operator in self.values if operator not in legal), None)


def read(selector: FieldSelector) -> Statement:
    """Read one field selector; an empty operator list is no operator."""
    values: dict[str, tuple[Value[str], ...]] = {}
    leaves_out = isinstance(selector.field, Known) and selector.field.value == "eventSource"
    for operator in grammar.OPERATORS:
        match getattr(selector, operator):
            case Known(listed) if listed and leaves_out and operator == "not_equals":
                values[operator] = tuple(event_source(value, grammar.EXCLUDABLE_SOURCES) for value in listed)
            case Known(listed) if listed:
                values[operator] = listed
            case Unknown() as unknown:
                values[operator] = (unknown,)
    return Statement(selector, values)


def check_fields(statements: Sequence[Statement], spell: Callable[[str], str], remarks: Remarks) -> None:
    """Refuse fields that do not exist and statements without an operator."""
    for statement in statements:
        field = statement.selector.field
        if isinstance(field, Known) and field.value not in grammar.FIELDS:
            near = next((known for known in grammar.FIELDS if known.lower() == field.value.lower()), None)
            hint = f"; it is spelled {near}" if near else ""
            remarks.error("E_FIELD_UNKNOWN", f'there is no field "{field.value}"{hint}', field.origin.range)
        elif not statement.values:
            operators = ", ".join(spell(operator) for operator in grammar.OPERATORS)
            message = f"the field selector on {statement.name or 'a field'} has no operator: one of {operators}"
            remarks.error("E_NO_OPERATOR", message, statement.selector.range)


def category(
    statements: Sequence[Statement], spell: Callable[[str], str], remarks: Remarks, *, store: bool, undecided: bool
) -> Known[str] | Unknown | None:
    """Find the event category.

    Args:
        statements: the selector's statements.
        spell: the name of an operator in the user's language.
        remarks: collects what is wrong.
        store: the selector belongs to an event data store.
        undecided: a statement that is not known may name the category.

    Returns:
        None when there is an error, or when only an undecided statement can name it.
    """
    own = [statement for statement in statements if statement.name == "eventCategory"]
    if not own:
        if not undecided:
            message = "the selector has no eventCategory: it must equal Management, Data or NetworkActivity"
            remarks.error("E_CATEGORY_MISSING", message)
        return None
    for statement in own:
        wrong = statement.other_than("equals")
        if wrong is not None:
            message = f"eventCategory takes {spell('equals')} only, not {spell(wrong)}"
            remarks.error("E_CATEGORY_OPERATOR", message, statement.selector.range)
            return None
    values = [value for statement in own for value in statement.values["equals"]]
    if len(values) > 1:
        remarks.error(
            "E_CATEGORY_MULTIPLE", "a selector has one eventCategory, here are several", own[0].selector.range
        )
        return None
    match values[0]:
        case Unknown() as unknown:
            return unknown
        case Known(name, origin) as known:
            if name in grammar.TRAIL_CATEGORIES or (store and name in grammar.STORE_ONLY_CATEGORIES):
                return known
            if name in grammar.STORE_ONLY_CATEGORIES:
                message = f"eventCategory {name} exists for event data stores only, not for trails"
                remarks.error("E_CATEGORY_EDS_ONLY", message, origin.range)
                return None
            choices = ", ".join(grammar.TRAIL_CATEGORIES)
            message = f'there is no eventCategory "{name}": it must be {choices}, spelled like this'
            remarks.error("E_CATEGORY_INVALID", message, origin.range)
    return None


def check_grammar(
    statements: Sequence[Statement], name: str, spell: Callable[[str], str], remarks: Remarks, *, store: bool
) -> None:
    """Refuse what the grammar of a category does not have.

    Args:
        statements: the selector's statements.
        name: the category; empty when it cannot be told.
        spell: the name of an operator in the user's language.
        remarks: collects what is wrong.
        store: the selector belongs to an event data store.
    """
    legal = (grammar.STORE_FIELDS if store else grammar.TRAIL_FIELDS).get(name)
    for statement in statements:
        where = statement.selector.range
        if legal is not None and statement.name and statement.name not in legal:
            subject = "an event data store" if store else "a trail"
            message = f"{statement.name} cannot select {name} events on {subject}"
            remarks.error("E_FIELD_UNSUPPORTED", message, where)
            continue
        match statement.name:
            case "readOnly":
                _check_read_only(statement, spell, remarks)
            case "eventSource":
                _check_event_source(statement, name, spell, remarks, store=store)
            case "resources.type":
                _check_resource_type(statement, spell, remarks)
            case "errorCode":
                wrong = statement.other_than("equals") is not None
                if wrong or any(value.value not in grammar.ERROR_CODES for value in statement.known("equals")):
                    message = f"errorCode can only equal {grammar.ERROR_CODES[0]}"
                    remarks.error("E_ERRORCODE", message, where)
        for value in statement.all_values:
            if isinstance(value, Known) and "*" in value.value:
                message = f'"{value.value}" is taken literally: selectors have no wildcards'
                remarks.warn("W_WILDCARD_LITERAL", message, value.origin.range)


def _check_read_only(statement: Statement, spell: Callable[[str], str], remarks: Remarks) -> None:
    wrong = statement.other_than("equals")
    if wrong is not None:
        message = f"readOnly takes {spell('equals')} only, not {spell(wrong)}"
        remarks.error("E_READONLY_OPERATOR", message, statement.selector.range)
        return
    for value in statement.known("equals"):
        if value.value not in ("true", "false"):
            message = f'readOnly is "{value.value}": it must be true or false'
            remarks.error("E_READONLY_VALUE", message, value.origin.range)
    if len(statement.values["equals"]) > 1:
        text = "readOnly names both values, which selects what leaving it out would"
        remarks.warn("W_READONLY_MULTIPLE", text, statement.selector.range)


def _check_event_source(
    statement: Statement, name: str, spell: Callable[[str], str], remarks: Remarks, *, store: bool
) -> None:
    if name == grammar.NETWORK:
        legal = "equals"
    elif name == grammar.MANAGEMENT and not store:
        legal = "not_equals"
    else:
        return
    wrong = statement.other_than(legal)
    if wrong is not None:
        message = f"eventSource takes {spell(legal)} only for {name} events, not {spell(wrong)}"
        remarks.error("E_EVENTSOURCE_OPERATOR", message, statement.selector.range)
    elif name == grammar.MANAGEMENT:
        for value in statement.known("not_equals"):
            if value.value not in grammar.EXCLUDABLE_SOURCES:
                message = f'a trail cannot leave out "{value.value}": only {grammar.KMS} and {grammar.RDS_DATA}'
                remarks.error("E_EVENTSOURCE_VALUE", message, value.origin.range)


def _check_resource_type(statement: Statement, spell: Callable[[str], str], remarks: Remarks) -> None:
    wrong = statement.other_than("equals")
    if wrong is not None:
        message = f"resources.type takes {spell('equals')} only, not {spell(wrong)}"
        remarks.error("E_RESOURCE_TYPE_OPERATOR", message, statement.selector.range)


def check_required(statements: Sequence[Statement], name: str, remarks: Remarks, *, undecided: bool) -> None:
    """Refuse a selector that lacks what its category needs, or names several resource types.

    Args:
        statements: the selector's statements.
        name: the category; empty when it cannot be told.
        remarks: collects what is wrong.
        undecided: a statement that is not known may be the one that is needed.
    """
    types = [value for s in statements if s.name == "resources.type" for value in s.values.get("equals", ())]
    if len(types) > 1:
        message = "a selector has one resources.type; write one selector for each"
        remarks.error("E_RESOURCE_TYPE_MULTIPLE", message, types[1].origin.range)
    fields = {statement.name for statement in statements}
    if undecided:
        return
    if name == grammar.DATA and "resources.type" not in fields:
        remarks.error("E_RESOURCE_TYPE_MISSING", "a selector of Data events needs a resources.type")
    if name == grammar.NETWORK and "eventSource" not in fields:
        remarks.error("E_NETWORK_SOURCE_MISSING", "a selector of NetworkActivity events needs an eventSource")
