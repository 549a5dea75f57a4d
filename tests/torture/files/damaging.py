"""Small files of every kind that SQLite makes, and damage done to their bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

#: A database and what stands beside it, by the end of its name.
Bytes = dict[str, bytes]

_PAGE = 512
_HEADER = 100
_BESIDE = ("", "-wal", "-journal")

#: Storage classes, an index, a view, a trigger, texts longer than a page, pages that are free.
_CLASSES = """
CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT NOT NULL, b BLOB, r REAL, n, at TEXT);
CREATE INDEX a_t ON a (t, r DESC);
CREATE VIEW v AS SELECT id, upper(t) AS t FROM a WHERE r > 1;
CREATE TRIGGER g AFTER DELETE ON a BEGIN INSERT INTO a (t) VALUES (old.t || '!'); END;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
INSERT INTO a SELECT i, 'name ' || i, zeroblob(i * 20), i / 4.0,
 CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN i WHEN 2 THEN 'text' ELSE x'00ff' END,
 '2024-01-01 10:00:' || printf('%02d', i) FROM n;
CREATE TABLE gone AS SELECT randomblob(3000);
DROP TABLE gone;
"""
#: Keys without rowids, references, counters, computed columns.
_KEYS = """
CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE UNIQUE);
CREATE TABLE w (k TEXT, p INTEGER REFERENCES p (id) ON DELETE CASCADE, v TEXT DEFAULT 'none',
 twice AS (p * 2) STORED, PRIMARY KEY (k, p)) WITHOUT ROWID;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
