"""Write the reference pages from the program itself: ``python docs/generate.py [--check]``."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from pathlib import Path

HERE = Path(__file__).parent


def commands_page() -> str:
    """Every command with its help, as a terminal of 80 columns shows it."""
    os.environ["COLUMNS"] = "80"
    from outgrow.cli.parser import build_parser  # noqa: PLC0415  reads COLUMNS

    parser = build_parser()
    actions = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    parts = [
        "# Commands\n\nMade from the program by `python docs/generate.py`.\n",
        f"```text\n{parser.format_help().strip()}\n```\n",
    ]
    for name, command in actions[0].choices.items():
        parts.append(f"## outgrow {name}\n\n```text\n{command.format_help().strip()}\n```\n")
        for action in command._actions:
            if isinstance(action, argparse._SubParsersAction):
                parts += [
                    f"### outgrow {name} {part}\n\n```text\n{each.format_help().strip()}\n```\n"
                    for part, each in action.choices.items()
                ]
    return "\n".join(parts)


def codes_page() -> str:
    """Every code with its meaning."""
    import outgrow  # noqa: PLC0415
    from outgrow.errors import REGISTRY  # noqa: PLC0415

    for module in pkgutil.walk_packages(outgrow.__path__, "outgrow."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    lines = [
        "# Codes",
        "",
        "Every error and finding bears one of these. Made from the program by",
        "`python docs/generate.py`.",
        "",
        "| code | means |",
        "|---|---|",
    ]
    lines += [f"| {code.name} | {code.meaning} |" for _, code in sorted(REGISTRY.items())]
    return "\n".join(lines) + "\n"


PAGES = {"commands.md": commands_page, "codes.md": codes_page}


def main() -> int:
    """Write the pages, or with ``--check`` name those that no longer fit."""
    stale = []
    for name, page in PAGES.items():
        text = page()
        path = HERE / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"stale: {', '.join(stale)}. Run: python docs/generate.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
