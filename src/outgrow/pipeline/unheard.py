"""A run that published and never heard of it: the network or the process went at its COMMIT.

The next run of the same files, plan and version compares what is there and takes it for its own.
"""

from __future__ import annotations

from typing import Any

import psycopg

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.pipeline.assess import Assessment, Wishes
from outgrow.pipeline.journal import Task, Unheard, write_source
from outgrow.pipeline.result import Status
from outgrow.postgres.catalog import tables_among

Connection = psycopg.Connection[Any]

FOUND = define("OG-546", "An earlier run, which never heard how it ended, had published all of it")


def task_of(assessment: Assessment, wishes: Wishes) -> Task:
    """Describe what a run is to do, as the journal keeps it."""
    return Task(
        source=write_source(assessment.paths),
        # What becomes of bad values shapes the rows, so a run resumes only with the same.
        fingerprint=f"{assessment.snapshot.fingerprint} {wishes.on_bad}",
        plan=assessment.plan_file(),
        schema=assessment.plan.schema,
    )


def is_taken(connection: Connection, assessment: Assessment, earlier: Unheard) -> bool:
    """Whether an earlier run did what is asked for now, and what it published was not dropped."""
    if earlier.unlike:
        return False
    plan = assessment.plan
    names = [table.name for table in plan.tables if table.include]
    return bool(tables_among(connection, plan.schema, names))


def noted(earlier: Unheard) -> str:
    """Say what was found, while work goes on."""
    return (
        f"the run that began at {_moment(earlier)} has published everything, but never heard that "
        "it had: it is not moved again, but compared"
    )


def told(earlier: Unheard, assessment: Assessment, status: Status) -> Finding:
    """Say what was found, and what can be done where it is no longer what was published."""
    says = f"the run that began at {_moment(earlier)} had published all of it"
    if status is not Status.MISMATCH:
        return Finding(FOUND, Severity.INFO, assessment.source.file, f"{says}, and it is whole")
    return Finding(
        FOUND,
        Severity.WARNING,
        assessment.source.file,
        f"{says}; it is no longer as it was published, and was left as it is",
        "if what is there may go, run again with --replace",
    )


def why_not(earlier: Unheard | None) -> str:
    """Say why a run does not take an earlier one's work for its own, for who wonders; or ''."""
    if earlier is None:
        return ""
    return (
        f"the run that began at {_moment(earlier)} has published them without hearing that it "
        f"had, and now {earlier.unlike}"
    )


def _moment(earlier: Unheard) -> str:
    return f"{earlier.started:%Y-%m-%d %H:%M:%S %Z}".strip()
