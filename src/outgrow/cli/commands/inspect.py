"""Show what is in a SQLite file: tables, indexes, views, triggers, and what needs attention."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.table import Table
from rich.text import Text

from outgrow.cli import console, options
from outgrow.cli.tables import plain, print_findings, sheet, size
from outgrow.pipeline.inspect import KINDS, Inspection, inspect, named

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
    with console.Drawn() as progress:
        inspection = inspect(arguments.source, extract=arguments.extract, progress=progress)
    for path in inspection.extracted:
        console.note(f"wrote {path}")
    if arguments.json:
        print(json.dumps(inspection.as_json(), ensure_ascii=False, indent=2))
        return 0
    out = console.stdout()
    out.print(_table(inspection))
    if inspection.findings:
        print_findings(out, inspection.findings)
    return 0


def _table(inspection: Inspection) -> Table:
    """Count each file's objects, and those of all files together by name."""
    table = sheet("file", "size", *KINDS, right=("size", *KINDS))
    for source in inspection.sources:
        counts = [f"{len(named(source)[kind]):,}" for kind in KINDS]
        table.add_row(plain(source.file), size(source.size), *counts)
    if len(inspection.sources) > 1:
        counts = [f"{len(inspection.unified(kind)):,}" for kind in KINDS]
        table.add_row(Text("unified by name", style="bold"), "", *counts)
    return table
