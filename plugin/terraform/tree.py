"""The tree of module instances of one deployment in one case: what every name means there, evaluated on demand."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from checkov_cloudtrail.budget import MAX_INSTANCES, Budget, BudgetError
from checkov_cloudtrail.files import Files
from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Reference, Skip
from checkov_cloudtrail.terraform import functions, types
from checkov_cloudtrail.terraform.expressions import (
    Access,
    Bindings,
    Context,
    Evaluator,
    NoScope,
    handle,
    unknown_from,
)
from checkov_cloudtrail.terraform.modules import (
    MAX_MODULE_DEPTH,
    Argument,
    Declaration,
    Directory,
    Library,
    source_of,
    version_of,
)
from checkov_cloudtrail.terraform.values import (
    DYNAMIC,
    NUMBER,
    STRING,
    EvaluationError,
    UnknownRaw,
    Val,
)
from checkov_cloudtrail.terraform.variables import Inputs, Variable, shown, value_of

# The key of the instances of a for_each that cannot be told.
SOME: Final = "*"
MAX_MODULES: Final = 3_000
# Attributes that every provider computes and that are never null.
_COMPUTED = frozenset(("id", "arn"))
# Other attributes that are neither null nor empty [TF].
_FILLED = {"aws_s3_bucket": ("bucket",), "data.aws_iam_policy_document": ("json", "minified_json")}
# One value may use up this share of the deployment's limits, so that a bad one does not take the others with it.
VALUE_STEPS = 500_000
VALUE_SECONDS = 0.4


@record
class Instance:
    """One instance of a resource or module.

    Args:
        key: None for a single one, a number with `count`, a text with `for_each`; SOME stands for those unknown.
        value: `each.value`.
        doubt: why it is open whether it exists.
        absent: it surely does not exist: what `count = 0` leaves out, to say so at an address.
    """

    key: int | str | None = None
    value: Val | None = None
    doubt: UnknownRaw | None = None
    absent: bool = False

    @property
    def suffix(self) -> str:
        """The key as addresses have it."""
        if self.key is None:
            return ""
        if isinstance(self.key, int):
            return f"[{self.key}]"
        if self.key == SOME and self.doubt is not None:
            return "[*]"
        quoted = self.key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'["{quoted}"]'


@record
class Expansion:
    """The instances that `count` or `for_each` make.

    Args:
        kind: `single`, `count` or `for_each`.
        instances: those that exist, or may.
        doubt: why it is open how many there are.
    """

    kind: str
    instances: tuple[Instance, ...]
    doubt: UnknownRaw | None = None

    @property
    def reported(self) -> tuple[Instance, ...]:
        """The instances, or one that is absent where there are none."""
        return self.instances or (Instance(0 if self.kind == "count" else None, absent=True),)

    def of_key(self, key: Val) -> Instance | None:
        """Find the instance with a key; one that stands for unknown ones is found by any key."""
        wanted = int(key.raw) if isinstance(key.raw, Fraction) and key.raw.denominator == 1 else key.raw
        for instance in self.instances:
            if instance.key == wanted or (self.doubt is not None and instance.key == SOME):
                return instance
        return None


SINGLE = Expansion("single", (Instance(),))


@dataclass(slots=True)
class Tree:
    """One deployment in one case.

    Args:
        library: the module directories.
        inputs: what the root module is given.
        budget: limits.
        assumptions: booleans that this case takes as given, by symbol.
        cut: why not every module instance was looked at; empty when all were.
    """

    library: Library
    inputs: Inputs
    budget: Budget
    assumptions: Mapping[str, bool] = field(default_factory=dict)
    cut: str = ""
    context: Context = field(init=False)
    root: Module = field(init=False)
    _holders: dict[str, Callable[[str], Val]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        environment = functions.Environment(self.files, self.library.root, self.budget, self.render)
        self.context = Context(environment, self.budget, self.assumptions)
        self.root = Module(self, self.library.directory(self.library.root))

    @property
    def files(self) -> Files:
        """The tree of files."""
        return self.library.files

    def render(self, text: str, name: str, variables: Mapping[str, Val]) -> Val:
        """Render a template with its own variables and nothing else.

        Raises:
            EvaluationError: it is no template, or refers to something else.
        """
        return Evaluator(self.context, NoScope()).render(text, name, variables)

    def modules(self, wanted: Callable[[Directory, tuple[str, ...]], bool]) -> Iterator[Module]:
        """Walk the module instances whose directory is wanted, the root first; `cut` says when there were too many."""
        waiting = deque([self.root])
        met = 1
        while waiting:
            module = waiting.popleft()
            yield module
            for call in module.directory.calls.values():
                names = (*module.names, call.labels[0])
                directory = module.called(call)
                if directory is None or not wanted(directory, names):
                    continue
                instances = module.expansion(call).reported
                met += len(instances)
                if met > MAX_MODULES:
                    self.cut = f"more than {MAX_MODULES} module instances are not looked at"
                    return
                waiting.extend(module.child(call, instance) for instance in instances)

    def hold(self, address: str, member: Callable[[str], Val], because: str, step: Step | None = None) -> Val:
        """Make a value of a whole instance whose members are asked for one by one."""
        self._holders[address] = member
        return handle(address, because, step=step)

    def member(self, address: str, name: str) -> Val | None:
        """Give a member of an instance that was handed around as a whole."""
        member = self._holders.get(address)
        return member(name) if member is not None else None

    def guarded(self, what: str, evaluate: Callable[[], Val]) -> Val:
        """Evaluate something within its share of the limits; what Terraform refuses, or takes too long, is unknown."""
        try:
            with self.sharing():
                return evaluate()
        except EvaluationError as error:
            return types.unknown(DYNAMIC, f"{what} cannot be evaluated: {error}")
        except BudgetError as error:
            return types.unknown(DYNAMIC, f"{what} is not evaluated: {error}")
        except RecursionError:
            return types.unknown(DYNAMIC, f"{what} is not evaluated: it is nested too deeply")

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Allow what follows only a share of the limits, so that a bad value does not take the others with it."""
        before = self.context.budget
        part = self.context.budget = before.share(VALUE_STEPS, VALUE_SECONDS)
        try:
            yield
        finally:
            self.context.budget = before
            before.settle(part)


