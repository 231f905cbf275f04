"""One run over a deployment: the root stack, its local nested stacks and the bodies of its stack sets."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from typing import Final

from checkov_cloudtrail.budget import Budget
from checkov_cloudtrail.cloudformation import document as documents
from checkov_cloudtrail.cloudformation.choices import Choices
from checkov_cloudtrail.cloudformation.document import Document, kind
from checkov_cloudtrail.cloudformation.intrinsics import Evaluator
from checkov_cloudtrail.cloudformation.library import Library
from checkov_cloudtrail.cloudformation.macros import Macros
from checkov_cloudtrail.cloudformation.parameters import Given
from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Scalar, Sequence, embedded
from checkov_cloudtrail.cloudformation.resources import Placement, all_before, exists
from checkov_cloudtrail.model.deployment import Scope, Unseen
from checkov_cloudtrail.model.location import Range, Step, UnreadableError
from checkov_cloudtrail.model.values import AnyValue, Known, Origin, Unknown

DEFAULT_SCOPE: Final = "default"
_MAX_NESTING = 8
_STACK_SET = "AWS::CloudFormation::StackSet"
# Type of a nested stack -> the property that names its template.
_NESTED: Final = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
    _STACK_SET: "TemplateURL",
}
# Macros that add no trail: AWS's own, the include aside.
_HARMLESS = (
    "AWS::Serverless-",
    "AWS::LanguageExtensions",
    "AWS::CodeDeployBlueGreen",
    "AWS::SecretsManager-",
    "AWS::ServiceCatalog",
)


class _Passed(Map[str, AnyValue]):
    """The parameters that a parent passes, evaluated when they are asked for.

    Args:
        nodes: what is passed.
        parent: the stack that passes it.
        varying: parameters that some accounts of a stack set get with another value, each with the place that says so.
    """

    def __init__(self, nodes: Map[str, Node], parent: Evaluator, varying: Map[str, Range]) -> None:
        self._nodes = nodes
        self._parent = parent
        self._values: dict[str, AnyValue] = {
            name: Unknown(f"{name} differs between the accounts of the stack set", Origin(where))
            for name, where in varying.items()
        }
        self._names = dict.fromkeys((*nodes, *varying))

    def __getitem__(self, name: str) -> AnyValue:
        if name not in self._values:
            node = self._nodes[name]
            # A parameter that leads back to itself, through the outputs of its own stack.
            self._values[name] = Unknown(f"parameter {name} refers to itself", Origin(node.range))
            try:
                self._values[name] = _passed_on(name, node, self._parent.value(node))
            except BaseException:
                del self._values[name]
                raise
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _passed_on(name: str, node: Node, value: AnyValue) -> AnyValue:
    """Note on the way of a value that a parent passes it as a parameter."""
    match value:
        case Known(bool() as data):
            given = f' as "{str(data).lower()}"'
        case Known(str() | int() | float() as data):
            given = f' as "{data}"'
        case _:
            given = ""
    step = Step(node.range, f"parameter {name} is passed{given}")
    return replace(value, origin=replace(value.origin, chain=(step, *value.origin.chain)))


@dataclass(slots=True)
class Stack:
    """A stack of the run.

    Args:
        evaluator: evaluates what is in it.
        scope: key of its account scope.
        parent: the stack that it is nested in, with its resource there; None for the root stack.
        paths: the template files from the root to this one.
        children: its nested stacks by logical id; None where the template cannot be seen.
    """

    evaluator: Evaluator
    scope: str
    parent: tuple[Stack, Entry] | None
    paths: tuple[str, ...]
    own_placement: Placement | None = None
    children: dict[str, Stack | None] = field(default_factory=dict)

    @property
    def placement(self) -> Placement:
        """Whether it is deployed and after what; evaluated on demand, for a condition may have to be split."""
        if self.own_placement is None:
            if self.parent is None:
                raise ValueError("a root stack has its placement from the beginning")
            stack, entry = self.parent
            outer = stack.placement
            waits = all_before(stack.evaluator, entry) | outer.depends_on
            self.own_placement = Placement(self.scope, exists(stack.evaluator, entry, outer.exists), waits)
        return self.own_placement


class Run:
    """All stacks of a deployment under one assignment of the choices.

    Args:
        document: the root template.
        library: reads local templates.
        choices: what is open.
        budget: of the whole deployment.
        parameters: what parameter files give.
        passed: the parameters, where something else than a person deploys the root template.
        address: of the root stack; empty where it is the deployment.
        placement: of the root stack; None where it is the deployment.
    """

    def __init__(
        self,
        document: Document,
        library: Library,
        choices: Choices,
        budget: Budget,
        *,
        parameters: Map[str, Given] | None = None,
        passed: Map[str, AnyValue] | None = None,
        address: str = "",
        placement: Placement | None = None,
    ) -> None:
        self.choices = choices
        first = Range(document.file)
        placed = placement or Placement(DEFAULT_SCOPE, Known(True, Origin(first)))
        self.scopes = [Scope(placed.scope, first)]
        self.unseen: list[Unseen] = []
        self.stacks: list[Stack] = []
        self._library = library
        self._macros = Macros(library)
        self._budget = budget
        root = Evaluator(document, choices, budget, self._macros, address=address, parameters=parameters, passed=passed)
        self._place(Stack(root, placed.scope, None, (document.file,), placed))

    def _place(self, stack: Stack) -> None:
        """Add a stack and everything nested in it."""
        self.stacks.append(stack)
        evaluator = stack.evaluator
        evaluator.outputs = lambda name, output: self._output(stack, name, output)
        for name, node in evaluator.document.transforms:
            if not name.startswith(_HARMLESS):
                self._miss(stack, evaluator.qualified("Transform"), f"the macro {name} may add resources", node.range)
        for gap in evaluator.gaps:
            self._miss(stack, evaluator.qualified("Resources"), gap.because, gap.location)
        for entry in evaluator.resources.values():
            type_name = kind(entry)
            if type_name in _NESTED:
                child = self._nested(stack, entry, type_name)
                stack.children[entry.name] = child
                if child is not None:
                    self._place(child)
            elif type_name is not None and type_name.endswith("::MODULE"):
                because = f"the module {type_name} is not in this code"
                self._miss(stack, evaluator.qualified(entry.name), because, entry.key.range)

    def _output(self, stack: Stack, name: str, output: str) -> AnyValue | None:
        child = stack.children.get(name)
        return child.evaluator.output(output) if child is not None else None

    def _miss(self, stack: Stack, address: str, because: str, location: Range, scope: str | None = None) -> None:
        self.unseen.append(Unseen(address, because, location, scope or stack.scope))

    def _nested(self, stack: Stack, entry: Entry, type_name: str) -> Stack | None:
        """Make the stack of a nested template; None when it is not here, or is surely not deployed."""
        evaluator = stack.evaluator
        body = entry.value
        properties = body.get("Properties") if isinstance(body, Mapping) else None
        if not isinstance(body, Mapping) or not isinstance(properties, Mapping):
            return None
        condition = body.get("Condition")
        if condition is not None and evaluator.conditions.decide(condition).truth is False:
            return None
        address = evaluator.qualified(entry.name)
        scope = stack.scope
        if type_name == _STACK_SET:
            scope = address
            self.scopes.append(Scope(scope, entry.key.range, target_only=True))
        with self.choices.quiet():
            found = self._template(stack, body, properties, _NESTED[type_name])
        if isinstance(found, str):
            self._miss(stack, address, found, entry.key.range, scope)
            return None
        document, paths = found
        if len(paths) > _MAX_NESTING or paths[-1] in paths[:-1]:
            self._miss(stack, address, "stacks are nested too deeply, or in themselves", entry.key.range, scope)
            return None
        passed = _Passed(_parameters(properties.get("Parameters")), evaluator, _overridden(properties))
        child = Evaluator(document, self.choices, self._budget, self._macros, address=address, passed=passed)
        return Stack(child, scope, (stack, entry), paths)

    def _template(
        self, stack: Stack, body: Mapping, properties: Mapping, named: str
    ) -> tuple[Document, tuple[str, ...]] | str:
        """Find the template of a nested stack and the files down to it, or say why it cannot be seen."""
        inline = properties.get("TemplateBody")
        if inline is not None:
            return self._inline(stack, inline)
        location = _asset(body)
        node = properties.get(named)
        if location is None and node is not None:
            value = stack.evaluator.value(node)
            if not isinstance(value, Known) or not isinstance(value.value, str):
                return "its template is not in this code"
            location = value.value
        path = self._library.local(stack.paths[-1], location or "")
        if path is None:
            return f"its template is not in this code: {location}"
        document = self._library.document(path)
        if document is None:
            return f"its template {path} cannot be read"
        return document, (*stack.paths, path)

    def _inline(self, stack: Stack, node: Node) -> tuple[Document, tuple[str, ...]] | str:
        """Read a `TemplateBody`."""
        value = stack.evaluator.value(node)
        if not isinstance(value, Known):
            return f"its template is not known: {value.because if isinstance(value, Unknown) else 'it is missing'}"
        document: Document | None
        if isinstance(value.value, str):
            source = embedded(_text_node(node), value.value)
            try:
                document = documents.parse(source)
            except UnreadableError as error:
                self._library.errors.append(error.error)
                return "its template cannot be read"
        else:
            document = documents.of(node, node.source)
        if document is None:
            return "its TemplateBody is no template"
        return document, stack.paths


def _text_node(node: Node) -> Scalar:
    """The scalar in which a text is written: itself, or the operand of `Fn::Sub`."""
    while not isinstance(node, Scalar):
        inner = node.entries[0].value if isinstance(node, Mapping) and node.entries else None
        if isinstance(inner, Sequence) and inner.items:
            inner = inner.items[0]
        if inner is None:
            return Scalar(node.source, node.start, node.end, "", "")
        node = inner
    return node


def _asset(body: Mapping) -> str | None:
    """The local file that the CDK notes beside a nested stack whose template it uploads."""
    metadata = body.get("Metadata")
    path = metadata.get("aws:asset:path") if isinstance(metadata, Mapping) else None
    return path.text if isinstance(path, Scalar) else None


def _parameters(node: Node | None) -> dict[str, Node]:
    """The parameters of a nested stack (a mapping) or of a stack set (a list of keys and values)."""
    if isinstance(node, Mapping):
        return {entry.name: entry.value for entry in node.entries}
    found: dict[str, Node] = {}
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping) and isinstance(key := item.get("ParameterKey"), Scalar):
            value = item.get("ParameterValue")
            if value is not None:
                found[key.text] = value
    return found


def _overridden(properties: Mapping) -> dict[str, Range]:
    """The parameters that `StackInstancesGroup` overrides for some accounts."""
    groups = properties.get("StackInstancesGroup")
    return {
        name: node.range
        for group in (groups.items if isinstance(groups, Sequence) else ())
        if isinstance(group, Mapping)
        for name, node in _parameters(group.get("ParameterOverrides")).items()
    }
