"""A few cases of each part of ``make torture``, and its page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from torture.page import FIGURES, PAGE, page
from torture.part import Part, Place
from torture.parts import PARTS
from torture.running import run_case

#: ``make torture`` takes another seed for each run.
_SEED = "outgrow"


@pytest.mark.parametrize("part", [each for each in PARTS if each.slice], ids=lambda part: part.name)
def test_a_few_cases_of_each_part(part: Part, servers: dict[str, str], tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with part.setup(Place(servers, tmp_path)) as shared:
        for number in range(part.slice):
            outcome = run_case(part, shared, number, _SEED)
            assert not outcome.defects, "\n".join(outcome.defects)
            part.told([outcome])


def test_the_page_says_what_was_measured() -> None:
    kept = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == page(kept)
