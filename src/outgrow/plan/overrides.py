"""What a person decided in the plan file, as :mod:`outgrow.plan.planfile` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.model.names import fold
from outgrow.model.types import Policy, TargetType


@dataclass(frozen=True, slots=True)
class ColumnOverride:
    """Decisions about a column; ``null_misfits`` lets values that don't fit become NULL."""

    type: TargetType | None = None
    name: str | None = None
    null_misfits: bool = False


@dataclass(frozen=True, slots=True)
class TableOverride:
    """Decisions about a table; ``columns`` by folded name."""

    include: bool = True
    name: str | None = None
    identity: str = "serial"
    unique: tuple[tuple[str, ...], ...] = ()
    cascade: tuple[tuple[str, ...], ...] = ()
    columns: Mapping[str, ColumnOverride] = field(default_factory=dict)

    def column(self, source: str) -> ColumnOverride:
        """The decisions about a column by its source name in any case; none is fine."""
        return self.columns.get(fold(source), ColumnOverride())


@dataclass(frozen=True, slots=True)
class Overrides:
    """A plan file's decisions; ``tables`` by folded name.

    ``census`` is the digest of the facts that the file was written from ('' if it has none):
    it tells a person's edit from data that changed since.
    """

    policy: Policy | None = None
    census: str = ""
    tables: Mapping[str, TableOverride] = field(default_factory=dict)

    def table(self, source: str) -> TableOverride:
        """The decisions about a table by its source name in any case; none is fine."""
        return self.tables.get(fold(source), TableOverride())
