"""Which tables are one, and what is called otherwise so that each name means one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import apsw

from outgrow.model.findings import Severity
from outgrow.model.names import fold
from outgrow.model.plan import Renamed
from outgrow.model.source import SourceTable
from outgrow.model.uniting import Settlements
from outgrow.sqlite.failures import reading
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.keys import same_primary_key
from outgrow.unite.labels import prefix
from outgrow.unite.parts import Part, read_part
from outgrow.unite.wording import APART, RENAMED, Ledger, listed


@dataclass(frozen=True, slots=True)
class Member:
    """A table of one file; ``original`` is its name in the file, should it be called otherwise."""

    part: Part
    table: SourceTable
    original: str


def free_name(wanted: str, taken: set[str]) -> str:
    """Give the wanted name, with a number behind it where it is taken, and take it."""
    name, number = wanted, 2
    while fold(name) in taken:
        name, number = f"{wanted}_{number}", number + 1
    taken.add(fold(name))
    return name


def renamed_apart(
    parts: list[Part], settlements: Settlements, ledger: Ledger
) -> tuple[list[Part], dict[tuple[int, str], str]]:
    """Rename the tables that share a name with something they can't be united with.

    SQLite itself renames them in the private copies, so that keys, views and triggers follow
    (https://www.sqlite.org/lang_altertable.html#alter_table_rename).

    Returns:
        The parts as they are then, and the original name by part and folded new name.

    """
    taken = {name for part in parts for name in relations_of(part)}
    wishes: dict[int, dict[str, str]] = {}
    for part, table in _misfits(parts, settlements, ledger):
        name = free_name(prefix(part.label) + table.name, taken)
        wishes.setdefault(part.number, {})[table.name] = name
    originals = {
        (number, fold(new)): old for number, names in wishes.items() for old, new in names.items()
    }
    changed = [_rename(part, wishes.get(part.number, {}), ledger) for part in parts]
    return changed, originals


def relations_of(part: Part) -> Iterator[str]:
    """Give all names that share one space in a file: tables, views, indexes."""
    source = part.source
    for table in source.tables:
        yield fold(table.name)
        yield from (fold(index.name) for index in table.indexes)
    yield from (fold(view.name) for view in source.views)
    for virtual in source.virtual_tables:
        yield from map(fold, (virtual.name, *virtual.shadows))


def _misfits(
    parts: list[Part], settlements: Settlements, ledger: Ledger
) -> list[tuple[Part, SourceTable]]:
    groups: dict[str, list[tuple[Part, SourceTable]]] = {}
    others: dict[str, Part] = {}
    misfits = []
    for part in parts:
        for table in part.source.tables:
            other = others.get(fold(table.name))
            if other is not None:
                misfits.append((part, table))
                ledger.tell(
                    RENAMED,
                    f"{part.label}:{table.name}",
                    f"{other.label} has something else of that name",
                    severity=Severity.WARNING,
                )
            else:
                groups.setdefault(fold(table.name), []).append((part, table))
        ordinary = {fold(table.name) for table in part.source.tables}
        for name in relations_of(part):
            if name not in ordinary:
                others.setdefault(name, part)
    for members in groups.values():
        if len(members) > 1 and _stay_apart(members, settlements, ledger):
            misfits += members
    return misfits


def _stay_apart(
    members: list[tuple[Part, SourceTable]], settlements: Settlements, ledger: Ledger
) -> bool:
    name = members[0][1].name
    if settlements.table(name).apart:
        return True
    if same_primary_key([table for _, table in members]):
        return False
    keys = [
        f"{', '.join(table.primary_key.columns) if table.primary_key else 'none'} in {part.label}"
        for part, table in members
    ]
    ledger.conflict(
        APART,
        name,
        tuple(part.label for part, _ in members),
        f"its primary keys differ: {listed(keys)}; so the tables are not united",
        ("apart = true",),
    )
    return True


def _rename(part: Part, names: dict[str, str], ledger: Ledger) -> Part:
    if not names:
        return part
    connection = apsw.Connection(str(part.path))
    with reading(part.label):
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA writable_schema = ON")
        for old, new in names.items():
            _alter(connection, old, new)
            reason = "another file has a table of that name that is not the same"
            ledger.renamed.append(Renamed("table", f"{part.label}:{old}", new, reason))
    changed = read_part(part.number, part.label, part.path, connection)
    # A table has its place under the name that the file gives it.
    return replace(part, source=changed.source)


def _alter(connection: apsw.Connection, old: str, new: str) -> None:
    statement = f"ALTER TABLE {quote_identifier(old)} RENAME TO {quote_identifier(new)}"
    try:
        connection.execute(statement)
    except apsw.SQLError:
        # A view or trigger that SQLite can't read stands in the way; it stays as it is.
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute(statement)
        connection.execute("PRAGMA legacy_alter_table = OFF")


def groups_of(parts: list[Part], originals: dict[tuple[int, str], str]) -> list[list[Member]]:
    """Give the tables of each name, in the order of first appearance."""
    groups: dict[str, list[Member]] = {}
    for part in parts:
        for table in part.source.tables:
            original = originals.get((part.number, fold(table.name)), table.name)
            groups.setdefault(fold(table.name), []).append(Member(part, table, original))
    return list(groups.values())
