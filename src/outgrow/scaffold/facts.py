"""What the migration's README says of a project, worked out once, in plain values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from outgrow.errors import Code as ErrorCode
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.plan import ColumnPlan, TablePlan
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Construction, Missing, ObjectKind
from outgrow.model.types import Kind as TypeKind
from outgrow.pipeline.assess import Assessment
from outgrow.pipeline.inspect import KINDS, inspected, named
from outgrow.plan import toml
from outgrow.scaffold.code import Code
from outgrow.scaffold.project import Project

#: What `grep -ciE` is asked for each kind of object, in the files that init writes.
GREPS = {
    "tables": "create table",
    "indexes": "create (unique )?index",
    "views": "create view",
    "triggers": "create trigger",
}

_PROMOTED = frozenset(
    {
        TypeKind.BOOLEAN,
        TypeKind.TIMESTAMP,
        TypeKind.DATE,
        TypeKind.JSON,
        TypeKind.JSONB,
        TypeKind.UUID,
    }
)


class Counts(NamedTuple):
    """How many objects of each kind."""

    tables: int
    indexes: int
    views: int
    triggers: int


@dataclass(frozen=True, slots=True)
class Source:
    """A SQLite file.

    Args:
        path: as in `Project`.
        name: as findings call it.
        extract: the name of the file with its schema.
        size: for people, ``0.5 MB``.
        rows: in all its tables.
        counts: of its objects.
        grepped: what grep counts in ``extract``.
        only: by kind, the names of objects that no other file has.

    """

    path: PurePosixPath
    name: str
    extract: str
    size: str
    rows: int
    counts: Counts
    grepped: Counts
    only: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Promotion:
    """A column that gets a type which SQLite does not have."""

    column: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of PostgreSQL.

    Args:
        name: there.
        sources: the files that have it, each with the name it has there.
        rows: in all files.
        promoted: columns with types that SQLite does not have.

    """

    name: str
    sources: tuple[tuple[str, str], ...]
    rows: int
    promoted: tuple[Promotion, ...]

    @property
    def by_type(self) -> dict[str, list[str]]:
        """Give the promoted columns of each type."""
        columns: dict[str, list[str]] = {}
        for each in self.promoted:
            columns.setdefault(each.type, []).append(each.column)
        return columns


