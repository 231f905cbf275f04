"""What `doctor` sees without running checkov."""

from __future__ import annotations

import importlib.metadata
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from checkov_runs import Terminal

from checkov_cloudtrail.host import installation

PACKAGES = ("hcl2", "lark")


@pytest.fixture
def parser(tmp_path: Path) -> Path:
    """A copy of checkov's parser, as pip installed it, that comes first on the path."""
    place = tmp_path / "site-packages"
    for name in ("bc-python-hcl2", "lark"):
        files = importlib.metadata.files(name) or []
        for file in files:
            if ".." not in file.parts and "__pycache__" not in file.parts:
                (place / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), place / file)
    return place


def damage_file(place: Path) -> None:
    (place / "hcl2" / "parser.py").write_text("# another parser\n")


def remove_file(place: Path) -> None:
    (place / "lark" / "lexer.py").unlink()


def install_rival(place: Path) -> None:
    """Leave what `pip install python-hcl2` leaves: its own files in the same package."""
    (place / "hcl2" / "__init__.py").write_text('"""Another hcl2."""\n')
    (place / "python_hcl2-8.1.4.dist-info").mkdir()
    (place / "python_hcl2-8.1.4.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: python-hcl2\nVersion: 8.1.4\n"
    )


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        pytest.param(damage_file, "hcl2/parser.py is not the one that bc-python-hcl2 installed", id="overwritten"),
        pytest.param(remove_file, "lark/lexer.py of lark is missing", id="removed"),
        pytest.param(install_rival, "python-hcl2 8.1.4 is installed over it", id="python-hcl2"),
    ],
)
@pytest.mark.parametrize("command", [("doctor",), ("checkov", "--directory", ".")], ids=["doctor", "checkov"])
def test_damaged_parser(
    command: tuple[str, ...], damage: Callable[[Path], None], reason: str, parser: Path, terminal: Terminal
) -> None:
    damage(parser)
    run = terminal.command(*command, PYTHONPATH=str(parser))
    assert run.code == 2
    (sentence,) = (run.stdout + run.stderr).splitlines()
    assert f"checkov's parser is damaged ({reason})" in sentence
    assert "pip uninstall -y python-hcl2 && " in sentence
    assert "pip install --force-reinstall --no-deps bc-python-hcl2==" in sentence


def test_an_intact_copy_is_no_damage(parser: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(parser))
    assert list(installation.parser_problems()) == []


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        ("3.3.0", None),
        ("3.3.30", None),
        ("3.10.1", None),
        ("3.2.533", "checkov 3.2.533 is not supported, checkov>=3.3,<4 is: pip install 'checkov>=3.3,<4'"),
        ("4.0.0", "checkov 4.0.0 is not supported, checkov>=3.3,<4 is: pip install 'checkov>=3.3,<4'"),
    ],
)
def test_versions(version: str, problem: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "checkov_version", lambda: version)
    assert list(installation.problems()) == ([] if problem is None else [problem])


def test_checkov_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "checkov_version", lambda: None)
    (problem,) = installation.problems()
    assert problem.startswith("checkov is not installed beside checkov-cloudtrail (")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of this package that comes first on the path."""
    place = tmp_path / "copy"
    ignored = shutil.ignore_patterns("__pycache__")
    source = Path(installation.__file__).parents[1]
    shutil.copytree(source, place / "checkov_cloudtrail", ignore=ignored)
    shutil.copytree(
        installation.checks_dir(), place / "checkov_cloudtrail" / "checks", ignore=ignored, dirs_exist_ok=True
    )
    return place


def break_a_rule(checks: Path) -> None:
    with (checks / "ct_single_region_trail.py").open("a") as file:
        file.write("\nraise LookupError('a broken rule')\n")


def break_the_syntax(checks: Path) -> None:
    (checks / "ct_single_region_trail.py").write_text("def (:\n")


def empty(checks: Path) -> None:
    shutil.rmtree(checks)
    checks.mkdir()
    (checks / "__init__.py").write_text("RULES = ()\n")


def forget_the_registration(checks: Path) -> None:
    (checks / "ct_checkov.py").unlink()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (break_a_rule, "LookupError: a broken rule"),
        (break_the_syntax, "ct_single_region_trail.py:1: SyntaxError"),
        (empty, "there are no rules in "),
        (forget_the_registration, "lacks ct_checkov.py"),
    ],
)
@pytest.mark.parametrize("command", [("doctor",), ("checkov", "--directory", ".")], ids=["doctor", "checkov"])
def test_broken_checks(
    command: tuple[str, ...], damage: Callable[[Path], None], reason: str, package: Path, terminal: Terminal
) -> None:
    damage(package / "checkov_cloudtrail" / "checks")
    run = terminal.command(*command, PYTHONPATH=str(package))
    assert run.code == 2
    assert reason in run.stdout + run.stderr
    assert "pip install --force-reinstall --no-deps checkov-cloudtrail" in run.stdout + run.stderr
