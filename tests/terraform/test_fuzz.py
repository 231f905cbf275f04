"""A short run of the fuzzer, random code against the real Terraform; `make fuzz` runs more of it."""

import pytest
from fuzz import compare, console, structures

pytestmark = pytest.mark.skipif(not console.available(), reason="terraform is not on the PATH")


def test_expressions() -> None:
    with compare.initialised() as root:
        found = compare.differences(root, seed=2026, count=150, depth=3)
    assert [str(one) for one in found if one.kind in ("wrong", "miss")] == []


def test_structures() -> None:
    outcomes = [structures.compared(seed) for seed in range(12)]
    planned = [outcome for outcome in outcomes if outcome is not None]
    assert len(planned) >= 8
    assert [difference for _, differences in planned for difference in differences] == []
