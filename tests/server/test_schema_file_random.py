"""Random files: their schema file loads, and makes what their migration makes."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import psycopg
from databases.files import File, cases
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from test_schema_file import ENTRYPOINT, picture

from outgrow.errors import OutgrowError
from outgrow.model.types import Policy
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.migrate import Options, migrate
from outgrow.pipeline.progress import Silent
from outgrow.pipeline.schema_file import schema_file
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.target import parse_target

#: Findings of what only the rows could show: something is weaker, or left out.
_BY_ROWS = {"OG-530", "OG-531", "OG-534", "OG-543"}


def test_random_files_load_as_they_would_be_migrated(server: EmbeddedServer, database: str) -> None:
    compared = 0

    @seed(6)
    @settings(
        max_examples=12,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(), st.sampled_from(Policy))
    def run(files: tuple[File, ...], policy: Policy) -> None:
        nonlocal compared
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS public, outgrow CASCADE")
            connection.execute("CREATE SCHEMA public")
        with tempfile.TemporaryDirectory() as folder:
            paths = [file.write(Path(folder)) for file in files]
            wishes = Wishes(policy=policy)
            try:
                with assessed(paths, wishes, progress=Silent()) as assessment:
                    construction = assessment.construction(schema=assessment.plan.schema)
                    text = schema_file(assessment, construction)
            except OutgrowError:
                return  # there is no table in it, or it can't be read
            load(server, database, text)
            made = picture(database)
            target = nullcontext(parse_target(database))
            outcome = migrate(paths, lambda: target, wishes, Options(jobs=1), Silent())
        if not _BY_ROWS & codes(outcome):
            compared += 1
            assert picture(database) == made

    run()
    assert compared > 5


def load(server: EmbeddedServer, database: str, text: str) -> None:
    done = subprocess.run(
        [server.psql, *ENTRYPOINT, "--dbname", database],
        input=text.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0 and b"ERROR" not in done.stderr, done.stderr.decode()


def codes(outcome: Any) -> set[str]:
    """Name what was found, and what is missing."""
    missing = {each.reason.split()[0] for each in outcome.missing}
    return missing | {finding.code.name for finding in outcome.findings}
