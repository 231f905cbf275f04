"""Functions on IP networks, as Go's address types print them."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.terraform import types
from checkov_cloudtrail.terraform.functions.registry import (
    NUMERIC,
    TEXT,
    Environment,
    NotEvaluatedError,
    function,
    number_of,
    text_of,
    whole,
)
from checkov_cloudtrail.terraform.values import BOOL, STRING, EvaluationError, Val

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])", re.ASCII)


@record
class _Network:
    """A network: its lowest address as a number, the length of its prefix, and how many bits an address has."""

    base: int
    prefix: int
    bits: int

    def text(self) -> str:
        return f"{_address(self.base, self.bits)}/{self.prefix}"


def _address(number: int, bits: int) -> str:
    if bits == 32:
        return str(IPv4Address(number))
    if number >> 32 == 0xFFFF:
        raise NotEvaluatedError("an IPv4 address written as IPv6")
    return str(IPv6Address(number))


def _parsed(text: str) -> _Network:
    address, slash, length = text.partition("/")
    try:
        if not slash or not (length.isascii() and length.isdigit()) or len(length) > 3:
            raise ValueError("no prefix length")
        if ":" in address:
            number, bits = int(IPv6Address(address)), 128
        else:
            number, bits = int(IPv4Address(_LEADING_ZEROS.sub("", address))), 32
        prefix = int(length)
        if prefix > bits:
            raise ValueError("prefix too long")
    except (AddressValueError, ValueError) as error:
        raise EvaluationError(f"invalid CIDR expression: invalid CIDR address: {text}") from error
    return _Network(number >> (bits - prefix) << (bits - prefix), prefix, bits)


def _whole_number(value: Val) -> int:
    """Give a whole number of any size."""
    number = number_of(value)
    if number.denominator != 1:
        raise EvaluationError("value must be a whole number")
    return number.numerator


@function("cidrhost", TEXT, NUMERIC, result=STRING)
def cidrhost(environment: Environment, prefix: Val, host: Val) -> Val:
    """Give the address of a host in a network; negative numbers count from its end."""
    number, network = _whole_number(host), _parsed(text_of(prefix))
    size = 1 << (network.bits - network.prefix)
    place = number + size if number < 0 else number
    if not 0 <= place < size:
        raise EvaluationError(f"prefix of {network.prefix} does not accommodate a host numbered {number}")
    return types.string(_address(network.base + place, network.bits))


@function("cidrnetmask", TEXT, result=STRING)
def cidrnetmask(environment: Environment, prefix: Val) -> Val:
    """Give the netmask of an IPv4 network."""
    network = _parsed(text_of(prefix))
    if network.bits != 32:
        raise EvaluationError(f"IPv6 addresses cannot have a netmask: {text_of(prefix)}")
    return types.string(_address((1 << 32) - (1 << (32 - network.prefix)), 32))


@function("cidrsubnet", TEXT, NUMERIC, NUMERIC, result=STRING)
def cidrsubnet(environment: Environment, prefix: Val, newbits: Val, netnum: Val) -> Val:
    """Give a network inside of a network."""
    bits, number, network = whole(newbits), _whole_number(netnum), _parsed(text_of(prefix))
    length = network.prefix + bits
    if length > network.bits:
        raise EvaluationError(f"insufficient address space to extend prefix of {network.prefix} by {bits}")
    if bits < 0 or number < 0:
        raise NotEvaluatedError("a negative prefix extension or subnet number")
    if number >= 1 << bits:
        raise EvaluationError(f"prefix extension of {bits} does not accommodate a subnet numbered {number}")
    return types.string(_Network(network.base + (number << (network.bits - length)), length, network.bits).text())


@function("cidrsubnets", TEXT, result=types.list_type(STRING), rest=NUMERIC)
def cidrsubnets(environment: Environment, prefix: Val, *newbits: Val) -> Val:
    """Give networks one behind the other inside of a network."""
    network = _parsed(text_of(prefix))
    end = network.base + (1 << (network.bits - network.prefix))
    following = network.base
    result: list[Val] = []
    for value in newbits:
        extension = whole(value)
        if extension < 1:
            raise EvaluationError("must extend prefix by at least one bit")
        if extension > 32:
            raise EvaluationError("may not extend prefix by more than 32 bits")
        length = network.prefix + extension
        if length > network.bits:
            raise EvaluationError(f"would extend prefix to {length} bits, which is too long for an address")
        size = 1 << (network.bits - length)
        base = -(-following // size) * size
        if base + size > end:
            raise EvaluationError(f"not enough remaining address space for a subnet with a prefix of {length} bits")
        result.append(types.string(_Network(base, length, network.bits).text()))
        following = base + size
    return types.list_of(STRING, result)


@function("cidrcontains", TEXT, TEXT, result=BOOL)
def cidrcontains(environment: Environment, prefix: Val, inner: Val) -> Val:
    """Tell whether an address or network is inside of a network (OpenTofu)."""
    outer, text = _parsed(text_of(prefix)), text_of(inner)
    tested = _parsed(text if "/" in text else f"{text}/{128 if ':' in text else 32}")
    if tested.bits != outer.bits:
        raise EvaluationError("the addresses are of different versions")
    return types.boolean(
        tested.prefix >= outer.prefix
        and tested.base >> (outer.bits - outer.prefix) == outer.base >> (outer.bits - outer.prefix)
    )
