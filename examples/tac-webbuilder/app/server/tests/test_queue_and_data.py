from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from core import schema
from core.connection import get_connection
from core.values import parse_json, parse_time
from fastapi.testclient import TestClient

CSV = "name,age,city,score\nAda,36,London,1.5\nGrace,85,Arlington,\nZoë,29,Zürich,2.25\n"


@pytest.fixture
def uploaded(client: TestClient) -> Iterator[str]:
    client.post("/api/data", json={"table": "visitors", "csv": CSV})
    yield "visitors"
    client.delete("/api/data/visitors")


def queue(client: TestClient, number: int, **more: object) -> str:
    body = {"parent_issue": 5, "phase_number": number, "data": {"title": f"Phase {number}"}, **more}
    return client.post("/api/queue", json=body).json()["queue_id"]


def test_phases_run_in_their_order(client: TestClient) -> None:
    assert client.post("/api/queue/next").status_code == 404
    second = queue(client, 2, depends_on_phase=1)
    first = queue(client, 1)
    urgent = queue(client, 7, priority=1)
    assert [p["queue_id"] for p in client.get("/api/queue").json()] == [urgent, second, first]
    assert client.post("/api/queue/next").json()["queue_id"] == urgent
    taken = client.post("/api/queue/next").json()
    assert taken == {"queue_id": first, "parent_issue": 5, "phase_number": 1}
    assert client.post("/api/queue/next").status_code == 404
    assert client.post(f"/api/queue/{first}/done").json() == {"freed": 1, "blocked": 0}
    assert client.post("/api/queue/next").json()["queue_id"] == second
    (running,) = client.get("/api/queue?status=completed").json()
    assert running["phase_data"] == {"title": "Phase 1"}
    assert running["started_timestamp"] > running["ready_timestamp"]
    assert client.post(f"/api/queue/{first}/done").status_code == 404


def test_what_waits_for_a_failed_phase_is_blocked(client: TestClient) -> None:
    first = queue(client, 1)
    queue(client, 2, depends_on_phase=1)
    client.post("/api/queue/next")
    assert client.post(f"/api/queue/{first}/done?failed=true").json() == {"freed": 0, "blocked": 1}


def test_each_phase_is_taken_once(client: TestClient) -> None:
    wanted = {queue(client, n) for n in range(12)}
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: client.post("/api/queue/next").json()["queue_id"], wanted))
    assert sorted(taken) == sorted(wanted)


def test_settings_are_made_and_changed(client: TestClient) -> None:
    client.put("/api/queue/config/paused", json={"value": "false"})
    client.put("/api/queue/config/note", json={"value": "it's on"})
    told = client.put("/api/queue/config/paused", json={"value": "true"}).json()
    assert told == client.get("/api/queue/config").json() == {"note": "it's on", "paused": "true"}


def test_one_locks_an_issue(client: TestClient) -> None:
    assert client.put("/api/locks/4", json={"adw_id": "a"}).status_code == 200
    taken = client.put("/api/locks/4", json={"adw_id": "b"})
    assert (taken.status_code, taken.json()["detail"]) == (409, "locked by a")
    assert client.put("/api/locks/4", json={"adw_id": "a", "status": "testing"}).status_code == 200
    assert client.put("/api/locks/5", json={"adw_id": "a", "status": "sleeping"}).status_code == 422
    (lock,) = client.get("/api/locks").json()
    assert (lock["issue_number"], lock["adw_id"], lock["status"]) == (4, "a", "testing")
    assert len(lock["created_at"]) == len("2025-01-01 00:00:00")
    assert client.delete("/api/locks/4").json() == {"freed": True}
    assert client.delete("/api/locks/4").json() == {"freed": False}


def test_an_upload_becomes_a_table(client: TestClient, uploaded: str) -> None:
    told = client.get(f"/api/data/{uploaded}").json()
    assert told["columns"] == ["name", "age", "city", "score"]
    assert told["rows"][1] == ["Grace", 85, "Arlington", None]
    assert uploaded in client.get("/api/tables").json()["table"]
    columns = client.get(f"/api/tables/{uploaded}/columns").json()
    assert [(c["name"], c["type"]) for c in columns] == [
        ("name", "TEXT"),
        ("age", "INTEGER"),
        ("city", "TEXT"),
        ("score", "REAL"),
    ]


def test_an_upload_replaces_or_adds(client: TestClient, uploaded: str) -> None:
    more = {"table": uploaded, "csv": CSV, "append": True}
    assert client.post("/api/data", json=more).json()["rows"] == 6
    assert client.post("/api/data", json={"table": uploaded, "csv": "a\n1\n"}).json() == {
        "table": uploaded,
        "columns": ["a"],
        "rows": 1,
    }
    assert client.post("/api/data", json={"table": "1; DROP", "csv": CSV}).status_code == 422


