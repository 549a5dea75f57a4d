"""INSERT, REPLACE, UPDATE and DELETE as applications write them, and nasty ones.

After each case every table is compared.
"""

from __future__ import annotations

from translate_sides import Table

from corpus import case
from outgrow.model.types import Kind, Shape, TargetType

STAMP = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))
PEOPLE = Table(
    "People",
    """CREATE TABLE People (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT COLLATE NOCASE UNIQUE,
        age INTEGER CHECK (age >= 0), city TEXT DEFAULT 'Berlin', score REAL DEFAULT 1.5,
        active INTEGER NOT NULL DEFAULT 1, joined TEXT DEFAULT '2020-01-01 00:00:00',
        boss_id INTEGER REFERENCES People(id))""",
    rows=[
        (1, "Ann", "Ann@example.com", 30, "Berlin", 2.5, 1, "2021-05-06 07:08:09", None),
        (2, "Bob", "bob@example.com", 0, None, -1.0, 0, None, 1),
        (3, "Zoë", None, None, "Köln", None, 1, "2022-02-28 23:59:59", 1),
        (7, "O'Hara", "", 99, "", 1e10, 1, "1999-12-31 00:00:00", 2),
    ],
    promoted={"active": TargetType(Kind.BOOLEAN), "joined": STAMP},
    rowid_alias="id",
    declared=True,
)
TAGS = Table(
    "tags",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, n INT)",
    rows=[(1, "red", 1), (2, "green", None), (5, "blue", 3)],
    rowid_alias="id",
    declared=True,
)
ITEM_TAGS = Table(
    "item_tags",
    """CREATE TABLE item_tags (item_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, note TEXT,
        PRIMARY KEY (item_id, tag_id))""",
    rows=[(1, 1, "a"), (1, 2, None), (2, 1, "c"), (3, 5, "d")],
    declared=True,
)
SETTINGS = Table(
    "settings",
    """CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value TEXT,
        changed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    rows=[("theme", "dark", 1), ("lang", None, 0), ("Theme", "x", 2)],
    declared=True,
)
KEYS = Table(
    "keys",
    """CREATE TABLE keys (id INTEGER PRIMARY KEY, a INTEGER UNIQUE, b TEXT UNIQUE,
        c INTEGER, d INTEGER NOT NULL DEFAULT 7, e TEXT DEFAULT 'new', UNIQUE (c, d))""",
    rows=[
        (1, 10, "x", 1, 1, "old"),
        (2, 20, "y", 1, 2, "old"),
        (3, None, None, None, 3, None),
        (4, 40, "z", 4, 4, "old"),
    ],
    rowid_alias="id",
    declared=True,
)
SLOTS = Table(
    "slots",
    """CREATE TABLE slots (id INTEGER PRIMARY KEY, room INT, day TEXT, active INT DEFAULT 1,
        who TEXT)""",
    rows=[
        (1, 1, "2024-01-01", 1, "a"),
        (2, 1, "2024-01-01", 0, "b"),
        (3, 2, "2024-01-01", 1, "c"),
        (4, 1, "2024-01-01", 0, "d"),
    ],
    rowid_alias="id",
    declared=True,
    indexes=("CREATE UNIQUE INDEX one_active ON slots (room, day) WHERE active = 1",),
)
DOCS = Table(
    "docs",
    """CREATE TABLE docs (id INTEGER PRIMARY KEY, title TEXT COLLATE NOCASE, body TEXT,
        made DATETIME, price DECIMAL(8,2), data BLOB, rate REAL, pages INTEGER,
        size INTEGER GENERATED ALWAYS AS (pages * 2) STORED,
        CHECK (price IS NULL OR price < 1000), CHECK (length(title) < 20))""",
    rows=[
        (1, "One", '{"a": 1}', "2024-01-02 03:04:05", 9.99, b"\x00\x01", 0.5, 3),
        (2, "two", None, None, 10, None, None, None),
        (3, None, "[]", "2024-06-30 00:00:00", 0.5, b"", -2.0, 0),
    ],
    promoted={
        "body": TargetType(Kind.JSON),
        "made": STAMP,
        "price": TargetType(Kind.NUMERIC, 8, 2),
    },
    rowid_alias="id",
    declared=True,
)
LOG = Table(
    "log",
    "CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT, n INTEGER)",
    rows=[(1, "start", 0)],
    rowid_alias="id",
    declared=True,
)
STOCK = Table(
    "stock",
    """CREATE TABLE stock (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, amount INTEGER
        NOT NULL DEFAULT 0, changed TEXT)""",
    rows=[(1, "nail", 100, None), (2, "screw", 5, "x")],
    rowid_alias="id",
    declared=True,
)
TABLES = [PEOPLE, TAGS, ITEM_TAGS, SETTINGS, KEYS, SLOTS, DOCS, LOG, STOCK]
VIEWS = [
    "CREATE VIEW adults AS SELECT id, name, city, age FROM People WHERE age >= 18",
    "CREATE VIEW plain AS SELECT key, value FROM settings",
]
TRIGGERS = [
    """CREATE TRIGGER stock_in AFTER INSERT ON stock BEGIN
        INSERT INTO log (what, n) VALUES ('in ' || NEW.name, NEW.amount); END""",
    """CREATE TRIGGER stock_change AFTER UPDATE OF amount ON stock
        WHEN OLD.amount <> NEW.amount BEGIN
        INSERT INTO log (what, n) VALUES (NEW.name, NEW.amount - OLD.amount); END""",
    """CREATE TRIGGER stock_out BEFORE DELETE ON stock BEGIN
        SELECT RAISE(ABORT, 'not empty') WHERE OLD.amount > 50;
        INSERT INTO log (what, n) VALUES ('out ' || OLD.name, OLD.amount); END""",
    """CREATE TRIGGER adults_in INSTEAD OF INSERT ON adults BEGIN
        INSERT INTO People (name, city, age) VALUES (NEW.name, NEW.city, coalesce(NEW.age, 18));
        END""",
    """CREATE TRIGGER adults_up INSTEAD OF UPDATE ON adults BEGIN
        UPDATE People SET name = NEW.name, city = NEW.city, age = NEW.age WHERE id = OLD.id;
        END""",
    """CREATE TRIGGER adults_out INSTEAD OF DELETE ON adults BEGIN
        UPDATE People SET active = 0 WHERE id = OLD.id; END""",
]

INSERTS = [
    case(("INSERT INTO People (name, age) VALUES (?, ?)", ("Cy", 41))),
    case(
        ("INSERT INTO People (name) VALUES (?)", ("Cy",)),
        "SELECT last_insert_rowid()",
        "SELECT * FROM People WHERE id = last_insert_rowid()",
    ),
    case(("INSERT INTO People VALUES (?,?,?,?,?,?,?,?,?)", (9, "N", "n@x", 1, "c", 2, 1, None, 1))),
    case(
        "INSERT INTO People VALUES (NULL, 'Nil', NULL, 1, NULL, NULL, 1, NULL, NULL)",
        "SELECT last_insert_rowid()",
    ),
    case(
        ("INSERT INTO People (id, name) VALUES (?, ?)", (None, "Auto")),
        "SELECT last_insert_rowid(), changes()",
    ),
    case(
        ("INSERT INTO People (id, name) VALUES (?, ?)", (100, "Far")),
        ("INSERT INTO People (name) VALUES (?)", ("Next",)),
        "SELECT last_insert_rowid()",
    ),
    case(
        ("INSERT INTO People (id, name) VALUES (?, ?)", (5, "Gap")),
        ("INSERT INTO People (name) VALUES (?)", ("Next",)),
        "SELECT last_insert_rowid()",
    ),
    case(
        "INSERT INTO People (id, name) VALUES (20, 'a'), (NULL, 'b'), (15, 'c'), (NULL, 'd')",
        "SELECT last_insert_rowid(), changes(), total_changes() > 0",
    ),
    case("INSERT INTO People (rowid, name) VALUES (50, 'by rowid')"),
    case(("INSERT INTO People (id, name) VALUES (?, ?)", ("12", "text id"))),
    case(("INSERT INTO People (id, name) VALUES (?, ?)", (13.0, "real id"))),
    case(("INSERT INTO People (id, name) VALUES (?, ?)", ("abc", "no id"))),
    case(("INSERT INTO People (id, name) VALUES (?, ?)", (1.5, "no id"))),
    case(("INSERT INTO People (id, name) VALUES (?, ?)", (1, "taken"))),
    case("INSERT INTO People (id, name) VALUES (-5, 'negative')"),
    case("INSERT INTO log DEFAULT VALUES", "SELECT * FROM log"),
    case("INSERT INTO tags DEFAULT VALUES"),
    case("INSERT INTO settings DEFAULT VALUES"),
    case("INSERT INTO People (age) VALUES (3)"),
    case("INSERT INTO People (name, age) VALUES ('x', -1)"),
    case("INSERT INTO People (name, email) VALUES ('x', 'ANN@EXAMPLE.COM')"),
    case("INSERT INTO People (name, email) VALUES ('x', NULL), ('y', NULL)"),
    case("INSERT INTO People (name, age) VALUES ('a', 1), ('b', -1)"),
    case("INSERT INTO People (name, nope) VALUES ('a', 1)"),
    case("INSERT INTO People (name, age) VALUES ('a')"),
    case("INSERT INTO nowhere VALUES (1)"),
    case("INSERT INTO tags (name, n) VALUES ('a', 1), ('b', NULL), ('c', 1 + 2 * 3)"),
    case(
        "INSERT INTO tags (id, name) VALUES (9, 'nine')",
        "DELETE FROM tags WHERE id = 9",
        "INSERT INTO tags (name) VALUES ('ten')",
        "SELECT last_insert_rowid()",
    ),
    case("INSERT INTO log (what, n) SELECT name, age FROM People WHERE age > 5 ORDER BY name"),
    case(
        "INSERT INTO log (what, n) "
        "SELECT upper(city), count(*) FROM People GROUP BY city ORDER BY city"
    ),
    case("INSERT INTO log SELECT id + 100, name, age FROM People", "SELECT changes()"),
    case("INSERT INTO log (n) SELECT n FROM log UNION ALL SELECT id FROM log"),
    case(("INSERT INTO log (what, n) SELECT ?, count(*) FROM tags WHERE n > ?", ("many", 0))),
    case("INSERT INTO log (what) VALUES ((SELECT max(name) FROM tags)), ((SELECT 'x'))"),
    case("INSERT INTO log (n) VALUES ((SELECT max(n) FROM log) + 1), ((SELECT max(n) FROM log))"),
    case("WITH c(a, b) AS (SELECT 'w', 5) INSERT INTO log (what, n) SELECT a, b FROM c"),
    case(
        "WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 5) "
        "INSERT INTO log (what, n) SELECT 'k' || i, i * i FROM k"
    ),
    case("WITH t AS (SELECT 3 AS n) INSERT INTO log (n) VALUES ((SELECT n FROM t))"),
    case("INSERT INTO docs (title, pages) VALUES ('gen', 21)"),
    case("INSERT INTO docs (title, size) VALUES ('gen', 21)"),
    case("INSERT INTO docs VALUES (9, 't', '1', NULL, 1, NULL, 1, 1)"),
    case("INSERT INTO docs (title) VALUES ('a title that is far too long')"),
    case("INSERT INTO main.log (what) VALUES ('main')"),
    case("INSERT INTO log AS l (what) VALUES ('alias') RETURNING l.what, what AS w"),
    case(
        ("INSERT INTO log (what, n) VALUES (:what, :n)", {"what": "named", "n": 4}),
        ("INSERT INTO log (what, n) VALUES (@what, $n)", {"what": "named", "n": 5}),
        ("INSERT INTO log (what, n) VALUES (?2, ?1)", (6, "numbered")),
        ("INSERT INTO log (what, n) VALUES (%s, %s)", ("format", 7)),
    ),
    case(("INSERT INTO log (what, n) VALUES (?1, ?1)", (5,))),
    case(("INSERT INTO log (what, n) VALUES ('100%', ?)", (1,))),
    case("INSERT INTO plain VALUES ('a', 'b')"),
]

CLASSES = [
    case(("INSERT INTO log (what, n) VALUES (?, ?)", (5, "12"))),
    case(("INSERT INTO log (what, n) VALUES (?, ?)", (2.5, 7.0))),
    case(("INSERT INTO log (what, n) VALUES (?, ?)", (None, " 8 "))),
    case(("INSERT INTO log (what, n) VALUES (?, ?)", (True, False))),
    case(("INSERT INTO log (what, n) VALUES (?, ?)", (1e20, "1e3"))),
    case(("INSERT INTO log (n) VALUES (?)", (9007199254740993,))),
    case(("INSERT INTO log (n) VALUES (?)", ("9223372036854775807",))),
    case(("INSERT INTO log (n) VALUES (?)", ("abc",)), loud="text in a bigint column"),
    case(("INSERT INTO log (n) VALUES (?)", (1.5,)), loud="a fraction in a bigint column"),
    case(("UPDATE log SET n = n / ?", (2,)), ("UPDATE log SET n = n * ?", (3.0,))),
    case(("UPDATE People SET score = ? WHERE id = 1", (3,))),
    case(("UPDATE People SET score = ? WHERE id = 1", ("4.25",))),
    case(("UPDATE People SET score = ? WHERE id = 1", ("4",))),
    case(("UPDATE People SET score = ?", ("x",)), loud="text in a double precision column"),
    case(("UPDATE People SET active = ? WHERE id = ?", (0, 1))),
    case(("UPDATE People SET active = ? WHERE id = ?", ("1", 2))),
    case(("UPDATE People SET active = ? WHERE id = ?", (True, 2))),
    case("UPDATE People SET active = NOT active"),
    case("UPDATE People SET active = age > 20 WHERE age IS NOT NULL"),
    case(
        ("UPDATE People SET joined = ? WHERE id = ?", ("2024-02-29 12:00:00", 1)),
        ("SELECT joined FROM People WHERE id = 1", ()),
    ),
    case(("UPDATE People SET joined = datetime('2024-01-31', '+1 month') WHERE id = 1", ())),
    case(("UPDATE People SET joined = NULL WHERE joined < ?", ("2021",))),
    case(("UPDATE docs SET price = ? WHERE id = 1", (12.25,))),
    case(("UPDATE docs SET price = ? WHERE id = 1", (12,))),
    case(("UPDATE docs SET price = ? WHERE id = 1", ("19.90",))),
    case("UPDATE docs SET price = price * 2"),
    case(("UPDATE docs SET price = price + ?", (0.25,))),
    case(("UPDATE docs SET body = ? WHERE id = 2", ('{"k": [1, 2, {"x": null}]}',))),
    case(("UPDATE docs SET data = ? WHERE id = 2", (b"\x00\xff\x27",))),
    case(("UPDATE docs SET data = ?", (None,))),
    case(("UPDATE docs SET made = ? WHERE id = 2", ("2030-12-31 23:59:59",))),
    case("UPDATE docs SET rate = pages, pages = pages + 1"),
    case("UPDATE docs SET rate = pages, pages = rate WHERE id = 3"),
    case(("INSERT INTO slots (room, who) VALUES (?, ?)", (9, "somebody"))),
    case(("INSERT INTO settings VALUES (?, ?, ?)", (1, 2.5, "3"))),
    case(("INSERT INTO settings VALUES (?, ?, ?)", ("nul", None, 3))),
]

CONFLICTS = [
    case(("INSERT OR IGNORE INTO tags (name) VALUES (?)", ("red",))),
    case(
        ("INSERT OR IGNORE INTO tags (name) VALUES (?)", ("pink",)),
        "SELECT last_insert_rowid(), changes()",
    ),
    case("INSERT OR IGNORE INTO tags (name) VALUES ('red'), ('new'), ('new'), (NULL), ('blue')"),
    case("INSERT OR IGNORE INTO tags (name, n) SELECT name, age FROM People"),
    case(("INSERT OR IGNORE INTO tags (id, name) VALUES (?, ?)", (1, "one"))),
    case(("INSERT OR IGNORE INTO tags (name) VALUES (?)", (None,))),
    case("INSERT OR IGNORE INTO tags (n) VALUES (1)"),
    case("INSERT OR IGNORE INTO People (name, age) VALUES ('a', -1), ('b', 1), ('c', NULL)"),
    case("INSERT OR IGNORE INTO People (name, email) VALUES ('a', 'BOB@example.com')"),
    case("INSERT OR IGNORE INTO docs (title, price) VALUES ('t', 5000), ('u', 1)"),
    case("INSERT OR IGNORE INTO docs (title) VALUES ('a title that is far too long'), ('ok')"),
    case("INSERT OR IGNORE INTO keys (a, b) VALUES (10, 'n'), (11, 'x'), (12, 'n'), (NULL, NULL)"),
    case("INSERT OR IGNORE INTO keys (c, d) VALUES (1, 1), (1, 9), (NULL, 1)"),
    case("INSERT OR IGNORE INTO keys (a, d) VALUES (77, NULL)"),
    case(
        "INSERT OR IGNORE INTO slots (room, day, active) VALUES (1, '2024-01-01', 1), (1, 'd', 0)"
    ),
    case("INSERT OR IGNORE INTO item_tags VALUES (1, 1, 'dup'), (9, 9, 'new')"),
    case("INSERT OR IGNORE INTO item_tags (item_id) VALUES (1)"),
    case("INSERT OR ABORT INTO tags (name) VALUES ('red')"),
    case("INSERT OR ABORT INTO tags (name) VALUES ('abort')"),
    case("INSERT OR FAIL INTO tags (name) VALUES ('fail')"),
    case("INSERT OR ROLLBACK INTO tags (name) VALUES ('rollback')"),
    case(("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", ("theme", "light"))),
    case(("REPLACE INTO settings (key, value) VALUES (?, ?)", ("font", "serif"))),
    case(("REPLACE INTO settings VALUES (?, ?, ?)", ("lang", "de", 4)), "SELECT changes()"),
    case("REPLACE INTO settings (key, value) VALUES ('theme', 'a'), ('theme', 'b'), ('n', NULL)"),
    case("REPLACE INTO settings (key, changed) VALUES ('theme', NULL)"),
    case("REPLACE INTO settings SELECT key || '2', value, changed FROM settings"),
    case("REPLACE INTO settings (key, value) SELECT name, city FROM People"),
    case(
        ("INSERT OR REPLACE INTO tags (name, n) VALUES (?, ?)", ("red", 9)),
        "SELECT last_insert_rowid(), changes()",
    ),
    case(("INSERT OR REPLACE INTO tags (id, name) VALUES (?, ?)", (2, "verde"))),
    case(("INSERT OR REPLACE INTO tags (id, name) VALUES (?, ?)", (2, "red"))),
    case("INSERT OR REPLACE INTO tags (id, name) VALUES (1, 'a'), (2, 'a'), (3, 'blue')"),
    case("INSERT OR REPLACE INTO tags (name) VALUES (NULL)"),
    case("INSERT OR REPLACE INTO keys (id, a, b) VALUES (9, 10, 'y')", "SELECT changes()"),
    case("INSERT OR REPLACE INTO keys (id, a, b, c, d) VALUES (1, 20, 'z', 9, 9)"),
    case("INSERT OR REPLACE INTO keys (a, b) VALUES (NULL, NULL)"),
    case("INSERT OR REPLACE INTO keys (c, d) VALUES (1, NULL)"),
    case("INSERT OR REPLACE INTO keys (c, d, a) VALUES (1, 1, 99)"),
    case("INSERT OR REPLACE INTO keys (a, b, c, d) VALUES (10, 'q', 1, 1), (10, 'y', 2, 2)"),
    case("INSERT OR REPLACE INTO keys (id, a) SELECT id + 1, a FROM keys WHERE id = 1"),
    case("REPLACE INTO People (id, name, email) VALUES (1, 'New', 'BOB@EXAMPLE.COM')"),
    case("REPLACE INTO People (name, email) VALUES ('New', 'BOB@EXAMPLE.COM')"),
    case("REPLACE INTO People (id, name, age) VALUES (3, 'New', -1)"),
    case("REPLACE INTO slots (room, day, active, who) VALUES (1, '2024-01-01', 1, 'new')"),
    case("REPLACE INTO slots (room, day, active, who) VALUES (1, '2024-01-01', 0, 'new')"),
    case("REPLACE INTO slots (id, room, day) VALUES (2, 2, '2024-01-01')"),
    case("REPLACE INTO item_tags VALUES (1, 1, 'again')"),
    case("REPLACE INTO item_tags (item_id, tag_id) VALUES (1, 1), (1, 9)"),
    case("REPLACE INTO docs (id, title, pages) VALUES (1, 'replaced', 8)"),
    case("REPLACE INTO log (what) VALUES ('x')", "SELECT last_insert_rowid()"),
    case("REPLACE INTO log (id, what) VALUES (1, 'y') RETURNING *"),
    case("REPLACE INTO tags (name) VALUES ('red'), ('c') RETURNING id, name"),
]

UPSERTS = [
    case(
        (
            "INSERT INTO settings (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            ("theme", "blue"),
        ),
        "SELECT changes()",
    ),
    case(
        (
            "INSERT INTO settings (key, value) VALUES (?, ?) "
            "ON CONFLICT(key) DO UPDATE SET value = excluded.value, changed = changed + 1",
            ("new", "blue"),
        )
    ),
    case(
        "INSERT INTO settings AS s (key, value) VALUES ('lang', 'a'), ('lang', 'b'), ('new', 'c') "
        "ON CONFLICT (key) DO UPDATE SET value = coalesce(s.value, '') || excluded.value, "
        "changed = s.changed + 1"
    ),
    case(
        "INSERT INTO settings (key, value) VALUES ('theme', NULL), ('lang', 'x') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE excluded.value IS NOT NULL"
    ),
    case("INSERT INTO settings (key) VALUES ('theme') ON CONFLICT DO NOTHING", "SELECT changes()"),
    case("INSERT INTO settings (key) VALUES ('theme') ON CONFLICT (key) DO NOTHING"),
    case("INSERT INTO settings (key, changed) VALUES ('theme', NULL) ON CONFLICT DO NOTHING"),
    case(
        "INSERT INTO settings SELECT key, 'copy', 9 FROM settings WHERE true "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value || settings.changed"
    ),
    case("INSERT INTO settings (key) VALUES ('t') ON CONFLICT (value) DO NOTHING"),
    case(
        "INSERT INTO settings (key) VALUES ('theme') "
        "ON CONFLICT DO UPDATE SET (value, changed) = ('row', 8)"
    ),
    case(
        "INSERT INTO settings (key) VALUES ('theme') ON CONFLICT (key) DO UPDATE SET "
        "(value, changed) = (SELECT name, n FROM tags WHERE id = 5)"
    ),
    case(
        "INSERT INTO settings (key, value) VALUES ('theme', 'r') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING key, value AS v, changed"
    ),
    case(
        "INSERT INTO settings (key) VALUES ('theme') "
        "ON CONFLICT (key) DO UPDATE SET value = 'r' WHERE changed > 5 RETURNING *"
    ),
    case(
        (
            "INSERT INTO tags (name, n) VALUES (?, 1) "
            "ON CONFLICT (name) DO UPDATE SET n = coalesce(n, 0) + excluded.n RETURNING id, n",
            ("green",),
        ),
        "SELECT last_insert_rowid()",
    ),
    case(
        "INSERT INTO tags (name) VALUES ('fresh') ON CONFLICT (name) DO UPDATE SET n = 1",
        "SELECT last_insert_rowid()",
    ),
    case(
        "INSERT INTO tags (name) VALUES ('a'), ('red') ON CONFLICT (name) DO UPDATE SET n = 50",
        "SELECT last_insert_rowid(), changes()",
    ),
    case("INSERT INTO tags (id, name) VALUES (1, 'blue') ON CONFLICT (id) DO UPDATE SET n = 3"),
    case(
        "INSERT INTO tags (id, name) VALUES (1, 'z') ON CONFLICT (rowid) DO UPDATE "
        "SET name = excluded.name || '!'"
    ),
    case("INSERT INTO tags (id, name) VALUES (8, 'blue') ON CONFLICT (id) DO UPDATE SET n = 3"),
    case("INSERT INTO tags (name) VALUES ('red') ON CONFLICT (name) DO UPDATE SET name = 'blue'"),
    case("INSERT INTO tags (name) VALUES ('red') ON CONFLICT (id) DO UPDATE SET n = 3"),
    case(
        "INSERT INTO tags (id, name) VALUES (1, 'red') ON CONFLICT (id) DO NOTHING "
        "ON CONFLICT (name) DO NOTHING"
    ),
    case(
        "INSERT INTO tags (name) VALUES ('red') ON CONFLICT (id) DO NOTHING "
        "ON CONFLICT (name) DO UPDATE SET n = 77"
    ),
    case(
        "INSERT INTO tags (id, name) VALUES (1, 'blue') ON CONFLICT (id) DO UPDATE SET n = 1 "
        "ON CONFLICT (name) DO UPDATE SET n = 2"
    ),
    case("INSERT INTO tags (id, name) VALUES (1, 'q') ON CONFLICT DO UPDATE SET n = 1"),
    case(
        "INSERT INTO tags (id, name) VALUES (7, 'blue'), (1, 'q'), (1, 'blue'), (8, 'new') "
        "ON CONFLICT (id) DO UPDATE SET n = excluded.id "
        "ON CONFLICT (name) DO UPDATE SET n = 2, name = excluded.name || tags.n "
        "RETURNING id, name, n",
        "SELECT last_insert_rowid(), changes()",
    ),
    case(
        "INSERT INTO tags (name, n) VALUES ('red', 7), ('gold', 8), ('gold', 9) "
        "ON CONFLICT (name) DO UPDATE SET n = excluded.n WHERE tags.n IS NOT NULL "
        "ON CONFLICT DO NOTHING",
        "SELECT last_insert_rowid(), changes()",
    ),
    case(
        "INSERT INTO keys (a, b) VALUES (10, 'y'), (11, 'x'), (12, 'w') "
        "ON CONFLICT (a) DO NOTHING ON CONFLICT (b) DO UPDATE SET e = excluded.e || excluded.a "
        "ON CONFLICT (c, d) DO NOTHING"
    ),
    case("INSERT INTO keys (a, b) VALUES (10, 'new') ON CONFLICT DO UPDATE SET e = excluded.b"),
    case("INSERT INTO keys (id, c, d) VALUES (9, 1, 2) ON CONFLICT DO UPDATE SET d = d + 10"),
    case(
        "INSERT INTO keys (a, b, c) VALUES (10, 'z', 9) ON CONFLICT (b) DO UPDATE SET c = a "
        "ON CONFLICT (a) DO UPDATE SET c = 8 RETURNING *"
    ),
    case(
        (
            "INSERT INTO People (name, email) VALUES (?, ?) "
            "ON CONFLICT (email) DO UPDATE SET name = excluded.name, email = excluded.email",
            ("Anne", "ANN@Example.com"),
        )
    ),
    case(
        "INSERT INTO People (name, email) VALUES ('A', 'ann@example.com') "
        "ON CONFLICT (email COLLATE NOCASE) DO UPDATE SET age = age + 1"
    ),
    case(
        "INSERT INTO People (name, email) VALUES ('A', 'ann@example.com') "
        "ON CONFLICT (email COLLATE BINARY) DO NOTHING"
    ),
    case("INSERT INTO People (name) VALUES ('A') ON CONFLICT (email) DO UPDATE SET name = 'never'"),
    case(
        "INSERT INTO item_tags VALUES (1, 2, 'up') "
        "ON CONFLICT (tag_id, item_id) DO UPDATE SET note = excluded.note || item_tags.item_id"
    ),
    case(
        "INSERT INTO slots (room, day, who) VALUES (1, '2024-01-01', 'up') "
        "ON CONFLICT (room, day) WHERE active = 1 DO UPDATE SET who = excluded.who"
    ),
    case(
        "INSERT INTO slots (room, day, active, who) VALUES (1, '2024-01-01', 0, 'up') "
        "ON CONFLICT (room, day) WHERE active = 1 DO UPDATE SET who = excluded.who"
    ),
    case("INSERT INTO slots (room, day) VALUES (1, 'x') ON CONFLICT (room, day) DO NOTHING"),
    case("INSERT INTO keys (c, d) VALUES (1, 2) ON CONFLICT (c, d) DO UPDATE SET e = 'up'"),
    case("INSERT INTO keys (a, b) VALUES (10, 'y') ON CONFLICT (a) DO UPDATE SET e = 'up'"),
    case("INSERT INTO keys (a, b) VALUES (10, 'y') ON CONFLICT (b) DO UPDATE SET a = excluded.a"),
    case("INSERT INTO keys (a, b) VALUES (10, 'y') ON CONFLICT DO NOTHING"),
    case(
        "INSERT INTO docs (id, title, pages) VALUES (1, 'gen', 50) "
        "ON CONFLICT (id) DO UPDATE SET pages = excluded.size, rate = size"
    ),
    case(
        "WITH c AS (SELECT 'theme' AS k) INSERT INTO settings (key) SELECT k FROM c WHERE true "
        "ON CONFLICT (key) DO UPDATE SET value = (SELECT k FROM c)"
    ),
]

UPDATES = [
    case(("UPDATE People SET name = ?, age = ? WHERE id = ?", ("Al", 5, 1)), "SELECT changes()"),
    case("UPDATE People SET age = age + 1", "SELECT changes()"),
    case("UPDATE People SET age = age - 1"),
    case("UPDATE People SET age = NULL, city = upper(city) WHERE city IS NOT NULL"),
    case("UPDATE People SET name = NULL WHERE id = 1"),
    case("UPDATE People SET name = name || '!' WHERE id IN (SELECT boss_id FROM People)"),
    case("UPDATE People SET boss_id = (SELECT max(id) FROM People)"),
    case("UPDATE People AS p SET city = (SELECT b.name FROM People b WHERE b.id = p.boss_id)"),
    case("UPDATE People SET age = (SELECT count(*) FROM People p2 WHERE p2.age < People.age)"),
    case("UPDATE People SET score = (SELECT count(*) FROM People p2 WHERE p2.age < People.age)"),
    case("UPDATE People SET (name, city) = ('row', age) WHERE id = 1"),
    case("UPDATE People SET (name, age) = (SELECT name, n FROM tags WHERE id = People.id)"),
    case("UPDATE People SET (city, score) = (SELECT 'c', 3) WHERE id = 2"),
    case("UPDATE People SET (name, age) = (SELECT 'x', 1, 2)"),
    case("UPDATE People SET city = 'a', city = 'b' WHERE id = 1"),
    case("UPDATE People SET nope = 1"),
    case("UPDATE docs SET size = 1"),
    case("UPDATE docs SET pages = size + 1 WHERE size > 0 RETURNING id, size, pages"),
    case("UPDATE tags SET name = 'red' WHERE id = 2"),
    case("UPDATE tags SET id = 50 WHERE id = 1", "INSERT INTO tags (name) VALUES ('next')"),
    case("UPDATE tags SET rowid = 60 WHERE rowid = 1", "SELECT id FROM tags WHERE name = 'red'"),
    case("UPDATE tags SET id = id + 100"),
    case("UPDATE tags SET name = name, n = n"),
    case("UPDATE item_tags SET tag_id = tag_id + 10, note = item_id || '/' || tag_id"),
    case("UPDATE main.tags SET n = 1 WHERE tags.id = 1"),
    case("UPDATE tags AS t SET n = t.id * 2 WHERE t.name LIKE '%e%'"),
    case("UPDATE tags SET n = s.changed FROM settings s WHERE s.key = 'theme' AND tags.id = 1"),
    case(
        "UPDATE tags SET n = c.k FROM (SELECT tag_id, count(*) AS k FROM item_tags "
        "GROUP BY tag_id) AS c WHERE c.tag_id = tags.id RETURNING *"
    ),
    case(
        "UPDATE tags SET n = p.age, name = name || p.name FROM item_tags i "
        "JOIN People p ON p.id = i.item_id WHERE i.tag_id = tags.id AND p.id = 3"
    ),
    case("UPDATE tags AS a SET n = b.id FROM tags AS b WHERE b.id = a.id + 1"),
    case("UPDATE tags SET n = 1 FROM tags WHERE true"),
    case("UPDATE People SET boss_id = x.id FROM (VALUES (1, 7), (7, 2)) AS x(b, id) WHERE 1 = 0"),
    case(
        "WITH m AS (SELECT max(id) AS top FROM People) "
        "UPDATE People SET boss_id = (SELECT top FROM m) WHERE boss_id IS NULL RETURNING boss_id"
    ),
    case(
        "UPDATE tags SET n = n + 1 WHERE n IS NOT NULL RETURNING id, n * 10, n AS now, name || 'x'"
    ),
    case("UPDATE tags SET n = 5 WHERE id = 1 RETURNING rowid, *"),
    case("UPDATE tags SET n = 5 WHERE id = 1 RETURNING (SELECT count(*) FROM People) AS c"),
    case("UPDATE tags SET n = 5 RETURNING (SELECT sum(n) FROM tags)"),
    case("UPDATE OR IGNORE tags SET name = 'red' WHERE id = 2", "SELECT changes()"),
    case("UPDATE OR IGNORE tags SET name = 'fresh' WHERE id = 2", "SELECT changes()"),
    case("UPDATE OR IGNORE tags SET name = NULL"),
    case("UPDATE OR IGNORE item_tags SET tag_id = 1 WHERE tag_id = 2"),
    case("UPDATE OR IGNORE item_tags SET tag_id = 5 WHERE tag_id = 1", "SELECT changes()"),
    case("UPDATE OR IGNORE People SET age = age - 50"),
    case("UPDATE OR IGNORE keys SET a = a + 1, d = NULL WHERE id < 3"),
    case("UPDATE OR IGNORE keys SET e = 'free'"),
    case("UPDATE OR REPLACE tags SET name = 'red' WHERE id = 2", "SELECT changes()"),
    case("UPDATE OR REPLACE keys SET a = 10, b = 'z' WHERE id = 2"),
    case("UPDATE OR REPLACE keys SET d = NULL WHERE id = 2"),
    case("UPDATE OR REPLACE item_tags SET tag_id = 1 WHERE tag_id = 2"),
    case("UPDATE OR ABORT tags SET name = 'red' WHERE id = 2"),
    case("UPDATE OR FAIL tags SET n = 1"),
    case("UPDATE tags SET n = 1 ORDER BY id LIMIT 1"),
    case(("UPDATE settings SET value = :v WHERE key = :k", {"k": "theme", "v": None})),
    case("UPDATE settings SET key = upper(key) WHERE key = 'lang'"),
    case("UPDATE plain SET value = 'x'"),
]

DELETES = [
    case(("DELETE FROM item_tags WHERE item_id = ?", (1,)), "SELECT changes()"),
    case("DELETE FROM item_tags", "SELECT changes(), count(*) FROM item_tags"),
    case("DELETE FROM item_tags WHERE item_id = (SELECT max(item_id) FROM item_tags)"),
    case(
        "DELETE FROM item_tags AS i WHERE EXISTS (SELECT 1 FROM item_tags j "
        "WHERE j.tag_id = i.tag_id AND j.item_id < i.item_id)"
    ),
    case("DELETE FROM log WHERE rowid = 1", "SELECT count(*) FROM log"),
    case("DELETE FROM tags WHERE n IS NULL RETURNING id, name"),
    case("DELETE FROM tags WHERE name = 'none' RETURNING *"),
    case("DELETE FROM tags RETURNING name || '?' AS q, n"),
    case(
        "WITH d AS (SELECT id FROM tags WHERE n > 1) "
        "DELETE FROM tags WHERE id IN (SELECT id FROM d)"
    ),
    case("DELETE FROM tags WHERE id NOT IN (SELECT tag_id FROM item_tags)"),
    case("DELETE FROM People WHERE email = 'ANN@EXAMPLE.COM' AND id > 1"),
    case("DELETE FROM settings WHERE key = 'theme'", "INSERT INTO settings (key) VALUES ('theme')"),
    case("DELETE FROM tags LIMIT 1"),
    case(
        "DELETE FROM tags",
        "DELETE FROM sqlite_sequence WHERE name = 'tags'",
        "SELECT changes()",
        "INSERT INTO tags (name) VALUES ('first')",
        "SELECT last_insert_rowid()",
    ),
    case(
        "DELETE FROM tags WHERE id > 2",
        ("DELETE FROM sqlite_sequence WHERE name IN (?, 'other')", ("tags",)),
        "INSERT INTO tags (name) VALUES ('third') RETURNING id",
    ),
    case(
        ("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (99, "tags")),
        "INSERT INTO tags (name) VALUES ('hundredth') RETURNING id",
        "UPDATE sqlite_sequence SET seq = 0",
        "INSERT INTO tags (name) VALUES ('next') RETURNING id",
        "SELECT seq FROM sqlite_sequence",
    ),
    case("DELETE FROM sqlite_sequence WHERE name = 'nothing'", "SELECT changes()"),
    case("DELETE FROM nowhere"),
    case("DELETE FROM plain"),
    case("DELETE FROM item_tags WHERE (item_id, tag_id) IN (SELECT 1, 2)"),
]

TRIGGERED = [
    case("INSERT INTO stock (name, amount) VALUES ('bolt', 7)", "SELECT last_insert_rowid()"),
    case("INSERT INTO stock (name, amount) VALUES ('a', 1), ('b', 2)", "SELECT changes()"),
    case("UPDATE stock SET amount = amount + 1", "SELECT changes()"),
    case("UPDATE stock SET amount = amount"),
    case("UPDATE stock SET name = name || 's'"),
    case("DELETE FROM stock WHERE id = 2"),
    case("DELETE FROM stock WHERE id = 1"),
    case("DELETE FROM stock"),
    case("INSERT OR IGNORE INTO stock (name) VALUES ('nail'), ('glue')"),
    case("INSERT OR REPLACE INTO stock (name) VALUES ('nail')"),
    case(
        "INSERT INTO stock (name, amount) VALUES ('nail', 5) "
        "ON CONFLICT (name) DO UPDATE SET amount = amount + excluded.amount"
    ),
    case(
        "INSERT INTO stock (name, amount) VALUES ('glue', 5) "
        "ON CONFLICT (name) DO UPDATE SET amount = amount + excluded.amount RETURNING id, amount"
    ),
    case(
        "INSERT INTO stock (name, amount) VALUES ('glue', 5), ('nail', 1), ('glue', 6) "
        "ON CONFLICT (name) DO UPDATE SET amount = amount + excluded.amount",
        "SELECT last_insert_rowid(), changes()",
    ),
    case(("INSERT INTO adults (name, city) VALUES (?, ?)", ("V", "W")), "SELECT changes()"),
    case("INSERT INTO adults (name, age) VALUES ('V', 20), ('W', NULL)"),
    case("UPDATE adults SET city = 'Rom', age = age + 1 WHERE id = 1", "SELECT changes()"),
    case("UPDATE adults SET name = name || '+'"),
    case("DELETE FROM adults WHERE age > 50", "SELECT name FROM adults"),
    case("DELETE FROM adults"),
    case("INSERT INTO adults (name) VALUES ('x') ON CONFLICT DO NOTHING"),
]

CASES = [*INSERTS, *CLASSES, *CONFLICTS, *UPSERTS, *UPDATES, *DELETES, *TRIGGERED]
