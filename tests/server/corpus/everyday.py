"""A web application's statements: accounts, posts, a job queue, settings, metrics, a dashboard."""

from __future__ import annotations

from translate_sides import Table

from corpus import case
from outgrow.model.types import Kind, Shape, TargetType

ISO = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))
DAY = TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD"))
BOOLEAN = TargetType(Kind.BOOLEAN)
MONEY = TargetType(Kind.NUMERIC, precision=14, scale=4)

USERS = Table(
    "users",
    """CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT COLLATE NOCASE UNIQUE NOT NULL,
        name TEXT, is_admin INTEGER NOT NULL DEFAULT 0, credit REAL DEFAULT 0,
        created_at TEXT NOT NULL DEFAULT '2024-06-01 00:00:00', last_seen TEXT, born TEXT,
        prefs TEXT DEFAULT '{}')""",
    rows=[
        (1, "Ann@example.org", "Ann", 1, 12.5, "2024-01-01 08:00:00", "2024-05-01 10:00:00",
         "1980-02-29", '{"theme": "dark", "page": 20, "tags": ["a", "b"]}'),
        (2, "bob@example.org", "Bob O'Neil", 0, 0, "2024-01-15 23:59:59", None, "1999-12-31", "{}"),
        (3, "çelik@example.org", "Çelik ß", 0, -3.25, "2024-02-29 00:00:00",
         "2024-02-29 00:00:01", None, '{"theme": null, "page": 2.5}'),
        (4, "dora@EXAMPLE.org", "", 0, 1000000, "2023-12-31 12:00:00", "2024-05-02 00:00:00",
         "2001-01-01", '{"theme": "light", "page": "all"}'),
        (5, "eve@example.org", None, 1, 0.1, "2024-03-10 12:34:56", "2024-04-30 23:00:00",
         "1970-01-01", None),
    ],
    promoted={"is_admin": BOOLEAN, "credit": MONEY, "created_at": ISO, "last_seen": ISO,
              "born": DAY},
    rowid_alias="id",
    declared=True,
)  # fmt: skip
POSTS = Table(
    "posts",
    """CREATE TABLE posts (
        id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL, body TEXT,
        views INTEGER DEFAULT 0, score REAL, published INTEGER DEFAULT 0, posted TEXT,
        UNIQUE (user_id, title))""",
    rows=[
        (1, 1, "Hello", "First post, 100% mine", 10, 4.5, 1, "2024-01-02 09:00:00"),
        (2, 1, "hello again", "under_score and \\ backslash", 3, 3.25, 1, "2024-01-03 10:30:00"),
        (3, 2, "Bob's", None, 0, None, 0, None),
        (4, 3, "Günaydin", "unicode ☕ text", 250, 5.0, 1, "2024-02-29 23:30:00"),
        (5, 3, "Draft", "", 7, 0.0, 0, "2024-03-01 00:00:00"),
        (6, 4, "Hello", "same title, another user", 10, 4.5, 1, "2024-01-02 09:00:00"),
        (7, 9, "Orphan", "its user is gone", 1, -1.5, 1, "2023-12-31 23:59:59"),
    ],
    promoted={"published": BOOLEAN, "posted": ISO},
    rowid_alias="id",
    declared=True,
)
TAGS = Table(
    "post_tags",
    "CREATE TABLE post_tags (post_id INTEGER, tag TEXT, weight REAL, PRIMARY KEY (post_id, tag))",
    declared=True,
    rows=[
        (1, "intro", 1.0), (1, "news", 0.5), (2, "news", 0.25), (4, "news", None), (4, "☕", 2.0),
    ],
)  # fmt: skip
SETTINGS = Table(
    "settings",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT, version INTEGER DEFAULT 1)",
    declared=True,
    rows=[("site.name", "Example", 1), ("site.open", "1", 3), ("limit", "20", 1)],
)
JOBS = Table(
    "jobs",
    """CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, payload TEXT,
        state TEXT NOT NULL DEFAULT 'queued'
            CHECK (state IN ('queued', 'running', 'done', 'failed')),
        tries INTEGER NOT NULL DEFAULT 0, run_at TEXT, seconds REAL)""",
    rows=[
        (1, "mail", '{"to": "ann"}', "done", 1, "2024-05-01 00:00:00", 0.25),
        (2, "mail", '{"to": "bob"}', "failed", 3, "2024-05-01 00:05:00", 1.5),
        (3, "report", None, "queued", 0, "2024-05-02 06:00:00", None),
        (4, "mail", '{"to": "eve"}', "queued", 0, "2024-05-01 12:00:00", None),
    ],
    promoted={"run_at": ISO},
    rowid_alias="id",
    declared=True,
)
TABLES = [USERS, POSTS, TAGS, SETTINGS, JOBS]

