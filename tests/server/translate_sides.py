"""The same statements on SQLite and on PostgreSQL: the harness of the translation's tests.

SQLite is the oracle. A value that comes back from PostgreSQL is turned into the SQLite value
that its column stands for, by rules written here and not taken from the program.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import apsw
import psycopg
from psycopg.types.json import set_json_loads

from outgrow.model.names import fold
from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate.context import Context
from outgrow.translate.definitions.making import Defined, Sheet, create_index, create_table
from outgrow.translate.definitions.twin import described, twin_of
from outgrow.translate.expressions.values import Rep
from outgrow.translate.parameters import tagged
from outgrow.translate.schema import (
    ColumnInfo,
    Held,
    IndexInfo,
    Schema,
    TableInfo,
    TriggerInfo,
    ViewInfo,
    describe_table,
)
from outgrow.translate.shims import install_sql
from outgrow.translate.translator import view_query

Row = tuple[Any, ...]
#: PostgreSQL's numbers for the types that a translation may give.
TYPE_NAMES = {
    16: "boolean",
    17: "bytea",
    20: "bigint",
    25: "text",
    114: "json",
    701: "double precision",
    1082: "date",
    1114: "timestamp without time zone",
    1700: "numeric",
    3802: "jsonb",
}
_EPOCH = datetime(1970, 1, 1)
_EPOCH_UNITS = {
    "epoch s": timedelta(seconds=1),
    "epoch ms": timedelta(milliseconds=1),
    "epoch us": timedelta(microseconds=1),
}
#: What each affinity becomes when nothing is promoted.
FAITHFUL = {
    Affinity.INTEGER: Kind.BIGINT,
    Affinity.TEXT: Kind.TEXT,
    Affinity.BLOB: Kind.BYTEA,
    Affinity.REAL: Kind.DOUBLE,
    Affinity.NUMERIC: Kind.NUMERIC,
}


@dataclass(frozen=True)
class Table:
    """A table for both sides: SQLite's DDL, rows, and the columns that are promoted.

    ``declared``: all that the DDL says is made in PostgreSQL too, by the program's own DDL: keys,
    CHECKs, defaults, foreign keys, generated columns, and ``indexes`` (CREATE INDEX).
    """

    name: str
    ddl: str
    rows: Sequence[Row] = ()
    promoted: Mapping[str, TargetType] = ()  # type: ignore[assignment]
    rowid_alias: str = ""
    declared: bool = False
    indexes: Sequence[str] = ()


def affinity_of(declared: str) -> Affinity:
    name = declared.upper()
    if "INT" in name:
        return Affinity.INTEGER
    if "CHAR" in name or "CLOB" in name or "TEXT" in name:
        return Affinity.TEXT
    if "BLOB" in name or not name:
        return Affinity.BLOB
    if "REAL" in name or "FLOA" in name or "DOUB" in name:
        return Affinity.REAL
    return Affinity.NUMERIC


class Sides:
    """One small database on SQLite and on PostgreSQL."""

    def __init__(self, conninfo: str, tables: Sequence[Table], *, promote: bool) -> None:
        # A statement that is kept would go on with the columns that it had.
        self.sqlite = apsw.Connection(":memory:", statementcachesize=0)
        options = "-c timezone=Pacific/Auckland -c datestyle=german,dmy"
        self.postgres = psycopg.connect(conninfo, autocommit=True, options=options)
        self.postgres.prepare_threshold = None
        set_json_loads(bytes.decode, self.postgres)
        self.postgres.execute(install_sql())
        self.schema = Schema("public", {})
        for table in tables:
            self.sqlite.execute(table.ddl)
            info = self._info(table, promote=promote)
            infos = {**self.schema.tables, fold(table.name): info}
            numbered = any(info.autoincrement for info in infos.values())
            self.schema = replace(self.schema, tables=infos, numbered=numbered)
            if table.declared:
                self._declare(table)
            else:
                self._create(info)
            for row in table.rows:
                self.insert(info, row)

    def close(self) -> None:
        self.postgres.close()
        self.sqlite.close()

    def _declare(self, table: Table) -> None:
        """Make a table and its indexes as its SQLite DDL says."""
        indexes = dict(self.schema.indexes)
        for sql in table.indexes:
            self.sqlite.execute(sql)
            name = re.match(r"CREATE (?:UNIQUE )?INDEX (\w+)", sql)[1]  # type: ignore[index]
            indexes[fold(name)] = IndexInfo(name, fold(name), table.name, sql)
        self.schema = replace(self.schema, indexes=indexes)
        defined, sheet = Defined(self.schema, twin_of(self.schema).picture), Sheet()
        source = defined.source(table.name)
        assert source is not None
        create_table(defined, source, sheet, again=False)
        for index in source.indexes:
            create_index(defined, source, index, sheet, again=False)
        for step in sheet.steps:
            self.postgres.execute(step)  # type: ignore[call-overload]

    def _info(self, table: Table, *, promote: bool) -> TableInfo:
        columns = []
        keys = {}
        for _, name, declared, not_null, _, key, hidden in self.sqlite.execute(
            f'PRAGMA table_xinfo("{table.name}")'
        ):
            affinity = affinity_of(declared)
            kind = TargetType(FAITHFUL[affinity])
            if promote or (name in table.promoted and affinity is Affinity.NUMERIC):
                kind = dict(table.promoted).get(name, kind)
            collation = self.sqlite.column_metadata(None, table.name, name)[1].upper()
            is_rowid = fold(name) == fold(table.rowid_alias)
            columns.append(
                ColumnInfo(
                    name,
                    fold(name),
                    kind,
                    affinity,
                    collation,
                    bool(not_null) or is_rowid,
                    generated=Expression("NULL") if hidden else None,
                )
            )
            if key:
                keys[key] = name
        primary = tuple(keys[position] for position in sorted(keys))
        (sql,) = self.sqlite.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table.name,))
        if table.declared:
            source = described(table.name, str(sql[0]), tuple(table.indexes))
            held = {fold(column.source): Held(column.name, column.type) for column in columns}
            return describe_table(source, fold(table.name), held)
        return TableInfo(
            table.name,
            fold(table.name),
            tuple(columns),
            table.rowid_alias,
            primary,
            sql=str(sql[0]),
        )

    def _create(self, info: TableInfo) -> None:
        lines = []
        for column in info.columns:
            collate = ' COLLATE "C"' if column.type.kind is Kind.TEXT else ""
            line = f'"{column.name}" {column.type}{collate}'
            if column.source == info.rowid_alias:
                line = f'"{column.name}" bigserial'
            if column.source in self._defaults(info):
                line += f" DEFAULT {self._defaults(info)[column.source]}"
            lines.append(line + (" NOT NULL" if column.not_null else ""))
        if info.primary_key:
            keys = ", ".join(f'"{fold(name)}"' for name in info.primary_key)
            lines.append(f"PRIMARY KEY ({keys})")
        self.postgres.execute(f'CREATE TABLE public."{info.name}" ({", ".join(lines)})')

    def _defaults(self, info: TableInfo) -> dict[str, str]:
        """Defaults that are the same on both sides: plain literals."""
        rows = self.sqlite.execute(f'PRAGMA table_info("{info.source}")')
        return {str(row[1]): str(row[4]) for row in rows if row[4] is not None}

    def insert(self, info: TableInfo, row: Row) -> None:
        columns = [column for column in info.columns if not column.generated]
        places = ", ".join("?" for _ in row)
        listed = ", ".join(f'"{column.source}"' for column in columns)
        (stored,) = self.sqlite.execute(
            f'INSERT INTO "{info.source}" VALUES ({places}) RETURNING {listed}', row
        )
        values = [to_postgres(v, c.type) for v, c in zip(stored, columns, strict=True)]
        marks = ", ".join("%s" for _ in values)
        names = ", ".join(f'"{column.name}"' for column in columns)
        self.postgres.execute(
            f'INSERT INTO public."{info.name}" ({names}) VALUES ({marks})', values
        )

    # --- comparing --------------------------------------------------------------------------

    def select(self, sql: str) -> tuple[list[Row], list[Row]]:
        """Run a SELECT on both sides, column names as the first row."""
        self.sqlite.execute(f"CREATE TEMP VIEW probe AS {sql}")
        try:
            info = self.sqlite.execute("PRAGMA temp.table_info(probe)")
            names = tuple(str(row[1]) for row in info)
            view = ViewInfo("probe", "probe", f"CREATE VIEW probe AS {sql}", names)
            query = view_query(Context(self.schema, "public"), view)
            expected = [tuple(row) for row in self.sqlite.execute("SELECT * FROM probe")]
        finally:
            self.sqlite.execute("DROP VIEW probe")
        found = self.postgres.execute(query.sql)  # type: ignore[call-overload]
        types = [str(column.type).partition("(")[0] for column in query.columns]
        assert [TYPE_NAMES[c.type_code] for c in found.description] == types
        values = [
            tuple(
                from_postgres(v, c.value.rep, c.type)
                for v, c in zip(row, query.columns, strict=True)
            )
            for row in found
        ]
        written = tuple(column.name for column in found.description)
        # A name that PostgreSQL can't hold ends in a digest.
        pairs = zip(names, written, strict=True)
        shown = tuple(new if len(old.encode()) > 63 else fold(old) for old, new in pairs)
        assert len(set(written)) == len(written)
        return [shown, *expected], [written, *values]

    def table(self, name: str) -> tuple[list[Row], list[Row]]:
        """A table's rows on both sides, in no order."""
        info = self.schema.tables[fold(name)]
        expected = [tuple(row) for row in self.sqlite.execute(f'SELECT * FROM "{info.source}"')]
        found = [
            tuple(from_column(v, c) for v, c in zip(row, info.columns, strict=True))
            for row in self.postgres.execute(f"SELECT * FROM {self.schema.relation(info)}")
        ]
        return unordered(expected), unordered(found)

    def add_views(self, *statements: str) -> None:
        """Create views on both sides, each of which may read those before it."""
        from outgrow.translate import translate_view

        for sql in statements:
            self.sqlite.execute(sql)
            name = re.match(r"CREATE VIEW (\w+)", sql)[1]  # type: ignore[index]
            info = self.sqlite.execute(f'PRAGMA table_info("{name}")')
            view = ViewInfo(name, fold(name), sql, tuple(str(row[1]) for row in info))
            self.schema = replace(self.schema, views={**self.schema.views, fold(name): view})
            made = translate_view(sql, self.schema, name)
            listed = ", ".join(f'"{column}"' for column, _ in made.columns)
            self.postgres.execute(f'CREATE VIEW public."{fold(name)}" ({listed}) AS {made.sql}')  # type: ignore[arg-type]

    def add_triggers(self, *statements: str) -> None:
        """Create triggers on both sides."""
        from outgrow.translate import translate_trigger

        triggers = {}
        for sql in statements:
            self.sqlite.execute(sql)
        for name, table, sql in self.sqlite.execute(
            "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ):
            triggers[fold(name)] = TriggerInfo(name, fold(name), table, sql)
        self.schema = replace(self.schema, triggers=triggers)
        for trigger in triggers.values():
            made = translate_trigger(trigger.sql, self.schema, body_schema="public")
            for statement in made.statements:
                self.postgres.execute(statement)  # type: ignore[arg-type]


def to_postgres(value: Any, kind: TargetType) -> Any:
    """A SQLite value as the column of the target holds it."""
    if value is None:
        return None
    if kind.tagged:
        return tagged(value)
    match kind.kind:
        case Kind.BOOLEAN:
            return bool(value)
        case Kind.NUMERIC:
            return Decimal(repr(value))
        case Kind.TIMESTAMP if kind.shape and kind.shape.is_epoch:
            return _EPOCH + value * _EPOCH_UNITS[str(kind.shape)]
        case Kind.TIMESTAMP:
            text = value.removesuffix(kind.shape.suffix) if kind.shape else value
            return datetime.fromisoformat(text)
        case Kind.DATE:
            return date.fromisoformat(value)
        case _:
            return value


def from_postgres(value: Any, rep: Rep, kind: TargetType) -> Any:
    """The SQLite value that a result column stands for."""
    if value is None:
        return None
    match kind.kind:
        case Kind.BOOLEAN:
            return int(value)
        case Kind.NUMERIC:
            return _number(value, rep)
        case Kind.DOUBLE if rep is Rep.NUMBER:
            # The integer is the very double, not the shortest text that reads as it.
            return int(value) if value.is_integer() and abs(value) < 2**63 else value
        case Kind.TIMESTAMP if kind.shape and kind.shape.is_epoch:
            return (value - _EPOCH) // _EPOCH_UNITS[str(kind.shape)]
        case Kind.TIMESTAMP | Kind.DATE:
            return spelled(value, kind.shape)
        case Kind.UUID:
            return str(value)
        case _:
            return value


def _number(value: Decimal, rep: Rep) -> int | float:
    if not value.is_finite():
        return float(value)
    if rep is Rep.DYNAMIC:
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    # Beyond 64 bits an integral number is a REAL; the least integer is one if it has no decimals.
    least = value == -(2**63) and value.as_tuple().exponent == 0
    if rep is Rep.NUMBER and value == value.to_integral_value():
        return int(value) if abs(value) < 2**63 or least else float(value)
    return float(value)


def from_column(value: Any, column: ColumnInfo) -> Any:
    """The SQLite value that a stored column stands for."""
    if column.type.tagged:
        return from_any(value)
    is_real = column.affinity is Affinity.REAL
    return from_postgres(value, Rep.DECIMAL if is_real else Rep.NUMBER, column.type)


def from_any(value: str | None) -> Any:
    """The SQLite value of an ``ANY``, which comes as JSON."""
    if value is None:
        return None
    given = json.loads(value)
    if isinstance(given, Mapping):
        if "json" in given:
            return json.dumps(given["json"])
        return bytes.fromhex(given["blob"]) if "blob" in given else float(given["real"])
    return given


def spelled(value: date, shape: Shape | None) -> str:
    """A date or time in its shape."""
    assert shape is not None
    if not shape.separator or not isinstance(value, datetime):
        return value.isoformat()[:10]
    text = value.isoformat(shape.separator, "seconds" if shape.has_seconds else "minutes")
    if shape.fraction and not (shape.fraction_is_optional and not value.microsecond):
        text += f".{value.microsecond:06}"[: shape.fraction + 1]
    return text + shape.suffix


def same(expected: Any, found: Any) -> bool:
    """Equal in class and value; a REAL of an aggregate to 1e-12."""
    if type(expected) is not type(found):
        return False
    if isinstance(expected, float):
        return expected == found or math.isclose(expected, found, rel_tol=1e-12)
    return bool(expected == found)


def same_rows(expected: Sequence[Row], found: Sequence[Row]) -> bool:
    """Equal row by row, in this order."""
    return len(expected) == len(found) and all(
        len(a) == len(b) and all(map(same, a, b)) for a, b in zip(expected, found, strict=True)
    )


def unordered(rows: Sequence[Row]) -> list[Row]:
    """Rows in an order of their own, so that two sets of rows can be compared."""
    return sorted(rows, key=lambda row: ([_key(v, 11) for v in row], [_key(v, 17) for v in row]))


def _key(value: Any, digits: int) -> tuple[Any, ...]:
    """What sorts a value; sums, which may differ in the last digits, sort by the first."""
    if value is None:
        return 0, 0
    if isinstance(value, int | float):
        return 1, float(f"{value:.{digits}g}"), isinstance(value, float)
    return (2, value) if isinstance(value, str) else (3, value)
