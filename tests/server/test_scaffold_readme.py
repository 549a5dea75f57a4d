"""The steps of the migration's README as they stand there, on a server that is not Docker's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
from commands import environment, outgrow

from fast.scaffold.projects import SHOP
from fast.scaffold.readme import outfitted, parts


def test_the_steps_of_the_page(tmp_path: Path, database: str) -> None:
    page = outfitted(SHOP, tmp_path)
    url = "postgresql://shop@localhost:5432/shop"
    inside = ["docker", "compose", "exec"]

    def step(*words: str) -> list[str]:
        """Give the first command of the page that begins so, for this server."""
        command = next(
            command
            for line in page.commands
            for command in parts(line)
            if command[: len(words)] == list(words) and len(command) > len(words)
        )
        return [database if word == url else word for word in command]

    def ran(command: list[str]) -> str:
        done = subprocess.run(
            command,
            cwd=page.root,
            env=environment(),
            capture_output=True,
            encoding="latin-1",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def here(command: list[str]) -> list[str]:
        """Give what is run in the container; the names are those of this server."""
        program, _, _, _, _, *rest = command[command.index("postgres") + 1 :]
        return [program, "-d", database, *rest]

    ran(step("psql", "-v"))
    assert "(2 rows)" in ran(here(step(*inside, "postgres", "psql")))

    for name in ("migrate", "verify"):
        done = outgrow(*step("outgrow", name)[1:], cwd=page.root)
        assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (2,)
        version = connection.info.server_version // 10_000

    settings = {"DB_TYPE": "postgresql", "DATABASE_URL": database}
    done = outgrow("doctor", cwd=page.root, **settings)
    assert done.returncode == 0
    assert "Nothing is wrong." in done.stdout  # what the checklist waits for

    if f" {version}." in ran(["pg_dump", "--version"]):  # an older one refuses; Docker's is its own
        assert ran(here(step(*inside, "-T", "postgres", "pg_dump")))
