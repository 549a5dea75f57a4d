"""Rows nobody thought of: what arrived is equal, and any one change is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import apsw
import psycopg
import pytest
from fresh_databases import make_database
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from outgrow.model.types import Kind, Shape, TargetType
from outgrow.postgres.embedded import EmbeddedServer
from server.verify_sides import Column, Sides

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)
integers = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
reals = st.floats(allow_nan=False) | st.sampled_from(
    [0.0, -0.0, 0.1, 1.0, 2.0**53, 1e17, 5e-324, float("inf"), -float("inf")]
)
exact = st.integers(-(2**53), 2**53).map(lambda number: number << 3)
blobs = st.binary(max_size=6)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.just(Decimal("0.1")) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=float, separators=(",", ":"))


def sqlite_text(value: Any) -> str:
    return str(apsw.Connection(":memory:").execute("SELECT CAST(? AS TEXT)", (value,)).get)


@dataclass(frozen=True)
class Sort:
    """A sort of column: what SQLite may hold, and how a person would write it for PostgreSQL."""

    declared: str
    type: TargetType
    values: st.SearchStrategy[Any]
    arrives: Any


def _stamp(shape: str, timespec: str, end: str = "") -> Sort:
    times = st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31))
    return Sort(
        "TEXT",
        TargetType(Kind.TIMESTAMP, shape=Shape(shape)),
        times.map(lambda time: time.isoformat(timespec=timespec) + end),
        lambda text: text.removesuffix("Z"),
    )


SORTS = [
    Sort("INTEGER", TargetType(Kind.BIGINT), integers, int),
    Sort("BOOLEAN", TargetType(Kind.BOOLEAN), st.integers(0, 1), bool),
    Sort("REAL", TargetType(Kind.DOUBLE), reals, lambda value: value + 0.0 or 0.0),
    Sort("", TargetType(Kind.DOUBLE), reals | exact, float),
    Sort("", TargetType(Kind.NUMERIC), integers | reals, repr),
    Sort("NUMERIC", TargetType(Kind.NUMERIC), integers | reals, repr),
    Sort("REAL", TargetType(Kind.NUMERIC), reals, repr),
    Sort("TEXT", TargetType(Kind.TEXT), texts, str),
    Sort("", TargetType(Kind.TEXT), texts | integers | reals, sqlite_text),
    Sort(
        "",
        TargetType(Kind.BYTEA),
        blobs | texts | integers | reals,
        lambda value: value if isinstance(value, bytes) else sqlite_text(value).encode(),
    ),
    _stamp("YYYY-MM-DDTHH:MM:SS[.ffffff]Z", "auto", "Z"),
    _stamp("YYYY-MM-DDTHH:MM:SS.fff", "milliseconds"),
    _stamp("YYYY-MM-DDTHH:MM", "minutes"),
    Sort(
        "TEXT",
        TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")),
        st.dates(date(1, 1, 1)).map(str),
        str,
    ),
    Sort("TEXT", TargetType(Kind.JSON), documents.map(as_json), str),
    Sort("TEXT", TargetType(Kind.JSONB), documents.map(as_json), str),
    Sort("TEXT", TargetType(Kind.UUID), st.uuids().map(str), str),
]


@dataclass(frozen=True)
class Example:
    """A table of any columns and rows; the key is '' or the name of its column."""

    sorts: list[Sort]
    key: str
    rows: list[tuple[Any, ...]]
    block_rows: int


@st.composite
def examples(draw: st.DrawFn, *, keys: tuple[str, ...], least: int = 0) -> Example:
    sorts = draw(st.lists(st.sampled_from(SORTS), min_size=1, max_size=4))
    key = draw(st.sampled_from(keys))
    first = {"": st.none(), "Number": st.integers(-50, 50), "Name": texts}[key]
    rows = draw(
        st.lists(
            st.tuples(first, *(st.none() | sort.values for sort in sorts)),
            min_size=least,
            max_size=12,
            unique_by=(lambda row: row[0]) if key else None,
        )
    )
    return Example(sorts, key, rows, draw(st.integers(1, 5)))


KEYS = {
    "": Column("Nothing", "", TargetType(Kind.TEXT)),
    "Number": Column("Number", "INTEGER", TargetType(Kind.BIGINT)),
    "Name": Column("Name", "TEXT", TargetType(Kind.TEXT)),
}


@pytest.fixture(scope="module")
def workshop(server: EmbeddedServer) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database in which each example makes its table anew."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        make_database(connection, name)
        try:
            url = psycopg.conninfo.make_conninfo(server.url, dbname=name)
            with psycopg.connect(url, autocommit=True) as connection_to_it:
                yield connection_to_it
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def arrived(sort: Sort, value: Any) -> Any:
    """Write a value for PostgreSQL."""
    return None if value is None else sort.arrives(value)


@contextmanager
def built(workshop: psycopg.Connection[Any], example: Example) -> Iterator[Sides]:
    """Make both sides, and undo them at the end."""
    with workshop.transaction(force_rollback=True):
        sides = loaded(workshop, example)
        yield sides
        sides.sqlite.close()


def loaded(workshop: psycopg.Connection[Any], example: Example) -> Sides:
    """Load both sides."""
    columns = [
        KEYS[example.key],
        *(Column(f"c{n}", sort.declared, sort.type) for n, sort in enumerate(example.sorts)),
    ]
    sides = Sides(workshop, columns, key=(example.key,) if example.key else ())
    sides.store(*example.rows)
    stored = sides.sqlite.execute("SELECT * FROM Things NOT INDEXED").fetchall()
    sides.arrive(
        *(
            (row[0], *(arrived(s, v) for s, v in zip(example.sorts, row[1:], strict=True)))
            for row in stored
        )
    )
    return sides


#: The row that arrived after so many others.
NTH = "ctid = (SELECT ctid FROM staging.things ORDER BY ctid OFFSET %s LIMIT 1)"

quick = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quick
@given(example=examples(keys=("", "Number", "Name")), shuffle=st.booleans())
def test_what_arrived_is_equal(
    workshop: psycopg.Connection[Any], example: Example, shuffle: bool
) -> None:
    with built(workshop, example) as sides:
        if shuffle:
            sides.postgres.execute(
                "CREATE TABLE other AS SELECT * FROM staging.things ORDER BY random();"
                "TRUNCATE staging.things; INSERT INTO staging.things SELECT * FROM other;"
                "DROP TABLE other"
            )
        compared = sides.compare(block_rows=example.block_rows)
        assert compared.differences == ()
        assert compared.rows_source == compared.rows_target == len(example.rows)


def canonical(sort: Sort, value: Any) -> Any:
    """What makes two values of a column the same, said once more and otherwise."""
    if value is None:
        return None
    sent = sort.arrives(value)
    match sort.type.kind:
        case Kind.NUMERIC:
            return Decimal(sent)
        case Kind.JSONB:
            return json.dumps(json.loads(sent), sort_keys=True)
        case _:
            return repr(sent)


@quick
@given(data=st.data(), example=examples(keys=("", "Number", "Name"), least=1))
def test_any_change_of_a_value_is_found(
    workshop: psycopg.Connection[Any], example: Example, data: st.DataObject
) -> None:
    nth = data.draw(st.integers(0, len(example.rows) - 1))
    row = example.rows[nth]
    place = data.draw(st.integers(0, len(example.sorts) - 1))
    sort = example.sorts[place]
    value = data.draw(st.none() | sort.values)
    assume(canonical(sort, value) != canonical(sort, row[place + 1]))
    with built(workshop, example) as sides:
        which, parameter = (f"{example.key} = %s", row[0]) if example.key else (NTH, nth)
        sides.postgres.execute(
            f"UPDATE staging.things SET c{place} = %s::{sort.type} WHERE {which}",
            (arrived(sort, value), parameter),
        )
        compared = sides.compare(block_rows=example.block_rows)
        if example.key:
            (difference,) = compared.differences
            assert difference.column == f"c{place}"
            assert json.loads(difference.key) == {example.key: str(row[0])}
        else:
            assert compared.total in (1, 2)


@quick
@given(data=st.data(), example=examples(keys=("", "Number", "Name"), least=1))
def test_any_row_lost_or_doubled_is_found(
    workshop: psycopg.Connection[Any], example: Example, data: st.DataObject
) -> None:
    with built(workshop, example) as sides:
        nth = data.draw(st.integers(0, len(example.rows) - 1))
        if data.draw(st.booleans()):
            sides.postgres.execute(f"DELETE FROM staging.things WHERE {NTH}", (nth,))
            code = "OG-601"
        else:
            sides.postgres.execute(
                f"INSERT INTO staging.things SELECT * FROM staging.things WHERE {NTH}", (nth,)
            )
            code = "OG-602"
        compared = sides.compare(block_rows=example.block_rows)
        assert [str(each.code) for each in compared.differences] == [code]
