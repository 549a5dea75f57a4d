"""Random plan files: decisions that somebody may have meant, and all that can be wrong with one."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random
from typing import Any

from torture.shared.hostile import name as hostile

Document = dict[str, Any]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TYPES = (
    *("bigint", "boolean", "double precision", "numeric", "numeric(10,2)", "numeric(1000,1000)"),
    *("numeric(3)", "text", "bytea", "date", "timestamp", "json", "jsonb", "uuid", "BIGINT "),
)
_NO_TYPES = (
    "int",
    "numeric(0)",
    "numeric(1001,2)",
    "numeric(2,3)",
    "varchar(10)",
    "",
    "bigint; --",
)
_SHAPES = (
    *("YYYY-MM-DD HH:MM:SS", "YYYY-MM-DDTHH:MM:SS[.ffffff]", "YYYY-MM-DD", "epoch s", "epoch ms"),
    *("epoch us", "YYYY-MM-DD HH:MM:SSZ", "julian", "", "%s", "epoch"),
)
_KEYS = (
    *("policy", "source", "unite", "tables", "columns", "include", "name", "identity", "unique"),
    *("cascade", "prefer", "keep", "renumber", "apart", "type", "shape", "on_misfit", "follows"),
    *("provenance", "census", "file", "files", "__class__", "tabels", "Policy"),
)


class _Raw(str):
    """TOML as it is to be written."""

    __slots__ = ()


def plan_file(base: str, random: Random) -> bytes:
    """Change a plan file that outgrow wrote, in one to four ways."""
    if random.random() < 0.2:  # with its comments
        return _spoilt(base.encode(), random)
    document = tomllib.loads(base)
    ways = _MEANT if random.random() < 0.6 else _WRONG
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        random.choice(ways)(document, random)
    data = _written((), document).encode()
    return _spoilt(data, random) if random.random() < 0.15 else data


def _written(path: tuple[str, ...], table: Document) -> str:
    """Write a table and those below it; columns in a line each."""
    lines = [f"[{'.'.join(map(_key, path))}]"] if path else []
    below = {
        key: value for key, value in table.items() if isinstance(value, dict) and len(path) < 3
    }
    lines += [f"{_key(key)} = {_value(table[key])}" for key in table if key not in below]
    texts = ["\n".join(lines), *(_written((*path, key), value) for key, value in below.items())]
    return "\n".join(filter(None, texts)) + "\n"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: object) -> str:
    match value:
        case _Raw():
            return str(value)
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int():
            return str(value)
        case float():
            named = {math.inf: "inf", -math.inf: "-inf"}
            return "nan" if math.isnan(value) else named.get(value, repr(value))
        case date():
            return value.isoformat()
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case dict():
            pairs = (f"{_key(key)} = {_value(each)}" for key, each in value.items())
            return "{ " + ", ".join(pairs) + " }"
    raise AssertionError(value)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Give every key of a document, with what holds it."""
    found = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in list(found):
        yield value, key
        if isinstance(each, dict | list):
            yield from _places(each)


def _any_place(document: Document, random: Random) -> tuple[Any, Any] | None:
    return random.choice([*_places(document)] or [None])


def _table(document: Document, random: Random) -> Document:
    return _of(document.get("tables"), random)


def _column(document: Document, random: Random) -> Document:
    return _of(_table(document, random).get("columns"), random)


def _of(tables: object, random: Random) -> Document:
    """Choose a table of tables; one that belongs to nothing where there is none."""
    found = tables.values() if isinstance(tables, dict) else ()
    chosen = [each for each in found if isinstance(each, dict)]
    return random.choice(chosen) if chosen else {}


def _some_columns(table: Document, random: Random) -> list[str]:
    names = [*table.get("columns", {})] if isinstance(table.get("columns"), dict) else []
    return random.sample(names, min(len(names), random.choice((1, 1, 2))))


def _meant_type(document: Document, random: Random) -> None:
    column = _column(document, random)
    column["type"] = random.choice(_TYPES)
    if column["type"] != "timestamp":
        column.pop("shape", None)
    elif random.random() < 0.7:
        column["shape"] = random.choice(_SHAPES)
    if random.random() < 0.5:
        column["on_misfit"] = random.choice(("null", "null", "refuse"))


def _meant_name(document: Document, random: Random) -> None:
    random.choice((_table, _column))(document, random)["name"] = hostile(random)


def _meant_left_out(document: Document, random: Random) -> None:
    _table(document, random)["include"] = random.random() < 0.3


def _meant_identity(document: Document, random: Random) -> None:
    _table(document, random)["identity"] = random.choice(("identity", "serial"))


def _meant_groups(document: Document, random: Random) -> None:
    table = _table(document, random)
    groups = [_some_columns(table, random) for _ in range(random.choice((1, 1, 2)))]
    table[random.choice(("unique", "cascade"))] = groups


def _meant_policy(document: Document, random: Random) -> None:
    document["policy"] = random.choice(("native", "faithful", "eager"))


def _meant_to_settle(document: Document, random: Random) -> None:
    """What stands between files; alone, a file has nothing to settle."""
    table = _table(document, random)
    key, values = random.choice(
        (
            ("prefer", ("a.db", "b.db", "c.db")),
            ("keep", ("both", "one")),
            ("renumber", (True, False)),
            ("apart", (True, False)),
        )
    )
    table[key] = random.choice(values)
    if random.random() < 0.2:
        document["unite"] = {"provenance": hostile(random)}
    if random.random() < 0.2:
        parents = [*document.get("tables", {})] if isinstance(document.get("tables"), dict) else []
        _column(document, random)["follows"] = random.choice([*parents, "nobody"])


def _meant_otherwise(document: Document, random: Random) -> None:
    """Other data than the file was written for."""
    source = document.setdefault("source", {})
    if isinstance(source, dict):
        source["census"] = "0" * 16


