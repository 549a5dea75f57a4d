r"""Texts as JSON: what jsonb gives back equal, what only json keeps, what is neither.

PostgreSQL's jsonb refuses ``\u0000``, lone surrogates and numbers beyond numeric, and keeps one
of several equal keys (https://www.postgresql.org/docs/current/datatype-json.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from outgrow.model.census import Example, JsonFacts
from outgrow.sqlite.census.examples import LIMIT, shown

#: jsonb's strings, arrays and objects have 256 MB each, and a number of one digit takes 12 bytes
#: there: a longer text is not sure to fit (``JENTRY_OFFLENMASK``,
#: https://www.postgresql.org/docs/current/datatype-json.html).
LONGEST_JSONB = 32 << 20

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_MAX_INTEGER_DIGITS = 131_072
_MAX_SCALE = 16_383
#: No number this short is out of range, unless it has an exponent.
_SHORT = 1_000
_REMEMBERED = 1_000


class Documents:
    """Counts over the JSON texts of one column, filled block by block."""

    def __init__(self) -> None:
        self._for_jsonb = 0
        self._for_json = 0
        self._containers = 0
        self._invalid: dict[str, int] = {}

    def read(self, texts: Iterable[bytes | None], valid: Iterable[int | None], codec: str) -> None:
        """Classify a block; ``valid`` is what SQLite's ``json_valid`` says of each text."""
        documents: list[str] = []
        for raw, is_valid in zip(texts, valid, strict=True):
            if raw is None:
                continue
            text = _decoded(raw, codec) if is_valid else None
            if text is None:
                self._remember(raw.decode(codec, errors="backslashreplace"))
            else:
                documents.append(text)
        if documents:
            self._read(documents)

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

    def _remember(self, text: str) -> None:
        value = shown(text)
        if value in self._invalid or len(self._invalid) < _REMEMBERED:
            self._invalid[value] = self._invalid.get(value, 0) + 1

    def _read(self, documents: list[str]) -> None:
        """Parse documents as one array; where that fails, halve them until the cause is alone."""
        try:
            values = _parse(f"[{','.join(documents)}]")
        except (ValueError, RecursionError):
            if len(documents) == 1:
                self._read_alone(documents[0])
            else:
                middle = len(documents) // 2
                self._read(documents[:middle])
                self._read(documents[middle:])
            return
        self._for_jsonb += len(values)
        self._containers += sum(isinstance(value, dict | list) for value in values)

    def _read_alone(self, text: str) -> None:
        try:
            json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
        except ValueError:  # SQLite stops reading at a NUL
            self._remember(text)
            return
        except RecursionError:
            pass  # valid, as SQLite says, but nested too deep to be compared
        self._containers += text.lstrip()[:1] in ("{", "[")
        if survives_jsonb(text):
            self._for_jsonb += 1
        else:
            self._for_json += 1


def _decoded(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def survives_jsonb(text: str) -> bool:
    """Whether jsonb gives back a value equal to that of a valid JSON text."""
    try:
        _parse(text, parse_int=_checked_number)
    except (ValueError, RecursionError):
        return False
    return True


def _parse(text: str, parse_int: Callable[[str], object] | None = None) -> Any:
    """Parse a text; ValueError if jsonb would refuse or change a part of it."""
    if len(text) > LONGEST_JSONB:
        raise ValueError
    if "\\u" in text and any(map(_is_refused, _ESCAPE.findall(text))):
        raise ValueError(text)
    return json.loads(
        text,
        object_pairs_hook=_unique,
        parse_int=parse_int,
        parse_float=_checked_number,
        parse_constant=_refuse,
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _is_refused(escape: str) -> bool:
    r"""``\u0000``, or half of a surrogate pair."""
    if len(escape) != 6:
        return False
    code = int(escape[2:], 16)
    return code == 0 or 0xD800 <= code <= 0xDFFF


def _checked_number(text: str) -> str:
    """Refuse a number that numeric can't hold, or that is a real here and an integer in jsonb.

    A number with an exponent comes back from jsonb written out: 1e2 as 100.
    """
    if len(text) < _SHORT and "e" not in text and "E" not in text:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    exponent = int(number.as_tuple().exponent)
    if number.adjusted() >= _MAX_INTEGER_DIGITS or -exponent > _MAX_SCALE:
        raise ValueError(text)
    if exponent >= 0 and ("e" in text or "E" in text):
        raise ValueError(text)
    return text
