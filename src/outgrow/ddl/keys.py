"""PRIMARY KEY and UNIQUE: made after the data, because building them then is faster."""

from __future__ import annotations

from outgrow.ddl.draft import Draft
from outgrow.model.source import SourceKey, SourceTable
from outgrow.model.steps import ObjectKind, Phase
from outgrow.translate.definitions.indexing import CannotIndex, index_parts, is_plain, key_columns

#: What is said of a primary key with NULLs, unless PostgreSQL finds that it is not unique either.
UNIQUE_INSTEAD = "; the columns are UNIQUE instead"


def draft_keys(draft: Draft) -> None:
    """Draft the primary key and the UNIQUE constraints of every table."""
    for table in draft.tables():
        if table.primary_key is not None:
            _primary_key(draft, table, table.primary_key)
        for key in table.unique:
            _unique(draft, table, key)
        for columns in draft.plan.table(table.name).unique:
            _planned_unique(draft, table, columns)


def key_name(columns: tuple[str, ...]) -> str:
    """Name a key by its columns, as places do."""
    return ",".join(columns)


def _primary_key(draft: Draft, table: SourceTable, key: SourceKey) -> None:
    name = key_name(key.columns)
    plain = is_plain(draft.info(table), key)
    try:
        parts = "" if plain else _parts(draft, table, key)
    except CannotIndex as error:
        reason = f"{error}; nothing keeps the rows unique"
        draft.miss(ObjectKind.PRIMARY_KEYS, table.name, name, reason)
        return
    if parts:
        # What is unique when letters are folded is unique by its bytes too: both stand.
        sql = f"CREATE UNIQUE INDEX ON {draft.qualified(table)} ({parts})"
        draft.add(Phase.AFTER_DATA, ObjectKind.PRIMARY_KEYS, table.name, name, sql)
    nulls = draft.census.tables[table.name].null_keys
    if nulls:
        reason = (
            f"{nulls:,} rows have NULL in the key, which SQLite allows and PostgreSQL does not"
            f"{UNIQUE_INSTEAD}"
        )
        draft.miss(ObjectKind.PRIMARY_KEYS, table.name, name, reason)
        if plain:
            _add_unique(draft, table, key, ObjectKind.PRIMARY_KEYS)
        return
    columns = key_columns(draft.info(table), key.columns)
    sql = f"ADD {draft.constraint(table, key.name)}PRIMARY KEY ({columns})"
    _alter(draft, ObjectKind.PRIMARY_KEYS, table, name, sql)
    draft.made(ObjectKind.PRIMARY_KEYS, table.name, name, _target_columns(draft, table, key))


def _unique(draft: Draft, table: SourceTable, key: SourceKey) -> None:
    name = key_name(key.columns)
    try:
        _add_unique(draft, table, key, ObjectKind.UNIQUE)
    except CannotIndex as error:
        draft.miss(ObjectKind.UNIQUE, table.name, name, str(error))
        return
    draft.made(ObjectKind.UNIQUE, table.name, name, _target_columns(draft, table, key))


def _add_unique(draft: Draft, table: SourceTable, key: SourceKey, kind: ObjectKind) -> None:
    """Have the columns unique; ``kind`` is what the source calls them."""
    name = key_name(key.columns)
    if is_plain(draft.info(table), key):
        columns = key_columns(draft.info(table), key.columns)
        sql = f"ADD {draft.constraint(table, key.name)}UNIQUE ({columns})"
        _alter(draft, kind, table, name, sql)
        return
    sql = f"CREATE UNIQUE INDEX ON {draft.qualified(table)} ({_parts(draft, table, key)})"
    draft.add(Phase.AFTER_DATA, kind, table.name, name, sql)


def _parts(draft: Draft, table: SourceTable, key: SourceKey) -> str:
    """Write what a key compares, part by part; raises CannotIndex."""
    written = index_parts(draft.names, table, key.parts)
    draft.helpers.update(written.helpers)
    return written.sql


def _planned_unique(draft: Draft, table: SourceTable, columns: tuple[str, ...]) -> None:
    listed = key_columns(draft.info(table), columns)
    _alter(draft, ObjectKind.UNIQUE, table, key_name(columns), f"ADD UNIQUE ({listed})")


def _alter(draft: Draft, kind: ObjectKind, table: SourceTable, name: str, action: str) -> None:
    sql = f"ALTER TABLE {draft.qualified(table)} {action}"
    draft.add(Phase.AFTER_DATA, kind, table.name, name, sql)


def _target_columns(draft: Draft, table: SourceTable, key: SourceKey) -> str:
    plan = draft.plan.table(table.name)
    return key_name(tuple(plan.column(column).name for column in key.columns))
