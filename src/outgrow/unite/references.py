"""Which columns lead to which rows, and what they hold once those rows have moved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.model.uniting import Settlements
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, both
from outgrow.unite.pool import Pooled

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that hold the value of a key of another row: a foreign key, or what is settled so.

    Names are folded; ``parent_columns`` are in the order of ``columns``.
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]


def references_of(
    tables: Mapping[str, SourceTable], settlements: Settlements
) -> dict[str, list[Reference]]:
    """Give the references of each table by folded name, to tables that there are."""
    return {
        name: [*_declared(table, tables), *_followed(table, tables, settlements)]
        for name, table in tables.items()
    }


def _declared(table: SourceTable, tables: Mapping[str, SourceTable]) -> Iterator[Reference]:
    for key in table.foreign_keys:
        parent = tables.get(fold(key.parent))
        if parent is None:
            continue
        columns = key.parent_columns
        if not columns and parent.primary_key is not None:
            columns = parent.primary_key.columns
        known = {fold(column.name) for column in parent.columns}
        if len(columns) == len(key.columns) and known.issuperset(map(fold, columns)):
            yield Reference(
                fold(table.name),
                tuple(map(fold, key.columns)),
                fold(parent.name),
                tuple(map(fold, columns)),
            )


def _followed(
    table: SourceTable, tables: Mapping[str, SourceTable], settlements: Settlements
) -> Iterator[Reference]:
    known = {fold(column.name) for column in table.columns}
    for column, target in settlements.table(table.name).follows.items():
        parent = tables.get(fold(target))
        if parent is None or parent.primary_key is None or fold(column) not in known:
            continue
        if len(parent.primary_key.columns) == 1:
            key = (fold(parent.primary_key.columns[0]),)
            yield Reference(fold(table.name), (fold(column),), fold(parent.name), key)


@dataclass(frozen=True, slots=True)
class Graph:
    """All references, and which columns change when rows of several files become one.

    ``pooled`` are the folded names of the tables whose rows meet others or lead to such rows.
    """

    tables: Mapping[str, SourceTable]
    references: Mapping[str, Sequence[Reference]]
    pooled: frozenset[str]

    def leading(self, name: str, among: Collection[str] | None = None) -> frozenset[str]:
        """Give the columns of a table that lead to pooled rows, or to those of some tables."""
        parents = self.pooled if among is None else among
        return frozenset(
            column
            for reference in self.references[name]
            if reference.parent in parents
            for column in reference.columns
        )

    def leads(self, table: str, column: str) -> list[tuple[Reference, int]]:
        """Give the references of a column that lead to pooled rows, with its place in each."""
        return [
            (reference, reference.columns.index(column))
            for reference in self.references[table]
            if column in reference.columns and reference.parent in self.pooled
        ]

    def parents(self, name: str) -> set[str]:
        """Give the pooled tables that a table leads to."""
        return {each.parent for each in self.references[name] if each.parent in self.pooled}

    def layers(self) -> list[list[str]]:
        """Give the pooled tables, parents first; those that lead to each other in one list."""
        return _components({name: sorted(self.parents(name)) for name in sorted(self.pooled)})


def draw_graph(
    tables: Mapping[str, SourceTable], shared: set[str], settlements: Settlements
) -> Graph:
    """Find what leads where, starting at the tables that stand in several files."""
    references = references_of(tables, settlements)
    pooled = set(shared)
    while True:
        more = {
            name
            for name, own in references.items()
            if name not in pooled and any(each.parent in pooled for each in own)
        }
        if not more:
            return Graph(tables, references, frozenset(pooled))
        pooled |= more


def _components(edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Give the strongly connected components, each after those that it leads to (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for start in edges:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        work = [(start, iter(edges[start]))]
        while work:
            node, following = work[-1]
            step = next(following, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    place = stack.index(node)
                    found.append(sorted(stack[place:]))
                    del stack[place:]
            elif step not in index:
                index[step] = low[step] = len(index)
                stack.append(step)
                work.append((step, iter(edges[step])))
            elif step in stack:
                low[node] = min(low[node], index[step])
    return found


@dataclass(frozen=True, slots=True)
class Followers:
    """Keeps the references of pooled rows at the rows that they led to in their own file."""

    bench: Bench
    graph: Graph
    pool: Mapping[str, Pooled]
    _known: dict[tuple[str, str], list[_Lead]] = field(default_factory=dict)
    _ids: dict[int, list[tuple[Pooled, str]]] = field(default_factory=dict)

    def index(self) -> None:
        """Make the indexes by which a row finds the row that it refers to."""
        made = set()
        for references in self.graph.references.values():
            for each in references:
                place = (each.parent, each.parent_columns)
                if each.parent not in self.pool or place in made:
                    continue
                made.add(place)
                parent = self.pool[each.parent]
                columns = ", ".join(parent.was(name) for name in each.parent_columns)
                self.bench.run(
                    f"CREATE INDEX pool.r{len(made)} ON t{parent.number} ({parent.src}, {columns})"
                )

    def follow(self, name: str, source: int) -> int:
        """Let the rows of a file in a table refer to what their parents became.

        Returns:
            How many rows changed.

        """
        child = self.pool[name]
        columns = [column for column in child.stored if fold(column) in child.changing]
        new = {
            column: value
            for column in columns
            if (value := self._new(name, column, source)) is not None
        }
        if not new:
            return 0
        news = ", ".join(f"{value} AS n{place}" for place, value in enumerate(new.values()))
        names = [quote_identifier(column) for column in new]
        sets = ", ".join(f"{each} = m.n{place}" for place, each in enumerate(names))
        differs = " OR ".join(
            f"c.{each} IS NOT m.n{place} COLLATE BINARY" for place, each in enumerate(names)
        )
        return self.bench.run(
            f"UPDATE {child.name} AS c SET {sets} FROM (SELECT c.{child.rid} AS rid, {news} "
            f"FROM {child.name} AS c WHERE c.{child.src} = {source}) AS m "
            f"WHERE c.{child.rid} = m.rid AND ({differs})"
        )

    def _new(self, name: str, column: str, source: int) -> str | None:
        """Write what a column holds now, ``None`` where nothing but its own id is in it."""
        leads = self._leads(name, fold(column))
        if not leads:
            return None
        child = self.pool[name]
        was = f"c.{child.was(column)}"
        values = [_through(child, lead, was, source) for lead in leads if lead.met]
        values += _moved(leads, was, source)
        return f"coalesce({', '.join([*values, was, 'NULL'])})"

    def may_change(self, name: str, column: str) -> bool:
        """Whether what a column leads to can get another value."""
        return any(lead.met or lead.is_id for lead in self._leads(name, column))

    def columns_to(self, name: str) -> list[tuple[Pooled, str]]:
        """Give the columns whose integers are ids of a table, each with its own table."""
        if not self._ids:
            for other, pooled in self.pool.items():
                for column in sorted(pooled.changing):
                    place = (pooled, pooled.table.column(column).name)
                    leads = self._leads(other, column)
                    for target in {lead.parent.number for lead in leads if lead.is_id}:
                        self._ids.setdefault(target, []).append(place)
        return self._ids.get(self.pool[name].number, [])

    def _leads(self, name: str, column: str) -> list[_Lead]:
        """Give where a column leads: straight, then through what its parents lead to."""
        place = (name, column)
        if place not in self._known:
            self._known[place] = list(self._found(name, column))
        return self._known[place]

    def _found(self, name: str, column: str) -> Iterator[_Lead]:
        pending = [(name, column)]
        seen = {(name, column)}
        while pending:
            table, own = pending.pop(0)
            for reference, place in self.graph.leads(table, own):
                parent = self.pool[reference.parent]
                theirs = reference.parent_columns[place]
                met: tuple[tuple[str, str], ...] = ()
                # A foreign key to columns that are no key finds no row for sure
                # (https://www.sqlite.org/foreignkeys.html#fk_indexes).
                if parent.is_key(reference.parent_columns):
                    if (table, own) == (name, column):
                        met = tuple(zip(reference.columns, reference.parent_columns, strict=True))
                    elif len(reference.columns) == 1:
                        met = ((column, theirs),)
                yield _Lead(parent, theirs, met)
                if (reference.parent, theirs) not in seen:
                    seen.add((reference.parent, theirs))
                    pending.append((reference.parent, theirs))


@dataclass(frozen=True, slots=True)
class _Lead:
    """Where a column leads to: a column of a parent.

    ``met`` are the columns of both by which the one row is found, none where it is not for sure.
    """

    parent: Pooled
    column: str
    met: tuple[tuple[str, str], ...]

    @property
    def is_id(self) -> bool:
        """Whether it leads to ids that may be renumbered."""
        return self.parent.renumbers and self.column == fold(self.parent.id)


def _through(child: Pooled, lead: _Lead, was: str, source: int) -> str:
    """Write the value of the row that stands for the parent, in the class of the child's."""
    parent = lead.parent
    now = f"g.{quote_identifier(parent.table.column(lead.column).name)}"
    met = [f"p.{parent.was(theirs)} = c.{child.was(own)}" for own, theirs in lead.met]
    return (
        f"(SELECT CASE WHEN {now} IS p.{parent.was(lead.column)} COLLATE BINARY THEN {was} "
        f"WHEN typeof({now}) = typeof({was}) THEN {now} "
        f"WHEN typeof({was}) = 'text' THEN CAST({now} AS TEXT) "
        f"WHEN typeof({was}) = 'real' THEN CAST({now} AS REAL) ELSE {now} END "
        f"FROM {parent.name} AS p JOIN {parent.name} AS g "
        f"ON g.{parent.rid} = coalesce(p.{parent.goal}, p.{parent.rid}) "
        f"WHERE p.{parent.src} = {source} AND {both(met)} LIMIT 1)"
    )


def _moved(leads: Sequence[_Lead], was: str, source: int) -> Iterator[str]:
    """Write what an id without a row becomes: it moves along, and meets no other file's row."""
    for lead in leads:
        offset = lead.parent.offsets.get(source, 0)
        if offset and lead.is_id:
            yield (
                f"CASE WHEN typeof({was}) = 'integer' AND {was} > 0 "
                f"AND {was} <= {_LARGEST - offset} THEN {was} + {offset} END"
            )
