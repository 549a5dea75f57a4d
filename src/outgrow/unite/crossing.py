"""References that found nothing in their own file and find rows of another one now."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.model.findings import Severity
from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.unite.bench import Bench, table_name
from outgrow.unite.naming import Member
from outgrow.unite.references import Graph, Reference
from outgrow.unite.wording import CROSSING, Ledger, counted
from outgrow.unite.writing import quoted_list


def tell_of_crossing_references(
    bench: Bench, groups: Sequence[tuple[SourceTable, list[Member]]], graph: Graph, ledger: Ledger
) -> None:
    """Tell of files that refer to a table which they lack, or have without a row.

    That may be meant, where an application opens both files at once, and it may be chance.
    """
    members = {fold(table.name): having for table, having in groups}
    for table, having in groups:
        for reference in graph.references[fold(table.name)]:
            parents = {each.part.number: each for each in members[reference.parent]}
            for member in having:
                own = {fold(column.name) for column in member.table.columns}
                parent = parents.get(member.part.number)
                if own.issuperset(reference.columns) and not _has_rows(bench, parent):
                    _tell(bench, member, reference, graph, ledger)


def _has_rows(bench: Bench, member: Member | None) -> bool:
    if member is None:
        return False
    with bench.attached(member.part, member.original):
        origin = table_name(member.part.schema, member.table.name)
        return bool(bench.value(f"SELECT EXISTS (SELECT 1 FROM {origin})"))


def _tell(bench: Bench, member: Member, reference: Reference, graph: Graph, ledger: Ledger) -> None:
    parent = graph.tables[reference.parent]
    columns = [member.table.column(name).name for name in reference.columns]
    theirs = quoted_list(tuple(parent.column(name).name for name in reference.parent_columns))
    with bench.attached(member.part, member.original):
        found = bench.value(
            f"SELECT count(*) FROM {table_name(member.part.schema, member.table.name)} "
            f"WHERE ({quoted_list(tuple(columns))}) IN "
            f"(SELECT {theirs} FROM {table_name('main', parent.name)})"
        )
    if found:
        ledger.tell(
            CROSSING,
            f"{member.part.label}:{member.original}.{','.join(columns)}",
            f"{counted(found, 'row')} referred to {parent.name}, which has no row in "
            f"{member.part.label}, and find rows of another file now",
            fix="If the files don't belong together, move each into a schema of its own",
            severity=Severity.WARNING,
        )
