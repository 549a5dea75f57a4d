"""Tables for people: what was found, what was decided, what needs attention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from outgrow.cli.console import one_line, severity
from outgrow.model.findings import Finding, Severity
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.pipeline.inspect import KINDS, Inspection, named

_LOUDEST = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def plain(text: object, style: str = "") -> Text:
    """Write a value from a database: never markup, never a control character."""
    return Text(one_line(str(text)), style=style)


def sheet(*columns: str, title: str = "", right: Iterable[str] = ()) -> Table:
    """Make an empty table with the house's looks; columns in ``right`` hold numbers."""
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    numbers = set(right)
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left")
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


def findings_table(findings: Iterable[Finding]) -> Table:
    """List findings, the loudest first."""
    table = sheet("", "code", "where", "what, and what to do")
    for finding in sorted(findings, key=lambda each: _LOUDEST[each.severity]):
        says = plain(finding.says)
        if finding.fix:
            says += Text("\n→ ", style="dim") + plain(finding.fix, style="dim")
        table.add_row(severity(finding.severity), finding.code.name, plain(finding.where), says)
    return table


def plan_tables(plan: Plan, source: SourceDatabase) -> Iterator[Table]:
    """Show every column's decision, a table each."""
    for decided in plan.tables:
        table = sheet("column", "declared", "becomes", "why", title=one_line(decided.source))
        declared = source.table(decided.source)
        for column in decided.columns:
            table.add_row(
                plain(column.source),
                plain(declared.column(column.source).declared or "—"),
                plain(column.type, style="bold"),
                plain(column.reason),
            )
        yield table
