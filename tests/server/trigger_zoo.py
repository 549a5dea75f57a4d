"""A small database whose triggers do what triggers of applications do."""

from __future__ import annotations

from pathlib import Path

import apsw

TABLES = """
CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, kind TEXT DEFAULT 'basic',
    balance INTEGER NOT NULL DEFAULT 0, changed TEXT, twice INTEGER AS (balance * 2) STORED);
CREATE TABLE entries (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, amount INTEGER,
    note TEXT);
CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT, n INTEGER, more TEXT);
CREATE TABLE kinds (name TEXT PRIMARY KEY NOT NULL, n INTEGER NOT NULL DEFAULT 0);
CREATE TABLE latest (account_id INTEGER PRIMARY KEY, note TEXT, times INTEGER DEFAULT 1);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, account_id INT, street TEXT COLLATE NOCASE,
    is_default INTEGER DEFAULT 0, UNIQUE (account_id, street));
CREATE TABLE tree (id INTEGER PRIMARY KEY, parent_id INTEGER, depth INTEGER DEFAULT 0, name TEXT);
CREATE TABLE ping (id INTEGER PRIMARY KEY, n INTEGER);
CREATE TABLE pong (id INTEGER PRIMARY KEY, n INTEGER);
CREATE TABLE stock (code TEXT PRIMARY KEY NOT NULL, left INTEGER CHECK (left >= 0), price REAL);
CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL, n INTEGER DEFAULT 1,
    state TEXT DEFAULT 'new');
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT UNIQUE, uses INTEGER DEFAULT 0);
CREATE VIEW account_list AS
    SELECT a.id, a.owner, a.kind, a.balance, count(e.id) AS entries
    FROM accounts a LEFT JOIN entries e ON e.account_id = a.id GROUP BY a.id;
CREATE VIEW open_orders AS
    SELECT id, code, n FROM orders WHERE state = 'new';
"""