class Frame:
    """A scope: a module instance, and in it perhaps an instance of a resource or call."""

    __slots__ = ("evaluator", "instance", "module", "where")

    def __init__(self, module: Module, instance: Instance | None = None, where: str = "") -> None:
        self.module = module
        self.instance = instance
        self.where = where
        self.evaluator = Evaluator(module.tree.context, self)

    def evaluate(self, argument: Argument, bindings: Bindings | None = None, what: str = "") -> Val:
        """Evaluate an argument; what cannot be evaluated is unknown.

        Args:
            bindings: see Evaluator.evaluate.
            what: names the value where the argument's own name would not do.
        """
        what = what or (f"{self.where}.{argument.name}" if self.where else argument.name)
        return self.module.tree.guarded(what, lambda: self.evaluator.evaluate(argument.expression, bindings))

    def member(self, address: str, name: str) -> Val | None:
        """See Scope.member."""
        return self.module.tree.member(address, name)

    def reference(self, root: str, path: Sequence[Access]) -> tuple[Val, int]:
        """See Scope.reference."""
        first = path[0] if path and isinstance(path[0], str) else ""
        module = self.module
        match root:
            case "var":
                return module.variable(first), 1
            case "local":
                return module.local(first), 1
            case "each" | "count":
                return self._repetition(root, first), 1
            case "path":
                return module.path(first), 1
            case "terraform":
                return _terraform(first), 1
            case "module":
                return self._module(first, path)
            case "data":
                second = path[1] if len(path) > 1 and isinstance(path[1], str) else ""
                return self._resource(f"data.{first}.{second}", path, 2)
            case "self" | "ephemeral":
                return types.unknown(DYNAMIC, f"{root} is known only at apply"), len(path)
        if not first:
            raise EvaluationError(f"{root!r} refers to nothing that is declared here")
        return self._resource(f"{root}.{first}", path, 1)

    def _repetition(self, root: str, name: str) -> Val:
        instance = self.instance
        key = instance.key if instance is not None else None
        if instance is not None and root == "count" and name == "index" and isinstance(key, int):
            return types.number(key)
        if instance is not None and root == "each" and isinstance(key, str) and name in ("key", "value"):
            if name == "value":
                return instance.value if instance.value is not None else types.string(key)
            if instance.doubt is not None and key == SOME:
                return Val(STRING, UnknownRaw(instance.doubt.because, not_null=True, atoms=instance.doubt.atoms))
            return types.string(key)
        raise EvaluationError(f"{root}.{name} is not available here")

    def _module(self, name: str, path: Sequence[Access]) -> tuple[Val, int]:
        call = self.module.directory.calls.get(name)
        if call is None:
            raise EvaluationError(f"there is no module {name!r}")
        address = f"{self.module.prefix}module.{name}"
        if self.module.called(call) is None:
            because = f"module.{name} is not there to be read"
            if len(path) > 1:
                return _outside(address, path[1:], because), len(path)
            return handle(address, because), 1
        expansion = self.module.expansion(call)

        def whole(instance: Instance) -> Val:
            child = self.module.child(call, instance)
            return self.module.tree.hold(child.address, child.output, f"{child.address} is a module")

        def member(instance: Instance, output: str) -> Val:
            return self.module.child(call, instance).output(output)

        return self._found(expansion, path, 1, whole, member)

    def _resource(self, name: str, path: Sequence[Access], used: int) -> tuple[Val, int]:
        declaration = self.module.directory.resources.get(name)
        if declaration is None and len(path) > used:
            # Terraform refuses this; fragments, and code whose other files cannot be read, are judged all the same.
            return _outside(f"{self.module.prefix}{name}", path[used:], self.module.undeclared(name)), len(path)
        if declaration is None:
            raise EvaluationError(self.module.undeclared(name))
        expansion = self.module.expansion(declaration)

        def whole(instance: Instance) -> Val:
            address = f"{self.module.prefix}{name}{instance.suffix}"
            return self.module.tree.hold(
                address,
                lambda attribute: self.module.attribute(declaration, instance, attribute),
                f"{address} is known only after apply",
            )

        def member(instance: Instance, attribute: str) -> Val:
            return self.module.attribute(declaration, instance, attribute)

        if expansion.kind == "count" and len(path) > used and not self.evaluator.lenient:
            attribute = path[used]
            first = expansion.of_key(types.number(0))
            if isinstance(attribute, str) and not attribute.isdigit() and first is not None:
                # What the first instance was called before Terraform 0.12, which refuses it.
                return member(first, attribute), used + 1
        return self._found(expansion, path, used, whole, member)

    def _found(
        self,
        expansion: Expansion,
        path: Sequence[Access],
        used: int,
        whole: Callable[[Instance], Val],
        member: Callable[[Instance, str], Val],
    ) -> tuple[Val, int]:
        """Give what a path reaches in the instances of a resource or module, and how much of it was used."""
        doubt = expansion.doubt
        instance: Instance | None = None
        if expansion.kind == "single":
            instance = expansion.instances[0]
        elif len(path) > used:
            access = path[used]
            key = types.string(access) if isinstance(access, str) and not access.isdigit() else access
            if isinstance(key, str):
                key = types.number(int(key))
            if key.unknown is None and (expansion.kind == "count") == (key.type.kind == "number"):
                instance = expansion.of_key(key)
                if instance is None and doubt is None:
                    raise EvaluationError(f"there is no instance with the key {types.symbol_of(key)}")
                used += 1
        if instance is None:
            return self._all(expansion, whole), used
        if len(path) > used and isinstance(path[used], str):
            value = member(instance, str(path[used]))
            used += 1
        else:
            value = whole(instance)
        if instance.doubt is not None and self.evaluator.lenient:
            # That the instance is missing would be an answer here.
            raw = UnknownRaw(instance.doubt.because, atoms=instance.doubt.atoms)
            return replace(value, raw=raw), used
        return value, used

    @staticmethod
    def _all(expansion: Expansion, whole: Callable[[Instance], Val]) -> Val:
        if expansion.doubt is not None:
            return Val(DYNAMIC, replace(expansion.doubt, symbol="", parts=(), not_null=True))
        if expansion.kind == "count":
            return types.tuple_of([whole(instance) for instance in expansion.instances])
        return types.object_of({str(instance.key): whole(instance) for instance in expansion.instances})


