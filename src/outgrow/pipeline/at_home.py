"""Which file each object of a united database is from, for every place that a person sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outgrow.model.homes import Home, Homes
from outgrow.model.names import fold
from outgrow.model.source import SourceDatabase
from outgrow.model.uniting import United


def homes_of(files: Sequence[SourceDatabase], united: United) -> Homes:
    """Find the first file that has each table, column, view, index and trigger."""
    relations: dict[str, Home] = {}
    triggers: dict[str, Home] = {}
    columns: dict[tuple[str, str], str] = {}
    for origin in united.origins:
        relations.setdefault(fold(origin.united), (origin.file, origin.table))
        for _, column in origin.columns:
            columns.setdefault((fold(origin.united), fold(column)), origin.file)
    renamed = {(each.kind, each.source): each.target for each in united.renamed}
    for kind, file, name in _objects(files):
        called = fold(renamed.get((kind, f"{file}:{name}"), name))
        (triggers if kind == "trigger" else relations).setdefault(called, (file, name))
    elsewhere = {place: file for place, file in columns.items() if relations[place[0]][0] != file}
    return Homes("+".join(united.files), relations, triggers, elsewhere)


def _objects(files: Sequence[SourceDatabase]) -> Iterator[tuple[str, str, str]]:
    """Give kind, file and name of all that is not a table."""
    for file in files:
        for table in file.tables:
            yield from (("index", file.file, index.name) for index in table.indexes)
        yield from (("view", file.file, view.name) for view in file.views)
        yield from (("trigger", file.file, trigger.name) for trigger in file.triggers)
