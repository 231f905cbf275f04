"""CloudFormation that Terraform deploys: the trails in the templates of stacks and stack sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from checkov_cloudtrail.budget import Budget
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.attributes import body
from checkov_cloudtrail.model.deployment import Case, Scope
from checkov_cloudtrail.model.location import SourceError
from checkov_cloudtrail.model.neighbours import Neighbours
from checkov_cloudtrail.model.values import Absent, AnyValue, Known, Resource

STACK: Final = "aws_cloudformation_stack"
STACK_SET: Final = "aws_cloudformation_stack_set"
STACKS: Final = (STACK, STACK_SET)


def scope_of(stack: Resource) -> Scope:
    """Give the scope of what a stack deploys: a stack set's accounts are a scope of their own."""
    if stack.type == STACK_SET:
        return Scope(stack.address, stack.location, target_only=True)
    return Scope(stack.scope, stack.location)


def case_of(stack: Resource, files: Files, budget: Budget) -> tuple[Case, tuple[SourceError, ...]]:
    """Evaluate the template of a stack or stack set.

    Args:
        stack: the resource.
        files: for nested templates.
        budget: of the whole deployment.
    """
    from checkov_cloudtrail.cloudformation import bodies  # few roots deploy templates

    own = body(stack)
    if isinstance(stack.exists, Known) and not stack.exists.value:
        return Case(), ()
    return bodies.case(
        stack, own.string("template_body"), _parameters(own.get("parameters")), scope_of(stack).key, files, budget
    )


def _parameters(value: AnyValue) -> Mapping[str, AnyValue]:
    """The parameters that are passed; null leaves the template's default."""
    if not isinstance(value, Known) or not isinstance(value.value, Mapping):
        return {}
    return {name: passed for name, passed in value.value.items() if not isinstance(passed, Absent)}


def joined(groups: Iterable[Neighbours]) -> Neighbours:
    """Put the neighbours of several templates together."""
    every = list(groups)
    return Neighbours(
        buckets=tuple(one for group in every for one in group.buckets),
        keys=tuple(one for group in every for one in group.keys),
        log_groups=tuple(one for group in every for one in group.log_groups),
        roles=tuple(one for group in every for one in group.roles),
        topics=tuple(one for group in every for one in group.topics),
    )
