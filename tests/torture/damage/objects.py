"""What all kinds of damage to declarations share."""

from __future__ import annotations

from collections.abc import Iterable

from torture.damage.injuring import Damage, NoPlaceError, Patient, Place


def done(kind: str, opened: Patient, table: str, where: Iterable[str], *statements: str) -> Damage:
    """Damage one object of a table."""
    places = tuple(where)
    opened.claim(table, "object", *places)
    for statement in statements:
        opened.run(statement)
    return Damage(kind, "; ".join(statements), (Place(places),))


def whole(kind: str, opened: Patient, table: str, where: Iterable[str], *statements: str) -> Damage:
    """Damage a table so that nothing else of it can be judged."""
    opened.claim_whole(table)
    for statement in statements:
        opened.run(statement)
    source = opened.table(table).source
    place = Place(tuple(where), of_any_row=True)
    return Damage(kind, "; ".join(statements), (place,), whole=source)


def column_place(opened: Patient, table: str, column: str) -> str:
    """Name a column of PostgreSQL as the source does; one that was renamed is no place."""
    found = opened.table(table)
    for each in found.columns:
        if each.target == column:
            return f"{found.source}.{each.source}"
    raise NoPlaceError
