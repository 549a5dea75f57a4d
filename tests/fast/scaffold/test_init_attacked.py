"""``outgrow init`` where a project is odd: what a person wrote stays, and no password gets out."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fast.scaffold.projects import Init, Sample
from outgrow.cli import main
from outgrow.database.settings import read_env_file

pytestmark = [
    pytest.mark.usefixtures("surroundings"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]

SMALL = Sample("small", {}, {"app.db": "CREATE TABLE item (id INTEGER PRIMARY KEY);"})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project in a git of its own, its SQLite file committed."""
    made = SMALL.make(tmp_path)
    git(made, "init", "-q")
    git(made, "add", ".")
    git(made, "commit", "-qm", "first")
    return made


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


def committed(root: Path) -> list[str]:
    return git(root, "show", "--name-only", "--format=").split()


def add_table(root: Path, name: str) -> None:
    with closing(sqlite3.connect(root / "app.db")) as connection:
        connection.execute(f"CREATE TABLE {name} (a)")


def test_nobody_is_told_to_commit_a_password(root: Path, init: Init) -> None:
    (root / ".env").write_text("SECRET_KEY=x\n")
    _, told = init(root)
    assert ".env had changes" not in told


@pytest.mark.parametrize("negated", ["!.env*", "!*", "!**/.env", "!/.env"])
def test_a_pattern_that_takes_env_back_does_not_let_it_into_git(
    root: Path, init: Init, negated: str
) -> None:
    (root / ".gitignore").write_text(f".env\nmigration/backups/\n{negated}\n")
    init(root)
    assert git(root, "check-ignore", "--", ".env", "migration/backups/x.db").splitlines() == [
        ".env",
        "migration/backups/x.db",
    ]
    once = (root / ".gitignore").read_text()
    init(root)
    assert (root / ".gitignore").read_text() == once


@pytest.mark.parametrize("line", [".env/", " .env", "#.env", "/.env/"])
def test_a_line_that_only_looks_like_env_is_not_enough(root: Path, init: Init, line: str) -> None:
    (root / ".gitignore").write_text(f"{line}\n")
    init(root)
    assert git(root, "check-ignore", "--", ".env") == ".env\n"


def test_what_a_person_wrote_beside_stays(root: Path, init: Init) -> None:
    (root / "docker-compose.yml").write_text("mine\n")
    (root / "docker-compose.yml.new").write_text("mine, too\n")
    _, told = init(root)
    assert (root / "docker-compose.yml").read_text() == "mine\n"
    assert (root / "docker-compose.yml.new").read_text() == "mine, too\n"
    assert "services:" in (root / "docker-compose.yml.new2").read_text()
    assert "yours, see docker-compose.yml.new2" in told


def test_an_edited_file_beside_is_the_persons_too(root: Path, init: Init) -> None:
    init(root)
    readme = root / "migration" / "README.md"
    readme.write_text("mine\n")
    init(root)
    beside = root / "migration" / "README.md.new"
    edited = beside.read_text() + "half merged\n"
    beside.write_text(edited)
    init(root)
    assert not beside.with_name("README.md.new2").exists()
    add_table(root, "later")
    init(root)
    assert beside.read_text() == edited
    assert "`later`" in beside.with_name("README.md.new2").read_text()


def test_a_word_in_the_line_of_the_mark_stays(root: Path, init: Init) -> None:
    init(root)
    path = root / "migration" / "sqlite_schema_app.sql"
    mark, rest = path.read_text().split("\n", 1)
    path.write_text(f"{mark} (seen by Ann)\n{rest}")
    add_table(root, "later")
    init(root)
    assert "(seen by Ann)" in path.read_text()


def test_a_file_in_a_folder_that_git_does_not_know_is_not_committed(root: Path, init: Init) -> None:
    folder = root / "app" / "server"
    folder.mkdir(parents=True)
    (folder / "requirements.txt").write_text("flask\n# not for others\n")
    git(root, "config", "status.showUntrackedFiles", "no")
    status, told = init(root, "--commit")
    assert status == 0, told
    assert "app/server/requirements.txt" not in committed(root)
    assert "app/server/database/factory.py" in committed(root)
    assert "app/server/requirements.txt had changes of yours" in told


def test_what_an_earlier_run_wrote_can_still_be_committed(root: Path, init: Init) -> None:
    init(root)
    status, told = init(root, "--commit")
    assert status == 0, told
    assert {"docker-compose.yml", "migration/README.md"} <= set(committed(root))
    assert ".env" not in committed(root)
    _, told = init(root, "--commit")
    assert "git add" not in told and "committed" not in told


