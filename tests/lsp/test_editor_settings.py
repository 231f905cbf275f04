"""The settings for editors that no test can start: they parse, and name every kind of file that is judged."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from editors import ROOT

from checkov_cloudtrail.discover import TEMPLATE_SUFFIXES, VALUES_SUFFIXES
from checkov_cloudtrail.terraform.syntax import CONFIGURATION

# `*.json` is `*.tf.json`, too.
JUDGED = {f"*{suffix}" for suffix in (*CONFIGURATION, *VALUES_SUFFIXES, *TEMPLATE_SUFFIXES) if suffix.count(".") == 1}
PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "parse"), [("toml", tomllib.loads), ("json", json.loads)])
def test_snippets_parse(language: str, parse: object) -> None:
    snippets = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert snippets
    assert callable(parse)
    for snippet in snippets:
        assert parse(snippet)


def test_neovim_names_every_kind_of_file() -> None:
    snippet = (ROOT / "editors" / "neovim" / "checkov-cloudtrail.lua").read_text(encoding="utf-8")
    [names] = re.findall(r"^local names = \{(.*)\}$", snippet, re.MULTILINE)
    assert set(re.findall(r'"(.+?)"', names)) == JUDGED


def test_lsp4ij_names_every_kind_of_file() -> None:
    template = json.loads((ROOT / "editors" / "jetbrains" / "template.json").read_text(encoding="utf-8"))
    patterns = [pattern for mapping in template["fileTypeMappings"] for pattern in mapping["fileType"]["patterns"]]
    assert sorted(patterns) == sorted(JUDGED)
