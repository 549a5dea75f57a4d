"""Which database an application uses, and how: the one reader of the environment.

Arguments come first, then the environment, then the defaults. No file is read unless somebody asks
for it with `read_env_file`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from outgrow.errors import UsageError, define

if TYPE_CHECKING:
    from dotenv.parser import Binding

BAD_SETTING = define("OG-720", "A setting of the database layer is not one that can stand there")

#: The values of DB_TYPE, and those of POSTGRES_DRIVER.
DB_TYPES = ("sqlite", "postgresql")
DRIVERS = ("psycopg", "psycopg2")

#: Every variable that is read.
NAMES = (
    "DB_TYPE",
    "POSTGRES_HOST",
    "POSTGRES_PORT",
    "POSTGRES_DB",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
    "POSTGRES_POOL_MIN",
    "POSTGRES_POOL_MAX",
    "POSTGRES_TIMEOUT",
    "POSTGRES_DRIVER",
    "POSTGRES_PGBOUNCER",
    "SQLITE_PATH",
    "DATABASE_URL",
)

_SQLITE_URL = "sqlite:///"

_TRUTH = {"true": True, "1": True, "yes": True, "on": True} | dict.fromkeys(
    ("false", "0", "no", "off"), False
)


class SettingsError(UsageError, ValueError):
    """A setting is wrong; says which, and what can stand there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says about the database.

    Args:
        db_type: ``"sqlite"`` or ``"postgresql"``.
        sqlite_path: the file, for ``sqlite``.
        url: DATABASE_URL, which goes over the single settings of PostgreSQL; may be empty.
        host: of the PostgreSQL server.
        port: its TCP port.
        dbname: the database; libpq's default where it is empty.
        user: the role; libpq's default where it is empty.
        password: its password; a pass file is asked where it is empty.
        pool_min: connections that are kept open.
        pool_max: connections that are open at most.
        timeout: seconds to wait for a connection, a lock and the server.
        driver: ``"psycopg"`` or ``"psycopg2"``.
        pgbouncer: whether a PgBouncer in transaction mode stands between.

    """

    db_type: str = "sqlite"
    sqlite_path: str = "db/database.db"
    url: str = field(default="", repr=False)
    host: str = "localhost"
    port: int = 5432
    dbname: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    pool_min: int = 1
    pool_max: int = 10
    timeout: float = 30.0
    driver: str = "psycopg"
    pgbouncer: bool = False


def read_settings(*sources: Mapping[str, str]) -> Settings:
    """Read the settings from ``os.environ``, or from other mappings, of which the first goes first.

    An empty value counts as none, as compose files write it.

    Raises:
        SettingsError: a value that can't stand there; nothing is taken for something else.

    """
    from_all = sources or (os.environ,)
    return _settings_for(tuple(_said(from_all, name) for name in NAMES))


def _said(sources: tuple[Mapping[str, str], ...], name: str) -> str:
    for source in sources:
        value = source.get(name)
        if value and not value.isspace():
            return value
    return ""


@lru_cache(maxsize=16)  # asked for with each connection
def _settings_for(values: tuple[str, ...]) -> Settings:
    return _Reader(dict(zip(NAMES, values, strict=True))).settings()


def read_env_file(path: Path | str) -> dict[str, str]:
    """Read a ``.env`` file; one that is not there says nothing.

    Nor does one that may not be read, where the environment has DB_TYPE: what starts the
    application has read it then, as systemd does for a service that may not.

    Raises:
        SettingsError: it can't be read, or a line of it can't.

    """
    from dotenv import dotenv_values  # noqa: PLC0415 - only for who asks for it

    path = Path(path)
    try:
        bindings = _bindings(path)
        values = dotenv_values(path) | _single_quoted(bindings)
        return {name: value for name, value in values.items() if value is not None}
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, PermissionError) and os.environ.get("DB_TYPE", "").strip():
            return {}
        reason = (error.strerror if isinstance(error, OSError) else "") or "it is not UTF-8"
        raise SettingsError(
            BAD_SETTING,
            f"the file can't be read: {reason}",
            where=str(path),
            fix="Mend it, or set DB_TYPE and the others in the environment",
        ) from None


def _bindings(path: Path) -> list[Binding]:
    """Give what the lines of a file bind, as dotenv reads them; a FIFO can be read only once.

    dotenv passes over what it can't read, and something else would be taken for a setting of ours.
    """
    from dotenv.parser import parse_stream  # noqa: PLC0415 - as above

    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as file:
        bindings = [*parse_stream(file)]
    for each in bindings:
        if each.error:
            _require_readable(path, each)
    return bindings


#: The name of a setting, and the quote with which its value begins.
_OPENED = re.compile(r"\s*(?:export\s+)?([^=\s#]+)[^\S\r\n]*=[^\S\r\n]*(['\"])")


def _require_readable(path: Path, binding: Binding) -> None:
    """Raise SettingsError, without a value, for what is ours or has a quote that is not closed."""
    text = binding.original.string
    opened = _OPENED.match(text)
    what = "what begins here is not NAME=value"
    fix = "Mend it; values with spaces or quotes stand in quotes of the other kind"
    closed = True
    if opened:
        name, quote = opened.groups()
        closed = re.search(rf"(?<!\\)(?:\\\\)*{quote}", text[opened.end() :]) is not None
        what = f"the value of {name} goes on behind its closing {quote}"
        if not closed:
            what, fix = (
                f"the value of {name} begins with {quote}, and nothing closes it",
                "Close it",
            )
    if closed and not any(name in text for name in NAMES):
        return
    blank = text[: len(text) - len(text.lstrip())]
    line = binding.original.line + blank.count("\n")
    raise SettingsError(BAD_SETTING, what, where=f"{path}, line {line}", fix=fix)


def _single_quoted(bindings: Iterable[Binding]) -> dict[str, str | None]:
    """Give the values in single quotes, where ``${…}`` is text, as in a shell and in compose.

    dotenv replaces it there, too.
    """
    last = {each.key: each for each in bindings if each.key}
    return {
        name: each.value
        for name, each in last.items()
        if re.match(r"[^=]*=\s*'", each.original.string)
    }


def checked_driver(driver: str) -> str:
    """Give a driver's name as it is known; raises SettingsError for another."""
    return _one_of("POSTGRES_DRIVER", driver, DRIVERS)


