"""Trails and event data stores over all cases, in the words of the JSON report (contract 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from checkov_cloudtrail.cloudtrail.defaults import effective
from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import Coverage, DataCoverage, Extent, ManagementCoverage
from checkov_cloudtrail.model.deployment import Deployment
from checkov_cloudtrail.model.report import StoreSummary, TrailSummary
from checkov_cloudtrail.model.trail import EventDataStore, Trail
from checkov_cloudtrail.model.values import Known, Resource

R = TypeVar("R", Trail, EventDataStore)


def trails(deployment: Deployment) -> tuple[TrailSummary, ...]:
    """Summarise every trail of a deployment, in the order of the code."""
    return tuple(_trail(found, len(deployment.cases)) for found in _grouped(c.trails for c in deployment.cases))


def stores(deployment: Deployment) -> tuple[StoreSummary, ...]:
    """Summarise every event data store of a deployment."""
    summaries = []
    for found in _grouped(case.event_data_stores for case in deployment.cases):
        real = _possible(found)
        summaries.append(
            StoreSummary(
                address=real[0].address,
                range=real[0].location,
                block=real[0].block,
                scope=real[0].scope,
                exists=_exists(found, len(deployment.cases)),
                coverage=merged_coverage([coverage(store) for store in real]),
            )
        )
    return tuple(summaries)


def may_exist(resource: Resource) -> bool:
    """Tell whether a resource exists, or may."""
    return resource.may_exist


def _trail(found: Sequence[Trail], cases: int) -> TrailSummary:
    real = _possible(found)
    return TrailSummary(
        address=real[0].address,
        range=real[0].location,
        block=real[0].block,
        scope=real[0].scope,
        exists=_exists(found, cases),
        multi_region=_switch(real, "multi_region"),
        organization=_switch(real, "organization"),
        logging=_switch(real, "logging"),
        log_file_validation=_switch(real, "log_file_validation"),
        global_service_events=_switch(real, "global_service_events"),
        coverage=merged_coverage([coverage(trail) for trail in real]),
    )


def _grouped(groups: Iterable[tuple[R, ...]]) -> Iterable[list[R]]:
    """Put what the cases say about one address together."""
    found: dict[str, list[R]] = {}
    for group in groups:
        for resource in group:
            found.setdefault(resource.address, []).append(resource)
    return found.values()


def _possible(found: Sequence[R]) -> Sequence[R]:
    """Leave out the cases in which it does not exist, unless it never does."""
    return [resource for resource in found if may_exist(resource)] or found


def _exists(found: Sequence[Resource], cases: int) -> str:
    if not any(may_exist(resource) for resource in found):
        return "no"
    sure = all(isinstance(resource.exists, Known) and resource.exists.value for resource in found)
    return "yes" if sure and len(found) == cases else "unknown"


def _switch(found: Sequence[Trail], attribute: str) -> str:
    values = set()
    for trail in found:
        value = effective(trail, attribute)
        values.add(("true" if value.value else "false") if isinstance(value, Known) else "unknown")
    return values.pop() if len(values) == 1 else "unknown"


def merged_coverage(found: Sequence[Coverage]) -> Coverage:
    """Give what is recorded in every case; where they differ, unknown."""
    first = found[0]
    if all(each == first for each in found):
        return first
    excluded = [set(each.management.excluded_sources) for each in found]
    doubtful = set().union(*excluded, *(each.management.unknown_sources for each in found))
    always = set.intersection(*excluded)
    kinds = sorted({kind for each in found for kind in each.data})
    sources = sorted({source for each in found for source in each.network})
    return Coverage(
        management=ManagementCoverage(
            read=_extent(each.management.read for each in found),
            write=_extent(each.management.write for each in found),
            excluded_sources=tuple(sorted(always)),
            unknown_sources=tuple(sorted(doubtful - always)),
            surely_incomplete=frozenset.intersection(*(_incomplete(each.management) for each in found)),
            on_one_selector=_extent(each.management.on_one_selector for each in found),
        ),
        data={kind: _data([each.data_of(kind) for each in found]) for kind in kinds},
        other_data=_data([each.other_data for each in found]),
        network={source: _extent(each.network.get(source, Extent.NONE) for each in found) for source in sources},
        errors=first.errors,
        warnings=first.warnings,
        possible_errors=first.possible_errors,
        limits=tuple(dict.fromkeys(limit for each in found for limit in each.limits)),
    )


def _extent(extents: Iterable[Extent]) -> Extent:
    distinct = set(extents)
    return distinct.pop() if len(distinct) == 1 else Extent.UNKNOWN


def _incomplete(management: ManagementCoverage) -> frozenset[str]:
    lacking = {half for half in ("read", "write") if getattr(management, half) in (Extent.NONE, Extent.PARTIAL)}
    return management.surely_incomplete | lacking


def _data(found: Sequence[DataCoverage]) -> DataCoverage:
    return DataCoverage(
        _extent(each.read for each in found),
        _extent(each.write for each in found),
        all(each.deselect_only for each in found),
    )
