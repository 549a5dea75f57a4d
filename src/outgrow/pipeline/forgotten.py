"""Whether the target still knows what each column and each definition was in SQLite.

The layer that applications use reads it: with a wrong entry it would give other values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.pipeline import home
from outgrow.pipeline.assess import Assessment
from outgrow.pipeline.memory import ColumnRow, DefinitionRow, column_rows, definition_rows
from outgrow.pipeline.result import Json
from outgrow.postgres.identifiers import literal
from outgrow.translate.schema import schema_of

Connection = psycopg.Connection[Any]

FORGOTTEN = define("OG-614", "The target does not know any more what something was in SQLite")

_ANEW = "run the INSERT INTO outgrow.{} of the file that outgrow schema writes"

#: What people are told only, and depends on how files are named and a plan is given.
_FOR_PEOPLE = ("file", "reason")

#: Where an application has made a column anew there is no run, and this is not known.
_OF_A_RUN = ("run", "mixed")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What should stand in a table of schema ``outgrow``.

    Args:
        key: by which it is found, beside the name of the application's schema.
        values: what has to be the same.
        where: the place in the source that it is about.

    """

    key: Mapping[str, str]
    values: Mapping[str, object]
    where: str


def forgotten(connection: Connection, run: int, assessment: Assessment) -> Iterator[Finding]:
    """Compare what a run has written about the source with what stands there now.

    What an application has defined since is its own. Raises psycopg.Error where the connection is
    lost.
    """
    source, plan = assessment.source, assessment.plan
    schema = schema_of(source, plan, target_schema=plan.schema, census=assessment.census)
    version = {"value": source.user_version}
    expected: dict[str, list[_Entry]] = {
        "columns": [_column(row, source.where) for row in column_rows(run, source, plan, schema)],
        "definitions": [
            _definition(row, source.where_trigger if row.kind == "trigger" else source.where)
            for row in definition_rows(schema)
        ],
        "pragmas": [_Entry({"name": "user_version"}, version, source.where("PRAGMA user_version"))],
    }
    for table, entries in expected.items():
        if home.is_readable(connection, table):
            yield from _about(connection, table, plan.schema, entries)
        else:
            where = f"{connection.info.dbname}:outgrow.{table}"
            says = f"the table outgrow.{table}, which outgrow made, is gone"
            fix = "run its CREATE TABLE, too, and " + _ANEW.format(table)
            yield Finding(FORGOTTEN, Severity.ERROR, where, says, fix)


def _column(row: ColumnRow, where: Callable[[str, str], str]) -> _Entry:
    key = {"table_name": row.table_name, "column_name": row.column_name}
    others = (*_FOR_PEOPLE, "schema_name", *key)
    values = {name: value for name, value in row._asdict().items() if name not in others}
    return _Entry(key, values, where(row.source_table, row.source_column))


def _definition(row: DefinitionRow, where: Callable[[str], str]) -> _Entry:
    values = {"source_name": row.source_name, "source_table": row.source_table, "sql": row.sql}
    return _Entry({"kind": row.kind, "name": row.name}, values, where(row.source_name))


def _about(
    connection: Connection, table: str, schema: str, entries: Sequence[_Entry]
) -> Iterator[Finding]:
    # As JSON, so that a column that somebody has dropped is only a value that is missing.
    query = f"SELECT to_jsonb(r) FROM outgrow.{table} AS r WHERE to_jsonb(r)->>'schema_name' = %s"
    rows: list[Json] = [row for (row,) in connection.execute(query.encode(), (schema,))]
    names = [*entries[0].key] if entries else []
    there = {tuple(row.get(name) for name in names): row for row in rows}
    for each in entries:
        row = there.get(tuple(each.key.values()))
        if row is None:
            says, fix = f"outgrow.{table} has no entry for it", _ANEW.format(table)
            yield Finding(FORGOTTEN, Severity.ERROR, each.where, says, fix)
        elif other := _other(each, row):
            told = (f"{name} {row.get(name)!r} and not {each.values[name]!r}" for name in other)
            says = f"outgrow.{table} has for it {', '.join(told)}"
            fix = _ANEW.format(table)
            if table != "definitions":  # whose DDL takes many lines
                fix = _update(table, schema, each, other)
            yield Finding(FORGOTTEN, Severity.ERROR, each.where, says, fix)


def _other(expected: _Entry, row: Json) -> list[str]:
    """Name the values that are not as they were written."""
    is_of_a_run = row.get("run") is not None
    return [
        name
        for name, value in expected.values.items()
        if row.get(name) != value and (is_of_a_run or name not in _OF_A_RUN)
    ]


def _update(table: str, schema: str, expected: _Entry, names: Iterable[str]) -> str:
    """Write the statement that puts it right."""
    put = ", ".join(f"{name} = {_literal(expected.values[name])}" for name in names)
    key = {"schema_name": schema, **expected.key}
    values = ", ".join(map(literal, key.values()))
    return f"UPDATE outgrow.{table} SET {put} WHERE ({', '.join(key)}) = ({values})"


def _literal(value: object) -> str:
    return "NULL" if value is None else literal(str(value))
