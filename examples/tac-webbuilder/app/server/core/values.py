"""What the texts in the database mean: JSON and times."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any


def parse_json(text: str | None) -> Any:
    """The value of a JSON text; a text that is not JSON is given as it is, '' as None."""
    if not text:
        return None
    try:
        return json.loads(text, parse_constant=str)
    except ValueError:
        return text


def parse_time(text: str | None) -> datetime | None:
    """The time that a text spells, in UTC; None for '', 'unknown' and the like."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def to_dict(row: sqlite3.Row, json_columns: Iterable[str] = ()) -> dict[str, Any]:
    """A row for the client, with the JSON of some columns read."""
    result = dict(row)
    for name in json_columns:
        if name in row.keys():  # noqa: SIM118 (a row iterates over its values)
            result[name] = parse_json(row[name])
    return result


def dump(value: Any) -> str | None:
    """The text that stands for a value in a JSON column."""
    return None if value is None else json.dumps(value)


def now_local() -> str:
    """As this application has always spelled the times that it sets itself."""
    return datetime.now().isoformat(timespec="microseconds")
