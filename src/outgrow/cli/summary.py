"""The summary of a migration or a verification that a tired person can read."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from outgrow.cli import console
from outgrow.cli.tables import plain, print_findings, sheet
from outgrow.model.findings import Severity
from outgrow.model.steps import ObjectKind
from outgrow.pipeline.result import Json, Kept, Outcome, Status

_VERDICTS = {
    Status.VERIFIED: ("green", "Done. Every value was compared, nothing is missing."),
    Status.INCOMPLETE: ("yellow", "Done and verified, except for what is listed above."),
    Status.LOADED: ("yellow", "Loaded, but not compared: --no-verify was given."),
    Status.PLANNED: ("cyan", "Planned only: nothing was written."),
    Status.MISMATCH: ("red", "Differences were found."),
}

_QUIET_TABLES = 40


def print_summary(outcome: Outcome) -> None:
    """Print tables, objects, what is missing, what needs attention, and the verdict."""
    out = console.stdout()
    report = outcome.as_json()
    out.print(_tables(report["tables"]))
    out.print(_objects(report["objects"]))
    if outcome.missing:
        out.print(_missing(outcome))
    loud = [each for each in outcome.findings if each.severity is not Severity.INFO]
    if loud:
        print_findings(out, loud)
    quiet = len(outcome.findings) - len(loud)
    if quiet:
        out.print(Text(f"{quiet} more notes: see outgrow plan, or --json", style="dim"))
    _verdict(out, outcome)


def _tables(rows: list[Json]) -> Table:
    """Count each table's rows; where there are several files, of each file."""
    several = len({row["source"]["file"] for row in rows}) > 1
    counts = {title: key for title, key in _COUNTS.items() if _is_shown(rows, key)}
    moved = any(row["ids_moved_by"] for row in rows)
    columns = [*(["from"] if several else []), "rows", *counts, *(["ids"] if moved else [])]
    table = sheet("table", *columns, right=("rows", *counts, "ids"))
    for row in rows if len(rows) <= _QUIET_TABLES else []:
        table.add_row(
            plain(row["name"]),
            *([plain(row["source"]["file"])] if several else []),
            f"{row['rows_loaded']:,}",
            *(_count(row[key]) for key in counts.values()),
            *([_moved(row["ids_moved_by"])] if moved else []),
        )
    table.add_section()
    table.add_row(
        Text(f"{len({row['name'] for row in rows})} tables", style="bold"),
        *([""] if several else []),
        f"{sum(row['rows_loaded'] for row in rows):,}",
        *(_count(sum(row[key] for row in rows)) for key in counts.values()),
    )
    return table


_COUNTS = {
    "merged": "rows_merged",
    "superseded": "rows_superseded",
    "repaired": "values_repaired",
    "refused": "rows_refused",
}


def _is_shown(rows: list[Json], key: str) -> bool:
    """Whether a count has a column: what only several files bring, where it occurs."""
    return key in ("values_repaired", "rows_refused") or any(row[key] for row in rows)


def _moved(offset: int) -> Text:
    return Text(f"+{offset:,}" if offset else "", style="yellow")


def _count(number: int) -> Text:
    return Text(f"{number:,}", style="yellow" if number else "dim")


def _objects(objects: Json) -> Table:
    table = sheet(
        "objects",
        "in SQLite",
        "in PostgreSQL",
        "missing",
        right=("in SQLite", "in PostgreSQL", "missing"),
    )
    for kind in ObjectKind:
        counts = objects[kind.value]
        if counts["source"] or counts["target"] or counts["missing"]:
            table.add_row(
                kind.value.replace("_", " "),
                f"{counts['source']:,}",
                f"{counts['target']:,}",
                _count(len(counts["missing"])),
            )
    return table


def _missing(outcome: Outcome) -> Table:
    table = sheet("missing", "of", "name", "why")
    for each in outcome.missing:
        kind = each.kind.value.replace("_", " ")
        table.add_row(kind, plain(each.table), plain(each.name), plain(each.reason))
    return table


def _saved(kept: Kept) -> str:
    """Say what an interrupted run had done already."""
    others = kept.steps - kept.tables
    tables = "1 table" if kept.tables == 1 else f"{kept.tables:,} tables"
    return (
        f"An interrupted run was continued: {tables} with {kept.rows:,} rows had been loaded, and "
        f"{others:,} other steps were done."
    )


def _verdict(out: Console, outcome: Outcome) -> None:
    style, words = _VERDICTS[outcome.status]
    if outcome.kept:
        out.print(Text(_saved(outcome.kept), style="dim"))
    seconds = outcome.seconds
    spans = ", ".join(
        f"{name} {seconds[name]:.1f} s"
        for name in ("census", "load", "indexes", "verify")
        if seconds.get(name)
    )
    total = f"{seconds.get('total', 0.0):.1f} s"
    out.print(Text(words, style=f"bold {style}"))
    out.print(Text(f"{total} ({spans})" if spans else total, style="dim"))
