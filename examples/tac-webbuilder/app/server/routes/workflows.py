"""Workflows: what was asked for, how it went, what it cost."""

import sqlite3
from typing import Any, Literal

from core.connection import get_connection
from core.values import dump, now_local, parse_time, to_dict
from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

router = APIRouter(prefix="/workflows", tags=["workflows"])

_JSON = (
    "structured_input",
    "cost_breakdown",
    "token_breakdown",
    "similar_workflow_ids",
    "anomaly_flags",
    "optimization_recommendations",
    "retry_reasons",
    "error_phase_distribution",
)
_LISTED = (
    "id, adw_id, workflow_id, issue_number, nl_input, workflow_template, model_used, status, "
    "start_time, end_time, duration_seconds, current_phase, success_rate, retry_count, pr_merged, "
    "total_tokens, actual_cost_total, cost_per_token, cost_breakdown, created_at, updated_at"
)


class NewWorkflow(BaseModel):
    """What somebody asks for."""

    adw_id: str
    workflow_id: str | None = None
    issue_number: int | None = None
    nl_input: str | None = None
    workflow_template: str | None = None
    model_used: str | None = None
    status: str = "pending"
    structured_input: dict[str, Any] | None = None


class Progress(BaseModel):
    """What a running workflow tells; fields that are not given stay as they are."""

    status: str | None = None
    current_phase: str | None = None
    duration_seconds: int | None = None
    success_rate: float | None = None
    error_message: str | None = None
    total_tokens: int | None = None
    actual_cost_total: float | None = None
    cost_breakdown: dict[str, Any] | None = None
    pr_merged: bool | None = None


class Synced(BaseModel):
    """A workflow as GitHub tells it."""

    adw_id: str
    issue_number: int
    status: str
    gh_issue_state: str | None = None
    created_at: str


class ToArchive(BaseModel):
    """Which workflows go to the archive."""

    days: int = Field(90, ge=0)
    reason: str = "retention"


@router.get("")
def list_workflows(
    status: str | None = None,
    model: str | None = None,
    search: str | None = None,
    days: int | None = None,
    merged: bool | None = None,
    sort: Literal[
        "created_at", "duration_seconds", "actual_cost_total", "issue_number"
    ] = "created_at",
    order: Literal["asc", "desc"] = "desc",
    limit: int = Query(20, le=500),
    offset: int = 0,
) -> dict[str, Any]:
    """One page of workflows, and how many there are in all."""
    conditions, values = [], []
    if status:
        conditions.append("status = ?")
        values.append(status)
    if model:
        conditions.append("model_used = ?")
        values.append(model)
    if search:
        conditions.append("(nl_input LIKE ? OR adw_id LIKE ? OR error_message LIKE ?)")
        values.extend([f"%{search}%"] * 3)
    if days is not None:
        conditions.append("created_at >= datetime('now', '-' || ? || ' days')")
        values.append(days)
    if merged is not None:
        conditions.append("pr_merged = ?")
        values.append(int(merged))
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    with get_connection(database="workflow_history") as conn:
        total = conn.execute(f"SELECT COUNT(*) FROM workflow_history {where}", values).fetchone()[0]
        rows = conn.execute(
            f"SELECT {_LISTED} FROM workflow_history {where} "
            f"ORDER BY {sort} {order.upper()}, id LIMIT ? OFFSET ?",
            [*values, limit, offset],
        ).fetchall()
    return {"total": total, "workflows": [to_dict(row, _JSON) for row in rows]}


@router.get("/analytics")
def get_analytics() -> dict[str, Any]:
    """Figures over all workflows."""
    with get_connection(database="workflow_history") as conn:
        return analytics(conn)


