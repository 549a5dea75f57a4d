"""Try the database that the environment names as an application would use it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace

from rich.text import Text

from outgrow.cli import console, environment, options
from outgrow.cli.tables import plain, sheet
from outgrow.database.checks import check_adapter
from outgrow.database.factory import adapter_for
from outgrow.database.settings import DB_TYPES

ORDER = 62


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--db-type",
        choices=DB_TYPES,
        help="the adapter to try (default: DB_TYPE of the environment or .env)",
    )
    options.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the checks as they come, and give 0 if all of them went well, else 1."""
    settings = environment.settings()
    if arguments.db_type:
        settings = replace(settings, db_type=arguments.db_type)
    with adapter_for(settings) as adapter:
        checked = list(check_adapter(adapter))
    works = all(each.ok for each in checked)
    if arguments.json:
        report = {"db_type": settings.db_type, "ok": works, "checks": [asdict(c) for c in checked]}
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return 0 if works else 1
    table = sheet("check", "", "")
    for each in checked:
        verdict = Text("ok", style="green") if each.ok else Text("failed", style="red")
        table.add_row(plain(each.name), verdict, plain(each.says))
    out = console.stdout()
    out.print(table)
    says = f"The {settings.db_type} adapter {'works.' if works else 'does not work.'}"
    out.print(Text(says, style="bold green" if works else "bold red"))
    return 0 if works else 1
