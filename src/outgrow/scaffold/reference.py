"""Where the outgrow that runs was installed from, so that a project gets the same one.

Never its bare name, which anybody could publish before us.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Reference:
    """A place to install outgrow from.

    Args:
        url: as in a requirement: ``git+https://…@commit``, or that of an archive or a folder.
        folder: the folder, where it is one.
        is_editable: whether the folder itself is used, and not a copy.
        repository: of git, without ``git+``; empty where it is no repository.
        commit: of the repository.

    """

    url: str
    folder: Path | None = None
    is_editable: bool = False
    repository: str = ""
    commit: str = ""

    def requirement(self, extra: str = "") -> str:
        """Write it as a requirement.

        https://packaging.python.org/en/latest/specifications/dependency-specifiers/
        """
        return f"{named(extra)} @ {self.url}"

    def path_from(self, folder: Path, root: Path) -> str:
        """Give the path to our folder as it is written in a file of ``folder``.

        Relative where one of project and outgrow is inside of the other: they move together.
        Empty where outgrow is no folder.
        """
        if self.folder is None:
            return ""
        together = self.folder.is_relative_to(root) or root.is_relative_to(self.folder)
        return os.path.relpath(self.folder, folder) if together else str(self.folder)


def named(extra: str = "") -> str:
    """Give our name, with an extra if there is one."""
    return f"outgrow[{extra}]" if extra else "outgrow"


def installed_reference() -> Reference | None:
    """Read how outgrow was installed; None where nobody has written that down.

    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        written = distribution("outgrow").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return reference_of(written) if written else None


def reference_of(written: str) -> Reference:
    """Understand a ``direct_url.json``."""
    known = json.loads(written)
    url = _without_secret(known["url"])
    below = f"#subdirectory={known['subdirectory']}" if known.get("subdirectory") else ""
    if "vcs_info" in known:
        commit = known["vcs_info"]["commit_id"]
        full = f"{known['vcs_info']['vcs']}+{url}@{commit}{below}"
        is_simple = known["vcs_info"]["vcs"] == "git" and not below
        return Reference(full, repository=url if is_simple else "", commit=commit)
    if "dir_info" in known:
        folder = Path(unquote(urlsplit(url).path)) / known.get("subdirectory", "")
        return Reference(folder.as_uri(), folder, bool(known["dir_info"].get("editable")))
    return Reference(url + below)


def _without_secret(url: str) -> str:
    """Leave out a password or token, which must not get into a file; the name of ssh stays."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    kept = f"{user}{at}" if parts.scheme == "ssh" and ":" not in user else ""
    return urlunsplit(parts._replace(netloc=kept + host))
