"""What an application pays: nothing to import, one look-up for what was translated before."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from outgrow.model.source import Affinity
from outgrow.model.types import Kind, TargetType
from outgrow.translate import ColumnInfo, Schema, TableInfo, Translations, classes_of

_THINGS = TableInfo(
    "things",
    "things",
    (
        ColumnInfo("id", "id", TargetType(Kind.BIGINT), Affinity.INTEGER, not_null=True),
        ColumnInfo("name", "name", TargetType(Kind.TEXT), Affinity.TEXT),
    ),
    "id",
    ("id",),
)
SCHEMA = Schema("public", {"things": _THINGS})


def test_importing_loads_no_parser_and_no_driver() -> None:
    script = (
        "import sys, outgrow.translate\n"
        "print({'syntaqlite', 'apsw', 'psycopg', 'rich', 'tomlkit'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_a_statement_is_translated_once_for_each_combination_of_classes() -> None:
    translations = Translations(SCHEMA)
    sql = "SELECT name FROM things WHERE id = ?"
    first = translations(sql, classes_of((1,)))
    assert translations(sql, classes_of((2,))) is first
    assert translations(sql, classes_of(("2",))) is not first


def test_threads_translate_beside_each_other() -> None:
    translations = Translations(SCHEMA)

    def work(n: int) -> str:
        return translations(
            f"SELECT date('2024-01-{n % 28 + 1:02}') AS d, {n} AS n FROM things"
        ).sql

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(400)))
    assert all(f"'2024-01-{n % 28 + 1:02}'" in sql for n, sql in enumerate(found))
