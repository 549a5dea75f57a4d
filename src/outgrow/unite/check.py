"""The union judges itself, in SQL: every row of every file is accounted for, value by value."""

from __future__ import annotations

from collections.abc import Iterable

from outgrow.errors import SourceError
from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.model.uniting import Origin
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, table_name
from outgrow.unite.naming import Member
from outgrow.unite.pool import SUPERSEDED, Pooled, storages
from outgrow.unite.wording import NOT_EXACT


def check_counts(bench: Bench, table: SourceTable, origins: Iterable[Origin]) -> None:
    """Compare the rows that are there with those that should have arrived.

    Raises:
        SourceError: they are not the same.

    """
    wanted = sum(each.rows - each.merged - each.superseded for each in origins)
    there = bench.value(f"SELECT count(*) FROM {table_name('main', table.name)}")
    if there != wanted:
        raise _wrong(table.name, "", f"{there:,} rows arrived, and {wanted:,} should have")


def check_rows(bench: Bench, pooled: Pooled, member: Member) -> None:
    """Look for every row of a file in the united table, by all columns that no id is in.

    Raises:
        SourceError: a row of the file is not there.

    """
    table, part = pooled.table, member.part
    theirs = {fold(column.name) for column in member.table.columns}
    columns = [
        column
        for column in table.columns
        if column.generated is None
        and fold(column.name) in theirs
        and fold(column.name) not in pooled.changing
    ]
    if not columns:
        return
    picked = ", ".join(
        [f"{quote_identifier(column.name)} COLLATE BINARY" for column in columns]
        + storages(columns)
    )
    origin = table_name(part.schema, member.table.name)
    with bench.attached(part, member.original):
        missing = bench.value(
            f"SELECT count(*) FROM (SELECT {picked} FROM {origin} "
            f"EXCEPT SELECT {picked} FROM {table_name('main', table.name)})"
        )
        rows = bench.value(f"SELECT count(*) FROM {origin}")
    gone, known = bench.rows(
        f"SELECT count(*) FILTER (WHERE {pooled.how} = '{SUPERSEDED}'), count(*) "
        f"FROM {pooled.name} WHERE {pooled.src} = {part.number}"
    )[0]
    if missing > gone or rows != known:
        raise _wrong(table.name, part.label, f"{missing:,} of its rows are not there")


def check_stand_ins(bench: Bench, pooled: Pooled) -> None:
    """See that each row which is not there has one which is, and stands for it.

    Raises:
        SourceError: there is such a row.

    """
    wrong = bench.value(
        f"SELECT count(*) FROM {pooled.name} AS t LEFT JOIN {pooled.name} AS g "
        f"ON g.{pooled.rid} = t.{pooled.goal} WHERE t.{pooled.goal} IS NOT NULL "
        f"AND (g.{pooled.rid} IS NULL OR g.{pooled.goal} IS NOT NULL)"
    )
    if wrong:
        raise _wrong(pooled.table.name, "", f"{wrong:,} rows have nothing that stands for them")


def _wrong(table: str, label: str, says: str) -> SourceError:
    return SourceError(
        NOT_EXACT,
        f"uniting failed its own check: {says}",
        where=f"{label}:{table}" if label else table,
        fix="In the plan file, write apart = true for this table, and report this",
    )
