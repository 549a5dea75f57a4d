"""Compare SQLite files with what a migration made of them, value by value.

Several files are united again as the plan of that migration says: name all of them.
"""

from __future__ import annotations

import argparse
import json

from outgrow.cli import console, options
from outgrow.cli.summary import print_summary
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
    with console.Drawn() as progress, options.target(arguments)() as target:
        outcome = verify_target(arguments.source, target, arguments.schema, progress)
    if arguments.json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
    else:
        print_summary(outcome)
    return outcome.status.exit_status
