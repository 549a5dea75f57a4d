"""INSERT and REPLACE."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node
from outgrow.translate.schema import KeyInfo
from outgrow.translate.translator import Translator
from outgrow.translate.writing.chain import Chain, Link
from outgrow.translate.writing.common import conflict_action, prefixed
from outgrow.translate.writing.facts import check_facts
from outgrow.translate.writing.fired import fired_by, tables_named
from outgrow.translate.writing.given import GIVEN, Given, check_defaults, given_of
from outgrow.translate.writing.ignoring import survives
from outgrow.translate.writing.overriding import check_conflicts, check_upsert
from outgrow.translate.writing.replacing import Replacing, may_conflict
from outgrow.translate.writing.returning import Returned, returned
from outgrow.translate.writing.rowwise import goes_beyond_its_row, note_rows
from outgrow.translate.writing.target import Target, quoted_names, target_of
from outgrow.translate.writing.update import where_clause
from outgrow.translate.writing.upsert import Upsert, upsert_of


@dataclass(frozen=True, slots=True)
class _Insert:
    """One INSERT while it is written."""

    ctx: Context
    prefix: str
    target: Target
    returned: Returned

    def plain(self, given: Given, conflict: str = "") -> str:
        """The rows as they are."""
        into = f"INSERT INTO {self.target.written}"
        return f"{self.prefix}{into} {given.plain(self.ctx)}{conflict}{self.returned.sql}"

    def filtered(self, given: Given, tests: list[str], conflict: str, before: str = "") -> str:
        """Those of the rows that pass the tests; ``before`` is one more common table."""
        table = self.target.table
        if table is not None and table.autoincrement and given.has_automatic_ids:
            # SQLite counts the others too.
            given = replace(given, numbers=True)
        columns = given.written_columns
        names = quoted_names(columns)
        selected = ", ".join(f"{GIVEN}.{quote(column.name)}" for column in columns)
        where = where_clause(tests)
        if before:
            # A data-modifying part sees what a part before it gives only by its name.
            head = f"{self.prefix.rstrip()}, " if self.prefix else "WITH "
            head += f"{GIVEN} AS MATERIALIZED ({given.relation(self.ctx)}), {before} "
            rows = f"SELECT {selected} FROM {GIVEN}{where}"
        else:
            head = self.prefix
            rows = f"SELECT {selected} FROM ({given.relation(self.ctx)}) AS {GIVEN}{where}"
        into = f"INSERT INTO {self.target.written} ({names})"
        return f"{head}{into} {rows}{conflict}{self.returned.sql}"


def insert(translator: Translator, node: Node, *, wants_rowid: bool = False) -> Outcome:
    """Translate INSERT; raises UntranslatableSQL.

    ``wants_rowid``: each row inserted gives its rowid, as it always does for an application.
    """
    begun = prefixed(translator, node)
    translator, ctx = begun.translator, translator.ctx
    target = target_of(translator, node)
    action = conflict_action(node, target)
    upsert = upsert_of(node, target) if node["upsert"] else None
    check_conflicts(ctx.schema, node, action)
    check_upsert(ctx.schema, node)
    given = given_of(translator, target, node)
    if target.table is None:
        return _into_view(ctx, begun.sql, node, given, upsert)
    check_defaults(ctx, given)
    updates = upsert is not None and upsert.updates
    back = returned(translator, node, target, upserts=updates, rowid=wants_rowid or ctx.runtime)
    writer = _Insert(ctx, begun.sql, target, back)
    check_facts(node)
    given = replace(given, refills=action == "REPLACE", reuses=_reused(given, action, upsert))
    write, one_by_one = _way(translator, node, writer, given, action, upsert)
    if not one_by_one:
        one_by_one = any(goes_beyond_its_row(ctx.schema, f) for f in fired_by(ctx.schema, node))
    parts = list(given.one_by_one()) if one_by_one and given.may_be_several else [given]
    if len(parts) == 1 and given.may_be_several:
        note_rows(ctx, node)
    if len(parts) > 1 and fold(target.source) in tables_named(node["source"]):
        raise unsupported(
            f"several rows with a query over {target.source}, which are written one by one",
            "Insert each row with a statement of its own",
        )
    return Outcome(
        Kind.INSERT,
        tuple(write(part) for part in parts),
        back.columns,
        fold(target.source),
        back.gives_rowid,
        summed=len(parts) > 1,
    )


def _reused(given: Given, action: str, upsert: Upsert | None) -> tuple[KeyInfo, ...]:
    """The keys on whose conflict a row keeps its rowid."""
    table = given.target.table
    if table is None or not given.has_automatic_ids or not (upsert or action == "IGNORE"):
        return ()
    if table.autoincrement:
        # SQLite too counts rows that are not inserted there.
        return ()
    keys = upsert.keys if upsert else table.keys
    return tuple(key for key in keys if may_conflict(given, key))


_Way = tuple[Callable[[Given], str], bool]


def _way(
    translator: Translator,
    node: Node,
    writer: _Insert,
    given: Given,
    action: str,
    upsert: Upsert | None,
) -> _Way:
    """How a row is written, and whether rows have to be written one by one."""
    ctx = translator.ctx
    if upsert is not None:
        if action not in ("DEFAULT", "ABORT"):
            raise unsupported(f"OR {action} beside ON CONFLICT")
        links = upsert.links(given)
        if links:
            return _chained(translator, writer, given, links)
        clause = upsert.clause(translator, given)
        return (lambda part: writer.plain(part, clause)), upsert.updates
    if action == "IGNORE":
        return _ignoring(ctx, node, writer, given)
    if action == "REPLACE":
        return _replacing(ctx, node, writer, given)
    return writer.plain, False


def _chained(translator: Translator, writer: _Insert, given: Given, links: Sequence[Link]) -> _Way:
    table = writer.target.table
    assert table is not None
    if given.rows is None:
        raise unsupported("several ON CONFLICT clauses for the rows of a query")
    _check_columns(given)
    answers = translator.ctx.runtime or bool(writer.returned.sql)
    chain = Chain(translator, writer.prefix, writer.target, table, links, writer.returned, answers)
    chain.check(given)
    return chain.write, True


def _ignoring(ctx: Context, node: Node, writer: _Insert, given: Given) -> _Way:
    conflict = " ON CONFLICT DO NOTHING"
    tests = survives(ctx, given)
    if not tests:
        return (lambda part: writer.plain(part, conflict)), False
    if any(fired.timing == "BEFORE" for fired in fired_by(ctx.schema, node)):
        raise unsupported("OR IGNORE where NULL or a CHECK may ignore a row after BEFORE triggers")
    _check_columns(given)
    return (lambda part: writer.filtered(part, tests, conflict)), False


def _replacing(ctx: Context, node: Node, writer: _Insert, given: Given) -> _Way:
    way = Replacing(ctx, node, given)
    if not way.keys:
        return writer.plain, False
    way.check_references()
    if way.in_place:
        conflict = way.conflict_clause()
        return (lambda part: writer.plain(part, conflict)), True
    _check_columns(given)
    before, test = way.deletion()
    return (lambda part: writer.filtered(part, [test], "", before)), True


def _check_columns(given: Given) -> None:
    if not given.columns:
        raise unsupported("DEFAULT VALUES in a table where such a row may break a constraint")


def _into_view(
    ctx: Context, prefix: str, node: Node, given: Given, upsert: Upsert | None
) -> Outcome:
    if upsert is not None:
        raise unsupported("cannot UPSERT a view")
    if node["returning"]:
        raise unsupported("RETURNING of a view's INSTEAD OF trigger")
    sql = f"{prefix}INSERT INTO {given.target.written} {given.plain(ctx)}"
    return Outcome(Kind.INSERT, (sql,), writes=fold(given.target.source))
