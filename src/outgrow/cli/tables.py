"""Tables for people: what was found, what was decided, what needs attention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from outgrow.cli.console import one_line, severity
from outgrow.model.findings import Finding, Severity
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.pipeline.inspect import KINDS, Inspection, named
from outgrow.plan.describe import rows

_LOUDEST = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

#: Findings of one kind that are told one by one.
_MOST_ALIKE = 12


def plain(text: object, style: str = "") -> Text:
    """Write a value from a database: never markup, never a control character."""
    return Text(one_line(str(text)), style=style)


def sheet(*columns: str, title: str = "", right: Iterable[str] = ()) -> Table:
    """Make an empty table with the house's looks; columns in ``right`` hold numbers."""
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    numbers = set(right)
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return table


def inspection_table(inspection: Inspection) -> Table:
    """Count each file's objects, and those of all files together by name."""
    table = sheet("file", "size", *KINDS, right=("size", *KINDS))
    for source in inspection.sources:
        counts = [f"{len(named(source)[kind]):,}" for kind in KINDS]
        table.add_row(plain(source.file), size(source.size), *counts)
    if len(inspection.sources) > 1:
        counts = [f"{len(inspection.unified(kind)):,}" for kind in KINDS]
        table.add_row(Text("unified by name", style="bold"), "", *counts)
    return table


def size(number: int) -> str:
    """Write a number of bytes as a person says it."""
    return f"{number / 1e6:,.1f} MB" if number >= 1e5 else f"{number / 1e3:,.1f} kB"


def findings_list(findings: Iterable[Finding]) -> Iterator[Text]:
    """List findings, the loudest first; those that need the same remedy stand together."""
    groups: dict[tuple[Severity, str, str], list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda each: _LOUDEST[each.severity]):
        groups[finding.severity, finding.code.name, finding.fix].append(finding)
    for (loudness, code, fix), members in groups.items():
        yield severity(loudness) + plain(f" {code}", style="bold")
        for finding in members[:_MOST_ALIKE]:
            yield plain(f"  {finding.where}: ", style="bold") + plain(finding.says)
        if len(members) > _MOST_ALIKE:
            yield plain(f"  and {len(members) - _MOST_ALIKE} more like these (--json lists all)")
        first, *lines = fix.splitlines() or [""]
        if first:
            yield plain(f"  → {first}", style="dim")
        # What is to be copied into a file stands on lines of its own.
        yield from (plain(line) for line in lines)


def plan_tables(plan: Plan, source: SourceDatabase) -> Iterator[Table]:
    """Show every column's decision, a table each."""
    for name, columns in groupby(rows(plan, source), key=lambda row: row.table):
        table = sheet("column", "declared", "becomes", "why", title=one_line(name))
        for row in columns:
            table.add_row(
                plain(row.column),
                plain(row.declared or "—"),
                plain(row.becomes, style="bold"),
                plain(row.why),
            )
        yield table
