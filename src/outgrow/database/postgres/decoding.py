"""From what the driver reads to the value that SQLite would give, column by column.

What needs nothing (bigint, double precision, text, bytea) is not touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from outgrow.database.declared import converter_of
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate.expressions.values import Rep
from outgrow.translate.queries.query import Column

Decoder = Callable[[Any], Any]

_INT64 = 2**63
_EPOCH = datetime(1970, 1, 1)
_UNITS = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}


class RowDecoder:
    """Turns the driver's rows into SQLite's; ``None`` stands for it where nothing is to be done."""

    def __init__(self, decoders: Sequence[tuple[int, Decoder]]) -> None:
        self._decoders = decoders

    @classmethod
    def of(cls, columns: Sequence[Column]) -> RowDecoder | None:
        """Give the decoder of a statement's result."""
        return cls._with([_decoder(column.value.rep, column.type) for column in columns])

    @classmethod
    def native(cls, columns: Sequence[Column], declared: Sequence[str]) -> RowDecoder | None:
        """Give the decoder of native rows, whose columns were declared so in SQLite."""
        return cls._with(list(map(_native, columns, declared)))

    @classmethod
    def _with(cls, decoders: Sequence[Decoder | None]) -> RowDecoder | None:
        found = [(place, decoder) for place, decoder in enumerate(decoders) if decoder]
        return cls(found) if found else None

    def __call__(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Give SQLite's row."""
        values = list(row)
        for place, decoder in self._decoders:
            if values[place] is not None:
                values[place] = decoder(values[place])
        return tuple(values)


def _native(column: Column, declared: str) -> Decoder | None:
    if column.value.rep is Rep.ANY or column.type.tagged:
        return _any_native
    converter = converter_of(declared)
    if converter is None or column.type.kind not in (Kind.TEXT, Kind.BIGINT, Kind.DOUBLE):
        return None
    return lambda value: value if isinstance(value, bytes) else converter(str(value).encode())


def _decoder(rep: Rep, kind: TargetType) -> Decoder | None:
    if rep is Rep.ANY or kind.tagged:
        return _any
    match kind.kind:
        case Kind.NUMERIC:
            return _NUMERICS.get(rep, float)
        case Kind.DOUBLE if rep is Rep.NUMBER:
            return _whole_double
        case Kind.TIMESTAMP | Kind.DATE if kind.shape is not None:
            return _time(kind.shape)
        case _:
            return None


def _any(text: str) -> Any:
    """The value of an ``ANY``: jsonb that says the storage class."""
    if text[0] == '"':
        return json.loads(text)
    if text.startswith('{"json": '):
        return text[len('{"json": ') : -1]
    given = json.loads(text)
    if isinstance(given, dict):
        return bytes.fromhex(given["blob"]) if "blob" in given else float(given["real"])
    return given


def _any_native(given: Any) -> Any:
    """The same of what the driver has parsed."""
    if not isinstance(given, dict):
        return given
    if "json" in given:
        return given["json"]
    return bytes.fromhex(given["blob"]) if "blob" in given else float(given["real"])


def _dynamic(text: str) -> int | float:
    """A number whose decimals say that it is a REAL."""
    return float(text) if "." in text or not text.lstrip("-").isdigit() else int(text)


def _number(text: str) -> int | float:
    """A number of NUMERIC affinity: an integer where it is integral and has 64 bits."""
    if "." not in text and text.lstrip("-").isdigit():
        whole = int(text)
        return whole if -_INT64 <= whole < _INT64 else float(text)
    if not text.lstrip("-")[:1].isdigit():
        return float(text)
    value = Decimal(text)
    integral = value == value.to_integral_value()
    return int(value) if integral and abs(value) < _INT64 else float(text)


_NUMERICS: dict[Rep, Decoder] = {Rep.DYNAMIC: _dynamic, Rep.NUMBER: _number, Rep.INTEGER: int}


def _whole_double(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) < _INT64 else value


def _time(shape: Shape) -> Decoder:
    """Respell PostgreSQL's ``YYYY-MM-DD HH:MM:SS.ffffff``, whose fraction has no zeros behind."""
    if shape.is_epoch:
        unit = _UNITS[shape.notation]
        return lambda text: _since_epoch(text, unit)
    if not shape.separator:
        return lambda text: text[:10]
    end = 19 if shape.has_seconds else 16
    separator, fraction, suffix = shape.separator, shape.fraction, shape.suffix
    optional = shape.fraction_is_optional

    def respelled(text: str) -> str:
        written = f"{text[:10]}{separator}{text[11:end]}"
        if fraction and (len(text) > 19 or not optional):
            written += f".{text[20:]:0<6}"[: fraction + 1]
        return written + suffix

    return respelled


def _since_epoch(text: str, unit: int) -> int:
    passed = datetime.fromisoformat(text) - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * unit + passed.microseconds * unit // 1_000_000
