"""The same random statements on SQLite and on what was migrated: the same tables and views.

After a real migration, for every trigger and view of the sample databases, of the reference
application, and of a database of 28 triggers of our own. What is refused, and where PostgreSQL
raises an error because a column can't hold a value, is done on neither side.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest
from both_databases import Dice, differences, migrated, run, work
from translate_run import Application
from trigger_zoo import ON_VIEWS, TRIGGERS, make_zoo

from outgrow.demo import build_reference

Open = Callable[..., Application]

#: Rows that are enough to be written to; the rest would only take time.
_FEWER = """
DELETE FROM payment WHERE payment_id > 200;
DELETE FROM rental WHERE rental_id > 200
    AND rental_id NOT IN (SELECT rental_id FROM payment WHERE rental_id IS NOT NULL);
DELETE FROM inventory WHERE inventory_id > 200
    AND inventory_id NOT IN (SELECT inventory_id FROM rental);
DELETE FROM film_actor WHERE film_id > 60;
DELETE FROM film_category WHERE film_id > 60;
"""


@pytest.fixture
def opened(database: str) -> Iterator[Open]:
    """Give a function that migrates a file and opens both databases."""
    applications: list[Application] = []

    def open_both(path: Path, types: str = "native") -> Application:
        applications.append(migrated(path, database, types=types))
        return applications[-1]

    yield open_both
    for application in applications:
        application.close()


def _tries(application: Application, seed: int, count: int, *without: str) -> dict[str, int]:
    """Run random statements; they may not differ, and most have to run."""
    assert not differences(application, without)
    counts, found = work(application, Dice(application, seed, without), count)
    different = [line for line in found if line.startswith("different")]
    assert not different, "\n".join(different[:5])
    assert not differences(application, without)
    assert counts["ok"] >= 0.8 * count, found[:5]
    return counts


@pytest.mark.parametrize("types", ["native", "faithful"])
def test_triggers_of_every_kind(types: str, opened: Open, tmp_path: Path) -> None:
    application = opened(make_zoo(tmp_path / "zoo.db"), types)
    made = application.postgres.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
    assert made.fetchone() == (len(TRIGGERS),)
    for sql in ON_VIEWS:
        application.reset_sequences()
        verdict, why = run(application, sql)
        assert verdict == "ok", (sql, why)
        assert not differences(application), sql
    # Several rows that one statement updates may be logged in another order.
    _tries(application, 7, 250, "log")


@pytest.mark.parametrize(
    ("server", "name"), [("pg15", "sakila"), ("pg18", "northwind")], indirect=["server"]
)
def test_sample_databases(name: str, opened: Open, shared_database: Callable[[str], Path]) -> None:
    path = shared_database(name)
    if name == "sakila":
        connection = apsw.Connection(str(path))
        connection.execute(_FEWER)
        connection.close()
    application = opened(path)
    triggers, views = {"sakila": (30, 5), "northwind": (0, 17)}[name]
    assert len(application.sides.schema.triggers) == triggers
    assert len(application.sides.schema.views) == views
    _tries(application, 3, 200)


@pytest.fixture(scope="session")
def built_reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_reference(tmp_path_factory.mktemp("reference"), megabytes=1)[1]


def _without_nul(path: Path) -> None:
    """Take NUL out of all texts; PostgreSQL holds none, so that a migration repairs them."""
    connection = apsw.Connection(str(path))
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
            texts = connection.execute(
                f'SELECT rowid, "{row[1]}" FROM "{table}" WHERE typeof("{row[1]}") = \'text\''
            ).fetchall()
            for rowid, text in texts:
                if "\0" in str(text):
                    connection.execute(
                        f'UPDATE "{table}" SET "{row[1]}" = ? WHERE rowid = ?',
                        (str(text).replace("\0", "?"), rowid),
                    )
    connection.close()


def test_the_reference_application(built_reference: Path, opened: Open, tmp_path: Path) -> None:
    path = Path(shutil.copy(built_reference, tmp_path))
    _without_nul(path)
    application = opened(path)
    # Its foreign keys name columns that are not unique: with them SQLite writes nothing.
    application.sqlite.execute("PRAGMA foreign_keys = OFF")
    assert len(application.sides.schema.triggers) == 4
    assert len(application.sides.schema.views) == 4
    _tries(application, 5, 150)
