"""Write into your project what it needs to run on PostgreSQL: schema, adapters, compose, README.

Run it in the project's root. Files that you edit stay as you left them, also when it runs again.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from rich.text import Text

from outgrow.cli import console, environment, options
from outgrow.cli.tables import plain, print_findings, sheet
from outgrow.database.settings import DRIVERS
from outgrow.errors import OutgrowError
from outgrow.model.findings import Severity
from outgrow.scaffold import dependency, git
from outgrow.scaffold.advice import advice
from outgrow.scaffold.closing import closing
from outgrow.scaffold.outfit import Outfit, outfit
from outgrow.scaffold.project import project_at
from outgrow.scaffold.writing import SECRET, Fate, Written, is_pristine, write

ORDER = 5

_STYLES = {Fate.NEW: "green", Fate.RENEWED: "green", Fate.MERGED: "green", Fate.BESIDE: "yellow"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "source",
        nargs="*",
        type=options.source_path,
        metavar="SOURCE",
        help="the SQLite files (default: *.db and *.sqlite* in the project)",
    )
    parser.add_argument(
        "--package",
        metavar="DIR",
        help="where the database package goes (default: app/server/database, or what suits the "
        "project's folders)",
    )
    parser.add_argument(
        "--driver", choices=DRIVERS, default="psycopg", help="the driver (default: psycopg)"
    )
    parser.add_argument(
        "--name", metavar="NAME", help="what containers are called (default: the folder's name)"
    )
    parser.add_argument(
        "--commit", action="store_true", help="commit the files that were written, and only those"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be written, and write nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Decide, show, write, and give the exit status."""
    project = project_at(
        Path.cwd(),
        arguments.source,
        package=arguments.package,
        driver=arguments.driver,
        name=arguments.name,
    )
    with console.Drawn() as progress:
        for source in project.sources:
            progress.note(f"reading {source.path}")
        made = outfit(project, progress)
    repository = git.repository(project.root)
    _print_files(made, dry=arguments.dry_run)
    for line in advice(project, repository):
        console.note(line)
    loud = [each for each in made.findings if each.severity is not Severity.INFO]
    if loud:
        print_findings(console.stderr(), loud)
    status = 0
    if not arguments.dry_run:
        write(made.files)
        status = _depend(made)
    paths = _to_commit(made, repository)
    message = made.message
    if arguments.commit and repository is None:
        console.note("there is no working tree of git here: nothing was committed")
    if paths and repository and arguments.commit and not arguments.dry_run:
        repository.commit(paths, message)
        console.note(f"committed: {message}")
    elif paths and repository:
        _print_lines("Then:", git.lines(paths, message))
    if not arguments.dry_run:
        _print_closing(made)
    return status


def _depend(made: Outfit) -> int:
    """Add the dependency; where that fails, the rest of init is still worth having."""
    try:
        dependency.apply(made.dependency)
    except OutgrowError as error:
        console.error(str(error))
        return error.exit_status
    return 0


def _print_files(made: Outfit, *, dry: bool) -> None:
    out = console.stdout()
    table = sheet("file", "")
    for each in made.files:
        says = each.fate.value + (f" {each.target.name}" if each.fate is Fate.BESIDE else "")
        table.add_row(plain(each.path), plain(says, style=_STYLES.get(each.fate, "dim")))
    out.print(table)
    for each in made.files:
        # What holds a password is shown to nobody.
        if each.mode != SECRET and (each.fate in (Fate.BESIDE, Fate.MERGED) or dry):
            _print_diff(each)
    change = made.dependency
    if change.shown:
        out.print(Text(f"\n{change.file}", style="bold"))
    for line in change.shown:
        out.print(plain(f"  {line}"), soft_wrap=True)
    if change.remaining:
        console.note(change.remaining)


def _print_diff(written: Written) -> None:
    out = console.stdout()
    for line in written.diff().splitlines():
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(plain(line, style=style), soft_wrap=True)


def _to_commit(made: Outfit, repository: git.Repository | None) -> list[PurePosixPath]:
    """Give what init wrote, now or before, and git does not have.

    A file that others share and that was not committed stays out.
    """
    if repository is None:
        return []
    kept = [each for each in made.files if each.fate is not Fate.BESIDE and each.mode != SECRET]
    written = [each for each in kept if each.writes]
    written += [each for each in kept if _waits(each, repository)]
    shared = [each.path for each in written if each.fate is Fate.MERGED]
    paths = [each.path for each in written]
    depended = made.dependency.files(made.project.root)
    paths += depended
    shared += depended
    mixed = repository.dirty.intersection(shared)
    for path in sorted(mixed):
        console.note(f"{path} had changes of yours that are not committed: commit it yourself")
    return repository.kept([path for path in paths if path not in mixed])


def _waits(file: Written, repository: git.Repository) -> bool:
    """Whether an earlier run wrote a file that is still to be committed."""
    is_as_written = file.fate is Fate.UNCHANGED and is_pristine(file.old or "")
    return is_as_written and file.path in repository.dirty


def _print_lines(title: str, lines: Sequence[str]) -> None:
    out = console.stdout()
    out.print(Text(f"\n{title}", style="bold"))
    for line in lines:
        out.print(plain(f"  {line}"), soft_wrap=True)


def _print_closing(made: Outfit) -> None:
    out = console.stdout()
    table = sheet("", "")
    styles = {True: "green", False: "red", None: "yellow"}
    for line in closing(made.project, environment.settings(), made.facts.target.tables):
        says = plain(line.says, style=styles[line.ok])
        table.add_row(Text(line.subject, style="bold"), says)
    out.print(table)
