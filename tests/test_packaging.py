"""What is installed is what is in the tree."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

from checkov_cloudtrail import __version__

ROOT = Path(__file__).parents[1]


def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def packages(folder: str, name: str) -> set[str]:
    """Name the package of every folder that holds Python files."""
    found = {path.parent.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*.py")}
    return {".".join((name, *relative.parts)) for relative in found}


def test_every_package_is_listed() -> None:
    listed = setup()["options"]["packages"].split()
    tree = packages("plugin", "checkov_cloudtrail") | packages("checks", "checkov_cloudtrail.checks")
    assert listed == sorted(tree)


def test_every_package_has_an_init() -> None:
    folders = {path.parent for top in ("plugin", "checks") for path in (ROOT / top).rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_python_hcl2_is_no_dependency() -> None:
    parser = setup()
    required = parser["options"]["install_requires"] + "".join(parser["options.extras_require"].values())
    names = {line.strip() for line in required.splitlines()}
    assert not any(name.startswith("python-hcl2") for name in names)


def test_the_version_is_told_without_importing_anything() -> None:
    code = (
        "import sys; sys.argv = ['checkov-cloudtrail', '--version']\n"
        "before = set(sys.modules)\n"
        "from checkov_cloudtrail.cli import main\n"
        "main()\n"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('checkov_cloudtrail')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"checkov-cloudtrail {__version__}\n[]\n"
