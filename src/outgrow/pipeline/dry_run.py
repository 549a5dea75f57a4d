"""``outgrow migrate --dry-run``: assess, decide, look at the target, and write nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from outgrow.model.findings import Finding
from outgrow.model.steps import Construction, Counts, ObjectKind
from outgrow.pipeline import journal, unheard
from outgrow.pipeline.assess import Assessment, Wishes, all_findings, assessed
from outgrow.pipeline.build import foreseen
from outgrow.pipeline.migrate import OpenTarget, Options, ready_target
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.result import Outcome, Status
from outgrow.pipeline.session import server_version, session
from outgrow.pipeline.several import require_settled
from outgrow.verify.objects import source_counts


def plan_only(
    paths: Sequence[Path],
    target: OpenTarget | None,
    wishes: Wishes,
    options: Options,
    progress: Progress,
) -> Outcome:
    """Give what a migration would do.

    A ``target`` is asked whether anything there stands in the way; raises OutgrowError if so.
    """
    started = monotonic()
    with assessed(paths, wishes, progress=progress) as assessment:
        require_settled(assessment.united)
        construction = assessment.construction(schema=assessment.plan.schema)
        version = ""
        about_the_target: tuple[Finding, ...] = ()
        if target is not None:
            with target() as database, session(database) as connection:
                earlier = journal.unheard(connection, unheard.task_of(assessment, wishes))
                if earlier and unheard.is_taken(connection, assessment, earlier):
                    progress.note(unheard.noted(earlier))
                else:
                    ready = ready_target(
                        connection,
                        database,
                        assessment,
                        construction,
                        options,
                        progress,
                        earlier=earlier,
                    )
                    about_the_target = ready.findings
                version = server_version(connection)
        return Outcome(
            status=Status.PLANNED,
            files=assessment.files,
            source=assessment.source,
            united=assessment.united,
            plan=assessment.plan,
            objects=_planned_counts(assessment, construction),
            missing=construction.missing,
            findings=(*all_findings(assessment, construction), *about_the_target),
            loaded=foreseen(assessment, wishes.on_bad),
            seconds={"total": monotonic() - started, "census": monotonic() - started},
            server_version=version,
        )


def _planned_counts(assessment: Assessment, construction: Construction) -> dict[ObjectKind, Counts]:
    """Count what the source declares and what would be built."""
    built = Counter(each.kind for each in construction.built)
    return {
        kind: Counts(number, built[kind])
        for kind, number in source_counts(assessment.source, assessment.plan).items()
    }
