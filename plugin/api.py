"""The one door of the engine: paths in, a Report out. The command, checkov and the editor all come through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from checkov_cloudtrail import judge, suppressions
from checkov_cloudtrail.checks import RULES
from checkov_cloudtrail.discover import Found, Survey, Target, discover
from checkov_cloudtrail.files import DiskFiles, Files
from checkov_cloudtrail.model.deployment import Framework, Loaded
from checkov_cloudtrail.model.location import Range, SourceError, UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Judgement, Report, Result
from checkov_cloudtrail.model.rule import Verdict
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform.syntax import ParseCache


def analyse(paths: Sequence[str], options: Options, files: Files) -> Report:
    """Judge files and directories.

    Args:
        paths: relative to the base of `files`. A file is judged inside its root; only what lies in the named files is
            reported. A directory is searched for every deployment below it.
        options: see Options.
        files: the tree to read.
    """
    return Session().analyse(paths, options, files)


def selected(options: Options) -> tuple[str, ...]:
    """Give the ids of the rules that the options choose."""
    return tuple(rule.id for rule in judge.selected(options))


class AbandonedError(Exception):
    """Raised where nobody waits for the answer of an analysis any more."""


@dataclass(slots=True)
class Session:
    """Analyses of one tree with the same options: they share what was parsed, and what was found on the way.

    The editor asks again after every keystroke.
    """

    _cache: ParseCache = field(default_factory=ParseCache)
    _survey: Survey | None = None

    def changed(self, path: str) -> None:
        """Take note that the text of a file has changed since the last analysis."""
        if self._survey is not None:
            self._survey.changed(path)

    def reload(self) -> None:
        """Take note that files have come or gone."""
        self._survey = None

    def analyse(
        self, paths: Sequence[str], options: Options, files: Files, abandoned: Callable[[], bool] | None = None
    ) -> Report:
        """Judge files and directories; see `analyse`.

        Args:
            paths: see `analyse`, like `options` and `files`.
            abandoned: asked between two deployments, of which a shared module may have hundreds.

        Raises:
            AbandonedError: the answer was yes.
        """
        self._survey = self._survey or Survey(files)
        self._cache.forget_unused()
        found = discover(paths, options, files, self._survey)
        targets = tuple(found.targets)
        if options.jobs > 1 and len(targets) > 1 and isinstance(files, DiskFiles):
            answers = _in_processes(targets, options, files)
        else:
            answers = []
            for target in targets:
                if abandoned is not None and abandoned():
                    raise AbandonedError
                answers.append(_judge(target, options, files, self._cache))
        return _report(found, list(zip(targets, answers, strict=True)), options, files)


@record
class _Answer:
    judgement: Judgement | None
    errors: tuple[SourceError, ...]


def _judge(target: Target, options: Options, files: Files, cache: ParseCache) -> _Answer:
    """Load and judge one deployment; whatever goes wrong with it is an error that names it."""
    try:
        loaded = _load(target, options, files, cache)
        if loaded.deployment is None:
            return _Answer(None, loaded.errors)
        judgement = _repairable(judge.judge(loaded.deployment, options), files, cache)
    except UnreadableError as error:
        return _Answer(None, (error.error,))
    except Exception as error:  # one deployment must not hide the others
        message = f"internal error: {type(error).__name__}: {error}; please report this"
        return _Answer(None, (SourceError(target.root, 1, 1, message),))
    return _Answer(judgement, (*loaded.errors, *judgement.faults))


def _repairable(judgement: Judgement, files: Files, cache: ParseCache) -> Judgement:
    """Give failures their fixes; nothing is imported for it where no rule knows a repair."""
    if not any(result.repair is not None and result.verdict is Verdict.FAIL for result in judgement.results):
        return judgement
    from checkov_cloudtrail.fix.propose import with_fixes

    return with_fixes(judgement, files, cache)


def _load(target: Target, options: Options, files: Files, cache: ParseCache) -> Loaded:
    # Each loader is imported where it is needed: a hook on one template must not pay for the others.
    if target.framework is Framework.CLOUDFORMATION:
        from checkov_cloudtrail.cloudformation import template

        return template.load(target.root, files, options)
    if target.framework is Framework.TERRAFORM_PLAN:
        from checkov_cloudtrail.terraform import plan

        return plan.load(target.root, files, options)
    from checkov_cloudtrail.terraform import root

    return root.load(target.root, files, options, cache)


_WORKER_CACHE = ParseCache()


def _work(target: Target, options: Options, files: Files) -> _Answer:
    """Judge one deployment in a worker process, whose deployments share what was parsed."""
    return _judge(target, options, files, _WORKER_CACHE)


def _in_processes(targets: Sequence[Target], options: Options, files: Files) -> list[_Answer]:
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat

    workers = min(options.jobs, len(targets))
    with ProcessPoolExecutor(workers) as pool:
        chunk = max(1, len(targets) // (4 * workers))
        return list(pool.map(_work, targets, repeat(options), repeat(files), chunksize=chunk))


def _report(found: Found, answers: Sequence[tuple[Target, _Answer]], options: Options, files: Files) -> Report:
    kept = list(_without_children(answers))
    judgements = tuple(answer.judgement for _, answer in kept if answer.judgement is not None)
    remarks = suppressions.remarks(judgements, selected(options), (rule.id for rule in RULES), files)
    if found.only is not None:
        judgements = tuple(_only(judgement, found.only) for judgement in judgements)
        remarks = [remark for remark in remarks if remark.range.file in found.only]
    complaints = [remark.error for remark in remarks if options.suppressions[remark.kind] == "error"]
    errors = sorted({*found.errors, *(error for _, answer in kept for error in answer.errors), *complaints})
    shown = {result.range.file for judgement in judgements for result in judgement.results}
    return Report(
        judgements=judgements,
        errors=tuple(errors),
        warnings=(
            *found.warnings,
            *(remark.text for remark in remarks if options.suppressions[remark.kind] == "warning"),
        ),
        sources=_sources(sorted(shown | {error.file for error in errors}), files),
        unread=frozenset(error.file for error in errors if error not in complaints),
    )


def _without_children(answers: Sequence[tuple[Target, _Answer]]) -> Iterator[tuple[Target, _Answer]]:
    """Leave out the templates that another one deploys as nested stacks: they were judged with its parameters."""
    nested = {
        file
        for target, answer in answers
        if target.framework is Framework.CLOUDFORMATION and answer.judgement is not None
        for file in answer.judgement.deployment.files
        if file != target.root
    }
    for target, answer in answers:
        if target.named or target.framework is not Framework.CLOUDFORMATION or target.root not in nested:
            yield target, answer


def _only(judgement: Judgement, named: set[str]) -> Judgement:
    """Leave only what lies in the named files, and what values that come through them decide."""
    if judgement.deployment.root in named:
        return judgement  # a template or plan, whose findings may lie in nested stacks or in the source of the plan
    folders = tuple(name for name in named if name.endswith("/"))

    def lies(place: Range) -> bool:
        return place.file in named or "./" in folders or place.file.startswith(folders)

    def reported(result: Result) -> bool:
        return lies(result.range) or any(lies(step.range) for step in result.evidence)

    results = tuple(result for result in judgement.results if reported(result))
    trails = tuple(trail for trail in judgement.trails if lies(trail.range))
    addresses = {trail.address for trail in trails} | {result.resource for result in results}
    return replace(
        judgement,
        trails=trails,
        event_data_stores=tuple(store for store in judgement.event_data_stores if lies(store.range)),
        accounts=tuple(account for account in judgement.accounts if account.trail in addresses),
        results=results,
    )


def _sources(names: Iterable[str], files: Files) -> dict[str, str]:
    texts = {}
    for name in names:
        try:
            texts[name] = files.read(name).decode("utf-8-sig", "replace")
        except UnreadableError:
            continue
    return texts
