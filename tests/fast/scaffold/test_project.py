"""The project is found as it lies: its files, its name, the place of its package."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from outgrow.errors import UsageError
from outgrow.scaffold.project import project_at, safe_name


def database(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    return path


def found(root: Path) -> list[str]:
    return [str(source.path) for source in project_at(root, []).sources]


def test_files_are_found_by_name_and_content(tmp_path: Path) -> None:
    for name in ("app.db", "data/History.sqlite3", "data/other.sqlite", "a b/c d.db"):
        database(tmp_path / name)
    for name in (".git/x.db", "node_modules/y.db", "lib/site-packages/z.db", "migration/old.db"):
        database(tmp_path / name)
    database(tmp_path / "odd" / "inside.db")
    (tmp_path / "odd" / "pyvenv.cfg").write_text("home = /usr")
    (tmp_path / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0 is not SQLite")
    (tmp_path / "empty.db").touch()
    (tmp_path / "app.sqlite-journal").write_bytes(b"\0" * 512)
    assert found(tmp_path) == ["a b/c d.db", "app.db", "data/History.sqlite3", "data/other.sqlite"]


def test_files_are_told_apart(tmp_path: Path) -> None:
    for name in ("a/app.db", "b/app.db", "app.sqlite"):
        database(tmp_path / name)
    assert [source.label for source in project_at(tmp_path, []).sources] == [
        "a_app",
        "app",
        "b_app",
    ]


def test_named_files_stay_in_their_order(tmp_path: Path) -> None:
    root, other = tmp_path / "project", tmp_path / "elsewhere"
    root.mkdir()
    named = [database(root / "b.db"), database(other / "a.db")]
    sources = project_at(root, named).sources
    assert [str(source.path) for source in sources] == ["b.db", str(other / "a.db")]


def test_no_file_and_one_file_twice(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="OG-740"):
        project_at(tmp_path, [])
    file = database(tmp_path / "a.db")
    with pytest.raises(UsageError, match="OG-131"):
        project_at(tmp_path, [file, tmp_path / "." / "a.db"])


@pytest.mark.parametrize(
    ("folders", "package"),
    [
        (["app/server"], "app/server/database"),
        (["backend", "frontend"], "backend/database"),
        (["src/shop/__init__.py"], "src/shop/database"),
        (["shop/__init__.py", "tests/__init__.py"], "shop/database"),
        (["one/__init__.py", "two/__init__.py"], "database"),
        ([], "database"),
    ],
)
def test_the_package_goes_where_the_code_is(
    tmp_path: Path, folders: list[str], package: str
) -> None:
    database(tmp_path / "a.db")
    for folder in folders:
        path = tmp_path / folder
        (path.parent if path.suffix else path).mkdir(parents=True)
        if path.suffix:
            path.touch()
    assert str(project_at(tmp_path, []).package) == package


@pytest.mark.parametrize("package", ["../elsewhere", "/tmp/elsewhere", "."])
def test_the_package_stays_in_the_project(tmp_path: Path, package: str) -> None:
    database(tmp_path / "a.db")
    with pytest.raises(UsageError, match="OG-741"):
        project_at(tmp_path, [], package=package)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("tac-webbuilder", "tac-webbuilder"),
        ("My Shop (2)", "my-shop-2"),
        ("_x_", "x"),
        ("äöü", "app"),
        ("", "app"),
    ],
)
def test_names_suit_containers(given: str, name: str) -> None:
    assert safe_name(given) == name
