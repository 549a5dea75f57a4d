"""The census of whole files: odd tables, examples with their keys, progress, memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from outgrow.errors import SourceError
from outgrow.model.census import Census, Example
from outgrow.model.types import Shape
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import documents, take_census
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import open_snapshot

CensusOf = Callable[[str], Census]


def test_what_people_ask_about_dates(census_of: CensusOf) -> None:
    times = (
        census_of(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT);"
            "INSERT INTO t(at) VALUES ('2024-01-01 10:00:00'), (''), ('unknown'), (''),"
            " ('2024-01-01T10:00:00.5'), ('2024-01-01 11:00:00'), (NULL), (7)"
        )
        .tables["t"]
        .column("at")
        .times
    )
    assert times is not None
    assert times.shapes == (
        (Shape("YYYY-MM-DD HH:MM:SS"), 2),
        (Shape("YYYY-MM-DDTHH:MM:SS.f"), 1),
    )
    # 7 is a text here: the column has TEXT affinity.
    assert times.examples == (
        Example("''", 2, "2"),
        Example("'7'", 1, "8"),
        Example("'unknown'", 1, "3"),
    )
    assert times.misfits == 4


def test_isoformat_is_one_shape(census_of: CensusOf) -> None:
    facts = census_of(
        "CREATE TABLE t(a_date, b_date, c_date); INSERT INTO t VALUES"
        " ('2024-01-01T10:00:00', '2024-01-01T10:00:00Z', '2024-01-01T10:00:00'),"
        " ('2024-01-01T10:00:00.000001', '2024-01-01T10:00:00.000000Z', '2024-01-01 10:00:00.5')"
    ).tables["t"]
    optional = [column.times and column.times.optional_fraction for column in facts.columns]
    assert optional == [Shape("YYYY-MM-DDTHH:MM:SS[.ffffff]"), None, None]


def test_names_of_every_kind(census_of: CensusOf) -> None:
    names = ['a"b', "a b", "select", "rowid", "oid", "_ROWID_", "é", "", "--", "t", "NULL", "\n"]
    columns = ", ".join(f"{quote_identifier(name)} TEXT" for name in names)
    table = 'the "table"; --'
    values = ", ".join("'2024-01-01'" for _ in names)
    census = census_of(
        f"CREATE TABLE {quote_identifier(table)}({columns});"
        f"INSERT INTO {quote_identifier(table)} VALUES ({values}),"
        f" ({', '.join('CAST(x' + chr(39) + 'ff00' + chr(39) + ' AS TEXT)' for _ in names)})"
    )
    facts = census.tables[table]
    assert [column.column for column in facts.columns] == names
    for column in facts.columns:
        assert (column.texts, column.invalid_utf8, column.texts_with_nul) == (2, 1, 1)
        assert column.times is not None
        assert column.times.misfits == 1
        # All names of the rowid are taken, and there is no primary key.
        assert column.bad_texts == (Example("'\\xff\\x00'", 1, ""),)


def test_keys_of_examples(census_of: CensusOf) -> None:
    bad = "CAST(x'ff' AS TEXT)"
    census = census_of(
        "CREATE TABLE plain(v); CREATE TABLE alias(id INTEGER PRIMARY KEY, v);"
        "CREATE TABLE two(a TEXT, b BLOB, v, PRIMARY KEY (a, b)) WITHOUT ROWID;"
        "CREATE TABLE nulls(k PRIMARY KEY, v);"
        f"INSERT INTO plain(rowid, v) VALUES (-5, {bad}); INSERT INTO alias VALUES (9, {bad});"
        f"INSERT INTO two VALUES ({bad}, x'00ff', {bad}); INSERT INTO nulls VALUES (NULL, {bad})"
    )
    keys = {name: facts.column("v").bad_texts[0].key for name, facts in census.tables.items()}
    assert keys == {"plain": "-5", "alias": "9", "two": "\ufffd, 00FF", "nulls": "NULL"}
    assert census.tables["nulls"].null_keys == 1


def test_invalid_texts_among_numbers(census_of: CensusOf) -> None:
    """The first rows tell what to expect; the greatest value of all is another's class."""
    facts = census_of(
        "CREATE TABLE t(i INTEGER, r REAL);"
        " INSERT INTO t VALUES (1, 1.5), (CAST(x'ff' AS TEXT), CAST(x'ff' AS TEXT))"
    ).tables["t"]
    assert [(each.texts, each.invalid_utf8) for each in facts.columns] == [(1, 1), (1, 1)]
    assert facts.column("i").max_integer == 1
    assert facts.column("r").max_real == 1.5


