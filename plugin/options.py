"""What to judge and how: the options of the engine, from the command line, the configuration file or the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.rule import Policy


@record
class Var:
    """`--var NAME=VALUE`, the value as written."""

    name: str
    text: str


@record
class VarFile:
    """`--var-file FILE`."""

    path: str


@record
class Options:
    """What to judge and how.

    Args:
        profile: name of a rule profile (contract 3).
        select: rule ids to judge instead of the profile's.
        ignore: rule ids to leave out.
        policy: the configuration that rules depend on.
        inputs: Terraform variables and files of them; a later one wins, as in Terraform.
        parameters: CloudFormation parameter files.
        all_choices: judge over every allowed value of a parameter, not only its default.
        exclude: glob patterns that are left out.
        force_exclude: apply `exclude` to paths that were named as well.
        environment: for `TF_VAR_…`; nothing else is read from it.
        jobs: processes for independent deployments.
        suppressions: how loud it is that a skip has no reason or is of no use: `ignore`, `warning` or `error`.
        source: for plans: the directory of the `.tf` files.
    """

    profile: str = "default"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    inputs: tuple[Var | VarFile, ...] = ()
    parameters: tuple[str, ...] = ()
    all_choices: bool = False
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    jobs: int = 1
    source: str | None = None
    suppressions: Mapping[str, str] = field(
        default_factory=lambda: {"skip_without_reason": "warning", "unused_skip": "warning"}
    )

    @property
    def var_files(self) -> tuple[str, ...]:
        """The files among `inputs`."""
        return tuple(each.path for each in self.inputs if isinstance(each, VarFile))
