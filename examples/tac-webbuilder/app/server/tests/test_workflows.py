import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from core.connection import get_connection
from core.schema import create_workflow_tables
from fastapi.testclient import TestClient
from routes.workflows import analytics

NEW = {
    "adw_id": "a1b2c3d4",
    "workflow_id": "wf-a1b2c3d4",
    "issue_number": 7,
    "nl_input": "Add a Dark Mode switch",
    "workflow_template": "adw_sdlc_iso",
    "model_used": "claude-sonnet-4",
    "structured_input": {"title": "dark mode", "files": ["src/app.css"], "budget": 0.5},
}


def test_a_workflow_is_kept_and_read(client: TestClient) -> None:
    made = client.post("/api/workflows", json=NEW)
    assert made.status_code == 201
    assert isinstance(made.json()["id"], int)
    workflow = client.get("/api/workflows/a1b2c3d4").json()
    assert workflow["id"] == made.json()["id"]
    assert workflow["structured_input"] == NEW["structured_input"]
    assert workflow["retry_count"] == 0
    assert workflow["pr_merged"] == 0
    assert workflow["actual_cost_total"] == 0.0
    assert workflow["scoring_version"] == "1.0"
    assert workflow["workflow_type"] == "planning"
    assert workflow["elapsed_seconds"] is None
    assert "T" in workflow["created_at"]
    assert len(workflow["updated_at"]) == len("2025-01-01 00:00:00")
    columns = client.get("/api/tables/workflow_history/columns").json()
    assert len(columns) == 73
    assert {column["name"] for column in columns} <= workflow.keys()


def test_ids_grow(client: TestClient) -> None:
    ids = [client.post("/api/workflows", json={"adw_id": str(n)}).json()["id"] for n in range(5)]
    assert ids == sorted(set(ids))


def test_the_same_key_twice_is_a_conflict(client: TestClient) -> None:
    client.post("/api/workflows", json=NEW)
    again = client.post("/api/workflows", json=NEW)
    assert again.status_code == 409
    assert again.json()["detail"] == "UNIQUE constraint failed: workflow_history.adw_id"
    assert client.get("/api/workflows").json()["total"] == 1


def test_an_unknown_state_is_refused(client: TestClient) -> None:
    refused = client.post("/api/workflows", json={**NEW, "status": "dreaming"})
    assert refused.status_code == 422
    assert "CHECK constraint failed" in refused.json()["detail"]
    client.post("/api/workflows", json=NEW)
    assert client.patch("/api/workflows/a1b2c3d4", json={"status": "dreaming"}).status_code == 422


def test_progress_changes_what_it_names(client: TestClient) -> None:
    client.post("/api/workflows", json=NEW)
    progress = {
        "status": "completed",
        "duration_seconds": 90,
        "actual_cost_total": 1.23456789,
        "cost_breakdown": {"by_phase": {"plan": 0.5, "build": 0.73456789}},
        "pr_merged": True,
    }
    assert client.patch("/api/workflows/a1b2c3d4", json=progress).json() == {"changed": 1}
    workflow = client.get("/api/workflows/a1b2c3d4").json()
    assert workflow["status"] == "completed"
    assert workflow["actual_cost_total"] == 1.23456789
    assert workflow["cost_breakdown"] == progress["cost_breakdown"]
    assert workflow["pr_merged"] == 1
    assert workflow["nl_input"] == NEW["nl_input"]
    assert 0 <= workflow["elapsed_seconds"] < 60
    assert client.patch("/api/workflows/nobody", json=progress).status_code == 404
    assert client.patch("/api/workflows/a1b2c3d4", json={}).status_code == 422


def test_lists_are_filtered_sorted_and_cut(client: TestClient) -> None:
    for number in range(12):
        workflow = {
            "adw_id": f"{number:08x}",
            "issue_number": number,
            "nl_input": f"Write the {'Docs' if number % 3 else 'TESTS'} 100%",
            "model_used": "opus" if number % 2 else None,
            "status": "running" if number < 4 else "completed",
        }
        client.post("/api/workflows", json=workflow)
    client.patch("/api/workflows/00000003", json={"pr_merged": True})

    def found(**query: object) -> list[int]:
        return [
            w["issue_number"]
            for w in client.get("/api/workflows", params=query).json()["workflows"]
        ]

    by_issue = {"sort": "issue_number", "order": "asc"}
    assert found(**by_issue) == list(range(12))
    assert found(sort="issue_number", limit=3, offset=2) == [9, 8, 7]
    assert found(**by_issue, search="tests") == [0, 3, 6, 9]
    assert found(**by_issue, search="100%", status="running") == [0, 1, 2, 3]
    assert found(**by_issue, model="opus", status="running") == [1, 3]
    assert found(**by_issue, merged="true") == [3]
    assert len(found(days=7)) == 12
    assert found(search="nothing like it") == []
    assert client.get("/api/workflows?status=running&limit=1").json()["total"] == 4