def test_examples_are_short(census_of: CensusOf) -> None:
    facts = census_of(
        "CREATE TABLE t(at DATE);"
        " INSERT INTO t VALUES (printf('%.1000000c', 'x')), ('a' || char(10))"
    ).tables["t"]
    times = facts.column("at").times
    assert times is not None
    assert [len(example.value) for example in times.examples] == [5, 62]
    assert times.examples[0].value == "'a\\n'"


def test_empty_tables_and_columns(census_of: CensusOf) -> None:
    census = census_of("CREATE TABLE t(a, b INTEGER PRIMARY KEY, c DATE); CREATE TABLE u(x JSON)")
    for facts in census.tables.values():
        assert facts.rows == 0
        for column in facts.columns:
            assert (column.values, column.classes, column.times, column.json) == (0, (), None, None)


def test_a_table_wider_than_a_result_may_be(census_of: CensusOf) -> None:
    columns = ", ".join(f"c{number}_json" for number in range(1100))
    values = ", ".join(f"'[{number}]'" for number in range(1100))
    facts = census_of(f"CREATE TABLE t({columns}); INSERT INTO t VALUES ({values})").tables["t"]
    assert len(facts.columns) == 1100
    assert all(column.json and column.json.for_jsonb == 1 for column in facts.columns)


def test_a_column_that_nobody_can_compute(tmp_path: Path) -> None:
    import apsw

    path = tmp_path / "app.db"
    connection = apsw.Connection(str(path))
    connection.create_scalar_function("of_app", lambda *x: 1, 1, deterministic=True)
    connection.execute("CREATE TABLE t(a, b AS (of_app(a)), c AS (of_app(a)) STORED)")
    connection.execute("INSERT INTO t(a) VALUES (5)")
    connection.close()
    with open_snapshot(path) as snapshot:
        facts = take_census(snapshot, read_catalog(snapshot)).tables["t"]
    assert [(c.column, c.integers, c.nulls) for c in facts.columns] == [
        ("a", 1, 0),
        ("b", 0, 1),
        ("c", 1, 0),
    ]


def test_progress_names_each_table(make: Callable[..., Path]) -> None:
    path = make("CREATE TABLE a(x); CREATE TABLE b(x)")
    seen: list[tuple[str, int, int]] = []
    with open_snapshot(path) as snapshot:
        take_census(
            snapshot,
            read_catalog(snapshot),
            progress=lambda table, done, tables: seen.append((table, done, tables)),
        )
    assert seen == [("a", 0, 2), ("b", 1, 2)]


def test_damage_is_told_with_its_table(make: Callable[..., Path]) -> None:
    path = make(
        "CREATE TABLE big(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " LIMIT 5000) INSERT INTO big SELECT printf('%.200c', 'x') FROM n"
    )
    content = bytearray(path.read_bytes())
    content[200_000:300_000] = b"\xff" * 100_000
    path.write_bytes(content)
    with open_snapshot(path) as snapshot:
        database = read_catalog(snapshot)
        with pytest.raises(SourceError) as caught:
            take_census(snapshot, database)
    assert (str(caught.value.code), caught.value.where) == ("OG-107", "made.db:big")


FLAT = """
import resource, sys
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import open_snapshot
with open_snapshot(sys.argv[1]) as snapshot:
    database = read_catalog(snapshot)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    facts = take_census(snapshot, database).tables["t"]
    assert facts.column("x").json.invalid == facts.rows
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_SELF"), reason="no measure of memory here")
def test_memory_is_flat(make: Callable[..., Path]) -> None:
    path = make(
        "CREATE TABLE t(x JSON); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " LIMIT 700) INSERT INTO t SELECT i || printf('%.100000c', 'é') FROM n"
    )
    assert path.stat().st_size > 100_000_000
    ended = subprocess.run(
        [sys.executable, "-c", FLAT, str(path)], capture_output=True, text=True, check=True
    )
    assert int(ended.stdout) < 70_000, "kilobytes, for a file of 140 MB"


def test_a_json_text_too_long_for_jsonb(
    census_of: CensusOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LONGEST_JSONB", 20)
    facts = census_of(
        "CREATE TABLE t (j JSON); INSERT INTO t VALUES ('[1]'), ('[1,2,3,4,5,6,7,8,9,0]')"
    )
    found = facts.tables["t"].column("j").json
    assert found is not None
    assert (found.for_jsonb, found.for_json) == (1, 1)
