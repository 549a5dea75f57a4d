"""Where settings come from, and which goes first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from outgrow.database import Settings, SettingsError, read_env_file, read_settings


def test_the_first_source_that_says_something_counts() -> None:
    first = {"POSTGRES_HOST": "a", "POSTGRES_USER": " ", "POSTGRES_PASSWORD": ""}
    second = {"POSTGRES_HOST": "b", "POSTGRES_USER": "me", "POSTGRES_PASSWORD": " p "}
    read = read_settings(first, second)
    assert (read.host, read.user, read.password) == ("a", "me", " p ")
    assert read.port == Settings().port


def test_a_mapping_stands_for_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_HOST", "elsewhere")
    assert read_settings({}).host == "localhost"
    assert read_settings().host == "elsewhere"


def test_a_file_of_settings(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert read_env_file(file) == {}
    file.write_text("# a comment\nDB_TYPE=postgresql\nexport POSTGRES_PASSWORD='a b#c'\nBARE\n")
    assert read_env_file(file) == {"DB_TYPE": "postgresql", "POSTGRES_PASSWORD": "a b#c"}


def test_what_is_in_single_quotes_is_meant_as_it_stands(tmp_path: Path) -> None:
    """As a shell reads it."""
    file = tmp_path / ".env"
    file.write_text("A=1\nB='x${A}y'\nC=\"x${A}y\"\nD=x${A}y\nexport E= '$A=${A}'\nF=\"='${A}'\"\n")
    literal = {"B": "x${A}y", "E": "$A=${A}"}
    assert read_env_file(file) == {"A": "1", "C": "x1y", "D": "x1y", "F": "='1'"} | literal


def test_a_file_of_settings_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"POSTGRES_PASSWORD=\xff\xfe\n")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_env_file(file)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("A=1\n\n# x\nDB_TYPE='postgresql\nB=2\n", 4, "DB_TYPE begins with ', and nothing closes"),
        ('A=1\n\n\nexport OTHER = "s3cret\n', 4, 'OTHER begins with ", and nothing closes it'),
        ('POSTGRES_PASSWORD="s3cret\\"\nA=1', 1, 'POSTGRES_PASSWORD begins with "'),
        ("A='s3cret\nPOSTGRES_DB='x'\nB=1\n", 1, "A goes on behind its closing '"),
        ('POSTGRES_DB="s3cret" x\n', 1, 'POSTGRES_DB goes on behind its closing "'),
        ("A=1\nPOSTGRES_DB s3cret\n", 2, "is not NAME=value"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    file = tmp_path / ".env"
    file.write_text(text)
    with pytest.raises(SettingsError) as told:
        read_env_file(file)
    assert str(told.value).startswith(f"OG-720 {file}, line {line}: ")
    assert says in str(told.value)
    assert "s3cret" not in str(told.value)


def test_lines_of_something_else_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("if [ -f x ]; then\nA='b' c\nDB_TYPE=sqlite\nL='two\nlines'\nfi\n")
    assert read_env_file(file) == {"DB_TYPE": "sqlite", "L": "two\nlines"}
    (tmp_path / "venv").mkdir()
    assert read_env_file(tmp_path / "venv") == {}


def test_a_file_of_settings_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / ".env"
    file.write_text("DB_TYPE=postgresql\n")
    monkeypatch.setattr("builtins.open", refused)  # root may read everything
    monkeypatch.setattr(os, "environ", {})
    with pytest.raises(SettingsError, match="Permission denied"):
        read_env_file(file)
    monkeypatch.setattr(os, "environ", {"DB_TYPE": "sqlite"})
    assert read_env_file(file) == {}


def test_a_url_in_a_wrong_variable_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_TYPE", "postgresql://me:s3cret@h/app")
    with pytest.raises(SettingsError, match="DB_TYPE is a URL") as told:
        read_settings()
    assert "s3cret" not in str(told.value)
