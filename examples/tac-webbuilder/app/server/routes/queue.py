"""The queue of phases, its settings, and the locks on issues: in database.db."""

import sqlite3
import uuid
from typing import Any

from core.connection import get_connection
from core.values import dump, now_local, to_dict
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

router = APIRouter(tags=["queue"])


class Phase(BaseModel):
    """A phase to queue."""

    parent_issue: int
    phase_number: int
    depends_on_phase: int | None = None
    priority: int = 50
    data: dict[str, Any] = {}


class Lock(BaseModel):
    """Who works on an issue."""

    adw_id: str
    status: str = "planning"


class Setting(BaseModel):
    """A setting of the queue."""

    value: str


@router.get("/queue")
def list_queue(status: str | None = None) -> list[dict[str, Any]]:
    """Phases in the order in which they will run."""
    with get_connection() as conn:
        rows = conn.execute(
            "SELECT * FROM phase_queue WHERE status = COALESCE(?, status) "
            "ORDER BY priority, queue_position, queue_id",
            (status,),
        ).fetchall()
    return [to_dict(row, ("phase_data",)) for row in rows]


@router.post("/queue", status_code=201)
def enqueue(phase: Phase) -> dict[str, Any]:
    """Add a phase at the end; it is ready unless another has to come first."""
    queue_id = str(uuid.uuid4())
    with get_connection() as conn:
        position = conn.execute("SELECT MAX(queue_position) FROM phase_queue").fetchone()[0]
        conn.execute(
            "INSERT INTO phase_queue (queue_id, parent_issue, phase_number, depends_on_phase, "
            "priority, phase_data, status, queue_position, ready_timestamp) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                queue_id,
                phase.parent_issue,
                phase.phase_number,
                phase.depends_on_phase,
                phase.priority,
                dump(phase.data),
                "queued" if phase.depends_on_phase else "ready",
                (position or 0) + 1,
                None if phase.depends_on_phase else now_local(),
            ),
        )
    return {"queue_id": queue_id}


@router.post("/queue/next")
def take_next() -> dict[str, Any]:
    """Start the next phase; 404 where none is ready."""
    with get_connection() as conn:
        conn.execute("BEGIN IMMEDIATE")
        row = conn.execute(
            "SELECT queue_id, parent_issue, phase_number FROM phase_queue WHERE status = 'ready' "
            "ORDER BY priority, queue_position LIMIT 1"
        ).fetchone()
        if row is None:
            raise HTTPException(404, "no phase is ready")
        queue_id, issue, number = row
        conn.execute(
            "UPDATE phase_queue SET status = 'running', started_timestamp = ?, "
            "updated_at = CURRENT_TIMESTAMP WHERE queue_id = ?",
            (now_local(), queue_id),
        )
    return {"queue_id": queue_id, "parent_issue": issue, "phase_number": number}


@router.post("/queue/{queue_id}/done")
def end_phase(queue_id: str, failed: bool = False) -> dict[str, Any]:
    """End a phase; those that wait for it get ready, or are blocked."""
    with get_connection() as conn:
        changed = conn.execute(
            "UPDATE phase_queue SET status = ? WHERE queue_id = ? AND status = 'running'",
            ("failed" if failed else "completed", queue_id),
        ).rowcount
        if changed != 1:
            raise HTTPException(404, f"{queue_id} does not run")
        freed = conn.execute(
            "UPDATE phase_queue SET status = ?, ready_timestamp = ? WHERE status = 'queued' "
            "AND (parent_issue, depends_on_phase) IN "
            "(SELECT parent_issue, phase_number FROM phase_queue WHERE queue_id = ?)",
            ("blocked" if failed else "ready", now_local(), queue_id),
        ).rowcount
    return {"freed": 0 if failed else freed, "blocked": freed if failed else 0}


@router.get("/queue/config")
def get_config() -> dict[str, str]:
    """All settings."""
    with get_connection() as conn:
        rows = conn.execute(
            "SELECT config_key, config_value FROM queue_config ORDER BY 1"
        ).fetchall()
    return {row["config_key"]: row["config_value"] for row in rows}


@router.put("/queue/config/{key}")
def set_config(key: str, setting: Setting) -> dict[str, str]:
    """Change a setting, or make it."""
    with get_connection() as conn:
        conn.execute(
            "INSERT INTO queue_config (config_key, config_value) VALUES (?, ?) "
            "ON CONFLICT(config_key) DO UPDATE SET config_value = excluded.config_value, "
            "updated_at = CURRENT_TIMESTAMP",
            (key, setting.value),
        )
    return get_config()


@router.get("/locks")
def list_locks() -> list[dict[str, Any]]:
    """Who works on what."""
    with get_connection() as conn:
        return [dict(row) for row in conn.execute("SELECT * FROM adw_locks ORDER BY issue_number")]


@router.put("/locks/{issue_number}")
def take_lock(issue_number: int, lock: Lock) -> dict[str, Any]:
    """Lock an issue; 409 tells who has it."""
    with get_connection() as conn:
        try:
            conn.execute(
                "INSERT INTO adw_locks (issue_number, adw_id, status) VALUES (?, ?, ?)",
                (issue_number, lock.adw_id, lock.status),
            )
        except sqlite3.IntegrityError as error:
            holder = conn.execute(
                "SELECT adw_id FROM adw_locks WHERE issue_number = ?", (issue_number,)
            ).fetchone()
            if holder is None:
                raise HTTPException(422, str(error)) from error
            if holder[0] != lock.adw_id:
                raise HTTPException(409, f"locked by {holder[0]}") from error
            conn.execute(
                "UPDATE adw_locks SET status = ?, updated_at = CURRENT_TIMESTAMP "
                "WHERE issue_number = ?",
                (lock.status, issue_number),
            )
    return {"issue_number": issue_number, "adw_id": lock.adw_id}


@router.delete("/locks/{issue_number}")
def free_lock(issue_number: int) -> dict[str, Any]:
    """Unlock an issue."""
    with get_connection() as conn:
        freed = conn.execute(
            "DELETE FROM adw_locks WHERE issue_number = ?", (issue_number,)
        ).rowcount
    return {"freed": freed == 1}
