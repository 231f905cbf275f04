"""Templates given as text, loaded through the real door of the stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from checkov_cloudtrail.cloudformation.template import load
from checkov_cloudtrail.files import DiskFiles, OverlayFiles
from checkov_cloudtrail.model.deployment import Loaded
from checkov_cloudtrail.options import Options

Load = Callable[..., Loaded]


@pytest.fixture
def load_text(tmp_path: Path) -> Load:
    """Load `text` as template.yaml, beside other files: `load_text(text, others, options)`."""

    def run(text: str, others: Mapping[str, str] | None = None, options: Options | None = None) -> Loaded:
        texts = {"template.yaml": text.encode(), **{name: other.encode() for name, other in (others or {}).items()}}
        return load("template.yaml", OverlayFiles(DiskFiles(tmp_path, tmp_path), texts), options or Options())

    return run
