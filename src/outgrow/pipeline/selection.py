"""Which tables take part: --include, --exclude and the plan file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from outgrow.errors import define
from outgrow.model.census import Census
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.uniting import Origin, United

LEFT_OUT = define("OG-517", "Objects were left out because somebody chose so")


@dataclass(frozen=True, slots=True)
class Selection:
    """Shell patterns for table and view names, in any case; no pattern includes everything."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        """Give the patterns as JSON's types, so that a later verification knows them."""
        return {"include": list(self.include), "exclude": list(self.exclude)}

    @staticmethod
    def from_json(patterns: Mapping[str, Sequence[str]]) -> Selection:
        """Read what `as_json` gave."""
        return Selection(tuple(patterns["include"]), tuple(patterns["exclude"]))

    def takes(self, name: str) -> bool:
        """Whether an object of that name takes part."""
        folded = fold(name)
        wanted = not self.include or any(fnmatchcase(folded, fold(each)) for each in self.include)
        return wanted and not any(fnmatchcase(folded, fold(each)) for each in self.exclude)


def selected(source: SourceDatabase, selection: Selection) -> SourceDatabase:
    """Leave out what was not selected; a trigger goes with its table."""
    if selection == Selection():
        return source
    kept = replace(
        source,
        tables=tuple(each for each in source.tables if selection.takes(each.name)),
        views=tuple(each for each in source.views if selection.takes(each.name)),
        triggers=tuple(each for each in source.triggers if selection.takes(each.table)),
        virtual_tables=tuple(each for each in source.virtual_tables if selection.takes(each.name)),
        damaged_tables=tuple(filter(selection.takes, source.damaged_tables)),
        damaged_views=tuple(filter(selection.takes, source.damaged_views)),
        damaged_indexes=tuple(each for each in source.damaged_indexes if selection.takes(each[0])),
    )
    told = _left_out(source, kept)
    return replace(kept, findings=(*kept.findings, *told))


def _left_out(source: SourceDatabase, kept: SourceDatabase) -> Iterator[Finding]:
    """Name what --include and --exclude leave behind, so that every object has its account."""
    for kind, before, after in (
        ("tables", source.tables, kept.tables),
        ("virtual tables", source.virtual_tables, kept.virtual_tables),
        ("views", source.views, kept.views),
        ("triggers", source.triggers, kept.triggers),
    ):
        there = {each.name for each in after}
        names = [each.name for each in before if each.name not in there]
        if names:
            says = f"{kind} left out by --include or --exclude: {', '.join(names)}"
            yield Finding(LEFT_OUT, Severity.INFO, source.file, says)


def left_by_plan(source: SourceDatabase, plan: Plan) -> tuple[Finding, ...]:
    """Name the tables that the plan file leaves out."""
    names = [each.name for each in source.tables if not plan.table(each.name).include]
    if not names:
        return ()
    says = f"tables left out by the plan file: {', '.join(names)}"
    return (Finding(LEFT_OUT, Severity.INFO, source.file, says),)


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
