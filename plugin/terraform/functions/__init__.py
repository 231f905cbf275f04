"""Terraform's built-in functions, exact for types, nulls and unknown values ([TF] functions, version 1.11).

`try` and `can` are lazy and live with the evaluator; everything else is called through `call`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from checkov_cloudtrail.terraform.functions.registry import FUNCTIONS, Environment, evaluate
from checkov_cloudtrail.terraform.types import unknown
from checkov_cloudtrail.terraform.values import DYNAMIC, Val

__all__ = ["FAMILIES", "Environment", "call"]

# Which module has which functions: a family is imported when one of its functions is first called.
FAMILIES = {
    "conversions": (
        "ephemeralasnull issensitive list map nonsensitive sensitive tobool tolist tomap tonumber toset tostring"
    ),
    "dates": "formatdate plantimestamp timeadd timecmp timestamp",
    "encoding": (
        "base64decode base64encode base64gunzip base64gzip csvdecode textdecodebase64 textencodebase64 "
        "urldecode urlencode"
    ),
    "files": "abspath basename dirname file filebase64 fileexists fileset pathexpand templatefile",
    "formatting": "format formatlist",
    "hashes": (
        "base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256 "
        "filesha512 md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5"
    ),
    "json_text": "jsondecode jsonencode",
    "lists": (
        "alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten "
        "index length matchkeys one range reverse slice sort"
    ),
    "network": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "numeric": "abs ceil floor log max min parseint pow signum sum",
    "objects": "keys lookup merge transpose values zipmap",
    "patterns": "regex regexall replace",
    "sets": "setintersection setproduct setsubtract setunion",
    "strings": (
        "chomp endswith indent join lower split startswith strcontains strrev substr templatestring "
        "title trim trimprefix trimspace trimsuffix upper"
    ),
    "yaml_text": "yamldecode yamlencode",
}
_FAMILY_OF = {name: family for family, names in FAMILIES.items() for name in names.split()}


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
    bare = name.removeprefix("core::")
    family = _FAMILY_OF.get(bare)
    if family is None:
        return unknown(DYNAMIC, f"function {name} is not evaluated")
    if bare not in FUNCTIONS:
        import_module(f"{__name__}.{family}")
    return evaluate(FUNCTIONS[bare], arguments, environment)
