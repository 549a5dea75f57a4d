"""Foreign keys: those that can stand, those that stand NOT VALID, and those that can't."""

from __future__ import annotations

from outgrow.ddl.draft import Draft
from outgrow.ddl.keys import key_name
from outgrow.errors import define
from outgrow.model.census import ForeignKeyFacts
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.source import SourceForeignKey, SourceTable
from outgrow.model.steps import ObjectKind, Phase
from outgrow.translate.definitions.references import (
    foreign_key_sql,
    incomparable,
    is_unique,
    parent_columns,
    unlike,
)

ORPHANS = define("OG-451", "Rows break a foreign key, so that it stands NOT VALID")
PARENT_NOT_UNIQUE = define("OG-452", "A foreign key names columns that have no unique index")


def draft_foreign_keys(draft: Draft) -> None:
    """Draft every foreign key, after all tables and keys: circles need no order then."""
    for table in draft.tables():
        facts = draft.census.tables[table.name].foreign_keys
        for key, known in zip(table.foreign_keys, facts, strict=True):
            _draft_foreign_key(draft, table, key, known)


def _draft_foreign_key(
    draft: Draft, table: SourceTable, key: SourceForeignKey, known: ForeignKeyFacts
) -> None:
    name = key_name(key.columns)
    parent = _parent(draft, key)
    if parent is None:
        reason = f"its parent table {key.parent} does not exist in the target"
        draft.miss(ObjectKind.FOREIGN_KEYS, table.name, name, reason)
        return
    columns = parent_columns(key, parent)
    reason = _why_not(draft, table, key, parent, columns)
    if reason:
        sql = _sql(draft, table, key, parent, columns) + " NOT VALID;" if columns else ""
        reason = f"{reason}; {_orphans(known)}"
        draft.miss(ObjectKind.FOREIGN_KEYS, table.name, name, reason, sql)
        _offer_unique(draft, table, key, parent, columns, known)
        return
    sql = _sql(draft, table, key, parent, columns)
    if known.orphans:
        sql += " NOT VALID"
        _report_orphans(draft, table, key, known)
    draft.add(
        Phase.AFTER_DATA,
        ObjectKind.FOREIGN_KEYS,
        table.name,
        name,
        sql,
        otherwise="" if known.orphans else f"{sql} NOT VALID",
    )
    plan = draft.plan.table(table.name)
    target = key_name(tuple(plan.column(column).name for column in key.columns))
    draft.made(ObjectKind.FOREIGN_KEYS, table.name, name, target)


def _parent(draft: Draft, key: SourceForeignKey) -> SourceTable | None:
    for table in draft.tables():
        if fold(table.name) == fold(key.parent):
            return table
    return None


def _why_not(
    draft: Draft,
    table: SourceTable,
    key: SourceForeignKey,
    parent: SourceTable,
    columns: tuple[str, ...],
) -> str:
    """Say why PostgreSQL can't hold the key, or nothing."""
    reason = unlike(key, columns, parent)
    if reason:
        return reason
    if not _is_unique(draft, parent, columns):
        return f"{parent.name}({', '.join(columns)}) is not unique"
    return incomparable(draft.info(table), key, draft.info(parent), columns)


def _is_unique(draft: Draft, parent: SourceTable, columns: tuple[str, ...]) -> bool:
    more = draft.plan.table(parent.name).unique
    return is_unique(parent, draft.info(parent), columns, more)


def _sql(
    draft: Draft,
    table: SourceTable,
    key: SourceForeignKey,
    parent: SourceTable,
    columns: tuple[str, ...],
) -> str:
    cascade = "CASCADE" if key.columns in draft.plan.table(table.name).cascade else ""
    written = foreign_key_sql(
        draft.info(table), key, draft.info(parent), draft.qualified(parent), columns, cascade
    )
    return f"ALTER TABLE {draft.qualified(table)} ADD {draft.constraint(table, key.name)}{written}"


def _orphans(known: ForeignKeyFacts) -> str:
    if not known.orphans:
        return "every value has its parent row"
    return f"{known.orphans:,} rows have no parent row"


def _report_orphans(
    draft: Draft, table: SourceTable, key: SourceForeignKey, known: ForeignKeyFacts
) -> None:
    examples = "; ".join(f"{each.key}: {each.value}" for each in known.orphan_examples)
    says = f"{known.orphans:,} rows have no row in {key.parent} (for example {examples})"
    draft.findings.append(
        Finding(
            ORPHANS,
            Severity.WARNING,
            _where(draft, table, key),
            f"{says}: SQLite never enforced the key. New rows are checked, these are not",
            "mend the rows, then run ALTER TABLE … VALIDATE CONSTRAINT",
        )
    )


def _offer_unique(
    draft: Draft,
    table: SourceTable,
    key: SourceForeignKey,
    parent: SourceTable,
    columns: tuple[str, ...],
    known: ForeignKeyFacts,
) -> None:
    if not columns or _is_unique(draft, parent, columns) or not known.parent_values_unique:
        return
    listed = ", ".join(f'"{column}"' for column in columns)
    draft.findings.append(
        Finding(
            PARENT_NOT_UNIQUE,
            Severity.WARNING,
            _where(draft, table, key),
            f"the key can't stand because {parent.name}({', '.join(columns)}) has no unique "
            f"index; all its values are unique, and {_orphans(known)}",
            f'to have it, add to [tables."{parent.name}"] in the plan file: unique = [[{listed}]]',
        )
    )


def _where(draft: Draft, table: SourceTable, key: SourceForeignKey) -> str:
    return draft.source.where(table.name, key_name(key.columns))
