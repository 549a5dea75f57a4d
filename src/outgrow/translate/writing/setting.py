"""SET: columns and the values that they get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.parse import Node, children, without
from outgrow.translate.schema import ColumnInfo, named_columns
from outgrow.translate.translator import Translator
from outgrow.translate.writing.fired import tables_named, written_by
from outgrow.translate.writing.target import Target, quoted_names


@dataclass(frozen=True, slots=True)
class Setting:
    """One assignment. ``columns`` are several only where a query gives all their values."""

    columns: tuple[ColumnInfo, ...]
    written: str
    value: Value | None

    @property
    def sql(self) -> str:
        """The assignment after SET."""
        if len(self.columns) == 1:
            return f"{quote(self.columns[0].name)} = {self.written}"
        return f"({quoted_names(self.columns)}) = ({self.written})"

    def over(self, columns: set[str]) -> bool:
        """Whether it sets one of these folded columns."""
        return any(fold(column.source) in columns for column in self.columns)


def settings(translator: Translator, node: Node, target: Target) -> list[Setting]:
    """Translate the assignments; of two to one column the last one counts."""
    found = [
        setting
        for clause in children(node["setlist"])
        for setting in _settings(translator, clause, target)
    ]
    names = [column.name for setting in found for column in setting.columns]
    if len(set(names)) == len(names):
        return found
    if any(len(setting.columns) > 1 for setting in found):
        raise unsupported("a column that is set twice")
    return list({setting.columns[0].name: setting for setting in found}.values())


def _settings(translator: Translator, clause: Node, target: Target) -> Iterator[Setting]:
    names = [str(column["column"]) for column in children(clause["columns"])]
    if not names:
        column = target.named(str(clause["column"]))
        yield setting_of(translator, target, column, translator.expr(clause["value"]))
        return
    columns = tuple(target.named(name) for name in names)
    given = without(clause["value"], "ParenExpr")
    if given["type"] == "RowValue":
        items = children(given["items"])
        if len(items) != len(columns):
            raise unsupported(f"{len(columns)} columns assigned {len(items)} values")
        for column, item in zip(columns, items, strict=True):
            yield setting_of(translator, target, column, translator.expr(item))
        return
    if len(columns) == 1:
        yield setting_of(translator, target, columns[0], translator.expr(given))
        return
    if given["type"] != "SubqueryExpr":
        raise unsupported(f"{len(columns)} columns assigned 1 value")
    yield _from_query(translator, target, columns, given["select"])


def _from_query(
    translator: Translator, target: Target, columns: tuple[ColumnInfo, ...], select: Node
) -> Setting:
    query = translator.subquery(select, correlated=True)
    if len(query.columns) != len(columns):
        raise unsupported(f"{len(columns)} columns assigned {len(query.columns)} values")
    cells = ", ".join(
        # NULL in a query is a text to PostgreSQL.
        f"NULL::{column.type}"
        if value.rep is Rep.NULL
        else _stored(translator, target, column, value)
        for column, value in zip(columns, query.read("assigned"), strict=True)
    )
    sql = query.sql if query.one_row else query.limited()
    return Setting(columns, f"SELECT {cells} FROM ({sql}) AS assigned", None)


def setting_of(translator: Translator, target: Target, column: ColumnInfo, value: Value) -> Setting:
    """Write one assignment."""
    return Setting((column,), _stored(translator, target, column, value), value)


def _stored(translator: Translator, target: Target, column: ColumnInfo, value: Value) -> str:
    written = target.stored(translator.ctx, value, column)
    if column == target.rowid and value.rep is not Rep.NULL:
        return target.explicit_id(translator.ctx, written)
    return written


def check_moment(translator: Translator, node: Node, target: Target, *, of_one_row: bool) -> None:
    """Refuse values that SQLite takes from rows which the statement has changed already.

    It evaluates a query that depends on the row for each row, PostgreSQL for all rows as they were
    before the statement. Raises UntranslatableSQL.
    """
    if of_one_row:
        return
    changed = {
        fold(str(name))
        for clause in children(node["setlist"])
        for name in [clause["column"], *(c["column"] for c in children(clause["columns"]))]
        if name
    }
    own = fold(target.source)
    elsewhere = written_by(translator.ctx.schema, node) if "table" in node else set()
    for query in _queries([clause["value"] for clause in children(node["setlist"])]):
        read = tables_named(query)
        sees_changes = own in read and named_columns(query) & changed
        if (sees_changes or read & elsewhere) and not _is_free(translator, query):
            raise unsupported(
                f"SET with a query over {target.source} for each row, which in SQLite sees the "
                "rows that were changed before",
                "Compute the values in a common table and join them with UPDATE … FROM",
            )


def _queries(node: object) -> Iterator[Node]:
    """The outermost queries in a tree."""
    if isinstance(node, list):
        for child in node:
            yield from _queries(child)
    elif isinstance(node, dict):
        if node.get("type") in ("SelectStmt", "CompoundSelect", "WithClause", "ValuesClause"):
            yield node
            return
        for child in node.values():
            yield from _queries(child)


def _is_free(translator: Translator, query: Node) -> bool:
    """Whether a query names nothing of the row around it, so that it runs once."""
    try:
        translator.query(query)
    except UntranslatableSQL:
        return False
    return True
