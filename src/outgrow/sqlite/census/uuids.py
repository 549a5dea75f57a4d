"""Texts that are UUIDs in their canonical spelling: lower case, 8-4-4-4-12."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.model.census import ColumnFacts
from outgrow.sqlite.census.scan import Scan

_LENGTH = 36
_PATTERN = "-".join("[0-9a-f]" * digits for digits in (8, 4, 4, 4, 12))


def count_uuids(scan: Scan, columns: Sequence[ColumnFacts]) -> dict[str, int]:
    """Count them; PostgreSQL's uuid gives exactly this spelling back."""
    return scan.count(
        {
            facts.column: f"count(*) FILTER (WHERE typeof({scan.column(facts.column)}) = 'text' "
            f"AND octet_length({scan.column(facts.column)}) = {_LENGTH * scan.bytes_per_ascii} "
            f"AND {scan.column(facts.column)} GLOB '{_PATTERN}')"
            for facts in columns
        }
    )
