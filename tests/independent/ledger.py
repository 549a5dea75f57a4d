"""What `migrate --json` said: names, and the differences that it owned up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .facts import Difference, fold

_SYSTEM_COLUMNS = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}
_LONGEST_NAME = 63


def _plain(name: str) -> str:
    return ",".join(part.strip() for part in fold(name).split(","))


class Ledger:
    """The report, asked: how is this named, is that difference listed?

    Without a report every name is the folded one and no difference is excused. Where a plan file
    has ``chosen`` names of columns, the report tells them.
    """

    def __init__(self, report: dict[str, Any] | None, *, chosen: bool = False) -> None:
        self.report = report
        self._chosen = chosen
        self._objects: dict[str, dict[str, Any]] = report["objects"] if report else {}
        self._tables = {
            fold(table["source"]["table"]): table for table in (report or {}).get("tables", [])
        }
        self._renamed = {
            (kind, fold(entry["from"])): entry["to"]
            for kind, entries in self._objects.items()
            for entry in entries.get("renamed", [])
        }
        self._missing: dict[tuple[str, str, str], dict[str, Any]] = {}
        for kind, entries in self._objects.items():
            for entry in entries.get("missing", []):
                table = entry.get("table", entry["name"])
                source = entry["name"]
                for name in {source, self.name(kind, source), self._columns(table, source)}:
                    for owner in {table, self.name("tables", table), self.name("views", table)}:
                        self._missing[kind, _plain(owner), _plain(name)] = entry

    def _columns(self, table: str, name: str) -> str:
        """A constraint's name, its columns comma-separated, in the target's spelling."""
        return ",".join(self.column(table, part) for part in name.split(","))

    def name(self, kind: str, source: str) -> str:
        """The target's name of a table, index, view or trigger."""
        return self._renamed.get((kind, fold(source))) or fold(source)

    def column(self, table: str, source: str) -> str:
        """The target's name of a column, where there is a reason to rename it."""
        folded = fold(source)
        is_fine = folded not in _SYSTEM_COLUMNS and 0 < len(folded.encode()) <= _LONGEST_NAME
        if is_fine and not self._chosen:
            return folded
        for column in self._tables.get(fold(table), {}).get("columns", []):
            if fold(column["source"]) == folded:
                return str(column["name"])
        return folded

    def lists(self, difference: Difference) -> bool:
        """Whether the report says that this object is missing, and why."""
        entry = self._missing.get(
            (difference.kind, _plain(difference.table), _plain(difference.name))
        )
        return bool(entry and entry.get("reason"))

    def tells(self, name: str, words: str) -> bool:
        """Whether a finding about an object has these words."""
        return any(
            finding["where"].partition(":")[2] == name and words in finding["says"]
            for finding in (self.report or {}).get("findings", [])
        )

    def is_unnumbered(self, table: str) -> bool:
        """Whether it is told that its numbering column, without a name, gets no numbers."""
        told = self._tables.get(fold(table))
        where = f"{told['source']['file']}:{table}" if told else ""
        return any(
            finding["code"] == "OG-127" and finding["where"] == where
            for finding in (self.report or {}).get("findings", [])
        )

    def missing(self, kind: str, table: str = "") -> int:
        """How many objects of a kind are listed as missing (in a table)."""
        entries = self._objects.get(kind, {}).get("missing", [])
        return sum(not table or _plain(entry["table"]) == _plain(table) for entry in entries)

    def counts(self, table: str) -> dict[str, int]:
        """The row and repair counts of a table; zeros without a report."""
        entry = self._tables.get(fold(table), {})
        return {
            name: entry.get(name, 0)
            for name in (
                "rows_read",
                "rows_loaded",
                "rows_refused",
                "rows_merged",
                "rows_superseded",
                "values_repaired",
            )
        }

    def types(self, table: str) -> dict[str, str]:
        """The type that the report gives each column, by the target's name."""
        columns = self._tables.get(fold(table), {}).get("columns", [])
        return {column["name"]: column["target_type"] for column in columns}

    def excuse(self, differences: Iterable[Difference]) -> list[Difference]:
        """Leave out what the report owns up to."""
        return [difference for difference in differences if not self.lists(difference)]
