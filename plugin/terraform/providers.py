"""Account scopes: which account and Region the provider of a resource stands for (semantics of providers, [TF])."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checkov_cloudtrail.model.deployment import Scope
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, Known, Origin, Unknown, Value
from checkov_cloudtrail.terraform import blocks, nodes, types
from checkov_cloudtrail.terraform.blocks import EvaluatedBlock
from checkov_cloudtrail.terraform.modules import Body, Declaration
from checkov_cloudtrail.terraform.tree import SOME, Expansion, Frame, Instance, Module
from checkov_cloudtrail.terraform.values import DYNAMIC, STRING, UnknownRaw

DEFAULT = "default"
_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):")
_ACCOUNT = re.compile(r"\d{12}")
# In the order in which they are assumed.
_ASSUMED = ("assume_role_with_web_identity", "assume_role")
# What else makes another account out of a provider; whatever the Region is.
_IDENTITY = (
    "profile",
    "access_key",
    "token",
    "shared_credentials_files",
    "shared_credentials_file",
    "shared_config_files",
)


@record
class Provider:
    """A provider configuration: where it is configured, its name and alias, and which one of a `for_each` it is."""

    module: Module
    name: str
    alias: str
    instance: Instance | None = None

    @property
    def label(self) -> str:
        """The provider as the code names it: `aws`, `aws.audit`, `aws.accounts["a"]`."""
        name = f"{self.name}.{self.alias}" if self.alias else self.name
        return f"{name}{self.instance.suffix}" if self.instance else name

    @property
    def declaration(self) -> Declaration | None:
        """Its block, where there is one."""
        return self.module.directory.providers.get((self.name, self.alias))

    @property
    def expansion(self) -> Expansion | None:
        """The instances that OpenTofu's `for_each` makes of it; None without one."""
        declaration = self.declaration
        if declaration is None or "for_each" not in declaration.body.arguments:
            return None
        return self.module.expansion(declaration, f"provider.{self.name}.{self.alias}")

    @property
    def certain(self) -> tuple[Provider, ...]:
        """It, or its instances as far as they can be told."""
        expansion = self.expansion
        if expansion is None:
            return (self,)
        return tuple(replace(self, instance=one) for one in expansion.instances if one.doubt is None)


@dataclass(slots=True)
class Scopes:
    """The account scopes of one case, by provider.

    Args:
        root: the root module.
        fallback: where a scope without a provider block is.
    """

    root: Module
    fallback: Range
    _blocks: dict[tuple[str, str], EvaluatedBlock | None] = field(default_factory=dict)
    _keys: dict[object, str] = field(default_factory=dict)
    _scopes: dict[str, Scope] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # In this order the default provider, then the aliases as declared, give the scopes their names.
        configured = [Provider(self.root, name, alias) for name, alias in self.root.directory.providers]
        for provider in sorted(configured, key=lambda one: (one.alias != "", one.name != "aws")):
            if provider.name in ("aws", "awscc"):
                for one in provider.certain:
                    self.key(one)

    @property
    def all(self) -> tuple[Scope, ...]:
        """The scopes that were met."""
        return tuple(self._scopes.values())

    def key(self, provider: Provider) -> str:
        """Give the account scope of a provider: the account id, else the first provider of that account."""
        block = self._block(provider)
        account = account_of(block) if block else ""
        told_apart: object = account or identity(provider.label, block)
        if told_apart not in self._keys:
            self._keys[told_apart] = account or self._name(provider, told_apart)
        key = self._keys[told_apart]
        if key not in self._scopes:
            declaration = provider.declaration
            self._scopes[key] = Scope(key, declaration.header if declaration else self.fallback)
        return key

    def _name(self, provider: Provider, identity: object) -> str:
        default = ("aws", "") in self.root.directory.providers
        if (not provider.alias and provider.name == "aws") or (
            identity == () and not (default and DEFAULT in self._scopes)
        ):
            return DEFAULT
        return provider.label

    def region(self, provider: Provider) -> Value[str]:
        """Give the Region of a provider."""
        block = self._block(provider)
        if block is None:
            return Absent(Origin(self.fallback, missing=True))
        return block.text("region")

    def _block(self, provider: Provider) -> EvaluatedBlock | None:
        key = (provider.module.address, provider.label)
        if key not in self._blocks:
            declaration = provider.declaration
            frame = Frame(provider.module, provider.instance)
            evaluated = blocks.evaluate(frame, declaration.body, declaration.header) if declaration else None
            self._blocks[key] = evaluated
        return self._blocks[key]


@record
class _Named:
    """How a provider is referred to: `aws`, `aws.audit`, OpenTofu's `aws.accounts[each.key]`."""

    name: str
    alias: str = ""
    index: nodes.Expression | None = None


def provider_of(frame: Frame, body: Body, type: str) -> Provider:
    """Find the provider configuration of a resource: its `provider`, else the default one, through the callers."""
    argument = body.arguments.get("provider")
    found = _reference(argument.expression) if argument else None
    return _configured(frame, found or _Named(type.partition("_")[0]))


