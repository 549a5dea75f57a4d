"""Show what is in a SQLite file: tables, indexes, views, triggers, and what needs attention."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from outgrow.cli import console, options
from outgrow.cli.summary import print_findings
from outgrow.cli.tables import inspection_table
from outgrow.pipeline.inspect import inspect

ORDER = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.add_source(parser)
    options.add_json(parser)
    parser.add_argument(
        "--extract",
        type=Path,
        metavar="DIR",
        help="also write each file's schema as SQL that replays in an empty SQLite database",
    )


def run(arguments: argparse.Namespace) -> int:
    """Inspect, print, and give the exit status."""
    inspection = inspect(arguments.source, extract=arguments.extract)
    for path in inspection.extracted:
        console.note(f"wrote {path}")
    if arguments.json:
        print(json.dumps(inspection.as_json(), ensure_ascii=False, indent=2))
        return 0
    out = console.stdout()
    out.print(inspection_table(inspection))
    if inspection.findings:
        print_findings(out, inspection.findings)
    return 0