def _terraform(name: str) -> Val:
    if name != "workspace":
        raise EvaluationError(f"terraform.{name} does not exist")
    return types.string("default")


def _outside(address: str, path: Sequence[Access], because: str) -> Val:
    """Give a part of something that is not in the code."""
    text = address
    for access in path:
        text += f".{access}" if isinstance(access, str) else f"[{types.symbol_of(access) or '?'}]"
    last = path[-1]
    attribute = last if isinstance(last, str) else ""
    holder = text.removesuffix(f".{attribute}") if attribute else text
    symbol = "" if "?" in text else text
    return Val(DYNAMIC, UnknownRaw(because, parts=(Reference(holder, attribute),), symbol=symbol))


class Module:
    """One instance of a module. What is asked for is evaluated once."""

    def __init__(
        self,
        tree: Tree,
        directory: Directory,
        parent: Module | None = None,
        call: Declaration | None = None,
        instance: Instance | None = None,
    ) -> None:
        self.tree = tree
        self.directory = directory
        self.parent = parent
        self.call = call
        self.instance = instance or Instance()
        own = f"{call.address}{self.instance.suffix}" if call else ""
        self.address: str = f"{parent.prefix}{own}" if parent else ""
        self.names: tuple[str, ...] = (*parent.names, call.labels[0]) if parent and call else ()
        self.frame = Frame(self)
        self._values: dict[str, Val] = {}
        self._open: set[str] = set()
        self._variables: dict[str, Variable] = {}
        self._expansions: dict[str, Expansion] = {}
        self._children: dict[tuple[str, int | str | None], Module] = {}

    @property
    def prefix(self) -> str:
        """What stands before the addresses in it."""
        return f"{self.address}." if self.address else ""

    @property
    def doubts(self) -> tuple[UnknownRaw, ...]:
        """Why it is open whether this instance exists: its own reason and those of the modules around it."""
        around = self.parent.doubts if self.parent else ()
        return (*around, self.instance.doubt) if self.instance.doubt else around

    @property
    def skips(self) -> tuple[Skip, ...]:
        """Suppressions on the calls that lead here: they hold for everything inside."""
        around = self.parent.skips if self.parent else ()
        return (*around, *self.call.skips) if self.call else around

    @property
    def absent(self) -> bool:
        """This instance surely does not exist."""
        return self.instance.absent or (self.parent is not None and self.parent.absent)

    def _once(self, key: str, evaluate: Callable[[], Val]) -> Val:
        if key not in self._values:
            if key in self._open:
                raise EvaluationError(f"{self.prefix}{key} depends on itself")
            self._open.add(key)
            try:
                self._values[key] = self.tree.guarded(f"{self.prefix}{key}", evaluate)
            finally:
                self._open.discard(key)
        return self._values[key]

    # Named values

    def path(self, name: str) -> Val:
        """Give `path.module`, `path.root` or `path.cwd`."""
        if name == "cwd":
            return Val(STRING, UnknownRaw("path.cwd depends on where Terraform runs", symbol="path.cwd", not_null=True))
        if name == "root":
            return types.string(".")
        if name != "module":
            raise EvaluationError(f"path.{name} does not exist")
        return types.string(_relative(self.directory.path, self.tree.library.root))

    def undeclared(self, name: str) -> str:
        """Say that there is no such thing, or where it may be."""
        unread = ", ".join(dict.fromkeys(error.file for error in self.directory.errors))
        return f"{name} may be declared in {unread}, which cannot be read" if unread else f"{name} is not declared"

    def local(self, name: str) -> Val:
        """Give a local value."""
        argument = self.directory.locals.get(name)
        if argument is None:
            raise EvaluationError(self.undeclared(f"local.{name}"))

        def evaluate() -> Val:
            value = self.frame.evaluator.evaluate(argument.expression)
            return value.via(Step(argument.range, f"local.{name} is set{shown(value)} here"))

        return self._once(f"local.{name}", evaluate)

    def output(self, name: str) -> Val:
        """Give an output."""
        declaration = self.directory.outputs.get(name)
        if declaration is None:
            raise EvaluationError(f"{self.address or 'the root module'} has no output {name!r}")
        argument = declaration.body.arguments.get("value")
        if argument is None:
            return types.unknown(DYNAMIC, f"output {name} has no value")

        def evaluate() -> Val:
            value = self.frame.evaluator.evaluate(argument.expression)
            return value.via(Step(argument.range, f"output {name!r} of {self.address}"))

        return self._once(f"output.{name}", evaluate)

    def variable(self, name: str) -> Val:
        """Give an input variable."""
        if name not in self.directory.variables:
            raise EvaluationError(self.undeclared(f"var.{name}"))
        return self._once(f"var.{name}", lambda: self._variable(self.directory.variables[name]))

    def _variable(self, declaration: Declaration) -> Val:
        name = declaration.labels[0]
        label = f"{self.prefix}var.{name}"
        pinned = self._pinned(label)
        variable = Variable.of(declaration, Evaluator(self.tree.context, NoScope()))
        if pinned is not None:
            return variable.converted(pinned)
        given = self._given(declaration)
        if given is not None:
            try:
                return variable.converted(given)
            except EvaluationError as error:
                return Val(variable.type, UnknownRaw(f"{label} does not fit its type: {error}"), given.chain)
        if variable.default is not None:
            return replace(variable.default, sensitive=variable.sensitive)
        raw = UnknownRaw(
            f"{label} has no value", parts=(Reference(label),), symbol=label, not_null=not variable.nullable
        )
        made = Val(types.without_optional(variable.type), raw, sensitive=variable.sensitive)
        made = self._assumed(made, label)
        return made.via(Step(declaration.header, f'variable "{name}" has no value'))

    def _assumed(self, value: Val, label: str) -> Val:
        raw = value.raw
        if not isinstance(raw, UnknownRaw) or value.type.kind != "bool":
            return value
        if label in self.tree.assumptions:
            return replace(value, raw=self.tree.assumptions[label])
        return replace(value, raw=replace(raw, atoms=frozenset((label,))))

    def _pinned(self, label: str) -> Val | None:
        """Give the text that this case takes a variable to be: it assumes `var.env == "prod"`."""
        start = f"{label} == "
        for symbol, holds in self.tree.assumptions.items():
            if holds and symbol.startswith(f'{start}"') and symbol.endswith('"') and "\\" not in symbol:
                text = symbol.removeprefix(start)[1:-1]
                if '"' not in text:
                    return types.string(text)
        return None

    def _given(self, declaration: Declaration) -> Val | None:
        """Give what the caller, or whoever runs Terraform, sets a variable to."""
        name = declaration.labels[0]
        if self.parent is None or self.call is None:
            given = self.tree.inputs.given.get(name)
            return value_of(given, declaration, Evaluator(self.tree.context, NoScope())) if given else None
        argument = self.call.body.arguments.get(name)
        if argument is None:
            return None
        frame = Frame(self.parent, self.instance, self.address)
        value = frame.evaluate(argument)
        return value.via(Step(argument.range, f"{self.address} sets {name}{shown(value)}"))

    # Instances

    def expansion(self, declaration: Declaration, name: str = "") -> Expansion:
        """Give the instances of a resource, data source or module call, or by its name of a provider."""
        key = name or declaration.address
        if key not in self._expansions:
            arguments = declaration.body.arguments
            if "count" in arguments:
                value = self._once(f"{key}.count", lambda: self.frame.evaluator.evaluate(arguments["count"].expression))
                self._expansions[key] = _counted(value, f"{self.prefix}{key}")
            elif "for_each" in arguments:
                value = self._once(
                    f"{key}.for_each", lambda: self.frame.evaluator.evaluate(arguments["for_each"].expression)
                )
                self._expansions[key] = _repeated(value, f"{self.prefix}{key}")
            else:
                self._expansions[key] = SINGLE
        return self._expansions[key]

    def called(self, call: Declaration) -> Directory | None:
        """Give the directory of a called module; None when it is not there, or calls itself without end."""
        names = (*self.names, call.labels[0])
        if len(names) > MAX_MODULE_DEPTH:
            return None
        path = self.tree.library.module_directory(self.directory.path, names, source_of(call), version_of(call))
        return None if path is None or self._inside(path) else self.tree.library.directory(path)

    def calls_itself(self, call: Declaration) -> bool:
        """Tell whether a call leads back to a directory that this module lies in, or nests without end."""
        names = (*self.names, call.labels[0])
        path = self.tree.library.module_directory(self.directory.path, names, source_of(call), version_of(call))
        return len(names) > MAX_MODULE_DEPTH or (path is not None and self._inside(path))

    def _inside(self, path: str) -> bool:
        """Tell whether this module is, or lies in, an instance of a directory."""
        return self.directory.path == path or (self.parent is not None and self.parent._inside(path))

    def child(self, call: Declaration, instance: Instance) -> Module:
        """Give the module instance that a call makes."""
        key = (call.labels[0], instance.key)
        if key not in self._children:
            directory = self.called(call)
            if directory is None:
                raise EvaluationError(f"{self.prefix}{call.address} is not there to be read")
            self._children[key] = Module(self.tree, directory, self, call, instance)
        return self._children[key]

    def children(self, call: Declaration) -> list[Module]:
        """Give all module instances that a call makes, or may make."""
        return [self.child(call, instance) for instance in self.expansion(call).instances]

    def attribute(self, declaration: Declaration, instance: Instance, name: str) -> Val:
        """Give an attribute of a resource: what is configured, else something that only its provider knows."""
        address = f"{self.prefix}{declaration.address}{instance.suffix}"
        argument = declaration.body.arguments.get(name)
        if argument is not None:
            frame = Frame(self, instance, address)
            key = f"{declaration.address}{instance.suffix}.{name}"
            value = self._once(key, lambda: frame.evaluator.evaluate(argument.expression))
            if not value.null:
                return value.via(Step(argument.range, f"{address} sets {name}{shown(value)}"))
        if declaration.address.startswith("data.template_file.") and name == "rendered":
            key = f"{declaration.address}{instance.suffix}.{name}"
            return self._once(key, lambda: self._rendered(declaration, instance))
        symbol = f"{address}.{name}"
        filled = _filled(declaration, name)
        computed = filled or name in _COMPUTED
        raw = UnknownRaw(
            f"{symbol} is known only after apply",
            parts=(Reference(address, name),),
            symbol=symbol,
            not_null=computed,
            not_empty=filled,
        )
        return Val(STRING if computed else DYNAMIC, raw)

    def _rendered(self, declaration: Declaration, instance: Instance) -> Val:
        """Render a `template_file`: `templatestring` in the shape of a data source, from before there were functions.

        Raises:
            EvaluationError: the template cannot be rendered.
        """
        address = f"{self.prefix}{declaration.address}{instance.suffix}"
        template, variables = (self.attribute(declaration, instance, name) for name in ("template", "vars"))
        if "vars" not in declaration.body.arguments:
            # It was a block before Terraform 0.12.
            frame = Frame(self, instance, address)
            blocks = [block.body for block in declaration.body.blocks if block.text.type == "vars"]
            given = {name: frame.evaluate(argument) for body in blocks for name, argument in body.arguments.items()}
            variables = types.object_of(given)
        if not isinstance(template.raw, str) or not isinstance(variables.raw, Mapping):
            return unknown_from(STRING, template if template.unknown is not None else variables)
        return self.tree.render(template.raw, address, types.entries(variables))


