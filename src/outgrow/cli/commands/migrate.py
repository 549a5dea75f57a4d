"""Move SQLite files to PostgreSQL: schema and rows, verified value by value, or not at all.

Several files become one database: tables of one name are united, equal rows are one, and ids that
collide are renumbered with all that refers to them. What only you can settle ends the command with
status 3 and the lines to add to a plan file.
"""

from __future__ import annotations

import argparse
import json
import os

from outgrow.cli import console, options
from outgrow.cli.summary import print_summary
from outgrow.model.types import OnBad
from outgrow.pipeline.dry_run import plan_only
from outgrow.pipeline.migrate import Options, migrate
from outgrow.pipeline.result import Outcome

ORDER = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.add_source(parser)
    options.add_target(parser)
    options.add_schema(parser)
    options.add_plan(parser)
    options.add_types(parser)
    parser.add_argument(
        "--on-bad",
        choices=[choice.value for choice in OnBad],
        default=OnBad.REPAIR.value,
        help="a value PostgreSQL can't hold: repair it and keep the original (default), "
        "refuse its row, or stop before anything is written",
    )
    parser.add_argument(
        "--include", action="append", metavar="GLOB", help="only these tables and views"
    )
    parser.add_argument(
        "--exclude", action="append", metavar="GLOB", help="all but these tables and views"
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="drop the target's objects of the same names, and nothing else",
    )
    parser.add_argument("--no-verify", action="store_true", help="do not compare the values")
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=min(4, os.cpu_count() or 1),
        metavar="N",
        help="connections that build keys and indexes (default: %(default)s)",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="decide and show, write nothing; with --to, also check the target",
    )
    options.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Migrate, print, and give the exit status."""
    outcome = _migrate(arguments)
    if arguments.json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
    else:
        print_summary(outcome)
    return outcome.status.exit_status


def _migrate(arguments: argparse.Namespace) -> Outcome:
    wishes = options.wishes(arguments)
    with console.Drawn() as progress:
        how = Options(
            replace=arguments.replace, verify=not arguments.no_verify, jobs=arguments.jobs
        )
        if arguments.dry_run:
            named = options.target(arguments) if arguments.to else None
            return plan_only(arguments.source, named, wishes, how, progress)
        return migrate(arguments.source, options.target(arguments), wishes, how, progress)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