def analytics(conn: sqlite3.Connection) -> dict[str, Any]:
    """Counts, costs and durations."""
    total, cost, tokens, average = conn.execute(
        "SELECT COUNT(*), COALESCE(SUM(actual_cost_total), 0), SUM(total_tokens), "
        "AVG(duration_seconds) FROM workflow_history"
    ).fetchone()
    by_status = {
        row["status"]: row["n"]
        for row in conn.execute(
            "SELECT status, COUNT(*) AS n FROM workflow_history GROUP BY status ORDER BY status"
        )
    }
    by_model = conn.execute(
        """
        SELECT COALESCE(model_used, 'unknown') AS model,
               COUNT(*) AS workflows,
               ROUND(AVG(actual_cost_total), 6) AS average_cost,
               SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) * 100.0 / COUNT(*)
                   AS completed,
               MAX(cost_per_token) AS dearest_token
        FROM workflow_history
        GROUP BY model_used
        HAVING COUNT(*) > 0
        ORDER BY workflows DESC, model
        """
    ).fetchall()
    scores = conn.execute(
        "SELECT AVG(NULLIF(quality_score, -1.0)), MIN(quality_score), MAX(performance_score), "
        "SUM(pr_merged), COUNT(DISTINCT workflow_template) FROM workflow_history"
    ).fetchone()
    return {
        "total": total,
        "cost": cost,
        "tokens": tokens or 0,
        "average_seconds": average,
        "by_status": by_status,
        "by_model": [dict(row) for row in by_model],
        "quality": scores[0],
        "worst_quality": scores[1],
        "best_performance": scores[2],
        "merged": scores[3],
        "templates": scores[-1],
    }


