"""Whether an account records what is done to its S3 objects (CIS 3.8 and 3.9, Security Hub S3.22 and S3.23)."""

from __future__ import annotations

from checkov_cloudtrail.cloudtrail.defaults import effective
from checkov_cloudtrail.cloudtrail.policies import every
from checkov_cloudtrail.cloudtrail.selectors import coverage
from checkov_cloudtrail.model.coverage import DataCoverage, Extent
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.trail import Trail
from checkov_cloudtrail.model.values import Known, Unknown

OBJECTS = "AWS::S3::Object"


@record
class Recorder:
    """A trail, whether it records reads and writes of all objects, and what it lacks or what would decide."""

    trail: Trail
    answer: bool | None
    because: str


def recorder(trail: Trail) -> Recorder:
    """Judge one trail, with its existence."""
    logging = effective(trail, "logging")
    found = coverage(trail)
    data = found.data_of(OBJECTS)
    read, write = _complete(data.read, data), _complete(data.write, data)
    running = logging.value if isinstance(logging, Known) else None
    exists = trail.exists.value if isinstance(trail.exists, Known) else None
    answer = every((exists, running, not found.errors, read, write))
    return Recorder(trail, answer, _because(trail, data, refused=bool(found.errors), running=running))


def _complete(extent: Extent, data: DataCoverage) -> bool | None:
    """Tell whether all objects are meant. Leaving some buckets out, the log bucket above all, is AWS's own advice."""
    if extent is Extent.UNKNOWN:
        return None
    return extent is Extent.ALL or (extent is Extent.PARTIAL and data.deselect_only)


def _because(trail: Trail, data: DataCoverage, *, refused: bool, running: bool | None) -> str:
    if refused:
        return "CloudTrail refuses its selectors"
    if running is False:
        return "it is created stopped"
    for half, extent in (("reads", data.read), ("writes", data.write)):
        if extent is Extent.NONE:
            return f"it records no {half}"
        if extent is Extent.PARTIAL and not data.deselect_only:
            return f"it records {half} of some objects only"
    for value in (trail.exists, effective(trail, "logging")):
        if isinstance(value, Unknown):
            return value.because
    reasons = [selector.unknown.because for selector in coverage(trail).limits if selector.unknown is not None]
    return reasons[0] if reasons else "what its selectors record is not known"
