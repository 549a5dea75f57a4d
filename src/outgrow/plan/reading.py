"""Read a plan file: every word checked against the source, every mistake told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from outgrow.errors import Code, PlanError, define
from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.types import Kind, Policy, Shape, TargetType
from outgrow.plan import toml
from outgrow.plan.overrides import ColumnOverride, Overrides, TableOverride

NOT_TOML = define("OG-200", "The plan file is not valid TOML")
UNKNOWN = define("OG-201", "The plan file names something that does not exist")
NOT_A_VALUE = define("OG-202", "A value in the plan file is not one of those that can stand there")

_TYPES = {kind.value: kind for kind in Kind} | {"timestamp": Kind.TIMESTAMP}
_SIZED = re.compile(r"numeric\s*\(\s*(\d{1,4})\s*(?:,\s*(\d{1,4})\s*)?\)")
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


def read_plan(text: str, source: SourceDatabase) -> Overrides:
    """Read the decisions of a plan file for a source.

    Raises:
        PlanError: it is not TOML, or names a table, column, key, type or value that there isn't;
            with the line, and what may have been meant.

    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(NOT_TOML, f"not valid TOML: {error}", where="plan file") from error
    return _Reader(text, source).read(document)


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    source: SourceDatabase

    def read(self, document: Mapping[str, Any]) -> Overrides:
        self._keys(document, ("policy", "source", "tables"), ())
        head = self._mapping(document.get("source", {}), ("source",))
        self._keys(head, ("file", "census"), ("source",))
        policy = document.get("policy")
        if policy is not None:
            policy = Policy(self._one_of(policy, [each.value for each in Policy], ("policy",)))
        tables = self._mapping(document.get("tables", {}), ("tables",))
        by_name = {fold(table.name): table for table in self.source.tables}
        found = {}
        for name, value in tables.items():
            path = ("tables", name)
            table = by_name.get(fold(name))
            if table is None:
                names = [each.name for each in self.source.tables]
                raise self._unknown(f"no table {name!r} in {self.source.file}", name, names, path)
            found[fold(name)] = self._table(table, self._mapping(value, path), path)
        return Overrides(policy, self._text(head.get("census", ""), ("source", "census")), found)

    def _table(
        self, table: SourceTable, value: Mapping[str, Any], path: tuple[str, ...]
    ) -> TableOverride:
        known = ("include", "name", "identity", "unique", "cascade", "columns")
        self._keys(value, known, path)
        include = value.get("include", True)
        if not isinstance(include, bool):
            raise self._wrong("include is true or false", (*path, "include"))
        identity = value.get("identity", "serial")
        self._one_of(identity, ["serial", "identity"], (*path, "identity"))
        columns = self._mapping(value.get("columns", {}), (*path, "columns"))
        overrides = {}
        for name, decided in columns.items():
            place = (*path, "columns", name)
            self._column_name(table, name, place)
            overrides[fold(name)] = self._column(self._mapping(decided, place), place)
        return TableOverride(
            include,
            self._name(value, path),
            identity,
            self._unique(table, value.get("unique", []), (*path, "unique")),
            self._cascade(table, value.get("cascade", []), (*path, "cascade")),
            overrides,
        )

    def _column(self, value: Mapping[str, Any], path: tuple[str, ...]) -> ColumnOverride:
        self._keys(value, ("type", "shape", "name", "on_misfit"), path)
        on_misfit = value.get("on_misfit", "refuse")
        self._one_of(on_misfit, ["refuse", "null"], (*path, "on_misfit"))
        return ColumnOverride(self._type(value, path), self._name(value, path), on_misfit == "null")

    def _type(self, value: Mapping[str, Any], path: tuple[str, ...]) -> TargetType | None:
        shape = self._shape(value, path)
        if "type" not in value:
            if shape is not None:
                raise self._wrong('shape stands with type = "timestamp"', (*path, "shape"))
            return None
        spelled = " ".join(self._text(value["type"], (*path, "type")).lower().split())
        sized = _SIZED.fullmatch(spelled)
        if sized:
            return self._numeric(int(sized[1]), int(sized[2] or 0), (*path, "type"))
        kind = _TYPES[self._one_of(spelled, [*_TYPES], (*path, "type"))]
        if shape is not None and kind is not Kind.TIMESTAMP:
            raise self._wrong('shape stands with type = "timestamp"', (*path, "shape"))
        return TargetType(kind, shape=Shape("YYYY-MM-DD") if kind is Kind.DATE else shape)

    def _numeric(self, precision: int, scale: int, path: tuple[str, ...]) -> TargetType:
        if not 1 <= precision <= 1000 or scale > precision:
            raise self._wrong("numeric(p,s) has p from 1 to 1000 and s up to p", path)
        return TargetType(Kind.NUMERIC, precision, scale)

    def _shape(self, value: Mapping[str, Any], path: tuple[str, ...]) -> Shape | None:
        if "shape" not in value:
            return None
        notation = self._text(value["shape"], (*path, "shape"))
        try:
            return Shape(notation)
        except ValueError:
            what = f"{notation!r} is not a shape such as YYYY-MM-DD HH:MM:SS or epoch s"
            raise self._wrong(what, (*path, "shape")) from None

    def _name(self, value: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
        return self._text(value["name"], (*path, "name")) if "name" in value else None

    def _unique(
        self, table: SourceTable, value: object, path: tuple[str, ...]
    ) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(self._column_name(table, name, path) for name in group)
            for group in self._groups(value, path)
        )

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
                raise self._unknown(what, ", ".join(group), there, path)
            found.append(columns)
        return tuple(found)

    def _groups(self, value: object, path: tuple[str, ...]) -> list[list[str]]:
        fine = isinstance(value, list) and all(
            isinstance(group, list) and group and all(isinstance(name, str) for name in group)
            for group in value
        )
        if not fine:
            raise self._wrong(f'{path[-1]} is a list of lists, [["column"]]', path)
        assert isinstance(value, list)
        return value

    def _column_name(self, table: SourceTable, name: str, path: tuple[str, ...]) -> str:
        try:
            return table.column(name).name
        except KeyError:
            names = [column.name for column in table.columns]
            what = f"no column {name!r} in table {table.name}"
            raise self._unknown(what, name, names, path) from None

    def _keys(self, value: Mapping[str, Any], known: Iterable[str], path: tuple[str, ...]) -> None:
        for name in value:
            if name not in known:
                raise self._unknown(f"no key {name!r} can stand here", name, known, (*path, name))

    def _mapping(self, value: object, path: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(f"{path[-1]} must be a table of values", path)
        return value

    def _text(self, value: object, path: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            raise self._wrong(f"{path[-1]} must be a text in quotes", path)
        return value

    def _one_of(self, value: object, known: list[str], path: tuple[str, ...]) -> str:
        text = self._text(value, path)
        if text not in known:
            raise self._error(NOT_A_VALUE, f"{text!r} is no {path[-1]}", _meant(text, known), path)
        return text

    def _wrong(self, what: str, path: tuple[str, ...]) -> PlanError:
        return self._error(NOT_A_VALUE, what, "", path)

    def _unknown(
        self, what: str, name: str, known: Iterable[str], path: tuple[str, ...]
    ) -> PlanError:
        return self._error(UNKNOWN, what, _meant(name, known), path)

    def _error(self, code: Code, what: str, fix: str, path: tuple[str, ...]) -> PlanError:
        return PlanError(code, what, where=f"plan file, line {self._line(path)}", fix=fix)

    def _line(self, path: tuple[str, ...]) -> int:
        """Find the line of a key: each step is looked for behind the step before."""
        text = _COMMENT.sub(lambda comment: " " * len(comment[0]), self.text)
        at = 0
        for step in path:
            places = [
                match.start()
                for spelled in (toml.key(step), toml.string(step), f"'{step}'")
                if (match := _as_key(spelled).search(text, at))
            ]
            at = min(places, default=at)
        return self.text.count("\n", 0, at) + 1


def _as_key(spelled: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(spelled)}(?=\s*[\].=])")


def _meant(name: str, known: Iterable[str]) -> str:
    names = [*known]
    folded = {fold(each): each for each in names}
    close = get_close_matches(fold(name), [*folded], n=1)
    if close:
        return f"Did you mean {folded[close[0]]!r}?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"There is {shown}" if names else ""
