"""What the example application is asked on both databases, and how its answers are compared.

As a program it is started in the application's folder, with the environment that names the
database: it takes requests as JSON from stdin and writes the answers to stdout.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

#: Method, path, body.
Request = tuple[str, str, Any]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def reading(folder: Path) -> list[Request]:
    """Ask every endpoint that reads for all that the files hold, and for some that they don't."""
    paths = [
        *_FIXED,
        *(f"/api/workflows?{query}" for query in _LISTS),
        *(
            f"/api/workflows/{key}"
            for key in _column(folder, "SELECT adw_id FROM workflow_history")
        ),
        *(
            f"/api/patterns/{key}/occurrences"
            for key in _column(folder, "SELECT id FROM operation_patterns")
        ),
    ]
    for name in ("database", "workflow_history"):
        tables = _column(folder, "SELECT name FROM sqlite_master WHERE type = 'table'", name)
        for table in tables:
            if table.startswith("sqlite_"):
                continue
            paths.append(f"/api/tables/{table}/columns")
            if name == "database" and table not in _NO_UPLOADS:
                paths += [f"/api/data/{table}?limit=50", f"/api/data/{table}/insights"]
    asked: list[Request] = [("GET", path, None) for path in paths]
    return asked + [("POST", "/api/query", {"sql": sql}) for sql in _QUESTIONS]


def everything(folder: Path) -> list[Request]:
    """Read all, work with it, and read again what may have changed."""
    first = reading(folder)
    again = [asked for asked in first if asked[1] not in BY_TIME and "/columns" not in asked[1]]
    return [*first, *WRITING, *again]


def _column(folder: Path, sql: str, name: str = "workflow_history") -> list[Any]:
    with closing(sqlite3.connect(folder / f"{name}.db")) as connection:
        return [value for (value,) in connection.execute(sql)]


#: Rows of an upload are read without ORDER BY, in the order in which they came. These tables'
#: rows are changed, and PostgreSQL puts a changed row elsewhere.
_NO_UPLOADS = ("phase_queue", "queue_config", "adw_locks")

#: What these answer after writing depends on the hour or the day.
BY_TIME = (
    "/api/tool-calls/hours",
    "/api/workflows/trends?days=3650",
    "/api/workflows/trends?days=2",
    "/api/hooks/daily",
    "/api/savings/months",
)

_FIXED = (
    *BY_TIME,
    "/api/workflows/analytics",
    "/api/workflows/recent",
    "/api/workflows/nobody",
    "/api/tools",
    "/api/tools?status=active&search=RUN",
    "/api/tools/performance",
    "/api/tool-calls?limit=500",
    "/api/tool-calls?success=true&limit=30",
    "/api/tool-calls?success=false&hours=1000000",
    "/api/tool-calls?hours=24",
    "/api/patterns",
    "/api/patterns?minimum=50&search=SQL",
    "/api/patterns/high-value",
    "/api/patterns/types",
    "/api/hooks?limit=500",
    "/api/hooks?event_type=Stop&processed=false",
    "/api/hooks/recent?hours=100000",
    "/api/hooks/recent",
    "/api/hooks/sessions",
    "/api/savings/summary",
    "/api/savings/best?limit=100",
    "/api/queue",
    "/api/queue?status=ready",
    "/api/queue/config",
    "/api/locks",
    "/api/tables",
    "/api/tables/nothing/columns",
    "/api/data/nothing/insights",
    "/api/data/nothing",
)
_LISTS = (
    "limit=500",
    "status=completed&sort=duration_seconds&order=desc",
    "status=running&sort=duration_seconds&order=asc",
    "sort=issue_number&order=asc&limit=7&offset=3",
    "sort=actual_cost_total",
    "search=the&limit=500",
    "search=100%25",
    "search=ÉÈ&limit=500",
    "days=100000&model=claude-opus-4",
    "merged=true&limit=500",
    "merged=false&days=1",
)
_QUESTIONS = (
    "SELECT city, COUNT(*), AVG(age) FROM large GROUP BY city ORDER BY city DESC LIMIT 9",
    "SELECT name, price, price * 3 AS tripled, typeof(price) FROM special ORDER BY price",
    "SELECT product, price / 2, stock / 2, stock IS NULL FROM products ORDER BY product",
    "SELECT upper(name), length(city), age % 7, -age / 2 FROM people ORDER BY name",
    "SELECT s.employee, e.salary - s.salary FROM staff s JOIN employees e USING (employee) "
    "ORDER BY 1, 2",
    "SELECT department, group_concat(employee, '; ') FROM (SELECT * FROM employees "
    "ORDER BY employee) GROUP BY department ORDER BY 1",
    "SELECT max(col99), min(col1), sum(col50) FROM wide",
    "SELECT name FROM users UNION SELECT name FROM data ORDER BY name COLLATE NOCASE",
    "SELECT * FROM users WHERE age = '36' OR city LIKE 'z_rich'",
    "SELECT no_such_column FROM users",
    "SELECT * FROM users LIMIT 'many'",
    "SELECT json_extract(phase_data, '$.title') FROM phase_queue WHERE queue_position < 20 "
    "ORDER BY queue_position",
    "SELECT date(created_at), count(*) FROM phase_queue GROUP BY 1 ORDER BY 1",
    "SELECT sum(salary) OVER (ORDER BY salary, employee), employee FROM employees ORDER BY 1, 2",
    "SELECT abs(salary) FROM employees WHERE",
)

