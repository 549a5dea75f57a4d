"""Kinds of damage to values: each changes one value of one row, and what it gives differs."""

from __future__ import annotations

import json
import math
import struct
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from torture.damage.injuring import (
    EXTRA,
    MISSING,
    REFUSALS,
    Column,
    Damage,
    Key,
    NoPlaceError,
    Patient,
    Place,
    Row,
    Table,
    computed,
    key_at,
    update,
    value_place,
)

#: Gives another value, or the same one where the kind does not apply.
Change = Callable[[Random, Any], Any]

TEXT, DOUBLE, NUMERIC, BIGINT = "text", "double precision", "numeric", "bigint"
TIMESTAMP = "timestamp without time zone"

#: Each kind: the types of columns, which values it can be done to ({} is the column), the change.
VALUES: dict[str, tuple[tuple[str, ...], str, Change]] = {}

_ANY = "{} IS NOT NULL"


def _kind(*types: str, condition: str = _ANY) -> Callable[[Change], Change]:
    def add(change: Change) -> Change:
        VALUES[change.__name__.strip("_").replace("_", " ")] = (types, condition, change)
        return change

    return add


@_kind("bytea", condition="length({}) > 0")
def _a_flipped_bit_in_a_blob(random: Random, value: bytes) -> bytes:
    place = random.randrange(len(value) * 8)
    changed = bytearray(value)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


@_kind("bytea", condition="length({}) > 0")
def _a_blob_cut_short(random: Random, value: bytes) -> bytes:
    return value[: random.randrange(len(value))]


@_kind("bytea")
def _a_blob_as_its_hexadecimal_text(random: Random, value: bytes) -> bytes:
    return f"\\x{value.hex()}".encode()


@_kind(NUMERIC)
def _a_rounded_cost(random: Random, value: Decimal) -> Decimal:
    return round(value, random.choice((0, 1)))


@_kind(NUMERIC)
def _a_cost_off_by_its_last_digit(random: Random, value: Decimal) -> Decimal:
    return value + random.choice((1, -1)) * Decimal(1).scaleb(int(value.as_tuple().exponent))


@_kind(NUMERIC, DOUBLE)
def _a_sign_turned(random: Random, value: Any) -> Any:
    return -value


@_kind(DOUBLE, condition="{} IS NOT NULL AND abs({}) < 1e300")
def _the_last_bit_of_a_double(random: Random, value: float) -> float:
    return math.nextafter(value, random.choice((math.inf, -math.inf)))


@_kind(DOUBLE, condition="{} = 0")
def _minus_zero_for_zero(random: Random, value: float) -> float:
    return -0.0 if math.copysign(1, value) > 0 else value