def test_a_dry_run_prints_the_lines_after_a_commit_that_failed(root: Path, init: Init) -> None:
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    status, told = init(root, "--commit")
    assert status == 1 and "init --dry-run" in told
    _, told = init(root, "--dry-run")
    assert "git commit -m" in told


def test_commit_says_so_where_there_is_no_git(tmp_path: Path, init: Init) -> None:
    status, told = init(SMALL.make(tmp_path), "--commit")
    assert status == 0
    assert "nothing was committed" in told


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_in_git_that_is_not_utf8(root: Path, init: Init) -> None:
    Path(os.fsdecode(os.fsencode(root) + b"/a\xff.txt")).touch()
    status, told = init(root, "--commit")
    assert status == 0, told


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_folder_that_is_not_utf8_is_refused(root: Path, init: Init) -> None:
    odd = Path(os.fsdecode(os.fsencode(root) + b"\xff"))
    root.rename(odd)
    status, told = init(odd)
    assert status == 1
    assert "OG-116" in told and "OG-700" not in told


@pytest.mark.parametrize(
    "package", ["class/import", "my db", "1db", "it's", "json", "outgrow", "a\nb", "app.db"]
)
def test_a_package_that_python_can_not_import_is_refused(
    root: Path, init: Init, package: str
) -> None:
    status, told = init(root, "--package", package)
    assert status == 2
    assert "OG-744" in told
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(root: Path, init: Init) -> None:
    os.mkfifo(root / "queue.db")
    # With somebody at the other end, opening it would not hang the test, only find a wrong file.
    other = os.open(root / "queue.db", os.O_RDWR | os.O_NONBLOCK)
    try:
        os.write(other, b"SQLite format 3\0" + b"\0" * 84)
        status, told = init(root)
        assert len(os.read(other, 100)) == 100
    finally:
        os.close(other)
    assert status == 0, told


def test_a_file_with_two_names_is_found_once(root: Path, init: Init) -> None:
    (root / "a-link.db").symlink_to("app.db")
    os.link(root / "app.db", root / "b.db")
    status, told = init(root)
    assert status == 0, told
    assert "SQLITE_PATH=app.db" in (root / ".env").read_text()
    found = sorted(path.name for path in (root / "migration").glob("sqlite_schema_*.sql"))
    assert found == ["sqlite_schema_app.sql"]


