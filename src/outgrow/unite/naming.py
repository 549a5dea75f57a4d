"""Which tables are one, and what is called otherwise so that each name means one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outgrow.model.findings import Severity
from outgrow.model.names import fold
from outgrow.model.plan import Renamed
from outgrow.model.source import SourceTable
from outgrow.model.uniting import Settlements
from outgrow.unite.keys import same_primary_key
from outgrow.unite.labels import prefix
from outgrow.unite.parts import Part
from outgrow.unite.renaming import rename_tables
from outgrow.unite.wording import APART, ASTRAY, RENAMED, Ledger, listed


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
    apart = {
        name
        for name, members in groups.items()
        if len(members) > 1 and _stay_apart(members, settlements, ledger)
    }
    _ask_about_children(groups, apart, ledger)
    for name, members in groups.items():
        misfits += members if name in apart else []
    return misfits


def _ask_about_children(
    groups: Mapping[str, list[tuple[Part, SourceTable]]], apart: set[str], ledger: Ledger
) -> None:
    """Keep apart what refers to tables that stay apart: one column can't refer to two tables."""
    grown = True
    while grown:
        grown = False
        for name, members in groups.items():
            parents = {
                key.parent
                for _, table in members
                for key in table.foreign_keys
                if fold(key.parent) in apart
            }
            if name in apart or len(members) < 2 or not parents:
                continue
            apart.add(name)
            grown = True
            ledger.conflict(
                ASTRAY,
                members[0][1].name,
                tuple(part.label for part, _ in members),
                f"its rows refer to {listed(sorted(parents))}, which is not united",
                ("apart = true",),
            )


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
    for old, new in names.items():
        reason = "another file has a table of that name that is not the same"
        ledger.renamed.append(Renamed("table", f"{part.label}:{old}", new, reason))
    return rename_tables(part, names)


def groups_of(parts: list[Part], originals: dict[tuple[int, str], str]) -> list[list[Member]]:
    """Give the tables of each name, in the order of first appearance."""
    groups: dict[str, list[Member]] = {}
    for part in parts:
        for table in part.source.tables:
            original = originals.get((part.number, fold(table.name)), table.name)
            groups.setdefault(fold(table.name), []).append(Member(part, table, original))
    return list(groups.values())
