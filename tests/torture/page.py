"""docs/reliability.md, from the figures of the last full run of each part."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import outgrow
from torture.ledger import Ledger
from torture.part import Part

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
FIGURES = Path(__file__).with_name("figures.json")

_HEAD = """\
# What was done to it

Tools that move data publish how fast they are. This page says how often one lost something. Each
part does harm on purpose, many times, at places and moments that a seed chooses, and judges what
comes out by reading SQLite and PostgreSQL itself. The figures are those of the last full run of
`make torture`, which can be stopped and continued; `make torture PART=kills` runs one part, and
`make test` a few cases of each. A defect that a run finds is mended and gets a test of its own, the
[changelog](../CHANGELOG.md) tells of it, and the case is run again: what is counted here is left.

"""


def figures_of(part: Part, ledger: Ledger) -> dict[str, Any]:
    """What is kept of a full run."""
    outcomes = [ledger.outcomes[number] for number in sorted(ledger.outcomes)]
    return {
        "cases": len(outcomes),
        "defects": sum(bool(each.defects) for each in outcomes),
        "told": [list(pair) for pair in part.told(outcomes)],
        "seed": ledger.seed,
        "minutes": round(ledger.seconds / 60, 1),
        "outgrow": outgrow.__version__,
        "day": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
    }


def write(name: str, figures: Mapping[str, Any]) -> None:
    """Keep the figures of a part and write the page anew."""
    kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    kept[name] = figures
    FIGURES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")


def page(kept: Mapping[str, Any]) -> str:
    """Write the page."""
    from torture.parts import PARTS

    sections = [_section(part, kept[part.name]) for part in PARTS if part.name in kept]
    return _HEAD + "\n".join(sections)


def _section(part: Part, figures: Mapping[str, Any]) -> str:
    rows = [
        ("cases", f"{figures['cases']:,}"),
        ("with a defect", f"{figures['defects']:,}"),
        *figures["told"],
    ]
    table = "\n".join(f"| {words} | {figure} |" for words, figure in rows)
    run = (
        f"outgrow {figures['outgrow']}, {figures['day']}, seed {figures['seed']}, "
        f"{figures['minutes']:,} minutes of work on {figures['machine']}."
    )
    return f"## {part.title}\n\n{part.says}\n\n| | |\n|---|---|\n{table}\n\n{run}\n"
