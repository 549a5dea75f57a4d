"""Everything that is known before a target is needed: a pure function of the file and the plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from outgrow.ddl.construct import construct
from outgrow.errors import SourceError, UsageError, define
from outgrow.model.census import Census
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Construction
from outgrow.model.types import OnBad, Policy
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.selection import Selection, selected
from outgrow.plan.planfile import read_plan
from outgrow.plan.weighing import make_plan
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import Snapshot, open_snapshot

NO_TABLES = define("OG-500", "The file holds no table of a user")
SEVERAL_FILES = define("OG-501", "Several SQLite files are not united yet")
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
    """A file, read and decided upon; ``snapshot`` is open for as long as the caller holds it."""

    snapshot: Snapshot
    source: SourceDatabase
    census: Census
    plan: Plan

    def construction(self, *, schema: str) -> Construction:
        """What to build in ``schema`` so that it works once it is in the plan's schema."""
        return construct(self.source, self.census, self.plan, schema=schema, final=self.plan.schema)


def only_source(sources: list[str]) -> Path:
    """Give the one file that was named; raises UsageError for several."""
    if len(sources) > 1:
        raise UsageError(
            SEVERAL_FILES,
            f"{len(sources)} files were named, and only one at a time can be moved",
            fix="Move each into a schema of its own with --schema",
        )
    return Path(sources[0])


@contextmanager
def assessed(path: Path, wishes: Wishes, *, progress: Progress) -> Iterator[Assessment]:
    """Open a file, count its values and decide; the snapshot closes with the context.

    Raises:
        SourceError: the file can't be read, or has no table to move.
        PlanError: the plan file is wrong.
        DecisionNeeded: the plan file no longer fits the values.

    """
    with open_snapshot(path) as snapshot:
        everything = read_catalog(snapshot)
        text = read_text(wishes.plan_file) if wishes.plan_file else wishes.plan_text
        overrides = read_plan(text, everything) if text is not None else None
        source = selected(everything, wishes.selection)
        if not source.tables:
            raise SourceError(
                NO_TABLES,
                "there is no user table to move",
                where=str(path),
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
        yield Assessment(snapshot, source, census, plan)


def counted(snapshot: Snapshot, source: SourceDatabase, progress: Progress) -> Census:
    """Take the census, table by table as a person watches."""
    if snapshot.copied_bytes:
        progress.note(f"reading a private copy of {snapshot.copied_bytes / 1e6:,.0f} MB")
    tables = len(source.tables)
    with progress.task("count every value", tables, unit="tables") as advance:
        return take_census(snapshot, source, progress=lambda _table, done, _total: advance(done))


def read_text(path: Path) -> str:
    """Read a plan file; raises UsageError with the system's reason."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    raise UsageError(NO_PLAN_FILE, f"the plan file can't be read: {reason}", where=str(path))