TRIGGERS = [
    # A log of what happened.
    """CREATE TRIGGER accounts_made AFTER INSERT ON accounts BEGIN
        INSERT INTO log (what, n, more) VALUES ('made ' || NEW.owner, NEW.balance, NEW.kind);
        END""",
    """CREATE TRIGGER accounts_renamed AFTER UPDATE OF owner ON accounts
        WHEN OLD.owner IS NOT NEW.owner BEGIN
        INSERT INTO log (what, more) VALUES (OLD.owner || ' > ' || NEW.owner, typeof(NEW.balance));
        END""",
    """CREATE TRIGGER accounts_gone AFTER DELETE ON accounts BEGIN
        DELETE FROM entries WHERE account_id = OLD.id;
        DELETE FROM latest WHERE account_id = OLD.id;
        INSERT INTO log (what, n) SELECT 'gone ' || OLD.owner, count(*) FROM addresses
            WHERE account_id = OLD.id; END""",
    # Rules.
    """CREATE TRIGGER accounts_rule BEFORE UPDATE OF balance ON accounts BEGIN
        SELECT CASE WHEN NEW.balance < -100 THEN RAISE(ABORT, 'overdrawn')
            WHEN NEW.balance = 13 THEN RAISE(IGNORE) END; END""",
    """CREATE TRIGGER accounts_named BEFORE INSERT ON accounts
        WHEN NEW.owner IS NULL OR NEW.owner = '' BEGIN
        SELECT RAISE(ABORT, 'an account needs an owner'); END""",
    """CREATE TRIGGER accounts_kept BEFORE DELETE ON accounts WHEN OLD.twice > 100 BEGIN
        INSERT INTO log (what, n) VALUES ('kept', OLD.twice);
        SELECT RAISE(IGNORE); END""",
    # Sums that are kept.
    """CREATE TRIGGER entries_in AFTER INSERT ON entries BEGIN
        UPDATE accounts SET balance = balance + coalesce(NEW.amount, 0) WHERE id = NEW.account_id;
        INSERT INTO latest (account_id, note) VALUES (NEW.account_id, NEW.note)
            ON CONFLICT (account_id) DO UPDATE SET note = excluded.note, times = times + 1; END""",
    """CREATE TRIGGER entries_out AFTER DELETE ON entries BEGIN
        UPDATE accounts SET balance = balance - coalesce(OLD.amount, 0) WHERE id = OLD.account_id;
        END""",
    """CREATE TRIGGER entries_moved AFTER UPDATE OF amount, account_id ON entries BEGIN
        UPDATE accounts SET balance = (SELECT coalesce(sum(amount), 0) FROM entries
            WHERE account_id = accounts.id) WHERE id IN (OLD.account_id, NEW.account_id); END""",
    # Upserts and the like.
    """CREATE TRIGGER kinds_count AFTER INSERT ON accounts WHEN NEW.kind IS NOT NULL BEGIN
        INSERT OR IGNORE INTO kinds (name) VALUES (NEW.kind);
        UPDATE kinds SET n = n + 1 WHERE name = NEW.kind; END""",
    """CREATE TRIGGER latest_replaced AFTER UPDATE OF note ON entries BEGIN
        REPLACE INTO latest (account_id, note) VALUES (NEW.account_id, upper(NEW.note)); END""",
    """CREATE TRIGGER tags_of_notes AFTER INSERT ON entries WHEN NEW.note LIKE '#%' BEGIN
        INSERT INTO tags (name, uses) VALUES (substr(NEW.note, 2), 1)
            ON CONFLICT (name) DO UPDATE SET uses = uses + 1 WHERE uses < 5; END""",
    # SQLite would let the clause of a statement around rule this one, so it stands alone.
    """CREATE TRIGGER tags_merged AFTER UPDATE OF name ON tags WHEN NEW.name LIKE 'p%' BEGIN
        UPDATE OR IGNORE tags SET name = 'popular', uses = 1 WHERE id = NEW.id; END""",
    # One default address for each account.
    """CREATE TRIGGER addresses_first BEFORE INSERT ON addresses WHEN NEW.is_default = 1 BEGIN
        UPDATE addresses SET is_default = 0 WHERE account_id = NEW.account_id; END""",
    """CREATE TRIGGER addresses_default AFTER UPDATE OF is_default ON addresses
        WHEN NEW.is_default = 1 BEGIN
        UPDATE addresses SET is_default = 0
            WHERE account_id = NEW.account_id AND id <> NEW.id; END""",
    # Two of one event that can tell in which order they run, and one that reads what they write.
    """CREATE TRIGGER tree_a AFTER INSERT ON tree BEGIN
        INSERT INTO log (what, n) VALUES ('a ' || NEW.name, NEW.depth); END""",
    """CREATE TRIGGER tree_b AFTER INSERT ON tree WHEN NEW.parent_id IS NOT NULL BEGIN
        INSERT INTO log (what, n) VALUES ('b ' || NEW.name, NEW.parent_id); END""",
    """CREATE TRIGGER tree_c AFTER INSERT ON tree BEGIN
        UPDATE tree SET depth = coalesce(
            (SELECT p.depth + 1 FROM tree p WHERE p.id = NEW.parent_id), 0) WHERE id = NEW.id;
        INSERT INTO log (what, n) SELECT 'c', depth FROM tree WHERE id = NEW.id; END""",
    # Recursion that SQLite does not do.
    """CREATE TRIGGER tree_grows AFTER UPDATE OF name ON tree BEGIN
        UPDATE tree SET name = NEW.name || '/' || id WHERE parent_id = NEW.id; END""",
    """CREATE TRIGGER ping_on AFTER INSERT ON ping WHEN NEW.n < 5 BEGIN
        INSERT INTO pong (n) VALUES (NEW.n + 1); END""",
    """CREATE TRIGGER pong_on AFTER INSERT ON pong BEGIN
        INSERT INTO ping (n) VALUES (NEW.n + 1); END""",
    # A shop.
    """CREATE TRIGGER orders_taken AFTER INSERT ON orders BEGIN
        SELECT RAISE(ABORT, 'no such thing') WHERE NOT EXISTS (
            SELECT 1 FROM stock WHERE code = NEW.code);
        UPDATE stock SET left = left - NEW.n WHERE code = NEW.code;
        UPDATE orders SET state = 'open' WHERE id = NEW.id AND NEW.n > 1; END""",
    """CREATE TRIGGER stock_low AFTER UPDATE OF left ON stock
        WHEN NEW.left < 3 AND OLD.left >= 3 BEGIN
        INSERT INTO log (what, n, more) SELECT 'low ' || code, left, price FROM stock
            WHERE code = NEW.code; END""",
    """CREATE TRIGGER stock_prices AFTER UPDATE OF price ON stock BEGIN
        UPDATE orders SET state = 'priced' FROM stock AS s
            WHERE s.code = orders.code AND s.code = NEW.code AND orders.state = 'new'; END""",
    # Views that are written.
    """CREATE TRIGGER account_list_in INSTEAD OF INSERT ON account_list BEGIN
        INSERT INTO accounts (owner, kind) VALUES (NEW.owner, coalesce(NEW.kind, 'view'));
        INSERT INTO entries (account_id, amount, note)
            SELECT max(id), NEW.balance, '#view' FROM accounts; END""",
    """CREATE TRIGGER account_list_up INSTEAD OF UPDATE ON account_list BEGIN
        UPDATE accounts SET owner = NEW.owner, kind = NEW.kind WHERE id = OLD.id; END""",
    """CREATE TRIGGER open_orders_out INSTEAD OF DELETE ON open_orders BEGIN
        UPDATE orders SET state = 'closed' WHERE id = OLD.id; END""",
    """CREATE TRIGGER open_orders_up INSTEAD OF UPDATE OF n ON open_orders WHEN NEW.n > 0 BEGIN
        UPDATE orders SET n = NEW.n WHERE id = OLD.id; END""",
]

