"""Run the embedded PostgreSQL in the foreground and print its URL."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from outgrow.cli.options import EMBEDDED_DIRECTORY
from outgrow.postgres.embedded import serve

ORDER = 70


def add_directory(parser: argparse.ArgumentParser) -> None:
    """Add ``--dir``."""
    parser.add_argument(
        "--dir",
        type=Path,
        default=EMBEDDED_DIRECTORY,
        metavar="DIR",
        help="where its files are (default: ./.outgrow)",
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_directory(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted, and give the exit status."""
    serve(
        arguments.dir.resolve(),
        announce=lambda url: print(url, flush=True),
        note=lambda line: print(line, file=sys.stderr),
    )
    return 0
