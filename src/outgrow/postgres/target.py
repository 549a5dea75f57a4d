"""Which server and database is meant, and a session there that behaves the same everywhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from outgrow.errors import Code, TargetError, UsageError, define
from outgrow.model.findings import Finding, Severity
from outgrow.postgres.connection_failures import explain_connection
from outgrow.postgres.failures import explain
from outgrow.postgres.pooler import shares_sessions
from outgrow.postgres.silence import (
    CLIENT_SIDE,
    SERVER_SIDE,
    WORK_FOR_NOBODY,
    WatchedConnection,
    watch,
)

__all__ = ["Target", "connect", "explain", "parse_target"]

BAD_TARGET = define("OG-400", "The target is not a PostgreSQL URL or connection string")
TOO_OLD = define("OG-401", "The server is older than PostgreSQL 15")
NOT_UTF8 = define("OG-402", "The target database is not encoded in UTF-8")
READ_ONLY = define("OG-403", "The server or session takes no writes")
POOLED = define("OG-428", "A pooler stands in between that keeps no sessions")

OLDEST = 15
_SECONDS_TO_CONNECT = 15

_EXAMPLE = "Write it like postgresql://user@host:5432/dbname"
_ENCODE = (
    "Characters such as @ : / ? # % and spaces in a user name or password are written "
    "percent-encoded in a URL (@ is %40); the password can also come from PGPASSWORD or ~/.pgpass"
)
#: Words of libpq's, the first to be found, and what they are about.
_WRONG_CHARACTERS = {
    "unexpected spaces": "the URL holds a space",
    "percent-encoded": "the URL holds a % that encodes nothing",
}
_PARAMETERS = (
    "The options are listed at "
    "https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS"
)

#: ``postgres://``, ``postgresql://``, and SQLAlchemy's forms, which name a driver after a plus.
_SCHEME = re.compile(r"postgres(?:ql)?(?:\+\w+)?://", re.IGNORECASE)

#: What statements come to depends on these, whatever role, database and environment say; the
#: sessions of applications are set to them, too. ``extra_float_digits``: any value above 0 prints
#: the shortest text that reads back as the same number
#: (https://www.postgresql.org/docs/current/runtime-config-client.html). Under another
#: ``session_replication_role`` foreign keys and triggers do nothing.
MEANING: Mapping[str, str] = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
    "array_nulls": "on",
    "quote_all_identifiers": "off",
    "session_replication_role": "origin",
}

#: What our own sessions are set to. Names unknown to a version are passed over.
_SESSION = {
    **MEANING,
    "search_path": "pg_catalog",
    "xmloption": "content",
    "default_tablespace": "",
    "default_table_access_method": "heap",
    "row_security": "off",
    "synchronize_seqscans": "off",
    "statement_timeout": "0",
    # Our own sessions never wait so long for each other.
    "lock_timeout": "30s",
    "transaction_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    **SERVER_SIDE,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A PostgreSQL database.

    Args:
        conninfo: everything that was given, in libpq's key=value form, password included.
        display: a URL for people, without passwords.

    """

    conninfo: str = field(repr=False)
    display: str


def parse_target(text: str) -> Target:
    """Read what a person gave as ``--to``.

    Takes libpq's URLs and key=value strings
    (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING) and the URLs of
    SQLAlchemy. PG* variables, service and pass files complete it when libpq connects.

    Raises:
        UsageError: it is neither. The message never repeats what could be a password.

    """
    text = text.strip()
    scheme = _SCHEME.match(text)
    if scheme is None and "=" not in text:
        raise UsageError(BAD_TARGET, "this is no PostgreSQL URL", fix=_EXAMPLE)
    if scheme is None and re.match(r"[\w+:]+://", text):
        raise UsageError(BAD_TARGET, "this URL is not one of PostgreSQL", fix=_EXAMPLE)
    url = f"postgresql://{text[scheme.end() :]}" if scheme else text
    try:
        parameters = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except psycopg.Error as error:
        raise _unreadable(text, str(error)) from None
    except UnicodeDecodeError:
        raise UsageError(BAD_TARGET, "what a % encodes in it is not UTF-8", fix=_ENCODE) from None
    if scheme:
        _refuse_ambiguous(url, parameters)
        parameters |= _hosts_in_query(url)
    return Target(make_conninfo("", **parameters), _display(parameters))


def password_in(text: str) -> str:
    """Give the password in what a person gave as ``--to``; empty if there is none."""
    try:
        return str(conninfo_to_dict(parse_target(text).conninfo).get("password", ""))
    except UsageError:
        return ""


