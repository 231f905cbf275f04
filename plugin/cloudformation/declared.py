"""The resources of one run, and the case that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from checkov_cloudtrail.cloudformation import neighbours, resources
from checkov_cloudtrail.cloudformation.document import kind
from checkov_cloudtrail.cloudformation.properties import settle
from checkov_cloudtrail.cloudformation.reader import Entry
from checkov_cloudtrail.cloudformation.resources import STORE, TRAIL
from checkov_cloudtrail.cloudformation.stacks import Run, Stack
from checkov_cloudtrail.model import attributes
from checkov_cloudtrail.model.deployment import Case
from checkov_cloudtrail.model.neighbours import Neighbours
from checkov_cloudtrail.model.values import Absent, Known, Origin, Resource, Value


def gather(run: Run) -> Case:
    """Evaluate the trails and event data stores of a run, and what is around them.

    Raises:
        SplitError: a choice has to be split first.
        BudgetError: there is too much to evaluate.
    """
    declared = Declared(run)
    trails = [resources.trail(declared.subject(address), run.choices) for address in declared.of(TRAIL)]
    stores = [resources.event_data_store(declared.subject(address), run.choices) for address in declared.of(STORE)]
    linked, stored, around = neighbours.connect(declared, trails, stores)
    if run.choices.may_split:
        declared.decide(around)
    return Case((), linked, stored, tuple(run.unseen), around)


@dataclass(slots=True)
class Declared:
    """The resources of one run, evaluated when they are asked for. See neighbours.Declared."""

    run: Run
    _placed: dict[str, tuple[Stack, Entry]] = field(default_factory=dict)
    _kinds: dict[str, list[str]] = field(default_factory=dict)
    _known: dict[str, Resource] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for stack in self.run.stacks:
            for entry in stack.evaluator.resources.values():
                address = stack.evaluator.qualified(entry.name)
                self._placed[address] = (stack, entry)
                self._kinds.setdefault(kind(entry) or "", []).append(address)

    def subject(self, address: str) -> Resource:
        """Evaluate a trail or an event data store; one that does not exist splits nothing."""
        stack, entry = self._placed[address]
        existing = resources.exists(stack.evaluator, entry, stack.placement.exists)
        if isinstance(existing, Known) and not existing.value:
            with self.run.choices.quiet():
                return self._evaluate(stack, entry)
        return self._evaluate(stack, entry)

    def of(self, kind: str) -> Sequence[str]:
        """Give the addresses of a type."""
        return self._kinds.get(kind, ())

    def resources(self, kind: str) -> Sequence[Resource]:
        """See neighbours.Declared. Nothing is split for their sake: most are nobody's neighbour."""
        found = []
        for address in self.of(kind):
            if address not in self._known:
                stack, entry = self._placed[address]
                choices = self.run.choices
                before = choices.missed
                with choices.quiet():
                    self._known[address] = self._evaluate(stack, entry)
                    settle(Known(self._known[address].attributes, Origin(entry.key.range)), choices)
                if choices.missed > before:
                    self._open.add(address)
            resource = self._known[address]
            if not isinstance(resource.exists, Known) or resource.exists.value:
                found.append(resource)
        return found

    def has(self, address: str) -> bool:
        """See neighbours.Declared."""
        return address in self._placed

    def deletion_policy(self, address: str) -> Value[str]:
        """See neighbours.Declared."""
        stack, entry = self._placed[address]
        node = resources.deletion_policy(entry)
        if node is None:
            return Absent(Origin(entry.key.range, missing=True))
        return attributes.string(stack.evaluator.value(node))

    def decide(self, around: Neighbours) -> None:
        """Split what is open in the neighbours that were reached, and in what is attached to them.

        Raises:
            SplitError: something is.
        """
        groups = (around.buckets, around.keys, around.log_groups, around.roles, around.topics)
        reached = {resource.address for group in groups for resource in group}
        for address in sorted(self._open):
            if address in reached or self._known[address].depends_on & reached:
                stack, entry = self._placed[address]
                resource = self._evaluate(stack, entry)
                settle(Known(resource.attributes, Origin(entry.key.range)), self.run.choices)

    def _evaluate(self, stack: Stack, entry: Entry) -> Resource:
        resource = resources.evaluate(stack.evaluator, entry, stack.placement)
        return self._ordered(resource) if len(self.run.stacks) > 1 else resource

    def _ordered(self, resource: Resource) -> Resource:
        """Waiting for a nested stack is waiting for everything in it."""
        inside = {
            address for address in self._placed for waited in resource.depends_on if address.startswith(f"{waited}/")
        }
        return resources.waiting_for(resource, inside)
