"""Telling templates from other YAML and JSON by their bytes, and those that cannot hold a trail from the rest."""

from __future__ import annotations

import re

_YAML_RESOURCES = re.compile(rb"^(?:\"Resources\"|'Resources'|Resources)[ \t]*:", re.MULTILINE)
_FLOW_RESOURCES = re.compile(rb"[\"']?Resources[\"']?\s*:")
_TYPES = re.compile(rb"AWSTemplateFormatVersion|AWS::|Custom::|Alexa::|::MODULE|Fn::Transform")
_SPACE = b"\xef\xbb\xbf \t\r\n"

# What can bring a trail in: its own type, a nested template, an include, a module or a macro of somebody's own.
_SOURCES = re.compile(
    rb"CloudTrail|AWS::CloudFormation::Stack|AWS::Serverless::Application|AWS::Include|Fn::Transform|!Transform|::MODULE"
    rb"|^[\"']?Transform[\"']?[ \t]*:(?!\s*[\"']?AWS::(?:Serverless|LanguageExtensions))",
    re.MULTILINE,
)


def is_template(path: str, data: bytes) -> bool:
    """Tell whether a file looks like a template: `Resources` at its top level, and types of resources.

    Args:
        path: decides nothing for YAML; a `.json` file must hold an object.
        data: its content.
    """
    flow = data[:4096].lstrip(_SPACE).startswith(b"{")
    if path.endswith(".json") and not flow:
        return False
    resources = _FLOW_RESOURCES if flow else _YAML_RESOURCES
    return resources.search(data.removeprefix(b"\xef\xbb\xbf")) is not None and _TYPES.search(data) is not None


def mentions_cloudtrail(data: bytes) -> bool:
    """Tell whether a template may hold a trail or an event data store, itself or through what it brings in."""
    return _SOURCES.search(data) is not None
