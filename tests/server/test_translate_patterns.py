"""LIKE and GLOB: random patterns against SQLite, and the indexes that serve them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import apsw
import psycopg
import pytest
from translate_schemas import column, schema_with

from outgrow.model.source import Affinity
from outgrow.model.types import Kind
from outgrow.translate import Translations, classes_of, install_sql
from outgrow.translate.expressions.wildcards import (
    Bracket,
    Wild,
    glob_regex,
    glob_tokens,
    like_pattern,
    like_tokens,
)

_LETTERS = "aAbBzé日\\.-^$[]{}()|+*?%_!\n:=,"
_ROWS = 400


@pytest.fixture
def postgres(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(install_sql())
        yield connection


def texts(dice: random.Random) -> list[str]:
    return ["".join(dice.choices(_LETTERS, k=dice.randint(0, 4))) for _ in range(30)]


def like(dice: random.Random) -> str:
    return "".join(dice.choices("aAbé\\%_!.[\n", k=dice.randint(0, 5)))


def glob(dice: random.Random) -> str:
    """A pattern of GLOB, half of it brackets."""

    def bracket() -> str:
        inside = "".join(dice.choices("aAbz日é-]^[\\:.=", k=dice.randint(0, 4)))
        return f"[{dice.choice(['', '^'])}{inside}{dice.choice([']', ']', ']', ''])}"

    parts = [bracket() if dice.random() < 0.5 else dice.choice("aA*?é\\.[%_+") for _ in range(3)]
    return "".join(parts[: dice.randint(0, 3)])


def matching(
    postgres: psycopg.Connection[Any], test: str, given: list[str], *more: Any
) -> list[Any]:
    """Which texts pass the test over ``x``."""
    found = postgres.execute(
        f"SELECT {test} FROM unnest(%s::text[]) WITH ORDINALITY AS given(x, place) ORDER BY place",
        [*more, given],
    )
    return [row[0] for row in found]


@pytest.mark.parametrize("escape", ["", "!", "\\", "a", "%", "_", "é"])
def test_patterns_of_like(postgres: psycopg.Connection[Any], escape: str) -> None:
    dice = random.Random(escape)
    oracle = apsw.Connection(":memory:")
    clause = "ESCAPE ?" if escape else ""
    for _ in range(_ROWS // 4):
        pattern, given = like(dice), texts(dice)
        rows = [(text, pattern, *escape) for text in given]
        expected = [bool(r[0]) for r in oracle.executemany(f"SELECT ? LIKE ? {clause}", rows)]
        tokens = like_tokens(pattern, escape)
        if tokens is None:
            assert not any(expected)
        else:
            small = [t.lower() if isinstance(t, str) and t.isascii() else t for t in tokens]
            test = 'lower(x COLLATE "C") LIKE %s'
            assert matching(postgres, test, given, like_pattern(small)) == expected, pattern
        if escape:
            found = matching(postgres, "outgrow.like(%s, x, %s)", given, pattern, escape)
            assert found == expected, pattern


def test_patterns_of_glob(postgres: psycopg.Connection[Any]) -> None:
    dice = random.Random(54)
    oracle = apsw.Connection(":memory:")
    for _ in range(_ROWS):
        pattern, given = glob(dice), texts(dice)
        rows = [(text, pattern) for text in given]
        expected = [bool(r[0]) for r in oracle.executemany("SELECT ? GLOB ?", rows)]
        found = matching(postgres, 'x COLLATE "C" ~ outgrow.glob_regex(%s)', given, pattern)
        assert found == expected, pattern
        tokens = glob_tokens(pattern)
        if tokens is None:
            assert not any(expected), pattern
        elif any(isinstance(token, Bracket) for token in tokens):
            found = matching(postgres, 'x COLLATE "C" ~ %s', given, glob_regex(tokens))
            assert found == expected, pattern
        else:
            found = matching(postgres, "x LIKE %s", given, like_pattern(tokens))
            assert found == expected, pattern


def test_escape_of_two_characters_is_an_error(postgres: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.InvalidEscapeCharacter):
        postgres.execute("SELECT outgrow.like('a', 'a', 'xx')")


def test_tokens() -> None:
    assert like_tokens("a!%_", "!") == ["a", "%", Wild.ONE]
    assert like_tokens("a!", "!") is None
    assert glob_tokens("[a-c") is None
    assert glob_tokens("[c-a]") == [Bracket(negated=False, singles=("c",), ranges=())]


SCHEMA = schema_with(
    column("id", Kind.BIGINT, Affinity.INTEGER, not_null=True),
    column("name", Kind.TEXT, Affinity.TEXT, not_null=True),
    column("nick", Kind.TEXT, Affinity.TEXT, collation="NOCASE", not_null=True),
    column("x", Kind.BIGINT, Affinity.INTEGER, not_null=True),
    column("y", Kind.BIGINT, Affinity.INTEGER, not_null=True),
)


@pytest.mark.parametrize(
    ("condition", "parameters", "index"),
    [
        ("nick LIKE 'Item 12345%'", (), "things_nick"),
        ("nick LIKE ?", ("Item 12345%",), "things_nick"),
        ("nick LIKE 'item 12345'", (), "things_nick"),
        ("name LIKE '2024-01-%'", (), "things_name"),
        ("name LIKE '2024-01-1_T%'", (), "things_name"),
        ("name GLOB '2024-01-*'", (), "things_name"),
        ("name GLOB '2024-01-1[0-5]*'", (), "things_name"),
        ("name GLOB ?", ("2024-01-1[0-5]*",), "things_name"),
        ("(x, y) > (?, ?)", (100, 5), "things_place"),
        ("(x, y) >= (100, 5) AND x < 102", (), "things_place"),
    ],
)
def test_an_index_serves(
    database: str, condition: str, parameters: tuple[Any, ...], index: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(install_sql())
        fill(connection)
        sql = f"SELECT id FROM things WHERE {condition} ORDER BY x, y LIMIT 5"
        translation = Translations(SCHEMA)(sql, classes_of(parameters))
        (step,) = translation.steps
        bound = translation.arguments(step, parameters) or None
        plan = connection.execute(f"EXPLAIN {step.sql}", bound).fetchall()  # type: ignore[call-overload]
        assert any(f"{index} " in line for (line,) in plan), plan


def fill(connection: psycopg.Connection[Any]) -> None:
    """20,000 rows with the indexes that a migration makes."""
    connection.execute(
        """
        CREATE TABLE things (id bigint PRIMARY KEY, name text COLLATE "C" NOT NULL,
            nick text COLLATE "C" NOT NULL, x bigint NOT NULL, y bigint NOT NULL);
        INSERT INTO things SELECT i, to_char(timestamp '2000-01-01' + i * interval '11 hours',
            'YYYY-MM-DD"T"HH24:MI'), 'Item ' || i, i / 50, i % 50 FROM generate_series(1, 20000) i;
        CREATE INDEX things_name ON things (name);
        CREATE INDEX things_nick ON things (lower(nick COLLATE "C"));
        CREATE INDEX things_place ON things (x, y);
        ANALYZE things
        """
    )
