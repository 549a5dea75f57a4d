"""Formats of strftime(): as a template of to_char, as the shape of a timestamp, piece by piece.

https://www.sqlite.org/lang_datefunc.html#strftime
"""

from __future__ import annotations

import re

from outgrow.model.types import Shape
from outgrow.postgres.identifiers import literal
from outgrow.translate.expressions.values import Rep

_TOKEN = re.compile(r"%(.?)|([^%]+)", re.DOTALL)
#: Each letter in to_char, where that prints the same for the years 1 to 9999.
_TEMPLATES = {
    "d": "DD",
    "f": "SS.MS",
    "F": "YYYY-MM-DD",
    "H": "HH24",
    "I": "HH12",
    "j": "DDD",
    "m": "MM",
    "M": "MI",
    "p": "AM",
    "P": "am",
    "R": "HH24:MI",
    "S": "SS",
    "T": "HH24:MI:SS",
    "u": "ID",
    "V": "IW",
    "Y": "YYYY",
}
_OTHERS = frozenset("eGgJklsUwW%")
#: Formats whose every text is an integer of at most 64 bits; only a year or an epoch has a sign.
_INTEGERS = re.compile(r"%s|%j|(?:%Y)?%j|%Y|(?:%Y)?(?:%[dHmMSwWuUI]){1,6}")
_LONG = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M"}
_SHAPED = re.compile(r"%Y-%m-%d(?:([ T])%H:%M(:%[Sf])?(Z|\+00:00)?)?")
_SECONDS = {"": "", ":%S": ":SS", ":%f": ":SS.fff"}
#: Immutable expressions, unlike to_char: an index can stand on them.
_PIECES = {
    "d": "lpad(extract(day FROM {0})::text, 2, '0')",
    "H": "left({0}::time::text, 2)",
    "j": "lpad(extract(doy FROM {0})::text, 3, '0')",
    "m": "lpad(extract(month FROM {0})::text, 2, '0')",
    "M": "substr({0}::time::text, 4, 2)",
    "R": "left({0}::time::text, 5)",
    "S": "substr({0}::time::text, 7, 2)",
    "T": "left({0}::time::text, 8)",
    "u": "extract(isodow FROM {0})::text",
    "V": "lpad(extract(week FROM {0})::text, 2, '0')",
    "w": "extract(dow FROM {0})::text",
    "Y": "lpad(extract(year FROM {0})::text, 4, '0')",
}
_MOST_PIECES = 3


def _tokens(form: str) -> list[tuple[str, str]]:
    """Letters and the texts between them."""
    return [(token[1] or "", token[2] or "") for token in _TOKEN.finditer(form)]


def is_known(form: str) -> bool:
    """Whether SQLite knows every letter: any other makes the result NULL."""
    return all(text or letter in _TEMPLATES or letter in _OTHERS for letter, text in _tokens(form))


def template(form: str) -> str:
    """The same format for to_char; '' where it has none."""
    written = ""
    for letter, text in _tokens(form):
        if letter in _TEMPLATES:
            written += _TEMPLATES[letter]
        elif letter not in ("", "%") or '"' in text or "\\" in text:
            return ""
        else:
            written += f'"{text or letter}"'
    return written


def shape(form: str) -> Shape | None:
    """The shape that every text of the format has, if it is one of a timestamp."""
    for short, long in _LONG.items():
        form = form.replace(short, long)
    match = _SHAPED.fullmatch(form)
    if match is None:
        return None
    separator, seconds, suffix = (part or "" for part in match.groups())
    clock = f"{separator}HH:MM{_SECONDS[seconds]}{suffix}" if separator else ""
    return Shape(f"YYYY-MM-DD{clock}")


def pieces(form: str, at: str) -> str:
    """Write a short format without to_char; '' where it is long or has no such letters."""
    tokens = _tokens(form)
    letters = [letter for letter, text in tokens if not text]
    if not letters or len(tokens) > _MOST_PIECES or not set(letters) <= set(_PIECES):
        return ""
    return " || ".join(
        literal(text) if text else _PIECES[letter].format(at) for letter, text in tokens
    )


def numeral(form: str) -> Rep | None:
    """The class of the number that every text of this format spells."""
    if _INTEGERS.fullmatch(form):
        return Rep.INTEGER
    return {"%f": Rep.REAL, "%J": Rep.DYNAMIC}.get(form)
