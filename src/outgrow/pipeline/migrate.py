"""``outgrow migrate``: assess, build in staging, verify, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from outgrow.errors import TargetError, VerificationFailed, define
from outgrow.load.fast.encoder import Encoder
from outgrow.model.findings import Finding, Severity
from outgrow.model.steps import Construction
from outgrow.pipeline import home, journal, marker, memory, preflight, unheard
from outgrow.pipeline.assess import Assessment, Wishes, all_findings, assessed
from outgrow.pipeline.build import LOAD, Build
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.publish import NOT_PUBLISHED, publish
from outgrow.pipeline.published import compared
from outgrow.pipeline.refused import refused_findings
from outgrow.pipeline.result import Kept, Outcome, sound_status
from outgrow.pipeline.schema_file import checksum_of
from outgrow.pipeline.session import server_version, session
from outgrow.pipeline.settled import settled
from outgrow.pipeline.several import require_settled
from outgrow.pipeline.unlike import leave_out
from outgrow.postgres.failures import CONNECTION_LOST, is_lost
from outgrow.postgres.target import Target, connect
from outgrow.translate.schema import schema_of
from outgrow.translate.shims import install_sql
from outgrow.verify.run import Verification, verify

Connection = psycopg.Connection[Any]

OpenTarget = Callable[[], AbstractContextManager[Target]]

DIFFERENT = define("OG-540", "What arrived is not what was read; nothing was published")
OUTDATED = define("OG-544", "The file was written to while it was moved")
NOT_VERIFIED = define("OG-541", "The values were not compared, because --no-verify was given")
ANEW = define("OG-545", "An interrupted run was not continued, but begun anew")


@dataclass(frozen=True, slots=True)
class Options:
    """How a migration is run, as opposed to what is decided (`Wishes`)."""

    replace: bool = False
    verify: bool = True
    jobs: int = 2


def migrate(
    paths: Sequence[Path], target: OpenTarget, wishes: Wishes, options: Options, progress: Progress
) -> Outcome:
    """Move files; raises OutgrowError, after which the application's objects are as before.

    ``target`` is opened once the files have been read and decided upon: a server is not started
    for files that can't be moved.
    """
    started = monotonic()
    with Encoder() as encoder:
        encoder.prepare(_bytes(paths))  # it starts while the census counts
        with assessed(paths, wishes, progress=progress) as assessment:
            require_settled(assessment.united)
            census_seconds = monotonic() - started
            with target() as database, session(database) as connection:
                migration = _Migration(
                    assessment, database, connection, wishes, options, progress, encoder
                )
                outcome = migration.run()
                seconds = {
                    **outcome.seconds,
                    "census": census_seconds,
                    "total": monotonic() - started,
                }
                return replace(outcome, seconds=seconds)


def _bytes(paths: Sequence[Path]) -> int:
    """Give the size of the files, as far as they can be looked at."""
    return sum(path.stat().st_size for path in paths if path.is_file())


class _Migration:
    """One run against one target, step by step."""

    def __init__(
        self,
        assessment: Assessment,
        target: Target,
        connection: Connection,
        wishes: Wishes,
        options: Options,
        progress: Progress,
        encoder: Encoder,
    ) -> None:
        self.assessment = assessment
        self.target = target
        self.connection = connection
        self.wishes = wishes
        self.options = options
        self.progress = progress
        self.encoder = encoder
        self.jobs = options.jobs
        self.about_the_target: tuple[Finding, ...] = ()

    def run(self) -> Outcome:
        plan = self.assessment.plan
        preflight.take_lock(self.connection, self.progress)
        task = unheard.task_of(self.assessment, self.wishes)
        earlier = journal.unheard(self.connection, task)
        if earlier and unheard.is_taken(self.connection, self.assessment, earlier):
            return self._found(earlier)
        final = self.assessment.construction(schema=plan.schema)
        ready = ready_target(
            self.connection,
            self.target,
            self.assessment,
            final,
            self.options,
            self.progress,
            earlier=earlier,
        )
        self.jobs, self.about_the_target = ready.jobs, ready.findings
        home.furnish(self.connection, install_sql([*memory.TABLES, *final.helpers]))
        run = journal.begin(self.connection, task)
        if run.anew:
            self.progress.note(f"an interrupted run is begun anew: {run.anew}")
        meant = self.assessment.construction(schema=run.staging)
        with self._kept_only_if_resumable(run):
            build = self._build(run, meant)
            started = monotonic()
            construction, verification = self._verified(run, meant)
            build.seconds["verify"] = monotonic() - started
            outcome = self._outcome(build, construction, verification, run)
            checksum = checksum_of(self.assessment, final)
            bare = final if ready.bare else None
            self._publish(run, construction, outcome, checksum, bare=bare)
        # Where the line is cut now all is published, and told; the next run would look once more.
        with suppress(psycopg.OperationalError):
            journal.finish(self.connection, run.id)
        return outcome

    def _found(self, earlier: journal.Unheard) -> Outcome:
        """Compare what an earlier run has published, instead of doing the same again."""
        self.progress.note(unheard.noted(earlier))
        outcome = compared(
            self.assessment,
            self.connection,
            earlier.id,
            target=self.target,
            progress=self.progress,
            values=self.options.verify,
        )
        journal.finish(self.connection, earlier.id)
        about = unheard.told(earlier, self.assessment, outcome.status)
        return replace(outcome, findings=(about, *outcome.findings, *self._about_this_run()))

    def _about_this_run(self) -> Iterator[Finding]:
        yield from self.about_the_target
        if not self.options.verify:
            yield _not_verified(self.assessment)
        if self.assessment.snapshot.is_outdated():
            yield _outdated(self.assessment)

    @contextmanager
    def _kept_only_if_resumable(self, run: journal.Run) -> Iterator[None]:
        """Leave staging for the next run after an interruption, and nothing after a failure."""
        try:
            yield
        except Exception as error:
            # Where another session than this one was lost, this one could still clear up.
            if not self.connection.broken and not _is_to_be_continued(error):
                journal.abandon(self.connection, run.id, run.staging)
            raise

    def _build(self, run: journal.Run, construction: Construction) -> Build:
        build = Build(
            assessment=self.assessment,
            construction=construction,
            run=run,
            on_bad=self.wishes.on_bad,
            connect=lambda: connect(self.target),
            progress=self.progress,
            encoder=self.encoder,
            jobs=self.jobs,
        )
        if run.resumed:
            self.progress.note(f"continuing an interrupted run: {len(run.done)} steps are done")
        build.tables(self.connection)
        build.rows_and_keys(self.connection)
        return build

    def _verified(self, run: journal.Run, meant: Construction) -> tuple[Construction, Verification]:
        """Compare, and leave out views that give other rows; raises Mismatch for anything else."""
        construction = self._settled(run, meant)
        verification = self._verify(run, construction, values=self.options.verify)
        if verification.ok:
            return construction, verification
        if not verification.tables_ok:
            raise Mismatch(verification.all_findings)
        leave_out(self.connection, run, construction, verification.unlike_views)
        construction = self._settled(run, meant)
        objects = self._verify(run, construction, values=False)
        if not objects.ok:
            raise Mismatch(objects.all_findings)
        left = {each.source for each in construction.views}
        about = {view: told for view, told in verification.view_findings.items() if view in left}
        return construction, replace(verification, view_findings=about, objects=objects.objects)

    def _verify(
        self, run: journal.Run, construction: Construction, *, values: bool
    ) -> Verification:
        return verify(
            self.assessment.snapshot,
            self.connection,
            self.assessment.source,
            self.assessment.census,
            self.assessment.plan,
            construction,
            schema=run.staging,
            run=run.id,
            values=values,
            progress=self.progress,
            target=self.target,
        )

    def _settled(self, run: journal.Run, meant: Construction) -> Construction:
        """Give the construction as it came to be, by the journal."""
        return settled(
            meant,
            journal.steps_of(self.connection, run.id),
            self.assessment.source.where,
        )

    def _publish(
        self,
        run: journal.Run,
        construction: Construction,
        outcome: Outcome,
        checksum: str,
        *,
        bare: Construction | None,
    ) -> None:
        plan = self.assessment.plan

        def last_entries() -> None:
            self._remember(run)
            files = self.assessment.united.files
            marker.note(self.connection, plan.schema, files, checksum, run.id)
            report = {**outcome.as_json(), "selection": self.wishes.selection.as_json()}
            journal.publish(self.connection, run, report)

        publish(
            self.connection,
            plan,
            construction,
            staging=run.staging,
            replace=self.options.replace,
            bare=bare,
            also=last_entries,
        )

    def _remember(self, run: journal.Run) -> None:
        source, plan = self.assessment.source, self.assessment.plan
        schema = schema_of(source, plan, target_schema=plan.schema, census=self.assessment.census)
        memory.remember(self.connection, run, source, plan, schema)

    def _outcome(
        self,
        build: Build,
        construction: Construction,
        verification: Verification,
        run: journal.Run,
    ) -> Outcome:
        findings = all_findings(self.assessment, construction)
        findings += verification.all_findings
        findings += refused_findings(
            self.connection, run, self.assessment.source, self.assessment.plan
        )
        if run.anew:
            findings += (_anew(self.assessment, run.anew),)
        findings += (*self._about_this_run(),)
        return Outcome(
            status=sound_status(construction.missing, build.loaded, compared=self.options.verify),
            files=self.assessment.files,
            source=self.assessment.source,
            united=self.assessment.united,
            plan=self.assessment.plan,
            objects=verification.objects,
            missing=construction.missing,
            findings=findings,
            loaded=build.loaded,
            seconds=build.seconds,
            server_version=server_version(self.connection),
            kept=_kept(run),
        )


def ready_target(
    connection: Connection,
    target: Target,
    assessment: Assessment,
    construction: Construction,
    options: Options,
    progress: Progress,
    *,
    earlier: journal.Unheard | None,
) -> preflight.Ready:
    """Ask whether anything stands in the way, and say what it tells; raises OutgrowError if so."""
    ready = preflight.check(
        connection,
        assessment.plan,
        construction,
        replace=options.replace,
        where=target.display,
        jobs=options.jobs,
        size=assessment.source.size,
        told=unheard.why_not(earlier),
    )
    for note in ready.notes:
        progress.note(note)
    return ready


class Mismatch(VerificationFailed):
    """The comparison found differences; ``findings`` lists them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        errors = [each for each in findings if each.severity is Severity.ERROR]
        first = errors[0] if errors else None
        what = f"source and target differ in {len(errors):,} findings, nothing was published"
        super().__init__(
            DIFFERENT,
            f"{what}; the first: {first.says}" if first else what,
            where=first.where if first else "",
            fix="The source may have changed meanwhile: run again. If it repeats, please report it",
        )
        self.findings = findings


