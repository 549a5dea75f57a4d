"""INSERT, REPLACE, UPDATE and DELETE of an application."""

from __future__ import annotations

from outgrow.translate.registry import Statement
from outgrow.translate.writing.fired import EVENTS
from outgrow.translate.writing.statement import written

STATEMENTS: dict[str, Statement] = dict.fromkeys(EVENTS, written)
