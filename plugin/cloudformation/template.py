"""Loading one template: every case of its open choices to trails, event data stores and their neighbours."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from checkov_cloudtrail.budget import Budget, BudgetError
from checkov_cloudtrail.cloudformation import parameters, rules
from checkov_cloudtrail.cloudformation.choices import Assignment, Choice, Choices, Explored, Leaf, explore
from checkov_cloudtrail.cloudformation.declared import gather
from checkov_cloudtrail.cloudformation.document import Document, parse
from checkov_cloudtrail.cloudformation.library import Library
from checkov_cloudtrail.cloudformation.parameters import Given
from checkov_cloudtrail.cloudformation.pseudo import consistent
from checkov_cloudtrail.cloudformation.reader import decode
from checkov_cloudtrail.cloudformation.sniff import mentions_cloudtrail
from checkov_cloudtrail.cloudformation.stacks import DEFAULT_SCOPE, Run
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.deployment import Case, Deployment, Framework, Loaded, Scope
from checkov_cloudtrail.model.location import Range, SourceError, UnreadableError
from checkov_cloudtrail.options import Options

MAX_CASES: Final = 128
MAX_ALTERNATIVES: Final = 24
# How many cases to try in how many steps and CPU seconds; and steps and seconds for the alternatives to defaults.
_EXPLORATIONS: Final = ((MAX_CASES, 600_000, 0.6), (8, 300_000, 0.3))
_ALTERNATIVES: Final = (200_000, 0.4)


def load(path: str, files: Files, options: Options) -> Loaded:
    """Evaluate a template.

    Args:
        path: the file.
        files: the tree to read.
        options: parameter files, and whether defaults count.

    Returns:
        The deployment, None when the file is no template after all; and what could not be read.
    """
    empty = Deployment(
        path, Framework.CLOUDFORMATION, (Scope(DEFAULT_SCOPE, Range(path)),), (Case(),), files=frozenset({path})
    )
    try:
        data = files.read(path)
        if not mentions_cloudtrail(data):
            return Loaded(empty)
        document = parse(decode(path, data))
        given = parameters.read_files(options.parameters, files)
    except UnreadableError as error:
        return Loaded(None, (error.error,))
    if document is None:
        return Loaded(None)
    loader = _Loader(document, Library(files), given, Budget())
    try:
        deployment = loader.deployment(path, options)
    except BudgetError as error:
        return Loaded(None, (*loader.errors, SourceError(path, 1, 1, f"cannot be evaluated: {error}")))
    if not any(b"cloudtrail" in files.read(name).lower() for name in deployment.files):
        deployment = replace(deployment, cases=tuple(replace(case, concerned=False) for case in deployment.cases))
    return Loaded(deployment, loader.errors)


@dataclass(slots=True)
class _Loader:
    """Explores the cases of one template."""

    document: Document
    library: Library
    given: Map[str, Given]
    budget: Budget
    _offered: dict[str, Choice] = field(default_factory=dict)
    _scopes: dict[Scope, None] = field(default_factory=dict)
    _lenient: bool = False

    @property
    def errors(self) -> tuple[SourceError, ...]:
        """What could not be read."""
        return tuple(dict.fromkeys(self.library.errors))

    def deployment(self, path: str, options: Options) -> Deployment:
        """Evaluate every case.

        Raises:
            BudgetError: there is too much of it.
        """
        touched: dict[str, None] = {}
        cases = self._affordable(frozenset(), touched)
        if not cases:  # nothing can be deployed as the rules have it: judge what is written
            self._lenient = True
            cases = self._affordable(frozenset(), touched)
        alternatives: tuple[Case, ...] = ()
        if touched and options.all_choices:
            cases = self._affordable(self._closure(touched), {}) or cases
        elif touched:
            alternatives = self._alternatives(touched, self.budget.share(*_ALTERNATIVES))
        read = frozenset((path, *options.parameters, *self.library.read))
        return Deployment(path, Framework.CLOUDFORMATION, tuple(self._scopes), cases, alternatives, read)

    def _explore(self, opened: frozenset[str], limit: int, budget: Budget, touched: dict[str, None]) -> Explored[Case]:
        def run(assignment: Assignment, may_split: bool) -> Case | None:
            possible = consistent(assignment)
            if possible is None:
                return None
            choices = Choices(possible, opened, may_split)
            try:
                return self._case(choices, budget)
            finally:
                touched.update(choices.touched)
                self._offered.update(choices.offered)

        return explore(run, limit)

    def _affordable(self, opened: frozenset[str], touched: dict[str, None]) -> tuple[Case, ...]:
        """Evaluate every case; when that takes too long, few, or only one in which everything open stays open."""
        for limit, steps, seconds in _EXPLORATIONS:
            part = self.budget.share(steps, seconds)
            try:
                return self._cases(self._explore(opened, limit, part, touched).leaves)
            except BudgetError:
                continue
            finally:
                self.budget.settle(part)
        return self._cases(self._explore(opened, 1, self.budget, touched).leaves)

    def _closure(self, touched: dict[str, None]) -> frozenset[str]:
        """Every defaulted parameter that comes into play once those before it are open."""
        opened = frozenset(touched)
        while True:
            found: dict[str, None] = {}
            self._affordable(opened, found)
            if found.keys() <= opened:
                return opened
            opened |= found.keys()

    def _alternatives(self, touched: dict[str, None], budget: Budget) -> tuple[Case, ...]:
        """The cases behind other values of defaulted parameters: all at once when they are few, else one by one."""
        opened = frozenset(touched)
        try:
            together = self._explore(opened, MAX_ALTERNATIVES, budget, {})
        except BudgetError:
            return ()
        if together.complete:
            return self._others(together.leaves, opened)
        found: list[Case] = []
        for key in touched:
            try:
                alone = self._explore(frozenset({key}), MAX_ALTERNATIVES, budget, {})
            except BudgetError:
                break
            found += self._others(alone.leaves, opened)
            if len(found) >= MAX_ALTERNATIVES:
                break
        return tuple(found[:MAX_ALTERNATIVES])

    def _others(self, leaves: Sequence[Leaf[Case]], opened: frozenset[str]) -> tuple[Case, ...]:
        """The leaves that differ from the defaults, nearest first, with what differs as their choices."""
        found: list[tuple[int, Case]] = []
        for leaf in leaves:
            changed = {
                key: domain
                for key, domain in leaf.assignment.items()
                if key not in opened or not domain.holds(self._default(key))
            }
            differing = sum(1 for key in changed if key in opened)
            if differing:
                found.append((differing, self._named(leaf.result, changed)))
        return tuple(case for _, case in sorted(found, key=lambda pair: pair[0]))

    def _default(self, key: str) -> str:
        return self.document.parameters[key].default or ""

    def _cases(self, leaves: Sequence[Leaf[Case]]) -> tuple[Case, ...]:
        return tuple(self._named(leaf.result, leaf.assignment) for leaf in leaves)

    def _named(self, case: Case, assignment: Assignment) -> Case:
        """Put into words what distinguishes a case."""
        choices = tuple(self._offered[key].text(domain) for key, domain in assignment.items())
        return Case(choices, case.trails, case.event_data_stores, case.unseen, case.neighbours)

    def _case(self, choices: Choices, budget: Budget) -> Case | None:
        """Evaluate one case; None when a rule of the template refuses it."""
        run = Run(self.document, self.library, choices, budget, parameters=self.given)
        self._scopes.update(dict.fromkeys(run.scopes))
        case = gather(run)
        return case if self._lenient or not rules.refused(run.stacks[0].evaluator) else None
