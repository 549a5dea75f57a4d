"""Every statement of the corpus on both sides: none may differ, and the counts stand in a page.

``OUTGROW_WRITE_PAGES=1`` writes docs/compatibility.md anew.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections import Counter
from pathlib import Path

import corpus
import pytest
import translate_corpus
from compatibility_page import Family, Verdict, check_page
from corpus import as_case
from translate_run import Application

_FAMILIES = sorted(found.name for found in pkgutil.iter_modules(corpus.__path__))
PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"


@pytest.mark.parametrize("mode", ["faithful", "promoted"])
@pytest.mark.parametrize("family", _FAMILIES)
def test_nothing_differs(family: str, mode: str, database: str) -> None:
    module = importlib.import_module(f"corpus.{family}")
    application = Application(
        database,
        getattr(module, "TABLES", [translate_corpus.THINGS, translate_corpus.EVENTS]),
        promote=mode == "promoted",
        views=getattr(module, "VIEWS", ()),
        triggers=getattr(module, "TRIGGERS", ()),
    )
    try:
        cases = [as_case(given) for given in module.CASES]
        verdicts = [Verdict(case.name, *application.outcome(case)) for case in cases]
    finally:
        application.close()
    counts = Counter(verdict.kind for verdict in verdicts)
    assert not [f"{v.sql}\n    {v.why}" for v in verdicts if v.kind == "different"]
    assert len({case.name for case in cases}) == len(cases), "a case stands twice"
    assert counts["ok"] >= 0.95 * len(cases), counts
    write = bool(os.environ.get("OUTGROW_WRITE_PAGES"))
    check_page(PAGE, Family(family, mode, tuple(verdicts)), write=write)
