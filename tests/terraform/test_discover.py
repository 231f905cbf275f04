"""Which directories are roots, and which can have a trail."""

import json
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


TRAIL = 'resource "aws_cloudtrail" "t" {\n}\n'
REMOTE = 'module "m" {\n  source = "git::https://example.com/y.git"\n}\n'
REGISTRY = 'module "m" {\n  source  = "acme/trail/aws"\n  version = "1.0.0"\n}\n'
WRAPPED = 'module "w" {\n  source = "../w"\n}\n'
INSTALLED = "root/.terraform/modules"
FETCHED = ".external_modules/example.com/y/HEAD"
FROM_REGISTRY = ".external_modules/registry.terraform.io/acme/trail/aws"


def manifest(**places: str) -> str:
    return json.dumps({"Modules": [{"Key": key.replace("__", "."), "Dir": place} for key, place in places.items()]})


PLACE = {f"{INSTALLED}/modules.json": manifest(m=".terraform/modules/m")}
# name, files, whether the directory `root` can have a trail
DOWNLOADS = {
    "not there": ({"root/main.tf": REMOTE}, False),
    "there": ({"root/main.tf": REMOTE, **PLACE, f"{INSTALLED}/m/main.tf": TRAIL}, True),
    "without a trail": ({"root/main.tf": REMOTE, **PLACE, f"{INSTALLED}/m/main.tf": ""}, False),
    "of a registry": ({"root/main.tf": REGISTRY, **PLACE, f"{INSTALLED}/m/main.tf": TRAIL}, True),
    "called from JSON syntax": (
        {
            "root/main.tf.json": '{"module": {"m": {"source": "acme/trail/aws"}}}',
            **PLACE,
            f"{INSTALLED}/m/main.tf": TRAIL,
        },
        True,
    ),
    "called by a local module": (
        {
            "root/main.tf": WRAPPED,
            "w/main.tf": REMOTE,
            f"{INSTALLED}/modules.json": manifest(w="../w", w__m=".terraform/modules/w.m"),
            f"{INSTALLED}/w.m/main.tf": TRAIL,
        },
        True,
    ),
    "called by another one": (
        {
            "root/main.tf": REMOTE,
            f"{INSTALLED}/modules.json": manifest(m=".terraform/modules/m", m__sub=".terraform/modules/m/sub"),
            f"{INSTALLED}/m/main.tf": 'module "sub" {\n  source = "./sub"\n}\n',
            f"{INSTALLED}/m/sub/main.tf": TRAIL,
        },
        True,
    ),
    "not called any more": (
        {"root/main.tf": REMOTE.replace('"m"', '"other"'), **PLACE, f"{INSTALLED}/m/main.tf": TRAIL},
        False,
    ),
    "outside of the repository": (
        {"root/main.tf": REMOTE, f"{INSTALLED}/modules.json": manifest(m="../../../elsewhere")},
        False,
    ),
    "a list that is none": (
        {"root/main.tf": REMOTE, f"{INSTALLED}/modules.json": '{"Modules": [{"Key": 1, "Dir": 2}]}'},
        False,
    ),
    "fetched by checkov": ({"root/main.tf": REMOTE, f"{FETCHED}/main.tf": TRAIL}, True),
    "fetched by checkov, without a trail": ({"root/main.tf": REMOTE, f"{FETCHED}/main.tf": ""}, False),
    "fetched by checkov, called by another one": (
        {"root/main.tf": REGISTRY, f"{FROM_REGISTRY}/1.0.0/main.tf": REMOTE, f"{FETCHED}/main.tf": TRAIL},
        True,
    ),
    "fetched by checkov in several versions": (
        {"root/main.tf": REGISTRY, f"{FROM_REGISTRY}/1.0.0/main.tf": TRAIL, f"{FROM_REGISTRY}/2.0.0/main.tf": ""},
        True,
    ),
    "fetched by checkov in another version": (
        {"root/main.tf": REGISTRY, f"{FROM_REGISTRY}/1.0.0/main.tf": "", f"{FROM_REGISTRY}/2.0.0/main.tf": TRAIL},
        False,
    ),
    "fetched by checkov, calling itself": ({"root/main.tf": REMOTE, f"{FETCHED}/main.tf": REMOTE}, False),
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


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_root_can_have_a_trail_in_a_module_that_was_downloaded(name: str, tmp_path: Path) -> None:
    tree, expected = DOWNLOADS[name]
    assert discovery(tmp_path, tree)[0].relevant("root") is expected


def test_downloads_are_looked_for_only_where_something_else_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls_nothing = {"root/main.tf": WRAPPED, "w/main.tf": "", **PLACE, f"{INSTALLED}/m/main.tf": TRAIL}
    found, _ = discovery(tmp_path, calls_nothing)
    read: list[str] = []
    real = DiskFiles.read
    monkeypatch.setattr(DiskFiles, "read", lambda files, path: (read.append(path), real(files, path))[1])

    assert not found.relevant("root")
    assert read == ["root/main.tf", "w/main.tf"]
