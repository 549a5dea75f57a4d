from datetime import UTC, datetime, timedelta

import pytest
from core.connection import get_connection
from fastapi.testclient import TestClient

TOOL = {
    "tool_name": "run_tests",
    "description": "Runs the tests",
    "tool_schema": {"type": "object", "properties": {"path": {"type": "string"}}},
    "script_path": "adws/tools/run_tests.py",
    "input_patterns": ["run tests", "test*"],
}


@pytest.fixture
def tool(client: TestClient) -> int:
    return client.post("/api/tools", json=TOOL).json()["id"]


def call(client: TestClient, name: str, tool: str = "run_tests") -> int:
    body = {"tool_call_id": name, "workflow_id": "wf-1", "tool_params": {"path": "src"}}
    return client.post(f"/api/tools/{tool}/calls", json=body).status_code


def end(client: TestClient, name: str, success: bool, **more: object) -> dict:
    body = {"success": success, "duration_seconds": 1.5, **more}
    return client.post(f"/api/tool-calls/{name}/result", json=body).json()


def test_a_tool_is_added_once(client: TestClient, tool: int) -> None:
    again = client.post("/api/tools", json={**TOOL, "description": "Other"}).json()
    assert again == {"id": tool, "added": False}
    (kept,) = client.get("/api/tools").json()
    assert kept["description"] == "Runs the tests"
    assert kept["tool_schema"] == TOOL["tool_schema"]
    assert kept["input_patterns"] == TOOL["input_patterns"]
    assert kept["success_rate"] == 1.0
    assert kept["last_invoked"] is None


def test_a_state_that_is_none_is_ignored(client: TestClient) -> None:
    assert client.post("/api/tools", json={**TOOL, "status": "broken"}).status_code == 422
    assert client.get("/api/tools").json() == []


def test_tools_are_found_in_any_case(client: TestClient, tool: int) -> None:
    client.post("/api/tools", json={**TOOL, "tool_name": "Build", "status": "experimental"})
    assert [t["tool_name"] for t in client.get("/api/tools").json()] == ["Build", "run_tests"]
    assert [t["tool_name"] for t in client.get("/api/tools?search=RUN_T").json()] == ["run_tests"]
    assert [t["tool_name"] for t in client.get("/api/tools?status=experimental").json()] == [
        "Build"
    ]


def test_calls_are_counted_by_a_trigger(client: TestClient, tool: int) -> None:
    assert [call(client, f"c{n}") for n in range(3)] == [201, 201, 201]
    assert call(client, "c0") == 409
    (kept,) = client.get("/api/tools").json()
    assert kept["total_invocations"] == 3
    invoked = datetime.fromisoformat(kept["last_invoked"]).replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - invoked) < timedelta(minutes=1)


def test_the_success_rate_is_worked_out_by_a_trigger(client: TestClient, tool: int) -> None:
    for number in range(4):
        call(client, f"c{number}")
    assert end(client, "c0", True) == {"success_rate": 0.25}
    assert end(client, "c1", True) == {"success_rate": 0.5}
    assert end(client, "c2", False, error_message="timeout") == {"success_rate": 0.5}
    (told,) = client.get("/api/tools/performance").json()
    assert told["success_percent"] == 50.0
    assert (told["calls_succeeded"], told["calls_failed"]) == (2, 2)
    missing = client.post(
        "/api/tool-calls/c9/result", json={"success": True, "duration_seconds": 1}
    )
    assert missing.status_code == 404


def test_a_call_that_saves_is_logged(client: TestClient, tool: int) -> None:
    call(client, "c0")
    end(client, "c0", True, tokens_saved=1200, cost_saved_usd=0.00360001)
    summary = client.get("/api/savings/summary").json()
    assert summary["types"][0]["optimization_type"] == "tool_call"
    assert summary["tokens_saved"] == 1200
    assert summary["cost_saved_usd"] == pytest.approx(0.00360001, rel=1e-12)


def test_calls_are_listed(client: TestClient, tool: int) -> None:
    call(client, "c0")
    call(client, "c1")
    end(client, "c1", True, result_data={"lines": 3, "text": "naïve ✅"})
    first, second = client.get("/api/tool-calls").json()
    assert (first["tool_call_id"], second["tool_call_id"]) == ("c1", "c0")
    assert first["success"] == 1
    assert second["success"] == 0
    assert first["result_data"] == {"lines": 3, "text": "naïve ✅"}
    assert second["result_data"] is None
    assert datetime.fromisoformat(first["completed_at"])
    assert len(client.get("/api/tool-calls?success=true").json()) == 1
    assert len(client.get("/api/tool-calls?hours=2&workflow_id=wf-1").json()) == 2
    assert client.get("/api/tool-calls?hours=0&workflow_id=wf-2").json() == []
    (hour,) = client.get("/api/tool-calls/hours").json()
    assert hour["calls"] == 2
    assert hour["latest"] == first["completed_at"]


def test_a_workflow_tells_its_calls(client: TestClient, tool: int) -> None:
    client.post("/api/workflows", json={"adw_id": "one", "workflow_id": "wf-1"})
    call(client, "c0")
    end(client, "c0", True, cost_saved_usd=0.5)
    workflow = client.get("/api/workflows/one").json()
    assert workflow["calls"] == [{"tool_name": "run_tests", "calls": 1, "succeeded": 1}]
    assert workflow["cost_saved_usd"] == 0.5


def test_an_error_takes_everything_back(client: TestClient, tool: int) -> None:
    with pytest.raises(RuntimeError), get_connection(database="workflow_history") as conn:
        conn.execute("UPDATE adw_tools SET status = 'deprecated'")
        assert conn.in_transaction
        raise RuntimeError
    assert client.get("/api/tools").json()[0]["status"] == "active"


def test_an_unknown_name_is_an_index_error(client: TestClient, tool: int) -> None:
    with get_connection(database="workflow_history") as conn:
        row = conn.execute("SELECT id, tool_name FROM adw_tools").fetchone()
    assert row.keys() == ["id", "tool_name"]
    assert row[1] == row["tool_name"] == row["TOOL_NAME"] == tuple(row)[-1]
    with pytest.raises(IndexError):
        row["description"]
