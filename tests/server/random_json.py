"""Random JSON, paths into it, and statements over columns of it."""

from __future__ import annotations

import json
from random import Random

_KEYS = ["a", "b", "c", "A", "a b", "", "x.y", "0", "é", "_k", "k9", '"q', "b\\", "[0]", "$"]
_SPELLED_KEYS = ['"\\u0061"', '"\\u00e9"', '"a\\/b"', '"\\n"']
_TEXTS = ["", "x", "abc", "[1]", '{"a":1}', "5", "é😀", 'a"b', "b\\s", "a\nb", "\t", "null", " s "]
_SPELLED_TEXTS = ['"\\u0041"', '"\\/"', '"\\ud83d\\ude00"', '"\\b\\f"']
#: Numbers that jsonb keeps in their class.
_NUMBERS = (
    "0 -0 1 -7 1.0 0.5 -2.50 9007199254740993 9223372036854775807 -9223372036854775808 "
    "9223372036854775808 12345678901234567890 0.1 3.141592653589793 123456789.123456789 -0.0 "
    "100000000000000000000.5 0.30000000000000004 1.5e-3 2e-5"
).split()
_WITH_EXPONENT = "1e2 1E+2 1e400 -1e400 1e15 1e17 1.7976931348623157e308 1e-400".split()
_BLANKS = ["", "", "", "", "", " ", "\n", "\t "]


def random_json(random: Random, *, plain: bool, depth: int = 0) -> str:
    """JSON text; ``plain`` is what jsonb keeps: no key twice, no real that is written 1e2."""
    kind = random.random()
    if depth > 3 or kind < 0.4:
        return _scalar(random, plain=plain)
    count = random.choice([0, 1, 1, 2, 3, 4])
    parts = [random_json(random, plain=plain, depth=depth + 1) for _ in range(count)]
    if kind < 0.75:
        keys = [_key(random, plain=plain) for _ in parts]
        if plain:
            keys = list(dict.fromkeys(keys))
        parts = [f"{key}{_blank(random)}:{part}" for key, part in zip(keys, parts, strict=False)]
    inside = ",".join(f"{_blank(random)}{part}{_blank(random)}" for part in parts)
    return f"{{{inside}}}" if kind < 0.75 else f"[{inside}]"


def _blank(random: Random) -> str:
    return random.choice(_BLANKS)


def _scalar(random: Random, *, plain: bool) -> str:
    match random.randrange(6):
        case 0:
            return random.choice(_NUMBERS if plain else _NUMBERS + _WITH_EXPONENT)
        case 1:
            return str(random.randrange(-5, 20))
        case 2:
            return random.choice(["true", "false", "null"])
        case 3:
            return repr(round(random.uniform(-10, 10), random.randrange(1, 17)))
        case 4:
            return random.choice(_SPELLED_TEXTS)
        case _:
            return json.dumps(random.choice(_TEXTS), ensure_ascii=random.random() < 0.5)


def _key(random: Random, *, plain: bool) -> str:
    if not plain and random.random() < 0.1:
        return random.choice(_SPELLED_KEYS)
    names = ["a", "b", "c"] if random.random() < 0.6 else _KEYS
    return json.dumps(random.choice(names), ensure_ascii=False)


_BLANKS5 = [*[""] * 8, " ", "\n", "/*c*/", "//x\n", "\u00a0", "\v", "/**/", "/* ' */"]
_VALUES5 = [
    *("1 +1 -1 .5 5. 5.e3 0x1F -0x1f +0xg Infinity -Infinity +inf NaN nan QNaN inf INF".split()),
    *("true false null True 01 - + . 1..2 -.5 +.5e1 0 -0 00 0x 1x _a abc 1e5 1E+5".split()),
    *("'a'", "'it\\'s'", '"a\\x41"', "'\\0'", "'\\01'", "'a\\\nb'", "'\\u00e9'", '"\t"', '"a\nb"'),
    *("'\\q'", '""', "''", "'\"'"),
]
_KEYS5 = [
    *("a _b $c é 'k' \"k\" \\u0061b a1 1a true inf NaN a-b x\\u00 Infinity if née".split()),
    *("a b", "\u00a0a"),
]
_PIECES = [
    *"{}[]\",:0123-+.eExXtrufalsn\\ '/*#_$",
    "\x01",
    "\t",
    "\n",
    "é",
    "true",
    "//",
    "/*",
    "*/",
]


def random_json5(random: Random, *, plain: bool, depth: int = 0) -> str:
    """JSON5, and what looks like it."""
    kind = random.random()
    if depth > 2 or kind < 0.5:
        return _blank5(random) + random.choice(_VALUES5) + _blank5(random)
    count = random.choice([0, 1, 2, 3])
    parts = [random_json5(random, plain=plain, depth=depth + 1) for _ in range(count)]
    if kind < 0.75:
        parts = [f"{_blank5(random)}{random.choice(_KEYS5)}{_blank5(random)}:{p}" for p in parts]
    inside = ",".join(parts) + random.choice(["", "", "", ","]) + _blank5(random)
    return f"{{{inside}}}" if kind < 0.75 else f"[{inside}]"


