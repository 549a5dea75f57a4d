"""docs/database.md lists every difference that the tests know."""

from __future__ import annotations

import os
import re
from pathlib import Path

from conformance.backends import KINDS
from conformance.differences import DIFFERENCES

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "database.md"
START, END = "<!-- differences -->\n", "<!-- end -->\n"


def section() -> str:
    lines = ["| what | where | test |", "|---|---|---|"]
    for each in DIFFERENCES:
        names = [kind.name for kind in KINDS if kind.version]
        here = [kind.name for kind in KINDS if each.where(kind)]
        where = "PostgreSQL" if here == names else ", ".join(here)
        lines.append(f"| {each.because} | {where} | `{each.test}` |")
    return "\n".join(lines) + "\n"


def test_the_page_lists_the_differences() -> None:
    """``OUTGROW_WRITE_PAGES=1`` writes it."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    if os.environ.get("OUTGROW_WRITE_PAGES"):
        text = before + START + section() + END + after
        PAGE.write_text(text, encoding="utf-8")
    assert section() in text, "docs/database.md is not up to date: OUTGROW_WRITE_PAGES=1"


def test_every_difference_names_a_test() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)\(", written, re.MULTILINE))
    assert {each.test for each in DIFFERENCES} <= known
    assert all(any(each.where(kind) for kind in KINDS) for each in DIFFERENCES)