_PAID = {"baseline_tokens": 900, "actual_tokens": 300, "cost_saved_usd": 0.01234567}
_EVENT = {"event_type": "Stop", "payload": {"text": "naïve ✅ \\N\t", "n": [1, 2.5, None]}}
_SYNCED = {"issue_number": 3, "status": "completed"}

#: The application at work. What is refused comes last, because PostgreSQL does not give its
#: number again.
WRITING: tuple[Request, ...] = (
    (
        "POST",
        "/api/workflows",
        {"adw_id": "new-1", "workflow_id": "wf-new", "nl_input": "it's 100%"},
    ),
    ("POST", "/api/workflows", {"adw_id": "new-2", "structured_input": {"ü": [1, None, 0.1]}}),
    ("PATCH", "/api/workflows/new-1", {"status": "failed", "error_message": "a\tb\\n"}),
    ("PATCH", "/api/workflows/new-2", {"pr_merged": True, "actual_cost_total": 0.00000123}),
    ("PATCH", "/api/workflows/nobody", {"status": "failed"}),
    (
        "POST",
        "/api/tools",
        {"tool_name": "Lint", "description": "", "tool_schema": {}, "script_path": "l"},
    ),
    *(
        ("POST", "/api/tools/Lint/calls", {"tool_call_id": f"call-{n}", "workflow_id": "wf-new"})
        for n in range(3)
    ),
    (
        "POST",
        "/api/tool-calls/call-0/result",
        {"success": True, "duration_seconds": 0.25, "cost_saved_usd": 0.5, "tokens_saved": 9},
    ),
    ("POST", "/api/tool-calls/call-1/result", {"success": False, "duration_seconds": 1e-9}),
    *(
        (
            "POST",
            "/api/patterns/detected",
            {
                "pattern_signature": key,
                "pattern_type": "new",
                "workflow_id": "wf-new",
                "similarity": 33.3,
            },
        )
        for key in ("p", "q", "p")
    ),
    (
        "POST",
        "/api/patterns/1/review",
        {"status": "approved", "reviewed_by": "Zoë", "notes": "\\."},
    ),
    ("POST", "/api/hooks", [{"event_id": "e1", **_EVENT}, {"event_id": "e2", **_EVENT}]),
    ("POST", "/api/hooks/process?limit=7", None),
    (
        "POST",
        "/api/savings",
        {"optimization_type": "input_split", "workflow_id": "wf-new", **_PAID},
    ),
    ("POST", "/api/queue", {"parent_issue": 77, "phase_number": 1, "priority": -1}),
    ("POST", "/api/queue", {"parent_issue": 77, "phase_number": 2, "depends_on_phase": 1}),
    ("POST", "/api/queue/next", None),
    ("PUT", "/api/queue/config/paused", {"value": "true"}),
    ("PUT", "/api/locks/4", {"adw_id": "somebody else"}),
    ("PUT", "/api/locks/12345", {"adw_id": "new-1", "status": "testing"}),
    ("DELETE", "/api/locks/15", None),
    ("POST", "/api/data", {"table": "visitors", "csv": "a,b\n1,x\n,y\n2.5,\n"}),
    ("POST", "/api/data", {"table": "users", "csv": "name,age\nNew,1\n", "append": True}),
    ("GET", "/api/data/visitors/insights", None),
    ("DELETE", "/api/data/file0", None),
    ("POST", "/api/workflows/sync", [{"adw_id": "old", "created_at": "2020-01-01", **_SYNCED}]),
    ("POST", "/api/workflows/archive", {"days": 2000}),
    ("DELETE", "/api/workflows/new-2", None),
    ("POST", "/api/workflows/sync", [{"adw_id": "new-1", "created_at": "2025-01-01", **_SYNCED}]),
    ("POST", "/api/workflows", {"adw_id": "new-1"}),
    ("POST", "/api/workflows", {"adw_id": "new-3", "status": "?"}),
    ("POST", "/api/tools/Lint/calls", {"tool_call_id": "call-0", "workflow_id": "wf-new"}),
    ("POST", "/api/savings", {"optimization_type": "luck", "workflow_id": "wf-new", **_PAID}),
    (
        "POST",
        "/api/hooks",
        [{"event_id": "e1", **_EVENT}, {"event_id": "e3", **_EVENT, "event_type": "?"}],
    ),
)


