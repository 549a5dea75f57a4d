"""Where the objects of a source are from: the names that a person sees in every place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.model.names import fold

#: A file and the name that an object has there.
Home = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Homes:
    """The file of each object, where several files were united; else all are at home in one.

    ``file`` is what the whole is called. Tables, views and indexes share one space of names,
    triggers have another; both are by folded name. ``columns`` has those columns, by folded table
    and column, that are not in the first file which has the table.
    """

    file: str
    relations: Mapping[str, Home] = field(default_factory=dict)
    triggers: Mapping[str, Home] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def where(self, name: str, part: str = "") -> str:
        """Write the place of a table, view or index, or of a part of it: ``file:table.column``."""
        _, own = self.relations.get(fold(name), ("", name))
        place = f"{self.file_of(name, part)}:{own}"
        return f"{place}.{part}" if part else place

    def file_of(self, name: str, part: str = "") -> str:
        """Give the first file that has a table, view or index, and the part of it."""
        file, _ = self.relations.get(fold(name), (self.file, name))
        for column in part.split(","):
            file = self.columns.get((fold(name), fold(column.strip())), file)
        return file

    def where_trigger(self, name: str) -> str:
        """Write the place of a trigger."""
        file, own = self.triggers.get(fold(name), (self.file, name))
        return f"{file}:{own}"
