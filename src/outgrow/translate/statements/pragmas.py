"""PRAGMA: answered as SQLite answers, ignored with a note, or refused.

https://www.sqlite.org/pragma.html. What a PRAGMA says of the schema, SQLite in memory says of the
application's own DDL; what tunes SQLite's files and caches means nothing in PostgreSQL.
"""

from __future__ import annotations

from contextlib import closing

import apsw

from outgrow.postgres.identifiers import literal
from outgrow.translate.definitions.answers import query_of
from outgrow.translate.definitions.foreign_key_check import foreign_key_check
from outgrow.translate.definitions.twin import Answer, answer, twin_of
from outgrow.translate.errors import unsupported
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node
from outgrow.translate.queries.query import Query
from outgrow.translate.registry import Statement
from outgrow.translate.translator import Translator

#: What the definitions say.
FACTS = frozenset(
    """
    collation_list database_list foreign_key_list index_info index_list index_xinfo table_info
    table_list table_xinfo
    """.split()
)
#: Numbers that are kept in the database.
_KEPT = frozenset(["user_version", "application_id", "schema_version"])
#: What is about SQLite's files and memory: a fresh database answers.
_TUNING = frozenset(
    """
    analysis_limit auto_vacuum automatic_index busy_timeout cache_size cache_spill cell_size_check
    checkpoint_fullfsync encoding fullfsync hard_heap_limit incremental_vacuum integrity_check
    journal_mode journal_size_limit locking_mode max_page_count mmap_size optimize page_size
    quick_check read_uncommitted secure_delete shrink_memory soft_heap_limit synchronous
    temp_store threads trusted_schema wal_autocheckpoint wal_checkpoint
    """.split()
)
#: What would change the result of statements, and the one value that PostgreSQL has.
_MEANING = {
    "case_sensitive_like": 0,
    "count_changes": 0,
    "defer_foreign_keys": 0,
    "empty_result_callbacks": 0,
    "foreign_keys": 1,
    "full_column_names": 0,
    "ignore_check_constraints": 0,
    "legacy_alter_table": 0,
    "query_only": 0,
    "recursive_triggers": 0,
    "reverse_unordered_selects": 0,
    "short_column_names": 1,
    "writable_schema": 0,
}
_HINTS = {
    "case_sensitive_like": "Write GLOB where the case of letters matters",
    "defer_foreign_keys": "Declare the foreign keys DEFERRABLE INITIALLY DEFERRED",
    "foreign_keys": "PostgreSQL always enforces foreign keys",
    "query_only": "Use SET default_transaction_read_only of PostgreSQL",
    "page_count": "Ask PostgreSQL for pg_database_size(current_database())",
    "freelist_count": "PostgreSQL has no list of free pages",
    "function_list": "docs/compatibility.md lists what is translated",
}
#: Settings that a database in memory can't have: what a file takes, its usual one first.
_MODES = {
    "journal_mode": ("delete", "truncate", "persist", "memory", "wal", "off"),
    "locking_mode": ("normal", "exclusive"),
}


def pragma(translator: Translator, node: Node) -> Outcome:
    """A PRAGMA; one that SQLite does not know gives nothing, as in SQLite."""
    name = str(node["pragma_name"]).lower()
    schema = str(node["schema"] or "main").lower()
    if schema not in ("main", "temp"):
        raise unsupported(f"the attached database {node['schema']}")
    value = None if node["value"] is None else str(node["value"])
    if name == "foreign_key_check":
        return _rows(foreign_key_check(translator, value))
    if name in FACTS:
        return _rows(query_of(twin_of(translator.ctx.schema).answer(translator.ctx.text)))
    if name in _KEPT:
        return _kept(translator, name, value)
    if name in _MEANING:
        return _meaning(translator, name, value)
    if name in _TUNING:
        translator.ctx.note(f"PRAGMA {name} is about SQLite's own files and memory")
        return _rows(query_of(_tuned(name, value)))
    if name in known_pragmas():
        raise unsupported(f"PRAGMA {name}", _HINTS.get(name, ""))
    translator.ctx.note(f"SQLite knows no PRAGMA {name} and ignores it")
    return Outcome(Kind.IGNORED, ())


def known_pragmas() -> frozenset[str]:
    """Those that SQLite knows."""
    with closing(apsw.Connection(":memory:")) as connection:
        listed = connection.execute("PRAGMA pragma_list")
        return frozenset(str(row[0]) for row in listed)


def _rows(query: Query) -> Outcome:
    if not query.columns:
        return Outcome(Kind.IGNORED, ())
    return Outcome(Kind.PRAGMA, (query.sql,), query.columns)


def _settled(name: str, value: str) -> int:
    """What SQLite makes of the value that a PRAGMA is set to."""
    with closing(apsw.Connection(":memory:")) as connection:
        connection.execute(f"PRAGMA {name} = {value}")
        if name == "case_sensitive_like":
            ((matches,),) = connection.execute("SELECT 'a' LIKE 'A'")
            return int(not matches)
        ((found,),) = connection.execute(f"PRAGMA {name}")
        return int(str(found))


# --- numbers that are kept ---------------------------------------------------------------------


def _kept(translator: Translator, name: str, value: str | None) -> Outcome:
    if value is None:
        return _rows(kept_number(translator, name))
    if name == "schema_version":
        raise unsupported("setting PRAGMA schema_version", "It counts the definitions by itself")
    schema = literal(translator.ctx.schema.target_schema)
    number = _settled(name, value)
    kept = translator.ctx.call("keep_pragma", schema, literal(name), str(number))
    return Outcome(Kind.PRAGMA, (f"SELECT {kept}",))


def kept_number(translator: Translator, name: str) -> Query:
    """Write the query for a number that a PRAGMA keeps in the database."""
    schema = literal(translator.ctx.schema.target_schema)
    query = query_of(Answer((name,), ((0,),)))
    kept = translator.ctx.call("kept_pragma", schema, literal(name))
    return Query(f"SELECT {kept} AS {query.sql_names[0]}", query.columns)


# --- settings ----------------------------------------------------------------------------------


def _meaning(translator: Translator, name: str, value: str | None) -> Outcome:
    fixed = _MEANING[name]
    if value is None:
        if name == "case_sensitive_like":
            return Outcome(Kind.IGNORED, ())
        return _rows(query_of(Answer((name,), ((fixed,),))))
    if _settled(name, value) != fixed:
        raise unsupported(f"PRAGMA {name} = {value}", _HINTS.get(name, ""))
    translator.ctx.note(f"PRAGMA {name} = {value} is always so in PostgreSQL")
    return Outcome(Kind.IGNORED, ())


def _tuned(name: str, value: str | None) -> Answer:
    """What SQLite answers with a database in a file, fresh and with its usual settings."""
    if name in _MODES:
        given = (value or "").strip("'\"`[]").lower()
        modes = _MODES[name]
        return Answer((name,), ((given if given in modes else modes[0],),))
    with closing(apsw.Connection(":memory:")) as connection:
        found = answer(connection, f"PRAGMA {name}" + ("" if value is None else f" = {value}"))
    if name == "mmap_size":
        return Answer((name,), ((_number(value),),))
    return found


def _number(value: str | None) -> int:
    text = (value or "0").strip("'\"")
    return int(text) if text.isdecimal() else 0


STATEMENTS: dict[str, Statement] = {"PragmaStmt": pragma}