@router.get("/trends")
def get_trends(days: int = 30) -> list[dict[str, Any]]:
    """Workflows and their cost for each day."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            """
            SELECT DATE(created_at) AS day, COUNT(*) AS workflows,
                   SUM(actual_cost_total) AS cost,
                   SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed
            FROM workflow_history
            WHERE DATE(created_at) >= DATE('now', '-' || ? || ' days')
            GROUP BY DATE(created_at)
            ORDER BY day DESC
            """,
            (days,),
        )
        return [
            {"day": day, "workflows": n, "cost": cost, "failed": failed}
            for day, n, cost, failed in rows
        ]


@router.get("/recent")
def get_recent() -> list[dict[str, Any]]:
    """What was created in the last seven days."""
    with get_connection(database="workflow_history") as conn:
        cursor = conn.cursor()
        cursor.execute(
            "SELECT adw_id, status, created_at FROM workflow_history "
            "WHERE created_at > datetime('now', '-7 days') ORDER BY id DESC"
        )
        return [dict(row) for row in cursor.fetchall()]


@router.get("/{adw_id}")
def get_workflow(adw_id: str) -> dict[str, Any]:
    """All of one workflow, with its tool calls and savings."""
    with get_connection(database="workflow_history") as conn:
        row = conn.execute("SELECT * FROM workflow_history WHERE adw_id = ?", (adw_id,)).fetchone()
        if row is None:
            raise HTTPException(404, f"there is no workflow {adw_id}")
        calls = conn.execute(
            "SELECT tool_name, COUNT(*), SUM(success) FROM tool_calls WHERE workflow_id = ? "
            "GROUP BY tool_name ORDER BY tool_name",
            (row["workflow_id"],),
        ).fetchall()
        saved = conn.execute(
            "SELECT SUM(cost_saved_usd) FROM cost_savings_log WHERE workflow_id = ?",
            (row["workflow_id"],),
        ).fetchone()[0]
    started, ended = parse_time(row["start_time"]), parse_time(row["end_time"])
    return {
        **to_dict(row, _JSON),
        "elapsed_seconds": (ended - started).total_seconds() if started and ended else None,
        "created": parse_time(row["created_at"]),
        "updated": parse_time(row["UPDATED_AT"]),
        "calls": [{"tool_name": name, "calls": n, "succeeded": ok} for name, n, ok in calls],
        "cost_saved_usd": saved,
        "labels": _labels(row),
    }


def _labels(row: sqlite3.Row) -> Any:
    """Only databases of the newest release have labels."""
    try:
        return row["labels"]
    except IndexError:
        return []


@router.post("", status_code=201)
def create_workflow(new: NewWorkflow) -> dict[str, Any]:
    """Note a workflow that begins; 409 where its adw_id is taken."""
    with get_connection(database="workflow_history") as conn:
        try:
            cursor = conn.execute(
                "INSERT INTO workflow_history (adw_id, workflow_id, issue_number, nl_input, "
                "workflow_template, model_used, status, structured_input, start_time, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    new.adw_id,
                    new.workflow_id,
                    new.issue_number,
                    new.nl_input,
                    new.workflow_template,
                    new.model_used,
                    new.status,
                    dump(new.structured_input),
                    now_local(),
                    now_local(),
                ),
            )
        except sqlite3.IntegrityError as error:
            taken = conn.execute(
                "SELECT id FROM workflow_history WHERE adw_id = ?", (new.adw_id,)
            ).fetchone()
            raise HTTPException(409 if taken else 422, str(error)) from error
        return {"id": cursor.lastrowid, "adw_id": new.adw_id}


@router.patch("/{adw_id}")
def update_workflow(adw_id: str, progress: Progress) -> dict[str, Any]:
    """Note how it goes; 404 where there is no such workflow."""
    given = progress.model_dump(exclude_unset=True)
    if "cost_breakdown" in given:
        given["cost_breakdown"] = dump(given["cost_breakdown"])
    if progress.status in ("completed", "failed"):
        given["end_time"] = now_local()
    if not given:
        raise HTTPException(422, "nothing to change")
    changes = ", ".join(f"{name} = ?" for name in given)
    with get_connection(database="workflow_history") as conn:
        try:
            cursor = conn.execute(
                f"UPDATE workflow_history SET {changes}, updated_at = datetime('now') "
                "WHERE adw_id = ?",
                (*given.values(), adw_id),
            )
        except sqlite3.IntegrityError as error:
            raise HTTPException(422, str(error)) from error
        if cursor.rowcount == 0:
            raise HTTPException(404, f"there is no workflow {adw_id}")
    return {"changed": cursor.rowcount}


@router.delete("/{adw_id}")
def delete_workflow(adw_id: str) -> dict[str, Any]:
    """Forget a workflow."""
    with get_connection(database="workflow_history") as conn:
        cursor = conn.execute("DELETE FROM workflow_history WHERE adw_id = ?", (adw_id,))
        return {"deleted": cursor.rowcount}


@router.post("/sync")
def sync_workflows(synced: list[Synced]) -> dict[str, Any]:
    """Take over what GitHub knows: all of it or, where one is wrong, nothing."""
    rows = [(s.adw_id, s.issue_number, s.status, s.gh_issue_state, s.created_at) for s in synced]
    try:
        with get_connection(database="workflow_history") as conn:
            cursor = conn.executemany(
                """
                INSERT INTO workflow_history
                    (adw_id, issue_number, status, gh_issue_state, created_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT(adw_id) DO UPDATE SET
                    issue_number = excluded.issue_number,
                    status = excluded.status,
                    gh_issue_state = COALESCE(excluded.gh_issue_state, gh_issue_state),
                    updated_at = datetime('now')
                """,
                rows,
            )
            return {"synced": cursor.rowcount}
    except sqlite3.IntegrityError as error:
        raise HTTPException(422, str(error)) from error


@router.post("/archive")
def archive_workflows(what: ToArchive) -> dict[str, Any]:
    """Move what ended long ago to the archive."""
    ended = (
        "status IN ('completed', 'failed') AND created_at < datetime('now', '-' || ? || ' days')"
    )
    with get_connection(database="workflow_history") as conn:
        kept = {row["name"] for row in conn.execute("PRAGMA table_info(workflow_history)")}
        both = ", ".join(
            row[1]
            for row in conn.execute("PRAGMA table_info(workflow_history_archive)")
            if row[1] in kept and row[1] != "id"
        )
        copied = conn.execute(
            f"INSERT INTO workflow_history_archive (original_id, {both}, archive_reason) "
            f"SELECT id, {both}, ? FROM workflow_history WHERE {ended}",
            (what.reason, what.days),
        ).rowcount
        deleted = conn.execute(f"DELETE FROM workflow_history WHERE {ended}", (what.days,)).rowcount
        if copied != deleted:
            raise HTTPException(409, "another process archives at this moment")
        total = conn.execute("SELECT COUNT(*) FROM workflow_history_archive").fetchone()[0]
    return {"archived": copied, "in_archive": total}
