"""What our checks add to a run of checkov: `python benchmarks/checkov_overhead.py`.

A repository of 300 Terraform files, of which five roots have a trail and every root has what our checks are asked about
(a provider, a bucket, a key, a log group). The target is 5 % of checkov's own CPU time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import cost
from terraform_scale import sparse, write

from checkov_cloudtrail.host.installation import checks_dir

CHECKOV = [
    str(Path(sys.executable).parent / "checkov"),
    *("--directory", ".", "--framework", "terraform", "--skip-download", "--quiet", "--compact"),
]
NEIGHBOURS = """resource "aws_s3_bucket" "logs" {
  bucket = "${var.name}-logs"
}

resource "aws_kms_key" "logs" {
  enable_key_rotation = true
}

resource "aws_cloudwatch_log_group" "logs" {
  name = var.name
}
"""


def main() -> int:
    """Generate, run both in turn, print the ratio; fail above the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--target", type=float, default=0.05)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        sparse(directory, options.files)
        for root in sorted((directory / "roots").iterdir()):
            write(root / "part1.tf", NEIGHBOURS)
        alone, together = [], []
        for _ in range(options.runs):
            alone.append(cost(CHECKOV, directory).cpu_seconds)
            together.append(cost([*CHECKOV, "--external-checks-dir", str(checks_dir())], directory).cpu_seconds)
    added = min(together) / min(alone) - 1
    print(
        f"{options.files} files: checkov {min(alone):.2f} s CPU, with our checks {min(together):.2f} s "
        f"({added:+.1%}, target {options.target:+.0%})"
    )
    return int(added > options.target)


if __name__ == "__main__":
    sys.exit(main())
