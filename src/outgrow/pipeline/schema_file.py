"""The PostgreSQL schema as one file: self-contained, in one transaction, loaded once.

It loads with ``ON_ERROR_STOP``; what PostgreSQL can't hold stands in it as a comment.
"""

from __future__ import annotations

from outgrow import __version__
from outgrow.model.steps import Construction, Missing, Phase, Step
from outgrow.pipeline.assess import Assessment
from outgrow.postgres.identifiers import quote
from outgrow.translate.shims import install_sql


def schema_file(assessment: Assessment) -> str:
    """Write the schema of a file for its plan's schema."""
    plan = assessment.plan
    construction = assessment.construction(schema=plan.schema)
    parts = [
        _head(assessment),
        "BEGIN;",
        _helpers(construction),
        f"CREATE SCHEMA IF NOT EXISTS {quote(plan.schema)};" if plan.schema != "public" else "",
        _section("Tables", _statements(construction, Phase.BEFORE_DATA)),
        _section(
            "Keys, checks, indexes, views and triggers", _statements(construction, Phase.AFTER_DATA)
        ),
        _section("What PostgreSQL can't hold", _missing(construction.missing)),
        "COMMIT;",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(assessment: Assessment) -> str:
    source = assessment.source
    return (
        f"-- PostgreSQL schema of {_one_line(source.file)}, written by outgrow {__version__}\n"
        "-- Load it with: psql -v ON_ERROR_STOP=1 -f FILE"
    )


def _helpers(construction: Construction) -> str:
    if not construction.helpers:
        return ""
    return install_sql(construction.helpers).strip()


def _section(title: str, text: str) -> str:
    return f"-- {title}\n\n{text}" if text else ""


def _statements(construction: Construction, phase: Phase) -> str:
    lines: list[str] = []
    table = None
    for step in construction.steps:
        if step.phase is phase:
            if step.table != table:
                table = step.table
                lines += ["", f"-- {_one_line(table)}"] if lines else [f"-- {_one_line(table)}"]
            lines.append(_statement(step))
    return "\n".join(lines)


def _statement(step: Step) -> str:
    return f"{step.sql.rstrip().rstrip(';')};"


def _missing(missing: tuple[Missing, ...]) -> str:
    lines = []
    for each in missing:
        lines.append(f"-- {each.kind.value}: {_one_line(each.table)}, {_one_line(each.name)}")
        lines.append(f"--   {_one_line(each.reason)}")
        lines += [f"--   {line}" for line in each.instead.splitlines()]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
