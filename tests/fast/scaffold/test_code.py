"""What is counted in a project's own code: by hand, against grep, and over made-up modules."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.scaffold.code import Code, Kind, read_code

EXAMPLE = Path(__file__).parents[3] / "examples" / "tac-webbuilder"


def counted(root: Path, **files: str) -> Code:
    """Read a project of these modules."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_code(root)


def seen(code: Code, *kinds: Kind) -> list[tuple[int, str]]:
    return [(each.line, each.what) for each in code.of(*kinds)]


@pytest.mark.parametrize(
    "opening",
    [
        "import sqlite3\ndb = sqlite3.connect('a.db')",
        "import sqlite3 as s\ndb = s.connect('a.db')",
        "from sqlite3 import connect\ndb = connect('a.db')",
        "from sqlite3 import connect as c\ndb = c('a.db')",
        "from sqlite3 import *\ndb = connect('a.db')",
        "from sqlite3 import dbapi2 as d\ndb = d.connect('a.db')",
        "import sqlite3\nopened = sqlite3.connect\n\ndb = opened('a.db')",
        "import sqlite3\nfrom functools import partial\nmake = partial(sqlite3.connect, 'a.db')",
        "import sqlite3\ndb = sqlite3.Connection('a.db')",
        "try:\n    import pysqlite3 as sqlite3\nexcept ImportError:\n    import sqlite3\n"
        "db = sqlite3.connect('a.db')",
        "import aiosqlite\nasync def f():\n    async with aiosqlite.connect('a.db'): pass",
        "import sqlalchemy as sa\nengine = sa.create_engine(f'sqlite:///{path}')",
    ],
)
def test_every_way_to_open_a_file(tmp_path: Path, opening: str) -> None:
    assert len(counted(tmp_path, app=opening).of(Kind.OPENING)) == 1


@pytest.mark.parametrize(
    "nothing",
    [
        "import sqlite3\ndb = sqlite3.connect(':memory:')",
        "import sqlite3\ndef f(db: sqlite3.Connection) -> sqlite3.Connection: return db",
        "import sqlite3\nisinstance(db, sqlite3.Connection)",
        "import socket\nsocket.socket().connect(('a', 1))",
        "from sqlalchemy import create_engine\nengine = create_engine('postgresql://a/b')",
        "'''Call sqlite3.connect('a.db') or get_connection().'''",
    ],
)
def test_what_opens_no_file(tmp_path: Path, nothing: str) -> None:
    assert counted(tmp_path, app=nothing).of(Kind.OPENING, Kind.CONNECTION) == ()


HELPER = """\
import sqlite3
from contextlib import closing, contextmanager

@contextmanager
def opened(path="app.db"):
    with closing(sqlite3.connect(path)) as db:
        yield db

def ready():
    db = sqlite3.connect("app.db")
    db.row_factory = sqlite3.Row
    return db

class Store:
    def __init__(self):
        self.db = sqlite3.connect("app.db")

def main():
    db = sqlite3.connect("app.db")
    return db.execute("SELECT 1").fetchone()
"""
CALLS = """\
from core.db import opened, ready
from core import db
from core.db import Store
from . import other

with opened() as connection:
    connection.execute("SELECT 1")
kept = ready()
ready().execute("SELECT 1")
with db.opened() as connection:
    pass
store = Store()
other.get_connection()
other.opened()
main()

def wrapped():
    return ready()

with wrapped():
    pass
"""


def test_helpers_are_found_and_followed(tmp_path: Path) -> None:
    code = counted(tmp_path, core__db=HELPER, app__views=CALLS)
    assert [(str(each.path), each.line, each.name) for each in code.helpers] == [
        ("core/db.py", 5, "opened"),
        ("core/db.py", 9, "ready"),
        ("core/db.py", 15, "Store.__init__"),
    ]
    calls = [(each.line, each.what) for each in code.of(Kind.CONNECTION)]
    assert calls == [
        (6, "opened"),
        (8, "ready"),
        (9, "ready"),
        (10, "opened"),
        (12, "Store"),
        (13, "get_connection"),
        (18, "ready"),
        (20, "wrapped"),
    ]
    assert [each.line for each in code.bare] == [8, 9, 12]
    # The one that opens the file for itself alone is told.
    assert [(each.line, each.function) for each in code.direct] == [(19, "main")]


