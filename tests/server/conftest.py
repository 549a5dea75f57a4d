"""Real servers: 18 from the ``embedded`` extra, and 15 where it is installed.

The workers of a run share one server of each version; every test has a database of its own.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import psycopg
import pytest
from fresh_databases import make_database
from programs import programs_of_15

import samples
from outgrow.postgres.embedded import EmbeddedServer

VERSIONS = ("pg15", "pg18")

ServerMaker = Callable[..., EmbeddedServer]

#: Nothing here has to survive a power failure.
THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # Rows of other tests must not change the plan of a query, nor take the time of this one.
    "autovacuum": "off",
    "max_wal_size": "256MB",
    "max_connections": "200",
}


def _required_15() -> Path:
    """Find PostgreSQL 15, or skip the test."""
    found = programs_of_15()
    if found is None:
        pytest.skip("initdb and pg_ctl of PostgreSQL 15 are not on PATH")
    return found


@pytest.fixture(scope="session")
def bin_of_15() -> Path:
    """Give the folder of PostgreSQL 15's programs."""
    return _required_15()


@pytest.fixture(scope="session")
def own_server() -> ServerMaker:
    """Give a function that describes a server: its folder, "pg15" or "pg18", settings."""

    def make(
        folder: Path, version: str, settings: Mapping[str, str] | None = None
    ) -> EmbeddedServer:
        bin_dir = _required_15() if version == "pg15" else None
        return EmbeddedServer(folder, bin_dir=bin_dir, settings={**THROWAWAY, **(settings or {})})

    return make


@pytest.fixture(scope="session", params=VERSIONS)
def server(
    request: pytest.FixtureRequest, servers_folder: Path, own_server: ServerMaker
) -> Iterator[EmbeddedServer]:
    """Run the test on each version; the server is shared with all other tests."""
    with own_server(servers_folder / request.param, request.param) as running:
        yield running


@pytest.fixture(scope="session")
def servers(servers_folder: Path, own_server: ServerMaker) -> Iterator[dict[str, str]]:
    """Give the conninfo of the server of each version that is here, by its name."""
    versions = VERSIONS if programs_of_15() else VERSIONS[-1:]
    with ExitStack() as stack:
        yield {
            each: stack.enter_context(own_server(servers_folder / each, each)).url
            for each in versions
        }


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[str]:
    """Give the conninfo of a fresh, empty database, which is dropped after the test."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        make_database(connection, name)
        try:
            yield psycopg.conninfo.make_conninfo(server.url, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run each test on one version of PostgreSQL, which take turns; on both where that is said.

    ``OUTGROW_EVERY_VERSION=1`` says it, as CI does. A test that is there for one version stays.
    """
    if os.environ.get("OUTGROW_EVERY_VERSION"):
        return
    variants: dict[str, dict[str, pytest.Item]] = defaultdict(dict)
    for item in items:
        version = _version_of(item)
        module = item.getparent(pytest.Module)
        if version and not getattr(module and module.obj, "EVERY_VERSION", False):
            variants[item.nodeid.replace(version, "*")][version] = item
    turns = VERSIONS if programs_of_15() else VERSIONS[-1:]
    left = {
        item
        for name, found in variants.items()
        if len(found) == len(VERSIONS)
        for version, item in found.items()
        if version != turns[crc32(name.encode()) % len(turns)]
    }
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def _version_of(item: pytest.Item) -> str:
    """Give the version of the server that a test asks for, '' where it asks for none."""
    version = getattr(getattr(item, "callspec", None), "params", {}).get("server", "")
    return version if version in VERSIONS else ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """In CI a server test that did not run is a failure."""
    report = yield
    _forbid_skipping(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """In CI a file of server tests that was not collected is a failure."""
    report = yield
    _forbid_skipping(report)
    return report


def _forbid_skipping(report: pytest.TestReport | pytest.CollectReport) -> None:
    # A strict xfail, which counts as skipped, is what the documentation says.
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if os.environ.get("CI") and is_skip and samples.MISSING not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI runs every server test: {report.longrepr}"
