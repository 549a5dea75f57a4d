"""Several files as one: what a person settled about them, and what became of each file's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.model.names import fold


@dataclass(frozen=True, slots=True)
class TableSettlement:
    """What the plan file says about a table that stands in several files.

    Args:
        prefer: the file whose row stays where one key stands in both; '' where nothing is said.
        keep_both: both rows stay, and a UNIQUE that only some of the files declare is given up.
        renumber: ids that collide are renumbered although the key is no AUTOINCREMENT.
        apart: the tables are not united; each is called ``<file>_<table>``.
        follows: undeclared references: the table that each column (by folded name) refers to.

    """

    prefer: str = ""
    keep_both: bool = False
    renumber: bool = False
    apart: bool = False
    follows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settlements:
    """All settlements; ``tables`` by folded name.

    ``provenance`` names a column that each united table gets, with the file a row came from; ''
    for none.
    """

    tables: Mapping[str, TableSettlement] = field(default_factory=dict)
    provenance: str = ""

    def table(self, name: str) -> TableSettlement:
        """What is settled about a table by its name in any case; nothing is fine."""
        return self.tables.get(fold(name), TableSettlement())


@dataclass(frozen=True, slots=True)
class Origin:
    """A table of one file and what became of its rows before anything was loaded.

    ``united`` is the name of the table that holds them. ``moved`` is what was added to its ids,
    0 where they stayed. rows = rows that arrived in ``united`` + merged + superseded.
    """

    file: str
    table: str
    united: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    merged: int = 0
    superseded: int = 0
    moved: int = 0