def _wrong_value(document: Document, random: Random) -> None:
    place = _any_place(document, random)
    if place:
        place[0][place[1]] = _junk(random)


def _junk(random: Random) -> object:
    return random.choice(
        (
            0,
            -1,
            1 << 70,
            1.5,
            math.nan,
            math.inf,
            True,
            "",
            hostile(random),
            random.choice(_NO_TYPES),
            random.choice(_SHAPES),
            [],
            [[]],
            [[""]],
            [hostile(random)],
            [[hostile(random), 1]],
            {},
            {hostile(random): hostile(random)},
            {"columns": {"columns": {}}},
            date(2024, 1, 31),
            datetime(2024, 1, 31, 10, 0, 0),
            "x" * 1_000_000,
            # Lists of their own: what is changed in one must not be 20,000 times as long.
            [["x"] for _ in range(20_000)],
            _Raw("9" * 5_000),
            _Raw("[" * 30 + "]" * 30),
            _Raw("[" * 5_000 + "]" * 5_000),
            _Raw("{ a = " * 100 + "1" + " }" * 100),
            _Raw("0x" + "f" * 5_000),
            _Raw("1e9999"),
            _Raw("'''\n'; DROP TABLE canary.canary; --\n'''"),
        )
    )


def _wrong_key(document: Document, random: Random) -> None:
    place = _any_place(document, random)
    if place and isinstance(place[0], dict):
        key = place[1]
        other = random.choice(
            (hostile(random), random.choice(_KEYS), key.upper(), key[:-1] or "x", "k" * 100_000)
        )
        place[0][other] = place[0].pop(key)


def _without_key(document: Document, random: Random) -> None:
    place = _any_place(document, random)
    if place:
        del place[0][place[1]]


def _exchanged(document: Document, random: Random) -> None:
    one, other = _any_place(document, random), _any_place(document, random)
    # Into each other they would have no end.
    kinds = (str, bool, int, list)
    if one and other and all(isinstance(each[0][each[1]], kinds) for each in (one, other)):
        first, second = json.dumps(one[0][one[1]]), json.dumps(other[0][other[1]])
        one[0][one[1]], other[0][other[1]] = json.loads(second), json.loads(first)


def _unknown(document: Document, random: Random) -> None:
    tables = document.setdefault("tables", {})
    if isinstance(tables, dict):
        unknown = {"include": False, "columns": {hostile(random): {"type": "text"}}}
        tables[random.choice((hostile(random), "nobody"))] = unknown
    columns = _table(document, random).get("columns")
    if isinstance(columns, dict) and random.random() < 0.5:
        columns[hostile(random)] = {"type": "text"}


def _contradicting(document: Document, random: Random) -> None:
    _table(document, random).update({"prefer": "a.db", "keep": "both", "include": False})
    _column(document, random).update({"type": "text", "shape": "epoch s", "on_misfit": "null"})


Way = Callable[[Document, Random], None]

_MEANT: tuple[Way, ...] = (
    _meant_type,
    _meant_type,
    _meant_type,
    _meant_name,
    _meant_name,
    _meant_left_out,
    _meant_identity,
    _meant_groups,
    _meant_policy,
    _meant_to_settle,
    _meant_otherwise,
)
_WRONG: tuple[Way, ...] = (
    _wrong_value,
    _wrong_value,
    _wrong_value,
    _wrong_key,
    _without_key,
    _exchanged,
    _unknown,
    _contradicting,
)


def _spoilt(data: bytes, random: Random) -> bytes:
    """Change the bytes, whatever they say."""
    return random.choice(_SPOILERS)(data, random)


def _flipped(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 3, 16))):
        changed[random.randrange(len(changed))] = random.choice(
            (random.randrange(256), *b"\"'[]{}=.,#\n\\ \x00")
        )
    return bytes(changed)


def _shorter(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _lines(data: bytes, random: Random) -> bytes:
    """A line twice, gone, elsewhere."""
    lines = data.splitlines(keepends=True)
    taken = lines[random.randrange(len(lines))]
    way = random.randrange(3)
    if way:
        lines.remove(taken)
    if way < 2:
        lines.insert(random.randrange(len(lines) + 1), taken)
    return b"".join(lines)


def _inserted(data: bytes, random: Random) -> bytes:
    at = data.find(b"\n", random.randrange(len(data))) + 1
    more = random.choice(
        (
            b"\xff\xfe\n",
            b"\xed\xa0\x80 = 1\n",
            b"# \x00\n",
            b"a.b.c.d = 1\n",
            b".".join([b"a"] * 3_000) + b" = 1\n",
            b"x = " + b"[" * 100_000 + b"\n",
            b"[tables]\n",
            b"[[tables]]\n",
            b"[tables.canary]\n",
            b'"\\uD800" = 1\n',
            b"# '; DROP TABLE canary.canary; --\n",
            b"#| '; DROP TABLE canary.canary; --\r\n",
            b"\x0c\n",
        )
    )
    return data[:at] + more + data[at:]


def _of_windows(data: bytes, random: Random) -> bytes:
    return random.choice((b"", b"\xef\xbb\xbf")) + data.replace(b"\n", b"\r\n")


def _of_macs(data: bytes, random: Random) -> bytes:
    del random
    return data.replace(b"\n", b"\r")


def _encoded(data: bytes, random: Random) -> bytes:
    return data.decode().encode(random.choice(("utf-16", "utf-8-sig", "utf-32-be", "utf-7")))


_SPOILERS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flipped,
    _flipped,
    _flipped,
    _shorter,
    _lines,
    _lines,
    _inserted,
    _inserted,
    _of_windows,
    _of_macs,
    _encoded,
)
