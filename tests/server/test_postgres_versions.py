"""What this code knows about PostgreSQL, asked of PostgreSQL itself."""

from __future__ import annotations

import psycopg

from outgrow.postgres.identifiers import KEYWORDS, MAX_NAME_BYTES, literal, quote


def test_words_that_need_quotes(database: str) -> None:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'")
        assert {word for (word,) in rows} <= KEYWORDS


def test_a_name_that_is_too_long_is_cut_where_we_say(database: str) -> None:
    with psycopg.connect(database) as connection:
        (kept,) = connection.execute("SELECT current_setting('max_identifier_length')").fetchone()
    assert int(kept) == MAX_NAME_BYTES


def test_every_keyword_is_a_name_once_quoted(database: str) -> None:
    with psycopg.connect(database) as connection:
        columns = ", ".join(f"{quote(word)} text" for word in sorted(KEYWORDS))
        connection.execute(f"CREATE TABLE words ({columns})")


def test_literals_are_read_back(database: str) -> None:
    hostile = "it's \\ \n \t % $1 \u00e9 '' \U0001f600"
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT " + literal(hostile)).fetchone() == (hostile,)
