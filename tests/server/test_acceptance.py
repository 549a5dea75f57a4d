"""The command line on real databases and on the reference application, judged independently."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from commands import outgrow

from independent.behaviour import compare_triggers, compare_views, random_work
from independent.compare import compare, summary
from independent.pair import make_sqlite
from outgrow.demo import build_reference

COMPLETE, INCOMPLETE = 0, 4


def migrate(path: Path, database: str, *options: str) -> tuple[int, dict[str, Any]]:
    """Run ``migrate --json``; the exit status and the one object on stdout."""
    done = outgrow("migrate", path, "--to", database, "--json", *options)
    assert done.returncode in (COMPLETE, INCOMPLETE), done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert (report["status"] == "verified") == (done.returncode == COMPLETE)
    return done.returncode, report


@pytest.mark.parametrize("name", ["chinook", "northwind", "sakila"])
def test_a_real_database_arrives_without_any_difference(
    name: str, shared_database: Callable[[str], Path], database: str
) -> None:
    path = shared_database(name)
    status, report = migrate(path, database)
    assert status == COMPLETE
    assert not any(told["missing"] for told in report["objects"].values())
    differences = compare(path, database, report=report)
    assert not differences, summary(differences)
    differences = compare_views(path, database, report)
    assert not differences, summary(differences)


@pytest.fixture(scope="session")
def built_reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_reference(tmp_path_factory.mktemp("reference"), megabytes=2)[1]


@pytest.fixture
def reference(built_reference: Path, tmp_path: Path) -> Path:
    """A private copy of the reference application's workflow_history.db."""
    return Path(shutil.copy(built_reference, tmp_path))


@pytest.mark.parametrize("types", ["native", "faithful", "eager"])
def test_the_reference_application_arrives(types: str, reference: Path, database: str) -> None:
    status, report = migrate(reference, database, "--types", types)
    assert status == INCOMPLETE, "texts with NUL are repaired, and keys without a parent listed"
    counts = {
        kind: (told["source"], told["target"])
        for kind, told in report["objects"].items()
        if kind in ("tables", "indexes", "views", "triggers")
    }
    assert counts == {
        "tables": (9, 9),
        "indexes": (42, 42),
        "views": (4, 4),
        "triggers": (4, 4),
    }
    missing = {kind: len(told["missing"]) for kind, told in report["objects"].items()}
    assert missing == {kind: 4 if kind == "foreign_keys" else 0 for kind in missing}
    differences = compare(reference, database, report=report)
    assert not differences, summary(differences)
    differences = compare_views(reference, database, report)
    assert not differences, summary(differences)
    with closing(sqlite3.connect(reference)) as connection:
        tools = [name for (name,) in connection.execute("SELECT tool_name FROM adw_tools")]
    work = random_work(2, 150, [*tools, "not a tool"])
    differences = compare_triggers(reference, database, work, report)
    assert not differences, summary(differences)
    if types != "eager":  # there NULL stands for what did not fit, and views count it so
        differences = compare_views(reference, database, report)
        assert not differences, summary(differences)


@pytest.mark.parametrize("types", ["native", "faithful"])
def test_the_pair_arrives_without_any_difference(types: str, tmp_path: Path, database: str) -> None:
    pair = make_sqlite(tmp_path / "pair.db")
    status, report = migrate(pair, database, "--types", types)
    assert status == COMPLETE
    differences = compare(pair, database, report=report)
    assert not differences, summary(differences)
