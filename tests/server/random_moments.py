"""Random time values, modifiers and formats: those that SQLite reads, and some that it does not."""

from __future__ import annotations

from random import Random

LETTERS = [f"%{letter}" for letter in "dfFHjmMsSTwWYkIlpPReuUGgVJ%"]
_UNITS = ("second", "minute", "hour", "day", "month", "year")
_NUMBERS = (
    "0 0.0 1 13 -0 1.5 0.25 .5 12. 30 31 28 400 1e2 1e-2 0.0005 100000 999999999 5373484 14712 "
    "7e12 1e999"
).split()
_DAYS = (
    "2460000.5",
    " 2460000.5 ",
    "5373484.5",
    "5373484.49999999",
    "-1",
    "0",
    "+5",
    "1e3",
    ".5",
    "5.",
    "1e400",
    "-1e400",
    "1e-400",
    "253402300799",
    "253402300800",
    "253402300799.9995",
    "-210866760000",
    "-210866760001",
    "5373483",
)
_ODD = (
    "",
    "abc",
    " 2024-01-01",
    "12345-01-01",
    "2024-13-01",
    "2024-00-10",
    "2024-01-00",
    "2024-1-1",
    "2024-01-32",
    "٢٠٢٤-01-01",
    "2024-01-01x",
    "24",
    "1:00",
    "2024-01-01 1:00",
    "2024-01-01 10",
    "-4713-11-24 12:00",
    "-4713-11-24 11:59:59.999",
    "-4713-01-01",
    "-5000-01-01",
    "9999-12-31 23:59:59.9999",
)


def clock(dice: Random) -> str:
    """A time of the day."""
    if dice.random() < 0.05:
        return dice.choice(["24:00", "24:00:00", "24:00:00.0", "24:00:01", "24:01", "25:00"])
    written = f"{dice.randint(0, 23):02}:{dice.randint(0, 59):02}"
    if dice.random() < 0.75:
        digits = "".join(dice.choice("0123456789") for _ in range(dice.randint(1, 9)))
        fractions = ["", "", "", ".5", ".123", ".9994", ".9995", ".", f".{digits}"]
        written += f":{dice.choice([0, 59, dice.randint(0, 60)]):02}{dice.choice(fractions)}"
    return written


def day(dice: Random) -> str:
    """A date, whether the month has that day or not."""
    recent = dice.randint(1950, 2050)
    year = dice.choice([0, 1, 1582, 1900, 2000, 2023, 2024, 9999, dice.randint(0, 9999), recent])
    number = dice.choice([dice.randint(1, 31), 31, 30, 29, 28, 1])
    sign = "-" if dice.random() < 0.06 else ""
    return f"{sign}{year:04}-{dice.randint(1, 12):02}-{number:02}"


def zone(dice: Random) -> str:
    """What may follow a time of the day."""
    odd = ["Z", "z", " Z", "+00:00", "-00:00", "-05:30", "+14:00", "+15:00", " ", "\t+01:00 "]
    return dice.choice(["", "", "", "", *odd])


def time_value(dice: Random) -> str:
    """The first argument of a date function, as a text."""
    way = dice.random()
    if way < 0.55:
        return day(dice) + dice.choice([" ", "T", "  ", "", "T ", "\n"]) + clock(dice) + zone(dice)
    if way < 0.7:
        return day(dice) + dice.choice(["", "", "T", " "])
    if way < 0.8:
        return clock(dice) + zone(dice)
    if way < 0.93:
        whole, real = dice.randint(-(10**9), 4 * 10**9), dice.uniform(0, 5373485)
        return dice.choice([str(whole), repr(real), repr(dice.uniform(-3e11, 3e11)), *_DAYS])
    return dice.choice(_ODD)


def modifier(dice: Random) -> str:
    """A modifier, or something like it."""
    sign, unit = dice.choice("+-"), dice.choice(_UNITS) + dice.choice(["s", "", "S"])
    number, space = dice.choice(_NUMBERS), dice.choice([" ", " ", "  ", "\t", ""])
    edge = (
        f"{dice.choice(['start', 'END', 'end'])} of {dice.choice(['day', 'Month', 'year', 'week'])}"
    )
    weekday = dice.choice("0 1 2 3 4 5 6 7 3.0 -0 -1 -3 -6 -7 -2e0 --1 x 6.5".split())
    years = f"{dice.choice([0, 0, 1, 4, 100, 9999, 14712, 14713]):0{dice.choice([4, 4, 5])}}"
    shift = f"{years}-{dice.randint(0, 12):02}-{dice.randint(0, 31):02}"
    return dice.choice(
        [
            f"{sign}{number}{space}{unit}",
            f"{number} {unit}",
            f"{sign}{dice.randint(0, 40)} {unit}",
            f"{sign}{dice.randint(0, 40)} {dice.choice(['months', 'years', 'days'])}",
            edge,
            f"weekday {weekday}",
            dice.choice(["+", "-", ""]) + clock(dice) + dice.choice(["", "", "", "Z", "-14:00"]),
            f"{sign}{shift}{dice.choice(['', '', f' {clock(dice)}', 'x', ' 1:00'])}",
            dice.choice(["floor", "ceiling", "Floor", "CEILING"]),
            dice.choice(["auto", "unixepoch", "julianday", "subsec", "SubSecond"]),
            dice.choice(["bad", "", " +1 day", "+1 day ", "1", "+ 5 days", "1 dayss", ".5 days"]),
        ]
    )


def modifiers(dice: Random) -> list[str]:
    """None to three of them."""
    return [modifier(dice) for _ in range(dice.choice([0, 0, 0, 1, 1, 1, 2, 2, 3]))]


def format_text(dice: Random) -> str:
    """A format of strftime()."""
    common = ["%Y-%m-%d %H:%M:%f", "%Y-%m", "%s", "%J", "%Y-%m-%dT%H:%M:%SZ", '%H "h"', "%d\\%m"]
    if dice.random() < 0.5:
        return dice.choice([*common, "%", "", "x%%é%H%", "%D", "%H%q", "plain"])
    return "|".join(dice.sample(LETTERS, dice.choice([1, 2, 6, 20])))
