"""Compare random expressions and structures with the real Terraform: `make fuzz`, or with a seed of one's own."""

import argparse
import sys
from collections import Counter

from fuzz import compare, console, structures


def main() -> int:
    """Run it; the exit code tells whether anything was wrong."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--expressions", type=int, default=1500, help="how many expressions")
    parser.add_argument("--depth", type=int, default=3, help="how deep expressions are nested")
    parser.add_argument("--structures", type=int, default=100, help="how many configurations")
    options = parser.parse_args()
    if not console.available():
        print("terraform is not on the PATH")
        return 2
    wrong = _expressions(options.seed, options.expressions, options.depth)
    return max(wrong, _structures(options.seed, options.structures))


def _expressions(seed: int, count: int, depth: int) -> int:
    with compare.initialised() as root:
        found = compare.differences(root, seed, count, depth)
    for difference in found:
        if difference.kind in ("wrong", "miss"):
            print(difference)
    kinds = Counter(difference.kind for difference in found)
    print(f"{count} expressions: {kinds['wrong']} wrong, {kinds['miss']} not known to us,", end=" ")
    print(f"{kinds['bolder']} known to us alone, {kinds['refused']} refused by Terraform alone")
    return 1 if kinds["wrong"] else 0


def _structures(seed: int, count: int) -> int:
    refused = values = 0
    wrong: list[str] = []
    for one in range(seed * 10_000, seed * 10_000 + count):
        outcome = structures.compared(one)
        if outcome is None:
            refused += 1
            continue
        values += outcome[0]
        wrong += [f"structure {one}: {difference}" for difference in outcome[1]]
    print(*wrong, sep="\n" if wrong else "")
    print(f"{count} configurations: {values} values, {len(wrong)} wrong; {refused} refused by Terraform")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
