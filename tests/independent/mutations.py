"""Ways to damage a migrated database (:mod:`.pair`), each of which a comparison must find.

They hold for the pair written by hand and for the same SQLite file migrated by the product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql

Connection = psycopg.Connection


@dataclass(frozen=True)
class Mutation:
    """``damage`` does it on a connection whose search_path is the schema.

    ``names`` is what the sentence that finds it must say.
    """

    name: str
    damage: Callable[[Connection], None]
    names: tuple[str, ...]
    #: Whether the damage is to the rows (and not to what is declared about them).
    rows: bool = False

    def __str__(self) -> str:
        return self.name


MUTATIONS: list[Mutation] = []


def _mutation(
    *names: str, rows: bool = False
) -> Callable[[Callable[[Connection], None]], Callable[[Connection], None]]:
    def add(damage: Callable[[Connection], None]) -> Callable[[Connection], None]:
        MUTATIONS.append(Mutation(damage.__name__, damage, names, rows))
        return damage

    return add


def _constraint(connection: Connection, table: str, kind: str, column: str) -> sql.Identifier:
    """The name of a constraint of a table that stands on a column (among others)."""
    row = connection.execute(
        "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a"
        " ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
        " WHERE c.conrelid = %s::regclass AND c.contype = %s AND a.attname = %s",
        (table, kind, column),
    ).fetchone()
    assert row is not None
    return sql.Identifier(row[0])


def _drop(connection: Connection, table: str, kind: str, column: str) -> None:
    name = _constraint(connection, table, kind, column)
    statement = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE")
    connection.execute(statement.format(sql.Identifier(table), name))


# Rows.


@_mutation("Book.author_id", "12", rows=True)
def integer_changed(connection: Connection) -> None:
    connection.execute("UPDATE book SET author_id = 2 WHERE id = 12")


@_mutation("Book", "9007199254740992", rows=True)
def integer_rounded_to_a_double(connection: Connection) -> None:
    connection.execute("UPDATE book SET id = 9007199254740992 WHERE id = 9007199254740993")


@_mutation("author.rating", "key 1", rows=True)
def real_changed_in_its_last_bit(connection: Connection) -> None:
    connection.execute("UPDATE author SET rating = 0.3 WHERE id = 1")


@_mutation("author.rating", "key 1", rows=True)
def real_cut_to_four_bytes(connection: Connection) -> None:
    connection.execute("UPDATE author SET rating = rating::real WHERE id = 1")


@_mutation("author.rating", "key 2", rows=True)
def real_became_infinity(connection: Connection) -> None:
    connection.execute("UPDATE author SET rating = '-infinity' WHERE id = 2")


@_mutation("author.royalty_usd", "key 2", rows=True)
def money_rounded_to_nothing(connection: Connection) -> None:
    connection.execute("UPDATE author SET royalty_usd = 0 WHERE id = 2")


@_mutation("author.royalty_usd", "key 1", rows=True)
def money_rounded(connection: Connection) -> None:
    connection.execute("UPDATE author SET royalty_usd = 1234.57 WHERE id = 1")


@_mutation("author.name", "key 1", rows=True)
def tab_became_a_space(connection: Connection) -> None:
    connection.execute("UPDATE author SET name = replace(name, chr(9), ' ') WHERE id = 1")


@_mutation("author.name", "key 2", rows=True)
def empty_text_became_a_space(connection: Connection) -> None:
    connection.execute("UPDATE author SET name = ' ' WHERE id = 2")


@_mutation("loan.due", "NULL", rows=True)
def empty_text_became_null(connection: Connection) -> None:
    connection.execute("UPDATE loan SET due = NULL WHERE due = ''")


@_mutation("author.rating", "key 7", "NULL", rows=True)
def null_became_zero(connection: Connection) -> None:
    connection.execute("UPDATE author SET rating = 0 WHERE id = 7")


@_mutation("author.email", "key 1", rows=True)
def letters_changed_case(connection: Connection) -> None:
    connection.execute("UPDATE author SET email = upper(email) WHERE id = 1")


@_mutation("author.portrait", "key 1", rows=True)
def blob_changed(connection: Connection) -> None:
    connection.execute(r"UPDATE author SET portrait = '\x00ff89504e46' WHERE id = 1")


@_mutation("author.portrait", "key 1", rows=True)
def blob_became_its_text(connection: Connection) -> None:
    connection.execute(
        r"UPDATE author SET portrait = convert_to('\x00ff89504e47', 'UTF8') WHERE id = 1"
    )


@_mutation("author.portrait", "key 2", rows=True)
def empty_blob_became_null(connection: Connection) -> None:
    connection.execute("UPDATE author SET portrait = NULL WHERE id = 2")


@_mutation("author.active", "key 2", rows=True)
def boolean_turned(connection: Connection) -> None:
    connection.execute("UPDATE author SET active = NOT active WHERE id = 2")


@_mutation("author.born", "key 7", rows=True)
def date_moved_by_a_day(connection: Connection) -> None:
    connection.execute("UPDATE author SET born = '2000-03-01' WHERE id = 7")


@_mutation("author.joined_at", "key 1", rows=True)
def time_moved_to_another_zone(connection: Connection) -> None:
    connection.execute(
        "UPDATE author SET joined_at = joined_at + interval '5 hours 45 minutes' WHERE id = 1"
    )


@_mutation("author.seen_at", "key 1", rows=True)
def microseconds_lost(connection: Connection) -> None:
    connection.execute("UPDATE author SET seen_at = '2025-01-02 03:04:05.678' WHERE id = 1")


@_mutation("author.settings", "key 1", rows=True)
def json_number_changed(connection: Connection) -> None:
    connection.execute(
        """UPDATE author SET settings = '{"b": [1, 2.51, null], "a": {"é": true}}' WHERE id = 1"""
    )


@_mutation("author.settings", "key 1", rows=True)
def json_array_reordered(connection: Connection) -> None:
    connection.execute(
        """UPDATE author SET settings = '{"b": [1, null, 2.5], "a": {"é": true}}' WHERE id = 1"""
    )


@_mutation("author.settings", "key 7", rows=True)
def sql_null_became_json_null(connection: Connection) -> None:
    connection.execute("UPDATE author SET settings = 'null' WHERE id = 7")


@_mutation("loan", "Eve", rows=True)
def row_missing(connection: Connection) -> None:
    connection.execute("DELETE FROM loan WHERE reader = 'Eve'")


@_mutation("loan", "Mallory", rows=True)
def row_too_many(connection: Connection) -> None:
    connection.execute("INSERT INTO loan VALUES (11, 'Mallory', '2025-01-01')")


@_mutation("log", "same", rows=True)
def one_of_two_equal_rows_missing(connection: Connection) -> None:
    connection.execute(
        "DELETE FROM log WHERE ctid = (SELECT min(ctid) FROM log WHERE line = 'same')"
    )


@_mutation("log", "same", rows=True)
def row_doubled(connection: Connection) -> None:
    connection.execute("INSERT INTO log SELECT * FROM log WHERE line = 'same' LIMIT 1")


@_mutation("log.line", "spaced", rows=True)
def text_trimmed(connection: Connection) -> None:
    connection.execute("UPDATE log SET line = rtrim(line, ' ')")


@_mutation("log.line", "other", rows=True)
def line_ends_changed(connection: Connection) -> None:
    connection.execute("UPDATE log SET line = replace(line, E'\\r\\n', E'\\n')")


@_mutation("log.amount", rows=True)
def two_rows_exchanged_values(connection: Connection) -> None:
    connection.execute("UPDATE log SET amount = 2.25 WHERE line = 'spaced '")
    connection.execute("UPDATE log SET amount = NULL WHERE line LIKE 'other%'")


# Columns.


@_mutation("author.name", "NOT NULL")
def not_null_dropped(connection: Connection) -> None:
    connection.execute("ALTER TABLE author ALTER name DROP NOT NULL")


@_mutation("log.at", "NOT NULL")
def not_null_added(connection: Connection) -> None:
    connection.execute("DELETE FROM log WHERE at IS NULL")
    connection.execute("ALTER TABLE log ALTER at SET NOT NULL")


@_mutation("loan.due", "default")
def default_dropped(connection: Connection) -> None:
    connection.execute("ALTER TABLE loan ALTER due DROP DEFAULT")


@_mutation("Book.year", "default")
def default_changed(connection: Connection) -> None:
    connection.execute("ALTER TABLE book ALTER year SET DEFAULT 2000")


@_mutation("author.active", "default")
def boolean_default_turned(connection: Connection) -> None:
    connection.execute("ALTER TABLE author ALTER active SET DEFAULT false")


@_mutation("author.joined_at", "default")
def default_gives_local_time(connection: Connection) -> None:
    connection.execute("ALTER TABLE author ALTER joined_at SET DEFAULT now()")


@_mutation("log.amount", "default")
def default_added(connection: Connection) -> None:
    connection.execute("ALTER TABLE log ALTER amount SET DEFAULT 0")


@_mutation("unused", "note")
def column_missing(connection: Connection) -> None:
    connection.execute("ALTER TABLE unused DROP COLUMN note")


@_mutation("log", "columns")
def column_moved_to_the_end(connection: Connection) -> None:
    connection.execute("ALTER TABLE log RENAME line TO old")
    connection.execute('ALTER TABLE log ADD line text COLLATE "C"')
    connection.execute("UPDATE log SET line = old")
    connection.execute("ALTER TABLE log DROP old")


@_mutation("Book.label", "generated")
def generated_column_became_a_plain_one(connection: Connection) -> None:
    connection.execute("ALTER TABLE book ALTER label DROP EXPRESSION")


@_mutation("log.line", "sorted")
def collation_changed(connection: Connection) -> None:
    connection.execute('ALTER TABLE log ALTER line TYPE text COLLATE "ucs_basic"')


# Keys.


@_mutation("loan", "primary key")
def primary_key_dropped(connection: Connection) -> None:
    _drop(connection, "loan", "p", "reader")


@_mutation("loan", "primary key")
def primary_key_in_another_order(connection: Connection) -> None:
    _drop(connection, "loan", "p", "reader")
    connection.execute("ALTER TABLE loan ADD PRIMARY KEY (reader, book_id)")


@_mutation("author", "UNIQUE", "email")
def unique_dropped(connection: Connection) -> None:
    _drop(connection, "author", "u", "email")


@_mutation("author", "UNIQUE", "name")
def unique_added(connection: Connection) -> None:
    connection.execute("ALTER TABLE author ADD UNIQUE (name)")


@_mutation("Book", "UNIQUE", "author_id")
def unique_made_narrower(connection: Connection) -> None:
    _drop(connection, "book", "u", "title")
    connection.execute("ALTER TABLE book ADD UNIQUE (title)")


@_mutation("author", "CHECK")
def check_dropped(connection: Connection) -> None:
    _drop(connection, "author", "c", "royalty_usd")


@_mutation("loan", "foreign key")
def foreign_key_dropped(connection: Connection) -> None:
    _drop(connection, "loan", "f", "book_id")


@_mutation("Book", "foreign key", "CASCADE")
def foreign_key_with_another_action(connection: Connection) -> None:
    _drop(connection, "book", "f", "author_id")
    connection.execute(
        "ALTER TABLE book ADD FOREIGN KEY (author_id) REFERENCES author (id)"
        " ON UPDATE CASCADE ON DELETE CASCADE"
    )


@_mutation("Book", "foreign key", "DEFERR")
def foreign_key_no_longer_deferred(connection: Connection) -> None:
    _drop(connection, "book", "f", "sequel_of")
    connection.execute("ALTER TABLE book ADD FOREIGN KEY (sequel_of) REFERENCES book (id)")


@_mutation("loan", "NOT VALID")
def foreign_key_not_valid(connection: Connection) -> None:
    _drop(connection, "loan", "f", "book_id")
    connection.execute(
        "ALTER TABLE loan ADD FOREIGN KEY (book_id) REFERENCES book (id)"
        " ON DELETE CASCADE NOT VALID"
    )


# Indexes.


@_mutation("book_year", "missing")
def index_dropped(connection: Connection) -> None:
    connection.execute("DROP INDEX book_year")


@_mutation("book_year")
def index_ascending(connection: Connection) -> None:
    connection.execute("DROP INDEX book_year")
    connection.execute("CREATE INDEX book_year ON book (year, title)")


@_mutation("book_year")
def index_narrower(connection: Connection) -> None:
    connection.execute("DROP INDEX book_year")
    connection.execute("CREATE INDEX book_year ON book (year DESC)")


@_mutation("book_cheap", "partial")
def partial_index_made_full(connection: Connection) -> None:
    connection.execute("DROP INDEX book_cheap")
    connection.execute("CREATE UNIQUE INDEX book_cheap ON book (title)")


@_mutation("book_cheap", "covers")
def partial_index_over_other_rows(connection: Connection) -> None:
    connection.execute("DROP INDEX book_cheap")
    connection.execute("CREATE UNIQUE INDEX book_cheap ON book (title) WHERE price < 50")


@_mutation("book_cheap", "UNIQUE")
def unique_index_made_plain(connection: Connection) -> None:
    connection.execute("DROP INDEX book_cheap")
    connection.execute("CREATE INDEX book_cheap ON book (title) WHERE price < 5")


@_mutation("log_line", "PostgreSQL only")
def index_added(connection: Connection) -> None:
    connection.execute("CREATE INDEX log_line ON log (line)")


# Sequences.


@_mutation("author.id", "20")
def sequence_behind_what_was_given_out(connection: Connection) -> None:
    connection.execute("SELECT setval(pg_get_serial_sequence('author', 'id'), 7)")


@_mutation("Book.id")
def sequence_never_set(connection: Connection) -> None:
    connection.execute("SELECT setval(pg_get_serial_sequence('book', 'id'), 1, false)")


@_mutation("unused.id", "SQLite only")
def sequence_gone(connection: Connection) -> None:
    connection.execute("ALTER TABLE unused ALTER id DROP DEFAULT")
    connection.execute("ALTER TABLE unused ALTER id DROP IDENTITY IF EXISTS")


@_mutation("unused.id", "2147483647")
def sequence_of_32_bits(connection: Connection) -> None:
    row = connection.execute("SELECT pg_get_serial_sequence('unused', 'id')").fetchone()
    assert row is not None
    connection.execute(f"ALTER SEQUENCE {row[0]} AS integer".encode())


# Views, triggers, tables.


@_mutation("view cheap", "missing")
def view_dropped(connection: Connection) -> None:
    connection.execute("DROP VIEW cheap")


@_mutation("trigger author_seen", "missing")
def trigger_dropped(connection: Connection) -> None:
    connection.execute("DROP TRIGGER author_seen ON book")


@_mutation("trigger author_seen", "missing")
def trigger_disabled(connection: Connection) -> None:
    connection.execute("ALTER TABLE book DISABLE TRIGGER author_seen")


@_mutation("table unused", "missing")
def table_dropped(connection: Connection) -> None:
    connection.execute("DROP TABLE unused")


@_mutation("table leftover", "PostgreSQL only")
def table_added(connection: Connection) -> None:
    connection.execute("CREATE TABLE leftover (id bigint)")
