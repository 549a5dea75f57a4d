"""Date functions over random values, beyond the statements of the corpus: SQLite is the oracle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import apsw
import psycopg
import pytest
from random_moments import day, format_text, modifier, modifiers, time_value
from translate_sides import from_postgres, same, spelled

from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import Schema, UntranslatableSQL, install_sql
from outgrow.translate.context import Context
from outgrow.translate.expressions.compare import keeps_order
from outgrow.translate.expressions.values import Rep, Value, constant
from outgrow.translate.functions.dates import FUNCTIONS
from outgrow.translate.scope import Scope
from outgrow.translate.times import moments
from outgrow.translate.times.formats import is_known, template
from outgrow.translate.translator import Translator

ROWS = 1500
SHAPES = [
    Shape(notation)
    for notation in (
        "YYYY-MM-DD",
        "YYYY-MM-DD HH:MM",
        "YYYY-MM-DD HH:MM:SS",
        "YYYY-MM-DDTHH:MM:SSZ",
        "YYYY-MM-DDTHH:MM:SS.fffZ",
        "YYYY-MM-DD HH:MM:SS.ffffff+00:00",
        "YYYY-MM-DD HH:MM:SS[.ffffff]",
        "YYYY-MM-DDTHH:MM:SS[.ffffff]+00:00",
        "YYYY-MM-DDTHH:MM:SS[.ffffff]Z",
    )
]


@pytest.fixture
def postgres(database: str) -> Iterator[psycopg.Connection[Any]]:
    options = "-c timezone=Pacific/Auckland -c datestyle=german,dmy -c intervalstyle=sql_standard"
    with psycopg.connect(database, autocommit=True, options=options) as connection:
        connection.execute(install_sql())
        yield connection


# --- texts and numbers, which helpers read ----------------------------------------------------

WHOLE = """
SELECT outgrow.moment_written(form, '', moved), outgrow.moment_printed('date', moved),
    outgrow.moment_printed('time', moved), outgrow.moment_printed('datetime', moved),
    moved[1] / 86400000::double precision, outgrow.moment_epoch(moved),
    outgrow.moment_difference(outgrow.moment_moved(began, '{}'),
        outgrow.moment_moved(outgrow.moment_read('2024-02-29 12:00:00.5'), '{}')),
    CASE WHEN number IS NULL THEN outgrow.moment_strftime(form, template, written, modifiers)
        ELSE outgrow.moment_written(form, template, moved) END,
    CASE WHEN number IS NULL THEN outgrow.moment_date('date', written, modifiers) END,
    CASE WHEN number IS NULL THEN outgrow.moment_date('time', written, modifiers) END,
    CASE WHEN number IS NULL THEN outgrow.moment_date('datetime', written, modifiers) END
FROM (
    SELECT *, outgrow.moment_moved(began, modifiers) AS moved FROM (
        SELECT *, CASE WHEN number IS NULL THEN outgrow.moment_read(written)
            ELSE outgrow.moment_raw(number) END AS began
        FROM given OFFSET 0
    ) AS b OFFSET 0
) AS m
ORDER BY id
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_helpers_read_what_sqlite_reads(postgres: psycopg.Connection[Any], seed: int) -> None:
    dice = Random(seed)
    rows = []
    for _ in range(ROWS):
        written, words = time_value(dice), modifiers(dice)
        number = _number(written) if dice.random() < 0.7 else None
        if number is not None and dice.random() < 0.7:
            words = [dice.choice(["unixepoch", "auto", "julianday"]), *words]
        rows.append((written, number, words, format_text(dice)))
    postgres.execute(
        'CREATE TEMP TABLE given (id int, written text COLLATE "C", number float8, '
        "modifiers text[], form text, template text)"
    )
    with postgres.cursor().copy("COPY given FROM STDIN") as copy:
        for position, row in enumerate(rows):
            copy.write_row((position, *row, template(row[3]) if is_known(row[3]) else ""))
    oracle = apsw.Connection(":memory:")
    different = []
    for row, found in zip(rows, postgres.execute(WHOLE), strict=True):
        expected = _on_sqlite(oracle, *row)
        plain = tuple(_plain(value) for value in found)
        if not all(map(same, expected, plain)):
            different.append((row, expected, plain))
    assert different == []


def _number(written: str) -> float | None:
    try:
        return float(written) if written.strip() == written and written.isascii() else None
    except ValueError:
        return None


def _on_sqlite(
    oracle: apsw.Connection, written: str, number: float | None, words: Sequence[str], form: str
) -> tuple[Any, ...]:
    value = written if number is None else number
    more = "".join(f", ?{position + 3}" for position in range(len(words)))
    parts = [f"{name}(?2{more})" for name in ("date", "time", "datetime", "julianday", "unixepoch")]
    sql = (
        f"SELECT strftime(?1, ?2{more}), {', '.join(parts)}, timediff(?2, '2024-02-29 12:00:00.5')"
    )
    ((first, *others),) = oracle.execute(sql, (form, value, *words))
    texts = others[:3] if number is None else [None] * 3
    return (first, *others, first, *texts)