def without_password(text: str) -> str:
    """Give what a person gave as ``--to`` for printing it; as it was if nothing is secret in it.

    Raises:
        UsageError: it is not a target.

    """
    parameters = conninfo_to_dict(parse_target(text).conninfo)
    shown = {key: value for key, value in parameters.items() if not key.endswith("password")}
    return text if len(shown) == len(parameters) else make_conninfo("", **shown)


def connect(
    target: Target,
    *,
    application_name: str = "outgrow",
    autocommit: bool = True,
    writes: bool = True,
) -> psycopg.Connection:
    """Open a session that doesn't depend on how role, database and environment are set up.

    One that doesn't write may be read-only, also that of a standby.

    Raises:
        TargetError: the server can't be reached, refuses, or is not one to write to.

    """
    parameters = conninfo_to_dict(target.conninfo)
    if "connect_timeout" not in parameters and "PGCONNECT_TIMEOUT" not in os.environ:
        parameters["connect_timeout"] = _SECONDS_TO_CONNECT
    parameters = {**CLIENT_SIDE, **parameters}
    parameters |= {"application_name": application_name, "client_encoding": "UTF8"}
    try:
        connection = WatchedConnection.connect(make_conninfo("", **parameters), autocommit=True)
    except psycopg.Error as error:
        raise explain_connection(
            error, target.display, str(parameters.get("password", ""))
        ) from None
    watch(connection, target.display)
    try:
        _refuse_unsuitable(connection, target, writes=writes)
        _settle(connection)
    except psycopg.Error as error:
        connection.close()
        raise explain(error, target.display) from None
    except TargetError:
        connection.close()
        raise
    connection.autocommit = autocommit
    return connection


def _unreadable(text: str, said: str) -> UsageError:
    """Say what libpq did not like, without repeating a piece of what may be a password."""
    for words, what in _WRONG_CHARACTERS.items():
        if words in said:
            return UsageError(BAD_TARGET, what, fix=_ENCODE)
    unknown = re.search(r'invalid (?:URI query parameter|connection option): "(\w+)"', said)
    unknown = unknown or re.search(r'invalid connection option "(\w+)"', said)
    if unknown:
        hides_nothing = "password" not in text and not re.match(r"[^/]*//[^/?@]*:", text)
        name = f' "{unknown.group(1)}"' if hides_nothing else ""
        return UsageError(BAD_TARGET, f"libpq knows no such option{name}", fix=_PARAMETERS)
    if _SCHEME.match(text):
        return UsageError(BAD_TARGET, "the URL can't be read", fix=f"{_EXAMPLE}. {_ENCODE}")
    return UsageError(
        BAD_TARGET,
        "the connection string can't be read",
        fix="Write it like host=localhost dbname=shop user=me, with values that hold spaces in "
        "single quotes",
    )


def _after_user(url: str) -> str:
    """Cut user and password off, where libpq does: at the first @ that no slash precedes."""
    return re.sub(r"^postgresql://(?:[^@/]*@)?", "", url)


def _refuse_ambiguous(url: str, parameters: dict[str, str]) -> None:
    """Refuse a URL that libpq reads, but with a piece of the password as host, port or database."""
    ports = parameters.get("port", "").split(",")
    if "@" in _after_user(url).partition("?")[0] or not all(p.isdigit() for p in ports if p):
        raise UsageError(BAD_TARGET, "it is not clear where the host begins", fix=_ENCODE)


def _hosts_in_query(url: str) -> dict[str, str]:
    """Read SQLAlchemy's way to name several hosts: ``?host=a:5432&host=b:5433``.

    libpq would take the last one only
    (https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#specifying-multiple-fallback-hosts).
    """
    query = _after_user(url).partition("?")[2]
    hosts = [value for key, value in parse_qsl(query) if key == "host"]
    with_port = [not host.startswith("/") and host.count(":") == 1 for host in hosts]
    if len(hosts) < 2 and not any(with_port):
        return {}
    pairs = [
        host.split(":") if has_port else (host, "")
        for host, has_port in zip(hosts, with_port, strict=True)
    ]
    return {
        "host": ",".join(host for host, _ in pairs),
        "port": ",".join(port for _, port in pairs),
    }


