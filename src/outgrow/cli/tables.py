"""Tables for people, and the findings: what needs attention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outgrow.cli.console import one_line, severity
from outgrow.model.findings import Finding, Severity

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


def print_findings(out: Console, findings: Iterable[Finding]) -> None:
    """Print findings so that a place can be copied: lines are not cut."""
    for line in findings_list(findings):
        out.print(line, overflow=None if out.soft_wrap else "fold")
    out.print()
