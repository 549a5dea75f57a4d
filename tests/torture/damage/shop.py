"""A shop's SQLite database: every type that outgrow makes, and every kind of object."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

SCHEMA = """
CREATE TABLE Customer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    Name TEXT NOT NULL COLLATE NOCASE,
    email TEXT UNIQUE,
    city TEXT NOT NULL DEFAULT 'Wien',
    street TEXT,
    is_vip INTEGER NOT NULL DEFAULT 0 CHECK (is_vip IN (0, 1)),
    points INTEGER DEFAULT 10 CHECK (points > -1000),
    balance_usd REAL CONSTRAINT solvent CHECK (balance_usd >= -1000),
    rating REAL DEFAULT 0.5,
    born TEXT,  -- date
    created_at TEXT NOT NULL DEFAULT (datetime('now')),
    settings TEXT DEFAULT '{}',  -- JSON
    photo BLOB
);
CREATE INDEX customer_city ON Customer (city, created_at DESC);
CREATE INDEX customer_lower ON Customer (lower(email));
CREATE UNIQUE INDEX customer_vip ON Customer (email, Name) WHERE is_vip = 1;
CREATE TABLE Product (
    sku TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    price DECIMAL(10, 2) NOT NULL CHECK (price >= 0),
    weight REAL,
    attributes TEXT,  -- JSON
    raw_json TEXT,
    picture BLOB,
    follows TEXT REFERENCES Product (sku) DEFERRABLE INITIALLY DEFERRED,
    label TEXT GENERATED ALWAYS AS (title || ' (' || sku || ')') STORED
);
CREATE INDEX product_price ON Product (price DESC) WHERE weight IS NOT NULL;
CREATE TABLE "Order" (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES Customer (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    status TEXT NOT NULL DEFAULT 'new'
        CONSTRAINT known_status CHECK (status IN ('new', 'paid', 'sent', 'back')),
    total REAL NOT NULL DEFAULT 0,
    tax_rate REAL DEFAULT 0.2,
    ordered_at TEXT NOT NULL,
    paid_at TEXT,
    due_on DATE,
    gross REAL GENERATED ALWAYS AS (total * 1.25) VIRTUAL,
    UNIQUE (customer_id, ordered_at)
);
CREATE INDEX order_status ON "Order" (status, id);
CREATE TABLE line (
    order_id INTEGER NOT NULL REFERENCES "Order" ON DELETE CASCADE,
    number INTEGER NOT NULL,
    sku TEXT REFERENCES Product (sku) ON UPDATE CASCADE ON DELETE SET NULL,
    quantity INTEGER NOT NULL DEFAULT 1,
    price REAL,
    PRIMARY KEY (order_id, number)
) WITHOUT ROWID;
CREATE INDEX line_sku ON line (sku);
CREATE TABLE event (
    happened_at TEXT,
    kind TEXT,
    payload TEXT,  -- JSON
    amount REAL,
    actor INTEGER,
    note TEXT DEFAULT ''
);
CREATE INDEX event_kind ON event (kind, actor);
CREATE TABLE reading (sensor INTEGER, value REAL, is_ok INTEGER DEFAULT 1, tag BLOB);
CREATE TABLE moment (
    id INTEGER PRIMARY KEY,
    plain_at TEXT,
    iso_at TEXT,
    zulu_at TEXT,
    minute_at TEXT,
    milli_at TEXT,
    python_at TEXT,
    offset_at TEXT,
    counted INTEGER,
    shipped_on TEXT,
    unclear_on TEXT
);
CREATE TABLE device (
    uid TEXT NOT NULL,
    seen_on TEXT NOT NULL,
    serial INTEGER,
    state TEXT,
    power REAL,
    PRIMARY KEY (uid, seen_on)
);
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    body TEXT,
    scan BLOB,
    owner INTEGER REFERENCES Customer (id) ON DELETE SET NULL
);
CREATE TABLE empty (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT DEFAULT 'none');
CREATE VIEW vip AS SELECT id, Name, email, rating FROM Customer WHERE is_vip = 1;
CREATE VIEW revenue AS
    SELECT c.city, count(*) AS orders, sum(o.total) AS total
    FROM "Order" o JOIN Customer c ON c.id = o.customer_id
    WHERE o.status <> 'back' GROUP BY c.city;
CREATE VIEW open_orders AS
    SELECT id, customer_id, due_on FROM "Order" WHERE status IN ('new', 'paid') ORDER BY due_on, id;
CREATE VIEW heavy AS SELECT sku, title, weight FROM Product WHERE weight > 5.5;
CREATE TRIGGER line_added AFTER INSERT ON line BEGIN
    UPDATE "Order" SET total = total + NEW.quantity * NEW.price WHERE id = NEW.order_id;
END;
CREATE TRIGGER customer_kept BEFORE DELETE ON Customer WHEN OLD.is_vip = 1 BEGIN
    SELECT RAISE(ABORT, 'a VIP stays');
