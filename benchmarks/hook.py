"""Cost of the pre-commit hook beside checkov's own: `python benchmarks/hook.py`.

A repository of a thousand Terraform files, as pre-commit would call the hooks for one commit: ours with the changed
files, checkov's with `-d .` (its manifest's entry; --skip-download leaves out what needs a network).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import best

SCRIPTS = Path(sys.executable).parent
HOOK = [str(SCRIPTS / "checkov-cloudtrail"), "check", "--force-exclude"]
CHECKOV = [str(SCRIPTS / "checkov"), "-d", ".", "--skip-download"]

CALL = 'module "audit" {\n  source = "../../modules/audit"\n  name   = "root-%d"\n}\n'
MODULE = """variable "name" {
  type = string
}

variable "multi" {
  type    = bool
  default = true
}

resource "aws_cloudtrail" "this" {
  name                       = var.name
  s3_bucket_name             = "${var.name}-logs"
  is_multi_region_trail      = var.multi
  enable_log_file_validation = true
}
"""
ORDINARY = """resource "aws_instance" "i%d" {
  ami           = "ami-1234"
  instance_type = var.instance_type
  tags = {
    Name = "instance-%d"
  }
}
"""
ROOTS, FILES, USERS = 100, 9, 10


def repository(directory: Path) -> None:
    """Make a hundred roots of nine files and a hundred modules; ten roots use the module with the trail."""
    texts = {"modules/audit/main.tf": MODULE, "docs/values.yaml": "replicas: 3\nimage: web\n"}
    for root in range(ROOTS):
        for file in range(FILES):
            texts[f"live/root{root}/file{file}.tf"] = ORDINARY % (file, file)
        texts[f"live/root{root}/file0.tf"] += 'variable "instance_type" {\n  default = "t3.micro"\n}\n'
        texts[f"modules/m{root}/main.tf"] = (ORDINARY % (root, root)).replace("var.instance_type", '"t3.micro"')
    for root in range(USERS):
        texts[f"live/root{root}/audit.tf"] = CALL % root
    for name, text in texts.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=directory, check=True)
    subprocess.run(["git", "add", "-A"], cwd=directory, check=True)


def main() -> None:
    """Print a line for each kind of commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of our hook; the cheapest counts")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        repository(directory)
        files = sum(1 for path in directory.rglob("*.tf"))
        theirs = best(CHECKOV, directory, 1).cpu_seconds
        print(f"{files} Terraform files; checkov's hook: {theirs:.2f} s of CPU time whatever changed")
        for what, changed in (
            ("the module that ten roots use for their trail", "modules/audit/main.tf"),
            ("a root with a trail", "live/root3/file4.tf"),
            ("a root without", "live/root50/file4.tf"),
            ("YAML that is no template", "docs/values.yaml"),
        ):
            ours = best([*HOOK, changed], directory, runs).cpu_seconds
            print(f"{what:<46} {ours:6.3f} s   1/{theirs / ours:.0f}")


if __name__ == "__main__":
    main()
