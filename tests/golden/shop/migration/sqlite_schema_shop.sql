-- outgrow init 87b77764bc28: yours to change, and then left alone
-- Schema of shop.db, to be replayed in an empty SQLite database.

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
