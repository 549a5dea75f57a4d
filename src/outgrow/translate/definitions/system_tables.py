"""sqlite_schema, sqlite_sequence and the PRAGMAs that stand in FROM.

https://www.sqlite.org/schematab.html, https://www.sqlite.org/pragma.html#pragfunc. Their rows are
those of the application's own definitions, in its spelling.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.postgres.identifiers import literal, quote
from outgrow.sqlite.rows import quote_literal
from outgrow.translate.definitions.answers import query_of
from outgrow.translate.definitions.twin import Answer, Twin, twin_of
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.convert import as_text
from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import tokens
from outgrow.translate.queries.query import Query
from outgrow.translate.statements.pragmas import FACTS, kept_number

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

_SCHEMAS = {
    "sqlite_master": "main",
    "sqlite_schema": "main",
    "sqlite_temp_master": "temp",
    "sqlite_temp_schema": "temp",
}
_DECLARED = {
    "type": Affinity.TEXT,
    "name": Affinity.TEXT,
    "tbl_name": Affinity.TEXT,
    "rootpage": Affinity.INTEGER,
    "sql": Affinity.TEXT,
}
#: PRAGMAs whose argument is an index; that of the others is a table or view.
_OF_INDEXES = frozenset(["index_info", "index_xinfo"])
_NUMBERS = frozenset(["user_version", "application_id", "schema_version"])


def system_table(translator: Translator, name: str, database: str) -> Query | None:
    """Write what a table of SQLite's own gives, ``None`` where it is none.

    Args:
        translator: of a statement that an application runs.
        name: the table.
        database: ``main`` or ``temp``.

    """
    folded = fold(name)
    if folded == "sqlite_sequence":
        return _sequences(translator)
    if folded.startswith("pragma_"):
        return pragma_query(translator, folded, [])
    schema = _SCHEMAS.get(folded)
    if schema is None:
        return None
    _check_moment(translator, name)
    if database == "temp":
        schema = "temp"
    sql = "sql" if _reads_sql(translator.ctx.text) else "NULL AS sql"
    found = twin_of(translator.ctx.schema).answer(
        f"SELECT type, name, tbl_name, rootpage, {sql} FROM {schema}.sqlite_schema"
    )
    return query_of(found, _DECLARED)


def _reads_sql(statement: str) -> bool:
    """Whether a statement may read the column ``sql``: else long texts are left out."""
    before = ""
    for token in tokens(statement):
        if fold(token.text.strip("\"'`[]")) == "sql" or (token.text == "*" and before != "("):
            return True
        before = before if token.is_blank else token.text
    return False


def _check_moment(translator: Translator, name: str) -> None:
    if not translator.ctx.runtime:
        raise unsupported(f"{name} in a view or trigger", "Read information_schema instead")


def _sequences(translator: Translator) -> Query | None:
    """The last numbers that AUTOINCREMENT gave, of each table that has given one."""
    schema = translator.ctx.schema
    if not schema.numbered:
        return None
    _check_moment(translator, "sqlite_sequence")
    translator.ctx.note("sqlite_sequence: PostgreSQL counts numbers that were rolled back, too")
    none = query_of(Answer(("name", "seq"), ()))
    rows = [none.sql]
    for info in schema.tables.values():
        key = info.column(info.rowid_alias)
        if not info.autoincrement or key is None:
            continue
        sequence = f"pg_get_serial_sequence({literal(schema.relation(info))}, {literal(key.name)})"
        rows.append(
            f'SELECT {literal(info.source)}::text COLLATE "C", '
            f"pg_sequence_last_value({sequence}::regclass)"
        )
    return Query(
        f"SELECT * FROM ({' UNION ALL '.join(rows)}) AS given WHERE seq IS NOT NULL", none.columns
    )


# --- pragma functions --------------------------------------------------------------------------


def pragma_query(translator: Translator, name: str, arguments: Sequence[Value]) -> Query:
    """Write what ``pragma_NAME(…)`` gives in FROM; raises UntranslatableSQL."""
    pragma = fold(name).removeprefix("pragma_")
    _check_moment(translator, name)
    if pragma in _NUMBERS:
        return kept_number(translator, pragma)
    if pragma not in FACTS:
        raise unsupported(f"{name} in FROM")
    twin = twin_of(translator.ctx.schema)
    if all(value.is_constant for value in arguments):
        marks = ", ".join("?" for _ in arguments)
        bindings = [value.constant for value in arguments]
        return query_of(twin.answer(f"SELECT * FROM {fold(name)}({marks})", bindings))
    if len(arguments) > 1:
        raise unsupported(f"{name} with the name of a database")
    return _for_each(translator, twin, pragma, arguments[0])


def _for_each(translator: Translator, twin: Twin, pragma: str, argument: Value) -> Query:
    """The answers for every object, of which the argument chooses one."""
    kinds = ("index",) if pragma in _OF_INDEXES else ("table", "view")
    listed = ", ".join(map(quote_literal, kinds))
    names = [
        str(row[0])
        for row in twin.answer(f"SELECT name FROM sqlite_schema WHERE type IN ({listed})").rows
    ]
    found = [twin.answer(f"SELECT * FROM pragma_{pragma}(?)", (name,)) for name in names]
    columns = twin.answer(f"SELECT * FROM pragma_{pragma}('')").names
    rows = tuple(
        (fold(name), *row) for name, answer in zip(names, found, strict=True) for row in answer.rows
    )
    every = query_of(Answer(("argument", *columns), rows))
    wanted = as_text(translator.ctx, argument)
    shown = ", ".join(every.sql_names[1:])
    return Query(
        f"SELECT {shown} FROM ({every.sql}) AS given "
        f'WHERE given.{quote("argument")} = lower({wanted.operand} COLLATE "C")',
        every.columns[1:],
    )
