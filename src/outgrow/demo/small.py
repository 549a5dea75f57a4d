"""Rows of the tables that only database.db has: locks, the queue, and uploads of its users.

The application makes a table of every CSV file somebody tries it with, hence ``employees`` to
``wide``: no keys, no indexes, any text. ``special`` holds the awkward texts, ``empty`` no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from outgrow.demo.dice import AWKWARD_TEXTS, NOT_JSON, NUL_TEXTS, Dice, compact, local, plain

Row = Mapping[str, object]

_PEOPLE = (("Ada", 36, "London"), ("Grace", 85, "Arlington"), ("Zoë", 29, "Zürich"))
_STATES = ("queued", "ready", "running", "completed", "blocked", "failed")
_LOCK_STATES = ("planning", "building", "testing", "reviewing", "documenting")


def small_tables(dice: Dice) -> dict[str, tuple[Iterable[Row], int]]:
    """Rows and their number for each table."""
    tables: dict[str, list[Row]] = {
        "adw_locks": [_lock(dice, number) for number in range(5)],
        "employees": _paid(("Research", "Sales")),
        "users": _people(_PEOPLE),
        "products": [
            {"product": name, "price": price, "stock": stock}
            for name, price, stock in (("Lamp", 19.99, 3), ("Desk", 249.0, 0), ("Pen", 0.1, None))
        ],
        "staff": _paid(("Support",)),
        "empty": [],
        "large": _people((f"Person {n}", n % 90, f"City {n % 50}") for n in range(1_000)),
        "special": [
            {"name": f"row {number}", "description": text, "price": number / 3}
            for number, text in enumerate(AWKWARD_TEXTS + NUL_TEXTS)
        ],
        "people": _people(_PEOPLE[:2]),
        "wide": [{f"col{n}": n * row for n in range(100)} for row in range(3)],
        "data": _people(_PEOPLE[1:]),
        "phase_queue": [_queued(dice, number) for number in range(60)],
        "queue_config": [
            {"config_key": key, "config_value": value, "updated_at": "2025-07-01 09:30:00"}
            for key, value in (("paused", "false"), ("max_parallel", "4"), ("note", "it's on"))
        ],
    }
    for file in range(5):
        tables[f"file{file}"] = [{"id": n, "value": f"value {file}.{n}"} for n in range(file + 1)]
    return {name: (rows, len(rows)) for name, rows in tables.items()}


def _people(rows: Iterable[tuple[str, int, str]]) -> list[Row]:
    return [{"name": name, "age": age, "city": city} for name, age, city in rows]


def _paid(departments: Iterable[str]) -> list[Row]:
    return [
        {"department": department, "employee": name, "salary": 40_000 + age * 1_000}
        for department in departments
        for name, age, _ in _PEOPLE
    ]


def _lock(dice: Dice, number: int) -> Row:
    moment = plain(dice.moment())
    return {
        "issue_number": number * 11 + 4,
        "adw_id": dice.hexadecimal(8),
        "status": _LOCK_STATES[number],
        "github_url": None,
        "created_at": moment,
        "updated_at": moment,
    }


def _queued(dice: Dice, number: int) -> Row:
    moment = dice.moment()
    issue, phase = divmod(number, 4)
    return {
        "queue_id": f"{dice.hexadecimal(8)}-{number:04}",
        "parent_issue": issue + 1,
        "phase_number": phase + 1,
        "issue_number": None if phase == 3 else number + 100,
        "status": _STATES[number % len(_STATES)],
        "depends_on_phase": phase or None,
        "phase_data": NOT_JSON[1] if number == 31 else compact({"title": dice.prose(10, 60)}),
        "created_at": plain(moment),
        "updated_at": plain(moment + timedelta(hours=2)),
        "error_message": None,
        "adw_id": dice.hexadecimal(8) if phase else None,
        "pr_number": number if number % 6 == 0 else None,
        "priority": 50 - phase * 10,
        "queue_position": number,
        "ready_timestamp": "unknown" if number == 20 else local(moment),
        "started_timestamp": "" if number == 21 else None,
    }
