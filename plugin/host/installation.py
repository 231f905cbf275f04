"""What has to be in place before checkov can be trusted: found without importing checkov."""

from __future__ import annotations

import base64
import hashlib
import importlib
import importlib.metadata
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

SUPPORTED = "checkov>=3.3,<4"

_PARSER = ("bc-python-hcl2", "lark")


def problems() -> Iterator[str]:
    """Find what is wrong with this environment; each problem is one sentence with its repair."""
    version = checkov_version()
    if version is None:
        yield f"checkov is not installed beside checkov-cloudtrail ({sys.executable}): pip install '{SUPPORTED}'"
    elif not _supported(version):
        yield f"checkov {version} is not supported, {SUPPORTED} is: pip install '{SUPPORTED}'"
    if version is not None:
        yield from parser_problems()
    yield from rule_problems()


def checkov_version() -> str | None:
    """Give the version of checkov in this environment, None without one."""
    try:
        return importlib.metadata.version("checkov")
    except importlib.metadata.PackageNotFoundError:
        return None


def parser_problems() -> Iterator[str]:
    """Find damage to checkov's parser: one sentence at most, since one repair mends it all.

    The distributions `bc-python-hcl2` (checkov's) and `python-hcl2` install the same package, `hcl2`. Whichever is
    installed last overwrites the other, pip does not notice, and checkov then fails or, worse, reports nothing.
    """
    damage = _damage()
    if damage:
        yield f"checkov's parser is damaged ({damage}), so that checkov may report nothing; repair it with: {repair()}"


def repair() -> str:
    """Give the command that puts checkov's parser back, in the versions that are installed."""
    wanted = []
    for name in _PARSER:
        try:
            wanted.append(f"{name}=={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            wanted.append(name)
    pip = f"{sys.executable} -m pip"
    return f"{pip} uninstall -y python-hcl2 && {pip} install --force-reinstall --no-deps {' '.join(wanted)}"


def rule_problems() -> Iterator[str]:
    """Find a broken or missing rule: plain checkov logs it, goes on without our checks and exits with 0."""
    try:
        checks = importlib.import_module("checkov_cloudtrail.checks")
    except Exception as error:  # a rule file may raise anything
        yield f"the rules cannot be loaded, {_place(error)}: {type(error).__name__}: {error}; {_REINSTALL}"
        return
    if not getattr(checks, "RULES", ()):
        yield f"there are no rules in {checks_dir()}; {_REINSTALL}"
    elif not (checks_dir() / "ct_checkov.py").is_file():
        yield f"{checks_dir()} lacks ct_checkov.py, so checkov gets no checks from it; {_REINSTALL}"


def checks_dir() -> Path:
    """Give the folder for checkov's `--external-checks-dir`."""
    spec = importlib.util.find_spec("checkov_cloudtrail.checks")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("checkov_cloudtrail.checks is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


_REINSTALL = "reinstall with: pip install --force-reinstall --no-deps checkov-cloudtrail"


def _supported(version: str) -> bool:
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (3, 3) <= (int(numbers[1]), int(numbers[2])) < (4, 0)


def _damage() -> str:
    """Name the first sign of damage to `hcl2` and `lark`; empty when there is none."""
    try:
        rival = importlib.metadata.version("python-hcl2")
        return f"python-hcl2 {rival} is installed over it"
    except importlib.metadata.PackageNotFoundError:
        pass
    for name in _PARSER:
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            return f"{name} is not installed"
        for file in distribution.files or ():
            if file.hash is None or ".." in file.parts:  # a script, which an installer may adapt
                continue
            path = Path(str(distribution.locate_file(file)))
            if not path.is_file():
                return f"{file} of {name} is missing"
            if _digest(path, file.hash.mode) != file.hash.value:
                return f"{file} is not the one that {name} installed"
    try:
        hcl2 = importlib.import_module("hcl2")
    except Exception as error:  # a damaged parser may raise anything
        return f"hcl2 cannot be imported: {error}"
    return "" if hasattr(hcl2, "START_LINE") else "hcl2 has no START_LINE"


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm, path.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _place(error: Exception) -> str:
    """Name the file and line that an import failed in."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "while importing them"
