"""Modules that checkov has fetched."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkov.terraform.module_loading.loaders.bitbucket_loader import BitbucketLoader
from checkov.terraform.module_loading.loaders.git_loader import GenericGitLoader
from checkov.terraform.module_loading.loaders.github_loader import GithubLoader
from checkov.terraform.module_loading.module_params import ModuleParams

from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform import downloaded, root

GIT = [
    ("github.com/acme/trail", ".external_modules/github.com/acme/trail/HEAD"),
    ("github.com/acme/trail?ref=v1.2", ".external_modules/github.com/acme/trail/v1.2"),
    ("github.com/acme/trail//modules/audit?ref=v1", ".external_modules/github.com/acme/trail/v1/modules/audit"),
    ("git@github.com:acme/trail.git", ".external_modules/git@github.com/acme/trail/HEAD"),
    ("git::git@github.com:acme/trail.git//audit", ".external_modules/git@github.com/acme/trail/HEAD/audit"),
    ("bitbucket.org/acme/trail?ref=main", ".external_modules/bitbucket.org/acme/trail/main"),
    ("git::https://example.com/acme/trail.git?ref=abc123", ".external_modules/example.com/acme/trail/abc123"),
    ("git::https://example.com/acme/trail.git//audit", ".external_modules/example.com/acme/trail/HEAD/audit"),
    ("git::https://user:secret@example.com/acme/trail", ".external_modules/example.com/acme/trail/HEAD"),
    ("git::ssh://git@example.com/acme/trail.git", ".external_modules/git@example.com/acme/trail/HEAD"),
]


def checkovs_place(source: str) -> str:
    """Ask checkov's own loaders, in its order."""
    for loader in (GithubLoader(), BitbucketLoader(), GenericGitLoader()):
        params = ModuleParams("", ".", source, "latest", "", ".external_modules", "", False)
        loader.discover(params)
        if loader._is_matching_loader(params):
            return loader._find_module_path(params)
    raise AssertionError(source)


@pytest.mark.parametrize(("source", "path"), GIT)
def test_git(source: str, path: str, tmp_path: Path) -> None:
    (tmp_path / path).mkdir(parents=True)
    (tmp_path / "infra/prod").mkdir(parents=True)
    assert checkovs_place(source) == path
    assert downloaded.directory(DiskFiles(tmp_path), "infra/prod", source, "") == path


@pytest.mark.parametrize(
    ("fetched", "source", "version", "expected"),
    [
        pytest.param(["1.0.0", "2.0.0"], "acme/trail/aws", "2.0.0", "2.0.0", id="the exact version"),
        pytest.param(["1.0.0", "2.0.0"], "acme/trail/aws", "= 2.0.0", "2.0.0", id="the exact version, with a sign"),
        pytest.param(["1.0.0"], "acme/trail/aws", "~> 1.0", "1.0.0", id="the only version"),
        pytest.param(["1.0.0", "2.0.0"], "acme/trail/aws", "~> 1.0", None, id="one of several versions"),
        pytest.param([], "acme/trail/aws", "1.0.0", None, id="not fetched"),
    ],
)
def test_registry(fetched: list[str], source: str, version: str, expected: str | None, tmp_path: Path) -> None:
    place = ".external_modules/registry.terraform.io/acme/trail/aws"
    for name in fetched:
        (tmp_path / place / name).mkdir(parents=True)
    found = downloaded.directory(DiskFiles(tmp_path), ".", source, version)
    assert found == (expected and f"{place}/{expected}")


@pytest.mark.parametrize("source", ["", "git::", "../../etc//x", "github.com/../../../etc", "s3::https://s3/x.zip"])
def test_nothing_outside_of_the_folder(source: str, tmp_path: Path) -> None:
    (tmp_path / ".external_modules").mkdir()
    assert downloaded.directory(DiskFiles(tmp_path), ".", source, "") is None


def test_a_fetched_module_is_evaluated(tmp_path: Path) -> None:
    module = tmp_path / ".external_modules/github.com/acme/trail/v1"
    module.mkdir(parents=True)
    (module / "main.tf").write_text('resource "aws_cloudtrail" "this" {\n  name = "audit"\n}\n')
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra/main.tf").write_text('module "m" {\n  source = "github.com/acme/trail?ref=v1"\n}\n')
    deployment = root.load("infra", DiskFiles(tmp_path), Options(), root.ParseCache()).deployment
    assert deployment is not None
    assert list(deployment.resources) == ["module.m.aws_cloudtrail.this"]
    assert [case.unseen for case in deployment.cases] == [()]
