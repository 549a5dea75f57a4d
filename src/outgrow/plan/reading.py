"""Read a plan file: every word checked against the source, every mistake told with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.types import Kind, Policy, Shape, TargetType
from outgrow.plan.document import Checked
from outgrow.plan.overrides import ColumnOverride, Overrides, TableOverride
from outgrow.plan.settling import OF_A_COLUMN, OF_A_TABLE

_TYPES = {kind.value: kind for kind in Kind} | {"timestamp": Kind.TIMESTAMP}
_SIZED = re.compile(r"numeric\s*\(\s*(\d{1,4})\s*(?:,\s*(\d{1,4})\s*)?\)")


def read_plan(
    text: str, source: SourceDatabase, *, became: Mapping[str, Collection[str]] | None = None
) -> Overrides:
    """Read the decisions of a plan file for a source.

    Args:
        text: the plan file.
        source: what is moved; several files when they have been united.
        became: the tables of several files, which need not be tables of the united source, each
            with those that hold its rows there: ``read_settlements`` has read what is settled
            about them.

    Raises:
        PlanError: it is not TOML, or names a table, column, key, type or value that there isn't;
            with the line, and what may have been meant.

    """
    folded = {fold(name): tuple(tables) for name, tables in (became or {}).items()}
    return _Reader(text, source, folded).read()


@dataclass(frozen=True, slots=True)
class _Reader(Checked):
    source: SourceDatabase
    became: Mapping[str, tuple[str, ...]]

    def read(self) -> Overrides:
        document = self.parsed()
        self.keys(document, ("policy", "source", "unite", "tables"), ())
        head = self.mapping(document.get("source", {}), ("source",))
        self.keys(head, ("file", "files", "census"), ("source",))
        policy = document.get("policy")
        if policy is not None:
            policy = Policy(self.one_of(policy, [each.value for each in Policy], ("policy",)))
        tables = self.mapping(document.get("tables", {}), ("tables",))
        by_name = {fold(table.name): table for table in self.source.tables}
        found: dict[str, TableOverride] = {}
        types: dict[str, dict[str, ColumnOverride]] = {}
        provenance = str(document.get("unite", {}).get("provenance", ""))
        for name, value in tables.items():
            path = ("tables", name)
            table = by_name.get(fold(name))
            if table is not None:
                found[fold(name)] = self._table(table, self.mapping(value, path), path)
            elif fold(name) in self.became:
                own = [by_name[fold(each)] for each in self.became[fold(name)]]
                chosen = self._apart(own, self.mapping(value, path), provenance, path)
                types |= {fold(each.name): chosen for each in own}
            else:
                names = [each.name for each in self.source.tables]
                raise self.unknown(f"no table {name!r} in {self.source.file}", name, names, path)
        for name, chosen in types.items():
            found[name] = _with_types(found.get(name, TableOverride()), chosen)
        return Overrides(policy, self.text(head.get("census", ""), ("source", "census")), found)

    def _apart(
        self,
        tables: Sequence[SourceTable],
        value: Mapping[str, Any],
        provenance: str,
        path: tuple[str, ...],
    ) -> dict[str, ColumnOverride]:
        """Read the types that tables which stand apart have in common.

        They may be those that outgrow wrote when the tables were one.
        """
        self.keys(value, (*OF_A_TABLE, "columns"), path)
        place = (*path, "columns")
        names = {fold(column.name): column.name for each in tables for column in each.columns}
        found = {}
        for name, decided in self.mapping(value.get("columns", {}), place).items():
            if fold(name) not in names and fold(name) != fold(provenance):
                what = f"no column {name!r} in table {path[-1]}"
                raise self.unknown(what, name, names.values(), (*place, name))
            chosen = self.mapping(decided, (*place, name))
            for key in ("name", "on_misfit"):
                if key in chosen:
                    what = f"{path[-1]} is apart: {key} stands at the tables that it becomes"
                    raise self.wrong(what, (*place, name, key))
            found[fold(name)] = self._column(chosen, (*place, name))
        return found

    def _table(
        self, table: SourceTable, value: Mapping[str, Any], path: tuple[str, ...]
    ) -> TableOverride:
        known = ("include", "name", "identity", "unique", "cascade", "columns", *OF_A_TABLE)
        self.keys(value, known, path)
        include = value.get("include", True)
        if not isinstance(include, bool):
            raise self.wrong("include is true or false", (*path, "include"))
        identity = value.get("identity", "serial")
        self.one_of(identity, ["serial", "identity"], (*path, "identity"))
        columns = self.mapping(value.get("columns", {}), (*path, "columns"))
        overrides = {}
        for name, decided in columns.items():
            place = (*path, "columns", name)
            self._column_name(table, name, place)
            overrides[fold(name)] = self._column(self.mapping(decided, place), place)
        return TableOverride(
            include,
            self._name(value, path),
            identity,
            self._unique(table, value.get("unique", []), (*path, "unique")),
            self._cascade(table, value.get("cascade", []), (*path, "cascade")),
            overrides,
        )

    def _column(self, value: Mapping[str, Any], path: tuple[str, ...]) -> ColumnOverride:
        self.keys(value, ("type", "shape", "name", "on_misfit", *OF_A_COLUMN), path)
        on_misfit = value.get("on_misfit", "refuse")
        self.one_of(on_misfit, ["refuse", "null"], (*path, "on_misfit"))
        return ColumnOverride(self._type(value, path), self._name(value, path), on_misfit == "null")

    def _type(self, value: Mapping[str, Any], path: tuple[str, ...]) -> TargetType | None:
        shape = self._shape(value, path)
        if "type" not in value:
            if shape is not None:
                raise self.wrong('shape stands with type = "timestamp"', (*path, "shape"))
            return None
        spelled = " ".join(self.text(value["type"], (*path, "type")).lower().split())
        sized = _SIZED.fullmatch(spelled)
        if sized:
            return self._numeric(int(sized[1]), int(sized[2] or 0), (*path, "type"))
        kind = _TYPES[self.one_of(spelled, [*_TYPES], (*path, "type"))]
        if shape is not None and kind is not Kind.TIMESTAMP:
            raise self.wrong('shape stands with type = "timestamp"', (*path, "shape"))
        return TargetType(kind, shape=Shape("YYYY-MM-DD") if kind is Kind.DATE else shape)

    def _numeric(self, precision: int, scale: int, path: tuple[str, ...]) -> TargetType:
        if not 1 <= precision <= 1000 or scale > precision:
            raise self.wrong("numeric(p,s) has p from 1 to 1000 and s up to p", path)
        return TargetType(Kind.NUMERIC, precision, scale)

    def _shape(self, value: Mapping[str, Any], path: tuple[str, ...]) -> Shape | None:
        if "shape" not in value:
            return None
        notation = self.text(value["shape"], (*path, "shape"))
        try:
            return Shape(notation)
        except ValueError:
            what = f"{notation!r} is not a shape such as YYYY-MM-DD HH:MM:SS or epoch s"
            raise self.wrong(what, (*path, "shape")) from None

    def _name(self, value: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
        return self.text(value["name"], (*path, "name")) if "name" in value else None

    def _unique(
        self, table: SourceTable, value: object, path: tuple[str, ...]
    ) -> tuple[tuple[str, ...], ...]:
        found = tuple(
            tuple(self._column_name(table, name, path) for name in group)
            for group in self._groups(value, path)
        )
        for group in found:
            if found.count(group) > 1 or len(set(group)) < len(group):
                raise self.wrong(f"({', '.join(group)}) names something twice", path)
        return found

    def _cascade(
        self, table: SourceTable, value: object, path: tuple[str, ...]
    ) -> tuple[tuple[str, ...], ...]:
        keys = {tuple(map(fold, key.columns)): key.columns for key in table.foreign_keys}
        found = []
        for group in self._groups(value, path):
            columns = keys.get(tuple(map(fold, group)))
            if columns is None:
                there = [", ".join(key) for key in keys.values()]
                what = f"{table.name} has no foreign key ({', '.join(group)})"
                raise self.unknown(what, ", ".join(group), there, path)
            found.append(columns)
        return tuple(found)

    def _groups(self, value: object, path: tuple[str, ...]) -> list[list[str]]:
        fine = isinstance(value, list) and all(
            isinstance(group, list) and group and all(isinstance(name, str) for name in group)
            for group in value
        )
        if not fine:
            raise self.wrong(f'{path[-1]} is a list of lists, [["column"]]', path)
        assert isinstance(value, list)
        return value

    def _column_name(self, table: SourceTable, name: str, path: tuple[str, ...]) -> str:
        try:
            return table.column(name).name
        except KeyError:
            names = [column.name for column in table.columns]
            what = f"no column {name!r} in table {table.name}"
            raise self.unknown(what, name, names, path) from None


def _with_types(table: TableOverride, types: Mapping[str, ColumnOverride]) -> TableOverride:
    """Take types for the columns that have none of their own."""
    columns = dict(table.columns)
    for name, chosen in types.items():
        own = columns.get(name, ColumnOverride())
        columns[name] = replace(own, type=own.type or chosen.type)
    return replace(table, columns=columns)
