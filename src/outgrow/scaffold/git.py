"""What git is told about the files that init wrote; a project without git is one, too."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from outgrow.errors import OutgrowError, define

NOT_COMMITTED = define("OG-743", "git refused to commit what init wrote")


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree of git that holds the project; ``dirty`` was so before init wrote."""

    root: Path
    dirty: frozenset[PurePosixPath]

    def kept(self, paths: Sequence[PurePosixPath]) -> list[PurePosixPath]:
        """Leave out what git ignores (https://git-scm.com/docs/git-check-ignore)."""
        if not paths:
            return []
        asked = _git(self.root, "check-ignore", "-z", "--stdin", given="\0".join(map(str, paths)))
        ignored = set(asked.stdout.split("\0"))
        return [path for path in paths if str(path) not in ignored]

    def tracks(self, path: str) -> bool:
        """Whether git keeps a file, also one that ``.gitignore`` names."""
        return bool(_git(self.root, "ls-files", "-z", "--", f":(literal){path}").stdout)

    def commit(self, paths: Sequence[PurePosixPath], message: str) -> None:
        """Commit these paths and nothing else, whatever else is staged.

        Raises:
            OutgrowError: git refuses, with its reason.

        """
        names = [f":(literal){path}" for path in paths]
        for arguments in (("add", "--", *names), ("commit", "-q", "-m", message, "--", *names)):
            done = _git(self.root, *arguments)
            if done.returncode:
                reason = (done.stderr or done.stdout).strip().splitlines()
                raise OutgrowError(
                    NOT_COMMITTED,
                    f"git {arguments[0]} failed: {reason[-1] if reason else 'no reason given'}",
                    where=str(self.root),
                    fix="The files are written; commit them with the lines that init --dry-run "
                    "prints",
                )


def repository(root: Path) -> Repository | None:
    """Look for the working tree that the project is in; None without one, or without git."""
    try:
        found = _git(root, "rev-parse", "--is-inside-work-tree")
    except FileNotFoundError:
        return None
    if found.stdout.strip() != "true":
        return None
    # Each file of a folder that git does not know yet, too, whatever the person's settings say.
    asked = ("--porcelain", "-z", "--no-renames", "--untracked-files=all")
    told = _git(root, "status", *asked, "--", ".").stdout
    prefix = _git(root, "rev-parse", "--show-prefix").stdout.rstrip("\n")
    names = [line[3:].removeprefix(prefix) for line in told.split("\0") if line]
    return Repository(root, frozenset(map(PurePosixPath, names)))


def lines(paths: Sequence[PurePosixPath], message: str) -> list[str]:
    """Give the commands that a person may paste."""
    names = " ".join(shlex.quote(str(path)) for path in paths)
    return [f"git add -- {names}", f"git commit -m {shlex.quote(message)} -- {names}"]


def _git(root: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-C", str(root), *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        # Names are bytes to git; those that are not UTF-8 come and go as they are.
        errors="surrogateescape",
        check=False,
    )
