"""Each session is like any other, whatever role, database and server are set up to be."""

from __future__ import annotations

from collections.abc import Mapping

from outgrow.database.postgres.sessions import Session
from outgrow.database.settings import BAD_SETTING, SettingsError
from outgrow.postgres.pooler import shares_sessions
from outgrow.postgres.target import MEANING, NOT_UTF8, OLDEST, POOLED, TOO_OLD

#: What PgBouncer keeps for each of its clients (https://www.pgbouncer.org/config.html).
_KEPT = ("TimeZone", "DateStyle", "standard_conforming_strings")

#: How long a pooler that has a session to spare takes to give it, at most.
_SECONDS = 2


def settle(session: Session, own: Mapping[str, str], *, is_pooled: bool) -> None:
    """Set a new session to what statements are translated for.

    Args:
        session: outside of a transaction.
        own: what the application's sessions are set to besides, unless they are pooled.
        is_pooled: whether PgBouncer may give each transaction another session.

    Raises:
        SettingsError: the server or the database is not one to translate for, or a setting that
            changes results can't be changed for long.

    """
    wanted = {name: MEANING[name] for name in _KEPT} if is_pooled else {**MEANING, **own}
    left = [name for name in MEANING if name not in wanted]
    asked = ["server_version_num", "server_encoding", *left]
    # What a role may not set is left alone where it is right.
    calls = (
        f"CASE WHEN current_setting('{name}') <> %({name})s"
        f" THEN set_config('{name}', %({name})s, false) END"
        for name in wanted
    )
    columns = [*(f"current_setting('{name}')" for name in asked), *calls]
    (row,) = session.run(f"SELECT {', '.join(columns)}", wanted).rows
    found = dict(zip(asked, row, strict=False))
    _require_suitable(found)
    _require_meaning({name: found[name] for name in left})


def has_own_session(session: Session, conninfo: str) -> bool:
    """See that nothing gives the server's session to others between two transactions.

    False where that can't be told: the server has no second session to compare with just now.

    Raises:
        SettingsError: it does; statements prepared there would be those of others.

    """

    def process() -> int:
        ((number,),) = session.run("SELECT pg_backend_pid()").rows
        return int(number)

    if process() == session.process:
        return True
    shares = shares_sessions(process, conninfo, seconds=_SECONDS)
    if shares:
        raise SettingsError(
            POOLED,
            "a pooler stands in between that keeps no sessions (PgBouncer with pool_mode = "
            "transaction)",
            fix="Set POSTGRES_PGBOUNCER=true, or PostgreSQLAdapter(…, pgbouncer=True)",
        )
    return shares is not None


def _require_suitable(found: Mapping[str, str]) -> None:
    version, encoding = int(found["server_version_num"]) // 10_000, found["server_encoding"]
    if version < OLDEST:
        raise SettingsError(TOO_OLD, f"this is PostgreSQL {version}", fix=f"Use {OLDEST} or later")
    if encoding != "UTF8":
        raise SettingsError(
            NOT_UTF8,
            f"the database is encoded in {encoding}",
            fix="Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )


def _require_meaning(found: Mapping[str, str]) -> None:
    for name, value in found.items():
        is_enough = name == "extra_float_digits" and int(value) > 0
        if value != MEANING[name] and not is_enough:
            raise SettingsError(
                BAD_SETTING,
                f"statements give other results with {name} = {value}, and behind PgBouncer no "
                "session can be set otherwise",
                fix=f"ALTER ROLE … SET {name} = '{MEANING[name]}', and have PgBouncer connect anew",
            )
