"""Options that several commands share, and what they mean."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from outgrow.errors import UsageError, define
from outgrow.model.types import OnBad, Policy

if TYPE_CHECKING:  # what a command needs only once it runs is imported then
    from outgrow.pipeline.assess import Wishes
    from outgrow.pipeline.migrate import OpenTarget
    from outgrow.postgres.target import Target

NO_DATABASE = define("OG-702", "Nothing names the database to look at")

#: Where the embedded server keeps its cluster, below the current directory.
EMBEDDED_DIRECTORY = Path(".outgrow")


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the files."""
    parser.add_argument(
        "source",
        nargs="+",
        type=source_path,
        metavar="SOURCE",
        help="a SQLite file; several become one database, and the first keeps its ids",
    )


def source_path(text: str) -> Path:
    """Read the path of a file; a URL is meant for another place, and may hold a password."""
    if re.match(r"postgres\w*(\+\w+)?:/", text, re.IGNORECASE):
        raise argparse.ArgumentTypeError("a SQLite file is wanted here; a URL belongs after --to")
    return Path(text)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on standard output"
    )


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add ``--to``."""
    parser.add_argument(
        "--to",
        metavar="URL",
        help="the PostgreSQL database, as a URL or key=value "
        "(default: an embedded server in ./.outgrow/)",
    )


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Add ``--schema``."""
    parser.add_argument(
        "--schema",
        default="public",
        type=_schema_name,
        metavar="NAME",
        help="the target schema (default: public)",
    )


def _schema_name(name: str) -> str:
    """Check a name that PostgreSQL and outgrow leave free for the application."""
    from outgrow.postgres.identifiers import MAX_NAME_BYTES  # noqa: PLC0415

    taken = name.startswith(("pg_", "outgrow")) or name == "information_schema"
    if not name or "\0" in name or len(name.encode()) > MAX_NAME_BYTES or taken:
        raise argparse.ArgumentTypeError(
            f"{name!r} can't be used: a name of 1 to {MAX_NAME_BYTES} bytes is needed that is not "
            "information_schema and begins neither with pg_ nor with outgrow"
        )
    return name


def add_types(parser: argparse.ArgumentParser) -> None:
    """Add ``--types``."""
    parser.add_argument(
        "--types",
        choices=[policy.value for policy in Policy],
        help="native: promote a column where every value comes back (default); "
        "faithful: promote nothing; eager: promote although a few values do not fit",
    )


def add_plan(parser: argparse.ArgumentParser) -> None:
    """Add ``--plan``."""
    parser.add_argument("--plan", type=Path, metavar="FILE", help="a plan file to follow")


def wishes(arguments: argparse.Namespace) -> Wishes:
    """Gather the options that shape a plan."""
    from outgrow.pipeline.assess import Wishes  # noqa: PLC0415
    from outgrow.pipeline.selection import Selection  # noqa: PLC0415

    given = vars(arguments)
    return Wishes(
        schema=given.get("schema", "public"),
        policy=Policy(given["types"]) if given.get("types") else None,
        on_bad=OnBad(given.get("on_bad", OnBad.REPAIR)),
        plan_file=given.get("plan"),
        selection=Selection(tuple(given.get("include") or ()), tuple(given.get("exclude") or ())),
    )


def target(arguments: argparse.Namespace) -> OpenTarget:
    """Give what opens the named database, or the embedded server for as long as it is needed.

    Raises UsageError for a name that is none, before any work is done.
    """
    from outgrow.postgres.target import parse_target  # noqa: PLC0415

    if arguments.to:
        named = parse_target(arguments.to)
        return lambda: nullcontext(named)
    return _embedded


def no_database() -> UsageError:
    """What to say where nothing names a database."""
    return UsageError(
        NO_DATABASE,
        "no PostgreSQL database is named",
        fix="Give it with --to, or set DB_TYPE=postgresql and POSTGRES_HOST … or DATABASE_URL",
    )


@contextmanager
def _embedded() -> Iterator[Target]:
    from outgrow.postgres.embedded import EmbeddedServer  # noqa: PLC0415
    from outgrow.postgres.target import parse_target  # noqa: PLC0415

    with EmbeddedServer(EMBEDDED_DIRECTORY) as server:
        yield parse_target(server.url)
