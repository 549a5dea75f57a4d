"""References that would lead to another row than in their own file: only a person can help there.

A generated column follows no row, and a column that refers to two tables can't follow both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, both, table_name
from outgrow.unite.naming import Member
from outgrow.unite.pool import SUPERSEDED, Pooled
from outgrow.unite.references import Graph, Reference
from outgrow.unite.wording import ASTRAY, Ledger, counted


def ask_about_astray_references(
    bench: Bench,
    groups: Sequence[tuple[SourceTable, list[Member]]],
    graph: Graph,
    pool: Mapping[str, Pooled],
    ledger: Ledger,
) -> None:
    """Compare where each reference leads now with where it led, row by row.

    The tables in the database are filled. Those that a reference can't follow have to stay apart.
    """
    members = {fold(table.name): having for table, having in groups}
    asked = {fold(conflict.table) for conflict in ledger.conflicts}
    for name, child in pool.items():
        for reference in graph.references[name]:
            for source, rows in _astray(bench, child, reference, pool, members[reference.parent]):
                member = child.member(source)
                label = member.part.label if member else ""
                columns = [child.table.column(each).name for each in reference.columns]
                what = (
                    f"{counted(rows, 'row')} of {label} in {child.table.name} would refer to "
                    f"other rows by {', '.join(columns)} than in the file, because the column is "
                    "generated or refers to several tables, so it can't follow ids that move"
                )
                for parent in _sources(graph, pool, reference):
                    if fold(parent.table.name) not in asked:
                        asked.add(fold(parent.table.name))
                        files = tuple(each.part.label for each in parent.members)
                        ledger.conflict(ASTRAY, parent.table.name, files, what, ("apart = true",))


def _astray(
    bench: Bench,
    child: Pooled,
    reference: Reference,
    pool: Mapping[str, Pooled],
    holders: Sequence[Member],
) -> Iterator[tuple[int, int]]:
    """Give the files whose rows lead elsewhere now, and how many rows those are."""
    parent = pool.get(reference.parent)
    own = [child.table.column(name).name for name in reference.columns]
    rows = (
        f"FROM {child.name} AS c CROSS JOIN {child.name} AS cg "
        f"ON cg.{child.rid} = coalesce(c.{child.goal}, c.{child.rid})"
    )
    stays = f"c.{child.how} IS NOT '{SUPERSEDED}'"
    if parent is None:
        if not child.changing.isdisjoint(reference.columns):
            source = holders[0].part.number
            yield from bench.rows(
                f"SELECT {source}, count(*) {rows} WHERE c.{child.src} = {source} AND {stays} "
                f"AND ({', '.join(f'c.{child.was(name)}' for name in own)}) IN (SELECT "
                f"{', '.join(map(quote_identifier, reference.parent_columns))} "
                f"FROM {table_name('main', holders[0].table.name)}) AND "
                + _differ(
                    [(f"cg.{quote_identifier(name)}", f"c.{child.was(name)}") for name in own]
                )
                + " HAVING count(*)"
            )
    elif parent.is_key(reference.parent_columns):
        theirs = [parent.table.column(name).name for name in reference.parent_columns]
        pairs = list(zip(theirs, own, strict=True))
        met = [f"p.{parent.was(one)} = c.{child.was(other)}" for one, other in pairs]
        yield from bench.rows(
            f"SELECT c.{child.src}, count(*) {rows} CROSS JOIN {parent.name} AS p "
            f"ON p.{parent.src} = c.{child.src} AND {both(met)} "
            f"CROSS JOIN {parent.name} AS pg "
            f"ON pg.{parent.rid} = coalesce(p.{parent.goal}, p.{parent.rid}) WHERE {stays} AND "
            + _differ(
                [
                    (f"pg.{quote_identifier(one)}", f"cg.{quote_identifier(other)}")
                    for one, other in pairs
                ]
            )
            + f" GROUP BY c.{child.src}"
        )


def _differ(pairs: Sequence[tuple[str, str]]) -> str:
    return f"({both([f'{one} = {other}' for one, other in pairs])}) IS NOT TRUE"


def _sources(graph: Graph, pool: Mapping[str, Pooled], reference: Reference) -> list[Pooled]:
    """Give the tables of several files that the columns lead to, straight or through others."""
    pending = [(reference.table, column) for column in reference.columns]
    seen = set(pending)
    found: dict[str, Pooled] = {}
    while pending:
        table, column = pending.pop()
        for each, place in graph.leads(table, column):
            step = (each.parent, each.parent_columns[place])
            if len(pool[each.parent].members) > 1:
                found.setdefault(each.parent, pool[each.parent])
            if step not in seen:
                seen.add(step)
                pending.append(step)
    return list(found.values())
