"""Operation patterns: work that comes again and could be left to a tool."""

import sqlite3
from typing import Any

from core.connection import get_connection
from core.values import dump, to_dict
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

router = APIRouter(prefix="/patterns", tags=["patterns"])

_JSON = ("typical_operations", "typical_files_accessed", "matched_characteristics")


class Detected(BaseModel):
    """A pattern that was seen in a workflow."""

    pattern_signature: str
    pattern_type: str
    workflow_id: str
    operations: list[str] = []
    similarity: float = 0.0
    monthly_savings: float = 0.0


class Review(BaseModel):
    """What a person thinks of a pattern."""

    status: str
    reviewed_by: str
    notes: str | None = None


@router.get("")
def list_patterns(minimum: float = 0.0, search: str | None = None) -> list[dict[str, Any]]:
    """Patterns by confidence."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            "SELECT * FROM operation_patterns WHERE confidence_score >= ? "
            "AND (? IS NULL OR pattern_signature LIKE '%' || ? || '%') "
            "ORDER BY confidence_score DESC, id",
            (minimum, search, search),
        ).fetchall()
    return [to_dict(row, _JSON) for row in rows]


@router.get("/high-value")
def list_high_value() -> list[dict[str, Any]]:
    """The patterns that are worth a tool."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute("SELECT * FROM v_high_value_patterns").fetchall()
    return [to_dict(row, _JSON) for row in rows]


@router.get("/types")
def list_types() -> dict[str, int]:
    """How many patterns there are of each type."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            "SELECT pattern_type, COUNT(*) FROM operation_patterns GROUP BY 1 ORDER BY 1"
        )
        return {kind: count for kind, count in rows}  # noqa: C416 (a row is no pair)


@router.get("/{pattern_id}/occurrences")
def list_occurrences(pattern_id: int) -> list[dict[str, Any]]:
    """Where a pattern was seen, and what came of that workflow."""
    with get_connection(database="workflow_history") as conn:
        rows = conn.execute(
            """
            SELECT o.*, w.adw_id, w.status
            FROM pattern_occurrences o
            LEFT JOIN workflow_history w ON w.workflow_id = o.workflow_id
            WHERE o.pattern_id = ?
            ORDER BY o.detected_at DESC, o.id
            """,
            (pattern_id,),
        ).fetchall()
    return [to_dict(row, _JSON) for row in rows]


@router.post("/detected")
def detect(found: Detected) -> dict[str, Any]:
    """Note a pattern, or that it came again."""
    with get_connection(database="workflow_history") as conn:
        known = conn.execute(
            "SELECT id, occurrence_count FROM operation_patterns WHERE pattern_signature = ?",
            (found.pattern_signature,),
        ).fetchone()
        if known is None:
            pattern_id = conn.execute(
                "INSERT INTO operation_patterns (pattern_signature, pattern_type, "
                "typical_operations, potential_monthly_savings) VALUES (?, ?, ?, ?)",
                (
                    found.pattern_signature,
                    found.pattern_type,
                    dump(found.operations),
                    found.monthly_savings,
                ),
            ).lastrowid
            count = 1
        else:
            pattern_id, count = known
            count += 1
            conn.execute(
                "UPDATE operation_patterns SET occurrence_count = occurrence_count + 1, "
                "last_seen = datetime('now'), "
                "potential_monthly_savings = MAX(potential_monthly_savings, ?) "
                "WHERE id = ?",
                (found.monthly_savings, pattern_id),
            )
        conn.execute(
            "INSERT INTO pattern_occurrences "
            "(pattern_id, workflow_id, similarity_score, matched_characteristics) "
            "VALUES (?, ?, ?, ?)",
            (pattern_id, found.workflow_id, found.similarity, dump(found.operations)),
        )
        conn.execute(
            "UPDATE operation_patterns SET confidence_score = MIN(100.0, occurrence_count * 10.0 + "
            "(SELECT AVG(similarity_score) FROM pattern_occurrences WHERE pattern_id = ?)) "
            "WHERE id = ?",
            (pattern_id, pattern_id),
        )
        score = conn.execute(
            "SELECT confidence_score FROM operation_patterns WHERE id = ?", (pattern_id,)
        ).fetchone()["confidence_score"]
    return {"id": pattern_id, "occurrences": count, "confidence": score}


@router.post("/{pattern_id}/review")
def review(pattern_id: int, opinion: Review) -> dict[str, Any]:
    """Note what a person decided."""
    with get_connection(database="workflow_history") as conn:
        try:
            changed = conn.execute(
                "UPDATE operation_patterns SET automation_status = ?, reviewed_by = ?, "
                "reviewed_at = datetime('now'), review_notes = ? WHERE id = ?",
                (opinion.status, opinion.reviewed_by, opinion.notes, pattern_id),
            ).rowcount
        except sqlite3.IntegrityError as error:
            raise HTTPException(422, str(error)) from error
    if changed == 0:
        raise HTTPException(404, f"there is no pattern {pattern_id}")
    return {"changed": changed}
