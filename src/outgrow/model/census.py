"""What the census found: facts about every stored value, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.model.types import Shape


@dataclass(frozen=True, slots=True)
class Example:
    """A value as a person would write it (cut when long), how often, and one key it stands at."""

    value: str
    count: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """Texts of a column read as dates and times.

    ``shapes`` counts the valid texts of each single spelling; ``optional_fraction`` is the shape
    that holds all of them when they differ only in a fraction left out when zero. ``zeros`` counts
    those of a spelling that write a fraction of zero out.
    """

    shapes: tuple[tuple[Shape, int], ...]
    misfits: int
    examples: tuple[Example, ...] = ()
    optional_fraction: Shape | None = None
    zeros: tuple[tuple[Shape, int], ...] = ()


@dataclass(frozen=True, slots=True)
class JsonFacts:
    r"""Texts of a column read as JSON.

    ``for_jsonb``: jsonb gives back an equal value. ``for_json``: valid JSON that only ``json``
    keeps (duplicate keys, numbers jsonb can't hold, ``\u0000``). ``invalid``: neither.
    ``containers`` counts objects and arrays among the valid ones.
    """

    for_jsonb: int
    for_json: int
    invalid: int
    containers: int = 0
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class DecimalFacts:
    """REAL and INTEGER values as decimals: digits that hold every value exactly.

    ``scale`` is ``None`` when no scale up to the census's limit holds all of them.
    """

    integer_digits: int
    scale: int | None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """Counts over every value of a column; sizes in bytes.

    ``times``, ``json``, ``decimals`` and ``uuids`` are ``None`` when nothing about the column
    (type, name, comment, default, CHECK, a sample of values) suggested to look. ``miscomputed``
    counts the rows where a generated column has stored what its expression does not give.
    """

    column: str
    rows: int
    nulls: int
    integers: int
    reals: int
    texts: int
    blobs: int
    min_integer: int | None = None
    max_integer: int | None = None
    min_real: float | None = None
    max_real: float | None = None
    infinities: int = 0
    zero_or_one: int = 0
    integers_beyond_double: int = 0
    empty_texts: int = 0
    texts_with_nul: int = 0
    invalid_utf8: int = 0
    max_bytes: int = 0
    total_bytes: int = 0
    times: TimeFacts | None = None
    json: JsonFacts | None = None
    decimals: DecimalFacts | None = None
    uuids: int | None = None
    not_zero_or_one: tuple[Example, ...] = ()
    bad_texts: tuple[Example, ...] = ()
    #: No part of what a plan was decided by.
    miscomputed: int = field(default=0, repr=False)

    @property
    def values(self) -> int:
        """Values that are not NULL."""
        return self.rows - self.nulls

    @property
    def classes(self) -> tuple[str, ...]:
        """The storage classes that occur, NULL apart."""
        counts = {
            "integer": self.integers,
            "real": self.reals,
            "text": self.texts,
            "blob": self.blobs,
        }
        return tuple(name for name, count in counts.items() if count)


@dataclass(frozen=True, slots=True)
class ForeignKeyFacts:
    """What the data says about a declared foreign key, as SQLite's own comparison sees it.

    ``problem`` is '' or why the key can't stand: the parent table or column is missing, or the
    parent columns have no unique index (then ``parent_values_unique`` says whether they could).
    """

    columns: tuple[str, ...]
    parent: str
    orphans: int
    orphan_examples: tuple[Example, ...] = ()
    problem: str = ""
    parent_values_unique: bool = True


@dataclass(frozen=True, slots=True)
class TableFacts:
    """Counts over a table. ``null_keys``: rows with NULL in a declared primary key."""

    table: str
    rows: int
    columns: tuple[ColumnFacts, ...]
    foreign_keys: tuple[ForeignKeyFacts, ...] = ()
    null_keys: int = 0
    bytes: int = 0

    def column(self, name: str) -> ColumnFacts:
        """The facts of a column by its exact name; raises KeyError."""
        for facts in self.columns:
            if facts.column == name:
                return facts
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Census:
    """The facts of every table of one file, by table name.

    ``views``: the storage classes that each column of a view gives, NULL apart; a view that could
    not be run in time is not in it.
    """

    file: str
    tables: Mapping[str, TableFacts]
    views: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)
