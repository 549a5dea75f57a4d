"""What the loader asks of the encoding process, and the frames in which it answers.

Both sides import this and nothing else of each other.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a column's values become bytes."""

    NOTHING = "nothing"
    BIGINT = "bigint"
    BOOLEAN = "boolean"
    DOUBLE = "double"
    NUMERIC = "numeric"
    TEXT = "text"
    JSONB = "jsonb"
    BYTEA = "bytea"
    UUID = "uuid"
    DATE = "date"
    TIMESTAMP = "timestamp"
    EPOCH = "epoch"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a job.

    Args:
        form: how its values become bytes.
        sql: the expression that SQLite reads.
        low, high: the smallest and the largest number that the census saw; others are refused.
        scale: digits after the point of a NUMERIC; units in a second of an EPOCH.
        lengths: the lengths that a date or time has.
        separator: what stands between date and time.
        is_zoned: whether a suffix says UTC.

    """

    form: Form
    sql: str
    low: float | int | None = None
    high: float | int | None = None
    scale: int = 0
    lengths: tuple[int, ...] = ()
    separator: str = ""
    is_zoned: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One table to encode.

    Args:
        uri: the file, as SQLite opens it.
        header: its first bytes in hexadecimal; another change counter there is another file
            (https://www.sqlite.org/fileformat2.html#file_change_counter).
        table: the table, quoted.
        columns: what is read of it.
        block_rows: rows in a block.

    """

    uri: str
    path: str
    header: str
    table: str
    columns: tuple[Column, ...]
    block_rows: int

    def dump(self) -> bytes:
        """Write it as a line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def load(cls, line: bytes) -> Job:
        """Read what `dump` wrote."""
        fields = json.loads(line)
        columns = tuple(
            Column(**{**each, "form": Form(each["form"]), "lengths": tuple(each["lengths"])})
            for each in fields.pop("columns")
        )
        return cls(columns=columns, **fields)


#: A frame begins with its kind, the bytes that follow and the rows that they are.
FRAME = struct.Struct("!cQQ")

#: Rows, in COPY's binary form without its header and trailer.
ROWS = b"R"
#: The table is done; the frame's rows are those of the whole table.
DONE = b"D"
#: The table can't be encoded; the bytes say why.
REFUSED = b"X"

#: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_TRAILER = b"\xff\xff"
