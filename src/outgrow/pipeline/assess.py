"""Everything that is known before a target is needed: a pure function of the files and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from outgrow.ddl.construct import construct
from outgrow.errors import SourceError, UsageError, define
from outgrow.model.census import Census
from outgrow.model.findings import Finding
from outgrow.model.names import fold
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Construction
from outgrow.model.types import OnBad, Policy
from outgrow.model.uniting import United
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.selection import Selection, left_by_plan, selected, taking_part
from outgrow.pipeline.several import findings_of, opened
from outgrow.plan.planfile import read_plan, write_plan
from outgrow.plan.weighing import make_plan
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import Snapshot

NO_TABLES = define("OG-500", "The file holds no table of a user")
NO_PLAN_FILE = define("OG-502", "The plan file can't be read")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for; without a ``policy`` the plan's is taken, else native.

    ``plan_text`` is a plan itself, in place of a file's.
    """

    schema: str = "public"
    policy: Policy | None = None
    on_bad: OnBad = OnBad.REPAIR
    plan_file: Path | None = None
    plan_text: str | None = None
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Files, read, united and decided upon; snapshots are open while the caller holds it.

    ``paths`` are the files as they were named, ``files`` what each declares, ``snapshots`` each
    by itself; ``source`` is what they are together, which ``snapshot`` holds; ``united`` has what
    takes part of them.
    """

    paths: tuple[Path, ...]
    files: tuple[SourceDatabase, ...]
    snapshots: tuple[Snapshot, ...]
    snapshot: Snapshot
    source: SourceDatabase
    united: United
    census: Census
    plan: Plan

    def construction(self, *, schema: str) -> Construction:
        """What to build in ``schema`` so that it works once it is in the plan's schema."""
        built = construct(
            self.source, self.census, self.plan, schema=schema, final=self.plan.schema
        )
        return replace(built, missing=(*self.united.left_out, *built.missing))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What reading, uniting and planning had to say."""
        return (*self.source.findings, *findings_of(self.united), *self.plan.findings)

    def plan_file(self, *, existing: str | None = None) -> str:
        """Write the plan as a file; what a person wrote in an existing one stays."""
        return write_plan(
            self.plan, self.source, self.census, existing=existing, united=self.united
        )


@contextmanager
def assessed(paths: Sequence[Path], wishes: Wishes, *, progress: Progress) -> Iterator[Assessment]:
    """Open files as one, count all values and decide; the snapshot closes with the context.

    What several files disagree about is settled provisionally: see ``require_settled``.

    Raises:
        SourceError: a file can't be read, or there is no table to move.
        PlanError: the plan file is wrong.
        UsageError: one file was named twice.
        DecisionNeeded: the plan file no longer fits the values.

    """
    text = read_text(wishes.plan_file) if wishes.plan_file else wishes.plan_text
    with opened(paths, text, progress=progress) as found:
        snapshot, united = found.snapshot, found.united
        became: dict[str, list[str]] = {}
        for origin in united.origins:
            became.setdefault(fold(origin.table), []).append(origin.united)
        overrides = read_plan(text, found.source, became=became) if text is not None else None
        source = selected(found.source, wishes.selection)
        empty = [path for path, file in zip(paths, found.files, strict=True) if not file.tables]
        if empty or not source.tables:
            raise SourceError(
                NO_TABLES,
                "there is no user table to move",
                where=", ".join(map(str, empty or paths)),
                fix="Check the path, and --include and --exclude if they were given",
            )
        census = counted(snapshot, source, progress)
        plan = make_plan(
            source,
            census,
            policy=wishes.policy or (overrides and overrides.policy) or Policy.NATIVE,
            schema=wishes.schema,
            overrides=overrides,
            on_bad=wishes.on_bad,
        )
        united = taking_part(united, source, census, plan, wishes.selection)
        yield Assessment(
            tuple(paths), found.files, found.snapshots, snapshot, source, united, census, plan
        )


def all_findings(assessment: Assessment, construction: Construction) -> tuple[Finding, ...]:
    """Gather what reading, uniting, planning and building had to say."""
    left = left_by_plan(assessment.source, assessment.plan)
    return (*assessment.findings, *left, *construction.findings)


def counted(snapshot: Snapshot, source: SourceDatabase, progress: Progress) -> Census:
    """Take the census, table by table as a person watches."""
    tables = len(source.tables)
    with progress.task("count every value", tables, unit="tables") as advance:
        return take_census(snapshot, source, progress=lambda _table, done, _total: advance(done))


def read_text(path: Path) -> str:
    """Read a plan file; raises UsageError with the system's reason."""
    try:
        # Reading a named pipe waits for somebody who writes to it.
        if path.is_file() or not path.exists():
            return path.read_text(encoding="utf-8")
        reason: str | None = "it is not a regular file"
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    raise UsageError(NO_PLAN_FILE, f"the plan file can't be read: {reason}", where=str(path))
