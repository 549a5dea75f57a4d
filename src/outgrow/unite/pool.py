"""Where rows of several files meet: one table each, without constraints, beside the new database.

Each row knows its file, and the row that stands for it once it has been found to be the same as
another (``merged``) or to give way to it (``superseded``). Values that uniting may change keep
what they were.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from outgrow.model.names import fold
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, both, table_name
from outgrow.unite.keys import Key
from outgrow.unite.naming import Member

#: How many terms a function call may have, with room to spare
#: (https://www.sqlite.org/limits.html#max_function_arg).
_TERMS = 100

#: What became of a row that another one stands for.
MERGED, SUPERSEDED = "merged", "superseded"


@dataclass(slots=True)
class Pooled:
    """A table in the pool.

    Args:
        number: tells the tables apart.
        table: the united definition.
        members: the tables it is made of.
        keys: what no two rows may share, as far as it was not given up.
        optional: keys that not every file declares.
        id: the column that stands for the rowid and refers to nothing, '' if there is none.
        renumbers: its ids may be renumbered.
        changing: folded names of the columns that uniting may change.
        offsets: by file: what was added to its ids.
        given_up: keys that can't be kept, each with the reason.

    """

    number: int
    table: SourceTable
    members: Sequence[Member]
    keys: list[Key]
    optional: Collection[Key] = ()
    id: str = ""
    renumbers: bool = False
    changing: frozenset[str] = frozenset()
    offsets: dict[int, int] = field(default_factory=dict)
    given_up: dict[Key, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The table, as SQL."""
        return f"pool.t{self.number}"

    def own(self, word: str) -> str:
        """Name a column of ours so that no column of the table is called the same."""
        mark = "~"
        while any(column.name.startswith(mark) for column in self.table.columns):
            mark += "~"
        return quote_identifier(mark + word)

    @property
    def rid(self) -> str:
        """The row's number: earlier files first, each in its own order."""
        return self.own("rid")

    @property
    def src(self) -> str:
        """The number of the row's file."""
        return self.own("src")

    @property
    def goal(self) -> str:
        """The row that stands for this one; NULL where it stays itself."""
        return self.own("goal")

    @property
    def how(self) -> str:
        """``merged`` or ``superseded``; NULL where it stays."""
        return self.own("how")

    @property
    def took(self) -> str:
        """1 where the row took the id of a row that gave way to it."""
        return self.own("took")

    def was(self, column: str) -> str:
        """What a column held in its file."""
        if fold(column) not in self.changing:
            return quote_identifier(self.table.column(column).name)
        numbers = [fold(each.name) for each in self.table.columns]
        return self.own(f"was{numbers.index(fold(column))}")

    @property
    def stored(self) -> list[str]:
        """The columns that hold values of their own, as the table spells them."""
        return [column.name for column in self.table.columns if column.generated is None]

    def member(self, source: int) -> Member | None:
        """The table of a file."""
        return next((each for each in self.members if each.part.number == source), None)

    def is_key(self, columns: Collection[str]) -> bool:
        """Whether the columns are a whole key, so that a foreign key may lead to them."""
        wanted = frozenset(map(fold, columns))
        return any(key.columns == wanted for key in self.kept)

    @property
    def kept(self) -> list[Key]:
        """The keys that the united table has."""
        return [key for key in self.keys if key not in self.given_up]

    def is_id(self, key: Key) -> bool:
        """Whether the key is the column that stands for the rowid."""
        return bool(self.id) and key.columns == {fold(self.id)}

    def view(self, key: Key) -> str:
        """Name the view that has, for each row, the parts of a key as v0, v1, …."""
        return f"temp.k{self.number}_{self.keys.index(key)}"

    def same(self, left: str, right: str, *, besides: Collection[str] = ()) -> str:
        """Write the condition that two rows are equal, value and storage class.

        ``besides`` are folded names of columns that are not compared.
        """
        terms = []
        for column in self.table.columns:
            if column.generated is None and fold(column.name) not in besides:
                name = quote_identifier(column.name)
                one, other = f"{left}.{name}", f"{right}.{name}"
                terms.append(f"{one} IS {other} COLLATE BINARY")
                terms.append(f"{storage(one, column.affinity)} = {storage(other, column.affinity)}")
        return both(terms)


