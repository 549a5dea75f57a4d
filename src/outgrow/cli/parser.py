"""The argument parser, put together from the modules in ``cli/commands``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import NoReturn

from outgrow import __version__
from outgrow.cli import commands


class _Parser(argparse.ArgumentParser):
    """Ends a wrong call with status 2 and one line that says where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. Try {self.prog} --help\n")


def command_modules() -> Iterator[ModuleType]:
    """Give every module of ``cli/commands`` in the order that help lists them."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    modules = [importlib.import_module(f"{commands.__name__}.{name}") for name in names]
    yield from sorted(modules, key=lambda module: module.ORDER)


def build_parser() -> argparse.ArgumentParser:
    """Build the whole parser; each command module adds its own part."""
    parser = _Parser(
        prog="outgrow",
        description="Moves a SQLite database to PostgreSQL, whole and proved.",
        epilog="Start with: outgrow migrate app.db",
    )
    parser.add_argument("--version", action="version", version=f"outgrow {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    for module in command_modules():
        name = module.__name__.rpartition(".")[2].removesuffix("_")
        summary = (module.__doc__ or "").strip().splitlines()[0]
        command = subparsers.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
