"""Tools, and each call of one."""

import sqlite3
from typing import Any

from core.connection import get_connection
from core.values import dump, now_local, to_dict
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

router = APIRouter(tags=["tools"])

_TOOL_JSON = ("tool_schema", "input_patterns", "output_format")
_CALL_JSON = ("tool_params", "result_data", "pre_tool_snapshot", "post_tool_snapshot")


class NewTool(BaseModel):
    """A tool that workflows may call."""

    tool_name: str
    description: str
    tool_schema: dict[str, Any]
    script_path: str
    input_patterns: list[str] = []
    status: str = "active"


class NewCall(BaseModel):
    """A call that begins."""

    tool_call_id: str
    workflow_id: str
    tool_params: dict[str, Any] = {}


class Result(BaseModel):
    """How a call ended."""

    success: bool
    duration_seconds: float
    result_data: dict[str, Any] | None = None
    error_message: str | None = None
    tokens_saved: int = 0
    cost_saved_usd: float = 0.0


@router.get("/tools")
def list_tools(status: str | None = None, search: str = "") -> list[dict[str, Any]]:
    """Tools by name."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            "SELECT * FROM adw_tools WHERE (? IS NULL OR status = ?) AND tool_name LIKE ? "
            "ORDER BY tool_name COLLATE NOCASE",
            (status, status, f"%{search}%"),
        ).fetchall()
    return [to_dict(row, _TOOL_JSON) for row in rows]


@router.post("/tools", status_code=201)
def add_tool(new: NewTool) -> dict[str, Any]:
    """Add a tool; one that is known stays as it is."""
    with get_connection(database="workflow_history") as conn:
        cursor = conn.cursor()
        cursor.execute(
            "INSERT OR IGNORE INTO adw_tools "
            "(tool_name, description, tool_schema, script_path, input_patterns, status) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                new.tool_name,
                new.description,
                dump(new.tool_schema),
                new.script_path,
                dump(new.input_patterns),
                new.status,
            ),
        )
        row = conn.execute(
            "SELECT id FROM adw_tools WHERE tool_name = ?", (new.tool_name,)
        ).fetchone()
        if row is None:
            raise HTTPException(422, f"{new.status} is no state of a tool")
        return {"id": row["id"], "added": cursor.rowcount == 1}


@router.get("/tools/performance")
def get_performance() -> list[dict[str, Any]]:
    """How well the active tools do."""
    with get_connection(database="workflow_history") as conn:
        return [
            dict(row)
            for row in conn.execute("SELECT * FROM v_tool_performance ORDER BY 2 DESC, tool_name")
        ]


@router.post("/tools/{tool_name}/calls", status_code=201)
def begin_call(tool_name: str, new: NewCall) -> dict[str, Any]:
    """Note a call; a trigger counts it for its tool."""
    with get_connection(database="workflow_history") as conn:
        try:
            cursor = conn.execute(
                "INSERT INTO tool_calls (tool_call_id, workflow_id, tool_name, tool_params) "
                "VALUES (:call, :workflow, :tool, :params)",
                {
                    "call": new.tool_call_id,
                    "workflow": new.workflow_id,
                    "tool": tool_name,
                    "params": dump(new.tool_params),
                },
            )
        except sqlite3.IntegrityError as error:
            raise HTTPException(409, f"there is a call {new.tool_call_id}") from error
        return {"id": cursor.lastrowid}


@router.post("/tool-calls/{tool_call_id}/result")
def end_call(tool_call_id: str, result: Result) -> dict[str, Any]:
    """Note how a call ended, and what it saved; a trigger works out the tool's success rate."""
    with get_connection(database="workflow_history") as conn:
        changed = conn.execute(
            "UPDATE tool_calls SET success = ?, duration_seconds = ?, result_data = ?, "
            "error_message = ?, tokens_saved = ?, cost_saved_usd = ?, completed_at = ? "
            "WHERE tool_call_id = ?",
            (
                result.success,
                result.duration_seconds,
                dump(result.result_data),
                result.error_message,
                result.tokens_saved,
                result.cost_saved_usd,
                now_local(),
                tool_call_id,
            ),
        ).rowcount
        if not changed:
            raise HTTPException(404, f"there is no call {tool_call_id}")
        if result.cost_saved_usd > 0:
            conn.execute(
                "INSERT INTO cost_savings_log "
                "(optimization_type, workflow_id, tool_call_id, tokens_saved, cost_saved_usd) "
                "SELECT 'tool_call', workflow_id, tool_call_id, tokens_saved, cost_saved_usd "
                "FROM tool_calls WHERE tool_call_id = ?",
                (tool_call_id,),
            )
        rate = conn.execute(
            "SELECT success_rate FROM adw_tools t JOIN tool_calls c ON c.tool_name = t.tool_name "
            "WHERE c.tool_call_id = ?",
            (tool_call_id,),
        ).fetchone()
    return {"success_rate": rate[0] if rate else None}


@router.get("/tool-calls")
def list_calls(
    workflow_id: str | None = None,
    success: bool | None = None,
    hours: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """The latest calls first."""
    conditions, values = ["1 = 1"], []
    if workflow_id:
        conditions.append("workflow_id = ?")
        values.append(workflow_id)
    if success is not None:
        conditions.append("success = ?")
        values.append(1 if success else 0)
    if hours is not None:
        conditions.append("called_at >= datetime('now', '-' || ? || ' hours')")
        values.append(hours)
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            f"SELECT * FROM tool_calls WHERE {' AND '.join(conditions)} "
            "ORDER BY called_at DESC, id DESC LIMIT ?",
            (*values, limit),
        ).fetchall()
    return [to_dict(row, _CALL_JSON) for row in rows]


@router.get("/tool-calls/hours")
def get_hours() -> list[dict[str, Any]]:
    """At what time of the day tools are called."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            "SELECT strftime('%H', called_at) AS hour, COUNT(*) AS calls, "
            "AVG(duration_seconds) AS average_seconds, MAX(completed_at) AS latest "
            "FROM tool_calls GROUP BY hour ORDER BY hour"
        )
        return [dict(row) for row in rows]
