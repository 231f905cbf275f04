"""The analysis behind the editor: unsaved text over the disk, judged by the one engine, folder by folder."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from checkov_cloudtrail import config
from checkov_cloudtrail.api import Session
from checkov_cloudtrail.files import DiskFiles, OverlayFiles
from checkov_cloudtrail.model.location import SourceError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Judgement, Report, Result


@record
class View:
    """What the editor shows for one document.

    Args:
        results: what the engine said about it, passes included; the last good answer while a file does not parse.
        errors: what is wrong with its text now.
        judgements: the deployments that it belongs to, for hover and lenses.
        sources: the texts that the results point into; related places need them.
    """

    results: tuple[Result, ...] = ()
    errors: tuple[SourceError, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Folder:
    """One workspace folder, or the directory of a document outside of all folders.

    Args:
        base: the directory; paths are relative to it.
        profile: overrides the configuration's when the editor's settings name one.
    """

    base: Path
    profile: str | None = None
    texts: dict[str, bytes] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    last_cost: float = 0.0
    _session: Session = field(default_factory=Session)
    _disk: DiskFiles = field(init=False)
    _judged: Mapping[str, bytes] = field(default_factory=dict)
    _configuration: config.Configuration | None = None

    def __post_init__(self) -> None:
        self._disk = DiskFiles(self.base)

    def path(self, file: Path) -> str:
        """Give the path of a file as the engine has it."""
        return file.relative_to(self.base).as_posix()

    def reload(self) -> None:
        """Forget what was read of the configuration and of directories; something on the disk has changed."""
        self._configuration = None
        self._disk = DiskFiles(self.base)
        self._session.reload()

    def related(self, path: str) -> set[str]:
        """Give the open documents that are judged together with one: those that share a deployment with it."""
        together = {path} & self.texts.keys()
        for name, view in self.views.items():
            if name in self.texts and any(path in judgement.deployment.files for judgement in view.judgements):
                together.add(name)
        return together

    def judge(self, paths: Iterable[str], texts: Mapping[str, bytes]) -> dict[str, View]:
        """Judge documents as the editor has them.

        Args:
            paths: open documents.
            texts: the text of every open document of the folder.

        Raises:
            ConfigurationError: the configuration file cannot be used.
        """
        wanted = sorted(paths)
        started = time.perf_counter()
        if self._configuration is None:
            file = config.find(self.base)
            self._configuration = config.load(file, self.base) if file else config.Configuration()
        self._take_over(texts)
        options = self._configuration.options
        if self.profile:
            options = replace(options, profile=self.profile, select=())
        report = self._session.analyse(wanted, options, OverlayFiles(self._disk, texts))
        self.last_cost = time.perf_counter() - started
        return {path: self._view(path, report) for path in wanted}

    def _take_over(self, texts: Mapping[str, bytes]) -> None:
        """Tell the session what has changed since the last judgement."""
        for path in texts.keys() | self._judged.keys():
            if texts.get(path) == self._judged.get(path):
                continue
            if (path in texts) != (path in self._judged) and not self._disk.is_file(path):
                self._session.reload()  # a file that exists in the editor only came or went
            else:
                self._session.changed(path)
        self._judged = texts

    def _view(self, path: str, report: Report) -> View:
        errors = tuple(error for error in report.errors if error.file == path)
        last = self.views.get(path)
        if report.errors and last is not None and last.results:
            broken = {error.file for error in report.errors}
            if any(broken & judgement.deployment.files for judgement in last.judgements):
                return replace(last, errors=errors)
        return View(
            results=tuple(result for result in report.results if result.range.file == path),
            errors=errors,
            judgements=tuple(each for each in report.judgements if path in each.deployment.files),
            sources=report.sources or {},
        )
