"""What can go wrong, and how it is told.

Every error that a person can meet has a stable code (``OG-nnn``), says what happened, where,
and what to do, in one line. Codes are declared with :func:`define` in the module that uses
them; the reference page of all codes is generated from that registry.

Ranges: 1xx reading SQLite, 2xx types and plan, 3xx translation, 4xx the target server,
5xx loading, 6xx verification, 7xx the command line and its environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outgrow.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code and the sentence that explains it in the reference."""

    name: str
    meaning: str

    def __str__(self) -> str:
        return self.name


REGISTRY: dict[str, Code] = {}


def define(name: str, meaning: str) -> Code:
    """Declare a code once; a second declaration of the same code is a programming error."""
    if name in REGISTRY:
        raise ValueError(f"{name} is declared twice")
    code = REGISTRY[name] = Code(name, meaning)
    return code


class OutgrowError(Exception):
    """Base of all errors that are told to a person.

    Args:
        code: the stable code.
        what: what happened, without a final full stop.
        where: ``file:table.column``, a path, a URL without password; may be empty.
        fix: what to do about it; may be empty.
        findings: where one line can't tell all, everything one by one.

    """

    exit_status = 1

    def __init__(
        self,
        code: Code,
        what: str,
        *,
        where: str = "",
        fix: str = "",
        findings: tuple[Finding, ...] = (),
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.where = where
        self.fix = fix
        self.findings = findings

    def __str__(self) -> str:
        line = (
            f"{self.code} {self.where}: {self.what}" if self.where else f"{self.code} {self.what}"
        )
        line = f"{line}. {self.fix}" if self.fix else line
        return " ".join(line.split())


class SourceError(OutgrowError):
    """The SQLite file can't be read."""


class PlanError(OutgrowError):
    """The plan file is wrong, or no longer fits the source."""

    exit_status = 2


class DecisionNeeded(OutgrowError):
    """A person has to choose; nothing was written."""

    exit_status = 3


class TargetError(OutgrowError):
    """PostgreSQL can't be reached, or refuses."""


class VerificationFailed(OutgrowError):
    """What arrived is not what was read; nothing was published."""

    exit_status = 5


class UsageError(OutgrowError):
    """The command was called wrongly."""

    exit_status = 2
