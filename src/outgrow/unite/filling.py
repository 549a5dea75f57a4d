"""The united tables are made and get their rows: from the pool, or straight from their file."""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.names import fold
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.model.steps import ObjectKind
from outgrow.sqlite.rows import quote_identifier, quote_literal, rowid_name
from outgrow.unite.bench import Bench, table_name
from outgrow.unite.keys import keys_of
from outgrow.unite.naming import Member
from outgrow.unite.pool import Pooled
from outgrow.unite.provenance import file_of
from outgrow.unite.wording import DIFFERS, Ledger
from outgrow.unite.writing import normal, quoted_list, write_table


def settle_definition(bench: Bench, pooled: Pooled, provenance: str, ledger: Ledger) -> SourceTable:
    """Give up what the rows of all files together break, and add the column for their file."""
    table = pooled.table
    where = f"{pooled.members[-1].part.label}:{pooled.members[-1].original}"
    lost = {key.signature: reason for key, reason in pooled.given_up.items()}
    unique = []
    for key in table.unique:
        signature = keys_of(replace(table, primary_key=None, unique=(key,), indexes=()))[
            0
        ].signature
        if signature not in lost:
            unique.append(key)
            continue
        names = ",".join(key.columns)
        ledger.leave_out(ObjectKind.UNIQUE, table.name, names, f"{where}.{names}", lost[signature])
    checks = []
    for check in table.checks:
        broken = _broken(bench, pooled, check.expression.sql)
        if not broken:
            checks.append(check)
            continue
        name = check.name or check.expression.sql
        reason = f"not every file has this CHECK, and {broken:,} rows break it"
        ledger.leave_out(ObjectKind.CHECKS, table.name, name, where, reason)
    settled = replace(table, unique=tuple(unique), checks=tuple(checks))
    if provenance and len(pooled.members) > 1:
        if provenance and any(fold(each.name) == fold(provenance) for each in table.columns):
            says = "it has a column of that name, so where its rows are from is not written down"
            ledger.tell(DIFFERS, f"{where}.{provenance}", says)
        else:
            column = SourceColumn(provenance, "TEXT", Affinity.TEXT)
            settled = replace(settled, columns=(*table.columns, column))
    return settled if settled == table else replace(settled, sql=write_table(settled))


def _broken(bench: Bench, pooled: Pooled, check: str) -> int:
    """Count the rows that break a CHECK which not every file has; all others hold in SQLite."""
    wanted = normal(check)
    if all(
        wanted in {normal(each.expression.sql) for each in member.table.checks}
        for member in pooled.members
    ):
        return 0
    return int(
        bench.value(
            f"SELECT count(*) FROM {pooled.name} WHERE {pooled.goal} IS NULL AND NOT ({check}\n)"
        )
    )


def fill_from_pool(bench: Bench, pooled: Pooled, table: SourceTable) -> None:
    """Bring the rows that stay, in the order of their ids or else of the files."""
    columns = list(map(quote_identifier, pooled.stored))
    into = list(columns)
    if len(table.columns) > len(pooled.table.columns):
        into.append(quote_identifier(table.columns[-1].name))
        columns.append(file_of(pooled))
    order = quote_identifier(table.rowid_alias) if table.rowid_alias else pooled.rid
    rowid = "" if table.rowid_alias or table.without_rowid else rowid_name(table)
    if rowid:
        into.append(rowid)
        columns.append(pooled.rid)
    # OR ABORT: an ON CONFLICT IGNORE of the table must not swallow a row.
    bench.run(
        f"INSERT OR ABORT INTO {table_name('main', table.name)} ({', '.join(into)}) "
        f"SELECT {', '.join(columns)} FROM {pooled.name} WHERE {pooled.goal} IS NULL "
        f"ORDER BY {order}"
    )


def fill_from_file(bench: Bench, member: Member, table: SourceTable) -> int:
    """Bring all rows of a table that one file alone has; give their number."""
    columns = quoted_list(
        tuple(column.name for column in table.columns if column.generated is None)
    )
    with bench.attached(member.part, member.original):
        origin = table_name(member.part.schema, member.table.name)
        into = table_name("main", table.name)
        if all(column.generated is None for column in table.columns):
            # As it is written here, SQLite copies whole records
            # (https://www.sqlite.org/src/doc/trunk/src/insert.c, "xferOptimization").
            return bench.run(f"INSERT INTO {into} SELECT * FROM {origin}")
        return bench.run(f"INSERT INTO {into} ({columns}) SELECT {columns} FROM {origin}")


def set_sequences(bench: Bench, groups: list[tuple[SourceTable, list[Member]]]) -> None:
    """Let AUTOINCREMENT go on past the last number of every file and past every id.

    https://www.sqlite.org/autoinc.html
    """
    for table, members in groups:
        if not table.autoincrement:
            continue
        name = quote_literal(table.name)
        last = [(member.part.source.sequences or {}).get(member.table.name) for member in members]
        known = [each for each in last if each is not None]
        highest = bench.value(
            f"SELECT max({quote_identifier(table.rowid_alias)}) "
            f"FROM {table_name('main', table.name)}"
        )
        if highest is not None:
            known.append(highest)
        bench.run(f"DELETE FROM main.sqlite_sequence WHERE name = {name}")
        if known:
            bench.run(f"INSERT INTO main.sqlite_sequence VALUES ({name}, {max(known)})")
