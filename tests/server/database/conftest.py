"""Every test of this folder runs on each database of `conformance.backends`, unchanged.

``OUTGROW_BACKENDS="sqlite 15-own"`` leaves the others out, for a quick look.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from conformance.backends import KINDS, Backend, OnPostgreSQL, OnSQLite, clean_environment
from conformance.differences import differences_of

from outgrow.database import DatabaseAdapter
from outgrow.postgres.embedded import EmbeddedServer

_BY_NAME = {kind.name: kind for kind in KINDS}
_NAMES = os.environ.get("OUTGROW_BACKENDS", "").split() or list(_BY_NAME)


@pytest.fixture(scope="session", params=_NAMES)
def _shared_backend(
    request: pytest.FixtureRequest,
    servers_folder: Path,
    own_server: Callable[..., EmbeddedServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Backend]:
    kind = _BY_NAME[request.param]
    if not kind.version:
        yield OnSQLite(kind, tmp_path_factory.mktemp("sqlite"))
        return
    with ExitStack() as stack:
        server = stack.enter_context(own_server(servers_folder / kind.version, kind.version))
        backend = OnPostgreSQL(kind, server.url, servers_folder)
        stack.callback(backend.drop)
        yield backend


@pytest.fixture
def backend(
    _shared_backend: Backend, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Backend]:
    """Give a database that has the application's tables, without rows."""
    for difference in differences_of(request.node.originalname, _shared_backend.kind):
        request.applymarker(
            pytest.mark.xfail(strict=True, reason=difference.because, raises=difference.raises)
        )
    _shared_backend.begin(tmp_path)
    yield _shared_backend
    _shared_backend.end()


@pytest.fixture
def adapter(backend: Backend) -> DatabaseAdapter:
    """Give the adapter of the database."""
    return backend.adapter


@pytest.fixture
def db(adapter: DatabaseAdapter) -> Iterator[Any]:
    """Give a connection to the database."""
    with adapter.get_connection() as connection:
        yield connection


@pytest.fixture
def other(backend: Backend) -> Iterator[Any]:
    """Give a second connection, of another adapter."""
    with backend.another().get_connection() as connection:
        yield connection


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take everything out of the environment that names a database."""
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)
    return monkeypatch