def test_insights(client: TestClient, uploaded: str) -> None:
    told = client.get(f"/api/data/{uploaded}/insights").json()
    assert told["age"] == {"values": 3, "distinct": 3, "min": 29.0, "max": 85.0, "mean": 50.0}
    assert told["score"]["mean"] == 1.875
    assert told["city"] == {"values": 3, "distinct": 3}
    assert client.get("/api/data/nothing/insights").status_code == 404


def test_questions(client: TestClient, uploaded: str) -> None:
    sql = (
        "SELECT city, age / 2 AS half, age * 1.0 / 2 FROM visitors WHERE name LIKE 'a%' OR age > 80"
    )
    assert client.post("/api/query", json={"sql": sql}).json() == {
        "columns": ["city", "half", "age * 1.0 / 2"],
        "rows": [["London", 18, 18.0], ["Arlington", 42, 42.5]],
    }
    for wrong, said in (
        ("SELECT * FROM nowhere", "no such table: nowhere"),
        ("SELECT salary FROM visitors", "no such column: salary"),
        ("SELECT name FROM visitors WHERE", "incomplete input"),
        ("SELECT 1; DROP TABLE visitors", "You can only execute one statement at a time."),
        ("DELETE FROM visitors", "only SELECT"),
    ):
        refused = client.post("/api/query", json={"sql": wrong})
        assert (refused.status_code, refused.json()["detail"]) == (400, said)


def test_dropped_is_gone(client: TestClient, uploaded: str) -> None:
    assert client.delete(f"/api/data/{uploaded}").json() == {"dropped": uploaded}
    gone = client.delete(f"/api/data/{uploaded}")
    assert (gone.status_code, gone.json()["detail"]) == (404, f"no such table: {uploaded}")


def test_the_schema_is_told(client: TestClient) -> None:
    tables = client.get("/api/tables").json()
    assert {"workflow_history", "phase_queue", "hook_events"} <= set(tables["table"])
    assert tables["view"] == [
        "v_cost_savings_summary",
        "v_high_value_patterns",
        "v_hook_events_daily",
        "v_tool_performance",
    ]
    columns = {c["name"]: c for c in client.get("/api/tables/tool_calls/columns").json()}
    assert columns["id"] == {
        "name": "id",
        "type": "INTEGER",
        "required": False,
        "default": None,
        "key": 1,
    }
    assert columns["called_at"]["default"] == "datetime('now')"
    assert columns["tool_name"]["required"]
    assert client.get("/api/tables/nothing/columns").status_code == 404


def test_indexes_and_triggers_are_there(client: TestClient) -> None:
    with get_connection(database="workflow_history") as conn:
        names = {
            kind: [
                row[0]
                for row in conn.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
            ]
            for kind in ("index", "trigger")
        }
    assert {"idx_created_at", "idx_hook_events_timestamp", "idx_day_of_week"} <= set(names["index"])
    assert len(names["trigger"]) == 4


def test_a_column_is_added_once(client: TestClient) -> None:
    with get_connection() as conn:
        conn.execute("CREATE TABLE grows (id INTEGER PRIMARY KEY, name TEXT)")
        conn.execute("INSERT INTO grows (name) VALUES ('first')")
        assert schema.ensure_column(conn, "grows", "size", "INTEGER DEFAULT 3")
        assert not schema.ensure_column(conn, "grows", "size", "INTEGER DEFAULT 3")
        assert [tuple(row) for row in conn.execute("SELECT * FROM grows")] == [(1, "first", 3)]
        assert [row[1] for row in conn.execute("PRAGMA table_info(grows)")] == [
            "id",
            "name",
            "size",
        ]
        conn.execute("DROP TABLE grows")


def test_a_second_start_changes_nothing(client: TestClient) -> None:
    before = client.get("/api/tables").json()
    schema.init_schema()
    assert client.get("/api/tables").json() == before


def test_health(client: TestClient) -> None:
    told = client.get("/health")
    assert told.status_code == 200
    assert told.json()["type"] in ("sqlite", "postgresql")
    assert told.json()["version"].split(".")[0].isdigit()


def test_values() -> None:
    assert parse_json('{"a": NaN}') == {"a": "NaN"}
    assert parse_json("{'a': 1}") == "{'a': 1}"
    assert parse_json("") is None
    assert parse_time("unknown") is None
    assert parse_time("2025-01-01T00:00:00Z") == parse_time("2025-01-01 00:00:00")
