"""Several statements in one text: SQLite's own judgement is the oracle."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.translate import split

_WORDS = st.sampled_from(
    [
        *("CREATE", "create", "TEMP", "Temporary", "TRIGGER", "trigger", "EXPLAIN", "END", "end"),
        *("BEGIN", "SELECT", "CASE", "t", "é", "x$1", "1", "QUERY", "PLAN", "NEW.a"),
        *(";", ";", ";", "'a;b'", "''", '"x;"', "`;`", "[;]", "'it''s;'", "(", ")", ",", "*", "/"),
        *("-- c;\n", "/* ; */", "/**/", "-", "'open;", "/* open;", "--", "\n"),
    ]
)
_TEXTS = st.lists(st.tuples(_WORDS, st.sampled_from(["", " ", " ", "\n"])), max_size=25).map(
    lambda parts: "".join(word + space for word, space in parts)
)


def by_sqlite(sql: str) -> list[str]:
    """Cut at the first semicolon with which SQLite calls the text complete."""
    pieces, start = [], 0
    for position, character in enumerate(sql):
        if character == ";" and sqlite3.complete_statement(sql[start : position + 1]):
            pieces.append(sql[start : position + 1])
            start = position + 1
    return [*pieces, sql[start:]]


@given(_TEXTS)
def test_statements_end_where_sqlite_says(sql: str) -> None:
    expected = [piece.strip() for piece in by_sqlite(sql)]
    found = split(sql)
    # Pieces of comments alone hold no statement.
    assert [piece for piece in expected if piece in found] == found
    left = [piece for piece in expected if piece not in found]
    assert not any(_holds_statement(piece) for piece in left)


def _holds_statement(piece: str) -> bool:
    while piece:
        if piece[0] in " \n;":
            piece = piece[1:]
        elif piece.startswith("--"):
            piece = piece.partition("\n")[2]
        elif piece.startswith("/*"):
            piece = piece[2:].partition("*/")[2]
        else:
            return True
    return False


@pytest.mark.parametrize(
    ("sql", "pieces"),
    [
        ("", []),
        ("  -- nothing\n ; ; /* ; */", []),
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1; SELECT ';' ;", ["SELECT 1;", "SELECT ';' ;"]),
        (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN 1 THEN 2 END; END;"
            " SELECT 1",
            [
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN 1 THEN 2 END;"
                " END;",
                "SELECT 1",
            ],
        ),
    ],
)
def test_pieces(sql: str, pieces: list[str]) -> None:
    assert split(sql) == pieces


def test_what_was_cut_runs_as_a_script_does() -> None:
    script = """
        CREATE TABLE a (x TEXT DEFAULT ';', y INT); -- one; two
        CREATE TEMP TRIGGER up AFTER INSERT ON a WHEN NEW.y IS NULL BEGIN
            UPDATE a SET y = CASE x WHEN ';' THEN 1 ELSE 2 END WHERE rowid = NEW.rowid; /* ; */
            SELECT ';' ; END ;
        INSERT INTO a (x) VALUES (';'), ('b');;
        CREATE VIEW v AS SELECT x || ';' AS z FROM a
    """
    whole, cut = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    whole.executescript(script)
    for statement in split(script):
        cut.execute(statement)
    for query in ("SELECT * FROM a", "SELECT * FROM v", "SELECT sql FROM sqlite_master"):
        assert cut.execute(query).fetchall() == whole.execute(query).fetchall()
