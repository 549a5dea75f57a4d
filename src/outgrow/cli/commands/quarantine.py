"""List, export or put back the values and rows that PostgreSQL could not hold as they were."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from outgrow.cli import console, options
from outgrow.cli.tables import plain, sheet
from outgrow.pipeline.preflight import take_lock
from outgrow.pipeline.quarantine import Entry, Held, Shelf, export
from outgrow.pipeline.retry import Fate, Retried, Told, retry
from outgrow.pipeline.session import session

ORDER = 60

#: Entries that a list shows one by one.
_SHOWN = 50

#: Entries with the same reason that a retry shows one by one.
_ALIKE = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the three actions with their options."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = _action(actions, "list", _list, "show what is there, and what waits")
    listing.add_argument("--all", action="store_true", help="also entries of replaced tables")
    options.add_json(listing)
    exporting = _action(
        actions, "export", _export, "write everything to a file, the original bytes in hexadecimal"
    )
    exporting.add_argument("--all", action="store_true", help="also entries of replaced tables")
    exporting.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="a new file: NAME.csv for CSV, else JSON lines; only you can read it",
    )
    retrying = _action(
        actions, "retry", _retry, "put back what now fits, and say why the rest does not"
    )
    options.add_json(retrying)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    act: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    options.add_target(parser)
    options.add_schema(parser)
    parser.add_argument(
        "--table", default="", metavar="NAME", help="only this table, by its PostgreSQL name"
    )
    parser.set_defaults(act=act)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked, print, and give the exit status."""
    act: Callable[[argparse.Namespace], int] = arguments.act
    return act(arguments)


@contextmanager
def _shelf(arguments: argparse.Namespace, *, writes: bool = False) -> Iterator[Shelf]:
    with options.target(arguments)() as target, session(target, writes=writes) as connection:
        everything = getattr(arguments, "all", False)
        shelf = Shelf(connection, arguments.schema, arguments.table, everything)
        shelf.require()
        yield shelf


def _list(arguments: argparse.Namespace) -> int:
    with _shelf(arguments) as shelf:
        totals = shelf.totals()
        entries = shelf.entries(None if arguments.json else _SHOWN)
    if arguments.json:
        held = {"entries": [each.as_json() for each in entries]}
        print(json.dumps({"schema": arguments.schema, **held}, ensure_ascii=False, indent=2))
        return 0
    out = console.stdout()
    if not totals:
        out.print("Nothing is in quarantine.")
        return 0
    out.print(_totals(totals))
    out.print(_entries(entries))
    more = sum(each.count for each in totals) - len(entries)
    if more:
        out.print(f"and {more:,} more: --json and outgrow quarantine export give all")
    return 0


def _totals(totals: list[Held]) -> Table:
    table = sheet("table", "column", "what", "entries", "put back", right=("entries", "put back"))
    for each in totals:
        table.add_row(
            plain(each.table),
            plain(each.column or "(whole row)"),
            plain(each.action),
            f"{each.count:,}",
            f"{each.restored:,}",
        )
    return table


def _entries(entries: list[Entry]) -> Table:
    table = sheet("id", "table", "column", "key", "why", "original", right=("id",))
    for each in entries:
        cut = f"… ({each.size:,} bytes)" if each.size > len(each.glance) else ""
        why = f"put back; {each.reason}" if each.restored else each.reason
        table.add_row(
            str(each.id),
            plain(each.table),
            plain(each.column or "(whole row)"),
            plain(each.key),
            plain(why),
            plain(each.begins + cut),
        )
    return table


def _export(arguments: argparse.Namespace) -> int:
    with _shelf(arguments) as shelf:
        count = export(shelf, arguments.file)
    console.note(f"wrote {count:,} entries to {arguments.file}")
    return 0


def _retry(arguments: argparse.Namespace) -> int:
    with console.Drawn() as progress, _shelf(arguments, writes=True) as shelf:
        take_lock(shelf.connection, progress)
        retried = retry(shelf)
    status = 4 if retried.rest else 0
    if arguments.json:
        report = {
            "status": "incomplete" if status else "done",
            "schema": arguments.schema,
            "restored": retried.restored,
            "remaining": len(retried.rest),
            "entries": [each.as_json() for each in retried.told],
            "validate": list(retried.validate),
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print_retried(console.stdout(), retried)
    return status


_HEADINGS = {
    Fate.WAITING: "still doesn't fit",
    Fate.CHANGED: "changed since",
    Fate.GONE: "no longer there",
    Fate.UNCLEAR: "can't be told apart",
}


def _print_retried(out: Console, retried: Retried) -> None:
    out.print(f"{retried.restored:,} put back, {len(retried.rest):,} still in quarantine.")
    groups: dict[tuple[Fate, str, str | None, str, str], list[Told]] = defaultdict(list)
    for each in retried.rest:
        groups[each.fate, each.table, each.column, each.why, each.fix].append(each)
    for (fate, table, column, why, fix), members in groups.items():
        place = f"{table}.{column}" if column else table
        out.print(plain(f"{_HEADINGS[fate]}: {place}: {why}", style="yellow"), overflow="fold")
        keys = ", ".join(each.key for each in members[:_ALIKE])
        more = f" and {len(members) - _ALIKE:,} more" if len(members) > _ALIKE else ""
        out.print(plain(f"  {keys}{more}"), overflow="fold")
        if fix:
            out.print(plain(f"  → {fix}", style="dim"), overflow="fold")
    if retried.validate:
        out.print("These constraints are not valid for all rows yet; once they are:")
        for statement in retried.validate:
            out.print(plain(f"  {statement}"), overflow="fold")
