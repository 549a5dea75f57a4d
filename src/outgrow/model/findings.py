"""Findings: what a person should know about a source, a plan or a result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from outgrow.errors import Code


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact worth telling, with its place and its remedy.

    ``where`` is ``file:table.column``, ``file:table`` or ``file:object`` in the source's spelling;
    a foreign key or UNIQUE is named by its columns, comma-separated.
    """

    code: Code
    severity: Severity
    where: str
    says: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """Give the finding as JSON's types, in the shape of ``--json``."""
        return {
            "code": self.code.name,
            "severity": self.severity.value,
            "where": self.where,
            "says": self.says,
            "fix": self.fix,
        }
