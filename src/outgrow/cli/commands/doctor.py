"""Look what should be in the database and is not, and say what to do about it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager

from rich.text import Text

from outgrow.cli import console, environment, options
from outgrow.cli.tables import print_findings, sheet
from outgrow.pipeline.doctor import KINDS, Diagnosis, examine
from outgrow.pipeline.session import session
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.failures import require_reading
from outgrow.postgres.target import Target

ORDER = 64

_PLURAL = {"table": "tables", "index": "indexes", "view": "views", "trigger": "triggers"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--to",
        metavar="URL",
        help="the PostgreSQL database (default: what the environment or .env names if DB_TYPE is "
        "postgresql, else the embedded server in ./.outgrow/)",
    )
    options.add_schema(parser)
    options.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Examine, print, and give 0, or 4 where something is missing or broken."""
    with _target(arguments) as target, session(target, writes=False) as connection:
        require_reading(connection, ("outgrow", arguments.schema), target.display)
        diagnosis = examine(connection, arguments.schema)
    if arguments.json:
        print(json.dumps(diagnosis.as_json(), ensure_ascii=False, indent=2))
    else:
        _print(diagnosis)
    return 0 if diagnosis.is_well else 4


@contextmanager
def _target(arguments: argparse.Namespace) -> Iterator[Target]:
    """The database that is named, in this order: ``--to``, the environment, the embedded server."""
    settings = environment.settings()
    if not arguments.to and settings.db_type == "postgresql":
        from outgrow.database.postgres_adapter import target_of  # noqa: PLC0415

        yield target_of(settings)
    elif not arguments.to and not EmbeddedServer(options.EMBEDDED_DIRECTORY).exists:
        raise options.no_database()
    else:
        with options.target(arguments)() as target:
            yield target


def _print(diagnosis: Diagnosis) -> None:
    out = console.stdout()
    out.print(Text(f"PostgreSQL {diagnosis.server_version}, schema {diagnosis.schema}"))
    table = sheet("objects", "expected", "missing", right=("expected", "missing"))
    for kind in KINDS:
        missing = len(diagnosis.missing[kind])
        style = "red" if missing else "dim"
        table.add_row(
            _PLURAL[kind], f"{len(diagnosis.expected[kind]):,}", Text(f"{missing:,}", style=style)
        )
    out.print(table)
    if diagnosis.findings:
        print_findings(out, diagnosis.findings)
    verdict = "Nothing is wrong." if diagnosis.is_well else "Something is wrong: see above."
    out.print(Text(verdict, style="bold green" if diagnosis.is_well else "bold red"))