@dataclass(frozen=True, slots=True)
class Conflict:
    """An object that several files define differently."""

    kind: str
    name: str
    files: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What only a person can settle: lines below ``header`` in the plan file, one to be chosen."""

    table: str
    code: ErrorCode
    header: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Findings that say the same; without values of rows, for the README is kept in git."""

    severity: str
    code: ErrorCode
    says: str
    fix: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a template may say beside the project itself.

    Args:
        sources: in the order of the command line.
        unified: objects by name, one for each name.
        target: what the schema file makes.
        tables: in the order of the schema.
        conflicts: objects of one name that differ between files.
        decisions: what is not settled yet.
        findings: warnings and errors, the loudest first.
        missing: what PostgreSQL can't hold.
        is_whole: whether every value arrives as it is, too.
        code: what the project's code says to its database.

    """

    sources: tuple[Source, ...]
    unified: Counts
    target: Counts
    tables: tuple[Table, ...]
    conflicts: tuple[Conflict, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[Told, ...]
    missing: tuple[Missing, ...]
    is_whole: bool
    code: Code

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(source.rows for source in self.sources)

    @property
    def summed(self) -> Counts:
        """What the files have together when a name that stands in two counts twice."""
        return _summed(source.counts for source in self.sources)

    @property
    def grepped(self) -> Counts:
        """What grep counts over all files."""
        return _summed(source.grepped for source in self.sources)

    @property
    def shared(self) -> tuple[Table, ...]:
        """Tables that stand in several files."""
        return tuple(table for table in self.tables if len(table.sources) > 1)

    @property
    def promoted(self) -> dict[str, int]:
        """Count the columns of each type that SQLite does not have, the most frequent first."""
        types = [each.type.partition("(")[0] for table in self.tables for each in table.promoted]
        return dict(sorted(Counter(types).items(), key=lambda each: (-each[1], each[0])))


def facts_of(
    project: Project,
    assessment: Assessment,
    construction: Construction,
    code: Code,
    schemas: Sequence[str],
) -> Facts:
    """Work out what there is to say.

    Args:
        project: that init outfits.
        assessment: of its files, in their order; what they disagree about may be open.
        construction: what is built of them in the plan's schema.
        code: what was counted in its own code.
        schemas: the text of each file's ``sqlite_schema_….sql``.

    """
    inspection = inspected(assessment.files)
    return Facts(
        sources=tuple(_sources(project, assessment, schemas)),
        unified=Counts(*(len(inspection.unified(kind)) for kind in KINDS)),
        target=_target(construction),
        tables=tuple(_tables(assessment)),
        conflicts=tuple(
            Conflict(each["kind"], each["name"], each["files"]) for each in inspection.conflicts
        ),
        decisions=tuple(_decisions(assessment)),
        findings=tuple(_findings(assessment, construction)),
        missing=construction.missing,
        is_whole=not construction.missing and not any(map(_changes, assessment.plan.tables)),
        code=code,
    )


def grepped(schema: str) -> Counts:
    """Count the lines that `grep -ciE` finds for each of `GREPS`."""
    lines = schema.split("\n")
    return Counts(
        *(
            sum(1 for line in lines if re.search(pattern, line, re.IGNORECASE | re.ASCII))
            for pattern in GREPS.values()
        )
    )


def _sources(project: Project, assessment: Assessment, schemas: Sequence[str]) -> Iterator[Source]:
    having = {kind: Counter(_folded(assessment.files, kind)) for kind in KINDS}
    for known, file, schema in zip(project.sources, assessment.files, schemas, strict=True):
        names = named(file)
        origins = [each for each in assessment.united.origins if each.file == file.file]
        yield Source(
            path=known.path,
            name=file.file,
            extract=f"sqlite_schema_{known.label}.sql",
            size=_size(file.size),
            rows=sum(each.rows for each in origins),
            counts=Counts(*(len(names[kind]) for kind in KINDS)),
            grepped=grepped(schema),
            only={
                kind: tuple(name for name in names[kind] if having[kind][fold(name)] == 1)
                for kind in KINDS
            },
        )


def _folded(files: Iterable[SourceDatabase], kind: str) -> Iterator[str]:
    for file in files:
        yield from {fold(name) for name in named(file)[kind]}


def _tables(assessment: Assessment) -> Iterator[Table]:
    for plan in assessment.plan.tables:
        origins = [
            each for each in assessment.united.origins if fold(each.united) == fold(plan.source)
        ]
        if plan.include:
            yield Table(
                plan.name,
                tuple((each.file, each.table) for each in origins),
                sum(each.rows for each in origins),
                tuple(
                    Promotion(column.name, str(column.type))
                    for column in plan.columns
                    if _is_promoted(column)
                ),
            )


def _changes(table: TablePlan) -> bool:
    """Whether values of a table are repaired, or kept in quarantine."""
    return any(column.repaired or column.quarantined for column in table.columns)


def _is_promoted(column: ColumnPlan) -> bool:
    has_digits = column.type.kind is TypeKind.NUMERIC and column.type.precision is not None
    return column.type.kind in _PROMOTED or has_digits


def _target(construction: Construction) -> Counts:
    made = Counter(each.kind for each in construction.built)
    return Counts(*(made[ObjectKind(kind)] for kind in KINDS))


def _decisions(assessment: Assessment) -> Iterator[Decision]:
    for each in assessment.united.conflicts:
        yield Decision(
            each.table, each.finding.code, f"[tables.{toml.key(each.table)}]", each.lines
        )


def _findings(assessment: Assessment, construction: Construction) -> Iterator[Told]:
    """Give what is louder than a note; what waits for a decision is told apart."""
    found = (
        *assessment.source.findings,
        *assessment.united.findings,
        *assessment.plan.findings,
        *construction.findings,
    )
    alike: dict[tuple[Severity, ErrorCode, str, str], dict[str, None]] = {}
    for severity in (Severity.ERROR, Severity.WARNING):
        for each in found:
            if each.severity is severity:
                key = (severity, each.code, _without_values(each), each.fix)
                alike.setdefault(key, {})[each.where] = None
    for (severity, code, says, fix), places in alike.items():
        yield Told(severity.value, code, says, fix, tuple(places))


def _without_values(finding: Finding) -> str:
    """Tell of a definition in full, of rows only what the code means."""
    if finding.code.name[:4] in ("OG-3", "OG-4") and "(for example " not in finding.says:
        return finding.says
    return finding.code.meaning


def _summed(counts: Iterable[Counts]) -> Counts:
    return Counts(*map(sum, zip(*counts, strict=True)))


def _size(size: float) -> str:
    """Write a size for people; it is rounded, so that a few rows more leave the text as it is."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size = size / 1000
    return f"{size:.1f} GB"