ROWS = """
INSERT INTO stock VALUES ('nail', 50, 0.1), ('nut', 10, 0.25), ('bolt', 4, 1.5), ('', 3, NULL);
INSERT INTO accounts (id, owner, kind, balance) VALUES (1, 'Ann', 'basic', 10),
    (2, 'Bob', 'gold', 60), (3, 'Cy', NULL, -5), (4, 'Di', 'gold', 0);
INSERT INTO entries (account_id, amount, note) VALUES (1, 5, '#food'), (2, NULL, 'x'),
    (1, -3, NULL), (4, 13, '#food'), (2, 7, 'Tram');
INSERT INTO addresses (account_id, street, is_default) VALUES (1, 'Main Street', 1),
    (1, 'Side', 0), (2, 'Main Street', 1), (3, NULL, 0);
INSERT INTO tree (id, parent_id, name) VALUES (1, NULL, 'root'), (2, 1, 'left'), (3, 1, 'right'),
    (4, 2, 'leaf');
INSERT INTO ping (n) VALUES (1), (7);
INSERT INTO orders (code, n) VALUES ('nail', 1), ('nut', 2), ('nail', 3);
INSERT INTO tags (name, uses) VALUES ('food', 2), ('popular', 9), (NULL, 0);
"""


def make_zoo(path: Path) -> Path:
    """Make the database; its rows were there before the triggers."""
    connection = apsw.Connection(str(path))
    connection.execute(TABLES + ROWS + ";\n".join(TRIGGERS))
    connection.close()
    return path


#: Statements on views, which no random statement is made for.
ON_VIEWS = [
    "INSERT INTO account_list (owner, balance) VALUES ('Eve', 4)",
    "INSERT INTO account_list (owner, kind, balance) VALUES ('Fay', 'gold', 120)",
    "UPDATE account_list SET owner = owner || '!' WHERE balance > 5",
    "UPDATE account_list SET kind = 'old', owner = upper(owner) WHERE id = 2",
    "DELETE FROM open_orders WHERE code = 'nail'",
    "UPDATE open_orders SET n = n + 1",
    "UPDATE open_orders SET n = -1 WHERE id = 2",
    "UPDATE open_orders SET code = 'x'",
    "DELETE FROM account_list",
]
