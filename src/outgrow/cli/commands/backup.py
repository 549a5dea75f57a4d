"""Copy SQLite files while they are in use, each checked, into a folder that git does not keep."""

from __future__ import annotations

import argparse
import json
from pathlib import Path, PurePosixPath

from outgrow.cli import console, options
from outgrow.cli.tables import plain, sheet, size
from outgrow.pipeline.backup import back_up
from outgrow.scaffold import git

ORDER = 35

_FOLDER = Path("migration/backups")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "source",
        nargs="+",
        type=options.source_path,
        metavar="SOURCE",
        help="a SQLite file, which may be in use",
    )
    parser.add_argument(
        "--dir",
        type=Path,
        default=_FOLDER,
        metavar="DIR",
        help=f"the folder for the copies (default: {_FOLDER})",
    )
    options.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Copy, check, print, and give the exit status."""
    with console.Drawn() as progress:
        backups = back_up(arguments.source, arguments.dir, progress=progress)
    for each in backups:
        if each.unchecked:
            console.note(f"{each.source}: {each.unchecked}")
    repository = git.repository(arguments.dir)
    if repository and repository.kept([PurePosixPath(each.path.name) for each in backups]):
        console.note(
            f"git does not ignore {arguments.dir}: add it to .gitignore, or every row gets into git"
        )
    if arguments.json:
        report = {"status": "done", "backups": [each.as_json() for each in backups]}
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return 0
    table = sheet("file", "size", "backup", right=("size",))
    for each in backups:
        table.add_row(plain(each.source), size(each.size), plain(each.path.name))
    out = console.stdout()
    out.print(table)
    out.print(plain(f"They are in {arguments.dir}, each with its checksum."), soft_wrap=True)
    if not any(each.unchecked for each in backups):
        out.print(plain("SQLite's integrity check found nothing wrong in them."))
    return 0
