"""Make the reference application's two databases, unite them in PostgreSQL and show the result.

Without --to the target is an embedded server in DIR, which stays there to be looked at.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from outgrow.cli import console
from outgrow.cli.files import write_text
from outgrow.cli.options import EMBEDDED_DIRECTORY, add_target, target
from outgrow.cli.summary import print_summary
from outgrow.demo.reference import build_reference
from outgrow.pipeline.assess import Wishes
from outgrow.pipeline.migrate import Options, migrate
from outgrow.pipeline.result import Status
from outgrow.postgres.target import without_password

ORDER = 60

_DIRECTORY = EMBEDDED_DIRECTORY / "demo"
_SECONDS_PER_MEGABYTE = 0.6
_SECONDS_AT_LEAST = 10

#: What somebody who knows the application would decide: the history is what is kept up to date.
PLAN = """\
[tables.workflow_history]
prefer = "workflow_history.db"
[tables.operation_patterns]
prefer = "workflow_history.db"
[tables.adw_tools]
prefer = "workflow_history.db"
"""
_WHY = """\
Both files have workflows, patterns and tools of the same key with different content. outgrow asks
(exit status 3) until a plan file says which rows stay. These lines do:
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--size", type=float, default=50, metavar="MB", help="size of the database (default: 50)"
    )
    parser.add_argument(
        "--dir",
        type=Path,
        default=_DIRECTORY,
        metavar="DIR",
        help=f"where the SQLite files go (default: ./{_DIRECTORY})",
    )
    add_target(parser)


def run(arguments: argparse.Namespace) -> int:
    """Build, migrate, print, and give the exit status.

    The reference application has foreign keys that no database can hold, so that a migration
    of it ends with status 4 by right; the demo has then shown what it should.
    """
    about = max(_SECONDS_AT_LEAST, round(arguments.size * _SECONDS_PER_MEGABYTE))
    console.note(
        f"The demo makes two databases, of {arguments.size:g} MB and less, and unites them in "
        "PostgreSQL."
    )
    console.note(f"It takes about {about} seconds.")
    with console.Drawn() as progress:
        files = build_reference(arguments.dir, megabytes=arguments.size)
        for file in files:
            progress.note(f"made {file} ({file.stat().st_size / 1e6:,.1f} MB)")
        plan = arguments.dir / "outgrow.toml"
        write_text(plan, PLAN)
        for line in (*_WHY.splitlines(), *PLAN.splitlines()):
            progress.note(line)
        how = Options(replace=True)
        outcome = migrate(files, target(arguments), Wishes(plan_file=plan), how, progress)
    print_summary(outcome)
    _next_steps(arguments, files, plan)
    expected = outcome.status in (Status.VERIFIED, Status.INCOMPLETE)
    return 0 if expected else outcome.status.exit_status


def _next_steps(arguments: argparse.Namespace, files: Sequence[Path], plan: Path) -> None:
    """Print commands that work as they stand when they are pasted, and never a password."""
    command = _own_name()
    source = shlex.join(map(str, files))
    shown = without_password(arguments.to) if arguments.to else ""
    to = f" --to {shlex.quote(shown)}" if shown else ""
    commands = [
        f"{command} inspect {source}",
        f"{command} plan {source} -o {shlex.quote(str(plan))}",
        f"{command} verify {source}{to}",
    ]
    if not arguments.to:
        commands.append(f"{command} psql -- -c 'SELECT * FROM v_tool_performance LIMIT 5'")
        commands.append(f"{command} psql")
    out = console.stdout()
    out.print(Text("\nLook around:", style="bold"))
    for line in commands:
        out.print(Text(f"  {line}"), soft_wrap=True)
    if shown != (arguments.to or ""):
        out.print(Text("The password is left out: give it in PGPASSWORD."))


def _own_name() -> str:
    """Name this program so that a shell in the current folder finds it."""
    found = shutil.which("outgrow")
    here = Path(sys.argv[0])
    if found is None or Path(found).resolve() != here.resolve():
        return shlex.quote(os.path.relpath(here))
    return "outgrow"
