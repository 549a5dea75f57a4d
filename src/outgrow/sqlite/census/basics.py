"""Storage classes, ranges and sizes: what is counted for every column."""

from __future__ import annotations

import math
from dataclasses import replace

from outgrow.model.census import ColumnFacts
from outgrow.sqlite.census.scan import Scan

#: The integers that a double holds exactly: beyond it neighbours become one.
EXACT_IN_DOUBLE = 2**53


def count_classes(scan: Scan) -> tuple[int, list[ColumnFacts]]:
    """Give the number of rows, and for each column what one pass tells.

    ``typeof(column) = 'class'`` and ``octet_length(column)`` look at the row's header only: long
    values are not read (https://www.sqlite.org/lang_corefunc.html#octet_length).
    """
    names = [column.name for column in scan.table.columns]
    expressions: dict[tuple[str, str], str] = {("", "rows"): "count(*)"}
    for name in names:
        for fact, expression in _facts_of(scan.column(name)).items():
            expressions[name, fact] = expression
    answers = scan.count(expressions)
    rows = int(answers["", "rows"])
    return rows, [
        _column_facts(name, rows, {fact: answers[name, fact] for fact in _facts_of("")})
        for name in names
    ]


def _facts_of(column: str) -> dict[str, str]:
    integer = f"FILTER (WHERE typeof({column}) = 'integer')"
    real = f"FILTER (WHERE typeof({column}) = 'real')"
    sized = f"FILTER (WHERE typeof({column}) IN ('text', 'blob'))"
    return {
        "values": f"count({column})",
        "integers": f"count(*) {integer}",
        "reals": f"count(*) {real}",
        "texts": f"count(*) FILTER (WHERE typeof({column}) = 'text')",
        "min_integer": f"min({column}) {integer}",
        "max_integer": f"max({column}) {integer}",
        "min_real": f"min({column}) {real}",
        "max_real": f"max({column}) {real}",
        "max_bytes": f"max(octet_length({column})) {sized}",
        "total_bytes": f"sum(octet_length({column})) {sized}",
    }


def _column_facts(name: str, rows: int, answers: dict[str, int]) -> ColumnFacts:
    values, texts = answers["values"], answers["texts"]
    integers, reals = answers["integers"], answers["reals"]
    return ColumnFacts(
        column=name,
        rows=rows,
        nulls=rows - values,
        integers=integers,
        reals=reals,
        texts=texts,
        blobs=values - integers - reals - texts,
        min_integer=answers["min_integer"],
        max_integer=answers["max_integer"],
        min_real=answers["min_real"],
        max_real=answers["max_real"],
        max_bytes=answers["max_bytes"] or 0,
        total_bytes=answers["total_bytes"] or 0,
    )


def refine(scan: Scan, columns: list[ColumnFacts]) -> list[ColumnFacts]:
    """Count what the ranges leave open; most columns need no second look."""
    expressions: dict[tuple[str, str], str] = {}
    for facts in columns:
        for fact, expression in _open_facts(facts, scan.column(facts.column)).items():
            expressions[facts.column, fact] = expression
    answers = scan.count(expressions)
    return [
        replace(
            _settled(facts),
            **{
                fact: answers[facts.column, fact]
                for fact in _open_facts(facts, scan.column(facts.column))
            },
        )
        for facts in columns
    ]


def _settled(facts: ColumnFacts) -> ColumnFacts:
    low, high = facts.min_integer, facts.max_integer
    only_zero_or_one = low is not None and high is not None and low >= 0 and high <= 1
    return replace(facts, zero_or_one=facts.integers if only_zero_or_one else 0)


def _open_facts(facts: ColumnFacts, column: str) -> dict[str, str]:
    found: dict[str, str] = {}
    low, high = facts.min_integer, facts.max_integer
    if low is not None and high is not None:
        is_integer = f"typeof({column}) = 'integer'"
        if low <= 1 and high >= 0 and not (low >= 0 and high <= 1):
            found["zero_or_one"] = (
                f"count(*) FILTER (WHERE {is_integer} AND {column} BETWEEN 0 AND 1)"
            )
        if low < -EXACT_IN_DOUBLE or high > EXACT_IN_DOUBLE:
            found["integers_beyond_double"] = (
                f"count(*) FILTER (WHERE {is_integer} AND "
                f"{column} NOT BETWEEN -{EXACT_IN_DOUBLE} AND {EXACT_IN_DOUBLE})"
            )
    if math.inf in (facts.max_real, -(facts.min_real or 0)):
        found["infinities"] = (
            f"count(*) FILTER (WHERE typeof({column}) = 'real' AND abs({column}) = 9e999)"
        )
    if facts.texts:
        found["empty_texts"] = (
            f"count(*) FILTER (WHERE typeof({column}) = 'text' AND octet_length({column}) = 0)"
        )
    return found
