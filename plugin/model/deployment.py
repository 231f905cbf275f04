"""What is deployed as one: a Terraform root module, a plan, a CloudFormation template with its nested stacks."""

from __future__ import annotations

import enum
from dataclasses import field

from checkov_cloudtrail.model.location import Range, SourceError
from checkov_cloudtrail.model.neighbours import Neighbours
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Resource


class Framework(enum.Enum):
    """The `framework` of the JSON report."""

    TERRAFORM = "terraform"
    TERRAFORM_PLAN = "terraform_plan"
    CLOUDFORMATION = "cloudformation"


@record
class Scope:
    """An account as far as the code names it (semantics.md e).

    Args:
        key: the account id, else the provider (`aws.audit`), else `default`.
        location: the provider block, or the template's first line; CT001 points here when there is no trail.
        target_only: deployed to other accounts (a StackSet's body).
    """

    key: str
    location: Range
    target_only: bool = False


@record
class Unseen:
    """A part of the deployment that is not there to be read: a module or nested stack that may hold trails."""

    address: str
    because: str
    location: Range
    scope: str | None = None


@record
class Case:
    """The deployment under one combination of the choices that the code leaves open.

    Args:
        choices: what distinguishes this case, for people: `("Env = dev",)`; empty when there is only one.
        neighbours: the buckets, keys, log groups, roles and topics that the trails and stores reach.
        concerned: something in the deployment mentions CloudTrail. Where nothing does, parts that cannot be read
            raise no question of trails.
    """

    choices: tuple[str, ...] = ()
    trails: tuple[Trail, ...] = ()
    event_data_stores: tuple[EventDataStore, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    neighbours: Neighbours = field(default_factory=Neighbours)
    concerned: bool = True

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Everything in this case that a rule may be reported on."""
        around = self.neighbours
        return (
            *self.trails,
            *self.event_data_stores,
            *around.buckets,
            *around.keys,
            *around.log_groups,
            *around.roles,
            *around.topics,
        )


@record
class Deployment:
    """One deployment in every case.

    Args:
        root: directory (Terraform) or file (template, plan), relative to `Files.base`.
        cases: the cases that are judged; at least one. A verdict is definite when all agree.
        alternatives: cases behind another allowed value of a defaulted parameter: they never change a verdict, only
            add "fails when Env = dev" to a pass.
        files: every file that was read for it (the editor re-judges a deployment when one of them changes).
    """

    root: str
    framework: Framework
    scopes: tuple[Scope, ...]
    cases: tuple[Case, ...]
    alternatives: tuple[Case, ...] = ()
    files: frozenset[str] = frozenset()

    @property
    def resources(self) -> dict[str, Resource]:
        """Every resource of every case, by address."""
        cases = (*self.alternatives[::-1], *self.cases[::-1])
        return {resource.address: resource for case in cases for resource in case.resources}


@record
class Loaded:
    """What a loader gives: the deployment when there is anything to judge, and what went wrong."""

    deployment: Deployment | None
    errors: tuple[SourceError, ...] = field(default=())
