"""Cost of large Terraform repositories, side by side with checkov: `python benchmarks/terraform_scale.py`.

Three shapes: every root reaches a trail through three levels of modules; ordinary Terraform of which five roots have a
trail; the second one at growing sizes, to see that cost grows with the number of files and not faster.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import best, cost, peak_memory

SCRIPTS = Path(sys.executable).parent

VARIABLES = """variable "name" {
  type = string
}

variable "multi" {
  type    = bool
  default = false
}

variable "selectors" {
  type = list(object({
    read_write_type = optional(string, "All")
    management      = optional(bool, true)
  }))
  default = []
}
"""

TRAIL = """resource "aws_cloudtrail" "this" {
  name                  = var.name
  s3_bucket_name        = "${var.name}-logs"
  is_multi_region_trail = var.multi

  dynamic "event_selector" {
    for_each = var.selectors
    content {
      read_write_type           = event_selector.value.read_write_type
      include_management_events = event_selector.value.management
    }
  }
}
"""

CALL = """module "inner" {{
  source    = "{source}"
  name      = var.name
  multi     = var.multi
  selectors = var.selectors
}}
"""


def ordinary(index: int) -> str:
    """A file of everyday Terraform that has nothing to do with trails."""
    blocks = [
        f"""resource "aws_security_group" "web_{index}_{n}" {{
  name        = "web-{index}-{n}"
  description = "Allows ${{var.name}} in"
  vpc_id      = aws_vpc.main_{index}.id

  dynamic "ingress" {{
    for_each = {{ for port in [80, 443, {8000 + n}] : tostring(port) => port if port != 80 }}
    content {{
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.{n}.0.0/16"]
    }}
  }}

  tags = merge(local.tags_{index}, {{ Name = "web-{index}-{n}", Tier = var.multi ? "shared" : "single" }})
}}

resource "aws_iam_policy" "read_{index}_{n}" {{
  name   = "read-{index}-{n}"
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::b-{index}-{n}/*" }}]
  }})
}}
"""
        for n in range(4)
    ]
    vpc = f'resource "aws_vpc" "main_{index}" {{\n  cidr_block = "10.0.0.0/16"\n}}\n'
    return f'locals {{\n  tags_{index} = {{ Team = "platform" }}\n}}\n\n{vpc}\n' + "\n".join(blocks)


def write(path: Path, text: str) -> None:
    """Write a file, with its directory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def deep(directory: Path, files: int) -> None:
    """Four files a root; every root reaches a trail through three levels of modules."""
    for name, below in (("first", "../second"), ("second", "../third")):
        write(directory / "modules" / name / "main.tf", VARIABLES + CALL.format(source=below))
    write(directory / "modules/third/main.tf", VARIABLES + TRAIL)
    for root in range(files // 4):
        here = directory / "roots" / f"r{root:05}"
        write(here / "main.tf", CALL.format(source="../../modules/first"))
        write(here / "variables.tf", VARIABLES)
        write(here / "terraform.tfvars", f'name  = "trail-{root}"\nmulti = {"true" if root % 2 else "false"}\n')
        write(here / "network.tf", ordinary(root))
        write(here / "more.tf", ordinary(root + 100_000))


def sparse(directory: Path, files: int) -> None:
    """Ordinary Terraform, four files a root; five roots have a trail."""
    for root in range(files // 4):
        here = directory / "roots" / f"r{root:05}"
        write(here / "variables.tf", VARIABLES)
        for part in range(2):
            write(here / f"part{part}.tf", ordinary(root * 2 + part))
        trail = TRAIL if root < 5 else ""
        write(here / "main.tf", 'provider "aws" {\n  region = "eu-west-1"\n}\n' + trail)


def main() -> None:
    """Generate, run both, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--largest", type=int, default=10_000, help="files in the growth series")
    parser.add_argument("--without-checkov", action="store_true")
    options = parser.parse_args()
    ours = [str(SCRIPTS / "checkov-cloudtrail"), "check", ".", "--exit-zero"]
    theirs = [str(SCRIPTS / "checkov"), "-d", ".", "--framework", "terraform", "--skip-download", "--quiet"]
    with tempfile.TemporaryDirectory() as scratch:
        for name, make in (("deep", deep), ("sparse", sparse)):
            directory = Path(scratch) / name
            make(directory, options.files)
            mine = best(ours, directory, runs=3)
            line = f"{name}: {options.files} files: checkov-cloudtrail {mine.cpu_seconds:.2f} s CPU"
            if not options.without_checkov:
                other = cost(theirs, directory)
                line += f", checkov {other.cpu_seconds:.2f} s, ratio 1/{other.cpu_seconds / mine.cpu_seconds:.0f}"
            print(line, flush=True)
        size = options.files
        while True:
            directory = Path(scratch) / f"growth{size}"
            deep(directory, size)
            mine = best(ours, directory, runs=2)
            memory = peak_memory(ours, directory) / 1e6
            print(
                f"growth: {size} files: {1000 * mine.cpu_seconds / size:.2f} ms CPU a file, {memory:.0f} MB", flush=True
            )
            if size == options.largest:
                break
            size = min(size * 3, options.largest)


if __name__ == "__main__":
    main()
