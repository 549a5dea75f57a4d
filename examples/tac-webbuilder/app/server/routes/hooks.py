"""Hook events: what the agents report while they work."""

from datetime import UTC, datetime
from typing import Any

from core.connection import get_connection
from core.values import dump, parse_time, to_dict
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(prefix="/hooks", tags=["hooks"])

_JSON = ("payload", "chat_history")


class Event(BaseModel):
    """One report of an agent."""

    event_id: str
    event_type: str
    source_app: str | None = None
    session_id: str | None = None
    workflow_id: str | None = None
    payload: dict[str, Any]
    tool_name: str | None = None


@router.post("")
def receive(events: list[Event]) -> dict[str, Any]:
    """Keep events; one that came before, or of a type that nobody knows, is left out."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with get_connection(database="workflow_history") as conn:
        before = conn.total_changes
        conn.executemany(
            "INSERT OR IGNORE INTO hook_events "
            "(event_id, event_type, source_app, session_id, workflow_id, payload, tool_name, "
            "timestamp) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    event.event_id,
                    event.event_type,
                    event.source_app,
                    event.session_id,
                    event.workflow_id,
                    dump(event.payload),
                    event.tool_name,
                    now,
                )
                for event in events
            ],
        )
        return {"received": len(events), "kept": conn.total_changes - before}


@router.get("")
def list_events(
    event_type: str | None = None, processed: bool | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """The latest events first."""
    sql, values = "SELECT * FROM hook_events WHERE 1", []
    if event_type is not None:
        sql += " AND event_type = ?"
        values.append(event_type)
    if processed is not None:
        sql += " AND processed = ?"
        values.append(processed)
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            f"{sql} ORDER BY timestamp DESC, id LIMIT ?", (*values, limit)
        ).fetchall()
    return [{**to_dict(row, _JSON), "when": parse_time(row["timestamp"])} for row in rows]


@router.get("/recent")
def list_recent(hours: int = 24) -> dict[str, int]:
    """How many events of each type came in the last hours."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            "SELECT event_type, COUNT(*) FROM hook_events "
            "WHERE timestamp >= datetime('now', '-' || ? || ' hours') "
            "GROUP BY event_type ORDER BY event_type",
            (hours,),
        ).fetchall()
    return {row[0]: row[1] for row in rows}


@router.get("/daily")
def list_daily() -> list[dict[str, Any]]:
    """Events by day, type and source."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            "SELECT * FROM v_hook_events_daily "
            "ORDER BY day DESC, events DESC, event_type, source_app"
        )
        return [dict(row) for row in rows]


@router.get("/sessions")
def list_sessions() -> list[dict[str, Any]]:
    """What happened in each session, in one line."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            """
            SELECT session_id, COUNT(*) AS events, COUNT(DISTINCT workflow_id) AS workflows,
                   MIN(timestamp) AS first, MAX(timestamp) AS last,
                   SUM(LENGTH(payload)) AS size
            FROM hook_events
            WHERE session_id IS NOT NULL
            GROUP BY session_id
            ORDER BY session_id
            """
        ).fetchall()
    return [dict(zip(row.keys(), row, strict=True)) for row in rows]


@router.post("/process")
def process(limit: int = 100) -> dict[str, Any]:
    """Mark the oldest events as processed; tells which tools they were about."""
    with get_connection(database="workflow_history") as conn:
        waiting = conn.execute(
            "SELECT id, tool_name FROM hook_events WHERE processed = 0 ORDER BY id LIMIT ?",
            (limit,),
        ).fetchall()
        cursor = conn.executemany(
            "UPDATE hook_events SET processed = 1, processed_at = datetime('now'), "
            "attempts = COALESCE(attempts, 0) + 1 WHERE id = ?",
            [(row["id"],) for row in waiting],
        )
        left = conn.execute("SELECT COUNT(*) FROM hook_events WHERE processed = 0").fetchone()[0]
    tools = sorted({name for _, name in waiting if name})
    return {"processed": cursor.rowcount if waiting else 0, "left": left, "tools": tools}
