"""CPU time and memory of commands, run one after the other on the same machine so that only ratios count."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command cost: CPU seconds (user and system, children included) and the exit code."""

    cpu_seconds: float
    exit_code: int


def cost(command: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command in a directory, its output dropped, and measure it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command,
        cwd=directory,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.returncode)


def best(command: Sequence[str], directory: Path, runs: int, environment: Mapping[str, str] | None = None) -> Cost:
    """The cheapest of several runs: what the command costs when nothing disturbs it."""
    return min((cost(command, directory, environment) for _ in range(runs)), key=lambda run: run.cpu_seconds)


def peak_memory(command: Sequence[str], directory: Path) -> int:
    """Peak resident memory of a command in bytes (GNU time is not needed: the child reports its own usage)."""
    with subprocess.Popen(
        command, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_maxrss * 1024
