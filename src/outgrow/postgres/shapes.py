"""SQL that gives a promoted date or time column back as the very text that SQLite stored."""

from __future__ import annotations

from outgrow.model.types import Shape

_EPOCH_FACTOR = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}


def text_of(value: str, shape: Shape) -> str:
    """Write the expression that renders ``value`` (a timestamp or date) in its shape.

    ``to_char`` is locale-free here: only digits and quoted literals
    (https://www.postgresql.org/docs/current/functions-formatting.html).
    For an epoch shape the result is a bigint.
    """
    if shape.is_epoch:
        factor = _EPOCH_FACTOR[shape.notation]
        return f"(extract(epoch from {value}) * {factor})::bigint"
    if not shape.separator:
        return f"to_char({value}, 'YYYY-MM-DD')"
    pattern = f'YYYY-MM-DD"{shape.separator}"HH24:MI'
    if shape.has_seconds:
        pattern += ":SS"
    suffix = f'"{shape.suffix}"' if shape.suffix else ""
    if not shape.fraction:
        return f"to_char({value}, '{pattern}{suffix}')"
    full = f"to_char({value}, '{pattern}.FF{shape.fraction}{suffix}')"
    if not shape.fraction_is_optional:
        return full
    return (
        f"(CASE WHEN date_trunc('second', {value}) = {value} "
        f"THEN to_char({value}, '{pattern}{suffix}') ELSE {full} END)"
    )
