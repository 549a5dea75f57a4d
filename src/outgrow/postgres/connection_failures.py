"""Why no connection came about, and what a person can do about it.

libpq gives no SQLSTATE for a failed connection, only its message and the server's, so the
reasons are recognised by their words. In another language than English they are told as they
came.
"""

from __future__ import annotations

import re

from outgrow.errors import TargetError, define
from outgrow.postgres.failures import NO_PRIVILEGE, REFUSED, TOO_MANY, Reason, without_secrets
from outgrow.postgres.identifiers import quote

WRONG_PASSWORD = define("OG-404", "The server does not accept the password")
NO_DATABASE = define("OG-405", "There is no database of that name on the server")
NO_ROLE = define("OG-406", "There is no role of that name on the server, or it may not log in")
NOBODY_LISTENS = define("OG-407", "No PostgreSQL answers at that host and port")
UNKNOWN_HOST = define("OG-408", "The host name can't be resolved")
TLS_DISAGREES = define("OG-409", "Client and server don't agree about TLS")
NOT_READY = define("OG-411", "The server is starting up or shutting down")
NOT_ADMITTED = define("OG-412", "The server lets nobody in from there, or not that way")

_CHECK_HOST = (
    "Check host and port, and that the server runs and listens there; "
    "without --to, outgrow starts a server of its own"
)

#: In this order: with several hosts the message holds the failure of each, and that of a server
#: that answered says more than that of one that did not.
_CONNECTING = (
    Reason(
        r'password authentication failed for user "(?P<name>[^"]*)"',
        WRONG_PASSWORD,
        'the password for "{name}" is wrong',
        "Check it in the URL, in PGPASSWORD or in ~/.pgpass",
    ),
    Reason(
        r"no password supplied|empty password returned",
        WRONG_PASSWORD,
        "the server asks for a password and none was given",
        "Give it in PGPASSWORD, in ~/.pgpass or in the URL",
    ),
    Reason(
        r'(?:Peer|Ident) authentication failed for user "(?P<name>[^"]*)"',
        NOT_ADMITTED,
        'the server lets in as "{name}" only the account of that name on its machine',
        "Name a host to log in with a password, as in postgresql://{name}@localhost/…",
    ),
    Reason(
        r'no pg_hba\.conf entry for .*user "(?P<name>[^"]*)".*no encryption',
        TLS_DISAGREES,
        'the server lets "{name}" in only over TLS, or not at all',
        "Add sslmode=require to the target, or a line to the server's pg_hba.conf",
    ),
    Reason(
        r'no pg_hba\.conf entry for .*user "(?P<name>[^"]*)"|pg_hba\.conf rejects',
        NOT_ADMITTED,
        "the server's pg_hba.conf lets nobody in from here under that name and database",
        "Add a line to pg_hba.conf on the server, and reload it",
    ),
    Reason(
        r'database "(?P<name>.*?)" does not exist',
        NO_DATABASE,
        'there is no database "{name}"',
        "Make it with CREATE DATABASE {quoted}, or name another one",
    ),
    Reason(
        r'permission denied for database "(?P<name>.*?)"',
        NO_PRIVILEGE,
        'the role may not connect to the database "{name}"',
        "GRANT CONNECT ON DATABASE {quoted} TO the role",
    ),
    Reason(
        r'role "(?P<name>.*?)" does not exist',
        NO_ROLE,
        'there is no role "{name}"',
        "Name another user in the target, or make it with CREATE ROLE {quoted} LOGIN",
    ),
    Reason(
        r'role "(?P<name>.*?)" is not permitted to log in',
        NO_ROLE,
        'the role "{name}" may not log in',
        "ALTER ROLE {quoted} LOGIN, or name another user",
    ),
    Reason(
        r"too many clients|connection slots are reserved|too many connections for",
        TOO_MANY,
        "the server has no connection left",
        "Close some, or raise max_connections (or the CONNECTION LIMIT of role or database)",
    ),
    Reason(
        r"database system is (?P<name>starting up|shutting down|in recovery mode)"
        r"|not (?:yet )?accepting connections",
        NOT_READY,
        "the server takes no connections at the moment",
        "Wait until it has started (pg_isready tells), and try again",
    ),
    Reason(
        r"server does not support SSL",
        TLS_DISAGREES,
        "TLS is required by the target, and the server has none",
        "Switch it on in the server (ssl = on), or say sslmode=prefer in the target",
    ),
    Reason(
        r"certificate|SSL error|SSL SYSCALL",
        TLS_DISAGREES,
        "the TLS connection failed: {said}",
        "Check sslmode and sslrootcert in the target",
    ),
    Reason(
        r'definition of service "(?P<name>.*?)" not found',
        NOBODY_LISTENS,
        'there is no service "{name}"',
        "Define it in ~/.pg_service.conf, or name the file in PGSERVICEFILE",
    ),
    Reason(
        r"invalid \w+ value|Servname not supported|invalid port number|invalid integer value",
        NOBODY_LISTENS,
        "an option of the target has a value that it can't have: {said}",
        "The options are described at https://www.postgresql.org/docs/current/libpq-connect.html",
    ),
    Reason(
        r"(?:failed to resolve host|could not translate host name) ['\"](?P<name>[^'\"]*)",
        UNKNOWN_HOST,
        "the host {name} is not known",
        "Check its spelling, and the network",
    ),
    Reason(
        r"at \"(?P<name>[^\"]*)\"(?: \([^)]*\))?, port (?P<port>\d+) failed: (?!FATAL)",
        NOBODY_LISTENS,
        "no PostgreSQL answers at {name}, port {port}",
        _CHECK_HOST,
    ),
    Reason(
        r"on socket \"(?P<name>[^\"]*)\" failed: Permission denied",
        NOT_ADMITTED,
        "this account may not use the socket {name}",
        "Work as the account that the server runs for, or name a host",
    ),
    Reason(
        r"on socket \"(?P<name>[^\"]*)\" failed: (?!FATAL)",
        NOBODY_LISTENS,
        "no PostgreSQL listens on the socket {name}",
        "Check the directory and the port, or name a host",
    ),
    Reason(
        r"timeout expired|timed out",
        NOBODY_LISTENS,
        "nothing answered in time",
        f"{_CHECK_HOST}; connect_timeout in the target gives it more seconds",
    ),
)


def explain_connection(error: Exception, where: str, password: str = "") -> TargetError:
    """Tell why no connection came about.

    Args:
        error: what the driver raised.
        where: the target as people may see it.
        password: the one that was tried, so that no message can repeat it.

    """
    said = without_secrets(" ".join(str(error).split()), password)
    for reason in _CONNECTING:
        if found := re.search(reason.pattern, said, re.IGNORECASE):
            return _told(reason, found, said, where)
    return TargetError(REFUSED, said.rpartition("FATAL: ")[2], where=where)


def _told(reason: Reason, found: re.Match[str], said: str, where: str) -> TargetError:
    parts = {key: value or "" for key, value in found.groupdict().items()}
    facts = {"said": said, "quoted": quote(parts.get("name", "")), **parts}
    return TargetError(
        reason.code, reason.what.format(**facts), where=where, fix=reason.fix.format(**facts)
    )
