"""Writes what the documentation takes from the code: `python docs/build.py`, or `--check` to compare only.

Each page is a function that gives file names (relative to this folder) and contents.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import rules
import sessions

from checkov_cloudtrail import config
from checkov_cloudtrail.api import analyse
from checkov_cloudtrail.files import DiskFiles
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.report import terminal, text

DOCS = Path(__file__).parent
PROJECTS = DOCS.parent / "fixtures" / "projects"


def configuration() -> Mapping[str, str]:
    """Give the JSON schema of the configuration file."""
    return {"configuration.schema.json": json.dumps(config.schema(), indent=2) + "\n"}


def picture() -> Mapping[str, str]:
    """Give the README's picture: one command on the project with a trail for every Region."""
    rules = ("CT001", "CT002")
    report = analyse(["regional-trails"], Options(select=rules), DiskFiles(PROJECTS))
    title = f"checkov-cloudtrail check regional-trails --select {','.join(rules)}"
    return {"check.svg": terminal.picture(text.layout(report), title, 120)}


PAGES: tuple[Callable[[], Mapping[str, str]], ...] = (configuration, picture, rules.pages, sessions.pages)


def stale(pages: Mapping[str, str]) -> Iterator[str]:
    """Name the files that are not what the code says."""
    for name, content in pages.items():
        path = DOCS / name
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            yield os.path.relpath(path)


def main() -> int:
    """Write the pages, or name those that are not current and give 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is not current")
    arguments = parser.parse_args()
    pages = {name: content for page in PAGES for name, content in page().items()}
    if arguments.check:
        outdated = list(stale(pages))
        for name in outdated:
            print(f"{name} is not current: run `make docs`", file=sys.stderr)
        return int(bool(outdated))
    for name, content in pages.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
