"""Decide what every column becomes, show why, and write a plan file that you can edit."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from rich.table import Table

from outgrow.cli import console, options
from outgrow.cli.files import write_text
from outgrow.cli.tables import plain, print_findings, sheet
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.pipeline.assess import assessed, read_text
from outgrow.pipeline.several import findings_of
from outgrow.plan.describe import as_json, rows

ORDER = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.add_source(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write the plan file here; an existing one keeps your comments and decisions",
    )
    options.add_types(parser)
    options.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Plan, write, print, and give the exit status."""
    written = arguments.output if arguments.output and arguments.output.is_file() else None
    existing = read_text(written) if written else None
    wishes = replace(options.wishes(arguments), plan_text=existing)
    with (
        console.Drawn() as progress,
        assessed(arguments.source, wishes, progress=progress) as assessment,
    ):
        plan = assessment.plan
        findings = (*findings_of(assessment.united), *plan.findings)
        described = as_json(plan, assessment.source, assessment.united.files, findings)
        if arguments.output is not None:
            write_text(arguments.output, assessment.plan_file(existing=existing))
    if arguments.json:
        print(json.dumps(described, ensure_ascii=False, indent=2))
        return 0
    out = console.stdout()
    for table in _tables(plan, assessment.source):
        out.print(table)
    if findings:
        print_findings(out, findings)
    if arguments.output is not None:
        console.note(f"wrote {arguments.output}; edit it and run: outgrow migrate --plan …")
    return 0


def _tables(plan: Plan, source: SourceDatabase) -> Iterator[Table]:
    """Show every column's decision, a table each."""
    for name, columns in groupby(rows(plan, source), key=lambda row: row.table):
        table = sheet("column", "declared", "becomes", "why", title=console.one_line(name))
        for row in columns:
            table.add_row(
                plain(row.column),
                plain(row.declared or "—"),
                plain(row.becomes, style="bold"),
                plain(row.why),
            )
        yield table
