"""Storage classes, ranges and sizes: what is counted for every column."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from outgrow.model.census import ColumnFacts
from outgrow.sqlite.census.scan import Scan

#: The integers that a double holds exactly: beyond it neighbours become one.
EXACT_IN_DOUBLE = 2**53

#: Rows that tell which storage class to expect of a column.
_SAMPLE_ROWS = 100

_COUNTS = {"integer": "integers", "real": "reals", "text": "texts", "blob": "blobs"}


def count_classes(scan: Scan) -> tuple[int, list[ColumnFacts]]:
    """Give the number of rows, and for each column what one pass tells.

    Most columns hold one storage class: the first rows say which, so that less is counted, and
    what holds others too is counted again in full. ``typeof(column) = 'class'`` and
    ``octet_length(column)`` look at the row's header only: long values are not read
    (https://www.sqlite.org/lang_corefunc.html#octet_length).
    """
    names = [column.name for column in scan.table.columns]
    expected = _expected(scan, names)
    rows, answers = _count(scan, {name: _facts_of(scan, name, expected[name]) for name in names})
    mixed = [
        name
        for name in names
        if expected[name] and answers[name][_COUNTS[expected[name]]] != answers[name]["values"]
    ]
    if mixed:
        answers |= _count(scan, {name: _facts_of(scan, name, "") for name in mixed})[1]
    return rows, [_column_facts(name, rows, answers[name]) for name in names]


def _expected(scan: Scan, names: list[str]) -> dict[str, str]:
    """Give the class of each column's first value; nothing where the first rows hold none."""
    listed = ", ".join(f"typeof({scan.column(name)})" for name in names)
    sample = list(scan.rows(f"SELECT {listed} FROM {scan.origin} LIMIT {_SAMPLE_ROWS}"))
    columns = zip(*sample, strict=True) if sample else ([] for _ in names)
    return {
        name: next((each for each in classes if each != "null"), "")
        for name, classes in zip(names, columns, strict=True)
    }


def _count(scan: Scan, asked: dict[str, dict[str, str]]) -> tuple[int, dict[str, dict[str, Any]]]:
    """Count the rows, and the named facts of each column."""
    expressions: dict[tuple[str, str], str] = {("", "rows"): "count(*)"}
    for name, facts in asked.items():
        expressions |= {(name, fact): expression for fact, expression in facts.items()}
    found = scan.count(expressions)
    answers = {name: {fact: found[name, fact] for fact in facts} for name, facts in asked.items()}
    return int(found["", "rows"]), answers


def _facts_of(scan: Scan, name: str, expected: str) -> dict[str, str]:
    """Write what to count; with an ``expected`` class it is right if no value is of another."""
    column = scan.column(name)
    found = {"values": f"count({column})"}
    for storage, fact in _COUNTS.items():
        if expected in (storage, ""):
            found[fact] = f"count(*) FILTER (WHERE typeof({column}) = '{storage}')"
    for storage in ("integer", "real"):
        if expected in (storage, ""):
            for end in ("min", "max"):
                found[f"{end}_{storage}"] = (
                    # Of another class after all: it is not read, and may be no text at all.
                    f"iif(typeof({end}({column})) = '{storage}', {end}({column}), NULL)"
                    if expected
                    else f"{end}({column}) FILTER (WHERE typeof({column}) = '{storage}')"
                )
    if expected in ("text", "blob", ""):
        only = "" if expected else f" FILTER (WHERE typeof({column}) IN ('text', 'blob'))"
        found["max_bytes"] = f"max(octet_length({column})){only}"
        found["total_bytes"] = f"sum(octet_length({column})){only}"
    return found


def _column_facts(name: str, rows: int, answers: dict[str, Any]) -> ColumnFacts:
    return ColumnFacts(
        column=name,
        rows=rows,
        nulls=rows - answers["values"],
        **{fact: answers.get(fact, 0) for fact in _COUNTS.values()},
        min_integer=answers.get("min_integer"),
        max_integer=answers.get("max_integer"),
        min_real=answers.get("min_real"),
        max_real=answers.get("max_real"),
        max_bytes=answers.get("max_bytes") or 0,
        total_bytes=answers.get("total_bytes") or 0,
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
