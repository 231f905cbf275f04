"""Limits for hostile input (design.md 7): evaluation steps and CPU time of one deployment."""

from __future__ import annotations

import time

MAX_STEPS = 2_000_000
MAX_CPU_SECONDS = 1.5
MAX_INSTANCES = 1_000
MAX_TEXT = 1_000_000


class BudgetError(Exception):
    """A limit was reached; the text names it. The value is Unknown then, and the rest is judged all the same."""


class Budget:
    """Counts work and raises BudgetError when there was too much of it.

    Args:
        steps: how many evaluation steps are allowed.
        cpu_seconds: CPU time of this process that is allowed, looked at every thousand steps.
    """

    __slots__ = ("_allowed", "_deadline", "_look", "_steps")

    def __init__(self, steps: int = MAX_STEPS, cpu_seconds: float = MAX_CPU_SECONDS) -> None:
        self._allowed = steps
        self._steps = steps
        self._look = steps - 1_000
        self._deadline = time.process_time() + cpu_seconds

    def spend(self, steps: int = 1) -> None:
        """Use up steps: one for each node evaluated, element made, or hundred characters of text built."""
        self._steps -= steps
        if self._steps < self._look:
            self._look = self._steps - 1_000
            if self._steps < 0:
                raise BudgetError(f"more than {self._allowed} evaluation steps")
            if time.process_time() > self._deadline:
                raise BudgetError("evaluation takes too long")

    def share(self, steps: int, cpu_seconds: float) -> Budget:
        """Set a part aside for one value, so that a bad one does not use up everything; `settle` accounts for it."""
        part = Budget(max(min(steps, self._steps), 0), cpu_seconds)
        part._deadline = min(part._deadline, self._deadline)
        return part

    def settle(self, part: Budget) -> None:
        """Take what a part used from this budget."""
        self._steps -= part._allowed - part._steps
