"""Columns that look like references to renumbered ids, though nobody declared them so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from outgrow.model.findings import Severity
from outgrow.model.names import fold
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, table_name
from outgrow.unite.naming import Member
from outgrow.unite.parts import Part
from outgrow.unite.pool import Pooled
from outgrow.unite.references import Graph
from outgrow.unite.wording import UNDECLARED, Ledger, counted

_ENDINGS = ("_id", "id", "_fk", "_ref")


def tell_of_likely_references(
    bench: Bench,
    part: Part,
    groups: Iterable[tuple[SourceTable, list[Member]]],
    graph: Graph,
    pool: Mapping[str, Pooled],
    ledger: Ledger,
) -> None:
    """Tell of columns of a file that are named after a table whose ids moved, and hold its ids."""
    moved = [each for each in pool.values() if each.offsets.get(part.number)]
    if not moved:
        return
    with bench.attached(part):
        for table, members in groups:
            for member in members:
                if member.part.number == part.number:
                    for column, target in _candidates(member.table, table, moved, graph):
                        _tell(bench, part, member, column, target, ledger)


def _candidates(
    own: SourceTable, united: SourceTable, moved: list[Pooled], graph: Graph
) -> Iterator[tuple[SourceColumn, Pooled]]:
    declared = {
        column for reference in graph.references[fold(united.name)] for column in reference.columns
    }
    for column in own.columns:
        if fold(column.name) in declared or column.generated is not None:
            continue
        if column.affinity in (Affinity.REAL, Affinity.TEXT) or column.name == own.rowid_alias:
            continue
        for target in moved:
            if _stem(column.name) in _names(target.table.name):
                yield column, target


def _stem(column: str) -> str:
    folded = fold(column)
    ending = next((each for each in _ENDINGS if folded.endswith(each)), "")
    return folded[: len(folded) - len(ending)].rstrip("_") if ending else ""


def _names(table: str) -> set[str]:
    """Give the names by which a column may call a table: its last words, and one of them."""
    words = fold(table).split("_")
    tails = {"_".join(words[start:]) for start in range(len(words))}
    tails |= {tail.replace("_", "") for tail in tails}
    return {name for tail in tails for name in (tail, *_singulars(tail)) if name}


def _singulars(word: str) -> Iterator[str]:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            yield word[: -len(ending)] + instead


def _tell(
    bench: Bench, part: Part, member: Member, column: SourceColumn, target: Pooled, ledger: Ledger
) -> None:
    name = quote_identifier(column.name)
    own = target.member(part.number)
    if own is None:
        return
    key = quote_identifier(target.id)
    values, found = bench.rows(
        f"SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM "
        f"{table_name(part.schema, own.table.name)} AS p WHERE p.{key} = c.{name})) "
        f"FROM {table_name(part.schema, member.table.name)} AS c WHERE typeof(c.{name}) = 'integer'"
    )[0]
    if found and found * 2 >= values:
        ledger.tell(
            UNDECLARED,
            f"{part.label}:{member.original}.{column.name}",
            f"it looks like a reference to {target.table.name}, whose ids moved by "
            f"{target.offsets[part.number]:,}: {found:,} of {counted(values, 'number')} are ids "
            "there; it is not declared, so its values stay as they are",
            fix=f'If it is one, write follows = "{target.table.name}" below '
            f"[tables.{member.table.name}.columns.{column.name}] in the plan file",
            severity=Severity.WARNING,
        )
