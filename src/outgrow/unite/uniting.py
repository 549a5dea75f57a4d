"""The door: several snapshots in, one united snapshot out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from outgrow.model.homes import Home, Homes
from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.model.uniting import Origin, Settlements, United
from outgrow.sqlite.copying import PrivateFolder
from outgrow.sqlite.failures import reading
from outgrow.sqlite.snapshot import Snapshot
from outgrow.unite.account import Account, origin_of, origins_of_pooled
from outgrow.unite.astray import ask_about_astray_references
from outgrow.unite.bench import Bench
from outgrow.unite.check import check_counts, check_rows, check_stand_ins
from outgrow.unite.crossing import tell_of_crossing_references
from outgrow.unite.defining import define_table
from outgrow.unite.filling import (
    fill_from_file,
    fill_from_pool,
    set_sequences,
    settle_definition,
)
from outgrow.unite.keys import Key, Signature, keys_of
from outgrow.unite.likeness import tell_of_likely_references
from outgrow.unite.meeting import Meeting
from outgrow.unite.naming import Member, groups_of, relations_of, renamed_apart
from outgrow.unite.objects import Objects
from outgrow.unite.parts import Part, take_parts
from outgrow.unite.pool import Pooled, fill_pool, index_keys
from outgrow.unite.provenance import note_files
from outgrow.unite.references import Graph, draw_graph
from outgrow.unite.union import Union
from outgrow.unite.united import UnitedSnapshot
from outgrow.unite.wording import Ledger

Group = tuple[SourceTable, list[Member]]

#: Told before each table: its name, how many are done, how many there are.
Progress = Callable[[str, int, int], None]


def unite(
    snapshots: Sequence[Snapshot], settlements: Settlements, *, progress: Progress | None = None
) -> Union:
    """Unite several files into one private SQLite database.

    A conflict is settled provisionally, the first file's row staying, and listed; it raises
    nothing.

    Args:
        snapshots: the open files in the order in which they were named.
        settlements: what the plan file says of tables that stand in several files.
        progress: told of each table.

    Raises:
        SourceError: a file can't be read.
        UsageError: one file was named twice.

    """
    with ExitStack() as undo:
        folder = PrivateFolder()
        undo.callback(folder.cleanup)
        taken = take_parts(snapshots, Path(folder.name))
        ledger = Ledger()
        parts, originals = renamed_apart(taken, settlements, ledger)
        files = tuple(part.label for part in parts)
        everything = "+".join(files)
        with reading(everything), Bench(Path(folder.name), _encoding(parts)) as bench:
            work = _Uniting(bench, parts, originals, settlements, ledger, progress)
            homes = work.unite(everything)
        _clear(Path(folder.name))
        snapshot = UnitedSnapshot(homes, folder, bench.path, snapshots)
        undo.pop_all()
    return Union(
        snapshot,
        United(
            files=files,
            origins=tuple(work.origins),
            settlements=settlements,
            conflicts=tuple(ledger.conflicts),
            findings=tuple(ledger.findings),
            renamed=tuple(ledger.renamed),
            left_out=tuple(ledger.left_out),
            row_files=work.row_files,
        ),
    )


def _encoding(parts: Sequence[Part]) -> str:
    return parts[0].source.encoding


def _clear(folder: Path) -> None:
    """Remove what is no longer needed: the copies of the files, and the pool."""
    for path in (*folder.glob("part*"), *folder.glob("pool*")):
        path.unlink()


@dataclass(slots=True)
class _Uniting:
    """The work on one union, step by step."""

    bench: Bench
    parts: list[Part]
    originals: dict[tuple[int, str], str]
    settlements: Settlements
    ledger: Ledger
    progress: Progress | None
    origins: list[Origin] = field(default_factory=list)
    row_files: dict[str, str] = field(default_factory=dict)

    def unite(self, label: str) -> Homes:
        """Do it; give the homes of all objects."""
        groups = [
            (define_table(self.bench, members, self.ledger), members)
            for members in groups_of(self.parts, self.originals)
        ]
        shared = {fold(table.name) for table, members in groups if len(members) > 1}
        tables = {fold(table.name): table for table, _ in groups}
        graph = draw_graph(tables, shared, self.settlements)
        pool = self._pool(groups, graph)
        self._meet(groups, graph, pool)
        final = []
        for done, (table, members) in enumerate(groups):
            if self.progress:
                self.progress(table.name, done, len(groups))
            final.append((self._fill(table, members, pool.get(fold(table.name))), members))
        set_sequences(self.bench, final)
        tell_of_crossing_references(self.bench, final, graph, self.ledger)
        ask_about_astray_references(self.bench, groups, graph, pool, self.ledger)
        return self._objects(label, final, pool)

    def _pool(self, groups: Sequence[Group], graph: Graph) -> dict[str, Pooled]:
        pool: dict[str, Pooled] = {}
        for table, members in groups:
            name = fold(table.name)
            if name not in graph.pooled:
                continue
            pooled = _pooled(len(pool), table, members, graph, self.settlements)
            pool[name] = pooled
            fill_pool(self.bench, pooled)
            index_keys(self.bench, pooled)
        return pool

    def _meet(self, groups: Sequence[Group], graph: Graph, pool: dict[str, Pooled]) -> None:
        meeting = Meeting(self.bench, self.parts, graph, pool, self.settlements)
        meeting.meet()
        account = Account(self.ledger, self.settlements)
        for (name, source), result in meeting.results.items():
            account.tell(pool[name], self.parts[source - 1], result)
        for part in self.parts:
            tell_of_likely_references(self.bench, part, groups, graph, pool, self.ledger)

    def _fill(
        self, table: SourceTable, members: list[Member], pooled: Pooled | None
    ) -> SourceTable:
        if pooled is None:
            self.bench.run(table.sql)
            rows = fill_from_file(self.bench, members[0], table)
            origins = [origin_of(members[0], table, rows)]
        else:
            table = settle_definition(self.bench, pooled, self.settlements.provenance, self.ledger)
            self.bench.run(table.sql)
            fill_from_pool(self.bench, pooled, table)
            origins = origins_of_pooled(self.bench, pooled)
            check_stand_ins(self.bench, pooled)
            for member in members:
                check_rows(self.bench, pooled, member)
            if len(members) > 1:
                self.row_files[fold(table.name)] = note_files(self.bench, pooled, table)
        check_counts(self.bench, table, origins)
        self.origins += origins
        return table

    def _objects(self, label: str, groups: Sequence[Group], pool: dict[str, Pooled]) -> Homes:
        relations: dict[str, Home] = {}
        columns = {}
        for table, members in groups:
            first = members[0]
            relations[fold(table.name)] = (first.part.label, first.original)
            known = {fold(column.name) for column in first.table.columns}
            for member in members[1:]:
                for column in member.table.columns:
                    if fold(column.name) not in known:
                        known.add(fold(column.name))
                        columns[fold(table.name), fold(column.name)] = member.part.label
        given_up = {
            name: {key.signature: reason for key, reason in pooled.given_up.items()}
            for name, pooled in pool.items()
        }
        taken = {name for part in self.parts for name in relations_of(part)}
        objects = Objects(self.bench, self.ledger, relations, given_up, taken)
        objects.make(self.parts)
        return Homes(label, relations, objects.triggers, columns)


def _pooled(
    number: int, table: SourceTable, members: list[Member], graph: Graph, settlements: Settlements
) -> Pooled:
    keys: dict[Signature, Key] = {}
    declared = [keys_of(member.table) for member in members]
    for key in (each for own in declared for each in own):
        keys.setdefault(key.signature, key)
    everywhere = set.intersection(*({key.signature for key in own} for own in declared))
    leading = graph.leading(fold(table.name))
    alias = "" if fold(table.rowid_alias) in leading else table.rowid_alias
    is_shared = len(members) > 1
    changing = leading | ({fold(alias)} if alias and is_shared else frozenset())
    if changing:
        changing |= {fold(each.name) for each in table.columns if each.generated is not None}
    return Pooled(
        number=number,
        table=table,
        members=members,
        keys=list(keys.values()),
        optional=[key for key in keys.values() if key.signature not in everywhere],
        id=alias,
        renumbers=bool(alias)
        and is_shared
        and (
            all(member.table.autoincrement for member in members)
            or settlements.table(table.name).renumber
        ),
        changing=changing,
    )
