"""Findings that are accepted for now, in checkov's own file format, so that both commands read one file.

    {"failed_checks": [{"file": "/main.tf", "findings": [{"resource": "aws_cloudtrail.this", "check_ids": ["CT002"]}]}]}

Files are relative to the folder of the baseline, with checkov's leading slash. Findings are known again by file,
resource and rule: lines may move, and the same rule broken elsewhere is still news. A module's file belongs to every
root that calls it, so there a finding also names its `deployment`, which checkov does not look at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checkov_cloudtrail.files import normalise
from checkov_cloudtrail.model.deployment import Framework
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Judgement, Report, Result
from checkov_cloudtrail.model.rule import Verdict
from checkov_cloudtrail.model.values import Resource

ACCEPTED = "accepted in the baseline"


class BaselineError(Exception):
    """A baseline that cannot be used; the text is one sentence that names the file."""


@record
class Key:
    """What a finding is known by. `deployment` is None where the file belongs to one deployment only."""

    file: str
    resource: str
    rule: str
    deployment: str | None


@record
class Baseline:
    """The accepted findings; files are relative to the working directory."""

    keys: frozenset[Key]

    def apply(self, report: Report) -> Report:
        """Turn accepted failures into skipped results, which stay in every report."""
        return replace(report, judgements=tuple(self._accept(judgement) for judgement in report.judgements))

    def _accept(self, judgement: Judgement) -> Judgement:
        resources = judgement.deployment.resources
        return replace(
            judgement,
            results=tuple(
                replace(result, verdict=Verdict.SKIPPED, skip_reason=ACCEPTED)
                if result.verdict is Verdict.FAIL and self._holds(result, resources.get(result.resource))
                else result
                for result in judgement.results
            ),
        )

    def _holds(self, result: Result, resource: Resource | None) -> bool:
        key = _key(result, resource)
        # A baseline that checkov has written names no deployments; ours names them where they matter.
        candidates = {key, replace(key, deployment=None), replace(key, resource=result.resource)}
        return bool(candidates & self.keys)


def read(text: str, path: str) -> Baseline:
    """Read a baseline.

    Args:
        path: where it lies, relative to the working directory; its files are relative to its folder.

    Raises:
        BaselineError: it is not JSON, or not of checkov's shape.
    """
    try:
        return Baseline(frozenset(_keys(json.loads(text), os.path.dirname(path))))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BaselineError(f"{path} is not a baseline of checkov's format: {error!r}") from error


def write(report: Report, path: str) -> str:
    """Write every failure of a report as a baseline that will lie at `path`."""
    files: dict[str, dict[tuple[str, str | None], set[str]]] = {}
    for judgement in report.judgements:
        for result in judgement.results:
            if result.verdict is Verdict.FAIL:
                key = _key(result, judgement.deployment.resources.get(result.resource))
                file = "/" + os.path.relpath(key.file, os.path.dirname(path) or ".").replace(os.sep, "/")
                files.setdefault(file, {}).setdefault((key.resource, key.deployment), set()).add(key.rule)
    document = {
        "failed_checks": [
            {
                "file": file,
                "findings": [
                    _finding(resource, deployment, rules)
                    for (resource, deployment), rules in sorted(findings.items(), key=lambda item: str(item[0]))
                ],
            }
            for file, findings in sorted(files.items())
        ]
    }
    return json.dumps(document, indent=4) + "\n"


def _finding(resource: str, deployment: str | None, rules: set[str]) -> dict[str, Any]:
    finding: dict[str, Any] = {"resource": resource, "check_ids": sorted(rules)}
    return finding if deployment is None else finding | {"deployment": deployment}


def _key(result: Result, resource: Resource | None) -> Key:
    file = resource.block.file if resource else result.range.file
    own = file if result.framework is not Framework.TERRAFORM else os.path.dirname(file) or "."
    return Key(
        file=normalise(file),
        resource=_name(result, resource),
        rule=result.rule,
        deployment=None if normalise(own) == normalise(result.deployment) else result.deployment,
    )


def _name(result: Result, resource: Resource | None) -> str:
    """Name a resource as checkov does: in a template with its type, unless it belongs to a nested stack."""
    if result.framework is Framework.CLOUDFORMATION and resource and "/" not in result.resource:
        return f"{resource.type}.{result.resource}"
    return result.resource


def _keys(document: Mapping[str, Any], folder: str) -> list[Key]:
    return [
        Key(
            file=normalise(os.path.join(folder, str(entry["file"]).lstrip("/"))),
            resource=str(finding["resource"]),
            rule=str(rule),
            deployment=finding.get("deployment"),
        )
        for entry in document["failed_checks"]
        for finding in entry["findings"]
        for rule in finding["check_ids"]
    ]