END;
CREATE TRIGGER paid AFTER UPDATE OF status ON "Order" WHEN NEW.status = 'paid' BEGIN
    INSERT INTO event (happened_at, kind, actor, note)
        VALUES (datetime('now'), 'paid', NEW.customer_id, 'order ' || NEW.id);
END;
"""

#: What only a plan file promotes.
PROMOTED = {("moment", "counted"): "epoch ms", ("device", "uid"): "uuid"}

_WORDS = (
    "Ångström café naïve Zürich e\u0301toile Œuvre straße 東京 🚀 it's alpha Beta gamma delta of "
    "the quick brown fox jumps over lazy dog 007 1.50 null NULL true"
).split()
_CITIES = ("Wien", "Graz", "Linz", "Zürich", "São Paulo", "København", "")
_KINDS = ("login", "view", "buy", "paid", "leave", "Leave")
_START = datetime(2021, 1, 31, 23, 59, 59, tzinfo=UTC)

#: Rows of each table for 1 MB.
_SHARES = {
    "Customer": 500,
    "Product": 150,
    "Order": 720,
    "line": 2_000,
    "event": 900,
    "reading": 1_800,
    "moment": 500,
    "device": 500,
    "document": 120,
}


def make_shop(path: Path, megabytes: float, seed: str) -> Path:
    """Write the file; the same seed gives the same rows."""
    dice = _Dice(Random(seed), {name: round(n * megabytes) for name, n in _SHARES.items()})
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;")
        declarations, *triggers = SCHEMA.split("CREATE TRIGGER")
        connection.executescript(declarations)
        connection.execute("BEGIN")
        for table, columns, rows in dice.tables():
            marks = ", ".join("?" * len(columns.split(", ")))
            connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)
        # What PostgreSQL can't hold: bytes that are no UTF-8, NUL characters, a day that is none.
        for change in (
            "UPDATE document SET body = CAST(x'ff61c328' AS TEXT) || id WHERE id % 13 = 5",
            "UPDATE document SET body = 'a' || char(0) || id WHERE id % 17 = 6",
            "UPDATE moment SET unclear_on = 'unknown ' || id WHERE id % 101 = 7",
            "UPDATE sqlite_sequence SET seq = seq + 1000 WHERE name = 'Customer'",
        ):
            connection.execute(change)
        connection.execute("COMMIT")
        connection.executescript("".join(f"CREATE TRIGGER{trigger}" for trigger in triggers))
    return path


class _Dice:
    """Rows of all tables."""

    def __init__(self, random: Random, rows: dict[str, int]) -> None:
        self._random = random
        self._rows = rows
        self._skus: list[str] = []

    def tables(self) -> Iterator[tuple[str, str, list[tuple[object, ...]]]]:
        """Each table with its columns and rows, parents first."""
        for table, columns, row in (
            (
                "Customer",
                "Name, email, city, street, is_vip, points, balance_usd, rating, born, "
                "created_at, settings, photo",
                self._customer,
            ),
            (
                "Product",
                "sku, title, price, weight, attributes, raw_json, picture, follows",
                self._product,
            ),
            (
                "Order",
                "customer_id, status, total, tax_rate, ordered_at, paid_at, due_on",
                self._order,
            ),
            ("line", "order_id, number, sku, quantity, price", self._line),
            ("event", "happened_at, kind, payload, amount, actor, note", self._event),
            ("reading", "sensor, value, is_ok, tag", self._reading),
            (
                "moment",
                "plain_at, iso_at, zulu_at, minute_at, milli_at, python_at, offset_at, counted, "
                "shipped_on, unclear_on",
                self._moments,
            ),
            ("device", "uid, seen_on, serial, state, power", self._device),
            ("document", "title, body, scan, owner", self._document),
        ):
            yield table, columns, [row(number) for number in range(self._rows[table])]

    def _customer(self, number: int) -> tuple[object, ...]:
        r = self._random
        return (
            self._text(3),
            f"User.{number}@example.com" if number % 7 else None,
            r.choice(_CITIES),
            self._maybe(self._text(4) if r.random() < 0.8 else ""),
            int(r.random() < 0.3),
            r.randint(-900, 10**6),
            self._maybe(round(r.uniform(-900, 10**6), r.choice((0, 2, 4)))),
            self._maybe(r.choice((0.0, r.random(), r.gauss(0, 1e9), 0.1 + 0.2))),
            self._maybe(f"{self._at(40_000):%Y-%m-%d}"),
            f"{self._at():%Y-%m-%d %H:%M:%S}",
            self._maybe(self._json()),
            self._maybe(r.randbytes(r.choice((0, 3, 40)))),
        )

    def _product(self, number: int) -> tuple[object, ...]:
        r = self._random
        followed = r.choice(self._skus) if self._skus and r.random() < 0.3 else None
        self._skus.append(f"{number:04}-{r.choice('abcXYZ')}")
        return (
            self._skus[-1],
            self._text(4),
            round(r.uniform(0, 5000), 2),
            self._maybe(r.uniform(0, 30)),
            self._maybe(self._json()),
            self._maybe(f'{{"a": {r.randint(0, 99)}, "a": [1e2, {r.random()}], "b":  "x"}}'),
            r.randbytes(r.choice((1, 200, 900))),
            followed,
        )

    def _order(self, number: int) -> tuple[object, ...]:
        r = self._random
        at = self._at()
        return (
            number % self._rows["Customer"] + 1,
            r.choice(("new", "paid", "sent", "back")),
            round(r.uniform(0.5, 900), 2),
            r.choice((0.2, 0.1, 0.0, None, r.random())),
            f"{at:%Y-%m-%dT%H:%M:%S}.{r.randrange(10**6):06}Z",
            self._maybe(f"{at:%Y-%m-%d %H:%M}"),
            self._maybe(f"{at + timedelta(14):%Y-%m-%d}"),
        )

    def _line(self, number: int) -> tuple[object, ...]:
        r = self._random
        orders = self._rows["Order"]
        return (
            number % orders + 1,
            number // orders + 1,
            self._maybe(r.choice(self._skus)),
            r.randint(1, 20),
            self._maybe(round(r.uniform(0.5, 90), 2)),
        )

    def _event(self, number: int) -> tuple[object, ...]:
        r = self._random
        return (
            self._maybe(f"{self._at():%Y-%m-%d %H:%M:%S}"),
            r.choice(_KINDS),
            self._maybe(self._json()),
            self._maybe(r.choice((0.0, -1.5, round(r.random(), 3)))),
            r.choice((None, number, 2**53 + 1, r.randint(-(2**62), 2**62))),
            r.choice(("", " padded", "two\r\nlines", self._text(2))),
        )

    def _reading(self, number: int) -> tuple[object, ...]:
        r = self._random
        if r.random() < 0.2:
            return (1, 0.0, 1, None)  # the same row many times
        return (
            number % 9,
            self._maybe(r.gauss(20, 5)),
            r.choice((0, 1, None)),
            self._maybe(r.randbytes(4)),
        )

    def _moments(self, number: int) -> tuple[object, ...]:
        r = self._random
        micros = r.choice((0, r.randrange(10**6)))
        at = self._at()
        return (
            self._maybe(f"{at:%Y-%m-%d %H:%M:%S}"),
            self._maybe(f"{at:%Y-%m-%dT%H:%M:%S}.{r.randrange(10**6):06}"),
            self._maybe(f"{self._at():%Y-%m-%dT%H:%M:%S}Z"),
            self._maybe(f"{self._at():%Y-%m-%d %H:%M}"),
            self._maybe(f"{self._at():%Y-%m-%d %H:%M:%S}.{r.randrange(10**3):03}"),
            self._maybe(at.replace(microsecond=micros, tzinfo=None).isoformat()),
            self._maybe(f"{self._at():%Y-%m-%dT%H:%M:%S}+00:00"),
            self._maybe(round(self._at().timestamp()) * 1000 + r.randrange(1000)),
            self._maybe(f"{self._at(200_000):%Y-%m-%d}"),
            self._maybe(f"{self._at():%Y-%m-%d}"),
        )

    def _device(self, number: int) -> tuple[object, ...]:
        r = self._random
        return (
            f"{r.getrandbits(32):08x}-{r.getrandbits(16):04x}-4{r.getrandbits(12):03x}-"
            f"8{r.getrandbits(12):03x}-{number:012x}",
            f"{self._at():%Y-%m-%d}",
            r.choice((2**53 + 1, 2**63 - 1, r.getrandbits(62) | 1, None)),
            r.choice(("on", "off", "ON", "", "on ")),
            r.choice((0.0, 1.5, r.expovariate(1e-6), 5e-324, 1e300)),
        )

    def _document(self, number: int) -> tuple[object, ...]:
        r = self._random
        return (
            self._text(2),
            self._maybe(" ".join(self._text(10) for _ in range(r.choice((1, 10, 200))))),
            self._maybe(r.randbytes(r.choice((0, 30, 2_000)))),
            self._maybe(r.randint(1, self._rows["Customer"])),
        )

    def _json(self) -> str:
        """A document of JSON, three levels deep."""
        r = self._random
        return json.dumps(
            {
                "theme": r.choice(_WORDS),
                "size": r.choice((1, 12, 2.5, 1e-7, 10**17 + 1)),
                "on": r.random() < 0.5,
                "tags": r.choices(_WORDS, k=3),
                "deep": {"list": [1, {"name": self._text(2), "none": None}, r.random()]},
            },
            ensure_ascii=False,
        )

    def _text(self, most: int) -> str:
        text = " ".join(self._random.choices(_WORDS, k=self._random.randint(1, most)))
        return unicodedata.normalize("NFC", text) if self._random.random() < 0.5 else text

    def _at(self, days: int = 1500) -> datetime:
        return _START + timedelta(seconds=self._random.randrange(-days * 86_400, days * 86_400))

    def _maybe(self, value: object) -> object:
        return None if self._random.random() < 0.1 else value
