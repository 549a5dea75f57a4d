"""Open a prompt on the embedded PostgreSQL; what follows -- goes to psql."""

from __future__ import annotations

import argparse

from outgrow.cli.commands.server import add_directory
from outgrow.postgres.embedded import psql

ORDER = 80


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_directory(parser)
    parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="arguments for psql")


def run(arguments: argparse.Namespace) -> int:
    """Open psql and give its exit status."""
    return psql(arguments.dir.resolve(), arguments.arguments)
