"""outgrow: move a SQLite application to PostgreSQL, whole and proved."""

from __future__ import annotations

__version__ = "0.1.0"
