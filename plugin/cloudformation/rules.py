"""The `Rules` section: combinations of parameters that CloudFormation refuses to deploy."""

from __future__ import annotations

from checkov_cloudtrail.cloudformation.conditions import Decision
from checkov_cloudtrail.cloudformation.intrinsics import Evaluator
from checkov_cloudtrail.cloudformation.reader import Mapping, Node, Sequence


def refused(stack: Evaluator) -> bool:
    """Tell whether a rule surely refuses the choices of this run. Rules about anything else are not asked.

    Raises:
        SplitError: a rule about a choice that was made depends on another one.
    """
    made = stack.choices.assignment.keys()
    if not made:
        return False
    for entry in stack.document.rules.values():
        rule = entry.value
        if isinstance(rule, Mapping) and made & set(stack.referenced(rule)) and _violated(stack, rule):
            return True
    return False


def _violated(stack: Evaluator, rule: Mapping) -> bool:
    condition = rule.get("RuleCondition")
    if condition is not None and not _holds(stack, condition):
        return False
    assertions = rule.get("Assertions")
    for assertion in assertions.items if isinstance(assertions, Sequence) else ():
        test = assertion.get("Assert") if isinstance(assertion, Mapping) else None
        if test is not None and _decided(stack, test).truth is False:
            return True
    return False


def _holds(stack: Evaluator, test: Node) -> bool:
    return _decided(stack, test).truth is True


def _decided(stack: Evaluator, test: Node) -> Decision:
    decision = stack.conditions.decide(test)
    stack.required(decision)
    return decision
