"""The generated documentation is what the code says."""

import subprocess
import sys
from pathlib import Path

BUILD = Path(__file__).parents[1] / "docs" / "build.py"


def test_generated_pages_are_current() -> None:
    done = subprocess.run([sys.executable, BUILD, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
