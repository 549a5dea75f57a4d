"""Writing files of init without ever touching what a person wrote.

Each file bears a mark with a checksum of the rest. Where that still holds, nobody has edited the
file and it is renewed; else it stays, and what init would write goes beside it.
"""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from itertools import count
from pathlib import Path, PurePosixPath

from outgrow.errors import UsageError, define

NOT_WRITTEN = define("OG-742", "A file of the project could not be read or written by init")

#: The mode of a file that holds a password, also where it stood open before.
SECRET = 0o600

_WORDS = "yours to change, and then left alone"
_MARK = re.compile(r"outgrow init ([0-9a-f]{12})\b.*")
#: The whole line; what a person adds to it is not lost either.
_OWN_LINE = re.compile(rf"(?:# |-- |<!-- )outgrow init [0-9a-f]{{12}}: {_WORDS}(?: -->)?\r?")


class Fate(Enum):
    """What becomes of a file."""

    NEW = "new"
    RENEWED = "renewed"
    UNCHANGED = "unchanged"
    #: A person edited it; what init has now is written beside it.
    BESIDE = "yours, see"
    #: A person edited it, and init has nothing new.
    YOURS = "yours"
    #: Lines were added to a file that is shared with others.
    MERGED = "lines added"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that init makes whole; ``path`` is relative to the root."""

    path: PurePosixPath
    text: str
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Written:
    """What is to become of a file, and the very text that is written where.

    ``old`` is what stands there before, None where nothing does.
    """

    path: PurePosixPath
    fate: Fate
    target: Path
    text: str
    old: str | None
    mode: int

    @property
    def writes(self) -> bool:
        """Whether anything is written."""
        is_there = self.fate is Fate.BESIDE and existing(self.target) == self.text
        return self.fate not in (Fate.UNCHANGED, Fate.YOURS) and not is_there

    def diff(self) -> str:
        """Give the difference between what stands there and what init would write."""
        name = str(self.path)
        lines = difflib.unified_diff(
            (self.old or "").splitlines(keepends=True),
            self.text.splitlines(keepends=True),
            name if self.old is not None else os.devnull,
            self.target.name,
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def decided(root: Path, wanted: Wanted) -> Written:
    """Decide what becomes of a file; nothing is written yet.

    Raises:
        UsageError: what stands there can't be read.

    """
    path = root / wanted.path
    text = marked(wanted)
    old = existing(path)
    fate, target = _fate(old, text), path
    if fate is Fate.BESIDE:
        target, is_known = _beside(path, text)
        fate = Fate.YOURS if is_known else fate
    return Written(wanted.path, fate, target, text, old, wanted.mode)


def merged(root: Path, path: str, text: str, *, mode: int = 0o644) -> Written:
    """Give the fate of a file that init only adds lines to; ``text`` is all of it."""
    old = existing(root / path)
    is_open = old is not None and mode == SECRET and (root / path).stat().st_mode & 0o077
    fate = Fate.NEW if old is None else Fate.MERGED if old != text or is_open else Fate.UNCHANGED
    return Written(PurePosixPath(path), fate, root / path, text, old, mode)


def write(written: Sequence[Written]) -> None:
    """Write what is to be written, each file at once or not at all.

    Raises:
        UsageError: the system refuses.

    """
    for each in written:
        if each.writes:
            _write(each)


def existing(path: Path) -> str | None:
    """Read a file, None where there is none; raises UsageError where it can't be read."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    raise UsageError(NOT_WRITTEN, f"the file can't be read: {reason}", where=str(path))


def marked(wanted: Wanted) -> str:
    """Put the mark into a text, as a comment of its kind."""
    before, after = _COMMENTS.get(wanted.path.suffix, ("# ", ""))
    return f"{before}outgrow init {_checksum(wanted.text)}: {_WORDS}{after}\n{wanted.text}"


def unmarked(text: str) -> str:
    """Give a text without its mark."""
    first, _, rest = text.partition("\n")
    return rest if _MARK.search(first) else text


def is_pristine(text: str) -> bool:
    """Whether a file is as init wrote it."""
    first = text.partition("\n")[0]
    mark = _MARK.search(first)
    is_whole = _OWN_LINE.fullmatch(first) is not None
    return mark is not None and is_whole and mark[1] == _checksum(unmarked(text))


def _beside(path: Path, text: str) -> tuple[Path, bool]:
    """Find a name beside a file that holds nothing of a person's.

    Gives also whether what init has to offer was offered there before, and edited since.
    """
    for number in count(1):
        target = path.with_name(f"{path.name}.new{number if number > 1 else ''}")
        fate = _fate(existing(target), text)
        if fate is not Fate.BESIDE:
            break
    return target, fate is Fate.YOURS


def _fate(old: str | None, text: str) -> Fate:
    if old is None:
        return Fate.NEW
    if unmarked(old) == unmarked(text):
        return Fate.UNCHANGED
    if is_pristine(old):
        return Fate.RENEWED
    mark = _MARK.search(old.partition("\n")[0])
    has_nothing_new = mark is not None and mark[1] == _checksum(unmarked(text))
    return Fate.YOURS if has_nothing_new else Fate.BESIDE


def _checksum(text: str) -> str:
    """Tell texts apart; the ends of lines are the editor's and git's."""
    return sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:12]


_COMMENTS = {".sql": ("-- ", ""), ".md": ("<!-- ", " -->")}


def _write(written: Written) -> None:
    target = written.target.resolve() if written.target.is_symlink() else written.target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        keeps = target.exists() and written.mode != SECRET
        mode = target.stat().st_mode & 0o777 if keeps else written.mode
        handle, name = tempfile.mkstemp(prefix=".outgrow-", dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(written.text.encode())
            temporary.chmod(mode)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            NOT_WRITTEN, f"the file can't be written: {error.strerror}", where=str(written.target)
        ) from None
