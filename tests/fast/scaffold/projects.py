"""Projects that init is tried on, made anew: one file, hostile names, no git and no code."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

#: Runs init in a folder with arguments; gives its status and all that it printed.
Init = Callable[..., tuple[int, str]]


@dataclass(frozen=True)
class Sample:
    """A project: its files' texts, and the statements that make its SQLite files."""

    name: str
    texts: Mapping[str, str]
    databases: Mapping[str, str]
    arguments: tuple[str, ...] = ()

    def make(self, folder: Path) -> Path:
        """Write it below a folder; gives its root."""
        root = folder / self.name
        for name, text in self.texts.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name, script in self.databases.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(script)
        return root


SHOP = Sample(
    "shop",
    {
        "requirements.txt": "flask==3.1.0\n",
        "README.md": "# Shop\n",
        "shop/__init__.py": "",
        "shop/store.py": """\
import sqlite3


def connect():
    return sqlite3.connect("shop.db")


def latest(customer):
    with connect() as connection:
        return connection.execute(
            "SELECT id FROM orders WHERE customer_id = ? AND placed_at > date('now', '-7 days')",
            (customer,),
        ).fetchall()
""",
    },
    {
        "shop.db": """
CREATE TABLE customer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    is_active INTEGER NOT NULL DEFAULT 1, -- boolean
    preferences TEXT -- JSON
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    total_price REAL CHECK (total_price >= 0),
    placed_at TEXT DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at DESC);
CREATE VIEW spent AS
    SELECT customer_id, sum(total_price) AS total FROM orders GROUP BY customer_id;
CREATE TRIGGER keep_active AFTER INSERT ON orders BEGIN
    UPDATE customer SET is_active = 1 WHERE id = NEW.customer_id;
END;
INSERT INTO customer (email, is_active, preferences) VALUES
    ('a@example.com', 1, '{"news": true}'), ('b@example.com', 0, NULL);
INSERT INTO orders (customer_id, total_price, placed_at) VALUES
    (1, 12.5, '2024-01-31 10:00:00'), (1, 3.25, '2024-02-01 11:30:00');
""",
    },
)

HOSTILE = Sample(
    "hostile",
    {
        "pyproject.toml": '[project]\nname = "hostile"\nversion = "1"\ndependencies = []\n',
        "server/main.py": "import sqlite3\n",
    },
    {
        "data/it's $HOME `x`.db": """
CREATE TABLE "select" ("order" INTEGER PRIMARY KEY, "a ""quoted"" one" TEXT, "{{ 7 * 7 }}" TEXT);
CREATE TABLE "':a; DROP TABLE x; --" ("%s" TEXT, "\\." TEXT DEFAULT '\\! touch owned', ":a" REAL);
CREATE TABLE "Straße/$(touch owned)" ("é" TEXT UNIQUE, "b`" BLOB);
CREATE INDEX "i|x" ON "select" ("a ""quoted"" one");
CREATE VIEW "<script>v</script>" AS SELECT "order" AS "${HOME}" FROM "select";
INSERT INTO "select" VALUES (1, 'a', '{% raw %}');
""",
        "data/b/it's $HOME `x`.db": 'CREATE TABLE "a\nb" ("*/ x /*" TEXT);',
    },
    ("--name", "Hostile & Söhne"),
)

SAMPLES = {sample.name: sample for sample in (SHOP, HOSTILE)}