def _plain(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value.as_tuple().exponent == 0 else float(value)


@pytest.mark.parametrize("word", ["now", "NOW", "subsec", "SubSecond"])
def test_a_stored_text_that_means_the_present_is_an_error(
    postgres: psycopg.Connection[Any], word: str
) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="present moment"):
        postgres.execute("SELECT outgrow.moment_date('date', %s, '{}')", (word,))


# --- timestamps and the present, which arithmetic moves ---------------------------------------

FORMATS = [
    "%Y-%m-%d",
    "%Y-%m",
    "%Y",
    "%m-%d",
    "%H:%M",
    "%s",
    "%J",
    "%f",
    "%Y-%m-%dT%H:%M:%fZ",
    "%F %T",
    "%W",
    "%j",
    "%w%u",
    "%G-W%V",
    "%I:%M %p",
    "%d\\%m",
    '%H"%M',
    "",
    "%%",
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("present", [False, True], ids=["column", "present"])
def test_arithmetic_on_timestamps_is_that_of_sqlite(
    postgres: psycopg.Connection[Any], seed: int, present: bool
) -> None:
    dice = Random(seed)
    oracle = apsw.Connection(":memory:")
    different, native = [], 0
    for _ in range(400):
        shape = Shape("YYYY-MM-DDTHH:MM:SS.fffZ") if present else dice.choice(SHAPES)
        moment = _moment(dice, 1970 if present else 1, 2100 if present else 9999)
        written = spelled(moment, shape)
        words = [_sensible(dice) for _ in range(dice.choice([0, 1, 1, 2, 3]))]
        name, form = dice.choice(list(FUNCTIONS)), dice.choice(FORMATS)
        try:
            made = _translated(name, form, _value(written, shape, present), words)
        except UntranslatableSQL:
            assert "utc" in words
            continue
        native += "outgrow." not in made.sql
        literal = f"(timestamp '{written.removesuffix(shape.suffix)}')"
        found = postgres.execute(f"SELECT {made.sql.replace(moments.NOW, literal)}").fetchone()
        assert found is not None
        value = _stored(found[0], made)
        expected = _called(oracle, name, form, written, words)
        if not same(expected, value):
            different.append((name, form, written, words, made.sql, expected, value))
    assert different == []
    assert native > 60


def _moment(dice: Random, first: int, last: int) -> datetime:
    year = dice.choice([first, last, dice.randint(first, last), dice.randint(1990, 2040)])
    month, number = dice.randint(1, 12), dice.choice([1, 28, 29, 30, 31, dice.randint(1, 28)])
    try:
        moment = datetime(year, month, number)
    except ValueError:
        moment = datetime(year, month, 28)
    micros = dice.choice([0, 0, 999_999, 999_500, 500_000, dice.randint(0, 999_999)])
    return moment + timedelta(
        seconds=dice.choice([0, 86_399, dice.randint(0, 86_399)]), microseconds=micros
    )


def _sensible(dice: Random) -> str:
    sign, count = dice.choice("+-"), dice.choice([1, 1, 2, 7, 12, 13, 30, 31, 90, 1.5, 0.25])
    unit = dice.choice(["day", "days", "month", "months", "year", "hours", "minutes", "seconds"])
    return dice.choice(
        [
            f"{sign}{count} {unit}",
            f"{sign}{count} {unit}",
            f"{dice.choice(['start', 'end'])} of {dice.choice(['day', 'month', 'year'])}",
            f"weekday {dice.choice(['', '-'])}{dice.randint(0, 6)}",
            dice.choice(["floor", "ceiling", "subsec", "utc", "auto"]),
            f"{sign}0001-{dice.randint(0, 11):02}-{dice.randint(0, 30):02}",
            f"{sign}{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:30.25",
            modifier(dice),
        ]
    )


def _value(written: str, shape: Shape, present: bool) -> Value:
    if present:
        return constant("now")
    kind = "timestamp" if shape.separator else "date"
    bare = written.removesuffix(shape.suffix) if shape.suffix else written
    return Value(f"({kind} '{bare}')", Rep.TIME, nullable=True, atom=True, shape=shape)


def _translated(name: str, form: str, value: Value, words: Sequence[str]) -> Value:
    arguments = [value, *map(constant, words)]
    if name == "strftime":
        arguments = [constant(form), *arguments]
    if name == "timediff":
        arguments = [value, constant("2024-02-29 12:00:00.5")]
    context = Context(Schema("public", {}), "public")
    return FUNCTIONS[name].translate(Translator(context, Scope()), arguments)


def _stored(value: Any, made: Value) -> Any:
    kinds = {Rep.TIME: Kind.TIMESTAMP, Rep.DYNAMIC: Kind.NUMERIC}
    return from_postgres(
        value, made.rep, TargetType(kinds.get(made.rep, Kind.TEXT), shape=made.shape)
    )


def _called(
    oracle: apsw.Connection, name: str, form: str, written: str, words: Sequence[str]
) -> Any:
    arguments: list[Any] = [written, *words]
    if name == "strftime":
        arguments = [form, *arguments]
    if name == "timediff":
        arguments = [written, "2024-02-29 12:00:00.5"]
    marks = ", ".join("?" for _ in arguments)
    ((value,),) = oracle.execute(f"SELECT {name}({marks})", arguments)
    return value


# --- a timestamp beside a text ----------------------------------------------------------------

ODD = [
    "",
    " ",
    "0",
    "2024",
    "2024-",
    "2024-02",
    "2024-02-",
    "2024-02-30",
    "2024-02-29",
    "2024-02-29T",
    "2024-02-29 ",
    "2024-02-29 12",
    "2024-02-29 12:30",
    "2024-02-29T12:30:45",
    "2024-02-29 12:30:45",
    "2024-02-29 12:30:45.",
    "2024-02-29 12:30:45.5",
    "2024-02-29 12:30:45.500000",
    "2024-02-29 12:30:60",
    "2024-02-29 24:00:00",
    "2024-02-29 12:30:45Z",
    "2024-02-29T12:30:45.123Z",
    "2024-02-29T12:30:45.1234Z",
    "2024-02-29T12:30:45+00:00",
    "2024-02-29T12:30:45.120000+00:00",
    "2024-12-31 23:59:59",
    "9999-12-31",
    "9999-12-31 23:59:59",
    "9999-12-31 23:59:59.9999",
    "9999-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999999+00:00",
    "9999-12-32",
    "0000-00-00",
    "0001-01-01",
    "0001-01-01 00:00:00",
    " 2024-01-01",
    "abc",
    "日本",
    "2024-02-2\uff19",
    "2024/02/29",
    "-1",
    "1e3",
    "\U0010ffff",
]


@pytest.mark.parametrize("shape", [s for s in SHAPES if keeps_order(s)], ids=str)
def test_the_first_moment_divides_the_moments_as_the_text_divides_the_texts(
    postgres: psycopg.Connection[Any], shape: Shape
) -> None:
    dice = Random(str(shape))
    oracle = apsw.Connection(":memory:")
    texts = [*ODD, *(day(dice) + dice.choice(["", "x"]) for _ in range(20))]
    texts += [spelled(_moment(dice, 1, 9999), dice.choice(SHAPES)) for _ in range(60)]
    unit = _unit(shape)
    for text in texts:
        first, after, equal = (
            _moment_of(postgres, helper, text, shape)
            for helper in ("first_moment", "first_moment_after", "spelled_moment")
        )
        near = {_moment(dice, 1, 9999) for _ in range(5)} | {datetime.max}
        for middle in filter(None, (first, after, equal)):
            near |= {middle, *([middle - unit] if middle > datetime.min else [])}
            near |= {middle + unit} if middle < datetime.max - unit else set()
        for moment in {_cut(each, shape) for each in near}:
            written = spelled(moment, shape)
            ((at_least, above, same_text),) = oracle.execute(
                "SELECT ?1 >= ?2, ?1 > ?2, ?1 = ?2", (written, text)
            )
            assert bool(at_least) is (first is not None and moment >= first), (text, written, first)
            assert bool(above) is (after is not None and moment >= after), (text, written, after)
            assert bool(same_text) is (moment == equal), (text, written, equal)


def test_a_text_of_a_shape_that_does_not_sort_is_found(postgres: psycopg.Connection[Any]) -> None:
    shape = Shape("YYYY-MM-DDTHH:MM:SS[.ffffff]Z")
    for text in ("2024-02-29T12:30:45Z", "2024-02-29T12:30:45.500000Z"):
        assert _moment_of(postgres, "spelled_moment", text, shape) is not None
    for text in ("2024-02-29T12:30:45.5Z", "2024-02-29T12:30:45", "2024-02-29T12:30:45.000000Z"):
        assert _moment_of(postgres, "spelled_moment", text, shape) is None


def _moment_of(
    postgres: psycopg.Connection[Any], helper: str, text: str, shape: Shape
) -> datetime | None:
    """What a helper gives; ``None`` for infinity, which psycopg can't load."""
    found = postgres.execute(
        f"SELECT NULLIF(outgrow.{helper}(%s, %s), 'infinity')",
        (text, str(shape)),
    ).fetchone()
    assert found is not None
    moment: datetime | None = found[0]
    return moment


def _unit(shape: Shape) -> timedelta:
    if not shape.separator:
        return timedelta(days=1)
    if not shape.has_seconds:
        return timedelta(minutes=1)
    return (
        timedelta(microseconds=10 ** (6 - shape.fraction))
        if shape.fraction
        else timedelta(seconds=1)
    )


def _cut(moment: datetime, shape: Shape) -> datetime:
    """The moment that a column of the shape would hold."""
    unit = _unit(shape)
    return moment - (moment - datetime.min) % unit
