"""The analysis behind the editor: unsaved text over the disk, judged by the one engine, folder by folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from checkov_cloudtrail import baseline, config
from checkov_cloudtrail.api import Session
from checkov_cloudtrail.files import DiskFiles, OverlayFiles, boundary, join
from checkov_cloudtrail.lsp.document import Document
from checkov_cloudtrail.model.location import SourceError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.report import Judgement, Report, Result
from checkov_cloudtrail.options import Options


@record
class View:
    """What is known of one document.

    Args:
        results: what the engine said about it, passes included.
        errors: what is wrong with its text.
        judgements: the deployments that it belongs to, for hover and lenses.
        sources: texts of closed files that the results point into.
        texts: the texts of open documents that the results are about. While one cannot be read it is the last one that
            could, so that half a word does not take away everything that is known.
        readable: so can the document itself.
        revision: of the folder that this is an answer about.
    """

    results: tuple[Result, ...] = ()
    errors: tuple[SourceError, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, bytes] = field(default_factory=dict)
    readable: bool = True
    revision: int = -1


@record
class Answer:
    """What judging gave: a view of each document, and which configuration files cannot be used."""

    views: Mapping[str, View]
    complaints: tuple[str, ...] = ()


@dataclass(slots=True)
class _Setup:
    """What one configuration file says, for the part of the tree that lies in one repository."""

    configuration: config.Configuration
    accepted: baseline.Baseline | None
    files: DiskFiles
    session: Session = field(default_factory=Session)
    judged: Mapping[str, bytes] = field(default_factory=dict)

    def analyse(self, paths: Sequence[str], texts: Mapping[str, bytes], abandoned: Callable[[], bool]) -> Report:
        """Judge documents, with texts over the disk."""
        for path in texts.keys() | self.judged.keys():
            if texts.get(path) == self.judged.get(path):
                continue
            if (path in texts) != (path in self.judged) and not self.files.is_file(path):
                self.session.reload()  # a file that exists in the editor only came or went
            else:
                self.session.changed(path)
        self.judged = texts
        files = OverlayFiles(self.files, texts)
        report = self.session.analyse(paths, self.configuration.options, files, abandoned)
        return report if self.accepted is None else self.accepted.apply(report)


@dataclass(slots=True)
class Folder:
    """One workspace folder, or the directory of a document outside of all folders.

    `documents`, `views` and `revision` belong to the server's own thread, what begins with an underscore to the
    worker's; `tell` is how the one lets the other know.

    Args:
        base: the directory; paths are relative to it.
        profile: overrides the configuration's when the editor's settings name one.
        revision: grows with everything that may change an answer.
        last_cost: seconds that judging took.
    """

    base: Path
    profile: str | None = None
    documents: dict[str, Document] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    revision: int = 0
    last_cost: float = 0.0
    _news: list[str | None] = field(default_factory=list)
    _setups: dict[tuple[Path | None, Path], _Setup] = field(default_factory=dict)
    _retired: dict[tuple[Path | None, Path], _Setup] = field(default_factory=dict)
    _places: dict[str, tuple[Path | None, Path]] = field(default_factory=dict)
    _complaints: dict[str, None] = field(default_factory=dict)

    def path(self, file: Path) -> str:
        """Give the path of a file as the engine has it."""
        return file.relative_to(self.base).as_posix()

    def file(self, path: str) -> str:
        """Give the full name of a path of the engine's."""
        return os.path.normpath(self.base / path)

    @property
    def texts(self) -> dict[str, bytes]:
        """The text of every open document that is, or will be, on the disk."""
        return {path: document.data for path, document in self.documents.items() if not document.deleted}

    def tell(self, path: str | None = None) -> None:
        """Take note of a change on the disk.

        Args:
            path: a file whose text has changed; None when files came or went, or a configuration changed.
        """
        self._news.append(path)
        self.revision += 1

    def related(self, path: str) -> set[str]:
        """Give the open documents that are judged together with one: those that share a deployment with it."""
        own = self.views[path].judgements if path in self.views else ()
        reached = {file for judgement in own for file in judgement.deployment.files}
        return {
            name
            for name in self.documents
            if name == path
            or name in reached
            or (name in self.views and any(path in each.deployment.files for each in self.views[name].judgements))
        }

    def judge(
        self, paths: Iterable[str], texts: Mapping[str, bytes], revision: int, abandoned: Callable[[], bool]
    ) -> Answer:
        """Judge documents as the editor has them; called in the worker.

        Args:
            paths: open documents.
            texts: the text of every open document of the folder.
            revision: of these texts.
            abandoned: says that the answer is not wanted any more.

        Raises:
            AbandonedError: it said so.
        """
        started = time.perf_counter()
        self._hear()
        groups: dict[tuple[Path | None, Path], list[str]] = {}
        for path in sorted(paths):
            groups.setdefault(self._place(path), []).append(path)
        views: dict[str, View] = {}
        for place, group in groups.items():
            setup = self._setup(place)
            now = setup.analyse(group, texts, abandoned)
            readable = {**texts, **self._last_readable(now, texts)}
            report = now if readable == texts else setup.analyse(group, readable, abandoned)
            for path in group:
                views[path] = View(
                    results=tuple(result for result in report.results if result.range.file == path),
                    errors=tuple(error for error in now.errors if error.file == path),
                    judgements=tuple(each for each in report.judgements if path in each.deployment.files),
                    sources=report.sources or {},
                    texts=readable,
                    readable=path not in report.unread,
                    revision=revision,
                )
        self.last_cost = time.perf_counter() - started
        return Answer(views, tuple(self._complaints))

    def _last_readable(self, report: Report, texts: Mapping[str, bytes]) -> dict[str, bytes]:
        """For documents that cannot be read as they are now, give the text that could."""
        known = {path: self.views.get(path, View()) for path in report.unread & texts.keys()}
        return {path: view.texts[path] for path, view in known.items() if view.readable and path in view.texts}

    def _hear(self) -> None:
        """Act on what was told since the last time."""
        news, self._news = self._news, []
        kept = {setup.configuration.baseline for setup in self._setups.values()}
        if None in news or any(path in kept or (path or "").endswith(".toml") for path in news):
            self._retired |= self._setups
            self._setups.clear()
            self._places.clear()
            self._complaints.clear()
            return
        for path in filter(None, news):
            for setup in self._setups.values():
                setup.session.changed(path)

    def _place(self, path: str) -> tuple[Path | None, Path]:
        """Find the configuration file and the repository of a document."""
        directory = join(path, "..")
        if directory not in self._places:
            full = Path(self.file(directory))
            try:
                file = config.find(full)
            except config.ConfigurationError as error:
                self._complaints[str(error)] = None
                file = None
            self._places[directory] = (file, boundary(full.resolve(), self.base))
        return self._places[directory]

    def _setup(self, place: tuple[Path | None, Path]) -> _Setup:
        if place not in self._setups:
            file, limit = place
            try:
                configuration = config.load(file, self.base) if file else config.Configuration()
            except config.ConfigurationError as error:
                self._complaints[str(error)] = None
                configuration = config.Configuration()
            configuration = replace(configuration, options=self._options(configuration.options))
            made = _Setup(configuration, self._accepted(configuration.baseline), DiskFiles(self.base, limit))
            before = self._retired.pop(place, None)
            if before is not None and before.configuration == configuration:
                made.session = before.session  # it remembers what it has parsed
                made.session.reload()
            self._setups[place] = made
        return self._setups[place]

    def _options(self, options: Options) -> Options:
        """Complete what the configuration says."""
        environment = {name: value for name, value in os.environ.items() if name.startswith("TF_VAR_")}
        # What is left out of a search is left alone in the editor, too, which opens whatever people look at.
        options = replace(options, force_exclude=True, environment=environment)
        return replace(options, profile=self.profile, select=()) if self.profile else options

    def _accepted(self, path: str | None) -> baseline.Baseline | None:
        if path is None:
            return None
        try:
            return baseline.read(Path(self.file(path)).read_text(encoding="utf-8"), path)
        except OSError as error:
            self._complaints[f"{path} cannot be read: {error.strerror}"] = None
        except (baseline.BaselineError, UnicodeDecodeError) as error:
            self._complaints[f"{path} cannot be used: {error}"] = None
        return None