def _is_to_be_continued(error: Exception) -> bool:
    """Whether the same command can go on where it was, once what is outside has been mended."""
    if isinstance(error, psycopg.Error):
        return is_lost(error)
    return isinstance(error, TargetError) and error.code in (NOT_PUBLISHED, CONNECTION_LOST)


def _kept(run: journal.Run) -> Kept | None:
    """Count what did not have to be done again."""
    if not run.resumed:
        return None
    loads = [detail for step, detail in run.done.items() if step.startswith(LOAD)]
    return Kept(len(loads), sum(each["rows_loaded"] for each in loads), len(run.done))


def _anew(assessment: Assessment, why: str) -> Finding:
    says = f"an interrupted run was not continued, and nothing of it was kept: {why}"
    return Finding(ANEW, Severity.INFO, assessment.source.file, says)


def _outdated(assessment: Assessment) -> Finding:
    return Finding(
        OUTDATED,
        Severity.WARNING,
        assessment.source.file,
        "the file was written to during the run: the target holds its state at the start",
        "stop what writes to it, then run again with --replace",
    )


def _not_verified(assessment: Assessment) -> Finding:
    return Finding(
        NOT_VERIFIED,
        Severity.WARNING,
        assessment.source.file,
        "the values were loaded but not compared",
        "run outgrow verify",
    )
