"""Compare a SQLite file with what a migration made of it, value by value."""

from __future__ import annotations

import argparse
import json

from outgrow.cli import console, options
from outgrow.cli.summary import print_summary
from outgrow.pipeline.assess import only_source
from outgrow.pipeline.verify import verify_target

ORDER = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.add_source(parser)
    options.add_target(parser)
    options.add_schema(parser)
    options.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Verify, print, and give the exit status."""
    path = only_source(arguments.source)
    with console.Drawn() as progress, options.target(arguments)() as target:
        outcome = verify_target(path, target, arguments.schema, progress)
    if arguments.json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
    else:
        print_summary(outcome)
    return outcome.status.exit_status
