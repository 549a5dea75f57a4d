"""ON CONFLICT … DO NOTHING and DO UPDATE: https://www.sqlite.org/lang_upsert.html."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.parse import Node, children
from outgrow.translate.queries.sources import table_source
from outgrow.translate.schema import KeyInfo
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator
from outgrow.translate.writing.chain import Link
from outgrow.translate.writing.given import Given
from outgrow.translate.writing.keys import conflict_target, matching
from outgrow.translate.writing.replacing import may_conflict
from outgrow.translate.writing.setting import check_moment, settings
from outgrow.translate.writing.target import Target


@dataclass(frozen=True, slots=True)
class _Clause:
    """One ON CONFLICT clause and the keys that it stands for."""

    node: Node
    keys: tuple[KeyInfo, ...]

    @property
    def updates(self) -> bool:
        return bool(self.node["action"] == "UPDATE")

    @property
    def is_open(self) -> bool:
        """Whether it names no key, and so stands for all."""
        return not self.node["columns"]


@dataclass(frozen=True, slots=True)
class Upsert:
    """The ON CONFLICT clauses of an INSERT."""

    target: Target
    clauses: tuple[_Clause, ...]

    @property
    def updates(self) -> bool:
        """Whether a row may be updated instead."""
        return any(clause.updates for clause in self.clauses)

    @property
    def keys(self) -> tuple[KeyInfo, ...]:
        """The keys that its clauses stand for."""
        table = self.target.table
        named = [key for clause in self.clauses for key in clause.keys]
        return tuple(key for key in (table.keys if table else ()) if key in named)

    def clause(self, translator: Translator, given: Given) -> str:
        """Write the one clause that PostgreSQL takes; raises UntranslatableSQL."""
        table = self.target.table
        assert table is not None
        keys = _conflicting(given)
        clauses = _effective(self.clauses, keys)
        if not clauses:
            return ""
        if not any(clause.updates for clause in clauses) and _covers(clauses, keys):
            return " ON CONFLICT DO NOTHING"
        (only,) = clauses
        where = conflict_target(translator.ctx, table, only.keys[0])
        if not only.updates:
            return f" ON CONFLICT {where} DO NOTHING"
        return f" ON CONFLICT {where} DO UPDATE SET {self._update(translator, given, only)}"

    def links(self, given: Given) -> list[Link]:
        """The clauses as a chain, where one clause of PostgreSQL can't say them."""
        keys = _conflicting(given)
        clauses = _effective(self.clauses, keys)
        if not any(clause.updates for clause in clauses) and _covers(clauses, keys):
            return []
        if len(clauses) < 2 and all(not c.is_open or len(c.keys) == 1 for c in clauses):
            return []
        return [Link(c.keys, c.node if c.updates else None) for c in clauses]

    def _update(self, translator: Translator, given: Given, clause: _Clause) -> str:
        table = self.target.table
        assert table is not None
        if given.may_be_several and given.rows is None:
            check_moment(translator, clause.node, self.target, of_one_row=False)
        excluded = replace(
            table_source(table, "excluded", "EXCLUDED"), qualified_only=True, order=()
        )
        if given.has_automatic_ids:
            excluded = _without_rowid(excluded, self.target)
        inner = translator.inside(Scope((self.target.row, excluded), translator.scope))
        sets = settings(inner, clause.node, self.target)
        written = ", ".join(setting.sql for setting in sets)
        if clause.node["update_where"]:
            written += f" WHERE {inner.condition(clause.node['update_where']).sql}"
        return written


def _without_rowid(excluded: Source, target: Target) -> Source:
    """An automatic rowid of a row that is not inserted: SQLite's own is not settled."""
    rowid = target.rowid
    assert rowid is not None
    columns = {n: v for n, v in excluded.columns.items() if n != fold(rowid.source)}
    return replace(excluded, columns=columns, rowid=None)


def _conflicting(given: Given) -> list[KeyInfo]:
    """The keys on which a given row may conflict."""
    table = given.target.table
    return [key for key in table.keys if may_conflict(given, key)] if table else []


def _effective(clauses: Sequence[_Clause], keys: Sequence[KeyInfo]) -> list[_Clause]:
    """The clauses that may be reached, each with the keys that no earlier one stands for."""
    left = list(keys)
    found = []
    for clause in clauses:
        own = tuple(key for key in left if key in clause.keys)
        left = [key for key in left if key not in own]
        if own:
            found.append(replace(clause, keys=own))
    return found


def _covers(clauses: Sequence[_Clause], keys: Sequence[KeyInfo]) -> bool:
    return all(any(key in clause.keys for clause in clauses) for key in keys)


def upsert_of(node: Node, target: Target) -> Upsert:
    """Find the keys that the clauses name; raises UntranslatableSQL."""
    table = target.table
    if table is None:
        raise unsupported("cannot UPSERT a view")
    clauses = []
    for clause in children(node["upsert"]):
        keys = tuple(matching(table, clause))
        if clause["columns"] and not keys:
            raise UntranslatableSQL(
                UNKNOWN_NAME,
                "ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint",
            )
        clauses.append(_Clause(clause, keys))
    return Upsert(target, tuple(clauses))
