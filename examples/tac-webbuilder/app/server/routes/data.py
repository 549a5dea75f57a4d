"""Uploads of users, each a table of database.db, and questions to them in SQL."""

import io
import re
import sqlite3
from typing import Any

import pandas as pd
from core.connection import get_connection
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

router = APIRouter(tags=["data"])

_FILES = (None, "workflow_history")


class Upload(BaseModel):
    """A CSV file."""

    table: str
    csv: str
    append: bool = False


class Question(BaseModel):
    """A SELECT."""

    sql: str


@router.get("/tables")
def list_tables() -> dict[str, list[str]]:
    """Names of all tables and views, of both files."""
    found: dict[str, set[str]] = {"table": set(), "view": set()}
    for database in _FILES:
        with get_connection(database=database) as conn:
            rows = conn.execute(
                "SELECT type, name FROM sqlite_master "
                "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
            )
            for kind, name in rows:
                found[kind].add(name)
    return {kind: sorted(names) for kind, names in found.items()}


@router.get("/tables/{table}/columns")
def list_columns(table: str) -> list[dict[str, Any]]:
    """What columns a table has."""
    for database in _FILES:
        with get_connection(database=database) as conn:
            columns = conn.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
        if columns:
            return [
                {
                    "name": column["name"],
                    "type": column["type"],
                    "required": bool(column["notnull"]),
                    "default": column["dflt_value"],
                    "key": column["pk"],
                }
                for column in columns
            ]
    raise HTTPException(404, f"there is no table {table}")


@router.post("/data", status_code=201)
def upload(file: Upload) -> dict[str, Any]:
    """Make a table of a CSV file, or add to it."""
    _quoted(file.table)
    try:
        frame = pd.read_csv(io.StringIO(file.csv))
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    with get_connection() as conn:
        frame.to_sql(
            file.table, conn, if_exists="append" if file.append else "replace", index=False
        )
        count = conn.execute(f"SELECT COUNT(*) FROM {_quoted(file.table)}").fetchone()[0]
    return {"table": file.table, "columns": list(frame.columns), "rows": count}


@router.get("/data/{table}/insights")
def get_insights(table: str) -> dict[str, Any]:
    """What pandas says of each column."""
    with get_connection() as conn:
        try:
            frame = pd.read_sql(f"SELECT * FROM {_quoted(table)}", conn)
        except (pd.errors.DatabaseError, sqlite3.OperationalError) as error:
            raise HTTPException(404, f"there is no table {table}") from error
    return {name: _insights(frame[name]) for name in frame.columns}


def _insights(column: pd.Series) -> dict[str, Any]:
    told: dict[str, Any] = {"values": int(column.count()), "distinct": int(column.nunique())}
    if pd.api.types.is_numeric_dtype(column) and told["values"]:
        told |= {
            "min": float(column.min()),
            "max": float(column.max()),
            "mean": float(column.mean()),
        }
    return told


@router.get("/data/{table}")
def get_rows(table: str, limit: int = 100) -> dict[str, Any]:
    """The first rows of a table."""
    return _answer(f"SELECT * FROM {_quoted(table)} LIMIT {int(limit)}")


@router.delete("/data/{table}")
def drop(table: str) -> dict[str, Any]:
    """Forget an upload."""
    with get_connection() as conn:
        try:
            conn.execute(f"DROP TABLE {_quoted(table)}")
        except sqlite3.OperationalError as error:
            raise HTTPException(404, str(error)) from error
    return {"dropped": table}


@router.post("/query")
def ask(question: Question) -> dict[str, Any]:
    """Run a SELECT; 400 says what is wrong with it."""
    if not re.match(r"\s*SELECT\b", question.sql, re.IGNORECASE):
        raise HTTPException(400, "only SELECT")
    return _answer(question.sql)


def _answer(sql: str) -> dict[str, Any]:
    with get_connection() as conn:
        cursor = conn.cursor()
        try:
            cursor.execute(sql)
            columns = [described[0] for described in cursor.description]
            rows = [list(row) for row in cursor.fetchmany(1_000)]
        except sqlite3.Error as error:
            raise HTTPException(400, str(error)) from error
    return {"columns": columns, "rows": rows}


def _quoted(name: str) -> str:
    """A name as SQL takes it; only plain ones are taken."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise HTTPException(422, f"{name} is no name of a table")
    return f'"{name}"'
