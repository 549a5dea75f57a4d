"""Texts that are UUIDs in their canonical spelling: lower case, 8-4-4-4-12."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.model.census import ColumnFacts
from outgrow.sqlite.census.scan import Scan

_LENGTH = 36
_PATTERN = "-".join("[0-9a-f]" * digits for digits in (8, 4, 4, 4, 12))


def is_uuid(name: str, bytes_per_ascii: int) -> str:
    """Write the proof that a value is a UUID in its canonical spelling."""
    length = _LENGTH * bytes_per_ascii
    return f"octet_length({name}) = {length} AND {name} GLOB '{_PATTERN}'"


def count_uuids(scan: Scan, columns: Sequence[ColumnFacts]) -> dict[str, int]:
    """Count them; PostgreSQL's uuid gives exactly this spelling back."""
    names = {facts.column: scan.column(facts.column) for facts in columns}
    return scan.count(
        {
            column: f"count(*) FILTER (WHERE typeof({name}) = 'text' "
            f"AND {is_uuid(name, scan.bytes_per_ascii)})"
            for column, name in names.items()
        }
    )
