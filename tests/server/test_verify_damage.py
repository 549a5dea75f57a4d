"""One kind of damage at a time, each found at its table, key and column."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from outgrow.model.types import Kind, Shape, TargetType
from outgrow.postgres.embedded import EmbeddedServer
from server.verify_sides import Column, Sides

_STAMP = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DDTHH:MM:SS[.ffffff]Z"))
_MINUTE = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM"))
_MILLI = TargetType(Kind.TIMESTAMP, shape=Shape("epoch ms"))

COLUMNS = [
    Column("Id", "INTEGER", TargetType(Kind.BIGINT)),
    Column("Big", "INTEGER", TargetType(Kind.BIGINT)),
    Column("Flag", "BOOLEAN", TargetType(Kind.BOOLEAN)),
    Column("Real", "REAL", TargetType(Kind.DOUBLE)),
    Column("Any", "", TargetType(Kind.DOUBLE)),
    Column("Price", "NUMERIC", TargetType(Kind.NUMERIC)),
    Column("Cost", "REAL", TargetType(Kind.NUMERIC, 14, 6)),
    Column("Name", "TEXT", TargetType(Kind.TEXT)),
    Column("Mixed", "", TargetType(Kind.TEXT)),
    Column("Bytes", "", TargetType(Kind.BYTEA)),
    Column("Stamp", "TEXT", _STAMP),
    Column("Minute", "TEXT", _MINUTE),
    Column("Day", "TEXT", TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD"))),
    Column("Json", "TEXT", TargetType(Kind.JSON)),
    Column("Jsonb", "TEXT", TargetType(Kind.JSONB)),
    Column("Uuid", "TEXT", TargetType(Kind.UUID)),
    Column("Epoch", "INTEGER", _MILLI),
]

_TEXTS = {
    1: "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    2: "",
    3: "tab\there",
    4: "two\r\nlines",
    5: "back\\slash",
    6: "\N{SNAKE}",
    7: "O'Neill",
}
_JSON = '{"b": [1.0, true, null, 0.1],  "a": {"x": "\\u00e9"}}'


def _source_row(number: int) -> tuple[Any, ...]:
    mixed = [number, number / 3, f"text {number}", 1e300][number % 4]
    return (
        number,
        2**53 + number,
        number % 2,
        [0.0, 0.1 * number, float("inf"), 1e-320][number % 4],
        [number, number + 0.5][number % 2],
        [2**53 + number, number / 7, number, 1e17][number % 4],
        round(number * 0.000003, 6),
        _TEXTS.get(number, f"name {number}"),
        mixed,
        [b"", f"text {number}", number, b"\0\xff\0"][number % 4],
        f"2024-03-31T02:30:{number % 60:02}{['Z', '.250000Z'][number % 2]}",
        "2024-02-29 23:59",
        "0044-03-15",
        _JSON,
        _JSON,
        f"a0eebc99-9c0b-4ef8-bb6d-{number:012x}",
        number * 86_400_001,
    )


def _target_row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Convert a row as a person would say it to PostgreSQL."""
    values = dict(zip((column.name for column in COLUMNS), row, strict=True))
    if values["Id"] is None or values["Big"] is None:
        return row
    values["Flag"] = bool(values["Flag"])
    values["Price"] = repr(values["Price"])
    values["Cost"] = repr(values["Cost"])
    mixed = values["Mixed"]
    values["Mixed"] = "1.0e+300" if mixed == 1e300 else _sqlite_text(mixed)
    if not isinstance(values["Bytes"], bytes):
        values["Bytes"] = str(values["Bytes"]).encode()
    values["Epoch"] = datetime.datetime(1970, 1, 1) + datetime.timedelta(
        milliseconds=values["Epoch"]
    )
    return tuple(values.values())


def _sqlite_text(value: Any) -> str:
    import apsw

    text = apsw.Connection(":memory:").execute("SELECT CAST(? AS TEXT)", (value,)).get
    return str(text)


#: Its id, and NULL everywhere else.
EMPTY_ROW = 5000


