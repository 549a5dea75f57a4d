"""Several files as one: what a person settled about them, and what became of each file's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.model.findings import Finding
from outgrow.model.names import fold
from outgrow.model.plan import Renamed
from outgrow.model.steps import Missing


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


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows or tables of several files that only a person can settle.

    ``what`` has counts and examples. Each of ``lines`` is one way to settle it, the best first, as
    it stands in the plan file under ``[tables.<table>]``, without that header: ``prefer = "a.db"``.
    ``finding`` tells it in full; its ``fix`` is written from ``lines``.
    """

    table: str
    files: tuple[str, ...]
    what: str
    lines: tuple[str, ...]
    finding: Finding


@dataclass(frozen=True, slots=True)
class United:
    """How several files (or one) became the database that is moved.

    Args:
        files: what each file is called, in the order of the command line.
        origins: each table of each file.
        settlements: what a person had settled.
        conflicts: what nobody has settled yet.
        findings: what a person should know of how the files were united.
        renamed: objects that are called otherwise than in their file.
        left_out: objects of a file that have no place in the united database.
        row_files: for a united table (by folded name) with rows of several files, a SQL
            expression over its row that gives the name of the file the row came from.

    """

    files: tuple[str, ...]
    origins: tuple[Origin, ...] = ()
    settlements: Settlements = field(default_factory=Settlements)
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    left_out: tuple[Missing, ...] = ()
    row_files: Mapping[str, str] = field(default_factory=dict)
