"""Terraform's built-in functions, exact for types, nulls and unknown values ([TF] functions, version 1.11).

`try` and `can` are lazy and live with the evaluator; everything else is called through `call`.
"""

from __future__ import annotations

from collections.abc import Sequence

from checkov_cloudtrail.terraform.functions import (  # noqa: F401 - a family registers its functions when imported
    conversions,
    dates,
    encoding,
    files,
    formatting,
    hashes,
    lists,
    network,
    numeric,
    objects,
    sets,
    strings,
)
from checkov_cloudtrail.terraform.functions.registry import FUNCTIONS, Environment, evaluate
from checkov_cloudtrail.terraform.types import unknown
from checkov_cloudtrail.terraform.values import DYNAMIC, Val

__all__ = ["Environment", "call", "names"]


def call(name: str, arguments: Sequence[Val], environment: Environment) -> Val:
    """Call a function.

    Args:
        name: as written: `upper`, `core::upper`, `provider::aws::arn_parse`.
        arguments: their values, a final `…` argument already spread out.
        environment: files, budget and the template renderer of the module that calls.

    Raises:
        EvaluationError: Terraform would refuse the call; the text is Terraform's.
        BudgetError: the result would take too long or be too large.
    """
    function = FUNCTIONS.get(name.removeprefix("core::"))
    if function is None:
        return unknown(DYNAMIC, f"function {name} is not evaluated")
    return evaluate(function, arguments, environment)


def names() -> tuple[str, ...]:
    """List the functions that are known, those that give an unknown included."""
    return tuple(sorted(FUNCTIONS))
