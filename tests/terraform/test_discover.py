"""Which directories are roots, and which can have a trail."""

from pathlib import Path

import pytest

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.terraform.discover import Discovery

CALLER = 'module "m" {\n  source = "../m"\n}\n'
TREES = {
    "a module that is called": ({"root/main.tf": CALLER, "m/main.tf": ""}, ["root"]),
    "a module that nobody calls": ({"root/main.tf": "", "m/main.tf": ""}, ["m", "root"]),
    "an example beside its module": (
        {"m/main.tf": "", "m/examples/e/main.tf": 'module "m" {\n source="../../"\n}'},
        ["m/examples/e"],
    ),
    "with a backend": ({"root/main.tf": CALLER, "m/main.tf": 'terraform {\n  backend "s3" {}\n}\n'}, ["m", "root"]),
    "with a cloud block": ({"root/main.tf": CALLER, "m/main.tf": "terraform {\n  cloud {\n  }\n}\n"}, ["m", "root"]),
    "with a configured provider": (
        {"root/main.tf": CALLER, "m/main.tf": 'provider "aws" {\n  region = "x"\n}\n'},
        ["m", "root"],
    ),
    "with an empty provider": ({"root/main.tf": CALLER, "m/main.tf": 'provider "aws" {\n}\n'}, ["root"]),
    "with a provider that its caller fills in": (
        {"root/main.tf": CALLER, "m/main.tf": 'provider "aws" {\n  alias = "logs" # theirs\n  version = "~> 2"\n}\n'},
        ["root"],
    ),
    "with a provider of another name": (
        {"root/main.tf": CALLER, "m/main.tf": 'provider "aws" {\n  alias = "logs"\n  region = "x"\n}\n'},
        ["m", "root"],
    ),
    "with values of its own": ({"root/main.tf": CALLER, "m/main.tf": "", "m/x.tfvars": ""}, ["m", "root"]),
    "called from JSON syntax": (
        {"root/main.tf.json": '{"module": {"m": {"source": "../m"}}}', "m/main.tf": ""},
        ["root"],
    ),
    "modules that only call each other": ({"m/main.tf": CALLER.replace("../m", "../n"), "n/main.tf": CALLER}, ["m"]),
    "OpenTofu": ({"root/main.tofu": CALLER, "m/main.tofu": ""}, ["root"]),
    "nothing of Terraform": ({"root/main.py": ""}, []),
}


def discovery(directory: Path, tree: dict[str, str]) -> tuple[Discovery, list[str]]:
    for name, text in tree.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    directories = sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_dir())
    return Discovery(DiskFiles(base=directory, boundary=directory)), directories


@pytest.mark.parametrize("name", TREES)
def test_roots(name: str, tmp_path: Path) -> None:
    tree, expected = TREES[name]

    found, directories = discovery(tmp_path, tree)

    assert list(found.roots(directories)) == expected


def test_a_named_directory_is_a_root(tmp_path: Path) -> None:
    found, directories = discovery(tmp_path, {"root/main.tf": CALLER, "m/main.tf": ""})

    assert list(found.roots(directories, named=["m"])) == ["m", "root"]


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"root/main.tf": 'resource "aws_cloudtrail" "t" {}'}, True),
        ({"root/main.tf": CALLER, "m/main.tf": 'resource "aws_cloudtrail" "t" {}'}, True),
        ({"root/main.tf": CALLER, "m/main.tf": 'module "n" {\n  source = "./n"\n}', "m/n/x.tf": "# cloudtrail"}, True),
        ({"root/main.tf": CALLER, "m/main.tf": "", "other/main.tf": "# cloudtrail"}, False),
        ({"root/main.tf": CALLER, "m/main.tf": 'module "n" {\n  source = "../root"\n}'}, False),
    ],
)
def test_relevance(tree: dict[str, str], expected: bool, tmp_path: Path) -> None:
    found, _ = discovery(tmp_path, tree)

    assert found.relevant("root") is expected


def test_blank_lines_are_read_once(tmp_path: Path) -> None:
    # A pattern that begins at every line and runs over all that follow would take minutes here.
    found, directories = discovery(tmp_path, {"root/main.tf": "\n" * 100_000 + CALLER, "m/main.tf": ""})

    assert list(found.roots(directories)) == ["root"]
