"""Which tables take part: --include, --exclude and the plan file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from outgrow.model.census import Census
from outgrow.model.names import fold
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.uniting import Origin, United


@dataclass(frozen=True, slots=True)
class Selection:
    """Shell patterns for table and view names, in any case; no pattern includes everything."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, name: str) -> bool:
        """Whether an object of that name takes part."""
        folded = fold(name)
        wanted = not self.include or any(fnmatchcase(folded, fold(each)) for each in self.include)
        return wanted and not any(fnmatchcase(folded, fold(each)) for each in self.exclude)


def selected(source: SourceDatabase, selection: Selection) -> SourceDatabase:
    """Leave out what was not selected; a trigger goes with its table."""
    if selection == Selection():
        return source
    return replace(
        source,
        tables=tuple(each for each in source.tables if selection.takes(each.name)),
        views=tuple(each for each in source.views if selection.takes(each.name)),
        triggers=tuple(each for each in source.triggers if selection.takes(each.table)),
        virtual_tables=tuple(each for each in source.virtual_tables if selection.takes(each.name)),
        damaged_tables=tuple(filter(selection.takes, source.damaged_tables)),
        damaged_views=tuple(filter(selection.takes, source.damaged_views)),
    )


def taking_part(
    united: United, source: SourceDatabase, census: Census, plan: Plan, selection: Selection
) -> United:
    """Leave out what is told of tables that are not moved; a single file's tables are added.

    Nobody has to settle what stays behind.
    """
    moved = {fold(table.source) for table in plan.tables if table.include}
    origins = united.origins
    if len(united.files) == 1:
        origins = tuple(
            Origin(
                source.file,
                table.name,
                table.name,
                tuple((column.name, column.name) for column in table.columns),
                census.tables[table.name].rows,
            )
            for table in source.tables
        )
    origins = tuple(each for each in origins if fold(each.united) in moved)
    there = {fold(each.table) for each in origins}
    open_ = {each.finding for each in united.conflicts}
    return replace(
        united,
        origins=origins,
        # What is not settled is told apart, as far as it takes part.
        findings=tuple(each for each in united.findings if each not in open_),
        conflicts=tuple(each for each in united.conflicts if fold(each.table) in there),
        left_out=tuple(each for each in united.left_out if selection.takes(each.table)),
    )