def _configured(frame: Frame, named: _Named) -> Provider:
    """Find where a provider is configured that is named in a frame."""
    module = frame.module
    while module.parent is not None and module.call is not None:
        if (named.name, named.alias) in module.directory.providers:
            break
        passed = _passed(module.call).get((named.name, named.alias))
        if passed is None and named.alias:
            break  # an alias that nobody passes: Terraform refuses it
        named = passed or named
        frame = Frame(module.parent, module.instance, module.address)
        module = module.parent
    return _chosen(Provider(module, named.name, named.alias), frame, named.index)


def _chosen(provider: Provider, frame: Frame, index: nodes.Expression | None) -> Provider:
    """Choose the instance of a provider with `for_each`; one that cannot be told stands apart from the others."""
    expansion = provider.expansion
    if expansion is None:
        return provider
    key = types.unknown(STRING, f"{provider.label} is referred to without a key")
    if index is not None:
        key = frame.module.tree.guarded(f"the key of {provider.label}", lambda: frame.evaluator.evaluate(index))
    instance = expansion.of_key(key) if key.unknown is None else None
    if instance is None:
        doubt = key.unknown or UnknownRaw(f"{provider.label} has no instance with the key {types.symbol_of(key)}")
        instance = Instance(SOME, types.unknown(DYNAMIC, doubt.because), doubt)
    return replace(provider, instance=instance)


def passed(module: Module, call: Declaration) -> list[Provider]:
    """Give the providers that a call hands to its module: those it names, else the default one."""
    named = tuple(_passed(call).values()) or (_Named("aws"),)
    frames = [Frame(module, instance) for instance in module.expansion(call).instances]
    return [_configured(frame, one) for frame in frames for one in named]


def _reference(node: nodes.Expression) -> _Named | None:
    match node:
        case nodes.Name(name=name):
            return _Named(name)
        case nodes.Attribute(subject=nodes.Name(name=name), name=alias):
            return _Named(name, alias)
        case nodes.Literal(value=str(text)):
            name, _, alias = text.partition(".")
            return _Named(name, alias)
        case nodes.Index(subject=subject, key=key):
            found = _reference(subject)
            return replace(found, index=key) if found else None
    return None


def _passed(call: Declaration) -> Mapping[tuple[str, str], _Named]:
    argument = call.body.arguments.get("providers")
    if argument is None or not isinstance(argument.expression, nodes.Object):
        return {}
    pairs = ((_reference(key), _reference(value)) for key, value in argument.expression.items)
    return {(key.name, key.alias): value for key, value in pairs if key is not None and value is not None}


def account_of(block: EvaluatedBlock) -> str:
    """Give the account id that a provider names: by the role that it ends up with, else by the only allowed account."""
    account = _assumed_account(block)
    allowed = block.texts("allowed_account_ids")
    if not account and isinstance(allowed, Known) and len(allowed.value) == 1:
        only = allowed.value[0]
        if isinstance(only, Known) and _ACCOUNT.fullmatch(only.value):
            return only.value
    return account


def _assumed_account(block: EvaluatedBlock) -> str:
    """Give the account of the last role: from one role the next one is assumed."""
    for name in reversed(_ASSUMED):
        found = block.items(name)
        if found.unknown is not None or found.possible:
            return ""
        for inner in reversed(found.known):
            match inner.text("role_arn"):
                case Known(role):
                    account = _ROLE.match(role)
                    return account[1] if account else ""
                case Unknown() as role:
                    return _account_in(role)
    return ""


def _account_in(role: Unknown) -> str:
    """Find the account in a role ARN of which only the role's name is unknown."""
    first = role.parts[0] if role.parts else ""
    found = _ROLE.match(first) if isinstance(first, str) else None
    return found[1] if found else ""


def identity(label: str, block: EvaluatedBlock | None) -> object:
    """Say what tells a provider's account from others: nothing when only its Region is set.

    Args:
        label: of the provider; its own identity where the configuration cannot be compared.
        block: its configuration.
    """
    if block is None:
        return ()
    parts: list[object] = []
    for name in _ASSUMED:
        roles = block.items(name)
        if roles.unknown is not None or roles.possible:
            return label
        parts += [_comparable(label, inner.text("role_arn"), name) for inner in roles.known]
    for name in ("allowed_account_ids", *_IDENTITY):
        value = block.value(name)
        if not isinstance(value, Absent):
            parts.append(_comparable(label, value, name))
    return tuple(parts)


def _comparable(label: str, value: object, name: str) -> object:
    match value:
        case Known(value=tuple(items)):
            return (name, *(_comparable(label, item, name) for item in items))
        case Known(value=known):
            return (name, str(known))
        case Unknown(parts=parts) if parts:
            return (name, parts)
        case Absent():
            return (name, None)
    return (name, label)