def _filled(declaration: Declaration, name: str) -> bool:
    """Tell whether an attribute that a provider computes is certainly neither null nor an empty string.

    A data source may have found nothing; a managed resource without an id is none to Terraform.
    """
    kind = declaration.address.removesuffix(f".{declaration.labels[1]}")
    if declaration.type == "resource" and (name == "id" or (name == "arn" and kind.startswith("aws_"))):
        return True
    return name in _FILLED.get(kind, ())


def _relative(path: str, root: str) -> str:
    """Write a module's directory as Terraform does: relative to the root module's."""
    if path == root:
        return "."
    prefix = "" if root == "." else f"{root}/"
    if path.startswith(prefix):
        return path.removeprefix(prefix)
    up = 0 if root == "." else root.count("/") + 1
    shared = 0
    for one, other in zip(path.split("/"), root.split("/"), strict=False):
        if one != other:
            break
        shared += 1
    return "/".join([".."] * (up - shared) + path.split("/")[shared:])


def _counted(value: Val, address: str) -> Expansion:
    """Expand `count`."""
    if value.null:
        doubt = UnknownRaw(f"the count of {address} is null")
        return Expansion("count", (Instance(0, doubt=doubt),), doubt)
    try:
        value = types.convert(value, NUMBER)
    except EvaluationError as error:
        value = types.unknown(NUMBER, f"the count of {address} is no number: {error}")
    raw = value.raw
    if isinstance(raw, UnknownRaw):
        sure = min(math.ceil(raw.low or 0), MAX_INSTANCES)
        instances = [Instance(index) for index in range(sure)]
        if raw.high is None or raw.high > sure:
            instances.append(Instance(sure, doubt=raw))
        return Expansion("count", tuple(instances), raw)
    assert isinstance(raw, Fraction)
    if raw.denominator != 1 or raw < 0:
        doubt = UnknownRaw(f"the count of {address} is {types.symbol_of(value)}, which is no number of instances")
        return Expansion("count", (Instance(0, doubt=doubt),), doubt)
    if raw > MAX_INSTANCES:
        doubt = UnknownRaw(
            f"the count of {address} is {int(raw)}: more than {MAX_INSTANCES} instances are not looked at"
        )
        return Expansion("count", (Instance(0, doubt=doubt),), doubt)
    return Expansion("count", tuple(Instance(index) for index in range(int(raw))))


