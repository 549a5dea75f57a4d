"""INSERT, UPDATE, DELETE and SELECT as they stand in a trigger's body."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.model.names import fold
from outgrow.postgres.identifiers import qualified, quote
from outgrow.translate.assign import assigned
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.parse import Node, children, name_of
from outgrow.translate.schema import ColumnInfo, TableInfo
from outgrow.translate.scope import ROWID_NAMES, Scope
from outgrow.translate.sources import table_source
from outgrow.translate.translator import Translator


def translate_statement(translator: Translator, node: Node) -> str:
    """Translate one statement; the names around it (NEW, OLD) are the translator's scope.

    Raises UntranslatableSQL.
    """
    match node["type"]:
        case "UpdateStmt":
            return _update(translator, node)
        case "InsertStmt":
            return _insert(translator, node)
        case "DeleteStmt":
            return _delete(translator, node)
        case _:
            return translator.subquery(node, correlated=True).sql


def target_of(translator: Translator, node: Node) -> TableInfo:
    """The table that a statement writes."""
    reference = node["table"]
    table = translator.ctx.schema.table(reference["table_name"])
    if table is None or reference["schema"]:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {reference['table_name']}")
    return table


def _refuse(node: Node, *parts: str) -> None:
    for part in parts:
        if node.get(part):
            raise unsupported(f"{part.replace('_', ' ')} in {node['type']}")
    if node.get("conflict_action", "DEFAULT") not in ("DEFAULT", "ABORT"):
        raise unsupported(f"OR {node['conflict_action']}")


def _update(translator: Translator, node: Node) -> str:
    _refuse(node, "with_ctes", "from_clause", "orderby", "limit_clause", "returning")
    table = target_of(translator, node)
    inner, written = _inside(translator, node, table)
    sets = []
    for clause in children(node["setlist"]):
        column = target_column(table, clause)
        value = inner.expr(clause["value"])
        stored = assigned(inner.ctx, value, column.type, column.affinity)
        sets.append(f"{quote(column.name)} = {stored}")
    return f"UPDATE {written} SET {', '.join(sets)}{_where(inner, node, table)}"


def _delete(translator: Translator, node: Node) -> str:
    _refuse(node, "with_ctes", "orderby", "limit_clause", "returning")
    table = target_of(translator, node)
    inner, written = _inside(translator, node, table)
    return f"DELETE FROM {written}{_where(inner, node, table)}"


def _inside(translator: Translator, node: Node, table: TableInfo) -> tuple[Translator, str]:
    alias = fold(name_of(node["table"]["alias"]) or table.source)
    scope = Scope((table_source(table, alias, quote(alias)),), translator.scope)
    written = qualified(translator.ctx.body_schema, table.name)
    if alias != table.name:
        written = f"{written} AS {quote(alias)}"
    return translator.inside(scope), written


def target_column(table: TableInfo, clause: Node) -> ColumnInfo:
    """The column that one SET clause writes."""
    if clause["columns"]:
        raise unsupported("SET of several columns at once")
    return _column(table, str(clause["column"]))


def _column(table: TableInfo, name: str) -> ColumnInfo:
    if fold(name) in ROWID_NAMES and table.column(name) is None:
        name = table.rowid_alias
    column = table.column(name)
    if column is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such column: {table.source}.{name}")
    return column


def _where(inner: Translator, node: Node, table: TableInfo) -> str:
    if node["where_clause"] is None:
        return ""
    prefix = own_row(node["where_clause"], table)
    if prefix is not None and is_rowid_test(node["where_clause"], table):
        alias = inner.scope.sources[0].alias
        tests = [
            f"{quote(alias)}.{quote(_column(table, name).name)} = "
            f"{prefix}.{quote(_column(table, name).name)}"
            for name in table.primary_key
        ]
        return f" WHERE {' AND '.join(tests)}"
    return f" WHERE {inner.condition(node['where_clause']).sql}"


def own_row(where: Node | None, table: TableInfo) -> str | None:
    """Whether a WHERE says ``key = NEW.key``: NEW or OLD, else ``None``."""
    tests = _conjunction(where)
    if not tests:
        return None
    matched = [_key_test(test) for test in tests]
    prefixes = {match[1] for match in matched if match}
    if None in matched or len(prefixes) != 1:
        return None
    names = [match[0] for match in matched if match]
    alias = fold(table.rowid_alias)
    if len(names) == 1 and (names[0] == alias or _is_rowid(names[0], table)):
        return prefixes.pop() if alias or _has_firm_key(table) else None
    if sorted(names) == sorted(map(fold, table.primary_key)) and _has_firm_key(table):
        return prefixes.pop()
    return None


def is_rowid_test(where: Node, table: TableInfo) -> bool:
    """Whether a WHERE compares the rowid of a table in which no column keeps it."""
    tests = _conjunction(where)
    match = _key_test(tests[0]) if len(tests) == 1 else None
    return bool(match and _is_rowid(match[0], table) and not table.rowid_alias)


def _is_rowid(name: str, table: TableInfo) -> bool:
    return name in ROWID_NAMES and table.column(name) is None


def _has_firm_key(table: TableInfo) -> bool:
    columns = [table.column(name) for name in table.primary_key]
    return bool(columns) and all(column and column.not_null for column in columns)


def _conjunction(node: Node | None) -> Sequence[Node]:
    if node is None:
        return []
    if node["type"] == "ParenExpr":
        return _conjunction(node["expr"])
    if node["type"] == "BinaryExpr" and node["op"] == "AND":
        return [*_conjunction(node["left"]), *_conjunction(node["right"])]
    return [node]


def _key_test(node: Node) -> tuple[str, str] | None:
    """``name = NEW.name`` in either order: the folded name, and NEW or OLD."""
    if node["type"] != "BinaryExpr" or node["op"] not in ("EQ", "EQ_DOUBLE"):
        return None
    for own, row in ((node["left"], node["right"]), (node["right"], node["left"])):
        if own["type"] != "ColumnRef" or row["type"] != "ColumnRef":
            return None
        prefix = fold(row["table"] or "")
        is_own = fold(own["table"] or "") not in ("new", "old")
        if prefix in ("new", "old") and is_own and fold(own["column"]) == fold(row["column"]):
            return fold(own["column"]), prefix.upper()
    return None


def _insert(translator: Translator, node: Node) -> str:
    _refuse(node, "with_ctes", "upsert", "returning")
    if node["keyword"] == "REPLACE":
        raise unsupported("REPLACE")
    table = target_of(translator, node)
    written = qualified(translator.ctx.body_schema, table.name)
    if node["source"] is None:
        return f"INSERT INTO {written} DEFAULT VALUES"
    names = [str(column["column"]) for column in children(node["columns"])]
    columns = [_column(table, name) for name in names] or [
        column for column in table.columns if not column.generated
    ]
    listed = ", ".join(quote(column.name) for column in columns)
    return f"INSERT INTO {written} ({listed}) {_rows(translator, node['source'], columns)}"


def _rows(translator: Translator, source: Node, columns: Sequence[ColumnInfo]) -> str:
    if source["type"] == "ValuesClause":
        rows = [translator.all(children(row)) for row in children(source["rows"])]
        lines = []
        for row in rows:
            if len(row) != len(columns):
                raise unsupported(f"{len(row)} values for {len(columns)} columns")
            written = [
                assigned(translator.ctx, value, column.type, column.affinity)
                for value, column in zip(row, columns, strict=True)
            ]
            lines.append(f"({', '.join(written)})")
        return f"VALUES {', '.join(lines)}"
    query = translator.subquery(source, correlated=True)
    if len(query.columns) != len(columns):
        raise unsupported(f"{len(query.columns)} values for {len(columns)} columns")
    converted = [
        assigned(translator.ctx, value, column.type, column.affinity)
        for value, column in zip(query.read("given"), columns, strict=True)
    ]
    return f"SELECT {', '.join(converted)} FROM ({query.sql}) AS given"
