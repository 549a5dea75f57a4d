"""What may differ: only what quarantine accounts for, with the very bytes that SQLite stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from outgrow.model.census import ColumnFacts, TableFacts
from outgrow.model.types import Kind, Shape, TargetType
from server.verify_sides import Column, Sides

TEXT = TargetType(Kind.TEXT)
INVALID = b"caf\xe9 \xff"
MENDED = "caf\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}"


@pytest.fixture
def notes(database: str) -> Iterator[Sides]:
    """Ten notes with a key, the same on both sides."""
    sides = Sides(
        database,
        [Column("Id", "INTEGER", TargetType(Kind.BIGINT)), Column("Body", "TEXT", TEXT)],
        key=("Id",),
        rowid_alias="Id",
        name="Notes",
    )
    rows = [(number, f"note {number}") for number in range(1, 11)]
    sides.store(*rows)
    sides.arrive(*rows)
    yield sides
    sides.close()


def spoil(sides: Sides, value: Any, arrived: str | None, row: int = 5) -> None:
    """Give both sides different values; bytes become a text as they are."""
    if isinstance(value, bytes):
        sides.sqlite.execute("UPDATE Notes SET Body = CAST(? AS TEXT) WHERE Id = ?", (value, row))
    else:
        sides.sqlite.execute("UPDATE Notes SET Body = ? WHERE Id = ?", (value, row))
    sides.postgres.execute("UPDATE staging.notes SET body = %s WHERE id = %s", (arrived, row))


@pytest.mark.parametrize(
    ("value", "arrived", "original"),
    [
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b", b"a\0b"),
        ("\0", "\N{REPLACEMENT CHARACTER}", b"\0"),
        (INVALID, MENDED, INVALID),
        (b"\xed\xa0\x80\0", 4 * "\N{REPLACEMENT CHARACTER}", b"\xed\xa0\x80\0"),
    ],
)
def test_a_repaired_text_is_excused(
    notes: Sides, value: Any, arrived: str, original: bytes
) -> None:
    spoil(notes, value, arrived)
    assert [str(each.code) for each in notes.compare().differences] == ["OG-603"]
    notes.keep("body", {"Id": "5"}, "repaired", original)
    compared = notes.compare()
    assert (compared.ok, compared.repaired) == (True, 1)


@pytest.mark.parametrize(
    ("column", "key", "action", "original"),
    [
        ("body", {"Id": "6"}, "repaired", INVALID),
        ("body", {"Id": "5", "x": "1"}, "repaired", INVALID),
        ("body", {"rowid": 5}, "repaired", INVALID),
        ("id", {"Id": "5"}, "repaired", INVALID),
        ("Body", {"Id": "5"}, "repaired", INVALID),
        ("body", {"Id": "5"}, "nullified", INVALID),
        ("body", {"Id": "5"}, "repaired", INVALID + b" "),
        ("body", {"Id": "5"}, "repaired", MENDED.encode()),
    ],
)
def test_a_wrong_entry_excuses_nothing(
    notes: Sides, column: str, key: dict[str, Any], action: str, original: bytes
) -> None:
    spoil(notes, INVALID, MENDED)
    notes.keep(column, key, action, original)
    (difference,) = notes.compare().differences
    assert (difference.key, difference.column) == ('{"Id":"5"}', "Body")


def test_an_entry_of_another_schema_or_table_excuses_nothing(notes: Sides) -> None:
    spoil(notes, INVALID, MENDED)
    notes.keep("body", {"Id": "5"}, "repaired", INVALID)
    for change in ("schema_name = 'other'", "table_name = 'other'"):
        with notes.damaged(f"UPDATE outgrow.quarantine SET {change}"):
            assert not notes.compare().ok
    assert notes.compare().ok


@pytest.mark.parametrize("arrived", [None, "", "caf\N{REPLACEMENT CHARACTER}", "caf? ?"])
def test_another_repair_is_a_difference(notes: Sides, arrived: str | None) -> None:
    spoil(notes, INVALID, arrived)
    notes.keep("body", {"Id": "5"}, "repaired", INVALID)
    notes.keep("body", {"Id": "5"}, "nullified", INVALID)
    (difference,) = notes.compare().differences
    assert (difference.key, difference.column) == ('{"Id":"5"}', "Body")


def test_a_whole_text_made_like_a_repaired_one_is_a_difference(notes: Sides) -> None:
    spoil(notes, "note 5", "note \N{REPLACEMENT CHARACTER}")
    notes.keep("body", {"Id": "5"}, "repaired", b"note 5")
    assert not notes.compare().ok


def test_a_blob_is_not_the_text_of_its_bytes(notes: Sides) -> None:
    notes.sqlite.execute("UPDATE Notes SET Body = CAST(Body AS BLOB) WHERE Id = 5")
    for facts in (None, _facts(invalid=1)):
        (difference,) = notes.compare(facts).differences
        assert (difference.key, difference.column) == ('{"Id":"5"}', "Body")


def test_a_text_that_is_not_valid_stands_in_bytea_as_it_is(database: str) -> None:
    sides = Sides(database, [Column("Bytes", "", TargetType(Kind.BYTEA))])
    sides.sqlite.execute(
        "INSERT INTO Things VALUES ('x'), (CAST(x'ff41' AS TEXT)), (x'4142'), (x'ff42'), (NULL)"
    )
    sides.arrive((b"x",), (b"\xffA",), (b"AB",), (b"\xffB",), (None,))
    facts = TableFacts("Things", 5, (ColumnFacts("Bytes", 5, 1, 0, 0, 2, 2, invalid_utf8=1),))
    assert sides.compare().ok
    assert sides.compare(facts).ok
    with sides.damaged("UPDATE things SET bytes = 'AC' WHERE bytes = 'AB'"):
        assert sides.compare(facts).total == 2
    sides.close()


def test_other_damage_beside_a_repair_is_found(notes: Sides) -> None:
    spoil(notes, INVALID, MENDED)
    notes.keep("body", {"Id": "5"}, "repaired", INVALID)
    with notes.damaged("UPDATE notes SET body = 'x' WHERE id = 9; DELETE FROM notes WHERE id = 2"):
        compared = notes.compare()
        found = {(each.key, each.column) for each in compared.differences}
        assert found == {('{"Id":"9"}', "Body"), ('{"Id":"2"}', "")}
        assert compared.repaired == 1


def _facts(invalid: int) -> TableFacts:
    return TableFacts(
        "Notes",
        10,
        (
            ColumnFacts("Id", 10, 0, 10, 0, 0, 0, max_bytes=1),
            ColumnFacts("Body", 10, 0, 0, 0, 10, 0, invalid_utf8=invalid, max_bytes=7),
        ),
    )


def test_the_census_saves_a_second_reading_and_changes_nothing(notes: Sides) -> None:
    spoil(notes, INVALID, MENDED)
    notes.keep("body", {"Id": "5"}, "repaired", INVALID)
    assert notes.compare(_facts(invalid=1)) == notes.compare(_facts(invalid=0)) == notes.compare()


def whole(row: int) -> bytes:
    """A note as quarantine keeps a refused row."""
    return f'{{"Id": {row}, "Body": "note {row}"}}'.encode()


@pytest.mark.parametrize(
    "kept",
    [
        b"[]",
        b"",
        whole(6),
        b'{"Id": 5}',
        b'{"Id": 5, "Body": "note 5 "}',
        b'{"Id": 5, "Body": null}',
        b'{"Id": {"real": "5.0"}, "Body": "note 5"}',
        b'{"Id": 5, "Body": {"blob": "6e6f74652035"}}',
    ],
)
def test_a_refused_row_that_is_kept_otherwise_is_missing(notes: Sides, kept: bytes) -> None:
    with notes.damaged("DELETE FROM notes WHERE id = 5"):
        notes.keep(None, {"Id": "5"}, "refused", kept)
        (difference,) = notes.compare().differences
        assert (str(difference.code), difference.key) == ("OG-601", '{"Id":"5"}')


def test_refused_rows_are_missing_rightly(notes: Sides) -> None:
    with notes.damaged("DELETE FROM notes WHERE id IN (1, 5, 10)"):
        assert notes.compare().total == 3
        for row in (1, 5):
            notes.keep(None, {"Id": str(row)}, "refused", whole(row))
        compared = notes.compare()
        assert [each.key for each in compared.differences] == ['{"Id":"10"}']
        assert compared.refused == 2
        notes.keep(None, {"Id": "10"}, "refused", whole(10))
        compared = notes.compare()
        assert (compared.ok, compared.refused, compared.rows_target) == (True, 3, 7)


def test_an_original_of_another_class_excuses_nothing(notes: Sides) -> None:
    spoil(notes, INVALID, MENDED)
    notes.keep("body", {"Id": "5"}, "repaired", INVALID, "blob")
    assert [str(each.code) for each in notes.compare().differences] == ["OG-603"]


def test_a_refused_row_excuses_no_other_row(notes: Sides) -> None:
    notes.keep(None, {"Id": "5"}, "refused", whole(5))
    with notes.damaged("UPDATE notes SET id = 50 WHERE id = 5"):
        (difference,) = notes.compare().differences
        assert (str(difference.code), difference.key) == ("OG-602", '{"Id": "50"}')


def eager(database: str, kind: TargetType, *, quarantined: int = 1, key: bool = True) -> Sides:
    """A table with a column of which one value does not fit."""
    columns = [
        Column("Id", "INTEGER", TargetType(Kind.BIGINT)),
        Column("Value", "", kind, quarantined=quarantined),
    ]
    return Sides(database, columns, key=("Id",) if key else ())


MISFITS: list[tuple[TargetType, Any, bytes]] = [
    (TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")), "unknown", b"unknown"),
    (TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")), "", b""),
    (TargetType(Kind.BOOLEAN), 2, b"2"),
    (TargetType(Kind.NUMERIC, 10, 4), 0.123456789, b"0.123456789"),
    (TargetType(Kind.NUMERIC, 10, 4), "n/a", b"n/a"),
    (TargetType(Kind.NUMERIC, 10, 4), 5.0, b"5.0"),
    (TargetType(Kind.JSONB), "{'a': 1}", b"{'a': 1}"),
    (TargetType(Kind.JSONB), '"\0"', b'"\0"'),
    (TargetType(Kind.BIGINT), 1.5, b"1.5"),
    (TargetType(Kind.BIGINT), b"\xff", b"\xff"),
]


@pytest.mark.parametrize(("kind", "value", "original"), MISFITS)
@pytest.mark.parametrize("key", [True, False])
def test_a_value_made_null_is_excused_once(
    database: str, kind: TargetType, value: Any, original: bytes, key: bool
) -> None:
    sides = eager(database, kind, key=key)
    sides.store((1, None), (2, value), (3, None))
    sides.arrive((1, None), (2, None), (3, None))
    assert not sides.compare().ok
    storage = str(sides.sqlite.execute("SELECT typeof(Value) FROM Things LIMIT 1 OFFSET 1").get)
    sides.keep("value", {"Id": "2"} if key else {"rowid": 2}, "nullified", original, storage)
    compared = sides.compare()
    assert (compared.ok, compared.nullified) == (True, 1)
    sides.close()


def test_a_native_column_is_never_made_null(database: str) -> None:
    sides = eager(database, TargetType(Kind.BIGINT), quarantined=0)
    sides.store((1, 7))
    sides.arrive((1, None))
    sides.keep("value", {"Id": "1"}, "nullified", b"7", "integer")
    assert not sides.compare().ok
    sides.close()


def test_no_more_values_are_made_null_than_planned(database: str) -> None:
    sides = eager(database, TargetType(Kind.BOOLEAN), quarantined=1)
    sides.store((1, 2), (2, 1))
    sides.arrive((1, None), (2, None))
    sides.keep("value", {"Id": "1"}, "nullified", b"2", "integer")
    sides.keep("value", {"Id": "2"}, "nullified", b"1", "integer")
    (difference,) = sides.compare().differences
    assert difference.key == '{"Id":"2"}'
    sides.close()


@pytest.mark.parametrize("original", [b"a\0b", INVALID])
@pytest.mark.parametrize("key", [(), ("Name",)])
def test_a_repaired_text_can_be_what_rows_are_matched_by(
    database: str, original: bytes, key: tuple[str, ...]
) -> None:
    sides = Sides(database, [Column("Name", "TEXT", TEXT), Column("More", "TEXT", TEXT)], key=key)
    rows = [(f"name {number}", None) for number in range(20)]
    sides.store(*rows)
    sides.sqlite.execute("UPDATE Things SET Name = CAST(? AS TEXT) WHERE rowid = 7", (original,))
    mended = original.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    sides.arrive(*[(mended if row == rows[6] else row[0], None) for row in rows])
    assert [str(each.code) for each in sides.compare().differences] == ["OG-603"]
    as_text = original.decode(errors="replace")
    sides.keep("name", {"Name": as_text} if key else {"rowid": 7}, "repaired", original)
    assert sides.compare().ok
    with sides.damaged("UPDATE things SET more = 'x' WHERE name = 'name 3'"):
        found = {each.column for each in sides.compare().differences}
        assert found == {"More"}
    with sides.damaged("INSERT INTO things SELECT * FROM things ORDER BY random() LIMIT 1"):
        assert [str(each.code) for each in sides.compare().differences] == ["OG-602"]
    sides.close()


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_file_in_utf_16(database: str, encoding: str) -> None:
    columns = [
        Column("Name", "TEXT", TEXT),
        Column("Bytes", "", TargetType(Kind.BYTEA)),
        Column("Size", "", TargetType(Kind.DOUBLE)),
    ]
    sides = Sides(database, columns, encoding=encoding)
    text = "caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{SNAKE}"
    sides.store((text, text, 1), (None, 12, 1.5), ("a\0b", b"\xff", None))
    mended = "a\N{REPLACEMENT CHARACTER}b"
    sides.arrive((text, text.encode(), 1), (None, b"12", 1.5), (mended, b"\xff", None))
    original = "a\0b".encode(encoding.replace("UTF-16", "utf-16-"))
    sides.keep("name", {"rowid": 3}, "repaired", original)
    assert sides.compare().ok
    with sides.damaged("UPDATE things SET bytes = bytes || 'x'::bytea WHERE size = 1"):
        (difference,) = sides.compare().differences
        assert (difference.key, difference.column) == ('{"rowid":1}', "Bytes")
    sides.close()


#: Halves of surrogate pairs, alone and before a character, and what only looks like their pair.
HALVES = ["\ud800", "\ud800A", "a\udc00", "\udc00\ud800", "\U00010041"]


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_half_a_surrogate_pair_stays_one_in_bytea(database: str, encoding: str) -> None:
    sides = Sides(database, [Column("Bytes", "", TargetType(Kind.BYTEA))], encoding=encoding)
    codec = encoding.replace("UTF-16", "utf-16-")
    for text in HALVES:
        stored = text.encode(codec, "surrogatepass")
        sides.sqlite.execute("INSERT INTO Things VALUES (CAST(? AS TEXT))", (stored,))
    sides.arrive(*[(text.encode(errors="surrogatepass"),) for text in HALVES])
    assert sides.compare().ok
    with sides.damaged(r"UPDATE things SET bytes = '\xf0908181' WHERE bytes = '\xeda08041'"):
        assert sides.compare().total == 2
    sides.close()


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
@pytest.mark.parametrize("key", [(), ("Name",)])
def test_half_a_surrogate_pair_in_a_text_is_repaired(
    database: str, encoding: str, key: tuple[str, ...]
) -> None:
    columns = [Column("Name", "TEXT", TEXT)]
    sides = Sides(database, columns, encoding=encoding, key=key)
    codec = encoding.replace("UTF-16", "utf-16-")
    for number, text in enumerate(HALVES, 1):
        stored = text.encode(codec, "surrogatepass")
        sides.sqlite.execute("INSERT INTO Things VALUES (CAST(? AS TEXT))", (stored,))
        sides.arrive((stored.decode(codec, "replace"),))
        if text.isprintable():
            continue
        as_json = sides.sqlite.execute(
            "SELECT CAST(json_object('Name', Name) AS BLOB) FROM Things WHERE rowid = ?", (number,)
        ).get
        named = json.loads(as_json.decode(codec, "replace"))
        sides.keep("name", named if key else {"rowid": number}, "repaired", stored)
    facts = TableFacts("Things", 5, (ColumnFacts("Name", 5, 0, 0, 0, 5, 0, invalid_utf8=4),))
    compared = sides.compare(facts)
    assert (compared.differences, compared.repaired) == ((), 4)
    sides.close()


def test_without_quarantine_nothing_is_excused(notes: Sides) -> None:
    spoil(notes, INVALID, MENDED)
    notes.keep("body", {"Id": "5"}, "repaired", INVALID)
    with notes.damaged("DROP TABLE outgrow.quarantine"):
        assert not notes.compare().ok
