"""Names that PostgreSQL can hold: lower-cased, short enough, and each its own."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from outgrow.model.names import fold
from outgrow.postgres.identifiers import MAX_NAME_BYTES

#: Columns that every PostgreSQL table has already
#: (https://www.postgresql.org/docs/current/ddl-system-columns.html).
SYSTEM_COLUMNS = frozenset("tableoid xmin cmin xmax cmax ctid".split())


def clip(name: str, limit: int) -> str:
    """Cut a name to so many bytes of UTF-8, never inside a character."""
    return name.encode("utf-8")[:limit].decode("utf-8", "ignore")


def fitting(name: str, source: str = "") -> str:
    """Give a name that PostgreSQL keeps whole.

    A longer one ends in a hash of the whole ``source``, so that names that begin alike stay apart.
    """
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    ending = "_" + sha256(fold(source or name).encode("utf-8", "replace")).hexdigest()[:8]
    return clip(name, MAX_NAME_BYTES - len(ending)) + ending


class Namespace:
    """Names that are taken, and a free one for each that comes."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def reserve(self, names: Iterable[str]) -> None:
        """Take names for something else."""
        self._taken.update(names)

    def is_free(self, name: str) -> bool:
        """Whether nothing has the name yet."""
        return name not in self._taken

    def give(self, source: str, otherwise: str) -> tuple[str, str]:
        """Find a free name, and why it is not simply the source's in lower case ('' if it is).

        ``otherwise`` is the name of something that has none.
        """
        name, reason = _storable(source, otherwise)
        if len(name.encode()) > MAX_NAME_BYTES:
            name, reason = fitting(name, source), f"longer than {MAX_NAME_BYTES} bytes"
        if name in self._taken:
            name, reason = self._numbered(name), f"the name {name} is taken"
        self._taken.add(name)
        return name, reason

    def _numbered(self, name: str) -> str:
        number = 2
        while True:
            ending = f"_{number}"
            candidate = clip(name, MAX_NAME_BYTES - len(ending)) + ending
            if candidate not in self._taken:
                return candidate
            number += 1


def _storable(source: str, otherwise: str) -> tuple[str, str]:
    """Fold a name and take out what PostgreSQL can't store: NUL and what is not UTF-8."""
    name = source.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if not name:
        return otherwise, "it has no name that PostgreSQL can store"
    return fold(name), "" if name == source else "PostgreSQL can't store some of its characters"
