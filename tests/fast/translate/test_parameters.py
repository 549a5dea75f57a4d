"""Parameters in all their forms, compared with what ``sqlite3`` itself binds."""

from __future__ import annotations

import json
import math
import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.translate import UntranslatableSQL, classes_of, scan
from outgrow.translate.parameters import marker, placed, tagged
from outgrow.translate.parse import tokens

VALUES = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ?, ?, ?",
        "SELECT ?2, ?1",
        "SELECT ?3, ?, ?1",
        "SELECT '?', ?, \"?\", -- ?\n ? /* ? */",
        "SELECT ?, '%s', 'a%%b'",
        "SELECT ? % 3, ?",
    ],
)
def test_numbers_are_those_of_sqlite(sql: str) -> None:
    scanned = scan(sql)
    values = VALUES[: len(scanned.names)]
    with sqlite3.connect(":memory:") as connection:
        expected = connection.execute(sql, values).fetchall()
        assert connection.execute(scanned.sql, scanned.values(values)).fetchall() == expected


@pytest.mark.parametrize(
    "sql", ["SELECT :a, :b, :a", "SELECT @a, $b, :a", "SELECT $a, :b || ':a' || \":a\""]
)
def test_names_are_those_of_sqlite(sql: str) -> None:
    scanned = scan(sql)
    given = {"a": 1, "b": 2, "unused": 3}
    with sqlite3.connect(":memory:") as connection:
        expected = connection.execute(sql, given).fetchall()
        assert connection.execute(scanned.sql, scanned.values(given)).fetchall() == expected


@pytest.mark.parametrize(
    ("sql", "written", "names"),
    [
        ("SELECT %s, %s", "SELECT ?1, ?2", (None, None)),
        ("SELECT a %s, b % s FROM t", "SELECT a %s, b % s FROM t", ()),
        ("SELECT (a) %s FROM t WHERE b=%s", "SELECT (a) %s FROM t WHERE b=?1", (None,)),
        ("SELECT strftime('%s', d) = %s", "SELECT strftime('%s', d) = ?1", (None,)),
        ("SELECT %(a)s, %(b)s, %(a)s", "SELECT ?1, ?2, ?1", ("a", "b")),
        ("SELECT x LIKE '%%a%%' AND y = %s", "SELECT x LIKE '%a%' AND y = ?1", (None,)),
        ("SELECT x IN (%s,%s) LIMIT %s", "SELECT x IN (?1,?2) LIMIT ?3", (None, None, None)),
        ("SELECT CASE WHEN %s THEN %s END %s", "SELECT CASE WHEN ?1 THEN ?2 END %s", (None, None)),
    ],
)
def test_percent_signs(sql: str, written: str, names: tuple[str | None, ...]) -> None:
    scanned = scan(sql)
    assert (scanned.sql, scanned.names) == (written, names)


@pytest.mark.parametrize(
    "sql", ["SELECT ?, %s", "SELECT strftime('%%Y', d) = %s", "SELECT ?0", "SELECT ?40000"]
)
def test_what_is_ambiguous_is_refused(sql: str) -> None:
    with pytest.raises(UntranslatableSQL) as caught:
        scan(sql)
    assert caught.value.code.name == "OG-309"


@pytest.mark.parametrize(
    ("sql", "given", "error"),
    [
        ("SELECT ?, ?", (1,), ValueError),
        ("SELECT ?", (1, 2), ValueError),
        ("SELECT :a", {"b": 1}, KeyError),
        ("SELECT ?", {"b": 1}, ValueError),
    ],
)
def test_a_wrong_number_of_values(sql: str, given: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        scan(sql).values(given)


def test_storage_classes_are_those_that_sqlite_binds() -> None:
    class Name(str):
        __slots__ = ()

    values = [None, 1, True, 1.5, math.nan, math.inf, "a", Name("b"), b"c", bytearray(b"d")]
    with sqlite3.connect(":memory:") as connection:
        rows = [connection.execute("SELECT typeof(?)", (value,)).fetchone()[0] for value in values]
    assert [str(rep) for rep in classes_of(values)] == rows


@pytest.mark.parametrize(
    ("value", "error"), [(2**63, OverflowError), (-(2**63) - 1, OverflowError), ([], TypeError)]
)
def test_what_sqlite_can_not_bind(value: Any, error: type[Exception]) -> None:
    with sqlite3.connect(":memory:") as connection, pytest.raises((error, sqlite3.Error)):
        connection.execute("SELECT ?", (value,))
    with pytest.raises(error):
        classes_of((value,))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_tagged_real_is_a_decimal_that_reads_back(value: float) -> None:
    written = tagged(value)
    assert written is not None
    assert "." in written
    assert json.loads(written) == value


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_tokens_are_the_text_again(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


def test_a_percent_sign_is_doubled_where_a_parameter_stands() -> None:
    assert placed("a LIKE '%'") == ("a LIKE '%'", ())
    sql = f"a LIKE '%' AND b = {marker(2)} AND c = {marker('changes')}"
    assert placed(sql) == ("a LIKE '%%' AND b = %(p2)s AND c = %(changes)s", (2, "changes"))


def test_a_parameter_that_stands_twice_is_one() -> None:
    sql = f"{marker(1)} + {marker(2)} + {marker(1)}"
    assert placed(sql) == ("%(p1)s + %(p2)s + %(p1)s", (1, 2))
