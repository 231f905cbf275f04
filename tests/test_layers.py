"""The contracts of import-linter in pyproject.toml: who may import whom."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def test_layers(tmp_path: Path) -> None:
    # import-linter cannot see through the mapping of an editable install; a folder of links shows it the package.
    package = tmp_path / "checkov_cloudtrail"
    package.mkdir()
    for path in (*(REPOSITORY / "plugin").iterdir(), REPOSITORY / "checks"):
        (package / path.name).symlink_to(path)
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", REPOSITORY / "pyproject.toml"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
