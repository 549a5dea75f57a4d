r"""Texts as JSON: what jsonb gives back equal, what only json keeps, what is neither.

PostgreSQL's jsonb refuses ``\u0000``, lone surrogates and numbers beyond numeric, and keeps one
of several equal keys (https://www.postgresql.org/docs/current/datatype-json.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from outgrow.model.census import Example, JsonFacts
from outgrow.sqlite.census.examples import LIMIT, shown

#: A long text could hold a number with more digits than numeric has; it is looked at alone.
_LONG = 4_000
_EXPONENT = re.compile(r"[0-9][eE]")
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_MAX_INTEGER_DIGITS = 131_072
_MAX_SCALE = 16_383


class Documents:
    """Counts over the JSON texts of one column, filled block by block."""

    def __init__(self) -> None:
        self._for_jsonb = 0
        self._for_json = 0
        self._containers = 0
        self._invalid: dict[str, int] = {}

    def read(self, texts: Iterable[bytes | None], valid: Iterable[int | None], codec: str) -> None:
        """Classify a block; ``valid`` is what SQLite's ``json_valid`` says of each text."""
        documents: list[bytes] = []
        for raw, is_valid in zip(texts, valid, strict=True):
            if is_valid and raw is not None:
                documents.append(raw)
            elif raw is not None:
                self._remember(raw, codec)
        if documents and not self._read_together(documents, codec):
            for raw in documents:
                self._read_alone(raw, codec)

    def facts(self, texts: int) -> JsonFacts:
        """Give the counts over all texts of the column."""
        ranked = sorted(self._invalid.items(), key=lambda pair: (-pair[1], pair[0]))
        return JsonFacts(
            for_jsonb=self._for_jsonb,
            for_json=self._for_json,
            invalid=texts - self._for_jsonb - self._for_json,
            containers=self._containers,
            examples=tuple(Example(value, count) for value, count in ranked[:LIMIT]),
        )

    def _remember(self, raw: bytes, codec: str) -> None:
        value = shown(raw.decode(codec, errors="backslashreplace"))
        if value in self._invalid or len(self._invalid) < 1_000:
            self._invalid[value] = self._invalid.get(value, 0) + 1

    def _read_together(self, documents: list[bytes], codec: str) -> bool:
        """Parse a whole block as one array; False if any document needs a closer look."""
        comma = ",".encode(codec)
        try:
            joined = comma.join(documents).decode(codec)
        except UnicodeDecodeError:
            return False
        if max(map(len, documents)) > _LONG or "\\u" in joined or _EXPONENT.search(joined):
            return False
        try:
            values = _parse(f"[{joined}]")
        except (ValueError, RecursionError):
            return False
        self._for_jsonb += len(values)
        self._containers += sum(isinstance(value, dict | list) for value in values)
        return True

    def _read_alone(self, raw: bytes, codec: str) -> None:
        try:
            text = raw.decode(codec)
            value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
        except (ValueError, RecursionError):
            self._remember(raw, codec)
            return
        self._containers += isinstance(value, dict | list)
        if survives_jsonb(text):
            self._for_jsonb += 1
        else:
            self._for_json += 1


class _TwiceTheSameKey(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _TwiceTheSameKey
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _parse(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)


def survives_jsonb(text: str) -> bool:
    """Whether jsonb gives back a value equal to that of a valid JSON text."""
    if any(_is_refused(escape) for escape in _ESCAPE.findall(text)):
        return False
    try:
        json.loads(
            text, object_pairs_hook=_unique, parse_int=_checked_number, parse_float=_checked_number
        )
    except (ValueError, RecursionError):
        return False
    return True


def _is_refused(escape: str) -> bool:
    r"""``\u0000``, or half of a surrogate pair."""
    if len(escape) != 6:
        return False
    code = int(escape[2:], 16)
    return code == 0 or 0xD800 <= code <= 0xDFFF


def _checked_number(text: str) -> str:
    """Refuse a number that numeric can't hold, or that changes its value for a reader of doubles.

    A number with an exponent comes back from jsonb written out: as an integer, if it is one.
    """
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    exponent = int(number.as_tuple().exponent)
    if number.adjusted() >= _MAX_INTEGER_DIGITS or -exponent > _MAX_SCALE:
        raise ValueError(text)
    if exponent >= 0 and ("e" in text or "E" in text) and float(text) != int(number):
        raise ValueError(text)
    return text
