import pytest
from fastapi.testclient import TestClient


def detect(client: TestClient, **more: object) -> dict:
    body = {
        "pattern_signature": "sql:select",
        "pattern_type": "sql",
        "workflow_id": "wf-1",
        "operations": ["read", "query"],
        "similarity": 90.0,
        "monthly_savings": 1.5,
        **more,
    }
    return client.post("/api/patterns/detected", json=body).json()


def test_a_pattern_that_comes_again_is_counted(client: TestClient) -> None:
    first = detect(client)
    assert first["occurrences"] == 1
    assert first["confidence"] == 100.0
    second = detect(client, similarity=10.5, monthly_savings=0.25)
    assert second == {"id": first["id"], "occurrences": 2, "confidence": 70.25}
    (pattern,) = client.get("/api/patterns").json()
    assert pattern["occurrence_count"] == 2
    assert pattern["potential_monthly_savings"] == 1.5
    assert pattern["typical_operations"] == ["read", "query"]


def test_occurrences_know_their_workflow(client: TestClient) -> None:
    client.post(
        "/api/workflows", json={"adw_id": "one", "workflow_id": "wf-1", "status": "running"}
    )
    pattern = detect(client)["id"]
    detect(client, workflow_id="wf-unknown")
    found = client.get(f"/api/patterns/{pattern}/occurrences").json()
    found.sort(key=lambda o: o["id"])  # those of one second come in this order, later ones first
    assert [(o["workflow_id"], o["adw_id"], o["status"]) for o in found] == [
        ("wf-1", "one", "running"),
        ("wf-unknown", None, None),
    ]
    assert found[0]["matched_characteristics"] == ["read", "query"]


def test_patterns_of_high_value(client: TestClient) -> None:
    detect(client, pattern_signature="a", monthly_savings=0.6)
    detect(client, pattern_signature="b", monthly_savings=2.0)
    detect(client, pattern_signature="c", monthly_savings=0.4)
    found = client.get("/api/patterns/high-value").json()
    assert [(p["pattern_signature"], p["times_seen"]) for p in found] == [("b", 1), ("a", 1)]
    assert found[0]["yearly_savings_usd"] == 24.0
    client.post(
        f"/api/patterns/{found[0]['id']}/review", json={"status": "approved", "reviewed_by": "Zoë"}
    )
    assert len(client.get("/api/patterns/high-value").json()) == 1
    assert len(client.get("/api/patterns?search=B").json()) == 1
    assert client.get("/api/patterns?minimum=100.5").json() == []
    assert client.get("/api/patterns/types").json() == {"sql": 3}


def test_a_review_has_to_make_sense(client: TestClient) -> None:
    pattern = detect(client)["id"]
    wrong = client.post(
        f"/api/patterns/{pattern}/review", json={"status": "nice", "reviewed_by": "me"}
    )
    assert wrong.status_code == 422
    nobody = client.post(
        "/api/patterns/999999/review", json={"status": "active", "reviewed_by": "me"}
    )
    assert nobody.status_code == 404


def event(number: int, **more: object) -> dict:
    return {
        "event_id": f"e{number}",
        "event_type": "PreToolUse",
        "source_app": "main_adw",
        "session_id": f"s{number % 2}",
        "payload": {"tool_input": {"command": "make test\n"}, "n": number, "🚀": None},
        "tool_name": "Bash" if number % 2 else None,
        **more,
    }


def test_events_are_kept_once(client: TestClient) -> None:
    events = [event(1), event(2), event(1), event(3, event_type="Nonsense")]
    assert client.post("/api/hooks", json=events).json() == {"received": 4, "kept": 2}
    assert client.post("/api/hooks", json=events).json() == {"received": 4, "kept": 0}
    found = client.get("/api/hooks").json()
    assert sorted(e["event_id"] for e in found) == ["e1", "e2"]
    assert found[0]["payload"]["tool_input"] == {"command": "make test\n"}
    assert found[0]["timestamp"].endswith("Z")
    assert found[0]["when"].startswith(found[0]["timestamp"][:19])
    assert found[0]["attempts"] == 0
    assert client.get("/api/hooks/recent").json() == {"PreToolUse": 2}


def test_events_are_processed_oldest_first(client: TestClient) -> None:
    client.post("/api/hooks", json=[event(n) for n in range(5)])
    assert client.post("/api/hooks/process?limit=3").json() == {
        "processed": 3,
        "left": 2,
        "tools": ["Bash"],
    }
    done = client.get("/api/hooks?processed=true").json()
    assert [e["event_id"] for e in done] == ["e0", "e1", "e2"]
    assert all(e["processed"] == 1 and e["attempts"] == 1 and e["processed_at"] for e in done)
    (day,) = client.get("/api/hooks/daily").json()
    assert (day["events"], day["events_processed"], day["events_waiting"]) == (5, 3, 2)
    assert client.post("/api/hooks/process").json()["processed"] == 2
    assert client.post("/api/hooks/process").json() == {"processed": 0, "left": 0, "tools": []}


def test_sessions(client: TestClient) -> None:
    client.post("/api/hooks", json=[event(n, workflow_id=f"wf-{n}") for n in range(3)])
    first, second = client.get("/api/hooks/sessions").json()
    assert (first["session_id"], first["events"], first["workflows"]) == ("s0", 2, 2)
    assert (second["events"], second["first"]) == (1, second["last"])
    assert client.get("/api/hooks?event_type=Stop").json() == []


def save(client: TestClient, dollars: float, **more: object) -> int:
    body = {
        "optimization_type": "input_split",
        "workflow_id": "wf-1",
        "baseline_tokens": 3000,
        "actual_tokens": 1000,
        "cost_saved_usd": dollars,
        **more,
    }
    return client.post("/api/savings", json=body).status_code


def test_savings_add_up(client: TestClient) -> None:
    pattern = detect(client)["id"]
    assert save(client, 0.10000001) == 201
    assert (
        save(
            client, 0.2, optimization_type="pattern_offload", pattern_id=pattern, notes="it's\t\\N"
        )
        == 201
    )
    assert save(client, 0.3, optimization_type="luck") == 422
    summary = client.get("/api/savings/summary").json()
    assert summary["cost_saved_usd"] == pytest.approx(0.30000001, rel=1e-12)
    assert summary["tokens_saved"] == 4000
    kinds = [row["optimization_type"] for row in summary["types"]]
    assert kinds == ["pattern_offload", "input_split"]
    best, other = client.get("/api/savings/best").json()
    assert best["pattern_signature"] == "sql:select"
    assert best["percent"] == 66.67
    assert best["notes"] == "it's\t\\N"
    assert other["cost_saved_usd"] == 0.10000001
    assert other["pattern_signature"] is None
    (month,) = client.get("/api/savings/months").json().items()
    assert month == (best["saved_at"][:7], pytest.approx(0.30000001, rel=1e-12))
