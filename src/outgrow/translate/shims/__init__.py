"""Helper functions in schema ``outgrow``: one .sql file each, made where a translation needs them.

A helper that calls others says so in its first line: ``-- needs: number, dynamic``. The digest of
each file stands in ``outgrow.helpers``, so that what is missing or older is made, and only that. A
new body takes the place of the old one (``CREATE OR REPLACE``), also while views and indexes
depend on it; that is why the signature of a helper never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from outgrow.postgres.identifiers import literal

_NEEDS = "-- needs: "


@cache
def _sources() -> dict[str, str]:
    """Each helper's SQL by name."""
    return {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in sorted(files(__name__).iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".sql")
    }


def names() -> frozenset[str]:
    """Every helper that this version has."""
    return frozenset(_sources())


def _needs(name: str) -> list[str]:
    first = _sources()[name].partition("\n")[0]
    return first.removeprefix(_NEEDS).split(", ") if first.startswith(_NEEDS) else []


@cache
def digest(name: str) -> str:
    """Tell one version of a helper from another; raises KeyError for one that does not exist."""
    return sha256(_sources()[name].encode()).hexdigest()[:16]


def install_sql(names: Iterable[str] | None = None) -> str:
    """Give idempotent SQL that makes these helpers and those they call; all of them by default.

    Raises KeyError for a helper that does not exist.
    """
    return _script(_with_needed(_sources() if names is None else names))


def installed(run: Callable[[str], Sequence[Sequence[Any]]]) -> dict[str, str]:
    """Read the digests of the helpers that a database has; ``run`` gives the rows of a query."""
    ((is_there,),) = run("SELECT to_regclass('outgrow.helpers') IS NOT NULL")
    if not is_there:
        return {}
    return {str(name): str(kept) for name, kept in run("SELECT name, digest FROM outgrow.helpers")}


def sources(names: Iterable[str]) -> dict[str, str]:
    """Give the SQL of helpers and of those they call, each after those that it calls.

    Raises KeyError for a helper that does not exist.
    """
    return {name: _sources()[name] for name in _with_needed(names)}


def missing(installed: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Name the helpers, and those they call, that are not there or of another version.

    Raises KeyError for a helper that does not exist.
    """
    return [name for name in _with_needed(names) if installed.get(name) != digest(name)]


def upgrade_sql(installed: Mapping[str, str], names: Iterable[str]) -> str:
    """Give SQL that makes what is missing of these helpers, '' where nothing is.

    Raises KeyError for a helper that does not exist.
    """
    return _script(missing(installed, names))


def _with_needed(names: Iterable[str]) -> list[str]:
    """The helpers, each after those that it calls."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in ordered:
            for needed in _needs(name):
                visit(needed)
            ordered[name] = None

    for name in sorted(names):
        visit(name)
    return list(ordered)


#: Two processes that make helpers at once would get in each other's way.
_HEAD = """
DO $$ BEGIN PERFORM pg_advisory_xact_lock(8319105); END $$;
CREATE SCHEMA IF NOT EXISTS outgrow;
CREATE TABLE IF NOT EXISTS outgrow.helpers (name text PRIMARY KEY, digest text NOT NULL);
COMMENT ON TABLE outgrow.helpers IS 'The version of each helper function';
"""


def _script(names: Sequence[str]) -> str:
    if not names:
        return ""
    rows = ",\n  ".join(f"({literal(name)}, {literal(digest(name))})" for name in names)
    return (
        _HEAD.lstrip()
        + "\n".join(_sources()[name] for name in names)
        + f"\nINSERT INTO outgrow.helpers VALUES\n  {rows}\n"
        "ON CONFLICT (name) DO UPDATE SET digest = EXCLUDED.digest;\n"
    )
