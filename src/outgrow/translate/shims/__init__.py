"""Helper functions in schema ``outgrow``: one .sql file each, made where a translation needs them.

A helper that calls others says so in its first line: ``-- needs: number, dynamic``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_NEEDS = "-- needs: "


@cache
def _sources() -> dict[str, str]:
    """Each helper's SQL by name."""
    return {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in sorted(files(__name__).iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".sql")
    }


def _needs(name: str) -> list[str]:
    first = _sources()[name].partition("\n")[0]
    return first.removeprefix(_NEEDS).split(", ") if first.startswith(_NEEDS) else []


def install_sql(names: Iterable[str] | None = None) -> str:
    """Give idempotent SQL that makes these helpers and those they call; all of them by default.

    Raises KeyError for a helper that does not exist.
    """
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in ordered:
            for needed in _needs(name):
                visit(needed)
            ordered[name] = None

    for name in sorted(_sources() if names is None else names):
        visit(name)
    if not ordered:
        return ""
    return "CREATE SCHEMA IF NOT EXISTS outgrow;\n" + "\n".join(_sources()[n] for n in ordered)
