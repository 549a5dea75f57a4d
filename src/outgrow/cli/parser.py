"""The argument parser, put together from the modules in ``cli/commands``."""

from __future__ import annotations

import argparse
import ast
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from outgrow import __version__
from outgrow.cli import commands


class _Parser(argparse.ArgumentParser):
    """Ends a wrong call with status 2 and one line that says where help is."""

    def error(self, message: str) -> NoReturn:
        # What only a failure needs is not imported before.
        from outgrow.postgres.failures import without_secrets  # noqa: PLC0415

        self.exit(2, f"{self.prog}: {without_secrets(message)}. Try {self.prog} --help\n")


@dataclass(frozen=True, slots=True)
class Command:
    """A module of ``cli/commands``, known from its text: importing them all takes a second."""

    name: str
    module: str
    about: str
    order: int

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Import the module, and have it add its options."""
        module = importlib.import_module(self.module)
        module.add_arguments(parser)
        parser.set_defaults(run=module.run)


def all_commands() -> list[Command]:
    """Give the commands in the order that help lists them."""
    return sorted(_read_commands(), key=lambda command: command.order)


def _read_commands() -> Iterator[Command]:
    for folder in commands.__path__:
        for found in pkgutil.iter_modules([folder]):
            tree = ast.parse((Path(folder) / f"{found.name}.py").read_bytes())
            order = next(
                ast.literal_eval(each.value)
                for each in tree.body
                if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "ORDER"
            )
            about = ast.get_docstring(tree) or ""
            module = f"{commands.__name__}.{found.name}"
            yield Command(found.name.removesuffix("_"), module, about, order)


def build_parser(arguments: list[str] | None = None) -> argparse.ArgumentParser:
    """Build the parser: the whole of it, or as much as some arguments need."""
    parser = _Parser(
        prog="outgrow",
        description="Moves a SQLite database to PostgreSQL, whole and proved.",
        epilog="Start with: outgrow migrate app.db",
    )
    parser.add_argument("--version", action="version", version=f"outgrow {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    for known in all_commands():
        command = subparsers.add_parser(
            known.name,
            help=known.about.partition("\n")[0],
            description=known.about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if arguments is None or known.name in arguments:
            known.add_to(command)
    return parser
