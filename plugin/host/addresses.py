"""Matches the addresses that checkov gives to Terraform resources with the engine's.

checkov expands `count` and `for_each` by its own lights: where it cannot evaluate one it leaves the instance key out,
and for `.tf.json` files it knows neither keys nor modules. The engine's address is always Terraform's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from checkov_cloudtrail.model.record import record

# A name, and the instance key behind it: `this`, `this[0]`, `this["eu.west"]`.
_SEGMENT = re.compile(r'([^.\[\]]+)(?:\[("(?:[^"\\]|\\.)*"|[^\]]*)\])?(?:\.|$)')


@record
class Segment:
    """One dotted part of an address.

    Args:
        key: the instance key without quotes; None where none is written, or it stands for instances that are unknown.
    """

    name: str
    key: str | None


def parse(address: str) -> tuple[Segment, ...]:
    """Split an address at its dots, but not at those inside of instance keys."""
    return tuple(
        Segment(name, None if key in ("", "*") else key.strip().strip('"'))
        for name, key in _SEGMENT.findall(address)
        if name
    )


def matching(asked: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Find the engine's addresses that checkov means by one of its own.

    The same address wins. Else those that differ only where one side has no key (checkov did not expand the block, or
    the engine left its count open). Else every instance of the block: checkov has counted otherwise than Terraform
    does, and the block's verdict must not get lost over it.
    """
    wanted = parse(asked)
    instances = [(address, parse(address)) for address in addresses]
    instances = [(address, parsed) for address, parsed in instances if _names(parsed) == _names(wanted)]
    same = tuple(address for address, parsed in instances if parsed == wanted)
    compatible = tuple(address for address, parsed in instances if _compatible(parsed, wanted))
    return same or compatible or tuple(address for address, _ in instances)


def in_file(asked: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Find the engine's addresses of one file for a name without its module path: `aws_cloudtrail.this`."""
    wanted = _names(parse(asked))
    return tuple(address for address in addresses if _names(parse(address))[-len(wanted) :] == wanted)


def _names(segments: tuple[Segment, ...]) -> tuple[str, ...]:
    return tuple(segment.name for segment in segments)


def _compatible(left: tuple[Segment, ...], right: tuple[Segment, ...]) -> bool:
    return all(a.key is None or b.key is None or a.key == b.key for a, b in zip(left, right, strict=True))