def storage(value: str, affinity: Affinity) -> str:
    """Write the storage class of a value; -0.0, which equals 0.0, gets one of its own.

    Only a column without affinity can hold it: all others store it as the integer 0
    (https://www.sqlite.org/datatype3.html).
    """
    if affinity is not Affinity.BLOB:
        return f"typeof({value})"
    return (
        f"CASE WHEN typeof({value}) = 'real' AND {value} = 0 AND atan2({value}, -1) < 0 "
        f"THEN 'minus' ELSE typeof({value}) END"
    )


def storages(columns: Sequence[SourceColumn]) -> list[str]:
    """Write the storage classes of many columns as a few texts."""
    classes = [storage(quote_identifier(column.name), column.affinity) for column in columns]
    return [
        f"concat({', '.join(classes[start : start + _TERMS])})"
        for start in range(0, len(classes), _TERMS)
    ]


def fill_pool(bench: Bench, pooled: Pooled) -> None:
    """Make the table in the pool and bring the rows of all members, file by file."""
    columns = [_definition(pooled, column.name) for column in pooled.table.columns]
    changing = [each.name for each in pooled.table.columns if fold(each.name) in pooled.changing]
    own = [
        f"{pooled.rid} INTEGER PRIMARY KEY",
        f"{pooled.src} INTEGER",
        f"{pooled.goal} INTEGER",
        f"{pooled.how}",
        f"{pooled.took} INTEGER DEFAULT 0",
        *(f"{pooled.was(name)} {_type(pooled, name)}" for name in changing),
    ]
    bench.run(f"CREATE TABLE {pooled.name} ({', '.join(own + columns)})")
    for member in pooled.members:
        _bring(bench, pooled, member, changing)


def _bring(bench: Bench, pooled: Pooled, member: Member, changing: list[str]) -> None:
    there = {fold(column.name): column for column in member.table.columns}
    # What the united table computes is not brought; what only this file computes is.
    common = [name for name in pooled.stored if fold(name) in there]
    shadows = [name for name in changing if fold(name) in there]
    into = [pooled.src, *map(quote_identifier, common), *map(pooled.was, shadows)]
    values = [str(member.part.number), *map(quote_identifier, common + shadows)]
    with bench.attached(member.part, member.original):
        bench.run(
            f"INSERT INTO {pooled.name} ({', '.join(into)}) "
            f"SELECT {', '.join(values)} FROM {table_name(member.part.schema, member.table.name)}"
        )


def _definition(pooled: Pooled, name: str) -> str:
    column = pooled.table.column(name)
    words = [quote_identifier(name), _type(pooled, name)]
    if column.generated is not None:
        words.append(f"GENERATED ALWAYS AS ({column.generated.sql}\n)")
    return " ".join(words)


def _type(pooled: Pooled, name: str) -> str:
    """Give the type and collation, which decide how a value compares."""
    column = pooled.table.column(name)
    # ANY means something else outside of STRICT tables, where it is numeric.
    declared = "" if fold(column.declared) == "any" else column.declared
    return f"{declared} COLLATE {quote_identifier(column.collation)}"


def index_keys(bench: Bench, pooled: Pooled) -> None:
    """Make an index for each key, and a view that gives its parts for every row that has it."""
    for number, key in enumerate(pooled.keys):
        parts = ", ".join(f"{sql} COLLATE {quote_identifier(how)}" for sql, how in key.parts)
        where = f" WHERE {key.where}\n" if key.where else ""
        bench.run(
            f"CREATE INDEX pool.k{pooled.number}_{number} ON t{pooled.number} ({parts}){where}"
        )
        values = ", ".join(f"{sql} AS v{place}" for place, (sql, _) in enumerate(key.parts))
        bench.run(
            f"CREATE TEMP VIEW k{pooled.number}_{number} AS SELECT {pooled.rid} AS rid, "
            f"{pooled.src} AS src, {pooled.goal} AS goal, {values} FROM {pooled.name}{where}"
        )
