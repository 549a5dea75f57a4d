"""The codes of uniting, and what has been told so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from outgrow.errors import Code, define
from outgrow.model.findings import Finding, Severity
from outgrow.model.plan import Renamed
from outgrow.model.steps import Missing, ObjectKind
from outgrow.model.uniting import Conflict

CROSSING = define("OG-128", "References of one file find rows of another.")
ASTRAY = define("OG-129", "References can't follow the rows that they mean, whose ids move.")
SAME_KEY = define("OG-130", "Rows of several files have the same key and differ otherwise.")
MOVED = define("OG-132", "Ids of a later file were renumbered, because other rows had them.")
DIFFERS = define("OG-133", "Files define a table differently; a rule settled it.")
UNDECLARED = define("OG-134", "A column looks like a reference to renumbered ids.")
APART = define("OG-135", "Tables of one name have different primary keys, so they stay apart.")
RENAMED = define("OG-136", "Files use one name for different objects.")
LEFT_OUT = define("OG-137", "An object of one file has no place in the united database.")
NOT_EXACT = define("OG-138", "Uniting the files failed its own check.")
GAVE_WAY = define("OG-139", "Rows gave way to rows of another file, as the plan file says.")


@dataclass(slots=True)
class Ledger:
    """What is told about the union while it is made."""

    findings: list[Finding] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)
    left_out: list[Missing] = field(default_factory=list)

    def tell(
        self,
        code: Code,
        where: str,
        says: str,
        *,
        fix: str = "",
        severity: Severity = Severity.INFO,
    ) -> None:
        """Add a finding."""
        self.findings.append(Finding(code, severity, where, says, fix))

    def conflict(
        self,
        code: Code,
        table: str,
        files: tuple[str, ...],
        what: str,
        lines: tuple[str, ...],
    ) -> None:
        """Add a conflict; its finding is told with it, not among the others."""
        fix = f"In the plan file, below [tables.{table}], write {' or '.join(lines)}"
        finding = Finding(code, Severity.ERROR, f"{files[-1]}:{table}", what, fix)
        self.conflicts.append(Conflict(table, files, what, lines, finding))

    def leave_out(self, kind: ObjectKind, table: str, name: str, where: str, reason: str) -> None:
        """List an object that the united database doesn't have."""
        self.left_out.append(Missing(kind, table, name, reason))
        self.tell(LEFT_OUT, where, reason, severity=Severity.WARNING)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: list[str]) -> str:
    """Write a list: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