@pytest.mark.parametrize(
    "written",
    [
        b"POSTGRES_PASSWORD='a\"b `c` $d #e'\n",
        b'export POSTGRES_PASSWORD="a\\"b `c` $d #e" # of the server\r\n',
        b"POSTGRES_PASSWORD=old\nPOSTGRES_PASSWORD = 'a\"b `c` $d #e'\n",
    ],
)
def test_the_readme_takes_the_password_out_of_any_env(
    root: Path, init: Init, written: bytes
) -> None:
    (root / ".env").write_bytes(written)
    init(root)
    lines = (root / "migration" / "README.md").read_text().splitlines()
    (line,) = [each for each in lines if each.startswith("export PGPASSWORD=")]
    line = line.replace("$(python ", f"$({sys.executable} ")
    done = subprocess.run(
        ["sh", "-c", f'{line}; printf %s "$PGPASSWORD"'],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == 'a"b `c` $d #e'


@pytest.mark.parametrize(
    "written",
    ["project = 1\n", 'tool = "x"\n', '[project]\ndependencies = "flask"\n', "tool.poetry = []\n"],
)
def test_a_pyproject_of_another_shape_is_told(root: Path, init: Init, written: str) -> None:
    (root / "pyproject.toml").write_text(written)
    status, told = init(root)
    assert status == 2
    assert "OG-746" in told and "OG-700" not in told


@pytest.mark.parametrize("name", ["app.db", "link.sql", "copy.db"])
def test_no_schema_is_written_over_a_sqlite_file(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (root / "link.sql").symlink_to("app.db")
    shutil.copy(root / "app.db", root / "copy.db")
    before = (root / name).read_bytes()
    monkeypatch.chdir(root)
    assert main(["schema", "app.db", "-o", name]) == 2
    assert "OG-710" in capsys.readouterr().err
    assert (root / name).read_bytes() == before


def test_a_schema_of_a_file_that_is_not_named_any_more_is_told(root: Path, init: Init) -> None:
    init(root)
    (root / "app.db").rename(root / "shop.db")
    _, told = init(root)
    assert "migration/sqlite_schema_app.sql is of an earlier run" in told
    _, told = init(root, "--dry-run")
    assert "migration/sqlite_schema_app.sql is of an earlier run" in told
    (root / "migration" / "sqlite_schema_app.sql").unlink()
    _, told = init(root)
    assert "of an earlier run" not in told


@pytest.mark.parametrize(
    ("written", "told_of"),
    [
        ("POSTGRES_DB=main\nPOSTGRES_USER=small\n", "POSTGRES_DB"),
        ("POSTGRES_PORT=5433\nexport POSTGRES_USER='me'\n", "POSTGRES_PORT, POSTGRES_USER"),
        ("DATABASE_URL=postgresql://me:hush@localhost/x\n", "DATABASE_URL"),
        ("POSTGRES_DRIVER=psycopg2\n", "POSTGRES_DRIVER"),
        ("POSTGRES_DB=small\nPOSTGRES_USER=\n", ""),
    ],
)
def test_settings_that_differ_from_what_is_written_are_told(
    root: Path, init: Init, written: str, told_of: str
) -> None:
    (root / ".env").write_text(written)
    _, told = init(root)
    if told_of:
        assert f".env says otherwise for {told_of}: " in told
    else:
        assert "says otherwise" not in told
    assert "hush" not in told


def test_commands_take_a_file_whose_name_begins_like_an_option(root: Path, init: Init) -> None:
    (root / "app.db").rename(root / "-n.db")
    init(root)
    text = (root / "migration" / "README.md").read_text()
    commands = [line for line in text.splitlines() if line.startswith("outgrow ") and "-n" in line]
    assert len(commands) >= 5
    for line in commands:
        assert Path("-n.db") in [Path(word) for word in shlex.split(line) if word[0] != "-"], line


@pytest.mark.parametrize("name", ["it's ${HOME}.db", "it's \\${HOME}\\.db", "${HOME}.db"])
def test_a_name_with_a_variable_in_it_is_the_name(root: Path, init: Init, name: str) -> None:
    (root / "app.db").rename(root / name)
    init(root)
    assert read_env_file(root / ".env")["SQLITE_PATH"] == name


@pytest.mark.parametrize(("folder", "is_told"), [("mine", True), ("new", False)])
def test_a_backup_that_git_would_keep_is_told(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: str,
    is_told: bool,
) -> None:
    (root / "mine").mkdir()
    (root / "mine" / "notes.txt").write_text("mine\n")
    monkeypatch.chdir(root)
    assert main(["backup", "app.db", "--dir", folder]) == 0
    assert bool(git(root, "status", "--porcelain", "-uall", "--", folder, ":!mine/notes.txt")) == (
        is_told
    )
    assert ("git does not ignore mine" in capsys.readouterr().err) == is_told


def test_a_home_that_leads_out_of_the_project_is_named(root: Path, init: Init) -> None:
    (root.parent / "other").mkdir()
    (root / "app").symlink_to(root.parent / "other")
    status, told = init(root)
    assert status == 2
    assert "OG-741 app/database: " in told


def test_a_new_env_has_one_kind_of_line_ends(root: Path, init: Init) -> None:
    (root / ".env.sample").write_bytes(b"POSTGRES_PORT=5555\r\n")
    init(root)
    assert b"\r" not in (root / ".env").read_bytes()
    assert b"POSTGRES_PORT=5555\n" in (root / ".env").read_bytes()


def test_windows_line_ends_are_not_doubled(root: Path, init: Init) -> None:
    (root / ".env.sample").write_bytes(b"ONE=1\r\n")
    (root / ".env").write_bytes(b"TWO=2\r\n")
    init(root)
    for name in (".env", ".env.sample"):
        lines = (root / name).read_bytes().split(b"\n")
        assert all(line.count(b"\r") == 1 and line.endswith(b"\r") for line in lines[:-1])


@pytest.mark.parametrize("folder", ["outgrow", "src/outgrow"])
def test_a_project_whose_own_package_is_called_outgrow(root: Path, init: Init, folder: str) -> None:
    (root / folder).mkdir(parents=True)
    (root / folder / "__init__.py").touch()
    status, told = init(root, "--package", "app/database")
    assert status == 2
    assert "OG-744" in told
    assert not (root / "migration").exists()