def _display(parameters: dict[str, str]) -> str:
    """Write a URL of nothing but user, host, port, database and service."""
    user = f"{quote(parameters['user'], safe='')}@" if "user" in parameters else ""
    database = f"/{quote(parameters['dbname'], safe='')}" if "dbname" in parameters else ""
    host = parameters.get("host", parameters.get("hostaddr", ""))
    port = parameters.get("port", "")
    query = {key: parameters[key] for key in ("service",) if key in parameters}
    if "/" in host:  # a socket has no place before the slash
        query |= {"host": host} | ({"port": port} if port else {})
        places = ""
    else:
        places = _places(host.split(","), port.split(","))
    tail = f"?{urlencode(query, safe='/,')}" if query else ""
    return f"postgresql://{user}{places}{database or ('/' if tail else '')}{tail}"


def _places(hosts: list[str], ports: list[str]) -> str:
    """Write hosts with their ports; one port goes for all hosts, as libpq has it."""
    ports = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)
    return ",".join(
        (f"[{host}]" if ":" in host else quote(host, safe="")) + (f":{port}" if port else "")
        for host, port in zip(hosts, ports, strict=True)
    )


def _refuse_unsuitable(connection: psycopg.Connection, target: Target, *, writes: bool) -> None:
    """Tell everything that makes the server or session unfit; raises TargetError."""
    failures = list(_unsuitable(connection, writes=writes))
    if not failures:
        return
    (code, what, fix), *more = failures
    findings = tuple(
        Finding(code, Severity.ERROR, target.display, what, fix) for code, what, fix in failures
    )
    raise TargetError(
        code,
        f"{what}, and {' and '.join(what for _, what, _ in more)}" if more else what,
        where=target.display,
        fix=fix,
        findings=findings if more else (),
    )


def _unsuitable(connection: psycopg.Connection, *, writes: bool) -> Iterator[tuple[Code, str, str]]:
    """Give a code, what is wrong and what to do, for each failure."""
    info = connection.info
    if info.server_version < OLDEST * 10_000:
        yield (
            TOO_OLD,
            f"this is PostgreSQL {info.server_version // 10_000}",
            f"Use PostgreSQL {OLDEST} or later",
        )
    encoding = info.parameter_status("server_encoding")
    if encoding != "UTF8":
        yield (
            NOT_UTF8,
            f'the database "{info.dbname}" is encoded in {encoding}',
            "Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )
    standby, read_only, process = _state(connection)
    if standby and writes:
        yield (
            READ_ONLY,
            "this server is a standby: it only repeats what its primary does",
            "Name the primary, or add target_session_attrs=read-write and both hosts",
        )
    elif read_only and writes:
        yield (
            READ_ONLY,
            "transactions are read-only here (default_transaction_read_only)",
            "Take the setting back with ALTER ROLE … RESET or ALTER DATABASE … RESET",
        )
    if process != info.backend_pid and _shares_sessions(connection):
        yield (
            POOLED,
            "a pooler stands in between that gives each transaction another session",
            "Name PostgreSQL itself, most often on port 5432, or a port of the pooler whose "
            "pool_mode is session",
        )


def _state(connection: psycopg.Connection) -> tuple[bool, bool, int]:
    """Ask whether it is a standby or read-only, and for the process that serves the session.

    A pooler does not tell the first two when it connects.
    """
    row = connection.execute(
        "SELECT pg_catalog.pg_is_in_recovery(), "
        "pg_catalog.current_setting('default_transaction_read_only') = 'on', "
        "pg_catalog.pg_backend_pid()"
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def _shares_sessions(connection: psycopg.Connection) -> bool:
    # psycopg gives everything back but the password.
    secret = {"password": connection.info.password} if connection.info.password else {}
    conninfo = make_conninfo(connection.info.dsn, **secret)
    try:
        return bool(shares_sessions(lambda: _state(connection)[2], conninfo))
    except psycopg.Error:
        return False


def _settle(connection: psycopg.Connection) -> None:
    connection.execute("SET statement_timeout = 0")  # first: it could end what sets it
    connection.execute(
        "SELECT pg_catalog.set_config(s.name, wanted.value, false)"
        " FROM pg_catalog.pg_settings AS s"
        " JOIN ROWS FROM (pg_catalog.unnest(%s::text[]), pg_catalog.unnest(%s::text[]))"
        " AS wanted(name, value) ON pg_catalog.lower(s.name) = pg_catalog.lower(wanted.name)"
        # What a role may not set is left alone where it is right.
        " WHERE s.setting <> wanted.value",
        (list(_SESSION), list(_SESSION.values())),
    )
    # Refused where the server's system can't tell that a client has gone, as on Windows.
    with suppress(psycopg.Error):
        connection.execute(WORK_FOR_NOBODY)
