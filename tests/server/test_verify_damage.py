"""``outgrow verify`` finds whatever is done to a database after it was migrated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from commands import migrated, outgrow
from fresh_databases import make_database
from psycopg.conninfo import make_conninfo

from independent.mutations import MUTATIONS, Mutation
from independent.pair import make_sqlite
from outgrow.postgres.embedded import EmbeddedServer


@pytest.fixture(scope="session")
def migrated_pair(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pair's SQLite file, migrated to a database that each test takes a copy of."""
    pair = make_sqlite(tmp_path_factory.mktemp("pair") / "pair.db")
    with psycopg.connect(server.url, autocommit=True) as connection:
        make_database(connection, template(pair))
    migrated(pair, "--to", make_conninfo(server.url, dbname=template(pair)))
    return pair


def template(pair: Path) -> str:
    """The name of the migrated database: one of each worker, which the server's end removes."""
    return f"pair_{sha256(bytes(pair)).hexdigest()[:20]}"


@pytest.fixture
def copy_of_pair(server: EmbeddedServer, migrated_pair: Path) -> Iterator[str]:
    name = f"copy_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        make_database(connection, name, template(migrated_pair))
        yield make_conninfo(server.url, dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def errors(pair: Path, conninfo: str) -> list[str]:
    """What ``verify`` finds; it must find something."""
    done = outgrow("verify", pair, "--to", conninfo, "--json")
    assert done.returncode == 5, f"verify ended with {done.returncode} {done.stderr[-500:]}"
    findings = json.loads(done.stdout)["findings"]
    return [finding["where"] for finding in findings if finding["severity"] == "error"]


def test_verify_finds_every_damage_to_rows(migrated_pair: Path, copy_of_pair: str) -> None:
    damages = [mutation for mutation in MUTATIONS if mutation.rows]
    with psycopg.connect(copy_of_pair, autocommit=True) as connection:
        for mutation in damages:
            mutation.damage(connection)
    places = errors(migrated_pair, copy_of_pair)
    for mutation in damages:
        column = mutation.names[0]
        table = column.partition(".")[0]
        assert any(place.endswith((f":{column}", f":{table}")) for place in places), mutation.name


#: What somebody adds to a published database is theirs to add.
LOSSES = [m for m in MUTATIONS if not m.rows and not m.name.endswith("_added")]


@pytest.mark.parametrize("server", ["pg18"], indirect=True)
@pytest.mark.parametrize("mutation", LOSSES, ids=str)
def test_verify_finds_what_was_lost(
    mutation: Mutation, migrated_pair: Path, copy_of_pair: str
) -> None:
    with psycopg.connect(copy_of_pair, autocommit=True) as connection:
        mutation.damage(connection)
    errors(migrated_pair, copy_of_pair)