@dataclass(frozen=True, slots=True)
class _Reader:
    said: Mapping[str, str]

    def settings(self) -> Settings:
        defaults = Settings()
        url = self._text("DATABASE_URL", "")
        path = self._text("SQLITE_PATH", "")
        db_type = _one_of("DB_TYPE", self._text("DB_TYPE", defaults.db_type), DB_TYPES)
        if url.lower().startswith("sqlite:"):
            path = self._path_in(url, db_type) or path
            url = ""
        pool_min = self._whole("POSTGRES_POOL_MIN", defaults.pool_min, least=0)
        pool_max = self._whole("POSTGRES_POOL_MAX", defaults.pool_max, least=1)
        if pool_min > pool_max:
            raise _wrong("POSTGRES_POOL_MIN", str(pool_min), f"0 to POSTGRES_POOL_MAX ({pool_max})")
        return Settings(
            db_type,
            path or defaults.sqlite_path,
            url,
            self._text("POSTGRES_HOST", defaults.host),
            self._whole("POSTGRES_PORT", defaults.port, least=1, most=65535),
            self._text("POSTGRES_DB", defaults.dbname),
            self._text("POSTGRES_USER", defaults.user),
            self.said["POSTGRES_PASSWORD"] or defaults.password,
            pool_min,
            pool_max,
            self._seconds("POSTGRES_TIMEOUT", defaults.timeout),
            checked_driver(self._text("POSTGRES_DRIVER", defaults.driver)),
            self._truth("POSTGRES_PGBOUNCER"),
        )

    def _text(self, name: str, default: str) -> str:
        return self.said[name].strip() or default

    def _truth(self, name: str) -> bool:
        written = self._text(name, "false")
        if written.lower() not in _TRUTH:
            raise _wrong(name, written, "true or false")
        return _TRUTH[written.lower()]

    def _whole(self, name: str, default: int, *, least: int, most: int = 2**31) -> int:
        written = self._text(name, str(default))
        try:
            number = int(written)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            upper = f" to {most}" if most < 2**31 else " or more"
            raise _wrong(name, written, f"a whole number, {least}{upper}")
        return number

    def _seconds(self, name: str, default: float) -> float:
        written = self._text(name, str(default))
        try:
            number = float(written)
        except ValueError:
            number = -1.0
        if not 0 < number < 86_400:
            raise _wrong(name, written, "a number of seconds above 0")
        return number

    @staticmethod
    def _path_in(url: str, db_type: str) -> str:
        """The file of SQLAlchemy's ``sqlite:///file`` (four slashes for an absolute path)."""
        if db_type != "sqlite":
            raise _wrong(
                "DATABASE_URL", "a URL of SQLite", "a URL of PostgreSQL, with this DB_TYPE"
            )
        if not url.lower().startswith(_SQLITE_URL):
            raise _wrong("DATABASE_URL", url, "sqlite:///path")
        return url[len(_SQLITE_URL) :]


def _one_of(name: str, written: str, known: tuple[str, ...]) -> str:
    if written.strip().lower() not in known:
        raise _wrong(name, written, " or ".join(known))
    return written.strip().lower()


def _wrong(name: str, written: str, wanted: str) -> SettingsError:
    # A URL in the wrong variable may hold a password.
    shown = "a URL" if ":/" in written else repr(written)
    return SettingsError(BAD_SETTING, f"{name} is {shown}", fix=f"It can be {wanted}")
