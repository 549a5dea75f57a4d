"""Foreign keys come and go with what they refer to.

SQLite looks for the parent of a foreign key when rows are written, so that a table may name one
that does not exist yet (https://www.sqlite.org/foreignkeys.html#fk_schemaerrors); in PostgreSQL
the key is added when its parent comes and taken away before its parent goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.model.source import SourceForeignKey, SourceTable
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import HELPERS
from outgrow.translate.definitions.making import Defined, Sheet, foreign_key, why_not
from outgrow.translate.definitions.references import parent_columns
from outgrow.translate.definitions.successor import Place, places
from outgrow.translate.errors import UntranslatableSQL, unsupported


@dataclass(frozen=True, slots=True)
class _Link:
    """A foreign key that stands in a schema."""

    table: SourceTable
    key: SourceForeignKey


def link(old: Defined, new: Defined, drops: Sheet, makes: Sheet) -> None:
    """Write the foreign keys that go before a change and those that come after it."""
    before, after = dict(_standing(old)), dict(_standing(new))
    kept = places(new.picture, "table")
    for identity, gone in before.items():
        if identity[0] in kept and identity not in after:
            if not _parent_goes(old, new, gone):
                raise unsupported(
                    f"dropping what the foreign key of {gone.table.name} refers to",
                    "Drop the foreign key's table first",
                )
            _drop(old, gone, drops)
    known = places(old.picture, "table")
    for identity, come in after.items():
        if identity[0] in known and identity not in before:
            relation = new.relation(come.table.name)
            written = foreign_key(new, come.table, come.key)
            # SQLite does not look at the rows that are there.
            makes.steps.append(f"ALTER TABLE {relation} ADD {written} NOT VALID")


def _standing(defined: Defined) -> Iterator[tuple[tuple[Place, int], _Link]]:
    """The foreign keys that stand, by the place of their table and their number there."""
    for place, entry in places(defined.picture, "table").items():
        if "references" not in fold(entry.sql):
            continue
        table = defined.picture.table(entry)
        for number, key in enumerate(table.foreign_keys):
            if _stands(defined, table, key):
                yield (place, number), _Link(table, key)


def _stands(defined: Defined, table: SourceTable, key: SourceForeignKey) -> bool:
    try:
        return not why_not(defined, table, key)
    except UntranslatableSQL:
        return False


def _parent_goes(old: Defined, new: Defined, gone: _Link) -> bool:
    entry = old.picture.named("table", gone.key.parent)
    place = entry and (entry.temporary, entry.place)
    return place not in places(new.picture, "table")


def _drop(old: Defined, gone: _Link, drops: Sheet) -> None:
    child, parent = old.relation(gone.table.name), old.relation(gone.key.parent)
    drops.steps.append(_refuse_rows(old, gone, child, parent))
    drops.helpers.add("raise_abort")
    info = old.info(gone.table.name)
    columns = [info.column(name) for name in gone.key.columns]
    listed = ", ".join(literal(column.name) for column in columns if column)
    drops.helpers.add("drop_foreign_key")
    drops.steps.append(
        f"SELECT {HELPERS}.drop_foreign_key({literal(child)}, {literal(parent)}, ARRAY[{listed}])"
    )


def _refuse_rows(old: Defined, gone: _Link, child: str, parent: str) -> str:
    """SQLite deletes the rows of a table before it drops it, where foreign keys are enforced.

    https://www.sqlite.org/foreignkeys.html#fk_schemacommands. No row of another table is deleted
    for that here: it is an error instead.
    """
    source = old.source(gone.key.parent)
    assert source is not None
    own, other = old.info(gone.table.name), old.info(gone.key.parent)
    tests = []
    for ours, theirs in zip(gone.key.columns, parent_columns(gone.key, source), strict=True):
        left, right = own.column(ours), other.column(theirs)
        assert left is not None
        assert right is not None
        tests.append(f"child.{quote(left.name)} = parent.{quote(right.name)}")
    return (
        f"SELECT {HELPERS}.raise_abort('FOREIGN KEY constraint failed') WHERE EXISTS "
        f"(SELECT FROM {child} AS child JOIN {parent} AS parent ON {' AND '.join(tests)})"
    )
