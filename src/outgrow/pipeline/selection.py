"""Which tables take part: --include and --exclude."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase


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
