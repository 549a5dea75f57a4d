"""What a declared type says of values that are not there yet."""

from __future__ import annotations

import re

from outgrow.model.source import Affinity
from outgrow.model.types import Kind

#: Declared types of NUMERIC affinity whose whole numbers stay whole: flags and moments. In any
#: other column of that affinity an application may store 1.5 tomorrow.
WHOLE = frozenset(
    "bit bool boolean date datetime datetime2 serial smalldatetime time timestamp year".split()
)
_TEXTUAL = frozenset(
    """
    date datetime datetime2 datetimeoffset guid json jsonb smalldatetime string time timestamp
    timestamptz uniqueidentifier uuid xml
    """.split()
)


def type_words(declared: str) -> tuple[str, ...]:
    """Split a declared type into lower-case words, its size left out."""
    return tuple(re.findall(r"[a-z_][a-z0-9_]*", declared.lower()))


def kind_without_values(declared: str, affinity: Affinity) -> Kind:
    """Find the type of a column that has no values, as they will most likely be."""
    words = set(type_words(declared))
    match affinity:
        case Affinity.INTEGER:
            return Kind.BIGINT
        case Affinity.REAL:
            return Kind.DOUBLE
        case Affinity.TEXT:
            return Kind.TEXT
        case Affinity.BLOB:
            # No type at all takes anything; text is what applications mean most often.
            return Kind.BYTEA if declared else Kind.TEXT
    if words & _TEXTUAL:
        return Kind.TEXT
    return Kind.BIGINT if words & WHOLE else Kind.NUMERIC
