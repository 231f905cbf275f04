"""What a resource waits for: the resources that it refers to, directly or through anything in between."""

from __future__ import annotations

from collections.abc import Iterator

from checkov_cloudtrail.terraform import nodes
from checkov_cloudtrail.terraform.modules import Body, Declaration
from checkov_cloudtrail.terraform.tree import Module

_LIMIT = 5_000


def waits_for(module: Module, declaration: Declaration) -> frozenset[str]:
    """Give the addresses of everything that exists before a resource does.

    Args:
        module: the module instance that it is in.
        declaration: its block.
    """
    return _followed(module, declaration, through=True)


def told_of(module: Module, declaration: Declaration) -> frozenset[str]:
    """Give the addresses of what a block is told about by name, not through another managed resource.

    Args:
        module: the module instance that it is in.
        declaration: the block: a module's call, say.
    """
    return _followed(module, declaration, through=False)


def _followed(module: Module, declaration: Declaration, *, through: bool) -> frozenset[str]:
    found: dict[str, None] = {}
    seen: set[tuple[str, str]] = set()
    waiting: list[tuple[Module, str, Body]] = [(module, declaration.address, declaration.body)]
    around: Module | None = module
    while around is not None:
        if around.call is not None and around.parent is not None and "depends_on" in around.call.body.arguments:
            argument = around.call.body.arguments["depends_on"]
            waiting.append((around.parent, f"{around.call.address}.depends_on", Body({"depends_on": argument})))
        around = around.parent
    while waiting and len(seen) < _LIMIT:
        where, name, body = waiting.pop()
        if (where.address, name) in seen:
            continue
        seen.add((where.address, name))
        for path in _in_body(body):
            reached = _reached(where, path, found)
            waiting.extend(one for one in reached if through or not _is_resource(one[0], one[1]))
    return frozenset(found)


def _is_resource(module: Module, name: str) -> bool:
    declaration = module.directory.resources.get(name)
    return declaration is not None and declaration.type == "resource"


def _reached(module: Module, path: tuple[str, ...], found: dict[str, None]) -> Iterator[tuple[Module, str, Body]]:
    """Note the resources that a reference means, and give what it leads on to."""
    directory = module.directory
    match path:
        case ("var", name, *_):
            if module.parent is not None and module.call is not None and name in module.call.body.arguments:
                argument = module.call.body.arguments[name]
                yield module.parent, f"{module.call.address}.{name}", Body({name: argument})
        case ("local", name, *_):
            if name in directory.locals:
                yield module, f"local.{name}", Body({name: directory.locals[name]})
        case ("module", name, *rest):
            call = directory.calls.get(name)
            if call is None:
                return
            found[f"{module.prefix}{call.address}"] = None
            if module.called(call) is not None:
                for child in module.children(call):
                    yield from _module(child, rest[0] if rest else "", found)
        case ("data", kind, name, *_):
            yield from _resource(module, directory.resources.get(f"data.{kind}.{name}"), found)
        case (kind, name, *_):
            yield from _resource(module, directory.resources.get(f"{kind}.{name}"), found)


def _resource(
    module: Module, declaration: Declaration | None, found: dict[str, None]
) -> Iterator[tuple[Module, str, Body]]:
    if declaration is None:
        return
    for instance in module.expansion(declaration).instances:
        found[f"{module.prefix}{declaration.address}{instance.suffix}"] = None
    yield module, declaration.address, declaration.body


def _module(module: Module, output: str, found: dict[str, None]) -> Iterator[tuple[Module, str, Body]]:
    """Follow one output of a module, or everything in it."""
    if output:
        declaration = module.directory.outputs.get(output)
        if declaration is not None:
            yield module, f"output.{output}", declaration.body
        return
    for declaration in module.directory.resources.values():
        yield from _resource(module, declaration, found)
    for call in module.directory.calls.values():
        if module.called(call) is not None:
            for child in module.children(call):
                yield from _module(child, "", found)


def _in_body(body: Body) -> Iterator[tuple[str, ...]]:
    for argument in body.arguments.values():
        expression = argument.expression
        if argument.name == "depends_on" and isinstance(expression, nodes.Tuple):
            # Before 0.12 the names stood in quotes.
            quoted = (item.value for item in expression.items if isinstance(item, nodes.Literal))
            yield from (tuple(value.split(".")) for value in quoted if isinstance(value, str))
        yield from paths(expression)
    for block in body.blocks:
        yield from _in_body(block.body)


def paths(node: object) -> Iterator[tuple[str, ...]]:
    """Give the references in an expression as the names that they begin with: `("module", "audit", "arn")`."""
    waiting: list[object] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(one)
        elif isinstance(one, nodes.Name):
            yield (one.name,)
        elif isinstance(one, nodes.Attribute | nodes.Index):
            names: list[str] = []
            base: nodes.Expression = one
            while isinstance(base, nodes.Attribute | nodes.Index):
                if isinstance(base, nodes.Attribute):
                    names.append(base.name)
                else:
                    waiting.append(base.key)
                base = base.subject
            if isinstance(base, nodes.Name):
                yield (base.name, *reversed(names))
            else:
                waiting.append(base)
        elif isinstance(one, nodes.Node):
            waiting.extend(getattr(one, name) for name in one.__match_args__)
