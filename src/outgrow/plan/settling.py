"""What a plan file says about uniting several files: read before, written after they are united.

The tables of the plan are those of the united source. What has to be known before there is one
stands beside them: ``[unite]``, ``prefer``, ``keep``, ``renumber`` and ``apart`` of a table, and
``follows`` of a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.uniting import Conflict, Settlements, TableSettlement, United
from outgrow.plan import toml
from outgrow.plan.document import Checked, Path

#: The keys of a table and of a column that settle something between files.
OF_A_TABLE = ("prefer", "keep", "renumber", "apart")
OF_A_COLUMN = ("follows",)

PROVENANCE = 'provenance = "source_file" adds a column with the file that each row came from'


def read_settlements(text: str, files: Sequence[SourceDatabase]) -> Settlements:
    """Read what a plan file settles between files; all else in it is left for ``read_plan``.

    Args:
        text: the plan file.
        files: the files as they are before they are united.

    Raises:
        PlanError: it is not TOML, or settles something that there isn't; with the line, and what
            may have been meant.

    """
    return _Reader(text, tuple(files)).read()


@dataclass(frozen=True, slots=True)
class _Reader(Checked):
    files: tuple[SourceDatabase, ...]

    def read(self) -> Settlements:
        document = self.parsed()
        unite = self.mapping(document.get("unite", {}), ("unite",))
        self.keys(unite, ("provenance",), ("unite",))
        tables = self.mapping(document.get("tables", {}), ("tables",))
        found = {}
        for name, value in tables.items():
            having = {file.file: table for file in self.files for table in _of_name(file, name)}
            settled = self._table(name, having, self.mapping(value, ("tables", name)))
            if settled != TableSettlement():
                found[fold(name)] = settled
        return Settlements(found, self._provenance(unite))

    def _provenance(self, unite: Mapping[str, Any]) -> str:
        path = ("unite", "provenance")
        if "provenance" not in unite:
            return ""
        name = self.text(unite["provenance"], path)
        if not name or "\0" in name:
            raise self.wrong("provenance is the name of a column", path)
        for file in self.files:
            for table in file.tables:
                if fold(name) in {fold(column.name) for column in table.columns}:
                    what = f"{file.file}:{table.name} has a column {name!r} of its own"
                    raise self.wrong(what, path)
        return name

    def _table(
        self, name: str, having: Mapping[str, SourceTable], value: Mapping[str, Any]
    ) -> TableSettlement:
        path = ("tables", name)
        given = [key for key in OF_A_TABLE if key in value]
        if given and len(having) == 1:
            (file,) = having
            what = f"{name} stands in {file} alone, so that there is nothing to settle"
            raise self.wrong(what, (*path, given[0]))
        if "prefer" in value and "keep" in value:
            raise self.wrong("prefer and keep exclude each other", (*path, "keep"))
        prefer = ""
        if having and "prefer" in value:
            prefer = self.one_of(value["prefer"], [*having], (*path, "prefer"))
        if "keep" in value:
            self.one_of(value["keep"], ["both"], (*path, "keep"))
        return TableSettlement(
            prefer,
            "keep" in value,
            self._flag(value, "renumber", path),
            self._flag(value, "apart", path),
            self._follows(having, value, path),
        )

    def _flag(self, value: Mapping[str, Any], name: str, path: Path) -> bool:
        flag = value.get(name, False)
        if not isinstance(flag, bool):
            raise self.wrong(f"{name} is true or false", (*path, name))
        return flag

    def _follows(
        self, having: Mapping[str, SourceTable], value: Mapping[str, Any], path: Path
    ) -> dict[str, str]:
        columns = self.mapping(value.get("columns", {}), (*path, "columns"))
        names = {fold(each.name): each.name for table in having.values() for each in table.columns}
        found = {}
        for column, decided in columns.items():
            place = (*path, "columns", column)
            parent = self.mapping(decided, place).get("follows")
            if parent is None:
                continue
            if having and fold(column) not in names:
                what = f"no column {column!r} in table {path[-1]}"
                raise self.unknown(what, column, names.values(), place)
            found[fold(column)] = self._known_table(parent, (*place, "follows"))
        return found

    def _known_table(self, value: object, path: Path) -> str:
        name = self.text(value, path)
        known = {fold(table.name): table.name for file in self.files for table in file.tables}
        if fold(name) not in known:
            raise self.unknown(f"no table {name!r} in any file", name, known.values(), path)
        return known[fold(name)]


def _of_name(file: SourceDatabase, name: str) -> list[SourceTable]:
    return [table for table in file.tables if fold(table.name) == fold(name)]


def head_of(united: United) -> str:
    """Write the part of a plan file that speaks of all files."""
    settled = united.settlements.provenance
    line = f"provenance = {toml.string(settled)}" if settled else toml.comment(PROVENANCE)
    return f"[unite]\n{line}\n"


def values_of(table: TableSettlement) -> Iterator[tuple[str, str]]:
    """Write what is settled about a table, as TOML."""
    if table.prefer:
        yield "prefer", toml.string(table.prefer)
    if table.keep_both:
        yield "keep", '"both"'
    if table.renumber:
        yield "renumber", "true"
    if table.apart:
        yield "apart", "true"


def suggestions(conflicts: Sequence[Conflict]) -> Iterator[str]:
    """Write what is not settled about a table: each line without its mark would settle it."""
    for conflict in conflicts:
        choose = "one of these lines settles it" if len(conflict.lines) > 1 else "to settle it"
        yield f"{conflict.what}; {choose}:"
        yield from conflict.lines


def block_of(conflicts: Sequence[Conflict]) -> list[str]:
    """Write the part of a plan file that settles all conflicts about one table.

    Each is settled in the way that is given first; the others stand beside it as comments.
    """
    settled: dict[str, str] = {}
    others: dict[str, None] = {}
    for conflict in conflicts:
        first, *rest = conflict.lines
        settled.setdefault(first.partition("=")[0].strip(), first)
        others.update(dict.fromkeys([first, *rest]))
    chosen = [*settled.values()]
    comments = [f"# or {line}" for line in others if line not in chosen]
    return [f"[tables.{toml.key(conflicts[0].table)}]", *chosen, *comments]


def sections_besides(united: United, planned: Sequence[str]) -> Iterator[toml.Section]:
    """Write the tables that are settled or to be settled and are no tables of the united source.

    ``planned`` names those that are.
    """
    known = {fold(name) for name in planned}
    spelled = {fold(origin.table): origin.table for origin in united.origins}
    wanted = [*united.settlements.tables, *(fold(each.table) for each in united.conflicts)]
    for name in dict.fromkeys(wanted):
        if name not in known:
            yield toml.Section(
                spelled.get(name, name),
                tuple(values_of(united.settlements.table(name))),
                own_comments=comments_of(united, name),
            )


def comments_of(united: United, table: str) -> tuple[str, ...]:
    """Write what is not settled about one table."""
    return tuple(
        suggestions([each for each in united.conflicts if fold(each.table) == fold(table)])
    )