CASES = [
    # --- reading one and many
    case(("SELECT * FROM users WHERE id = ?", (2,))),
    case(("SELECT * FROM users WHERE id = ?", ("2",))),
    case(("SELECT id, name FROM users WHERE email = ?", ("ANN@EXAMPLE.ORG",))),
    case(("SELECT id FROM users WHERE email = :email AND is_admin = :admin",
          {"email": "ann@example.org", "admin": True})),
    case(("SELECT id FROM users WHERE is_admin", ())),
    case(("SELECT id FROM users WHERE NOT is_admin AND last_seen IS NOT NULL", ())),
    case(("SELECT id FROM users WHERE last_seen IS NULL OR last_seen < ?", ("2024-05-01",))),
    case(("SELECT id, created_at FROM users WHERE created_at BETWEEN ? AND ?",
          ("2024-01-01", "2024-02-29"))),
    case(("SELECT id FROM users WHERE created_at >= %s AND created_at < %s",
          ("2024-01-15 23:59:59", "2024-03"))),
    case(("SELECT id, name FROM users WHERE id IN (?, ?, ?) ORDER BY id", (3, 1, 99)),
         ordered=True),
    case(("SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM posts)", ())),
    case(("SELECT id FROM posts WHERE user_id NOT IN (SELECT id FROM users)", ())),
    case(("SELECT name FROM users WHERE name LIKE ?", ("%O'N%",))),
    case(("SELECT title FROM posts WHERE title LIKE ? || '%'", ("hello",))),
    case(("SELECT id FROM posts WHERE body LIKE '%100\\%%' ESCAPE '\\'", ())),
    case(("SELECT id FROM posts WHERE body LIKE '%under\\_score%' ESCAPE '\\'", ())),
    case(("SELECT id FROM posts WHERE lower(title) = lower(?)", ("HELLO",))),
    case(("SELECT id FROM posts WHERE title GLOB ?", ("[A-H]*",))),
    case(("SELECT id FROM posts WHERE instr(lower(body), lower(?)) > 0", ("POST",))),
    case(("SELECT id, title FROM posts ORDER BY posted DESC, id LIMIT ? OFFSET ?", (3, 1)),
         ordered=True),
    case(("SELECT id FROM posts ORDER BY score DESC, id LIMIT 2, 3", ()), ordered=True),
    case(("SELECT id FROM posts ORDER BY score IS NULL, score, id", ()), ordered=True),
    case(("SELECT id, name FROM users ORDER BY name COLLATE NOCASE, id", ()), ordered=True),
    case(("SELECT id FROM users ORDER BY email", ()), ordered=True),
    case(("SELECT DISTINCT title FROM posts ORDER BY title", ()), ordered=True),
    case(("SELECT 1 FROM users WHERE email = ? LIMIT 1", ("nobody@example.org",))),
    case(("SELECT EXISTS (SELECT 1 FROM users WHERE email = ?) AS known", ("BOB@example.org",))),
    case(("SELECT count(*) FROM users", ())),
    case(("SELECT count(*), count(name), count(DISTINCT is_admin) FROM users", ())),
    case(("SELECT max(id), min(created_at), max(created_at) FROM users", ())),
    case(("SELECT coalesce(max(id), 0) + 1 FROM posts WHERE user_id = ?", (77,))),
    case(("SELECT rowid, title FROM posts WHERE rowid > ? ORDER BY rowid", (4,)), ordered=True),
    case(("SELECT u.*, count(p.id) AS posts FROM users u LEFT JOIN posts p ON p.user_id = u.id"
          " GROUP BY u.id ORDER BY u.id", ()), ordered=True),
    case(("SELECT u.name, p.title FROM users u, posts p WHERE p.user_id = u.id AND p.published = 1",
          ())),
    case(("SELECT p.title, u.name FROM posts p LEFT OUTER JOIN users u ON u.id = p.user_id", ())),
    case(("SELECT t.tag, count(*) AS n, avg(p.score) AS score FROM post_tags t"
          " JOIN posts p ON p.id = t.post_id GROUP BY t.tag HAVING n >= ? ORDER BY n DESC, t.tag",
          (1,)), ordered=True),
    case(("SELECT p.id, group_concat(t.tag, ', ') AS tags FROM posts p JOIN"
          " (SELECT * FROM post_tags ORDER BY tag) t ON t.post_id = p.id WHERE p.id = 2"
          " GROUP BY p.id", ())),
    case(("SELECT name, (SELECT count(*) FROM posts WHERE user_id = users.id) AS n FROM users",
          ())),
    case(("SELECT name FROM users u WHERE EXISTS (SELECT 1 FROM posts WHERE user_id = u.id"
          " AND score > 4)", ())),
    case(("SELECT user_id, title FROM posts p WHERE views = (SELECT max(views) FROM posts"
          " WHERE user_id = p.user_id)", ())),
    case(("SELECT user_id, title, max(views) FROM posts WHERE user_id IN (1, 3) GROUP BY user_id",
          ())),
    # --- the dashboard
    case(("SELECT date(created_at) AS day, count(*) AS n FROM users GROUP BY day ORDER BY day", ()),
         ordered=True),
    case(("SELECT strftime('%Y-%m', created_at) AS month, sum(credit) AS total FROM users"
          " GROUP BY 1 ORDER BY 1", ()), ordered=True),
    case(("SELECT state, count(*) AS n, sum(CASE WHEN tries > 0 THEN 1 ELSE 0 END) AS tried,"
          " round(avg(seconds), 2) AS mean FROM jobs GROUP BY state ORDER BY state", ()),
         ordered=True),
    case(("SELECT sum(published = 1) AS yes, sum(published = 0) AS no, total(score) AS t,"
          " 100.0 * sum(published) / count(*) AS percent FROM posts", ())),
    case(("SELECT id FROM users WHERE last_seen > datetime('now', '-7 days')", ())),
    case(("SELECT id FROM users WHERE last_seen < datetime('now', '-' || ? || ' hours')", (5,))),
    case(("SELECT id FROM jobs WHERE run_at <= datetime(?, ?) ORDER BY id",
          ("2024-05-01", "+1 day")), ordered=True),
    case(("SELECT id, julianday(last_seen) - julianday(created_at) AS days FROM users", ())),
    case(("SELECT id, (strftime('%s', last_seen) - strftime('%s', created_at)) / 3600 AS hours"
          " FROM users", ())),
    case(("SELECT id, cast(strftime('%Y', 'now') AS INTEGER) - cast(substr(born, 1, 4)"
          " AS INTEGER) > 18 AS adult FROM users", ())),
    case(("SELECT CASE WHEN credit < 0 THEN 'debt' WHEN credit = 0 THEN 'none' ELSE 'some' END"
          " AS c, count(*) AS n FROM users GROUP BY c ORDER BY c", ()), ordered=True),
    case(("SELECT id, ifnull(name, 'unknown') AS name, coalesce(last_seen, created_at) AS seen,"
          " nullif(credit, 0) AS credit FROM users", ())),
    case(("SELECT id, coalesce(last_seen, 'never') AS seen, coalesce(score, 'n/a') AS score"
          " FROM users JOIN posts USING (id)", ())),
    case(("SELECT printf('%s has %d posts (%.1f%%)', 'Ann', count(*), 100.0 * count(*) / 7) AS line"
          " FROM posts WHERE user_id = ?", (1,))),
    case(("SELECT id, title, row_number() OVER (PARTITION BY user_id ORDER BY views DESC, id) AS r"
          " FROM posts", ())),
    case(("SELECT id, sum(views) OVER (ORDER BY id) AS running, lag(title) OVER (ORDER BY id) AS l"
          " FROM posts", ())),
    case(("WITH ranked AS (SELECT *, rank() OVER (ORDER BY views DESC) AS place FROM posts)"
          " SELECT id, place FROM ranked WHERE place <= ?", (3,))),
    case(("WITH RECURSIVE days(d) AS (SELECT ? UNION ALL SELECT date(d, '+1 day') FROM days"
          " WHERE d < ?) SELECT d, count(u.id) AS n FROM days LEFT JOIN users u"
          " ON date(u.created_at) = d GROUP BY d ORDER BY d", ("2023-12-30", "2024-01-02")),
         ordered=True),
    case(("SELECT 'user' AS kind, id, name FROM users UNION ALL SELECT 'post', id, title FROM posts"
          " ORDER BY kind, id", ()), ordered=True),
    case(("SELECT json_extract(prefs, '$.theme') AS theme, count(*) AS n FROM users GROUP BY theme",
          ())),
    case(("SELECT id FROM users WHERE json_extract(prefs, '$.theme') = ?", ("dark",))),
    case(("SELECT id, prefs ->> 'page' AS page, prefs -> '$.tags' AS tags FROM users", ())),
    case(("SELECT u.id, j.value FROM users u, json_each(u.prefs, '$.tags') j ORDER BY u.id, j.key",
          ()), ordered=True),
    # --- writing
    case(("INSERT INTO users (email, name) VALUES (?, ?)", ("new@example.org", "New")),
         ("SELECT id, email, is_admin, credit FROM users WHERE email = ?", ("NEW@example.org",))),
    case(("INSERT INTO posts (user_id, title, posted) VALUES (?, ?, datetime('2024-05-05 10:00'))",
          (1, "Fifth")), ("SELECT last_insert_rowid() AS id", ()),
         ("SELECT id, views, published FROM posts WHERE title = 'Fifth'", ())),
    case(("INSERT INTO users (email) VALUES (?)", ("ANN@example.org",))),
    case(("INSERT INTO jobs (kind, state) VALUES ('x', 'unknown')", ())),
    case(("INSERT INTO posts (user_id, title) VALUES (1, NULL)", ())),
    case(("INSERT OR IGNORE INTO users (email, name) VALUES (?, ?)", ("ann@EXAMPLE.org", "Other"))),
    case(("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", ("site.open", "0"))),
    case(("REPLACE INTO settings (key, value) VALUES ('limit', 50), ('fresh', NULL)", ())),
    case(("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET"
          " value = excluded.value, version = version + 1", ("limit", 99))),
    case(("INSERT INTO settings (key, value) VALUES (:k, :v) ON CONFLICT DO NOTHING",
          {"k": "limit", "v": "7"}), ("SELECT changes() AS n", ())),
    case(("INSERT INTO post_tags SELECT id, 'old', 0.5 FROM posts WHERE posted < ?",
          ("2024-01-03",))),
    case(("INSERT INTO jobs (kind, payload) VALUES ('a', ?), ('b', ?) RETURNING id, kind, state",
          ('{"n": 1}', None))),
    case(("UPDATE users SET name = ?, last_seen = datetime('2024-06-01') WHERE id = ?",
          ("Annie", 1))),
    case(("UPDATE users SET credit = credit + ? WHERE email = ?", (7.25, "bob@example.org"))),
    case(("UPDATE posts SET views = views + 1, published = 1 - published WHERE user_id = ?",
          (3,))),
    case(("UPDATE users SET is_admin = NOT is_admin WHERE id IN (SELECT user_id FROM posts)", ())),
    case(("UPDATE jobs SET state = 'running', tries = tries + 1 WHERE id = (SELECT id FROM jobs"
          " WHERE state = 'queued' ORDER BY run_at LIMIT 1) RETURNING id, kind, tries", ())),
    case(("UPDATE jobs SET state = 'oops' WHERE id = 1", ())),
    case(("UPDATE posts SET score = s.mean FROM (SELECT user_id, avg(views) AS mean FROM posts"
          " GROUP BY user_id) AS s WHERE s.user_id = posts.user_id AND posts.score IS NULL", ())),
    case(("UPDATE users SET last_seen = NULL", ())),
    case(("DELETE FROM posts WHERE user_id = ? AND title = ?", (1, "Hello")),
         ("SELECT count(*) AS n FROM posts", ())),
    case(("DELETE FROM jobs WHERE state IN ('done', 'failed') AND run_at < ?", ("2024-05-02",))),
    case(("DELETE FROM post_tags WHERE post_id NOT IN (SELECT id FROM posts WHERE published)", ())),
    case(("DELETE FROM settings", ()), ("SELECT total(version) AS t FROM settings", ())),
]  # fmt: skip
