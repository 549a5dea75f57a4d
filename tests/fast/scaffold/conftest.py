"""``outgrow init`` as a person runs it, in surroundings that say nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fast.scaffold.projects import Init
from outgrow.cli import main
from outgrow.scaffold import outfit
from outgrow.scaffold.reference import Reference


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that says nothing, and a git that knows who commits."""
    for name in list(os.environ):
        if name.startswith(("POSTGRES_", "GIT_", "PG")) or name in (
            "DB_TYPE",
            "DATABASE_URL",
            "SQLITE_PATH",
        ):
            monkeypatch.delenv(name)
    # As if it were installed from a repository, and not from the folder of these tests.
    where = Reference("git+https://example.com/outgrow@0123456")
    monkeypatch.setattr(outfit, "installed_reference", lambda: where)
    monkeypatch.setenv("POSTGRES_PORT", "1")  # nobody answers there
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("COLUMNS", "120")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A Person")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "person@example.com")


@pytest.fixture
def init(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Init]:
    """Run init in a folder; gives its status and all that it printed."""

    def run(root: Path, *arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        with monkeypatch.context() as here:
            here.chdir(root)
            status = main(["init", *arguments])
        told = "".join(capfd.readouterr())
        assert "Traceback" not in told
        return status, told

    yield run
