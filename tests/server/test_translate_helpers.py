"""The helper functions as a set: made twice without harm, and no more volatile than they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from outgrow.translate import install_sql


@pytest.fixture
def postgres(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(install_sql())
        connection.execute(install_sql())
        yield connection


def test_what_is_called_immutable_or_volatile(postgres: psycopg.Connection[Any]) -> None:
    rows = postgres.execute(
        "SELECT proname, provolatile, proparallel FROM pg_proc "
        "WHERE pronamespace = 'outgrow'::regnamespace"
    ).fetchall()
    volatile = {name for name, volatility, _ in rows if volatility == "v"}
    acting = {"count_pragma", "drop_foreign_key", "explicit_id", "keep_pragma", "make_index"}
    acting |= {"raise_abort", "raise_error", "raise_rollback"}
    assert volatile == {"random", "randomblob"} | acting
    # What catches errors can't run beside others before PostgreSQL 17.
    catching = {
        name
        for (name,) in postgres.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'outgrow'::regnamespace "
            "AND prosrc ~ 'EXCEPTION WHEN'"
        )
    }
    assert {name for name, _, parallel in rows if parallel != "s"} == acting | catching
