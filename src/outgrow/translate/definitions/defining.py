"""CREATE, ALTER and DROP: SQLite in memory says what a definition means, PostgreSQL gets it.

What changed is found by comparing what SQLite defines before and after the statement, so that
every form of it takes the same road.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import apsw

from outgrow.model.names import fold
from outgrow.model.source import Affinity, SourceColumn
from outgrow.model.types import Kind as TypeKind
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import HELPERS
from outgrow.translate.definitions.changes import TableChange, table_changes
from outgrow.translate.definitions.following import follow
from outgrow.translate.definitions.history import remember
from outgrow.translate.definitions.linking import link
from outgrow.translate.definitions.locking import lock_sql
from outgrow.translate.definitions.making import (
    Defined,
    Sheet,
    add_column,
    create_index,
    create_table,
)
from outgrow.translate.definitions.successor import places, successor
from outgrow.translate.definitions.twin import Entry, Picture, twin_of
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.assign import assigned
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node, tokens
from outgrow.translate.queries.query import Query
from outgrow.translate.schema import IndexInfo
from outgrow.translate.translator import Translator


@dataclass(slots=True)
class _Work:
    """A definition under way: what held, what will hold, and what PostgreSQL has to run.

    ``again``: the statement says IF NOT EXISTS, or IF EXISTS.
    """

    old: Defined
    new: Defined
    again: bool
    drops: Sheet = field(default_factory=Sheet)
    main: Sheet = field(default_factory=Sheet)
    makes: Sheet = field(default_factory=Sheet)
    memory: Sheet = field(default_factory=Sheet)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.drops, self.main, self.makes, self.memory


def define(translator: Translator, node: Node) -> Outcome:
    """Translate a statement that changes definitions; raises UntranslatableSQL."""
    _check(node)
    ctx = translator.ctx
    twin = twin_of(ctx.schema)
    parameters = {token.text for token in tokens(ctx.text) if token.category == "parameter"}
    after = twin.after(ctx.text, len(parameters))
    if after == twin.picture:
        return Outcome(Kind.SCHEMA, (), schema=ctx.schema)
    _check_names(after)
    query = translator.query(node["as_select"]) if node.get("as_select") else None
    given = _types(_made(twin.picture, after), after, query) if query else {}
    schema = successor(ctx.schema, twin.picture, after, given)
    again = bool(node.get("if_not_exists") or node.get("if_exists"))
    work = _Work(Defined(ctx.schema, twin.picture), Defined(schema, after), again)
    changes = table_changes(work.old, work.new)
    link(work.old, work.new, work.drops, work.makes)
    follow(work.old, work.new, _changed(work, changes), work.drops, work.makes)
    for change in changes:
        _change_table(work, change)
        if query and change.new:
            work.main.steps.append(_fill(translator, work, change, query))
    _change_indexes(work)
    remember(work.old, work.new, changes, work.memory)
    for sheet in work.sheets:
        ctx.helpers |= sheet.helpers
        for note in sheet.notes:
            ctx.note(note)
    steps = [step for sheet in work.sheets for step in sheet.steps]
    if work.memory.steps:
        steps.insert(0, lock_sql(schema.target_schema))
    return Outcome(Kind.SCHEMA, tuple(steps), schema=schema)


def _check(node: Node) -> None:
    conflict = _conflict(node)
    if conflict:
        raise unsupported(
            f"ON CONFLICT {conflict} in the definition of a table",
            f"Write INSERT OR {conflict} where rows are inserted",
        )


def _check_names(picture: Picture) -> None:
    names = [fold(entry.name) for entry in picture.entries if entry.type in ("table", "view")]
    for entry in picture.entries:
        if entry.temporary and names.count(fold(entry.name)) > 1:
            raise unsupported(f"{entry.name}, which hides another table", "Give it its own name")
        if entry.temporary and entry.type == "trigger":
            raise unsupported("a temporary trigger, which only one connection has")


def _conflict(node: Any) -> str:
    """The first ON CONFLICT that is not as PostgreSQL does it."""
    if isinstance(node, list):
        return next(filter(None, map(_conflict, node)), "")
    if not isinstance(node, dict):
        return ""
    own = str(node.get("onconf", "DEFAULT"))
    # Statements that write ask what the declaration of a key says.
    if own not in ("DEFAULT", "ABORT") and node["kind"] not in ("PRIMARY_KEY", "UNIQUE"):
        return own
    return _conflict(list(node.values()))


def _changed(work: _Work, changes: list[TableChange]) -> set[str]:
    """The folded names of the relations whose meaning changes."""
    names = {fold(info.source) for change in changes for info in (change.old, change.new) if info}
    for kind in ("index", "view", "trigger"):
        before, after = places(work.old.picture, kind), places(work.new.picture, kind)
        for place in before.keys() | after.keys():
            pair = before.get(place), after.get(place)
            if pair[0] != pair[1]:
                names |= {fold(entry.table) for entry in pair if entry}
    return names


# --- tables and indexes ------------------------------------------------------------------------


def _change_table(work: _Work, change: TableChange) -> None:
    old, new = change.old, change.new
    main = work.main
    if new is None or change.source is None:
        assert old is not None
        present = "IF EXISTS " if work.again else ""
        main.steps.append(f"DROP TABLE {present}{work.old.schema.relation(old)}")
        return
    if old is None:
        create_table(work.new, change.source, main, again=work.again)
        return
    relation = work.old.schema.relation(old)
    if old.name != new.name:
        main.steps.append(f"ALTER TABLE {relation} RENAME TO {quote(new.name)}")
    relation = work.new.schema.relation(new)
    for before, after in change.renamed:
        if before.name != after.name:
            names = f"{quote(before.name)} TO {quote(after.name)}"
            main.steps.append(f"ALTER TABLE {relation} RENAME COLUMN {names}")
    for column in change.dropped:
        main.steps.append(f"ALTER TABLE {relation} DROP COLUMN {quote(column.name)}")
    for column in change.added:
        declared = change.source.column(column.source)
        complaint = _complaint(declared)
        if complaint:
            main.helpers.add("raise_error")
            main.steps.append(
                f"SELECT {HELPERS}.raise_error({literal(complaint)}) FROM {relation} LIMIT 1"
            )
        add_column(work.new, change.source, declared, main)


def _complaint(column: SourceColumn) -> str:
    """What SQLite says when such a column is added to a table with rows, '' where it takes it."""
    default = f" DEFAULT {column.default.sql}" if column.default else ""
    not_null = " NOT NULL" if column.not_null and not column.generated else ""
    with closing(apsw.Connection(":memory:")) as connection:
        connection.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        try:
            connection.execute(f"ALTER TABLE t ADD COLUMN b{default}{not_null}")
        except apsw.SQLError as error:
            return str(error)
    return ""


def _change_indexes(work: _Work) -> None:
    before, after = places(work.old.picture, "index"), places(work.new.picture, "index")
    for place, gone in before.items():
        if place not in after and work.new.source(gone.table) is not None:
            present = "IF EXISTS " if work.again else ""
            name = _index_name(work.old, work.old.schema.indexes[fold(gone.name)])
            work.main.steps.append(f"DROP INDEX {present}{name}")
    for place, come in after.items():
        if place not in before:
            table = work.new.source(come.table)
            assert table is not None
            index = next(i for i in table.indexes if fold(i.name) == fold(come.name))
            create_index(work.new, table, index, work.main, again=work.again)


def _index_name(defined: Defined, index: IndexInfo) -> str:
    """An index lives in the schema of its table."""
    relation = defined.relation(index.table)
    return f"{relation[: relation.rindex('.')]}.{quote(index.name)}"


# --- CREATE TABLE … AS -------------------------------------------------------------------------

#: What holds the values of an expression, whose column has no declared type in SQLite.
_UNTYPED = {
    Rep.INTEGER: TypeKind.BIGINT,
    Rep.TEXT: TypeKind.TEXT,
    Rep.BLOB: TypeKind.BYTEA,
}


def _made(before: Picture, after: Picture) -> Entry:
    """The table that a statement makes."""
    known = places(before, "table")
    return next(entry for place, entry in places(after, "table").items() if place not in known)


def _types(table: Entry, after: Picture, query: Query) -> dict[str, TargetType]:
    """The types of the columns, as their values are."""
    columns = after.table(table).columns
    return {
        fold(column.name): _type(column, given.value)
        for column, given in zip(columns, query.columns, strict=True)
    }


def _type(column: SourceColumn, value: Value) -> TargetType:
    """Find what holds the values of a query, and what the column's affinity makes of others."""
    match column.affinity:
        case Affinity.TEXT:
            return TargetType(TypeKind.TEXT)
        case Affinity.INTEGER if value.rep in (Rep.INTEGER, Rep.BOOLEAN):
            return TargetType(TypeKind.BIGINT)
        case Affinity.REAL:
            return TargetType(TypeKind.DOUBLE)
        case Affinity.NUMERIC if value.is_text:
            return TargetType(TypeKind.TEXT)
        case Affinity.NUMERIC | Affinity.INTEGER:
            return TargetType(TypeKind.NUMERIC)
        case _:
            kind = _UNTYPED.get(value.rep)
            return TargetType(kind) if kind else TargetType(TypeKind.JSONB, tagged=True)


def _fill(translator: Translator, work: _Work, change: TableChange, query: Query) -> str:
    assert change.new is not None
    columns = change.new.columns
    written = [
        assigned(translator.ctx, value, column.type, column.affinity)
        for value, column in zip(query.read("given"), columns, strict=True)
    ]
    listed = ", ".join(quote(column.name) for column in columns)
    relation = work.new.schema.relation(change.new)
    return (
        f"INSERT INTO {relation} ({listed}) SELECT {', '.join(written)} FROM ({query.sql}) AS given"
    )
