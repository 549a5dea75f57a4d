"""Random tables: names that need quotes, every affinity, keys, promoted columns, odd values."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from generator.rows import value_of
from generator.schemas import Column, Recipe, Table, without_column
from outgrow.model.types import Kind, Shape, TargetType

_TABLE_NAMES = (
    "Orders", "user", "order", "a b", "Group", "items", "T1", "events", "x-y", "select", "größe",
)  # fmt: skip
_COLUMN_NAMES = (
    "name", "Total", "a b", "select", "order", "qty", "user", "createdAt", "x-y", "1st", "note",
    "from", "größe", "value", "Data", "c1", "c2", "kind", "status", "price", "end", "limit",
)  # fmt: skip


_INTEGERS = ("INTEGER", "INT", "BIGINT", "tinyint", "UNSIGNED BIG INT", "POINT")
_REALS = ("REAL", "DOUBLE PRECISION", "float")
_NUMBERS = ("NUMERIC", "DECIMAL(10,2)", "money", "NUMBER")
_TEXTS = ("TEXT", "VARCHAR(20)", "text", "NATIVE CHARACTER(70)", "CLOB")
_MOMENTS = ("TEXT", "DATETIME", "TIMESTAMP", "text")
_SHAPES = (
    "YYYY-MM-DD HH:MM:SS", "YYYY-MM-DDTHH:MM:SS", "YYYY-MM-DDTHH:MM:SS.fffZ", "YYYY-MM-DD HH:MM",
    "YYYY-MM-DD HH:MM:SS[.ffffff]", "YYYY-MM-DDTHH:MM:SS+00:00", "YYYY-MM-DD HH:MM:SS.ffffff",
    "YYYY-MM-DDTHH:MM:SS[.ffffff]Z",
)  # fmt: skip


def _decimal(precision: int, scale: int) -> TargetType:
    return TargetType(Kind.NUMERIC, precision, scale)


def _epoch(unit: str) -> TargetType:
    return TargetType(Kind.TIMESTAMP, shape=Shape(f"epoch {unit}"))


_BOOLEAN, _JSON, _JSONB = map(TargetType, (Kind.BOOLEAN, Kind.JSON, Kind.JSONB))
_EPOCHS = ("s", "ms", "us")
RECIPES = (
    Recipe("integer", _INTEGERS, "small", weight=6),
    Recipe("integer", _INTEGERS, "huge", weight=2),
    Recipe("integer", ("",), "small"),
    Recipe("integer", ("BOOLEAN", "INTEGER", "bool"), "flag", (_BOOLEAN,), weight=3),
    Recipe("number", ("INTEGER", *_NUMBERS), "number", weight=2),
    Recipe("number", _NUMBERS, "small"),
    Recipe("number", _NUMBERS, "huge number"),
    Recipe("number", _NUMBERS, "decimal", (_decimal(12, 2), _decimal(15, 4)), weight=2),
    Recipe("real", _REALS, "real", weight=4),
    Recipe("real", _REALS, "huge real"),
    Recipe("real", _REALS, "decimal", (_decimal(12, 2), _decimal(10, 3)), weight=2),
    Recipe("real", _REALS, "small"),
    Recipe("text", _TEXTS, "text", weight=6),
    Recipe("text", _TEXTS, "numeral", weight=3),
    Recipe("text", ("",), "text"),
    Recipe("moment", _TEXTS, "date", weight=2),
    Recipe("document", _TEXTS, "odd document"),
    Recipe("document", ("TEXT", "JSON"), "document", (_JSON, _JSON, _JSONB), weight=2),
    Recipe("blob", ("BLOB", "blob"), "blob", weight=2),
    Recipe("any", ("",), "anything"),
    Recipe("text", ("TEXT",), "uuid", (TargetType(Kind.UUID),)),
    Recipe("moment", ("TEXT", "DATE"), "day", (TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")),)),
    *(
        Recipe("integer", ("INTEGER",), f"epoch {u}", (_epoch(u),))
        for u in _EPOCHS
    ),
    *(
        Recipe("moment", _MOMENTS, f"moment {s}", (TargetType(Kind.TIMESTAMP, shape=Shape(s)),))
        for s in _SHAPES
    ),
)  # fmt: skip


def random_tables(random: Random, *, promote: bool) -> list[Table]:
    """Make one to four tables."""
    names = random.sample(_TABLE_NAMES, random.choice((1, 2, 2, 3, 3, 4)))
    return [_table(random, name, promote=promote) for name in names]


def _table(random: Random, name: str, *, promote: bool) -> Table:
    weights = [recipe.weight * (3 if promote and recipe.promoted else 1) for recipe in RECIPES]
    chosen = random.choices(RECIPES, weights, k=random.randint(3, 7))
    columns = [
        _column(random, column, recipe, promote=promote)
        for column, recipe in zip(random.sample(_COLUMN_NAMES, len(chosen)), chosen, strict=True)
    ]
    columns, key, alias = _keyed(random, columns)
    unique = _unique(random, columns, key)
    rows = _rows(random, columns, [key, *unique])
    made = Table(name, tuple(columns), key, alias, unique, tuple(rows), _indexes(random, columns))
    for place, column in enumerate(columns):
        if not column.declared and all(row[place] is None for row in rows):
            made = without_column(made, column.name)  # nothing tells what it holds
    return made


def _column(random: Random, name: str, recipe: Recipe, *, promote: bool) -> Column:
    declared = random.choice(recipe.declared)
    textual = recipe.sort == "text" and not recipe.promoted and declared
    collation = random.choice(("", "", "NOCASE", "RTRIM")) if textual else ""
    promoted = None
    if promote and recipe.promoted and random.random() < 0.85:
        promoted = random.choice(recipe.promoted)
    not_null, default = random.random() < 0.3, _default(random, recipe)
    return Column(name, declared, recipe, not_null, collation, default, promoted)


def _default(random: Random, recipe: Recipe) -> str:
    """A literal that means the same on both sides."""
    if recipe.promoted or recipe.declared == ("",) or random.random() < 0.75:
        return ""
    literals = {"small": ("0", "-1", "7"), "real": ("0.5", "1.5"), "text": ("'a'", "''", "'é'")}
    return random.choice(literals.get(recipe.pool, ("",)))


def _keyed(random: Random, columns: list[Column]) -> tuple[list[Column], tuple[str, ...], str]:
    """Add a key: the rowid, a text, or two columns."""
    number = Recipe("integer", ("INTEGER",), "small")
    text = Recipe("text", _TEXTS, "text")
    match random.choice(("rowid", "rowid", "rowid", "text", "two")):
        case "rowid":
            name = random.choice(("id", "ID", "key", "rowid_"))
            identity = Recipe("integer", ("INTEGER",), "id")
            return [Column(name, "INTEGER", identity, not_null=True), *columns], (name,), name
        case "text":
            key = Column("Code", random.choice(_TEXTS), text, not_null=True)
            return [key, *columns], ("Code",), ""
        case _:
            keys = [
                Column("part 1", "INT", number, not_null=True),
                Column("part2", "TEXT", text, not_null=True),
            ]
            random.shuffle(columns)
            return [*columns, *keys], ("part 1", "part2"), ""


def _unique(
    random: Random, columns: Sequence[Column], key: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    fit = [
        c.name
        for c in columns
        if c.recipe.pool in ("small", "text", "huge") and not c.collation and c.name not in key
    ]
    if not fit or random.random() < 0.6:
        return ()
    return (tuple(random.sample(fit, min(len(fit), random.choice((1, 1, 2))))),)


def _indexes(random: Random, columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    fit = [column.name for column in columns if column.recipe.sort not in ("document", "any")]
    if not fit or random.random() < 0.7:
        return ()
    return (tuple(random.sample(fit, min(len(fit), random.choice((1, 2))))),)


def _rows(
    random: Random, columns: Sequence[Column], keys: Sequence[tuple[str, ...]]
) -> list[tuple[Any, ...]]:
    """Up to nine rows that break no key."""
    rows: list[tuple[Any, ...]] = []
    seen: set[tuple[Any, ...]] = set()
    for _ in range(random.choice((0, 3, 6, 9, 9, 9))):
        row = tuple(_value(random, column) for column in columns)
        by_name = dict(zip((c.name for c in columns), row, strict=True))
        found = [(k, *(by_name[name] for name in k)) for k in keys]
        if not any(None not in f and f in seen for f in found):
            seen.update(found)
            rows.append(row)
    return rows


def _value(random: Random, column: Column) -> Any:
    if not column.not_null and random.random() < 0.2:
        return None
    return value_of(random, column.recipe.pool)
