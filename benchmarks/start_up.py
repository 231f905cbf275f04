"""Cost of one small root, side by side with checkov: `python benchmarks/start_up.py`.

Start-up is most of it, and what a pre-commit hook pays. CPU time of this process's children, the cheapest of several
runs; only the ratio is worth anything. Byte code is there, as after any `pip install`. Exits with 1 above the limit.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
from pathlib import Path

from measure import best

import checkov_cloudtrail.checks

SCRIPTS = Path(sys.executable).parent
LIMIT = 15

ROOT = """\
variable "multi" {
  type    = bool
  default = false
}

resource "aws_cloudtrail" "this" {
  name                  = "audit"
  s3_bucket_name        = "audit-logs"
  is_multi_region_trail = var.multi
}
"""


def main() -> int:
    """Measure both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    for package in (checkov_cloudtrail, checkov_cloudtrail.checks):
        compileall.compile_dir(package.__path__[0], quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "one.tf").write_text(ROOT, encoding="utf-8")
        checkov = best(
            [str(SCRIPTS / "checkov"), "-f", "one.tf", "--framework", "terraform", "--skip-download"], root, runs
        )
        ours = best([str(SCRIPTS / "checkov-cloudtrail"), "check", "one.tf"], root, runs)
        version = best([str(SCRIPTS / "checkov-cloudtrail"), "--version"], root, runs)
        python = best([sys.executable, "-c", "pass"], root, runs)
    if ours.exit_code != 1:
        print(f"check gave {ours.exit_code} instead of 1: the trail was not judged", file=sys.stderr)
        return 1
    ratio = checkov.cpu_seconds / ours.cpu_seconds
    for name, run in (("checkov -f", checkov), ("check", ours), ("--version", version), ("python -c pass", python)):
        print(f"{name:<15} {run.cpu_seconds * 1000:6.0f} ms CPU")
    print(f"check costs 1/{ratio:.1f} of checkov; the limit is 1/{LIMIT}")
    return int(ratio < LIMIT)


if __name__ == "__main__":
    sys.exit(main())
