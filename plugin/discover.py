"""What there is to judge below the given paths: Terraform roots, templates and plans, found by reading bytes.

Nothing is parsed here. A directory is searched without its downloaded modules and without what git ignores; links are
not followed, so that a loop of them does no harm. A named file is judged inside everything that it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from checkov_cloudtrail.cloudformation import sniff
from checkov_cloudtrail.cloudtrail.accounts import is_account_root
from checkov_cloudtrail.files import Files, join, normalise
from checkov_cloudtrail.model.deployment import Framework
from checkov_cloudtrail.model.location import SourceError, UnreadableError
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.options import Options
from checkov_cloudtrail.terraform import discover as terraform
from checkov_cloudtrail.terraform.syntax import CONFIGURATION

SKIPPED = frozenset({".terraform/", ".git/", "node_modules/", ".external_modules/"})
TEMPLATE_SUFFIXES = (".yaml", ".yml", ".json", ".template")
VALUES_SUFFIXES = (".tfvars", ".tfvars.json")
_MENTION = b"cloudtrail"
_MAX_LEVELS = 100


@record
class Target:
    """One deployment to load.

    Args:
        root: directory (Terraform) or file (template, plan).
        named: it was named itself, not found by a search.
    """

    framework: Framework
    root: str
    named: bool = False


@dataclass(slots=True)
class Found:
    """What a search found.

    Args:
        targets: in the order in which they are judged.
        only: the named files to report on; None when a directory was named, whose findings are all reported.
        errors: named files that cannot be read.
        warnings: what was left out and why.
    """

    targets: dict[Target, None] = field(default_factory=dict)
    only: set[str] | None = None
    errors: list[SourceError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Survey:
    """What searches have learned about one tree, for those to come: good for as long as only texts change.

    The roots that use a directory are looked for in the whole repository, which an editor cannot do at every keystroke.
    """

    def __init__(self, files: Files) -> None:
        self.terraform = terraform.Discovery(files)
        self._changed: dict[str, terraform.Surface] = {}
        self._everywhere: tuple[str, ...] = ()
        self._users: dict[str, list[str]] | None = None

    def changed(self, path: str) -> None:
        """Take note that the text of a file has changed; a file that comes or goes needs a new survey."""
        if path.endswith(CONFIGURATION):
            directory = join(path, "..")
            if directory not in self._changed:
                self._changed[directory] = self.terraform.surface(directory)
            self.terraform.forget(path)

    def users(self, directory: str, everywhere: Callable[[], Iterable[str]]) -> Sequence[str]:
        """Give the root modules that reach a directory.

        Args:
            directory: of Terraform files.
            everywhere: finds the directories of the repository; asked once.
        """
        for changed, before in self._changed.items():
            now = self.terraform.surface(changed)
            if (now.calls, now.configures) != (before.calls, before.configures):
                self._users = None
        self._changed.clear()
        if self._users is None:
            self._everywhere = self._everywhere or tuple(everywhere())
            self._users = {}
            for root in self.terraform.roots(self._everywhere):
                for reached in self.terraform.reach(root):
                    self._users.setdefault(reached, []).append(root)
        return self._users.get(directory, ())


def discover(paths: Sequence[str], options: Options, files: Files, survey: Survey | None = None) -> Found:
    """Find everything to judge.

    Args:
        paths: files and directories, relative to the base of `files`.
        options: what is excluded.
        files: the tree to read.
        survey: of earlier searches in the same tree with the same options.
    """
    survey = survey or Survey(files)
    survey.terraform.files = files
    return _Search(options, files, survey).run([normalise(path) for path in paths])


def excluded(path: str, patterns: Sequence[str]) -> bool:
    """Tell whether a path, or a directory above it, matches one of the glob patterns.

    A pattern without a slash matches names at any depth, `examples/` as well as `*.generated.tf`.
    """
    parts = path.split("/")
    above = ["/".join(parts[: length + 1]) for length in range(len(parts))]
    for pattern in patterns:
        plain = pattern.removesuffix("/**").rstrip("/").removeprefix("./")
        names = parts if "/" not in plain else above
        if any(fnmatchcase(name, plain) or fnmatchcase(f"/{name}", f"/{plain}") for name in names):
            return True
        if plain.startswith("**/") and any(fnmatchcase(name, plain[3:]) for name in (*above, *parts)):
            return True
    return False


class _Search:
    """One search over several paths."""

    def __init__(self, options: Options, files: Files, survey: Survey) -> None:
        self.options = options
        self.files = files
        self.survey = survey
        self.terraform = survey.terraform
        self.found = Found()

    def run(self, paths: Sequence[str]) -> Found:
        """Search directories, then add what named files belong to."""
        patterns = self.options.exclude if self.options.force_exclude else ()
        kept = [path for path in paths if not excluded(path, patterns)]
        named_files = [path for path in kept if not self.files.is_dir(path)]
        directories = [path for path in kept if self.files.is_dir(path)]
        self._directories(directories)
        if named_files:
            self._named(named_files)
            self.found.only = self._reported(named_files, directories)
        return self.found

    def _reported(self, named: Sequence[str], directories: Sequence[str]) -> set[str] | None:
        """Give the files to report on; None for all, when every named file lies in a named directory."""
        if not directories:
            return set(named)
        within = {path for path in named if any(_below(path, directory) for directory in directories)}
        return None if len(within) == len(named) else set(named) | {f"{directory}/" for directory in directories}

    def _directories(self, named: Sequence[str]) -> None:
        candidates: list[str] = []
        for start in named:
            for directory, names in self._walk(start):
                candidates.append(directory)
                for name in names:
                    if name.endswith(TEMPLATE_SUFFIXES) and not name.endswith(CONFIGURATION + VALUES_SUFFIXES):
                        self._document(join(directory, name))
        for root in self.terraform.roots(candidates, named):
            self._root(root, named=root in named)

    def _walk(self, start: str) -> Iterator[tuple[str, list[str]]]:
        """Give every directory to look at, with the names of the files in it that are not left out."""
        ignored: frozenset[str] | None = None
        waiting = [start]
        while waiting:
            directory = waiting.pop()
            entries = self.files.entries(directory)
            below = [name for name in entries if name.endswith("/") and name not in SKIPPED]
            own = [name for name in entries if not name.endswith("/")]
            if ignored is None and (below or any(name.endswith(TEMPLATE_SUFFIXES) for name in own)):
                ignored = self.files.ignored(start)
            left_out = self._left_out(ignored or frozenset())
            yield directory, [name for name in own if not left_out(join(directory, name))]
            for name in reversed(below):
                path = join(directory, name)
                if not left_out(path) and f"{path}/" not in (ignored or ()) and not self.files.is_link(path):
                    waiting.append(path)

    def _left_out(self, ignored: frozenset[str]) -> Callable[[str], bool]:
        return lambda path: path in ignored or excluded(path, self.options.exclude)

    def _document(self, path: str) -> None:
        """Look whether a YAML or JSON file is a template or a plan that concerns us."""
        if not self.files.is_file(path):
            return
        try:
            data = self.files.read(path)
        except UnreadableError as error:
            self.found.warnings.append(str(error))
            return
        if framework := self._kind(path, data):
            self.found.targets.setdefault(Target(framework, path))

    def _kind(self, path: str, data: bytes) -> Framework | None:
        """Tell what a YAML or JSON file is, if it may concern CloudTrail at all."""
        if sniff.is_template(path, data):
            concerned = sniff.mentions_cloudtrail(data) or is_account_root(path, self.options.policy)
            return Framework.CLOUDFORMATION if concerned else None
        if _MENTION in data and b'"planned_values"' in data:
            from checkov_cloudtrail.terraform import plan  # imports every part of Terraform

            return Framework.TERRAFORM_PLAN if plan.is_plan(data) else None
        return None

    def _root(self, root: str, *, named: bool = False) -> None:
        if self.terraform.relevant(root) or is_account_root(root, self.options.policy):
            self.found.targets.setdefault(Target(Framework.TERRAFORM, root, named))

    def _named(self, named: Sequence[str]) -> None:
        directories: dict[str, None] = {}
        for path in named:
            if not self.files.is_file(path):
                self.found.errors.append(SourceError(path, 1, 1, "there is no such file"))
            elif path.endswith(CONFIGURATION + VALUES_SUFFIXES):
                directories.setdefault(join(path, ".."))
            else:
                try:
                    data = self.files.read(path)
                except UnreadableError as error:
                    self.found.errors.append(error.error)
                    continue
                if framework := self._kind(path, data):
                    self.found.targets.pop(Target(framework, path), None)
                    self.found.targets.setdefault(Target(framework, path, named=True))
        for root in self._users(directories):
            self._root(root, named=root in directories)

    def _users(self, directories: dict[str, None]) -> Iterator[str]:
        """Find the root modules that use directories; a directory that nobody uses is one itself."""
        for directory in directories:
            yield from self.survey.users(directory, self._everywhere) or [directory]

    def _everywhere(self) -> Iterator[str]:
        """Find the directories of the repository."""
        return (directory for directory, _ in self._walk(self._top()))

    def _top(self) -> str:
        """Give the root of the repository."""
        top = "."
        for _ in range(_MAX_LEVELS):
            above = join(top, "..")
            if not self.files.allowed(above):
                break
            top = above
        return top


def _below(path: str, directory: str) -> bool:
    return directory in (".", path) or path.startswith(f"{directory}/")
