"""Evaluating the nodes of one stack: intrinsic functions, parameters and mappings, to the values of the model.

What cannot be told keeps its pieces: `Unknown.parts` holds literal text and references. A parameter or pseudo
parameter is `Reference(name, "")`, a resource `Reference(logical id, "Ref")` or `Reference(logical id, attribute)`;
logical ids of nested stacks are `Parent/Child`. A function over something unknown gives a reference whose address
spells the function.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Final

from checkov_cloudtrail.budget import MAX_TEXT, Budget, BudgetError
from checkov_cloudtrail.cloudformation.choices import Choice, Choices, Domain, Open
from checkov_cloudtrail.cloudformation.conditions import Conditions, Decision, key_of, spelled, text
from checkov_cloudtrail.cloudformation.document import Document, kind
from checkov_cloudtrail.cloudformation.macros import Gap, Macros
from checkov_cloudtrail.cloudformation.parameters import Given
from checkov_cloudtrail.cloudformation.pseudo import PARTITION, PSEUDO, REGION
from checkov_cloudtrail.cloudformation.reader import Entry, Mapping, Node, Scalar, Sequence
from checkov_cloudtrail.model.location import Step
from checkov_cloudtrail.model.values import Absent, AnyValue, Known, Origin, Reference, Unknown

MAX_DEPTH: Final = 120

# Their values hold no `:` and no `*`, and neither does the name of a log group.
_IN_ARNS: Final = (PARTITION, REGION, "AWS::AccountId")
_PLACEHOLDER = re.compile(r"\$\{(!?)([^{}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:[^{}]*\}\}")

Part = str | Reference
Pieces = list[Part]


class Evaluator:
    """One stack under one assignment of the choices.

    Args:
        document: its template.
        choices: what is open, and how far this run narrows it.
        budget: of the whole deployment.
        address: the stack's own address; empty for the root stack.
        parameters: what a parameter file gives (root stack).
        passed: the values that the parent passes (nested stack); None for the root stack.
        macros: expands includes and loops.

    `outputs` gives an output of a nested stack by its logical id and name, None when that is not known.
    """

    outputs: Callable[[str, str], AnyValue | None] | None = None

    def __init__(
        self,
        document: Document,
        choices: Choices,
        budget: Budget,
        macros: Macros,
        *,
        address: str = "",
        parameters: Map[str, Given] | None = None,
        passed: Map[str, AnyValue] | None = None,
    ) -> None:
        self.document = document
        self.choices = choices
        self.address = address
        self.conditions = Conditions(self._condition, self)
        self._budget = budget
        self._macros = macros
        self._given = parameters or {}
        self._passed = passed
        self._depth = 0
        self._sections: dict[str, tuple[Map[str, Entry], list[Gap]]] = {}
        self._functions: dict[str, Callable[[Mapping, Node], AnyValue]] = {
            "Ref": self._ref,
            "Fn::Base64": self._base64,
            "Fn::Cidr": self._at_deployment,
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAZs": self._at_deployment,
            "Fn::GetAtt": self._get_att,
            "Fn::GetStackOutput": self._at_deployment,
            "Fn::If": self._if,
            "Fn::ImportValue": self._import_value,
            "Fn::Join": self._join,
            "Fn::Length": self._length,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::Sub": self._sub,
            "Fn::ToJsonString": self._to_json,
            "Fn::Transform": self._transform,
        }

    # -- the stack --------------------------------------------------------------------------------------------------

    def qualified(self, name: str) -> str:
        """Give the address of something in this stack."""
        return f"{self.address}/{name}" if self.address else name

    @property
    def resources(self) -> Map[str, Entry]:
        """The resources by logical id, loops and includes expanded."""
        return self._section("Resources", self.document.resources.entries)[0]

    @property
    def gaps(self) -> list[Gap]:
        """Resources that may be made by loops and macros that cannot be told."""
        return self._section("Resources", self.document.resources.entries)[1]

    def _section(self, name: str, entries: Collection[Entry]) -> tuple[Map[str, Entry], list[Gap]]:
        """Give the members of a section by their names, loops and includes expanded, and what could not be."""
        found = self._sections.get(name)
        if found is None:
            # A loop that goes over something of the section that it is in.
            self._sections[name] = ({}, [])
            try:
                members, gaps = self.members(entries)
            except BaseException:
                del self._sections[name]
                raise
            found = self._sections[name] = ({entry.name: entry for entry in members}, gaps)
        return found

    def members(self, entries: Collection[Entry]) -> tuple[Iterable[Entry], list[Gap]]:
        """Give the members of a mapping, loops and includes expanded, and what could not be."""
        if not any(entry.name.startswith(("Fn::ForEach::", "Fn::Transform")) for entry in entries):
            return entries, []
        return self._macros.expand(entries, self)

    def output(self, name: str) -> AnyValue | None:
        """Evaluate an output; None when there is none."""
        entry = self._section("Outputs", self.document.outputs.values())[0].get(name)
        node = entry.value.get("Value") if entry is not None and isinstance(entry.value, Mapping) else None
        return self.value(node) if node is not None else None

    def referenced(self, node: Node) -> Iterable[str]:
        """Give the logical ids and parameters that a node mentions, whether it comes to that or not."""
        pending = [node]
        while pending:
            current = pending.pop()
            self._budget.spend()
            if isinstance(current, Sequence):
                pending.extend(current.items)
            elif isinstance(current, Mapping):
                entry = current.sole
                if entry is not None:
                    yield from self._mentions(entry)
                pending.extend(entry.value for entry in current.entries)

    def _mentions(self, entry: Entry) -> Iterable[str]:
        """The names that one intrinsic function mentions itself."""
        operand = entry.value
        first = operand.items[0] if isinstance(operand, Sequence) and operand.items else operand
        if not isinstance(first, Scalar):
            if entry.name in ("Ref", "Fn::GetAtt"):
                with self.choices.quiet():
                    name = self._name(first)
                yield from (name,) if name else ()
        elif entry.name in ("Ref", "Fn::GetAtt"):
            yield first.text.partition(".")[0]
        elif entry.name == "Fn::Sub":
            for match in _PLACEHOLDER.finditer(first.text):
                if not match[1]:
                    yield match[2].strip().partition(".")[0]

    # -- values -----------------------------------------------------------------------------------------------------

    def enter(self) -> bool:
        """See conditions.Values."""
        if self._depth >= MAX_DEPTH:
            return False
        self._depth += 1
        return True

    def leave(self) -> None:
        """See conditions.Values."""
        self._depth -= 1

    def value(self, node: Node) -> AnyValue:
        """Evaluate a node.

        Raises:
            SplitError: a choice has to be split first.
            BudgetError: there is too much to evaluate.
        """
        self._budget.spend()
        if isinstance(node, Scalar):
            return self._scalar(node)
        if not self.enter():
            return Unknown("it is nested too deeply", Origin(node.range))
        try:
            if isinstance(node, Sequence):
                return self._sequence(node)
            return self._mapping(node)
        finally:
            self.leave()

    def _scalar(self, node: Scalar) -> AnyValue:
        if node.value is None:
            return Absent(Origin(node.range))
        if isinstance(node.value, str) and "{{resolve:" in node.value:
            pieces: Pieces = []
            last = 0
            for match in _DYNAMIC.finditer(node.value):
                pieces += [node.value[last : match.start()], Reference(match[0])]
                last = match.end()
            return _text(node, [*pieces, node.value[last:]], (), "a dynamic reference is resolved at deployment")
        return Known(node.value, Origin(node.range, literal=True))

    def _sequence(self, node: Sequence) -> AnyValue:
        values = (self.value(item) for item in node.items)
        return Known(tuple(value for value in values if not isinstance(value, Absent)), Origin(node.range))

    def _mapping(self, node: Mapping) -> AnyValue:
        entry = node.sole
        if entry is not None:
            function = self._functions.get(entry.name)
            if function is not None:
                return function(node, entry.value)
            if entry.name in ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not") or (
                entry.name == "Condition"
                and isinstance(entry.value, Scalar)
                and isinstance(self._condition(entry.value.text), Entry)
            ):
                return self._truth(node)
            if entry.name.startswith("Fn::") and not entry.name.startswith("Fn::ForEach::"):
                return _unknown(node, f"{entry.name} is not evaluated")
        members, gaps = self.members(node.entries)
        if gaps:
            return _unknown(node, gaps[0].because)
        return Known({member.name: self.value(member.value) for member in members}, Origin(node.range))

    def _condition(self, name: str) -> Entry | str:
        """Give a condition by its name, or say why there is none."""
        entries, gaps = self._section("Conditions", self.document.conditions.values())
        return entries.get(name) or (gaps[0].because if gaps else f"condition {name} is not declared")

    def _truth(self, node: Node) -> AnyValue:
        decision = self.conditions.decide(node)
        if decision.truth is None:
            self.choices.needed(decision.open)
            return Unknown(decision.because, Origin(node.range, decision.chain))
        return Known(decision.truth, Origin(node.range, decision.chain))

    def required(self, decision: Decision) -> bool | None:
        """Give the truth of a decision on which evaluation depends.

        Raises:
            SplitError: it is open, and a choice would decide it.
        """
        if decision.truth is None:
            self.choices.needed(decision.open)
        return decision.truth

    # -- parameters and resources -------------------------------------------------------------------------------------

    def _ref(self, node: Mapping, operand: Node) -> AnyValue:
        name = self._name(operand)
        if name is None:
            return _unknown(node, "the name in Ref is open")
        return self.reference(node, name)

    def _name(self, node: Node) -> str | None:
        """A logical id or the like: plain text, or with language extensions a function that gives one."""
        if isinstance(node, Scalar):
            return node.text
        return text(self.value(node))

    def reference(self, node: Node, name: str) -> AnyValue:
        """Evaluate `Ref name`, for `node`."""
        if name == "AWS::NoValue":
            return Absent(Origin(node.range))
        if name in self.document.parameters:
            return self._parameter(node, name)
        if name in PSEUDO:
            self.choices.offer(Choice(name, name, PSEUDO[name]))
            domain = self.choices.domain(name)
            if domain.single is not None:
                return Known(domain.single, Origin(node.range, (Step(node.range, f"{name} is {domain.single}"),)))
            return Unknown(f"{name} is known at deployment", Origin(node.range), (Reference(name),), present=True)
        if name in self.resources:
            part = Reference(self.qualified(name), "Ref")
            return Unknown(f"{name} gets its name at deployment", Origin(node.range), (part,), present=True)
        return self._undeclared(node, name, "Ref")

    def _undeclared(self, node: Node, name: str, attribute: str) -> Unknown:
        """A name that nothing has: CloudFormation refuses it, fragments of templates are judged all the same."""
        part = Reference(self.qualified(name), attribute)
        because = f"{name} is not declared"
        self.choices.offer(Choice(key_of(part), name, closed=because))
        return Unknown(because, Origin(node.range), (part,))

    def _parameter(self, node: Node, name: str) -> AnyValue:
        parameter = self.document.parameters[name]
        key = self.qualified(name)
        if self._passed is not None and name in self._passed:
            return _at(node, _listed(self._passed[name]) if parameter.listed else self._passed[name])
        given = self._given.get(name)
        choice = parameter.choice(key)
        step = Step(parameter.default_location, f'parameter {name} defaults to "{parameter.default}"')
        if given is not None and not parameter.stored:
            choice = replace(choice, default=None)
            if given.value is not None:
                choice = replace(choice, domain=Domain((given.value,)))
            step = given.step
        elif self._passed is not None and choice.default is not None:
            choice = replace(choice, domain=Domain((choice.default,)), default=None)
        elif parameter.default is None or parameter.stored:
            step = Step(parameter.location, f"parameter {key} has no default")
        self.choices.offer(choice)
        domain = self.choices.domain(key)
        if domain.single is None:
            return Unknown(
                f"parameter {choice.label} has no value", Origin(node.range, (step,)), (Reference(key),), present=True
            )
        if choice.default != domain.single and given is None and self._passed is None:
            step = Step(parameter.location, domain.text(f"parameter {name}"))
        value = Known(domain.single, Origin(node.range, (step,)))
        return _listed(value) if parameter.listed else value

    def _get_att(self, node: Mapping, operand: Node) -> AnyValue:
        if isinstance(operand, Scalar):
            name, _, attribute = operand.text.partition(".")
        elif isinstance(operand, Sequence) and len(operand.items) == 2:
            first, second = (self._name(item) for item in operand.items)
            if first is None or second is None:
                return _unknown(node, "the attribute in Fn::GetAtt is open")
            name, attribute = first, second
        else:
            return _unknown(node, "Fn::GetAtt takes a logical id and an attribute")
        return self.attribute(node, name, attribute)

    def attribute(self, node: Node, name: str, attribute: str) -> AnyValue:
        """Evaluate `Fn::GetAtt [name, attribute]`, for `node`."""
        if name not in self.resources:
            return self._undeclared(node, name, attribute)
        if attribute.startswith("Outputs.") and self.outputs is not None:
            output = self.outputs(name, attribute.removeprefix("Outputs."))
            if output is not None:
                return _at(node, output)
        part = Reference(self.qualified(name), attribute)
        return Unknown(f"{name}.{attribute} is known at deployment", Origin(node.range), (part,), present=True)

    def _import_value(self, node: Mapping, operand: Node) -> AnyValue:
        name = self.value(operand)
        spelling = text(name)
        if spelling is None and isinstance(name, Unknown) and name.parts:
            spelling = spelled(name.parts)
        if spelling is None:
            return _unknown(node, "an export of another stack is imported")
        part = Reference(f"export {spelling}", "Fn::ImportValue")
        because = f'the export "{spelling}" is in another stack'
        return Unknown(because, Origin(node.range), (part,), present=True)

    def _at_deployment(self, node: Mapping, _: Node) -> AnyValue:
        entry = node.entries[0]
        return _unknown(node, f"{entry.name} is evaluated at deployment")

    # -- choosing -----------------------------------------------------------------------------------------------------

    def _if(self, node: Mapping, operand: Node) -> AnyValue:
        if not isinstance(operand, Sequence) or len(operand.items) != 3:
            return _unknown(node, "Fn::If takes a condition and two values")
        test, yes, no = operand.items
        decision = self.conditions.decide(test)
        truth = self.required(decision)
        if truth is None:
            one, other = self.value(yes), self.value(no)
            if plain(one) is not None and plain(one) == plain(other):
                return _at(node, one)
            return Unknown(decision.because, Origin(node.range, decision.chain))
        branch = yes if truth else no
        return _at(node, self.value(branch), *decision.chain)

    def _find_in_map(self, node: Mapping, operand: Node) -> AnyValue:
        if not isinstance(operand, Sequence) or len(operand.items) not in (3, 4):
            return _unknown(node, "Fn::FindInMap takes a map and two keys")
        default = operand.items[3] if len(operand.items) == 4 else None
        fallback = default.get("DefaultValue") if isinstance(default, Mapping) else None
        name = self.value(operand.items[0])
        section = self._chosen(name, {key: entry.value for key, entry in self.document.mappings.items()}, fallback)
        if not isinstance(section, Mapping):
            return self._not_found(node, section, fallback, name)
        second = self.value(operand.items[2])
        first = self.value(operand.items[1])
        tops: dict[str, Node] = {entry.name: entry.value for entry in section.entries}
        exact = text(second)
        if exact is not None:
            # Top level keys that lead to the same value need not be told apart.
            leaves = {
                key: found
                for key, top in tops.items()
                if isinstance(top, Mapping) and (found := top.get(exact)) is not None
            }
            leaf = self._chosen(first, leaves, fallback)
        else:
            top = self._chosen(first, tops, fallback)
            if not isinstance(top, Mapping):
                return self._not_found(node, top, fallback, first)
            leaf = self._chosen(second, {entry.name: entry.value for entry in top.entries}, fallback)
        if leaf is None or isinstance(leaf, Open):
            return self._not_found(node, leaf, fallback, first, second)
        steps = (Step(leaf.range, f"Fn::FindInMap gives {_shown(leaf)}"), *first.origin.chain, *second.origin.chain)
        return _at(node, self.value(leaf), *steps)

    def _not_found(self, node: Node, found: Node | Open | None, fallback: Node | None, *keys: AnyValue) -> AnyValue:
        if isinstance(found, Open):
            because = next((key.because for key in keys if isinstance(key, Unknown)), found.because)
            return _unknown(node, because)
        if fallback is not None:
            return _at(node, self.value(fallback))
        return _unknown(node, "Fn::FindInMap finds nothing")

    def _chosen(self, key: AnyValue, candidates: Map[str, Node], fallback: Node | None) -> Node | Open | None:
        """Look a key up; an open key is split where the results differ.

        Returns:
            None when nothing is there.
        """
        exact = text(key)
        if exact is not None:
            return candidates.get(exact)
        if not isinstance(key, Unknown) or len(key.parts) != 1 or not isinstance(key.parts[0], Reference):
            return Open(key.because if isinstance(key, Unknown) else "the key is missing")
        groups: dict[Node, list[str]] = {}
        for name, node in candidates.items():
            groups.setdefault(node, []).append(name)
        keyed = [tuple(names) for names in groups.values()]
        answer = self.choices.among(key_of(key.parts[0]), keyed, fallback is not None)
        if isinstance(answer, Open):
            self.choices.needed(answer)
            return answer
        return list(groups)[answer] if answer is not None and answer < len(keyed) else None

    def _select(self, node: Mapping, operand: Node) -> AnyValue:
        if not isinstance(operand, Sequence) or len(operand.items) != 2:
            return _unknown(node, "Fn::Select takes an index and a list")
        index, items = (self.value(item) for item in operand.items)
        position = text(index)
        if position is None and isinstance(index, Unknown) and len(index.parts) == 1:
            part = index.parts[0]
            answer = self.choices.value(key_of(part)) if isinstance(part, Reference) else Open(index.because)
            if isinstance(answer, Open):
                self.choices.needed(answer)
            else:
                position = answer
        if position is None:
            return _unknown(node, index.because if isinstance(index, Unknown) else "the index is not known")
        if isinstance(items, Unknown):
            return _derived(node, f"Fn::Select {position}", items)
        if not isinstance(items, Known) or not isinstance(items.value, tuple):
            return _unknown(node, "Fn::Select takes a list")
        if not position.isascii() or not position.isdigit() or int(position[:9]) >= len(items.value):
            return _unknown(node, f"Fn::Select has no item {position[:20]}")
        return _at(node, items.value[int(position)], *items.origin.chain)

    # -- text ---------------------------------------------------------------------------------------------------------

    def _sub(self, node: Mapping, operand: Node) -> AnyValue:
        own: dict[str, Node] = {}
        template = operand
        if isinstance(operand, Sequence) and len(operand.items) == 2:
            template, names = operand.items
            if isinstance(names, Mapping):
                own = {entry.name: entry.value for entry in names.entries}
        if not isinstance(template, Scalar):
            return _unknown(node, "Fn::Sub takes a string")
        pieces: list[AnyValue | str] = []
        last = 0
        for match in _PLACEHOLDER.finditer(template.text):
            pieces.append(template.text[last : match.start()])
            pieces.append(f"${{{match[2]}}}" if match[1] else self._placeholder(node, match[2].strip(), own))
            last = match.end()
        pieces.append(template.text[last:])
        return self._concatenated(node, pieces)

    def _placeholder(self, node: Node, name: str, own: Map[str, Node]) -> AnyValue:
        if name in own:
            return self.value(own[name])
        resource, dot, attribute = name.partition(".")
        return self.attribute(node, resource, attribute) if dot else self.reference(node, name)

    def _join(self, node: Mapping, operand: Node) -> AnyValue:
        if not isinstance(operand, Sequence) or len(operand.items) != 2:
            return _unknown(node, "Fn::Join takes a delimiter and a list")
        delimiter = text(self.value(operand.items[0]))
        items = self.value(operand.items[1])
        if delimiter is None:
            return _unknown(node, "the delimiter of Fn::Join is not known")
        if isinstance(items, Unknown):
            return _derived(node, f"Fn::Join {delimiter}", items)
        if not isinstance(items, Known) or not isinstance(items.value, tuple):
            return _unknown(node, "Fn::Join takes a list")
        pieces: list[AnyValue | str] = []
        for item in items.value:
            pieces += [delimiter, item] if pieces else [item]
        return self._concatenated(node, pieces, *items.origin.chain)

    def _concatenated(self, node: Node, pieces: Iterable[AnyValue | str], *steps: Step) -> AnyValue:
        """Put text together; what is unknown of it stays as parts."""
        parts: Pieces = []
        chain = list(steps)
        unknown: list[Unknown] = []
        length = 0
        for piece in pieces:
            if isinstance(piece, str):
                parts.append(piece)
                length += len(piece)
                continue
            chain += piece.origin.chain
            spelling = text(piece)
            if spelling is not None:
                parts.append(spelling)
                length += len(spelling)
            elif isinstance(piece, Unknown):
                unknown.append(piece)
                parts += piece.parts
            elif not isinstance(piece, Absent):
                return _unknown(node, "a list or an object is put into text")
            if length > MAX_TEXT:
                raise BudgetError(f"a text of more than {MAX_TEXT} characters")
        self._budget.spend(1 + length // 100)
        # What somebody chooses decides more than what AWS gives to each deployment alike.
        because = min(unknown, key=_openness).because if unknown else ""
        if not all(piece.parts for piece in unknown):
            return Unknown(because, Origin(node.range, tuple(chain)), present=True)
        return _text(node, parts, tuple(dict.fromkeys(chain)), because)

    def _split(self, node: Mapping, operand: Node) -> AnyValue:
        if not isinstance(operand, Sequence) or len(operand.items) != 2:
            return _unknown(node, "Fn::Split takes a delimiter and a string")
        delimiter = text(self.value(operand.items[0]))
        source = self.value(operand.items[1])
        if not delimiter:
            return _unknown(node, "the delimiter of Fn::Split is not known")
        if isinstance(source, Unknown):
            texts = self._cut(node, source, delimiter)
            return _derived(node, f"Fn::Split {delimiter}", source) if texts is None else texts
        whole = text(source)
        if whole is None:
            return _unknown(node, "Fn::Split takes a string")
        pieces = whole.split(delimiter)
        self._budget.spend(len(pieces))
        origin = Origin(node.range, source.origin.chain)
        return Known(tuple(Known(piece, origin) for piece in pieces), origin)

    def _cut(self, node: Node, source: Unknown, delimiter: str) -> AnyValue | None:
        """Split a text at `:` or `:*`; None when something unknown in it may hold the delimiter."""
        if not source.parts or not set(delimiter) <= {":", "*"}:
            return None
        texts: list[Pieces] = [[]]
        for part in _merged(inner for outer in source.parts for inner in self._spelled_out(node, outer)):
            if isinstance(part, str):
                first, *others = part.split(delimiter)
                texts[-1].append(first)
                texts += [[other] for other in others]
            elif part.address in _IN_ARNS or (part.attribute == "Ref" and self._is_log_group(part)):
                texts[-1].append(part)
            else:
                return None
        chain = source.origin.chain
        return Known(tuple(_text(node, parts, chain, source.because) for parts in texts), Origin(node.range, chain))

    def _spelled_out(self, node: Node, part: Part) -> Iterable[Part]:
        """Write the ARN of a log group out, of which CloudFormation documents every piece [CFN]."""
        if isinstance(part, str) or part.attribute != "Arn" or not self._is_log_group(part):
            return (part,)
        partition, region, account = (text(self.reference(node, name)) or Reference(name) for name in _IN_ARNS)
        name = Reference(part.address, "Ref")
        return ("arn:", partition, ":logs:", region, ":", account, ":log-group:", name, ":*")

    def _is_log_group(self, part: Reference) -> bool:
        entry = self.resources.get(part.address.rpartition("/")[2])
        own = entry is not None and self.qualified(entry.name) == part.address
        return own and entry is not None and kind(entry) == "AWS::Logs::LogGroup"

    def _base64(self, node: Mapping, operand: Node) -> AnyValue:
        value = self.value(operand)
        spelling = text(value)
        if spelling is None:
            return _derived(node, "Fn::Base64", value)
        encoded = base64.b64encode(spelling.encode("utf-8", "replace")).decode()
        return Known(encoded, Origin(node.range, value.origin.chain))

    def _length(self, node: Mapping, operand: Node) -> AnyValue:
        value = self.value(operand)
        if isinstance(value, Known) and isinstance(value.value, tuple):
            return Known(len(value.value), Origin(node.range, value.origin.chain))
        return _derived(node, "Fn::Length", value)

    def _to_json(self, node: Mapping, operand: Node) -> AnyValue:
        value = self.value(operand)
        data = plain(value)
        if data is not None:
            return Known(json.dumps(data, separators=(",", ":")), Origin(node.range, value.origin.chain))
        if isinstance(value, Unknown):
            return _derived(node, "Fn::ToJsonString", value)
        return self._concatenated(node, _json_pieces(value), *value.origin.chain)

    def _transform(self, node: Mapping, operand: Node) -> AnyValue:
        entries = self._macros.included(operand, self)
        if entries is None:
            return _unknown(node, "a macro is evaluated at deployment")
        return Known({entry.name: self.value(entry.value) for entry in entries}, Origin(node.range))


def plain(value: AnyValue) -> object | None:
    """Give a value that is known in every part as plain data; None when a part is not known."""
    if not isinstance(value, Known):
        return None
    content = value.value
    if isinstance(content, tuple):
        items = [plain(item) for item in content]
        return None if any(item is None for item in items) else items
    if isinstance(content, Map):
        members = {name: plain(item) for name, item in content.items() if not isinstance(item, Absent)}
        return None if any(item is None for item in members.values()) else members
    return content


def _unknown(node: Node, because: str) -> Unknown:
    return Unknown(because, Origin(node.range))


def _at(node: Node, value: AnyValue, *steps: Step) -> AnyValue:
    """The same value where another expression gives it, with the places behind it."""
    chain = tuple(dict.fromkeys((*steps, *value.origin.chain)))
    return replace(value, origin=Origin(node.range, chain))


def _text(node: Node, parts: Iterable[Part], chain: tuple[Step, ...], because: str) -> AnyValue:
    """Make a string of its parts."""
    merged = _merged(parts)
    if not merged:
        return Known("", Origin(node.range, chain))
    if len(merged) == 1 and isinstance(merged[0], str):
        return Known(merged[0], Origin(node.range, chain))
    return Unknown(because, Origin(node.range, chain), tuple(merged), present=True)


def _merged(parts: Iterable[Part]) -> Pieces:
    """Join literal texts that are side by side."""
    merged: Pieces = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return merged


def _openness(value: Unknown) -> int:
    """Rank what is unknown in a text: anything, undeclared, parameters, pseudo parameters, attributes of resources."""
    if not value.present:
        return 0
    references = [part for part in value.parts if isinstance(part, Reference)]
    return min((3 if one.attribute else 2 if one.address in PSEUDO else 1 for one in references), default=0)


def _derived(node: Node, function: str, value: AnyValue) -> AnyValue:
    """What a function makes of something unknown: unknown, but the same wherever it is written the same way."""
    if not isinstance(value, Unknown):
        return _unknown(node, f"{function.partition(' ')[0]} takes something else")
    parts: tuple[Part, ...] = ()
    if value.parts:
        reference = value.parts[0]
        # It is there as the attribute is, but no longer that attribute: an ARN without its ending, say.
        attribute = "derived" if isinstance(reference, Reference) and reference.attribute else ""
        of = reference.address if len(value.parts) == 1 and isinstance(reference, Reference) else spelled(value.parts)
        parts = (Reference(f"{function} of {of}", attribute),)
    return Unknown(value.because, Origin(node.range, value.origin.chain), parts, present=True)


def _json_pieces(value: AnyValue) -> Iterator[AnyValue | str]:
    """Write a value as JSON. What is not known is a string when it has parts; else it may be anything, unquoted."""
    match value:
        case Known(Map() as members):
            yield "{"
            written = [(name, member) for name, member in members.items() if not isinstance(member, Absent)]
            for position, (name, member) in enumerate(written):
                yield f"{',' if position else ''}{json.dumps(name)}:"
                yield from _json_pieces(member)
            yield "}"
        case Known(tuple() as items):
            yield "["
            for position, item in enumerate(items):
                yield "," if position else ""
                yield from _json_pieces(item)
            yield "]"
        case Known(data):
            yield json.dumps(data)
        case Unknown(_, origin, parts) if parts:
            escaped = (json.dumps(part)[1:-1] if isinstance(part, str) else part for part in parts)
            yield from ('"', replace(value, parts=tuple(escaped)), '"')
        case Unknown(_, origin):
            where = f"{origin.range.file}:{origin.range.line}:{origin.range.column}"
            yield replace(value, parts=(Reference(f"what is at {where}"),))
        case Absent():
            yield "null"


def _listed(value: AnyValue) -> AnyValue:
    """Make the list of a parameter that is given as text with commas."""
    if isinstance(value, Known) and isinstance(value.value, str):
        items = tuple(Known(item.strip(), value.origin) for item in value.value.split(","))
        return Known(items if value.value else (), value.origin)
    return value


def _shown(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else "a list" if isinstance(node, Sequence) else "an object"
