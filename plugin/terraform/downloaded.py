"""Where `checkov --download-external-modules` puts the modules that it fetches, so that nobody has to fetch them twice.

checkov clones into `.external_modules/HOST/PATH/REF` below the directory that it scans, for git sources; modules of a
registry lie in `.external_modules/HOST/NAMESPACE/NAME/PROVIDER/VERSION`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checkov_cloudtrail.files import Files, join, normalise

FOLDER = ".external_modules"

_REGISTRY = re.compile(r"(?:(?P<host>[\w-]+(?:\.[\w-]+)+)/)?(?P<module>[\w-]+/[\w-]+/[\w-]+)")
_HOSTS = ("github.com", "bitbucket.org")


def directory(files: Files, root: str, source: str, version: str) -> str | None:
    """Find a fetched module.

    Args:
        root: the root module; checkov may have scanned it or a directory around it.
        source: the call's `source`.
        version: the call's `version`; empty when there is none.
    """
    return within(files, folders(files, root), source, version)


def within(files: Files, places: Iterable[str], source: str, version: str) -> str | None:
    """Find a fetched module in folders of them; see `directory`."""
    for folder in places:
        for path in (_git(source), *_registry(files, folder, source, version)):
            if path is not None:
                found = join(folder, path)
                if found.startswith(f"{folder}/") and files.is_dir(found):
                    return found
    return None


def folders(files: Files, root: str) -> Iterator[str]:
    """Find the folders of modules in a directory and in those around it, as far as they may be read."""
    place = normalise(root)
    while files.allowed(place):
        folder = join(place, FOLDER)
        if files.is_dir(folder):
            yield folder
        parent = join(place, "..")
        if parent.count("..") > 32 or (place.startswith("/") and parent == place):
            return
        place = parent


def _git(source: str) -> str | None:
    """Give the path of a git source: `github.com/acme/trail//modules/audit?ref=v1` has its own host in it."""
    text, _, query = source.partition("?")
    if text.startswith(tuple(f"{prefix}git@github.com" for prefix in ("", "git::"))):
        text = text.removeprefix("git::").replace(":", "/", 1)
    elif text.startswith("git::"):
        text = text.removeprefix("git::").partition("://")[2]
    elif not text.startswith(_HOSTS):
        return None
    repository, _, inner = text.partition("//")
    user, at, rest = repository.partition("@")
    if at and user != "git":
        repository = rest
    ref = query.removeprefix("ref=") if query.startswith("ref=") else "HEAD"
    return (
        "/".join(part for part in (repository.removesuffix(".git").lstrip("/"), ref, inner) if part) if text else None
    )


def _registry(files: Files, folder: str, source: str, version: str) -> Iterator[str]:
    """Give the paths that a registry's module may have: its exact version, or the only one that was fetched."""
    module, _, inner = source.partition("//")
    match = _REGISTRY.fullmatch(module)
    if match is None:
        return
    path = f"{match['host'] or 'registry.terraform.io'}/{match['module']}"
    fetched = [name.removesuffix("/") for name in files.entries(join(folder, path)) if name.endswith("/")]
    exact = version.removeprefix("=").strip()
    if exact in fetched or len(fetched) == 1:
        yield "/".join(part for part in (path, exact if exact in fetched else fetched[0], inner) if part)
