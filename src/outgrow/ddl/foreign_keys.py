"""Foreign keys: those that can stand, those that stand NOT VALID, and those that can't."""

from __future__ import annotations

from outgrow.ddl.draft import Draft
from outgrow.ddl.keys import is_plain, key_name
from outgrow.errors import define
from outgrow.model.census import ForeignKeyFacts
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.source import SourceForeignKey, SourceTable
from outgrow.model.steps import ObjectKind, Phase
from outgrow.model.types import Kind
from outgrow.postgres.identifiers import quote

ORPHANS = define("OG-451", "Rows break a foreign key, so that it stands NOT VALID")
PARENT_NOT_UNIQUE = define("OG-452", "A foreign key names columns that have no unique index")

#: PostgreSQL compares only columns of the same family across a foreign key.
_FAMILY = {
    Kind.BIGINT: "number",
    Kind.NUMERIC: "number",
    Kind.DOUBLE: "number",
}


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
    columns = key.parent_columns or (parent.primary_key.columns if parent.primary_key else ())
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
    if len(columns) != len(key.columns):
        return f"it names {len(key.columns)} columns and its parent key has {len(columns)}"
    known = {fold(column.name) for column in parent.columns}
    absent = [column for column in columns if fold(column) not in known]
    if absent:
        return f"{parent.name} has no column {absent[0]}"
    if not _is_unique(draft, parent, columns):
        return f"{parent.name}({', '.join(columns)}) is not unique"
    child_plan, parent_plan = draft.plan.table(table.name), draft.plan.table(parent.name)
    for child, other in zip(key.columns, columns, strict=True):
        ours, theirs = child_plan.column(child).type.kind, parent_plan.column(other).type.kind
        if _FAMILY.get(ours, ours) != _FAMILY.get(theirs, theirs):
            return f"PostgreSQL does not compare {child} ({ours}) with {other} ({theirs})"
    return ""


def _is_unique(draft: Draft, parent: SourceTable, columns: tuple[str, ...]) -> bool:
    wanted = {fold(column) for column in columns}
    keys = [key for key in (parent.primary_key, *parent.unique) if key is not None]
    candidates = [key.columns for key in keys if is_plain(draft, parent, key)]
    candidates += [
        tuple(part.column for part in index.parts)
        for index in parent.indexes
        if index.unique
        and index.where is None
        and all(part.column and part.collation.upper() == "BINARY" for part in index.parts)
    ]
    candidates += draft.plan.table(parent.name).unique
    return any({fold(column) for column in candidate} == wanted for candidate in candidates)


def _sql(
    draft: Draft,
    table: SourceTable,
    key: SourceForeignKey,
    parent: SourceTable,
    columns: tuple[str, ...],
) -> str:
    plan, parent_plan = draft.plan.table(table.name), draft.plan.table(parent.name)
    known = {fold(column.name) for column in parent.columns}
    child = ", ".join(quote(plan.column(column).name) for column in key.columns)
    other = ", ".join(
        quote(parent_plan.column(column).name if fold(column) in known else fold(column))
        for column in columns
    )
    constraint = draft.constraint(table, key.name)
    on_delete = "CASCADE" if key.columns in plan.cascade else key.on_delete
    sql = (
        f"ALTER TABLE {draft.qualified(table)} ADD {constraint}FOREIGN KEY ({child}) "
        f"REFERENCES {draft.qualified(parent)} ({other})"
    )
    if on_delete != "NO ACTION":
        sql += f" ON DELETE {on_delete}"
    if key.on_update != "NO ACTION":
        sql += f" ON UPDATE {key.on_update}"
    if key.deferrable:
        sql += " DEFERRABLE"
        sql += " INITIALLY DEFERRED" if key.initially_deferred else " INITIALLY IMMEDIATE"
    return sql


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
    return f"{draft.source.file}:{table.name}.{key_name(key.columns)}"
