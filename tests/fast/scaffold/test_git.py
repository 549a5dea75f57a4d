"""Only what init wrote is committed, as git itself tells."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from outgrow.errors import OutgrowError
from outgrow.scaffold.git import lines, repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A Person")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "person@example.com")
    root = tmp_path / "a project"
    root.mkdir()
    git(root, "init", "-q")
    (root / "shared.txt").write_text("one\n")
    (root / ".gitignore").write_text("*.log\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_nothing_else_is_committed(tree: Path) -> None:
    (tree / "shared.txt").write_text("one\ntwo\n")
    (tree / "staged.txt").write_text("staged by somebody\n")
    git(tree, "add", "staged.txt")
    (tree / "new *.sql").write_text("SELECT 1;\n")
    (tree / "new other.sql").write_text("not ours\n")
    found = repository(tree)
    assert found is not None
    assert PurePosixPath("shared.txt") in found.dirty
    found.commit([PurePosixPath("new *.sql")], "ours")
    assert git(tree, "show", "--name-only", "--format=%s").split("\n\n") == ["ours", "new *.sql\n"]
    assert git(tree, "diff", "--cached", "--name-only") == "staged.txt\n"
    assert git(tree, "diff", "--name-only") == "shared.txt\n"


def test_a_project_below_the_root_of_the_tree(tree: Path) -> None:
    project = tree / "services" / "shop"
    project.mkdir(parents=True)
    (project / "init.txt").write_text("x\n")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "second")
    (project / "init.txt").write_text("y\n")
    found = repository(project)
    assert found is not None and found.dirty == {PurePosixPath("init.txt")}
    found.commit([PurePosixPath("init.txt")], "third")
    assert git(tree, "show", "--name-only", "--format=").strip() == "services/shop/init.txt"


def test_what_git_ignores_is_left_out(tree: Path) -> None:
    found = repository(tree)
    assert found is not None
    paths = [PurePosixPath("a.log"), PurePosixPath("b.sql")]
    assert found.kept(paths) == [PurePosixPath("b.sql")]


def test_the_lines_can_be_pasted(tree: Path) -> None:
    (tree / "it's.sql").write_text("SELECT 1;\n")
    script = "\n".join(lines([PurePosixPath("it's.sql")], "It's done: 1 table"))
    subprocess.run(["sh", "-ec", script], cwd=tree, check=True, capture_output=True)
    assert git(tree, "log", "-1", "--format=%s") == "It's done: 1 table\n"


def test_a_refusal_of_git_is_one_line(tree: Path) -> None:
    hook = tree / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on a Monday' >&2\nexit 1\n")
    hook.chmod(0o755)
    (tree / "new.sql").write_text("SELECT 1;\n")
    found = repository(tree)
    assert found is not None
    with pytest.raises(OutgrowError, match=r"OG-743.*not on a Monday"):
        found.commit([PurePosixPath("new.sql")], "ours")


def test_a_project_without_git(tmp_path: Path) -> None:
    assert repository(tmp_path) is None
