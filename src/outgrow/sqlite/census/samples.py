"""A few values of a column, to see which questions are worth asking of all."""

from __future__ import annotations

from outgrow.sqlite.census.scan import Scan

_ROWS = 300
_CHARACTERS = 80


def sample_texts(scan: Scan, column: str) -> list[str]:
    """Give the beginnings of some texts, from the start of the table and from its end."""
    name = scan.column(column)
    select = (
        f"SELECT CAST(substr({name}, 1, {_CHARACTERS}) AS BLOB) FROM {scan.origin} "
        f"WHERE typeof({name}) = 'text' AND octet_length({name}) > 0"
    )
    statements = [f"{select} LIMIT {_ROWS}"]
    if (rowid := scan.rowid()) is not None:
        statements.append(f"{select} ORDER BY {rowid} DESC LIMIT {_ROWS}")
    return [scan.decode(raw) for statement in statements for (raw,) in scan.rows(statement)]
