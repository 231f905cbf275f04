"""Loading one Terraform root: its module tree evaluated, case by case, to trails, event data stores and neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from checkov_cloudtrail.budget import Budget
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.deployment import Case, Deployment, Framework, Loaded, Scope, Unseen
from checkov_cloudtrail.model.location import Range, SourceError
from checkov_cloudtrail.model.neighbours import Neighbours
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Known, Reference, Resource, Unknown, Value
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform import cases, neighbours, providers, resources, stacks, variables
from checkov_cloudtrail.terraform.blocks import EvaluatedBlock
from checkov_cloudtrail.terraform.modules import Declaration, Library, source_of
from checkov_cloudtrail.terraform.providers import Scopes
from checkov_cloudtrail.terraform.resources import INSIGHTS, STORES, TRAILS, Declared, Evaluated
from checkov_cloudtrail.terraform.syntax import FaultFoundError, ParseCache
from checkov_cloudtrail.terraform.tree import Module, Tree
from checkov_cloudtrail.terraform.values import UnknownRaw

__all__ = ["ParseCache", "load"]

R = TypeVar("R", Trail, EventDataStore)


def load(root: str, files: Files, options: Options, cache: ParseCache) -> Loaded:
    """Evaluate a root module.

    Args:
        root: its directory.
        files: the tree to read.
        options: variables and the environment.
        cache: what other roots parsed; this one adds to it.

    Returns:
        The deployment, and the files that could not be read or parsed; what the others declare is evaluated.
    """
    while True:
        try:
            return _load(root, files, options, cache)
        except FaultFoundError:
            continue  # the cache knows the broken file now: what it declares is left out


def _load(root: str, files: Files, options: Options, cache: ParseCache) -> Loaded:
    library = Library(files, cache, root)
    inputs = variables.inputs(files, root, options)
    directory = library.directory(root)
    first = Range(directory.files[0] if directory.files else root)
    budget = Budget()
    whole = _Evaluation(Tree(library, inputs, budget), first)
    found = [whole.case(())]
    scopes = whole.all_scopes or (Scope(providers.DEFAULT, first),)
    for assumed in cases.combinations(whole.atoms):
        if not assumed:
            break
        if len(found) == 1 and not found[0].choices:
            found = []
        evaluation = _Evaluation(Tree(library, inputs, budget, assumed), first)
        found.append(evaluation.case(cases.described(assumed)))
        scopes = (*scopes, *(scope for scope in evaluation.all_scopes if scope not in scopes))
    errors = [*inputs.errors, *whole.errors]
    read: set[str] = set(inputs.files)
    for one in library.directories:
        errors.extend(one.errors)
        read.update(one.files)
    if not directory.files:
        return Loaded(None, tuple(dict.fromkeys(errors)))
    deployment = Deployment(root, Framework.TERRAFORM, scopes, _aligned(found), files=frozenset(read))
    return Loaded(deployment, tuple(dict.fromkeys(errors)))


@dataclass(slots=True, init=False)
class _Evaluation:
    """One case: what exists in it, and the booleans that its existence hangs on."""

    tree: Tree
    scopes: Scopes
    declared: Declared
    atoms: list[frozenset[str]]
    errors: list[SourceError]
    first: Range
    targets: list[Scope]

    def __init__(self, tree: Tree, first: Range) -> None:
        self.tree = tree
        self.first = first
        self.scopes = Scopes(tree.root, first)
        self.declared = Declared(tree, self.scopes)
        self.atoms = []
        self.errors = []
        self.targets = []

    @property
    def all_scopes(self) -> tuple[Scope, ...]:
        """The account scopes that were met, and those that stack sets deploy to."""
        return (*self.scopes.all, *self.targets)

    def case(self, choices: tuple[str, ...]) -> Case:
        """Evaluate everything."""
        trails: list[Trail] = []
        stores: list[EventDataStore] = []
        unseen: list[Unseen] = []
        library = self.tree.library
        modules = list(self.tree.modules(lambda directory, names: library.reaches_trails(directory.path, names)))
        insights = [one for module in modules for one in self._found(module, (INSIGHTS,))]
        for module in modules:
            for evaluated in self._found(module, (*TRAILS, *STORES)):
                doubted = (*module.doubts, *self._doubts(evaluated))
                self.atoms.extend(doubt.atoms for doubt in doubted if doubt.atoms)
                own = _insights_of(evaluated, insights)
                if evaluated.resource.type in TRAILS:
                    trails.append(resources.trail(evaluated, own))
                else:
                    stores.append(resources.store(evaluated, own))
            unseen.extend(self._unseen(module))
        if self.tree.cut:
            unseen.append(Unseen("module", self.tree.cut, self.first))
        templates = [self._template(one.resource) for module in modules for one in self._found(module, stacks.STACKS)]
        linked: tuple[Trail, ...] = ()
        held: tuple[EventDataStore, ...] = ()
        around = Neighbours()
        if trails or stores:
            linked, held, around = neighbours.connect(self.declared, trails, stores)
        for one in templates:
            linked, held = (*linked, *one.trails), (*held, *one.event_data_stores)
            unseen.extend(one.unseen)
            around = stacks.joined((around, one.neighbours))
        return Case(choices, linked, held, tuple(unseen), around)

    def _template(self, stack: Resource) -> Case:
        """Evaluate the template of a stack or stack set."""
        case, errors = stacks.case_of(stack, self.tree.library.files, self.tree.budget)
        self.errors.extend(errors)
        scope = stacks.scope_of(stack)
        if scope.target_only and (case.trails or case.event_data_stores or case.unseen):
            self.targets.append(scope)
        return case

    def _found(self, module: Module, kinds: Sequence[str]) -> Iterator[Evaluated]:
        for declaration in module.directory.resources.values():
            if declaration.type == "resource" and declaration.labels[0] in kinds:
                yield from self.declared.each(module, declaration, module.expansion(declaration).reported)

    @staticmethod
    def _doubts(evaluated: Evaluated) -> Iterator[UnknownRaw]:
        expansion = evaluated.module.expansion(evaluated.declaration)
        for instance in expansion.instances:
            if instance.doubt is not None and evaluated.resource.address.endswith(instance.suffix):
                yield instance.doubt

    def _unseen(self, module: Module) -> Iterator[Unseen]:
        """Find what may hold trails and cannot be read."""
        if module.absent:
            return
        for error in module.directory.broken:
            place = Range(error.file, error.line, error.column, error.line, error.column)
            yield Unseen(error.file, "the file cannot be read", place)
        for call in module.directory.calls.values():
            if module.called(call) is not None or not module.expansion(call).instances:
                continue
            address = f"{module.prefix}{call.address}"
            because = f"the module is not there to be read: its source is {source_of(call)!r}"
            if module.calls_itself(call):
                because = "the module calls itself"
                header = call.header
                self.errors.append(SourceError(header.file, header.line, header.column, f"{address} calls itself"))
            yield Unseen(address, because, call.header, self._scope(module, call))

    def _scope(self, module: Module, call: Declaration) -> str | None:
        """Give the account scope of an unseen module; None when it is given several."""
        passed = providers.passed(module, call)
        keys = {self.scopes.key(provider) for provider in passed if provider.name in ("aws", "awscc")}
        return keys.pop() if len(keys) == 1 else None


def _insights_of(evaluated: Evaluated, insights: Sequence[Evaluated]) -> tuple[EvaluatedBlock, ...]:
    """Find the `aws_cloudtrail_insight_selectors` of a trail or event data store."""
    is_trail = evaluated.resource.type in TRAILS
    name = evaluated.block.text("name")
    found = []
    for one in insights:
        target = one.block.text("trail_name" if is_trail else "event_data_store")
        if _names(target, evaluated.resource.address, name):
            found.append(one.block)
    return tuple(found)


def _names(target: Value[str], address: str, name: Value[str]) -> bool:
    match target, name:
        case Known(text), Known(own):
            return text == own or text.endswith(f":trail/{own}")
        case Unknown(parts=(Reference(referred),)), _:
            return referred == address
        case Unknown(parts=parts), Unknown(parts=own) if parts:
            return parts == own
    return False


def _aligned(found: Sequence[Case]) -> tuple[Case, ...]:
    """Let every case have the same trails and event data stores: what only others have surely does not exist in it."""
    if len(found) == 1:
        return tuple(found)
    trails = _present(case.trails for case in found)
    stores = _present(case.event_data_stores for case in found)
    return tuple(
        replace(case, trails=_filled(case.trails, trails), event_data_stores=_filled(case.event_data_stores, stores))
        for case in found
    )


def _present(groups: Iterator[tuple[R, ...]]) -> Mapping[str, R]:
    """Give what exists, or may, in some case; of what never does, the one that says so."""
    every: dict[str, R] = {}
    for group in groups:
        for one in group:
            if one.address not in every or _is_absent(every[one.address]):
                every[one.address] = one
    real = {one.location for one in every.values() if not _is_absent(one)}
    return {address: one for address, one in every.items() if not _is_absent(one) or one.location not in real}


def _is_absent(resource: Trail | EventDataStore) -> bool:
    return isinstance(resource.exists, Known) and not resource.exists.value


def _filled(own: Sequence[R], every: Mapping[str, R]) -> tuple[R, ...]:
    held = {one.address: one for one in own}
    return tuple(
        held.get(address) or replace(one, exists=Known(False, one.exists.origin)) for address, one in every.items()
    )
