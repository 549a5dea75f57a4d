"""Which file each row of a united table is from, kept beside the united database."""

from __future__ import annotations

from outgrow.model.source import SourceTable
from outgrow.sqlite.rows import quote_identifier, quote_literal, rowid_name
from outgrow.unite.bench import NOTES, Bench
from outgrow.unite.pool import Pooled


def note_files(bench: Bench, pooled: Pooled, table: SourceTable) -> str:
    """Note the file of each row that is not the first one's.

    Returns:
        An SQL expression over a row of the united table that gives its file; '' where a row can't
        be told from others.

    """
    keys = _row_keys(table)
    if not keys:
        return ""
    notes = f"{NOTES}.o{pooled.number}"
    # These names and the missing rowid keep every name of the expression that of the row.
    own = [f'"~{place}"' for place in range(len(keys))]
    key = "INTEGER" if not table.without_rowid else ""
    bench.run(
        f"CREATE TABLE {notes} ({', '.join(f'{name} {key}' for name in own)}, "
        f'"~file", PRIMARY KEY ({", ".join(own)})) WITHOUT ROWID'
    )
    values = keys if table.rowid_alias or table.without_rowid else [pooled.rid]
    first = pooled.members[0].part
    bench.run(
        f"INSERT INTO {notes} SELECT {', '.join(values)}, {file_of(pooled)} FROM {pooled.name} "
        f"WHERE {pooled.goal} IS NULL AND {pooled.src} <> {first.number}"
    )
    met = " AND ".join(f"o.{name} IS {key}" for name, key in zip(own, keys, strict=True))
    return (
        f'coalesce((SELECT o."~file" FROM {notes} AS o WHERE {met}), {quote_literal(first.label)})'
    )


def _row_keys(table: SourceTable) -> list[str]:
    if table.rowid_alias:
        return [quote_identifier(table.rowid_alias)]
    if table.without_rowid and table.primary_key is not None:
        return [quote_identifier(name) for name in table.primary_key.columns]
    name = rowid_name(table)
    return [name] if name else []


def file_of(pooled: Pooled) -> str:
    """Write the name of the file that a row in the pool is from."""
    cases = " ".join(
        f"WHEN {member.part.number} THEN {quote_literal(member.part.label)}"
        for member in pooled.members
    )
    return f"CASE {pooled.src} {cases} END"