@pytest.fixture(scope="module")
def things(server: EmbeddedServer) -> Iterator[Sides]:
    """A table of every type on both sides, the same on both."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            url = psycopg.conninfo.make_conninfo(server.url, dbname=name)
            sides = Sides(url, COLUMNS, key=("Id",), rowid_alias="Id")
            rows = [_source_row(number) for number in range(300)]
            rows.append((EMPTY_ROW, *[None] * (len(COLUMNS) - 1)))
            sides.store(*rows)
            sides.arrive(*map(_target_row, rows))
            yield sides
            sides.close()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_both_sides_are_equal(things: Sides) -> None:
    for rows in (1, 7, 300, 301, 5000):
        compared = things.compare(block_rows=rows)
        assert compared.differences == ()
        assert (compared.rows_source, compared.rows_target) == (301, 301)
    assert things.compare(block_bytes=200).ok


def test_both_sides_are_equal_in_any_order(things: Sides) -> None:
    shuffle = (
        "CREATE TABLE other AS SELECT * FROM things ORDER BY md5(id::text);"
        "TRUNCATE things; INSERT INTO things SELECT * FROM other"
    )
    with things.damaged(shuffle):
        assert things.compare(block_rows=13).ok


#: What is done to a column of the row with an id: SQL for its new value.
VALUES = {
    "integer off by one": ("Big", 10, "big + 1"),
    "integer as a double sees it": ("Big", 1, "big::double precision::bigint"),
    "integer cut to 32 bits": ("Big", 5, "big & x'7fffffff'::int"),
    "integer negated": ("Big", 6, "-big"),
    "integer lost": ("Big", 8, "NULL"),
    "integer made of NULL": ("Big", EMPTY_ROW, "0"),
    "boolean turned": ("Flag", 10, "NOT flag"),
    "boolean lost": ("Flag", 11, "NULL"),
    "boolean made of NULL": ("Flag", EMPTY_ROW, "false"),
    "double off by one bit": ("Real", 5, "0.5000000000000001"),
    "double rounded to real": ("Real", 9, "real::real"),
    "double rounded to 15 digits": ("Real", 17, "1.7"),
    "zero made negative": ("Real", 0, "'-0'"),
    "infinity turned": ("Real", 2, "'-infinity'"),
    "infinity made largest": ("Real", 6, "1.7976931348623157e308"),
    "subnormal made zero": ("Real", 3, "0"),
    "double made NaN": ("Real", 17, "'NaN'"),
    "integer in a double column changed": ("Any", 10, '"any" + 1'),
    "numeric integer beyond a double": ("Price", 4, "price + 1"),
    "numeric rounded": ("Price", 5, "round(price, 10)"),
    "numeric off in the last place": ("Price", 9, "price + 0.000000000000001"),
    "numeric off by a little": ("Price", 10, "price + 0.0001"),
    "large real in numeric changed": ("Price", 3, "price + 100"),
    "numeric made NaN": ("Price", 11, "'NaN'"),
    "numeric made infinite": ("Price", 12, "'infinity'"),
    "numeric beyond a double": ("Price", 13, "'1' || repeat('0', 400)"),
    "numeric below a double": ("Price", 14, "('0.' || repeat('0', 400) || '1')"),
    "numeric made of NULL": ("Price", EMPTY_ROW, "0"),
    "cost cut to four decimals": ("Cost", 1, "round(cost, 4)"),
    "cost off by its last digit": ("Cost", 200, "cost + 0.000001"),
    "text with a space behind": ("Name", 10, "name || ' '"),
    "text with a space before": ("Name", 11, "' ' || name"),
    "text in capitals": ("Name", 12, "upper(name)"),
    "text decomposed": ("Name", 1, "normalize(name, NFD)"),
    "text without accent": ("Name", 1, "'cafe'"),
    "empty text made NULL": ("Name", 2, "NULL"),
    "NULL made empty text": ("Name", EMPTY_ROW, "''"),
    "NULL made a word": ("Name", EMPTY_ROW, "'None'"),
    "tab made a space": ("Name", 3, "replace(name, e'\\t', ' ')"),
    "line ends changed": ("Name", 4, "replace(name, e'\\r', '')"),
    "backslash doubled": ("Name", 5, "replace(name, e'\\\\', e'\\\\\\\\')"),
    "emoji lost": ("Name", 6, "'?'"),
    "quote doubled": ("Name", 7, "replace(name, '''', '''''')"),
    "text cut": ("Name", 13, "left(name, -1)"),
    "number in text rounded": ("Mixed", 1, "'0.333333333333333'"),
    "number in text respelled": ("Mixed", 3, "'1e+300'"),
    "integer in text respelled": ("Mixed", 4, "'4.0'"),
    "empty bytes lost": ("Bytes", 4, "NULL"),
    "bytes cut at NUL": ("Bytes", 3, "''::bytea"),
    "bytes without their end": ("Bytes", 7, "substr(bytes, 1, 2)"),
    "bytes as their hexadecimal": ("Bytes", 11, "encode(bytes, 'hex')::bytea"),
    "text in bytes changed": ("Bytes", 5, "bytes || ' '::bytea"),
    "timestamp off by a microsecond": ("Stamp", 10, "stamp + interval '1 microsecond'"),
    "timestamp off by a zone": ("Stamp", 11, "stamp + interval '1 hour'"),
    "fraction lost": ("Stamp", 13, "date_trunc('second', stamp)"),
    "timestamp lost": ("Stamp", 14, "NULL"),
    "NULL made infinite": ("Stamp", EMPTY_ROW, "'infinity'"),
    "seconds where the shape has none": ("Minute", 10, "minute + interval '1 second'"),
    "timestamp before Christ": ("Minute", 11, "minute - interval '4047 years'"),
    "date off by a day": ("Day", 10, "day + 1"),
    "date before Christ": ("Day", 11, "'0044-03-15 BC'"),
    "date made infinite": ("Day", 12, "'-infinity'"),
    "NULL made a date": ("Day", EMPTY_ROW, "'1970-01-01'"),
    "json respelled": ("Json", 10, "json::jsonb::json"),
    "json lost": ("Json", 11, "NULL"),
    "jsonb number changed": ("Jsonb", 10, "jsonb_set(jsonb, '{b,3}', '0.10000000000000001')"),
    "jsonb key lost": ("Jsonb", 11, "jsonb - 'a'"),
    "jsonb key added": ("Jsonb", 12, """jsonb || '{"c": null}'"""),
    "jsonb true made one": ("Jsonb", 13, "jsonb_set(jsonb, '{b,1}', '1')"),
    "jsonb number made text": ("Jsonb", 14, """jsonb_set(jsonb, '{b,0}', '"1.0"')"""),
    "jsonb items turned round": ("Jsonb", 15, "jsonb_set(jsonb, '{b}', '[0.1, null, true, 1]')"),
    "jsonb made a text": ("Jsonb", 16, "to_jsonb(jsonb::text)"),
    "NULL made a json null": ("Jsonb", EMPTY_ROW, "'null'"),
    "uuid changed": ("Uuid", 10, "gen_random_uuid()"),
    "uuid lost": ("Uuid", 11, "NULL"),
    "epoch in seconds": ("Epoch", 10, "to_timestamp(864000) AT TIME ZONE 'UTC'"),
    "epoch off by a unit": ("Epoch", 11, "epoch + interval '1 millisecond'"),
    "epoch off by less than a unit": ("Epoch", 12, "epoch + interval '1 microsecond'"),
    "NULL made an infinite epoch": ("Epoch", EMPTY_ROW, "'-infinity'"),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_changed_value_is_found(things: Sides, kind: str) -> None:
    column, row, value = VALUES[kind]
    target = '"any"' if column == "Any" else column.lower()
    kind_of = next(each.type for each in COLUMNS if each.name == column)
    sql = f"UPDATE things SET {target} = ({value})::{kind_of} WHERE id = {row}"
    if kind_of.kind is Kind.NUMERIC:
        sql = f"ALTER TABLE things ALTER {target} TYPE numeric; " + sql.replace(
            str(kind_of), "numeric"
        )
    with things.damaged(sql):
        compared = things.compare(block_rows=50)
        (difference,) = compared.differences
        assert compared.total == 1
        assert (difference.table, json.loads(difference.key), difference.column) == (
            "Things",
            {"Id": str(row)},
            column,
        )
        assert str(difference.code) == "OG-600"


#: What is done to rows: the keys that are missing and those that are too many.
ROWS = {
    "first row lost": ("DELETE FROM things WHERE id = 0", {0}, set()),
    "row lost": ("DELETE FROM things WHERE id = 149", {149}, set()),
    "last row lost": (f"DELETE FROM things WHERE id = {EMPTY_ROW}", {EMPTY_ROW}, set()),
    "a hundred rows lost": (
        "DELETE FROM things WHERE id BETWEEN 100 AND 199",
        set(range(100, 200)),
        set(),
    ),
    "row doubled": ("INSERT INTO things SELECT * FROM things WHERE id = 7", set(), {7}),
    "NULL row doubled": (
        f"INSERT INTO things SELECT * FROM things WHERE id = {EMPTY_ROW}",
        set(),
        {EMPTY_ROW},
    ),
    "row made up": ("INSERT INTO things (id) VALUES (-1)", set(), {-1}),
    "row made up behind": ("INSERT INTO things (id) VALUES (9999)", set(), {9999}),
    "row without key": ("INSERT INTO things (name) VALUES ('x')", set(), {None}),
    "key changed": ("UPDATE things SET id = 301 WHERE id = 150", {150}, {301}),
    "two keys exchanged for one": (
        "UPDATE things SET id = 20 WHERE id = 21",
        {21},
        {20},
    ),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_lost_or_added_row_is_found(things: Sides, kind: str) -> None:
    sql, missing, extra = ROWS[kind]
    with things.damaged(sql):
        compared = things.compare(block_rows=50)
        found: dict[str, set[int | None]] = {"OG-601": set(), "OG-602": set()}
        for difference in compared.differences:
            key = json.loads(difference.key)["Id"]
            if str(difference.code) in found:
                found[str(difference.code)].add(None if key is None else int(key))
        assert found == {"OG-601": missing, "OG-602": extra}
        assert compared.rows_target == 301 - len(missing) + len(extra)


def test_all_rows_lost(things: Sides) -> None:
    with things.damaged("TRUNCATE things"):
        compared = things.compare()
        assert compared.total == 301
        assert (compared.rows_source, compared.rows_target) == (301, 0)
        assert len(compared.differences) == 100


def test_values_of_two_rows_exchanged(things: Sides) -> None:
    swap = (
        "UPDATE things a SET name = b.name FROM things b "
        "WHERE a.id IN (30, 31) AND b.id IN (30, 31) AND a.id <> b.id"
    )
    with things.damaged(swap):
        found = {(each.key, each.column) for each in things.compare().differences}
        assert found == {('{"Id":"30"}', "Name"), ('{"Id":"31"}', "Name")}


def test_columns_exchanged(things: Sides) -> None:
    with things.damaged("UPDATE things SET json = jsonb::json, jsonb = json::jsonb"):
        compared = things.compare()
        assert {each.column for each in compared.differences} == {"Json"}
        assert compared.total == 300


#: What is done to the table itself, and the code that tells it.
SHAPES = {
    "table dropped": ("DROP TABLE things", "OG-604"),
    "column dropped": ("ALTER TABLE things DROP COLUMN day", "OG-604"),
    "column renamed": ("ALTER TABLE things RENAME name TO title", "OG-604"),
    "integers as text": ("ALTER TABLE things ALTER big TYPE text", "OG-600"),
    "doubles as real": (
        "ALTER TABLE things ALTER real TYPE real "
        "USING CASE WHEN abs(real) < 1e-30 THEN 0 ELSE real END",
        "OG-600",
    ),
    "bytes as text": ("ALTER TABLE things ALTER bytes TYPE text USING bytes::text", "OG-600"),
    "numeric as text": ("ALTER TABLE things ALTER price TYPE text", "OG-604"),
}


@pytest.mark.parametrize("kind", SHAPES)
def test_a_changed_table_is_found(things: Sides, kind: str) -> None:
    sql, code = SHAPES[kind]
    with things.damaged(sql):
        compared = things.compare()
        assert not compared.ok
        assert {str(each.code) for each in compared.differences} == {code}
        assert compared.rows_source == 301
    assert things.compare().ok