def _blank5(random: Random) -> str:
    return random.choice(_BLANKS5)


def mutated(random: Random, text: str) -> str:
    """The text with at most two changes."""
    letters = list(text)
    for _ in range(random.choice([0, 1, 1, 2])):
        at = random.randrange(len(letters) + 1)
        removed = random.choice([0, 1, 1])
        added = random.choice([[], [random.choice(_PIECES)]])
        letters[at : at + removed] = added
    return "".join(letters)


def random_path(random: Random, *, wrong: bool = True) -> str:
    """A path; if it may be ``wrong``, one in thirty is."""
    path = "$"
    for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3])):
        kind = random.random()
        if kind < 0.45:
            path += "." + random.choice("abc")
        elif kind < 0.55:
            path += "." + json.dumps(random.choice(_KEYS), ensure_ascii=False)
        elif kind < 0.6:
            path += random.choice(['."\\u0061"', ".a b", ".0", ".é", ".$", '.x"y'])
        elif kind < 0.9:
            path += f"[{random.choice([0, 0, 0, 1, 1, 2, 5])}]"
        else:
            path += random.choice(
                ["[#-1]", "[#-1]", "[#-2]", "[#]", "[#-0]", "[00]", "[99999999999]"]
            )
    if wrong and _one_in(random, 30):
        path += random.choice([".", "[", "[x]", "x", "[-1]", "..a", '."a'])
    return path


def _one_in(random: Random, count: int) -> bool:
    return random.randrange(count) == 0


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def random_statement(random: Random, column: str) -> str:
    """A SELECT over ``Docs(id, <column>, p, n)``; ``p`` is a column of paths."""
    path = "p" if _one_in(random, 8) else _quoted(random_path(random))
    other = _quoted(random_path(random))
    label = random.choice([*map(_quoted, [*_KEYS, "[0]", "[#-1]"]), "0", "1", "-1", "7", "n"])
    part = random.choice(["n", "'t'", "NULL", "1.5", "json('[1,{\"z\":2}]')", f"json({column})"])
    return "SELECT id, " + random.choice(
        [
            f"json_extract({column}, {path}) FROM Docs",
            f"json_extract({column}, {path}, {other}) FROM Docs",
            f"{column} -> {path}, {column} ->> {other} FROM Docs",
            f"{column} -> {label}, {column} ->> {label} FROM Docs",
            f"{column} -> {label} -> {other} FROM Docs",
            f"typeof({column} ->> {path}), json_type({column}, {path}) FROM Docs",
            f"json_array_length({column}, {path}), json_type({column}) FROM Docs",
            f"json_array(json_extract({column}, {path}), {column} -> {other}) FROM Docs",
            f"json_object('a', json_extract({column}, {path}), 'b', json({column})) FROM Docs",
            f"json_set({column}, {path}, {part}) FROM Docs",
            f"json_insert({column}, {path}, {part}, {other}, 2) FROM Docs",
            f"json_replace({column}, {path}, {part}) FROM Docs",
            f"json_array_insert({column}, {path}, {part}) FROM Docs",
            f"json_remove({column}, {path}) FROM Docs",
            f"json_patch({column}, json({column})), json_patch('[1]', {column}) FROM Docs",
            f"json({column}), json_pretty({column}), json_valid({column}) FROM Docs",
            f"json_array_length({column}) FROM Docs WHERE json_extract({column}, {path}) IS NULL",
            f"n FROM Docs WHERE json_extract({column}, {path}) = n",
            f"e.key, e.value, e.type, e.atom FROM Docs, json_each({column}, {path}) AS e",
            f"e.path, json_array(e.value) FROM Docs, json_each({column}) AS e",
            f"e.type, e.atom, e.value FROM Docs, json_tree({column}, {path}) AS e",
            f"(SELECT count(*) FROM json_tree({column})) FROM Docs",
        ]
    )


def random_text_statement(random: Random, column: str) -> str:
    """A SELECT whose result jsonb can't give: it needs the text itself."""
    path, other = _quoted(random_path(random)), _quoted(random_path(random))
    return "SELECT id, " + random.choice(
        [
            f"length(json({column})), hex({column} -> {path}) FROM Docs",
            f"n FROM Docs WHERE json_extract({column}, {path}) < json_extract({column}, {other})",
            f"json_extract({column}, {path}) AS v FROM Docs ORDER BY v, id",
            f"e.id, e.parent, e.fullkey, e.path, e.key FROM Docs, json_each({column}, {path}) AS e",
            f"e.id, e.parent, e.fullkey, e.path, e.key FROM Docs, json_tree({column}, {path}) AS e",
            f"CAST(json_extract({column}, {path}) AS TEXT) FROM Docs",
            f"json_extract({column}, {path}) || 'x', {column} ->> {other} COLLATE NOCASE FROM Docs",
            f"json_array({column}, {column} ->> {path}) FROM Docs",
        ]
    )