def test_sync_adds_and_changes(client: TestClient) -> None:
    client.post("/api/workflows", json=NEW)
    rows = [
        {
            "adw_id": "a1b2c3d4",
            "issue_number": 8,
            "status": "failed",
            "created_at": "2025-01-01T00:00:00Z",
        },
        {
            "adw_id": "ffff0000",
            "issue_number": 9,
            "status": "completed",
            "gh_issue_state": "closed",
            "created_at": "2025-06-01T10:00:00+00:00",
        },
    ]
    assert client.post("/api/workflows/sync", json=rows).json() == {"synced": 2}
    changed = client.get("/api/workflows/a1b2c3d4").json()
    assert (changed["issue_number"], changed["status"]) == (8, "failed")
    assert changed["nl_input"] == NEW["nl_input"]
    added = client.get("/api/workflows/ffff0000").json()
    assert added["created_at"] == "2025-06-01T10:00:00+00:00"
    assert added["created"] == "2025-06-01T10:00:00Z"
    assert added["gh_issue_state"] == "closed"


def test_a_sync_with_a_wrong_row_changes_nothing(client: TestClient) -> None:
    rows = [
        {"adw_id": str(n), "issue_number": n, "status": state, "created_at": "2025-01-01 00:00:00"}
        for n, state in enumerate(("pending", "running", "lost"))
    ]
    assert client.post("/api/workflows/sync", json=rows).status_code == 422
    assert client.get("/api/workflows").json()["total"] == 0


def test_old_workflows_are_archived(client: TestClient) -> None:
    client.post("/api/workflows", json={**NEW, "status": "completed"})
    old = {"issue_number": 1, "created_at": "2024-01-01 00:00:00"}
    rows = [
        {"adw_id": "old1", "status": "completed", **old},
        {"adw_id": "old2", "status": "running", **old},
    ]
    client.post("/api/workflows/sync", json=rows)
    assert client.post("/api/workflows/archive", json={"days": 30}).json() == {
        "archived": 1,
        "in_archive": 1,
    }
    assert client.post("/api/workflows/archive", json={}).json()["archived"] == 0
    with get_connection(database="workflow_history") as conn:
        (row,) = conn.execute("SELECT * FROM workflow_history_archive").fetchall()
        assert row["adw_id"] == "old1"
        assert row["created_at"] == "2024-01-01 00:00:00"
        assert row["archive_reason"] == "retention"
        datetime.fromisoformat(row["archived_at"])
    assert client.get("/api/workflows").json()["total"] == 2


def test_trends_and_recent(client: TestClient) -> None:
    client.post("/api/workflows", json=NEW)
    old = {
        "adw_id": "old",
        "issue_number": 1,
        "status": "failed",
        "created_at": "2024-02-03T04:05:06Z",
    }
    client.post("/api/workflows/sync", json=[old])
    assert [w["adw_id"] for w in client.get("/api/workflows/recent").json()] == ["a1b2c3d4"]
    assert len(client.get("/api/workflows/trends").json()) == 1
    days = client.get("/api/workflows/trends?days=36500").json()
    assert days[-1] == {"day": "2024-02-03", "workflows": 1, "cost": 0.0, "failed": 1}


def test_a_workflow_is_deleted(client: TestClient) -> None:
    client.post("/api/workflows", json=NEW)
    assert client.delete("/api/workflows/a1b2c3d4").json() == {"deleted": 1}
    assert client.delete("/api/workflows/a1b2c3d4").json() == {"deleted": 0}
    assert client.get("/api/workflows/a1b2c3d4").status_code == 404


def test_analytics(client: TestClient) -> None:
    assert client.get("/api/workflows/analytics").json()["total"] == 0
    for number, cost in enumerate((0.00000125, 2.5, 1.25)):
        client.post("/api/workflows", json={**NEW, "adw_id": str(number)})
        state = {"status": "completed", "actual_cost_total": cost, "duration_seconds": number}
        client.patch(f"/api/workflows/{number}", json=state)
    told = client.get("/api/workflows/analytics").json()
    assert told["by_status"] == {"completed": 3}
    assert told["cost"] == pytest.approx(3.75000125, rel=1e-12)
    assert told["average_seconds"] == 1.0
    assert told["by_model"][0]["average_cost"] == 1.25
    assert told["by_model"][0]["completed"] == 100.0


def test_analytics_over_a_database_in_memory() -> None:
    conn = sqlite3.connect(":memory:")
    conn.row_factory = sqlite3.Row
    create_workflow_tables(conn)
    conn.execute("INSERT INTO workflow_history (adw_id, status) VALUES ('x', 'running')")
    assert analytics(conn)["by_status"] == {"running": 1}
    conn.close()


def test_workers_work_side_by_side(client: TestClient) -> None:
    def work(number: int) -> int:
        return client.post("/api/workflows", json={"adw_id": f"w{number}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(24))) == {201}
    assert client.get("/api/workflows").json()["total"] == 24
