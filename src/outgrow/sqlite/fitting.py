"""Whether a stored value fits a promoted column, as a condition in SQL.

The same proofs as the census counts with, so that what it counted is what is loaded.
"""

from __future__ import annotations

import apsw

from outgrow.model.types import Kind, Shape, TargetType
from outgrow.sqlite.census.documents import survives_jsonb
from outgrow.sqlite.census.times import holds
from outgrow.sqlite.census.uuids import is_uuid

#: Whole numbers up to here are exact as double precision.
_EXACT = 2**53

_SURVIVES_JSONB = "outgrow_survives_jsonb"


def register(connection: apsw.Connection) -> None:
    """Give a connection the function that `fits` calls for jsonb."""
    connection.create_scalar_function(
        _SURVIVES_JSONB,
        lambda *values: survives_jsonb(str(values[0])),
        1,
        flags=apsw.SQLITE_DETERMINISTIC,
    )


def fits(value: str, target: TargetType, encoding: str) -> str:
    """Write the condition under which ``target`` holds ``value`` (SQL, not NULL) as it is.

    For jsonb it runs only on a connection that `register` was called with.
    """
    width = 1 if encoding.upper() == "UTF-8" else 2
    match target.kind:
        case Kind.BOOLEAN:
            return f"typeof({value}) = 'integer' AND {value} IN (0, 1)"
        case Kind.JSON:
            return f"typeof({value}) = 'text' AND json_valid({value})"
        case Kind.JSONB:
            return (
                f"typeof({value}) = 'text' AND json_valid({value}) AND {_SURVIVES_JSONB}({value})"
            )
        case Kind.UUID:
            return f"typeof({value}) = 'text' AND {is_uuid(value, width)}"
        case Kind.TIMESTAMP | Kind.DATE if target.shape is not None and not target.shape.is_epoch:
            return f"typeof({value}) = 'text' AND ({_in_shape(value, target.shape, width)})"
        case Kind.BIGINT | Kind.TIMESTAMP:
            return f"typeof({value}) = 'integer'"
        case Kind.NUMERIC:
            # 9e999 is infinity (https://www.sqlite.org/floatingpoint.html).
            return (
                f"typeof({value}) IN ('integer', 'real') AND {value} > -9e999 AND {value} < 9e999"
            )
        case Kind.DOUBLE:
            whole = f"typeof({value}) = 'integer' AND {value} BETWEEN {-_EXACT} AND {_EXACT}"
            return f"typeof({value}) = 'real' OR ({whole})"
        case Kind.TEXT:
            return f"typeof({value}) <> 'blob'"
    raise ValueError(f"every value fits {target}")


def _in_shape(value: str, shape: Shape, width: int) -> str:
    if not shape.fraction_is_optional:
        return holds(value, shape, width)
    digits = shape.fraction
    mark = "." + "f" * digits
    without = Shape(shape.notation.replace(f"[{mark}]", ""))
    written = Shape(shape.notation.replace(f"[{mark}]", mark))
    zeros = f"{value} GLOB '*.{'0' * digits}{shape.suffix}'"
    return f"{holds(value, without, width)} OR ({holds(value, written, width)} AND NOT {zeros})"