SQL = '''\
"""SELECT ? is not SQL in a docstring."""
import re

NAMES = "id, name"
INSERT = """
    INSERT INTO song (name, added) VALUES (?, ?) -- not this ?
    ON CONFLICT (name) DO UPDATE SET note = 'why?', added = datetime('now')
"""

def songs(db, name, ids):
    """Songs; ?"""
    sql = f"SELECT {NAMES} FROM song WHERE 1"
    values = ["what?"]
    if name:
        sql += " AND name LIKE :name"
    where = ["year = ?"]
    where.append("added > date('now', '-' || ? || ' days')")
    marks = ", ".join("?" * len(ids))
    db.execute(sql + " AND " + " AND ".join(where) + f" AND id IN ({marks})", values)
    db.execute("PRAGMA table_info(song)")
    db.execute("select count(*) from sqlite_master where name = %s" % name)
    db.execute("select {} from song where id = ?1".format(NAMES), [1])
    db.execute("SELECT 7 % s, %s, %(name)s FROM song")
    requests.get("http://localhost/api?name=?")
    print("Really delete?", "Select one?", "a date (of birth)", re.compile("key=?"))
    assert str(db) == "SELECT ?"
    log.info("%s songs of %s", 1, name)
    return "created_at >= CURRENT_TIMESTAMP"
'''


def test_sql_is_told_from_other_strings(tmp_path: Path) -> None:
    code = counted(tmp_path, songs=SQL)
    assert seen(code, Kind.PLACEHOLDER) == [
        (5, "?"),
        (5, "?"),
        (15, ":name"),
        (16, "?"),
        (17, "?"),
        (18, "?"),
        (22, "?1"),
        (23, "%s"),
        (23, "%(name)s"),
    ]
    assert seen(code, Kind.DATE) == [(5, "datetime("), (17, "date("), (28, "CURRENT_TIMESTAMP")]
    assert seen(code, Kind.CATALOG) == [(20, "PRAGMA table_info"), (21, "sqlite_master")]
    assert seen(code, Kind.BUILT) == [
        (12, "f-string"),
        (19, "+"),
        (21, "%"),
        (22, "format"),
    ]


def test_only_the_projects_own_code_is_read(tmp_path: Path) -> None:
    line = "db.execute('SELECT ?')"
    for folder in (".git", "node_modules/a", "vendor", "env", "lib/site-packages", "build", "made"):
        counted(tmp_path / folder, app=line)
    (tmp_path / "pythons").mkdir()
    (tmp_path / "pythons" / "pyvenv.cfg").touch()
    counted(tmp_path / "pythons", app=line)
    (tmp_path / "linked").symlink_to(tmp_path / "vendor")
    (tmp_path / "linked.py").symlink_to(tmp_path / "vendor" / "app.py")
    counted(tmp_path / "with spaces", app=line)
    code = read_code(tmp_path, [PurePosixPath("made")])
    assert [each.place for each in code.sightings] == ["with spaces/app.py:1"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"print 'old'", "line 1: "),
        (b"x = 1\0", "null bytes"),
        (b"# coding: latin-9000\n", "latin-9000"),
        (b"s = '\xff'", "utf-8"),
        (b"x = " + b"-" * 100_000 + b"1", ""),
        (b"s = " + b" + ".join([b"f(s) + 'a'"] * 5_000), ""),
    ],
)
def test_a_file_that_does_not_parse_is_named(tmp_path: Path, source: bytes, reason: str) -> None:
    (tmp_path / "bad.py").write_bytes(source)
    (tmp_path / "good.py").write_text("db.execute('SELECT ?')\nx = '\\d'\n")
    code = read_code(tmp_path)
    assert code.files == 1
    assert len(code.of(Kind.PLACEHOLDER)) == 1
    (skipped,) = code.skipped
    assert str(skipped.path) == "bad.py"
    assert skipped.reason
    assert reason in skipped.reason