def _repeated(value: Val, address: str) -> Expansion:
    """Expand `for_each`."""
    raw, kind = value.raw, value.type.kind
    doubt = types.reason(value) if kind == "set" else value.unknown
    if doubt is None and kind in ("list", "tuple", "bool", "number", "string"):
        doubt = UnknownRaw(f"the for_each of {address} is a {kind}: Terraform refuses it")
    elif doubt is None and raw is None:
        doubt = UnknownRaw(f"the for_each of {address} is null: Terraform refuses it")
    if doubt is not None:
        one = unknown_from(types.element_of(value.type) if kind in ("map", "set") else DYNAMIC, value)
        return Expansion("for_each", (Instance(SOME, one, doubt),), doubt)
    if isinstance(raw, Mapping):
        found = [Instance(key, _from(element, value)) for key, element in raw.items()]
    else:
        found = [Instance(str(element.raw), _from(element, value)) for element in types.members(value)]
    if len(found) > MAX_INSTANCES:
        doubt = UnknownRaw(f"the for_each of {address} has {len(found)} elements: too many to look at")
        return Expansion("for_each", (Instance(SOME, found[0].value, doubt),), doubt)
    return Expansion("for_each", tuple(found))


def _from(element: Val, collection: Val) -> Val:
    return replace(element, chain=(*element.chain, *collection.chain)) if collection.chain else element
