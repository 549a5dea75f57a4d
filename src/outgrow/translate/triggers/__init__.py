"""Triggers become functions with the statements of their bodies.

SQLite does not fire a trigger again from its own action
(https://www.sqlite.org/pragma.html#pragma_recursive_triggers), PostgreSQL does; SQLite runs the
triggers of one event newest first, PostgreSQL by name; and SQLite runs them row by row, PostgreSQL
those AFTER each row when every row of the statement is written.
"""

from __future__ import annotations

from outgrow.translate.triggers.making import TriggerTranslation, translate_trigger

__all__ = ["TriggerTranslation", "translate_trigger"]
