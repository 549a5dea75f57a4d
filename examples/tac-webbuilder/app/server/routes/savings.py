"""What was saved by tools, patterns and smaller inputs."""

import sqlite3
from typing import Any

from core.connection import get_connection
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

router = APIRouter(prefix="/savings", tags=["savings"])


class Saving(BaseModel):
    """One saving."""

    optimization_type: str
    workflow_id: str
    pattern_id: int | None = None
    baseline_tokens: int
    actual_tokens: int
    cost_saved_usd: float
    notes: str | None = None


@router.post("", status_code=201)
def add_saving(saving: Saving) -> dict[str, Any]:
    """Note a saving."""
    with get_connection(database="workflow_history") as conn:
        try:
            cursor = conn.execute(
                "INSERT INTO cost_savings_log (optimization_type, workflow_id, pattern_id, "
                "baseline_tokens, actual_tokens, tokens_saved, cost_saved_usd, notes) "
                "VALUES (?, ?, ?, ?, ?, ? - ?, ?, ?)",
                (
                    saving.optimization_type,
                    saving.workflow_id,
                    saving.pattern_id,
                    saving.baseline_tokens,
                    saving.actual_tokens,
                    saving.baseline_tokens,
                    saving.actual_tokens,
                    round(saving.cost_saved_usd, 8),
                    saving.notes,
                ),
            )
        except sqlite3.IntegrityError as error:
            raise HTTPException(422, str(error)) from error
        return {"id": cursor.lastrowid}


@router.get("/summary")
def get_summary() -> dict[str, Any]:
    """Savings by type, and all together."""
    with get_connection(database="workflow_history") as conn:
        types = [dict(row) for row in conn.execute("SELECT * FROM v_cost_savings_summary")]
        total = conn.execute(
            "SELECT TOTAL(cost_saved_usd), IFNULL(SUM(tokens_saved), 0) FROM cost_savings_log"
        ).fetchone()
    return {"types": types, "cost_saved_usd": total[0], "tokens_saved": total[1]}


@router.get("/best")
def list_best(limit: int = 10) -> list[dict[str, Any]]:
    """The greatest savings, and the pattern behind each."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            """
            SELECT s.id, s.optimization_type, s.cost_saved_usd, s.saved_at, s.notes,
                   p.pattern_signature,
                   ROUND(s.tokens_saved * 100.0 / s.baseline_tokens, 2) AS percent
            FROM cost_savings_log s
            LEFT OUTER JOIN operation_patterns p ON p.id = s.pattern_id
            ORDER BY s.cost_saved_usd DESC, s.id
            LIMIT ?
            """,
            (limit,),
        ).fetchall()
    return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118


@router.get("/months")
def list_months() -> dict[str, float]:
    """What was saved in each month."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            "SELECT substr(saved_at, 1, 7) AS month, SUM(cost_saved_usd) AS saved "
            "FROM cost_savings_log GROUP BY month ORDER BY month"
        )
        return {row["Month"]: row["SAVED"] for row in rows}
