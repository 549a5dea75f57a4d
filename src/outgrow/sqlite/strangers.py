"""Functions and collations that only the application knows: SQLite alone can't run them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apsw

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.homes import Homes
from outgrow.model.names import fold
from outgrow.model.source import SourceTable, SourceTrigger
from outgrow.sqlite.grammar import Tree, parse, walk
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import Snapshot

UNKNOWN_COLLATION = define("OG-122", "A collation that only the application knows.")
UNREADABLE = define("OG-126", "A generated column whose values only the application can compute.")
UNKNOWN_FUNCTION = define("OG-123", "A function that only the application knows.")

#: The collations of every SQLite (https://www.sqlite.org/datatype3.html#collating_sequences).
KNOWN_COLLATIONS = frozenset({"binary", "nocase", "rtrim"})


def unknown_names(
    snapshot: Snapshot, tables: Iterable[SourceTable], triggers: Iterable[SourceTrigger]
) -> list[Finding]:
    """Tell which objects name a function or collation that SQLite doesn't have.

    Views are told of elsewhere: they don't run at all.
    """
    functions = {
        fold(name)
        for (name,) in snapshot.connection.execute("SELECT name FROM pragma_function_list")
    }
    findings: list[Finding] = []
    for table in tables:
        for part, tree in _expressions(table):
            place = snapshot.homes.where(table.name, part)
            findings += _unknown_functions(tree, functions, place)
        findings += _unknown_collations(table, snapshot.homes)
        findings += _unreadable(snapshot, table)
    for trigger in triggers:
        where = snapshot.homes.where_trigger(trigger.name)
        findings += _unknown_functions(parse(trigger.sql), functions, where)
    return findings


def unreadable_columns(snapshot: Snapshot, table: SourceTable) -> dict[str, str]:
    """Give the columns that can't be read, each with SQLite's reason.

    Only a generated column that is not stored can be one: its value is computed on reading.
    """
    reasons: dict[str, str] = {}
    for column in table.columns:
        if column.generated is None or column.stored:
            continue
        name, origin = quote_identifier(column.name), quote_identifier(table.name)
        try:
            snapshot.connection.execute(f"EXPLAIN SELECT {name} FROM main.{origin}")
        except apsw.SQLError as error:
            reasons[column.name] = str(error)
    return reasons


def _unreadable(snapshot: Snapshot, table: SourceTable) -> Iterator[Finding]:
    for column, reason in unreadable_columns(snapshot, table).items():
        yield Finding(
            UNREADABLE,
            Severity.ERROR,
            snapshot.homes.where(table.name, column),
            f"SQLite can't compute this column: {reason}",
            "Nothing of it is stored; leave the column out and compute it in PostgreSQL",
        )


def _expressions(table: SourceTable) -> Iterator[tuple[str, Tree | None]]:
    for column in table.columns:
        for expression in (column.default, column.generated):
            if expression is not None:
                yield column.name, expression.tree
    for check in table.checks:
        yield check.column, check.expression.tree
    for index in table.indexes:
        for part in index.parts:
            if part.expression is not None:
                yield index.name, part.expression.tree
        if index.where is not None:
            yield index.name, index.where.tree


def _unknown_functions(tree: Tree | None, known: set[str], where: str) -> Iterator[Finding]:
    names = {str(node["func_name"]) for node in walk(tree) if node.get("func_name")}
    for name in sorted(name for name in names if fold(name) not in known):
        yield Finding(
            UNKNOWN_FUNCTION,
            Severity.WARNING,
            where,
            f"it calls {name}(), which is not a function of SQLite",
            "Write the function in PostgreSQL and name it in the plan, or leave the object out",
        )


def _unknown_collations(table: SourceTable, homes: Homes) -> Iterator[Finding]:
    used = [(column.name, column.collation) for column in table.columns]
    used += [(index.name, part.collation) for index in table.indexes for part in index.parts]
    for part, collation in dict.fromkeys(used):
        if fold(collation) not in KNOWN_COLLATIONS:
            yield Finding(
                UNKNOWN_COLLATION,
                Severity.WARNING,
                homes.where(table.name, part),
                f"its collation {collation} is not one of SQLite's; the order of its texts is "
                "not known",
                "Texts are compared byte by byte in the target; check uniqueness and sorting",
            )
