"""Values that stand for many, written as a person would write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outgrow.model.census import ColumnFacts, Example
from outgrow.sqlite.census.scan import Scan

LIMIT = 5
_SHOWN_CHARACTERS = 60
_GROUPED_AT_MOST = 100_000


def shown(value: Any) -> str:
    """Write a value as in SQL, cut when it is long."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        text = "".join(mark if mark.isprintable() else _escaped(mark) for mark in value)
        return "'" + cut(text.replace("'", "''")) + "'"
    if isinstance(value, bytes):
        return "x'" + cut(value.hex()) + "'"
    return str(value)


def cut(text: str) -> str:
    """Shorten a long text."""
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _escaped(mark: str) -> str:
    return mark.encode("unicode_escape").decode()


def most_frequent(scan: Scan, column: str, where: str, *, text: bool) -> tuple[Example, ...]:
    """Give the values that meet a condition, the most frequent first, each with one key.

    Of a great many such values only the first are grouped, so that this stays cheap.
    """
    name = scan.column(column)
    value = f"CAST({name} AS BLOB)" if text else name
    found = scan.rows(
        f"SELECT v, count(*) AS n, min(k) FROM "
        f"(SELECT {value} AS v, {scan.key()} AS k FROM {scan.origin} WHERE {where} "
        f"LIMIT {_GROUPED_AT_MOST}) GROUP BY v ORDER BY n DESC, v LIMIT {LIMIT}"
    )
    return tuple(
        Example(shown(scan.decode(value) if text else value), count, cut(scan.decode(key)))
        for value, count, key in found
    )


def other_integers(scan: Scan, columns: Sequence[ColumnFacts]) -> dict[str, tuple[Example, ...]]:
    """Give the integers other than 0 and 1 of columns that could be booleans."""
    return {
        facts.column: most_frequent(
            scan,
            facts.column,
            f"typeof({scan.column(facts.column)}) = 'integer' "
            f"AND {scan.column(facts.column)} NOT BETWEEN 0 AND 1",
            text=False,
        )
        for facts in columns
        if facts.zero_or_one < facts.integers
    }
