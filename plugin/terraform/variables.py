"""Input variables: type constraints, and the values that a root module is given, in Terraform's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from checkov_cloudtrail.files import Files, join
from checkov_cloudtrail.model.location import Range, SourceError, Step, UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.options import Options, Var, VarFile
from checkov_cloudtrail.terraform import grammar, nodes, syntax, types
from checkov_cloudtrail.terraform.expressions import Evaluator
from checkov_cloudtrail.terraform.lexer import HclSyntaxError
from checkov_cloudtrail.terraform.modules import Declaration, Place
from checkov_cloudtrail.terraform.values import BOOL, DYNAMIC, NUMBER, STRING, EvaluationError, Type, Val

PREFIX = "TF_VAR_"
_PLAIN = {"bool": BOOL, "number": NUMBER, "string": STRING, "any": DYNAMIC}
_COLLECTIONS = ("list", "set", "map")


@record
class Given:
    """A value that a root variable is given, not yet evaluated or converted.

    Args:
        source: `terraform.tfvars`, `--var`, `TF_VAR_multi`: for people.
        range: where it stands, when it stands in a file.
        expression: what stands there, or
        text: the text of an option or of the environment, which the variable's type says how to read.
    """

    source: str
    range: Range | None = None
    expression: nodes.Expression | None = None
    text: str = ""


@record
class Inputs:
    """The values that a root module is given, by variable, and the files that could not be read for them."""

    given: Mapping[str, Given] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    errors: tuple[SourceError, ...] = ()


def inputs(files: Files, root: str, options: Options) -> Inputs:
    """Collect what a root module is given: environment < tfvars files < options, the later before the earlier."""
    given: dict[str, Given] = {
        name.removeprefix(PREFIX): Given(name, text=text)
        for name, text in options.environment.items()
        if name.startswith(PREFIX)
    }
    read: list[str] = []
    errors: list[SourceError] = []
    for each in (*_automatic(files, root), *options.inputs):
        if isinstance(each, Var):
            given[each.name] = Given("--var", text=each.text)
            continue
        path = each.path
        read.append(path)
        try:
            source, assignments = syntax.values(path, files.read(path))
        except UnreadableError as error:
            errors.append(error.error)
            continue
        place = Place(path, source)
        for name, assignment in assignments.items():
            expression = assignment.expression
            given[name] = Given(path, place.range(expression.start, expression.end), expression)
    return Inputs(given, tuple(read), tuple(errors))


def _automatic(files: Files, root: str) -> Iterator[VarFile]:
    names = files.entries(root)
    yield from (VarFile(join(root, name)) for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names)
    yield from (VarFile(join(root, name)) for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json")))


def value_of(given: Given, declaration: Declaration, evaluator: Evaluator) -> Val:
    """Evaluate what a variable is given; the type is applied afterwards.

    Raises:
        EvaluationError: it is no value: a reference, a function call, or text that the variable's type cannot read.
    """
    name = declaration.labels[0]
    if given.expression is not None:
        value = evaluator.evaluate(given.expression)
    elif _reads_text(declaration):
        value = types.string(given.text)
    else:
        try:
            value = evaluator.evaluate(grammar.expression(given.text))
        except HclSyntaxError as error:
            raise EvaluationError(f"the value of {given.source} is no expression: {error.message}") from error
    setting = f"{given.source} sets {name}{shown(value)}"
    return value.via(Step(given.range or declaration.header, setting))


def _reads_text(declaration: Declaration) -> bool:
    """Tell whether the text of an option is the value itself: for primitive types, and without a type."""
    argument = declaration.body.arguments.get("type")
    if argument is None:
        return True
    node = argument.expression
    plain = node.name if isinstance(node, nodes.Name) else node.value if isinstance(node, nodes.Literal) else ""
    return plain in ("bool", "number", "string")


def shown(value: Val) -> str:
    """Write a plain value behind the name that it is given: ` to "x"`; nothing for others, secrets and long texts."""
    raw = value.raw
    if value.sensitive or value.unknown is not None or not (raw is None or value.type.primitive):
        return ""
    text = types.symbol_of(value)
    return f" to {text}" if 0 < len(text) <= 80 else ""


def constraint(node: nodes.Expression, evaluator: Evaluator) -> Type:
    """Read a type constraint.

    Args:
        node: the `type` of a variable.
        evaluator: evaluates the defaults in `optional(type, default)`.

    Raises:
        EvaluationError: it is none.
    """
    match node:
        case nodes.Name(name=name) | nodes.Literal(value=str(name)):
            if name in _PLAIN:
                return _PLAIN[name]
            if name in _COLLECTIONS:
                return Type(name, element=DYNAMIC)
        case nodes.Call(name=name, arguments=(inner,)) if name in _COLLECTIONS:
            return Type(name, element=constraint(inner, evaluator))
        case nodes.Call(name="tuple", arguments=(nodes.Tuple(items=items),)):
            return Type("tuple", elements=tuple(constraint(item, evaluator) for item in items))
        case nodes.Call(name="object", arguments=(nodes.Object(items=pairs),)):
            return _object(pairs, evaluator)
        case nodes.Parentheses(inner=inner):
            return constraint(inner, evaluator)
    raise EvaluationError("this is no type constraint")


def _object(pairs: tuple[tuple[nodes.Expression, nodes.Expression], ...], evaluator: Evaluator) -> Type:
    attributes: dict[str, Type] = {}
    optional: dict[str, Val | None] = {}
    for key, value in pairs:
        if not isinstance(key, nodes.Literal) or not isinstance(key.value, str):
            raise EvaluationError("an object type needs plain attribute names")
        inner, default = value, None
        if isinstance(value, nodes.Call) and value.name == "optional" and 1 <= len(value.arguments) <= 2:
            inner = value.arguments[0]
            optional[key.value] = None
            default = value.arguments[1] if len(value.arguments) == 2 else None
        attributes[key.value] = constraint(inner, evaluator)
        if default is not None:
            optional[key.value] = types.convert(evaluator.evaluate(default), attributes[key.value])
    return Type("object", attributes=attributes, optional=optional)


@dataclass(slots=True)
class Variable:
    """A variable's declaration, read once: type, default, nullable, sensitive.

    Args:
        type: its type constraint; `any` where none is written or it cannot be read.
        default: its default, None where it has none.
    """

    declaration: Declaration
    type: Type = DYNAMIC
    default: Val | None = None
    nullable: bool = True
    sensitive: bool = False

    @classmethod
    def of(cls, declaration: Declaration, evaluator: Evaluator) -> Variable:
        """Read a declaration.

        Raises:
            EvaluationError: its type or default cannot be understood.
        """
        arguments = declaration.body.arguments
        made = cls(declaration)
        if "type" in arguments:
            made.type = constraint(arguments["type"].expression, evaluator)
        made.nullable = not _is(arguments.get("nullable"), False)
        made.sensitive = _is(arguments.get("sensitive"), True)
        if "default" in arguments:
            argument = arguments["default"]
            value = types.convert(evaluator.evaluate(argument.expression), made.type)
            text = f'variable "{declaration.labels[0]}" defaults{shown(value)}'
            made.default = value.via(Step(argument.range, text if shown(value) else f"{text} to this"))
        return made

    def converted(self, value: Val) -> Val:
        """Give a value the variable's type; null gives way to the default where it is not allowed.

        Raises:
            EvaluationError: it cannot have that type.
        """
        made = types.convert(value, self.type)
        if made.null and not self.nullable and self.default is not None:
            made = replace(self.default, chain=(*value.chain, *self.default.chain))
        return replace(made, sensitive=True) if self.sensitive and not made.sensitive else made


def _is(argument: object, wanted: bool) -> bool:
    expression = getattr(argument, "expression", None)
    return isinstance(expression, nodes.Literal) and expression.value is wanted
