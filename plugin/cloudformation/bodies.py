"""Templates that another language deploys: `aws_cloudformation_stack` and `…_stack_set` in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from checkov_cloudtrail.budget import Budget, BudgetError
from checkov_cloudtrail.cloudformation.choices import Choices
from checkov_cloudtrail.cloudformation.declared import gather
from checkov_cloudtrail.cloudformation.document import parse
from checkov_cloudtrail.cloudformation.library import Library
from checkov_cloudtrail.cloudformation.reader import MAX_BYTES, FixedSource
from checkov_cloudtrail.cloudformation.resources import Placement
from checkov_cloudtrail.cloudformation.sniff import mentions_cloudtrail
from checkov_cloudtrail.cloudformation.stacks import Run
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.deployment import Case, Unseen
from checkov_cloudtrail.model.location import SourceError, UnreadableError
from checkov_cloudtrail.model.values import AnyValue, Known, Resource, Unknown, Value


def case(
    stack: Resource, body: Value[str], parameters: Mapping[str, AnyValue], scope: str, files: Files, budget: Budget
) -> tuple[Case, tuple[SourceError, ...]]:
    """Evaluate the template of one stack. What it leaves open stays open: it makes no cases of its own.

    Args:
        stack: the resource that deploys it; addresses in the template are `<its address>/<logical id>`.
        body: the text of the template; everything in it is at the place of this value.
        parameters: what the stack passes, by name.
        scope: key of the account scope: the stack's own, or one for all targets of a stack set.
        files: for nested templates.
        budget: of the whole deployment.

    Returns:
        The trails, event data stores, neighbours and unseen parts in the template, without choices; and what could not
        be read.
    """
    if not isinstance(body, Known):
        because = body.because if isinstance(body, Unknown) else "it is elsewhere"
        return _unseen(stack, f"the template is not in this code: {because}", scope), ()
    data = body.value.encode("utf-8", "replace")
    if not mentions_cloudtrail(data):
        return Case(), ()
    where = body.origin.range
    library = Library(files)
    try:
        if len(data) > MAX_BYTES:
            raise FixedSource(where, "").error(0, f"is too large: {len(data)} bytes, the limit is {MAX_BYTES}")
        document = parse(FixedSource(where, body.value))
        if document is None:
            return _unseen(stack, "template_body is no template", scope), ()
        placement = Placement(scope, stack.exists, stack.depends_on)
        run = Run(
            document,
            library,
            Choices({}, frozenset(), may_split=False),
            budget,
            passed=parameters,
            address=stack.address,
            placement=placement,
        )
        return gather(run), tuple(library.errors)
    except UnreadableError as error:
        return _unseen(stack, "the template cannot be read", scope), (error.error,)
    except BudgetError as error:
        return _unseen(stack, f"the template cannot be evaluated: {error}", scope), tuple(library.errors)


def _unseen(stack: Resource, because: str, scope: str) -> Case:
    return Case(unseen=(Unseen(stack.address, because, stack.location, scope),))
