"""docs/compatibility.md: what the corpus counted, and each statement that is refused.

Each family and mode has a section between two marks, so that tests that run beside each other
check and write their own.
"""

from __future__ import annotations

import fcntl
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_HEAD = """# Compatibility

What SQLite's SQL becomes on PostgreSQL, counted by running each statement of the corpus
(`tests/server/corpus`) on SQLite 3.54 and on PostgreSQL 15 and 18. A statement is *ok* when rows,
storage classes, column names, changes, tables and errors are SQLite's; *refused* when it is not
translated and the error says why; *loud* when PostgreSQL raises an error where SQLite gives a
value. Nothing may differ. *faithful* and *promoted* say what types the columns have.

This page is written by `OUTGROW_WRITE_PAGES=1 pytest tests/server/test_corpus.py` and checked by
every run of the tests.
"""


@dataclass(frozen=True)
class Verdict:
    """What came of a case."""

    sql: str
    kind: str
    why: str


@dataclass(frozen=True)
class Family:
    """The cases of one family in one mode."""

    name: str
    mode: str
    verdicts: tuple[Verdict, ...]

    @property
    def mark(self) -> str:
        return f"<!-- {self.name} {self.mode} -->"

    def section(self) -> str:
        """The section of the page."""
        counts = Counter(verdict.kind for verdict in self.verdicts)
        lines = [
            self.mark,
            f"## {self.name.capitalize()}, {self.mode}",
            "",
            f"{len(self.verdicts)} statements: {counts['ok']} ok, {counts['refused']} refused, "
            f"{counts['loud']} loud, {counts['different']} different.",
        ]
        told = [v for v in self.verdicts if v.kind in ("refused", "loud")]
        if told:
            lines += ["", "| statement | |", "| --- | --- |"]
            lines += [f"| `{_cell(v.sql)}` | {v.kind}: {_cell(v.why)} |" for v in told]
        return "\n".join([*lines, "", ""])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'")


def check_page(page: Path, family: Family, *, write: bool) -> None:
    """Compare a section with the page, or write it."""
    if write:
        _write(page, family)
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    assert family.section() in text, f"{page.name} is not up to date: see its head"


def _write(page: Path, family: Family) -> None:
    with page.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        sections = {
            found[1]: found[0]
            for found in re.finditer(r"(<!-- \w+ \w+ -->).*?(?=<!-- |\Z)", file.read(), re.DOTALL)
        }
        sections[family.mark] = family.section()
        file.truncate(0)
        file.write(_HEAD + "\n" + "".join(sections[mark] for mark in sorted(sections)))