@_kind(DOUBLE, condition="abs({}) < 1e30")
def _a_double_cut_to_four_bytes(random: Random, value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


@_kind(DOUBLE)
def _a_double_printed_with_15_digits(random: Random, value: float) -> float:
    return float(f"{value:.15g}")


@_kind(BIGINT, condition="abs({}) < 1000000000000000000")
def _an_integer_off_by_one(random: Random, value: int) -> int:
    return value + random.choice((1, -1))


@_kind(BIGINT, condition="{} > 9007199254740992 AND {} < 9223372036854775000")
def _an_integer_that_went_through_a_double(random: Random, value: int) -> int:
    return int(float(value))


@_kind("boolean")
def _a_boolean_turned(random: Random, value: bool) -> bool:
    return not value


@_kind(TIMESTAMP)
def _a_timestamp_an_hour_off(random: Random, value: datetime) -> datetime:
    return value + timedelta(hours=random.choice((1, -1)))


@_kind(TIMESTAMP)
def _a_timestamp_a_microsecond_off(random: Random, value: datetime) -> datetime:
    return value + timedelta(microseconds=random.choice((1, -1)))


@_kind(TIMESTAMP, condition="{} <> date_trunc('second', {})")
def _the_fraction_of_a_second_lost(random: Random, value: datetime) -> datetime:
    return value.replace(microsecond=0)


@_kind(TIMESTAMP, "date")
def _day_and_month_swapped(random: Random, value: Any) -> Any:
    return value.replace(day=value.month, month=value.day) if value.day <= 12 else value


@_kind("date")
def _a_date_off_by_a_day(random: Random, value: date) -> date:
    return value + timedelta(random.choice((1, -1)))


@_kind("uuid")
def _a_digit_of_a_uuid(random: Random, value: Any) -> str:
    return _other_letter(random, str(value), "0123456789abcdef")


@_kind(TEXT, "json", condition="{}::text LIKE '%% %%'")
def _a_space_lost_or_doubled(random: Random, value: str) -> str:
    place = random.choice([number for number, each in enumerate(value) if each == " "])
    return value[:place] + random.choice(("", "  ")) + value[place + 1 :]


@_kind(TEXT)
def _a_trailing_space(random: Random, value: str) -> str:
    return value + " "


@_kind(TEXT, condition="{} <> btrim({})")
def _spaces_trimmed(random: Random, value: str) -> str:
    return value.strip(" ")


@_kind(TEXT)
def _composed_letters_decomposed(random: Random, value: str) -> str:
    return unicodedata.normalize("NFD", value)


@_kind(TEXT, condition="{} IS NOT NFC NORMALIZED")
def _decomposed_letters_composed(random: Random, value: str) -> str:
    return unicodedata.normalize("NFC", value)


@_kind(TEXT, condition="{} ~ '[A-Za-z]'")
def _the_case_of_one_letter(random: Random, value: str) -> str:
    places = [place for place, letter in enumerate(value) if letter.swapcase() != letter]
    place = random.choice(places)
    return value[:place] + value[place].swapcase() + value[place + 1 :]


@_kind(TEXT, condition="{} <> ''")
def _one_letter_another(random: Random, value: str) -> str:
    return _other_letter(random, value, "aeiou\N{CYRILLIC SMALL LETTER A}\N{EN DASH}\t")


@_kind(TEXT, condition="{} <> ''")
def _a_text_cut_short(random: Random, value: str) -> str:
    return value[: random.randrange(len(value))]


@_kind(TEXT, condition="{} <> ''")
def _a_letter_of_no_width(random: Random, value: str) -> str:
    place = random.randrange(len(value) + 1)
    return value[:place] + random.choice("\u200b\u200d\ufeff\u00ad") + value[place:]


@_kind(TEXT, condition="{} LIKE E'%%\\r\\n%%'")
def _ends_of_lines(random: Random, value: str) -> str:
    return value.replace("\r\n", "\n")


@_kind(TEXT, condition="octet_length({}) > length({})")
def _utf8_read_as_latin1(random: Random, value: str) -> str:
    return value.encode().decode("latin1")


@_kind("jsonb")
def _a_json_number(random: Random, value: Any) -> Any:
    return _with_leaf(random, value, (int, float), lambda x: _other_number(random, x))


@_kind("jsonb")
def _a_deep_json_string(random: Random, value: Any) -> Any:
    return {
        **value,
        "deep": _with_leaf(random, value["deep"], (str,), lambda x: _one_letter_another(random, x)),
    }


@_kind("jsonb")
def _a_json_number_as_a_string(random: Random, value: Any) -> Any:
    return _with_leaf(random, value, (int, float), json.dumps)


@_kind("jsonb")
def _a_json_boolean_as_a_number(random: Random, value: Any) -> Any:
    return {**value, "on": int(value["on"])}


@_kind("jsonb")
def _a_json_key_lost(random: Random, value: Any) -> Any:
    lost = random.choice([*value])
    return {key: each for key, each in value.items() if key != lost}


@_kind("jsonb")
def _a_json_null_lost(random: Random, value: Any) -> Any:
    one, named, number = value["deep"]["list"]
    return {**value, "deep": {"list": [one, {"name": named["name"]}, number]}}


@_kind("jsonb")
def _a_json_array_in_another_order(random: Random, value: Any) -> Any:
    return {**value, "tags": random.sample(value["tags"], len(value["tags"]))}


@_kind(TEXT, condition="{} = ''")
def _null_for_an_empty_text(random: Random, value: Any) -> None:
    return None


@_kind(TEXT, condition="{} IS NULL")
def _an_empty_text_for_null(random: Random, value: Any) -> str:
    return ""


@_kind(TEXT, condition="{} IS NULL")
def _the_word_null_for_null(random: Random, value: Any) -> str:
    return random.choice(("NULL", "null", "None", "\\N"))


@_kind()
def _null_for_a_value(random: Random, value: Any) -> None:
    return None


@_kind(NUMERIC, DOUBLE, BIGINT, "boolean", condition="{} IS NULL")
def _zero_for_null(random: Random, value: Any) -> Any:
    return 0


@_kind(TIMESTAMP, "date", condition="{} IS NULL")
def _a_date_for_null(random: Random, value: Any) -> Any:
    return datetime(1970, 1, 1)


@_kind("jsonb", condition="{} IS NULL")
def _json_null_for_null(random: Random, value: Any) -> Jsonb:
    return Jsonb(None)


@_kind("bytea", condition="{} IS NULL")
def _an_empty_blob_for_null(random: Random, value: Any) -> bytes:
    return b""


def _other_letter(random: Random, text: str, letters: str) -> str:
    place = random.choice([place for place, letter in enumerate(text) if letter != "-"] or [0])
    other = random.choice([letter for letter in letters if letter != text[place].lower()])
    return text[:place] + other + text[place + 1 :]


def _other_number(random: Random, number: float) -> float:
    if isinstance(number, int):
        return number + random.choice((1, -1))
    return random.choice((math.nextafter(number, math.inf), round(number, 9) + 1e-9))


def _with_leaf(
    random: Random, value: Any, types: tuple[type, ...], change: Callable[[Any], Any]
) -> Any:
    """Change one of the leaves of these types, at any depth."""
    path = random.choice([*_leaves(value, types)])

    def changed(here: Any, path: tuple[Any, ...]) -> Any:
        if not path:
            return change(here)
        copied = here.copy()
        copied[path[0]] = changed(here[path[0]], path[1:])
        return copied

    return changed(value, path)


def _leaves(value: Any, types: tuple[type, ...], path: tuple[Any, ...] = ()) -> Any:
    match value:
        case dict():
            pairs = [*value.items()]
        case list():
            pairs = [*enumerate(value)]
        case _:
            if isinstance(value, types) and not isinstance(value, bool):
                yield path
            return
    for step, each in pairs:
        yield from _leaves(each, types, (*path, step))


def change_a_value(kind: str, opened: Patient) -> Damage:
    """Do one of `VALUES` to any value that it can be done to."""
    types, condition, change = VALUES[kind]
    for table, column in opened.columns(*types):
        applies = sql.SQL(condition.replace("%%", "%")).format(
            *[sql.Identifier(column.target)] * condition.count("{}")
        )
        for row in opened.rows(table, applies):
            before = opened.value(row, column, "::text" if column.type == "json" else "")
            after = change(opened.random, before)
            if type(after) is type(before) and repr(after) == repr(before):
                continue
            try:
                with opened.connection.transaction():
                    return _changed(kind, opened, row, column, after)
            except (NoPlaceError, *REFUSALS):
                continue
    raise NoPlaceError


def _changed(kind: str, opened: Patient, row: Row, column: Column, after: Any) -> Damage:
    table = row.table
    opened.claim(table.target, row.keys)
    was = opened.value(row, column, "::text")
    now_at, now = update(opened, row, column, after)
    if now == was:
        raise NoPlaceError
    did = f"{table.source}.{column.source} at {sorted(row.keys)[:1]}: {was!r:.200} is {now!r:.200}"
    if column.source in table.key:
        key = key_at(opened, table, now_at)
        if key in _refused(opened, table):
            # Of two rows of one key, one in quarantine, no other values can be expected.
            raise NoPlaceError
        places = (
            Place((table.source,), row.keys, MISSING),
            Place((table.source,), frozenset({key}), EXTRA),
        )
        return Damage(kind, did, places)
    return Damage(kind, did, (value_place(row, column),), computed(row))


def _refused(opened: Patient, table: Table) -> set[Key]:
    """Give the keys of the rows of a table that were refused."""
    query = "SELECT key FROM outgrow.quarantine WHERE action = 'refused' AND table_name = %s"
    kept = [json.loads(key) for (key,) in opened.run(query, table.target)]
    return {tuple(sorted(key.items())) for key in kept}
