"""The configuration file: where it is found, what it means, and how it is refused."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from checkov_cloudtrail import config
from checkov_cloudtrail.config import Configuration, ConfigurationError
from checkov_cloudtrail.model.rule import Policy
from checkov_cloudtrail.options import Options, VarFile

FULL = """
profile = "cis"
select = ["CT001"]
ignore = ["insights-disabled"]
exclude = ["sandbox/**"]
fail_on = "error"
strict_unknown = true
min_retention_days = 90
account_roots = ["accounts/*"]
covered_by_organization_trail = ["accounts/dev", { root = "accounts/test", reason = "the organization's own" }]
single_region_organization_trail = "accept"
split_selectors = "fail"
var_files = ["common.tfvars"]
parameters = ["parameters.json"]
baseline = "accepted.json"
skip_without_reason = "error"
unused_skip = "ignore"
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key(tmp_path: Path) -> None:
    file = write(tmp_path / "infra" / config.NAME, FULL)
    assert config.load(file, tmp_path) == Configuration(
        options=Options(
            profile="cis",
            select=("CT001",),
            ignore=("CT012",),
            exclude=("infra/sandbox/**",),
            inputs=(VarFile("infra/common.tfvars"),),
            parameters=("infra/parameters.json",),
            suppressions={"skip_without_reason": "error", "unused_skip": "ignore"},
            policy=Policy(
                min_retention_days=90,
                single_region_organization_trail="accept",
                split_selectors="fail",
                account_roots=(f"{tmp_path}/infra/accounts/*",),
                covered_by_organization_trail=(f"{tmp_path}/infra/accounts/dev", f"{tmp_path}/infra/accounts/test"),
                base=str(tmp_path),
            ),
        ),
        fail_on="error",
        strict_unknown=True,
        baseline="infra/accepted.json",
    )


GLOBS = [
    ("below the working directory", "infra", ".", "sandbox/**", "infra/sandbox/**"),
    ("above it", ".", "infra/prod", "infra/prod/old/*.tf", "old/*.tf"),
    ("beside it", ".", "infra", "sandbox/a", "../sandbox/a"),
    ("a name at any depth", ".", "infra", "*.generated.tf", "*.generated.tf"),
    ("a directory at any depth", ".", "infra", "examples/", "examples/"),
    ("any depth, spelled out", "infra", ".", "**/examples", "**/examples"),
]


@pytest.mark.parametrize(("name", "folder", "base", "glob", "rebased"), GLOBS, ids=[case[0] for case in GLOBS])
def test_excluded(tmp_path: Path, name: str, folder: str, base: str, glob: str, rebased: str) -> None:
    (tmp_path / base).mkdir(parents=True, exist_ok=True)
    file = write(tmp_path / folder / config.NAME, f'exclude = ["{glob}"]\n')
    assert config.load(file, tmp_path / base).options.exclude == (rebased,), name


def test_every_key_is_tested() -> None:
    assert [line.split(" = ")[0] for line in FULL.split("\n") if line] == list(config.KEYS)


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    loaded = config.load(write(tmp_path / config.NAME, ""), tmp_path)
    assert loaded == Configuration(Options(policy=Policy(base=str(tmp_path))))


def test_the_closest_file_wins(tmp_path: Path) -> None:
    outer = write(tmp_path / config.NAME, "")
    write(tmp_path / "a" / "pyproject.toml", "[tool.other]\n")
    inner = write(tmp_path / "a" / "b" / "pyproject.toml", '[tool.checkov-cloudtrail]\nprofile = "cis"\n')
    (tmp_path / "a" / "b" / "c").mkdir()
    assert config.find(tmp_path / "a" / "b" / "c") == inner
    assert config.find(tmp_path / "a") == outer
    assert config.load(inner, tmp_path).options.profile == "cis"


def test_its_own_file_wins_over_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.checkov-cloudtrail]\n")
    own = write(tmp_path / config.NAME, "")
    assert config.find(tmp_path) == own


REFUSED = [
    ("unknown key", 'profil = "cis"', "unknown key 'profil'; did you mean 'profile'?"),
    ("nothing like it", "xyz = 1", "unknown key 'xyz'; the keys are profile, select"),
    ("table", "[profile]", "'profile' must be a string"),
    ("not a list", 'select = "CT001"', "'select' must be a list of strings"),
    ("list of numbers", "ignore = [1]", "'ignore' must be a list of strings"),
    ("not a boolean", 'strict_unknown = "yes"', "'strict_unknown' must be true or false"),
    ("not a number", 'min_retention_days = "365"', "'min_retention_days' must be a number of days, 1 or more"),
    ("boolean days", "min_retention_days = true", "'min_retention_days' must be a number of days, 1 or more"),
    ("no days", "min_retention_days = 0", "'min_retention_days' must be a number of days, 1 or more"),
    ("choice", 'fail_on = "high"', '\'fail_on\' must be one of "error", "warning", "note", "never"'),
    ("root without reason", 'covered_by_organization_trail = [{ root = "a" }]', "must be a list of roots"),
    ("unknown rule", 'ignore = ["single-region-trial"]', "no rule 'single-region-trial'; did you mean 'single-region"),
    ("unknown profile", 'profile = "soc2"', "there is no profile 'soc2'; there are all, aws-config"),
    ("not TOML", "profile =", "is not valid TOML: "),
]


@pytest.mark.parametrize(("name", "text", "reason"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(tmp_path: Path, name: str, text: str, reason: str) -> None:
    file = write(tmp_path / config.NAME, text)
    with pytest.raises(ConfigurationError) as caught:
        config.load(file, tmp_path)
    assert str(file) in str(caught.value), name
    assert reason in str(caught.value), name
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        config.load(tmp_path / "none.toml", tmp_path)


def test_a_section_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no section \[tool.checkov-cloudtrail\]"):
        config.load(write(tmp_path / "pyproject.toml", "[tool.other]\n"), tmp_path)


def test_the_schema_agrees_with_the_reader() -> None:
    import tomllib

    schema = config.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(tomllib.loads(FULL))
    names = {"unknown rule", "unknown profile", "not TOML"}  # of these the schema knows nothing
    for name, text, _ in REFUSED:
        if name in names:
            continue
        assert not validator.is_valid(tomllib.loads(text)), name
