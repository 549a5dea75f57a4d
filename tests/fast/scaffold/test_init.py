"""``outgrow init`` as a whole, on projects of several kinds; no server runs here."""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from fast.scaffold.projects import HOSTILE, SAMPLES, SHOP, Init, Sample

GOLDEN = Path(__file__).parents[2] / "golden"

#: Made anew each time, or the project's own.
_NOT_GOLDEN = (".env", "*.db")

pytestmark = pytest.mark.usefixtures("surroundings")


def tree(root: Path, sample: Sample) -> dict[str, str]:
    """Every file that init made or changed and that git would keep, with its text."""
    texts = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(path.match(name) for name in _NOT_GOLDEN)
    }
    return {name: text for name, text in texts.items() if sample.texts.get(name) != text}


def state(root: Path) -> dict[str, tuple[str, int]]:
    """Every file's content and mode."""
    return {
        str(path.relative_to(root)): (
            sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mode & 0o777,
        )
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_project_gets_what_is_kept_in_golden(sample: Sample, tmp_path: Path, init: Init) -> None:
    root = sample.make(tmp_path)
    status, told = init(root, *sample.arguments)
    assert status == 0, told
    golden = GOLDEN / sample.name
    if os.environ.get("OUTGROW_WRITE_PAGES"):
        shutil.rmtree(golden, ignore_errors=True)
        for name, text in tree(root, sample).items():
            (golden / name).parent.mkdir(parents=True, exist_ok=True)
            (golden / name).write_text(text, encoding="utf-8")
    assert tree(root, sample) == tree(golden, sample)
    assert not (root / "owned").exists()


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_second_run_changes_nothing(sample: Sample, tmp_path: Path, init: Init) -> None:
    root = sample.make(tmp_path)
    init(root, *sample.arguments)
    before = state(root)
    assert before[".env"][1] == 0o600
    status, told = init(root, *sample.arguments)
    assert status == 0, told
    assert state(root) == before


def test_a_dry_run_writes_nothing_and_shows_all(tmp_path: Path, init: Init) -> None:
    root = SHOP.make(tmp_path)
    before = state(root)
    status, told = init(root, "--dry-run")
    assert status == 0
    assert state(root) == before
    assert "+++ postgres_schema.sql" in told and "postgres:15-alpine" in told
    init(root)
    secret = (root / ".env").read_text().partition("POSTGRES_PASSWORD=")[2].split()[0]
    assert len(secret) > 20
    assert secret not in told


def test_what_a_person_edited_stays_and_the_plan_is_followed(tmp_path: Path, init: Init) -> None:
    root = SHOP.make(tmp_path)
    init(root)
    plan = root / "migration" / "outgrow.toml"
    edited = plan.read_text().replace(
        'preferences = { type = "jsonb" }', 'preferences = { type = "text" }'
    )
    assert edited != plan.read_text()
    plan.write_text(edited)
    adapter = root / "shop" / "database" / "sqlite_adapter.py"
    adapter.write_text(adapter.read_text() + "\nMINE = True\n")
    compose = root / "docker-compose.yml"
    compose.write_text("services: {}\n")
    status, told = init(root)
    assert status == 0, told
    assert plan.read_text() == edited
    assert adapter.read_text().endswith("MINE = True\n")
    assert compose.read_text() == "services: {}\n"
    assert "postgres:15-alpine" in (root / "docker-compose.yml.new").read_text()
    assert "-services: {}" in told
    schema = (root / "migration" / "postgres_schema.sql").read_text()
    assert "preferences text" in " ".join(schema.split())
    left = {path.name for path in root.rglob("*.new")}
    assert left == {"docker-compose.yml.new"}, "only where init has something else to offer"


def test_commit_commits_what_init_wrote_and_nothing_else(tmp_path: Path, init: Init) -> None:
    root = SHOP.make(tmp_path)
    (root / ".gitignore").write_text("*.db\n")
    git(root, "init", "-q")
    git(root, "add", ".gitignore", "README.md", "requirements.txt", "shop")
    git(root, "commit", "-qm", "first")
    (root / "README.md").write_text("# Shop, in the middle of an edit\n")
    (root / "notes.txt").write_text("not for git\n")
    status, told = init(root, "--commit")
    assert status == 0, told
    committed = set(git(root, "show", "--name-only", "--format=").split())
    assert {"migration/postgres_schema.sql", ".env.sample", "docker-compose.yml"} <= committed
    assert not committed & {"README.md", "notes.txt", ".env", "shop.db"}
    assert (
        git(root, "log", "-1", "--format=%s")
        .strip()
        .endswith("2 tables, 1 index, 1 view, 1 trigger")
    )
    dirty = git(root, "status", "--porcelain").splitlines()
    assert sorted(dirty) == [" M README.md", "?? notes.txt"]


def test_the_lines_for_git_work_as_they_are_printed(tmp_path: Path, init: Init) -> None:
    root = HOSTILE.make(tmp_path)
    git(root, "init", "-q")
    status, told = init(root, *HOSTILE.arguments)
    assert status == 0, told
    lines = [line.strip() for line in told.splitlines() if line.startswith("  git ")]
    assert len(lines) == 2
    for line in lines:
        subprocess.run(["sh", "-ec", line], cwd=root, check=True, capture_output=True)
    committed = git(root, "-c", "core.quotePath=off", "ls-files").splitlines()
    assert "migration/README.md" in committed
    assert ".env" not in committed


def test_a_file_that_others_share_and_that_was_dirty_stays_out(tmp_path: Path, init: Init) -> None:
    root = SHOP.make(tmp_path)
    git(root, "init", "-q")
    git(root, "add", "requirements.txt")
    git(root, "commit", "-qm", "first")
    (root / "requirements.txt").write_text("flask==3.1.0\nhalf a li")
    status, told = init(root, "--commit")
    assert status == 0, told
    assert "requirements.txt" not in git(root, "show", "--name-only", "--format=").split()
    assert "requirements.txt had changes of yours" in told


def test_a_mistake_in_the_plan_is_told_with_its_place(tmp_path: Path, init: Init) -> None:
    root = SHOP.make(tmp_path)
    init(root)
    plan = root / "migration" / "outgrow.toml"
    lines = [*plan.read_text().splitlines(), "[tables.nope]", "include = false", ""]
    plan.write_text("\n".join(lines))
    before = state(root)
    status, told = init(root)
    assert status == 2
    assert f"plan file, line {len(lines) - 2}: no table 'nope'" in told
    assert state(root) == before


def test_what_stands_in_the_way_is_told(tmp_path: Path, init: Init) -> None:
    root = SHOP.make(tmp_path)
    (root / "compose.yaml").write_text("services: {}\n")
    (root / ".env").write_text("SECRET_KEY=x\n")
    git(root, "init", "-q")
    git(root, "add", ".env")
    git(root, "commit", "-qm", "first")
    _, told = init(root)
    assert "docker compose takes compose.yaml and not docker-compose.yml" in told
    assert "git rm --cached .env" in told
    assert (root / ".env").read_text().startswith("SECRET_KEY=x\n")


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_without_git_nothing_is_said_of_it(tmp_path: Path, init: Init) -> None:
    status, told = init(SHOP.make(tmp_path))
    assert status == 0
    assert "git add" not in told


def test_the_closing_block_says_what_was_not_checked(tmp_path: Path, init: Init) -> None:
    _, told = init(SHOP.make(tmp_path))
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert any(line.startswith("server not checked: ") for line in lines)
    assert "tables 2 in migration/postgres_schema.sql, not checked" in lines
    assert "SQLite adapter works (8 checks)" in lines
    assert "PostgreSQL adapter not checked" in lines


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("missing.db",), "OG-100"),
        (("README.md",), "OG-103"),
        (("--package", "../x"), "OG-741"),
    ],
)
def test_what_is_wrong_is_one_line(
    tmp_path: Path, init: Init, arguments: tuple[str, ...], code: str
) -> None:
    root = SHOP.make(tmp_path)
    before = state(root)
    status, told = init(root, *arguments)
    assert status in (1, 2)
    assert len(told.strip().splitlines()) <= 2 and code in told
    assert state(root) == before
