"""Print the PostgreSQL schema of SQLite files as SQL that psql loads."""

from __future__ import annotations

import argparse
from pathlib import Path

from outgrow.cli import console, options
from outgrow.cli.files import write_text
from outgrow.cli.tables import print_findings
from outgrow.pipeline.assess import assessed
from outgrow.pipeline.schema_file import schema_file
from outgrow.pipeline.several import findings_of

ORDER = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.add_source(parser)
    options.add_plan(parser)
    options.add_types(parser)
    options.add_schema(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file")


def run(arguments: argparse.Namespace) -> int:
    """Write the schema and give the exit status."""
    with (
        console.Drawn() as progress,
        assessed(arguments.source, options.wishes(arguments), progress=progress) as assessment,
    ):
        construction = assessment.construction(schema=assessment.plan.schema)
        text = schema_file(assessment, construction)
        told = findings_of(assessment.united)
    if told:
        print_findings(console.stderr(), told)
    if arguments.output is None:
        print(text, end="")
    else:
        write_text(arguments.output, text)
    return 0
