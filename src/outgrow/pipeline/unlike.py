"""Views whose rows are not SQLite's: left out and listed, rather than published.

SQL leaves some results open: which of several equal rows a LIMIT keeps, or which row a column
comes from that is not in GROUP BY. Two databases may then both be right and still differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from outgrow.errors import define
from outgrow.model.names import fold
from outgrow.model.steps import UNBUILT_MARK, Construction, ObjectKind, Step
from outgrow.pipeline.journal import Run
from outgrow.postgres.identifiers import qualified

UNLIKE = define("OG-543", "A view gives other rows than in SQLite, so it is left out")


def leave_out(
    connection: psycopg.Connection[Any],
    run: Run,
    construction: Construction,
    unlike: Mapping[str, str],
) -> None:
    """Drop views from staging, with the views and triggers that stand on them, and journal it.

    Args:
        connection: in autocommit mode.
        run: the run under way.
        construction: what was built.
        unlike: what is different, by the view's name in the source.

    """
    with connection.transaction():
        for view in construction.views:
            if view.source in unlike:
                name = qualified(run.staging, view.target)
                connection.execute(f"DROP VIEW IF EXISTS {name} CASCADE")
        present = _views(connection, run.staging)
        gone = {fold(each.source) for each in construction.views if each.target not in present}
        triggers = {
            each.name: each.target for each in construction.built if each.kind == "triggers"
        }
        for step in construction.steps:
            if fold(step.table) not in gone:
                continue
            if step.kind is ObjectKind.TRIGGERS:
                function = qualified(run.staging, triggers[step.name])
                connection.execute(f"DROP FUNCTION {function}()")
            _mark(connection, run, step, unlike.get(step.table))


def _views(connection: psycopg.Connection[Any], schema: str) -> set[str]:
    rows = connection.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname = %s AND relkind = 'v'",
        (schema,),
    )
    return {name for (name,) in rows}


def _mark(
    connection: psycopg.Connection[Any], run: Run, step: Step, difference: str | None
) -> None:
    reason = f"its rows are not those in SQLite: {difference}"
    if difference is None:
        reason = "it stands on a view that gives other rows than in SQLite"
    connection.execute(
        "UPDATE outgrow.journal SET detail = %s WHERE run = %s AND step = %s",
        (Jsonb({UNBUILT_MARK: f"{UNLIKE} {reason}"}), run.id, step.id),
    )
