"""What SELECT asks of SQLite so that COPY's text form is what PostgreSQL reads exactly.

The conversions rest on what the census proved of every value; what it ruled out never gets here,
and verification compares what arrived by other means.
"""

from __future__ import annotations

import apsw

from outgrow.model.census import ColumnFacts
from outgrow.model.plan import ColumnPlan
from outgrow.model.types import Kind, Shape
from outgrow.sqlite.fitting import fits
from outgrow.sqlite.rows import quote_identifier

_UTF8 = "outgrow_utf8"


def projected(plan: ColumnPlan, facts: ColumnFacts, encoding: str) -> str:
    """Write the SELECT expression for one column; the value goes to COPY as it comes."""
    name = quote_identifier(plan.source)
    sql = _converted(name, plan, facts, encoding)
    if plan.quarantined:
        return f"CASE WHEN {fits(name, plan.type, encoding)} THEN {sql} END"
    return sql


def _converted(name: str, plan: ColumnPlan, facts: ColumnFacts, encoding: str) -> str:
    match plan.type.kind:
        case Kind.BYTEA if facts.classes != ("blob",):
            return _as_bytes(name, encoding)
        case Kind.TEXT if facts.integers or facts.reals:
            return f"CAST({name} AS TEXT)"
        case Kind.TIMESTAMP if plan.type.shape is not None and plan.type.shape.is_epoch:
            return _from_epoch(name, plan.type.shape)
        case _:
            return name


def register(connection: apsw.Connection, encoding: str) -> None:
    """Give a connection the function that files not in UTF-8 need.

    It takes a text's bytes, for SQLite makes one character of half a surrogate pair and of
    whatever follows it, and Python reads no half at all.
    """

    def utf8(*stored: apsw.SQLiteValue) -> bytes:
        assert isinstance(stored[0], bytes)
        return stored[0].decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")

    connection.create_scalar_function(_UTF8, utf8, 1)


def _as_bytes(name: str, encoding: str) -> str:
    """Write a value as bytes, a text or number as its UTF-8 whatever the file's encoding is."""
    if encoding.upper() == "UTF-8":
        return f"CAST({name} AS BLOB)"
    return (
        f"CASE typeof({name}) WHEN 'null' THEN NULL WHEN 'blob' THEN {name} "
        f"ELSE {_UTF8}(CAST(CAST({name} AS TEXT) AS BLOB)) END"
    )


def _from_epoch(name: str, shape: Shape) -> str:
    """Write an integer epoch as a timestamp's text, exactly and also before 1970."""
    unit = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}[shape.notation]
    rest = f"((({name} % {unit}) + {unit}) % {unit})"
    seconds = f"datetime(({name} - {rest}) / {unit}, 'unixepoch')"
    if unit == 1:
        return seconds
    digits = len(str(unit)) - 1
    return f"{seconds} || printf('.%0{digits}d', {rest})"