INSERT INTO p SELECT i, 'Name ' || i FROM n;
INSERT INTO w (k, p, v) SELECT printf('%040d', id), id, printf('%.*c', id * 9, 'v') FROM p;
"""
#: What needs pages that point to pages: five levels of trees, and what points back to them.
_DEEP = """
PRAGMA auto_vacuum = FULL;
CREATE TABLE d (x REAL, s TEXT);
CREATE INDEX d_x ON d (x);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
INSERT INTO d SELECT i * 1.1, 'some text of row ' || i FROM n;
"""
_SEARCH = """
CREATE TABLE s (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE f USING fts5(body, content = 's', content_rowid = 'id');
INSERT INTO s VALUES (1, 'one two'), (2, 'two three');
INSERT INTO f(rowid, body) SELECT id, body FROM s;
"""
_LATER = "UPDATE {t} SET {c} = {c} || ' later'; INSERT INTO {t} ({c}) VALUES ('last')"


def templates(folder: Path) -> dict[str, Bytes]:
    """Make files to damage, by what they are."""
    utf16 = f"PRAGMA encoding = 'UTF-16le'; {_CLASSES}"
    return {
        "classes": _made(folder, _CLASSES),
        "keys": _made(folder, _KEYS),
        "deep": _made(folder, _DEEP),
        "search": _made(folder, _SEARCH),
        "utf-16": _made(folder, utf16),
        "wal": _made(folder, _KEYS, "wal", _LATER.format(t="p", c="name")),
        "hot journal": _made(folder, _CLASSES, "delete", _LATER.format(t="a", c="t")),
    }


def _made(folder: Path, script: str, mode: str = "delete", later: str = "") -> Bytes:
    """Run a script; what is done later is in the WAL, or begun and never ended."""
    path = folder / "made.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(f"PRAGMA page_size = {_PAGE}; PRAGMA cache_size = 5; {script}")
        connection.execute(f"PRAGMA journal_mode = {mode}")
        if mode == "wal":
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.executescript(later)
        elif later:
            connection.execute("BEGIN")
            for statement in later.split("; "):
                connection.execute(statement)
            # The journal's header counts its pages once what was changed is written.
            connection.execute("CREATE TABLE spilled AS SELECT randomblob(9000)")
        taken = {end: Path(f"{path}{end}").read_bytes() for end in _BESIDE if _has(path, end)}
    for end in (*_BESIDE, "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    return taken


def _has(path: Path, end: str) -> bool:
    beside = Path(f"{path}{end}")
    return beside.exists() and beside.stat().st_size > 0


class _Pages:
    """Where things stand in a file (https://www.sqlite.org/fileformat2.html)."""

    def __init__(self, data: bytes) -> None:
        self.count = len(data) // _PAGE
        kinds = {
            number: data[number * _PAGE + (_HEADER if number == 0 else 0)]
            for number in range(self.count)
        }
        self.trees = [number for number, kind in kinds.items() if kind in (2, 5, 10, 13)]
        self.others = [number for number, kind in kinds.items() if number not in self.trees] or [0]
        self.free = int.from_bytes(data[32:36])

    def tree(self, random: Random) -> int:
        number = random.choice(self.trees)
        return number * _PAGE + (_HEADER if number == 0 else 0)


def damaged(template: Bytes, random: Random) -> tuple[str, Bytes]:
    """Damage a file in one way; gives its name, and the bytes."""
    files = {end: bytearray(data) for end, data in template.items()}
    ways = [*_WAYS]
    ways += [_beside, _beside_cut] * (len(files) > 1) * 3
    way = random.choice(ways)
    way(files, random)
    return way.__name__.strip("_"), {end: bytes(data) for end, data in files.items()}


_Files = dict[str, bytearray]


def _flip(data: bytearray, places: Iterator[int], random: Random) -> None:
    for place in places:
        if place < len(data):
            data[place] ^= random.choice((1 << random.randrange(8), random.randrange(1, 256)))


def _some(low: int, high: int, random: Random, most: int = 64) -> Iterator[int]:
    """Choose one to ``most`` places; few more often than many."""
    for _ in range(min(random.choice((1, 2, 4, 16, most)), most)):
        yield random.randrange(low, max(high, low + 1))


def _anywhere(files: _Files, random: Random) -> None:
    data = files[""]
    _flip(data, _some(_HEADER, len(data), random), random)


def _close(files: _Files, random: Random) -> None:
    """As where a sector went bad: all in one place."""
    data = files[""]
    start = random.randrange(len(data))
    _flip(data, _some(start, start + 64, random), random)


def _header(files: _Files, random: Random) -> None:
    _flip(files[""], _some(0, _HEADER, random, 4), random)


def _schema(files: _Files, random: Random) -> None:
    _flip(files[""], _some(_HEADER, _PAGE, random, 8), random)


def _of_trees(files: _Files, random: Random) -> None:
    """The head of a page, and where it says that its cells are."""
    data = files[""]
    at = _Pages(bytes(data)).tree(random)
    _flip(data, _some(at, at + random.choice((8, 12, 40)), random, 8), random)


def _of_chains(files: _Files, random: Random) -> None:
    """Which page follows on a page of a long value, or of what is free."""
    data = files[""]
    at = random.choice(_Pages(bytes(data)).others) * _PAGE
    data[at : at + 4] = random.choice(
        (random.randrange(_Pages(bytes(data)).count + 2), random.getrandbits(32))
    ).to_bytes(4)


def _of_free_pages(files: _Files, random: Random) -> None:
    data = files[""]
    free = _Pages(bytes(data)).free
    at = random.choice((32, 36, *((free - 1) * _PAGE + more for more in (0, 4, 8) if free)))
    data[at : at + 4] = random.randrange(len(data) // _PAGE + 3).to_bytes(4)


def _zeroed(files: _Files, random: Random) -> None:
    data = files[""]
    at = random.randrange(len(data) // _PAGE) * _PAGE
    data[at : at + _PAGE] = bytes(_PAGE)


def _swapped(files: _Files, random: Random) -> None:
    data = files[""]
    one, other = (random.randrange(len(data) // _PAGE) * _PAGE for _ in range(2))
    kept = data[one : one + _PAGE]
    data[one : one + _PAGE] = data[other : other + _PAGE]
    data[other : other + _PAGE] = kept


def _doubled(files: _Files, random: Random) -> None:
    data = files[""]
    one, other = (random.randrange(len(data) // _PAGE) * _PAGE for _ in range(2))
    data[one : one + _PAGE] = data[other : other + _PAGE]


def _cut(files: _Files, random: Random) -> None:
    data = files[""]
    pages = random.randrange(len(data) // _PAGE) * _PAGE
    del data[random.choice((pages, random.randrange(len(data)))) :]


def _longer(files: _Files, random: Random) -> None:
    files[""] += random.randbytes(random.choice((1, 100, _PAGE, 3 * _PAGE)))


def _beside(files: _Files, random: Random) -> None:
    """The WAL or the journal."""
    (end,) = {*files} - {""}
    _flip(files[end], _some(0, random.choice((32, len(files[end]))), random), random)


def _beside_cut(files: _Files, random: Random) -> None:
    (end,) = {*files} - {""}
    del files[end][random.randrange(len(files[end])) :]


_WAYS: tuple[Callable[[_Files, Random], None], ...] = (
    _anywhere,
    _anywhere,
    _anywhere,
    _close,
    _header,
    _schema,
    _of_trees,
    _of_trees,
    _of_chains,
    _of_free_pages,
    _zeroed,
    _swapped,
    _doubled,
    _cut,
    _longer,
)
