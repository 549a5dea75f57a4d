"""A server of the worker's own that asks for passwords, speaks TLS and logs every statement."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from outgrow.postgres.embedded import EmbeddedServer

#: The role that comes with a password, and one that is let in over TLS only.
ROLE, TLS_ROLE = "mover", "secretive"

_ADMITTED = """\
local   all postgres               trust
local   all all                    scram-sha-256
hostssl all secretive all          scram-sha-256
host    all mover     127.0.0.0/8  scram-sha-256
"""


@dataclass(frozen=True)
class Guarded:
    """The running server.

    Args:
        url: for its superuser, through the socket.
        address: where it listens.
        data: its folder.
        authority: the certificate of the authority that signed its own.
        core: the middle of the password, which no encoding changes.
        password: the whole of it.
        speaks_tls: whether it was built with TLS; the one of the extra ``embedded`` was not.

    """

    url: str
    address: str
    data: Path
    authority: Path
    core: str
    password: str
    speaks_tls: bool

    @property
    def log(self) -> str:
        """All that it has logged."""
        return (self.data / "server.log").read_text(errors="replace")

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a database that the role may use, and give its name."""
        name = f"guarded_{uuid4().hex}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {ROLE}".encode())
            try:
                yield name
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def through_socket(self, database: str) -> str:
        """Give the conninfo of the socket for the role, which TLS never goes through."""
        return make_conninfo(self.url, user=ROLE, dbname=database, password=self.password)


@contextmanager
def guarded(folder: Path, bin_dir: Path | None) -> Iterator[Guarded]:
    """Start one; two of them never meet, since each has a loopback address of its own."""
    core = uuid4().hex
    password = f"p@:%{core}"
    numbers = [1 + byte % 250 for byte in os.urandom(3)]
    address = "127." + ".".join(map(str, numbers))
    settings = {"fsync": "off", "log_statement": "all", "log_connections": "on"}
    server = EmbeddedServer(folder / "guarded", bin_dir=bin_dir, settings=settings)
    with server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            _make_roles(connection, password)
            (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
            authority = _make_certificates(folder, Path(data), address)
            connection.execute(f"ALTER SYSTEM SET listen_addresses = '{address}'".encode())
            speaks_tls = True
            try:
                connection.execute("ALTER SYSTEM SET ssl = on")
            except psycopg.errors.InvalidParameterValue:
                speaks_tls = False
        (Path(data) / "pg_hba.conf").write_text(_ADMITTED)
    with server:
        yield Guarded(server.url, address, Path(data), authority, core, password, speaks_tls)


def _make_roles(connection: psycopg.Connection, password: str) -> None:
    """Make them without the server ever seeing the password, which it would log."""
    for role in (ROLE, TLS_ROLE):
        hidden = connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        ).decode()
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{hidden}'".encode())


def _make_certificates(folder: Path, data: Path, address: str) -> Path:
    """Make an authority and a certificate that it signs, for the address alone."""
    authority, key = folder / "authority.crt", folder / "authority.key"
    request, names = folder / "server.csr", folder / "names"
    names.write_text(f"subjectAltName = IP:{address}\n")
    certificate, own_key = data / "server.crt", data / "server.key"
    make = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    sign = ["openssl", "x509", "-req", "-in", request, "-CA", authority, "-CAkey", key]
    for command in (
        [*make, "-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", key, "-out", authority],
        [*make, "-subj", "/CN=server", "-keyout", own_key, "-out", request],
        [*sign, "-CAcreateserial", "-days", "2", "-extfile", names, "-out", certificate],
    ):
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
    owner = data.stat()
    for path in (certificate, own_key):
        path.chmod(0o600)
        os.chown(path, owner.st_uid, owner.st_gid)
    return authority


def place_of(url: str) -> dict[str, str]:
    """Give host and port of a conninfo."""
    return {key: str(value) for key, value in conninfo_to_dict(url).items()}
