"""Refused rows: whether quarantine keeps each as SQLite has it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import apsw

from outgrow.sqlite.document import exactly, stored, write_document
from outgrow.verify.quarantine import Key, TableQuarantine, parse_key
from outgrow.verify.streams import Sizes, source_blocks
from outgrow.verify.tables import TableReader

#: Rows in memory at once: nothing says how large those are that were refused.
_FEW = Sizes(rows=20, widest=1)


def kept_whole(
    connection: apsw.Connection, reader: TableReader, set_aside: TableQuarantine
) -> TableQuarantine:
    """Leave out the refused rows that are kept otherwise than they are: they excuse nothing.

    Raises:
        SourceError: SQLite can't read the table.

    """
    if not set_aside.refused:
        return set_aside
    columns = [column.source for column in reader.plan.columns]
    sql = (
        f"SELECT {', '.join([reader.key_bytes(), *map(exactly, columns)])} "
        f"FROM {reader.source_table} NOT INDEXED"
    )
    found: dict[Key, set[bytes]] = {}
    for block in source_blocks(connection, sql, _FEW, reader.table.name):
        for key_text, *values in block:
            key = parse_key(key_text.decode(reader.encoding, "replace"))
            if key in set_aside.refused:
                row = zip(columns, map(stored, values), strict=True)
                document = write_document(row, reader.encoding)
                found.setdefault(key, set()).add(hashlib.sha256(document).digest())
    whole = {key: kept for key, kept in set_aside.refused.items() if kept <= found.get(key, set())}
    return replace(set_aside, refused=whole)
