"""``.env.sample``, ``.env`` and ``.gitignore``: lines are added, and nothing else is touched."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from io import StringIO
from pathlib import Path, PurePosixPath

import pytest
from dotenv import dotenv_values

from compose_file import project, sourced
from outgrow.database.settings import read_settings
from outgrow.scaffold import writing
from outgrow.scaffold.environment import (
    ignoring,
    merged,
    private_settings,
    quoted,
    sample,
    settings_files,
)
from outgrow.scaffold.project import SourceFile

NAMES = (
    "DB_TYPE POSTGRES_HOST POSTGRES_PORT POSTGRES_DB POSTGRES_USER POSTGRES_PASSWORD "
    "POSTGRES_POOL_MIN POSTGRES_POOL_MAX POSTGRES_TIMEOUT POSTGRES_DRIVER SQLITE_PATH DATABASE_URL"
).split()
SAMPLE = sample(project(Path("/work")))


def in_shell(folder: Path, text: str) -> dict[str, str]:
    (folder / ".env").write_text(text)
    return sourced(folder)


def outfit(root: Path) -> None:
    writing.write(settings_files(project(root)))


# .env.sample


def test_the_sample_names_every_setting_in_the_order_asked_for(tmp_path: Path) -> None:
    assert re.findall(r"^(?:# )?([A-Z_]+)=", SAMPLE, re.MULTILINE) == NAMES
    values = in_shell(tmp_path, SAMPLE)
    assert (values["DB_TYPE"], values["POSTGRES_PASSWORD"]) == ("sqlite", "")
    assert "DATABASE_URL" not in values
    assert values["SQLITE_PATH"] == "app/server/db/database.db"


def test_the_sample_says_no_other_than_the_defaults(tmp_path: Path) -> None:
    ours = read_settings(in_shell(tmp_path, SAMPLE))
    default = read_settings({})
    assert ours == replace(
        default, sqlite_path=ours.sqlite_path, dbname="tac_webbuilder", user="tac_webbuilder"
    )


@pytest.mark.parametrize("missing", ["DB_TYPE", "POSTGRES_PORT", "POSTGRES_TIMEOUT"])
def test_only_what_is_missing_is_added_with_its_comment(missing: str) -> None:
    person = "# mine\r\nSECRET='a\r\nPOSTGRES_PORT=1'\r\n" + "\r\n".join(
        f"{name}=x" for name in NAMES if name != missing
    )
    after = merged(person, SAMPLE)
    assert after.startswith(person)
    added = after[len(person) :]
    assert added.count("=") == 1
    assert f"{missing}=" in added
    assert "\n" not in added.replace("\r\n", "")
    assert ("# Seconds to wait" in added) == (missing == "POSTGRES_TIMEOUT")
    assert merged(after, SAMPLE) == after


def test_what_somebody_switched_off_is_not_added_again() -> None:
    assert merged(SAMPLE.replace("POSTGRES_HOST=", "#POSTGRES_HOST="), SAMPLE).count("_HOST") == 1


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_an_empty_sample_becomes_the_whole_one(text: str | None) -> None:
    assert merged(text, SAMPLE) == SAMPLE


# .env


def test_env_is_private_and_has_a_password_of_its_own(tmp_path: Path) -> None:
    passwords = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        outfit(tmp_path / name)
        values = sourced(tmp_path / name)
        passwords.add(values["POSTGRES_PASSWORD"])
        assert values["DB_TYPE"] == "sqlite"
        assert (tmp_path / name / ".env").stat().st_mode & 0o777 == 0o600
        assert values["POSTGRES_PASSWORD"] not in (tmp_path / name / ".env.sample").read_text()
    assert len(passwords) == 2
    assert all(re.fullmatch(r"[0-9a-f]{48}", each) for each in passwords)


def test_twice_changes_nothing(tmp_path: Path) -> None:
    outfit(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    outfit(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert not any(each.writes for each in settings_files(project(tmp_path)))


def test_what_a_person_set_stays(tmp_path: Path) -> None:
    person = "POSTGRES_PASSWORD='mine # too'\nSECRET_KEY=x y\nexport POSTGRES_PORT=5433"
    after = private_settings(person, SAMPLE, SAMPLE)
    assert after.startswith(person)
    (tmp_path / ".env").write_text(after)
    values = dotenv_values(tmp_path / ".env")
    assert values["POSTGRES_PASSWORD"] == "mine # too"
    assert (values["POSTGRES_PORT"], values["POSTGRES_HOST"]) == ("5433", "localhost")


@pytest.mark.parametrize(
    "line",
    [
        "POSTGRES_PASSWORD=",
        "POSTGRES_PASSWORD=   # none yet",
        'export POSTGRES_PASSWORD=""',
        "POSTGRES_PASSWORD",
        "# POSTGRES_PASSWORD=old",
        "POSTGRES_PASSWORD=old\nPOSTGRES_PASSWORD=''",
        "A=1\r\nPOSTGRES_PASSWORD=\r\nB=2\r\n",
    ],
)
def test_a_password_comes_where_none_is(line: str, tmp_path: Path) -> None:
    after = private_settings(line, SAMPLE, SAMPLE, "secret")
    (tmp_path / ".env").write_bytes(after.encode())
    assert dotenv_values(tmp_path / ".env")["POSTGRES_PASSWORD"] == "secret"
    kept = [each for each in line.splitlines() if not re.search("PASSWORD", each)]
    assert [each for each in after.splitlines() if each in kept] == kept
    assert private_settings(after, SAMPLE, SAMPLE, "another") == after


def test_env_takes_the_values_of_the_projects_own_sample_but_no_password(tmp_path: Path) -> None:
    (tmp_path / ".env.sample").write_text(
        "APP_KEY=changeme\nPOSTGRES_PORT=5433\nPOSTGRES_PASSWORD=postgres\n"
    )
    outfit(tmp_path)
    values = sourced(tmp_path)
    assert values["POSTGRES_PORT"] == "5433"
    assert "APP_KEY" not in values
    assert len(values["POSTGRES_PASSWORD"]) == 48


@pytest.mark.parametrize(
    "path",
    [
        "my data/app.db",
        "a#b c.db",
        "it's.db",
        'say "x".db',
        "back\\slash.db",
        "é $HOME.db",
        "a'\\n",
    ],
)
def test_any_path_is_read_back(path: str, tmp_path: Path) -> None:
    assert dotenv_values(stream=StringIO(f"A={quoted(path)}\nB=2"))["A"] == path
    here = replace(project(tmp_path), sources=(SourceFile(PurePosixPath(path), "app"),))
    assert dotenv_values(stream=StringIO(sample(here)))["SQLITE_PATH"] == path


# .gitignore


@pytest.mark.parametrize(
    "before",
    ["", "node_modules/", "*.pyc\r\n.env\r\n", "/.env\n.outgrow\nmigration/backups\n", "!.env\n"],
)
def test_git_keeps_neither_password_nor_copies(before: str, tmp_path: Path) -> None:
    after = ignoring(before)
    assert after.startswith(before)
    assert ignoring(after) == after
    (tmp_path / ".gitignore").write_bytes(after.encode())
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    secret = [".env", ".outgrow/data", "migration/backups/a.db"]
    said = subprocess.run(
        ["git", "check-ignore", *secret, ".env.sample", "migration/outgrow.toml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert said.split() == secret


def test_what_git_already_ignores_is_not_said_again() -> None:
    before = "/.env\n.outgrow\nmigration/backups/\n"
    assert ignoring(before) == before
