"""Migrated shops, made once by each worker and copied for each case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from commands import migrated, outgrow
from fresh_databases import make_database
from psycopg.conninfo import make_conninfo

from torture.damage.injuring import Table, read_tables
from torture.damage.shop import PROMOTED, make_shop
from torture.part import Place

#: "native" repairs what PostgreSQL can't hold; "eager" refuses such rows, makes NULL of what is no
#: date, and has columns that only a plan file promotes.
VARIANTS = ("native", "eager")


@dataclass(frozen=True)
class Shop:
    """A migrated shop.

    Args:
        source: the SQLite file.
        server: where it is.
        template: the database that is copied.
        tables: what is where.

    """

    source: Path
    server: str
    template: str
    tables: Sequence[Table]

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give the conninfo of a copy."""
        name = f"{self.template}_{uuid4().hex[:12]}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            make_database(connection, name, self.template)
            try:
                yield make_conninfo(self.server, dbname=name)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


class Shops:
    """Makes each shop when it is first asked for."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._made: dict[tuple[str, str, float], Shop] = {}

    def shop(self, server: str, variant: str, megabytes: float) -> Shop:
        """Give the shop of a size on a server (by its name)."""
        known = (server, variant, megabytes)
        if known not in self._made:
            self._made[known] = self._make(*known)
        return self._made[known]

    def _make(self, server: str, variant: str, megabytes: float) -> Shop:
        name = f"shop_{variant}_{server}_{uuid4().hex[:8]}"
        folder = self.place.folder / name
        folder.mkdir()
        source = make_shop(folder / "shop.db", megabytes, f"{variant} {megabytes}")
        conninfo = self.place.servers[server]
        with psycopg.connect(conninfo, autocommit=True) as connection:
            make_database(connection, name)
        target = make_conninfo(conninfo, dbname=name)
        how = [] if variant == "native" else [*_eager(source, folder / "plan.toml")]
        report = migrated(source, "--to", target, *how, status=4)
        return Shop(source, conninfo, name, read_tables(target, source, report))

    def close(self) -> None:
        """Drop what was made; the servers go on."""
        for shop in self._made.values():
            with psycopg.connect(shop.server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {shop.template} WITH (FORCE)".encode())


def _eager(source: Path, plan: Path) -> Iterator[object]:
    """Write a plan file that promotes all that can be; gives the arguments for `migrate`."""
    done = outgrow("plan", source, "-o", plan, "--types", "eager")
    assert done.returncode == 0, done.stderr
    text = plan.read_text(encoding="utf-8")
    for (_, column), type_ in PROMOTED.items():
        says = f'"timestamp", shape = "{type_}"' if type_.startswith("epoch") else json.dumps(type_)
        text, changed = re.subn(
            rf'^{column} = {{ type = "\w+"', f"{column} = {{ type = {says}", text, flags=re.M
        )
        assert changed == 1, column
    plan.write_text(text, encoding="utf-8")
    yield from ("--plan", plan, "--on-bad", "refuse")