def test_the_example_as_grep_counts_it() -> None:
    """All its question marks in the application are placeholders, and these four have names."""
    code = read_code(EXAMPLE, [PurePosixPath("app/server/database"), PurePosixPath("migration")])
    server = EXAMPLE / "app" / "server"
    for path in [*server.glob("routes/*.py"), *server.glob("core/*.py"), server / "server.py"]:
        text = path.read_text(encoding="utf-8")
        counts = code.by_file.get(PurePosixPath(path.relative_to(EXAMPLE).as_posix()), Counter())
        named = len(re.findall(r"\(:call|, :\w+", text)) if path.name == "tools.py" else 0
        assert counts[Kind.PLACEHOLDER] == text.count("?") + named, path
        assert counts[Kind.CONNECTION] == len(re.findall(r"(?<!def )get_connection\(", text)), path
        dates = len(re.findall(r"datetime\('|(?i:\bdate)\(|strftime\(|CURRENT_TIMESTAMP", text))
        assert counts[Kind.DATE] == dates, path
    assert code.skipped == ()
    assert [each.place for each in code.of(Kind.OPENING)] == ["before/connection.py:19"]
    assert [f"{each.path}:{each.name}" for each in code.helpers] == [
        "before/connection.py:get_connection"
    ]
    assert code.direct == code.bare == ()


#: Pieces of SQL, each with the number of its parameters.
_CONDITIONS = st.lists(
    st.sampled_from([("a = ?", 1), ("b IN (?, ?)", 2), ("c = 'why?'", 0), ("d = :d", 1)]),
    max_size=4,
)
#: Ways in which a program comes to a statement.
_WAYS = [
    "db.execute({whole!r})",
    "db.execute('SELECT 1 WHERE ' {pieces})",
    "sql = 'SELECT 1 WHERE '\nsql += {whole!r}\ndb.executemany(sql, rows)",
    "db.execute(f'SELECT {{x}} WHERE ' + {whole!r})",
    "STATEMENT = 'SELECT 1 WHERE ' {pieces}",
    "parts = []\nparts.append({whole!r})\ndb.execute(' AND '.join(parts))",
    "for sql in [{whole!r}]:\n    db.execute(sql)",
    "db.execute('SELECT 1 WHERE ' + ({whole!r} if '?' in x else ''))",
]
_DECOYS = ["'''why = ?'''", "print('is it?')", "x = y == 'a = ?'", "url = f'http://{h}/?a=?'", ""]


@given(st.lists(st.tuples(st.sampled_from(_WAYS), _CONDITIONS, st.sampled_from(_DECOYS))))
def test_parameters_are_counted_wherever_the_statement_comes_from(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[tuple[str, list[tuple[str, int]], str]],
) -> None:
    lines = []
    for place, (way, conditions, decoy) in enumerate(parts):
        whole = " AND ".join(text for text, _ in conditions)
        pieces = " ".join(repr(f"{text} AND ") for text, _ in conditions)
        body = f"{decoy}\n{way.format(whole=whole, pieces=pieces)}".replace("\n", "\n    ")
        lines.append(f"def f{place}(db, x, y, h, rows):\n    {body}\n")
    root = tmp_path_factory.mktemp("project")
    code = counted(root, app="\n".join(lines))
    expected = sum(number for _, conditions, _ in parts for _, number in conditions)
    assert code.skipped == ()
    assert len(code.of(Kind.PLACEHOLDER)) == expected


def test_texts_that_are_no_unicode_are_passed_by(tmp_path: Path) -> None:
    code = counted(
        tmp_path, app="x = 'select \\ud800 from ?'\ny = 'select a\\0 from t where b = ?'"
    )
    assert code.sightings == code.skipped == ()