def differences(asked: Iterable[Request], one: list[Any], other: list[Any]) -> Iterator[str]:
    """Tell where two lists of answers to the same requests differ."""
    for (method, path, body), left, right in zip(asked, one, other, strict=True):
        for place, a, b in _differing(left, right, ""):
            yield f"{method} {path} {body or ''}{place}: {a!r:.200} != {b!r:.200}"


def _differing(one: Any, other: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if type(one) is not type(other):
        yield place, one, other
    elif isinstance(one, dict):
        if one.keys() != other.keys():
            yield f"{place} (names)", list(one), list(other)
        for name in one.keys() & other.keys():
            yield from _differing(one[name], other[name], f"{place}.{name}")
    elif isinstance(one, list):
        if len(one) != len(other):
            yield f"{place} (count)", len(one), len(other)
        for number, (a, b) in enumerate(zip(one, other, strict=False)):
            yield from _differing(a, b, f"{place}[{number}]")
    elif isinstance(one, float):
        if not math.isclose(one, other, rel_tol=1e-12):  # sums may be added in another order
            yield place, one, other
    elif one != other:
        yield place, one, other


def _settled(answer: Any) -> Any:
    """Take out what differs between two runs: the present moment and random keys."""
    if isinstance(answer, dict):
        settled = {_settled(name): _settled(value) for name, value in answer.items()}
        if settled.get("start_time") == "now":
            settled.pop("elapsed_seconds", None)
        return settled
    if isinstance(answer, list):
        return [_settled(value) for value in answer]
    if isinstance(answer, str):
        if _UUID.fullmatch(answer):
            return "uuid"
        if _is_now(answer):
            # The spelling has to be the same, to the digit.
            return "now" if "T" in answer else "now: " + re.sub(r"\d", "9", answer)
    return answer


def _is_now(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return abs(datetime.now(UTC) - moment) < timedelta(minutes=10)


def main() -> None:
    """Answer the requests on stdin; the first tells whether the application is to be started."""
    sys.path.insert(0, str(Path.cwd()))
    from fastapi.testclient import TestClient

    from server import app

    given = json.load(sys.stdin)
    with ExitStack() as stack:
        client = TestClient(app)
        if given["start"]:
            stack.enter_context(client)
        answers = []
        for method, path, body in given["requests"]:
            response = client.request(method, path, json=body)
            answers.append({"status": response.status_code, "answer": _settled(response.json())})
    reads = [path for path, told in app.openapi()["paths"].items() if "get" in told]
    sys.stdout.write(json.dumps({"answers": answers, "reads": reads}))


if __name__ == "__main__":
    main()
